//! What a command does: a function of the script, a builtin, a prefix of another command, a client
//! of a registry, a script of the repository, a filter; or nothing that is followed.

use std::sync::Arc;

use super::condition;
use super::simple::Call;
use super::walker::{Walker, unknown, with_status};
use super::world::{Flow, Past, Status, Variable, World};
use crate::clients::{self, Arg};
use crate::text::{Origin, Symbol, Text};

/// Commands that run the command after their own options and operands: the options that take a value, and the
/// number of operands.
const PREFIXES: [(&str, &[&str], usize); 18] = [
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-T", "--user", "--group"], 0),
    ("doas", &["-u", "-C"], 0),
    ("env", &["-u", "-C", "-S"], 0),
    ("command", &[], 0),
    ("builtin", &[], 0),
    ("exec", &["-a"], 0),
    ("time", &["-f", "-o"], 0),
    ("nice", &["-n"], 0),
    ("ionice", &["-c", "-n"], 0),
    ("nohup", &[], 0),
    ("timeout", &["-s", "-k", "--signal", "--kill-after"], 1),
    ("stdbuf", &["-i", "-o", "-e"], 0),
    ("winpty", &[], 0),
    ("coproc", &[], 0),
    ("chronic", &[], 0),
    ("setsid", &[], 0),
    ("flock", &["-w", "--timeout", "--wait", "-E", "--conflict-exit-code"], 1),
    ("sshpass", &["-p", "-f", "-d", "-P"], 0),
];

/// Commands that ask and change nothing.
const TESTS: [&str; 12] =
    ["grep", "egrep", "fgrep", "zgrep", "which", "type", "hash", "cmp", "diff", "pgrep", "getent", "ping"];

impl Walker<'_> {
    /// Runs a call.
    pub(super) fn dispatch(&mut self, world: World, call: Call) -> Vec<World> {
        let hidden = world.hidden.len();
        let replaces = replaces_shell(&world, &call);
        let mut ends = self.behind_prefixes(world, call);
        ends.iter_mut().for_each(|end| end.end_command(hidden));
        for end in ends.iter_mut().filter(|_| replaces) {
            super::traps::forget(end);
            end.flow = Flow::Exit;
        }
        ends
    }

    /// Runs a call; what prefixes set for it alone is still set at the end.
    fn behind_prefixes(&mut self, mut world: World, mut call: Call) -> Vec<World> {
        loop {
            let Some(name) = call.args.first().and_then(|arg| arg.text.as_literal()).map(str::to_owned) else {
                return self.unnamed(world, &call);
            };
            if let Some(function) = world.functions.get(&name).cloned() {
                let arguments = self.in_order(&function.command, &call.args[1..]);
                return self
                    .with_input(world, call.input.clone(), |walker, world| walker.call(world, &function, arguments));
            }
            let base = name.rsplit('/').next().unwrap_or(&name).to_owned();
            if let Some(prefix) = PREFIXES.iter().find(|(prefix, ..)| *prefix == base) {
                if base == "command" && call.args.get(1).is_some_and(|arg| arg.text.literal_prefix().starts_with("-v"))
                {
                    return vec![with_status(world, unknown(&call.source, true))];
                }
                let home = self.home_of_root();
                if !strip_prefix(&mut world, &mut call, *prefix, home) {
                    if base == "env" {
                        super::output::print_environment(&mut world);
                    }
                    return vec![with_status(world, Status::Success)];
                }
                continue;
            }
            if base.contains("retry") && strip_wrapper(&mut call) {
                continue;
            }
            return self.named(world, &call, &name, &base);
        }
    }

    /// A command whose name is only partly known: a script of the repository by its whole path, or nothing.
    fn unnamed(&mut self, mut world: World, call: &Call) -> Vec<World> {
        world.happened(Past::Images);
        if call.args.first().is_some_and(|arg| super::folders::at_project(&arg.text)) {
            return self.run_file(world, call, &call.args, false);
        }
        vec![self.unfollowed(world, call)]
    }

    /// `~` of root: another folder on a shell runner; in a container the job mostly is root already.
    fn home_of_root(&self) -> Text {
        match self.job.image {
            None => Text::literal("sudo:~"),
            Some(_) => Text::symbol(Symbol::unknown("~root", "~root", Origin::Opaque("~root".to_owned()))),
        }
    }

    fn named(&mut self, mut world: World, call: &Call, name: &str, base: &str) -> Vec<World> {
        if let Some(image) = clients::started_image(&call.args) {
            world.happened(Past::Image(image));
        }
        if clients::may_make_images(&call.args) {
            world.happened(Past::Images);
        }
        if let Some(ends) = self.elsewhere(&world, call) {
            return ends;
        }
        if let Some(ends) = self.client(&world, call) {
            return ends;
        }
        if let Some(ends) = self.control(&mut world, call, name) {
            return ends;
        }
        if self.builtin(&mut world, call, name) {
            return vec![world];
        }
        if let Some(ends) = self.script(&world, call, name, base) {
            return ends;
        }
        let found = match base {
            "printenv" => Some(self.printenv(world.clone(), call)),
            "xargs" => self.xargs(&world, call),
            "find" => self.find(&world, call),
            _ => None,
        };
        if let Some(ends) = found {
            return ends;
        }
        if self.prints(&mut world, call, base) {
            return vec![world];
        }
        if TESTS.contains(&base) {
            return vec![with_status(world, unknown(&call.source, true))];
        }
        vec![self.unfollowed(world, call)]
    }

    /// Something that is not followed: it may print anything.
    pub(super) fn unfollowed(&mut self, mut world: World, call: &Call) -> World {
        let name = call.args.first().map(|arg| arg.text.shown()).unwrap_or_default();
        let installs_aws = |arg: &Arg| arg.text.literal_prefix().split(['=', '<', '>']).next() == Some("awscli");
        if name.contains("pip") && call.args.iter().any(installs_aws) {
            world.happened(Past::OldAws);
        }
        if super::script::sends_images(&name) {
            self.unnamed_push(&world, call);
        }
        self.lost_option(&world, call, &name);
        if super::script::speaks_of_login(&name) {
            world.happened(Past::Unread { may_login: true });
        }
        self.may_change(&mut world, call);
        super::output::print_unknown(&mut world, call);
        with_status(world, unknown(&call.source, false))
    }

    /// A line that begins with an option right after a push: the line before lacks its `\`.
    fn lost_option(&mut self, world: &World, call: &Call, name: &str) {
        let Some((clock, push)) = self.last_push else { return };
        let option = name
            .strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|char: char| char == '-' || char.is_ascii_alphabetic()));
        if option && clock + 1 == world.clock && !self.walk.lost_options.iter().any(|(known, _)| *known == push) {
            let at = call.args.first().map_or(call.at, |arg| arg.at);
            self.walk.lost_options.push((push, at));
        }
    }

    /// Builtins that decide where the walk goes on.
    fn control(&mut self, world: &mut World, call: &Call, name: &str) -> Option<Vec<World>> {
        let depth =
            || call.args.get(1).and_then(|arg| arg.text.as_literal()).and_then(|text| text.parse().ok()).unwrap_or(1);
        match name {
            "[" | "test" => return Some(self.tested(world.clone(), call, name)),
            "eval" => return Some(self.eval(world.clone(), call)),
            "exit" | "return" => {
                let code = call.args.get(1).and_then(|arg| arg.text.as_literal());
                world.status = code.map_or(world.status.clone(), |code| Status::of(code == "0"));
                world.flow = if name == "exit" { Flow::Exit } else { Flow::Return };
            }
            "break" => world.flow = Flow::Break(depth()),
            "continue" => world.flow = Flow::Continue(depth()),
            _ => return None,
        }
        Some(vec![world.clone()])
    }

    fn tested(&mut self, world: World, call: &Call, name: &str) -> Vec<World> {
        let mut args = &call.args[1..];
        if let ("[", [rest @ .., _]) = (name, args) {
            args = rest;
        }
        let answered = self.each(vec![world], |_, world| condition::test(world, args));
        answered.into_iter().map(|(world, holds)| with_status(world, Status::of(holds))).collect()
    }

    /// Builtins that change the shell's state; `false`: it is none of them.
    fn builtin(&mut self, world: &mut World, call: &Call, name: &str) -> bool {
        let args = &call.args[1..];
        self.walk.awaits |= name == "wait" && !args.is_empty();
        world.status = match name {
            ":" | "true" | "wait" | "sleep" | "umask" | "ulimit" | "shopt" | "mkdir" | "chmod" | "touch" => {
                Status::Success
            }
            "false" => Status::Failure,
            "local" => {
                args.iter().filter_map(|arg| declared(&arg.text)).for_each(|name| world.hide(&name));
                declare(world, args)
            }
            "export" | "declare" | "typeset" | "readonly" => {
                args.iter().filter_map(|arg| declared(&arg.text)).for_each(|name| world.export(&name));
                declare(world, args)
            }
            "set" => set_options(world, args),
            "unset" => unset(world, args),
            "shift" => shift(world, args),
            "read" => super::lines::read(world, call),
            "mapfile" | "readarray" => super::lines::read_all(world, call),
            "getopts" => super::options::next(world, call),
            "let" => calculate(world, call),
            "cd" | "pushd" | "popd" => super::folders::change(world, name, args),
            "trap" => super::traps::set(world, args),
            _ => return false,
        };
        true
    }
}

/// `exec command`: nothing behind it runs in this shell.
fn replaces_shell(world: &World, call: &Call) -> bool {
    let word = |at: usize| call.args.get(at).map(|arg| arg.text.literal_prefix());
    word(0) == Some("exec")
        && word(1).is_some_and(|next| !next.starts_with('-'))
        && !world.functions.contains_key("exec")
}

/// Removes a prefix; `false` where no command follows.
fn strip_prefix(
    world: &mut World,
    call: &mut Call,
    (prefix, values, mut operands): (&str, &[&str], usize),
    home: Text,
) -> bool {
    let mut at = 1;
    let mut keeps_environment = false;
    while let Some(word) = call.args.get(at).map(|arg| &arg.text) {
        let literal = word.as_literal().unwrap_or("");
        if prefix == "env" && assignment(word).is_some() {
            let (name, text) = assignment(word).unwrap_or_default();
            let variable = Variable::new(text, vec![call.args[at].at]);
            call.assigned.push((name.clone(), variable.clone()));
            world.set_meanwhile(&name, variable);
        } else if prefix == "flock" && matches!(literal, "-c" | "--command") {
            // What follows is a text for a shell.
            call.args[at - 1].text = Text::literal("sh");
            call.args[at].text = Text::literal("-c");
            at -= 1;
            break;
        } else if word.literal_prefix().starts_with('-') {
            keeps_environment |= literal == "-E" || literal == "--preserve-env";
            at += usize::from(values.contains(&literal));
        } else if operands > 0 {
            operands -= 1;
        } else {
            break;
        }
        at += 1;
    }
    if matches!(prefix, "sudo" | "doas") && !keeps_environment {
        world.set_meanwhile("HOME", Variable::new(home, Vec::new()));
    }
    call.args.drain(..at.min(call.args.len()));
    !call.args.is_empty()
}

/// `retry 3 docker push …`: the words from the client's name on.
fn strip_wrapper(call: &mut Call) -> bool {
    let client = |arg: &Arg| {
        arg.text.as_literal().is_some_and(|text| clients::is_client(text.rsplit('/').next().unwrap_or(text)))
    };
    let Some(at) = call.args.iter().skip(1).take(6).position(client) else { return false };
    call.args.drain(..=at);
    true
}

/// `NAME=value`.
pub(super) fn assignment(word: &Text) -> Option<(String, Text)> {
    let (name, value) = word.split_once('=')?;
    let name = name.as_literal()?;
    let valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (valid && !name.as_bytes()[0].is_ascii_digit()).then(|| (name.to_owned(), value))
}

/// The name in `local NAME` and `local NAME=value`.
fn declared(word: &Text) -> Option<String> {
    let plain = word.as_literal().filter(|word| !word.starts_with('-') && !word.contains('=')).map(str::to_owned);
    plain.or_else(|| assignment(word).map(|(name, _)| name))
}

fn declare(world: &mut World, args: &[Arg]) -> Status {
    for arg in args {
        if let Some((name, text)) = assignment(&arg.text) {
            let mut from = arg.from.clone();
            from.push(arg.at);
            world.set(&name, Variable::new(text, from));
        }
    }
    Status::Success
}

/// `let expression …`
fn calculate(world: &mut World, call: &Call) -> Status {
    let mut status = Status::Success;
    for arg in &call.args[1..] {
        let value = arg.text.as_literal().and_then(|text| super::arithmetic::run(world, text, arg.at));
        status = value.map_or_else(|| unknown(&call.source, true), |value| Status::of(value != 0));
    }
    status
}

fn set_options(world: &mut World, args: &[Arg]) -> Status {
    for (index, arg) in args.iter().enumerate() {
        match arg.text.as_literal() {
            Some("--") => {
                world.positional = Some(Arc::new(args[index + 1..].iter().map(|arg| arg.text.clone()).collect()));
                break;
            }
            Some("errexit") if index > 0 => world.errexit = args[index - 1].text.as_literal() == Some("-o"),
            Some(flags) if flags.starts_with('-') && flags.contains('e') => world.errexit = true,
            Some(flags) if flags.starts_with('+') && flags.contains('e') => world.errexit = false,
            _ => {}
        }
    }
    Status::Success
}

fn unset(world: &mut World, args: &[Arg]) -> Status {
    for name in args.iter().filter_map(|arg| arg.text.as_literal()).filter(|name| !name.starts_with('-')) {
        // no value at all, as an array without elements
        world.set(name, Variable { items: Some(Arc::default()), ..Variable::new(Text::empty(), Vec::new()) });
    }
    Status::Success
}

fn shift(world: &mut World, args: &[Arg]) -> Status {
    let by =
        args.first().and_then(|arg| arg.text.as_literal()).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    if let Some(positional) = &world.positional {
        world.positional = Some(Arc::new(positional.iter().skip(by).cloned().collect()));
    }
    Status::Success
}
