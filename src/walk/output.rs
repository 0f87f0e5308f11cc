//! What commands print, as far as it can be known: `echo`, `printf`, `cat`, filters, and a table of
//! commands whose output has a known class (facts B3).

use super::Input;
use super::budget::LONGEST;
use super::expand::printed;
use super::operate;
use super::printf;
use super::simple::Call;
use super::walker::{Walker, unknown};
use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::text::{Class, Form, Text};

/// Commands that hand on, changed or not, what they read.
const FILTERS: [&str; 20] = [
    "tr", "sed", "cut", "awk", "head", "tail", "sort", "uniq", "tac", "rev", "grep", "base64", "jq", "yq", "envsubst",
    "xargs", "column", "fold", "openssl", "iconv",
];

/// Whether a command reads its standard input to the end.
pub(super) fn reads_all(name: &str) -> bool {
    FILTERS.contains(&name) || matches!(name, "cat" | "tee")
}

/// Appends to what the world prints, where somebody reads it.
pub(super) fn print(world: &mut World, text: &Text) {
    let Some(mut capture) = world.capture.take() else { return };
    if capture.weight() + text.weight() > LONGEST {
        capture = world.opaque("a long output");
    } else {
        capture.push_text(text);
    }
    world.capture = Some(capture);
}

/// Prints something unknown: the same command on the same input prints the same.
pub(super) fn print_unknown(world: &mut World, call: &Call) {
    if world.capture.is_none() {
        return;
    }
    let text = match &call.input {
        Input::Text(input) | Input::HereString(input, _) if !input.is_empty() => {
            operate::map(input, &shown(world, call), |form| *form = Form::ANY)
        }
        _ => Text::symbol(printed(&expanded(call), class(&call.args), form(&call.args))),
    };
    print(world, &text);
}

/// The command with its variables expanded: two texts that are equal print the same.
fn expanded(call: &Call) -> String {
    call.args.iter().map(|arg| arg.text.identity()).collect::<Vec<_>>().join(" ")
}

/// The file whose text this is, as `cat file` prints it.
pub(super) fn printed_file(text: &Text) -> Option<Text> {
    let command = text.as_symbol()?.data().key.strip_prefix("$(cat ")?.strip_suffix(')')?;
    let path = command.trim();
    let one = !path.is_empty() && !path.contains(|char: char| char.is_whitespace() || "$-`(".contains(char));
    one.then(|| Text::literal(path))
}

fn shown(world: &World, call: &Call) -> String {
    format!("$({})", super::splice::readable(world, &call.source))
}

fn words(args: &[Arg]) -> Vec<&str> {
    args.iter().map(|arg| arg.text.literal_prefix()).collect()
}

/// How the output of some commands differs between runs.
fn class(args: &[Arg]) -> Option<Class> {
    match words(args).as_slice() {
        ["git", "rev-parse", "--abbrev-ref", ..]
        | ["git", "branch", "--show-current", ..]
        | ["git", "symbolic-ref", ..] => Some(Class::PerRef),
        ["git", "rev-parse", ..] => Some(Class::PerCommit),
        ["git", "log", rest @ ..] if rest.iter().any(|word| word.contains("%h") || word.contains("%H")) => {
            Some(Class::PerCommit)
        }
        ["git", "describe", rest @ ..] if rest.contains(&"--exact-match") => Some(Class::PerTag),
        ["date", rest @ ..]
            if rest.iter().any(|word| ["%s", "%S", "%T", "%N"].iter().any(|part| word.contains(part))) =>
        {
            Some(Class::PerJob)
        }
        ["uuidgen", ..] | ["mktemp", ..] => Some(Class::PerJob),
        _ => None,
    }
}

/// What the output of some commands may hold; that of the others may hold anything.
fn form(args: &[Arg]) -> Form {
    match words(args).as_slice() {
        ["git", "rev-parse", "--abbrev-ref", ..] | ["git", "branch", "--show-current", ..] => {
            Form { slash: true, upper: true, ..Form::SAFE }
        }
        ["git", "rev-parse" | "log" | "describe", ..] | ["date" | "uuidgen", ..] => Form { upper: true, ..Form::SAFE },
        _ => Form::ANY,
    }
}

impl Walker<'_> {
    /// Commands whose output or writing is followed; `false`: it is none of them.
    pub(super) fn prints(&mut self, world: &mut World, call: &Call, base: &str) -> bool {
        match base {
            "echo" => print(world, &echo(&call.args[1..])),
            "printf" => printf(world, call),
            "cat" => self.cat(world, call),
            "tee" => self.tee(world, call),
            "cp" | "mv" | "ln" | "install" => self.copy(world, call, base),
            "rm" | "unlink" => self.remove(world, call),
            "basename" | "dirname" => {
                let text = if base == "basename" { basename(world, call) } else { dirname(world, call) };
                print(world, &text);
            }
            "pwd" => match world.folder.as_deref().map(super::folders::project_path) {
                Some(mut folder) => {
                    folder.push_str("\n");
                    print(world, &folder);
                }
                None => print_unknown(world, call),
            },
            "git" if words(&call.args).get(1..) == Some(&["rev-parse", "--show-toplevel"]) => {
                print(world, &super::folders::project_path(""));
            }
            "seq" => match seq(call) {
                Some(text) => print(world, &text),
                None => print_unknown(world, call),
            },
            _ if FILTERS.contains(&base) => {
                self.changed_in_place(world, call, base);
                world.status = filter(world, call, base);
                return true;
            }
            _ => return false,
        }
        world.status = Status::Success;
        true
    }

    fn cat(&mut self, world: &mut World, call: &Call) {
        let operands: Vec<&Arg> =
            call.args[1..].iter().filter(|arg| !arg.text.literal_prefix().starts_with('-')).collect();
        match (operands.as_slice(), &call.input) {
            ([], Input::Text(text) | Input::HereString(text, _)) => print(world, &text.clone()),
            ([one], _) => match world.written(&one.text).map(|written| written.text.clone()) {
                Some(text) => print(world, &text),
                None => print_unknown(world, call),
            },
            _ => print_unknown(world, call),
        }
    }

    fn tee(&mut self, world: &mut World, call: &Call) {
        let append = call.args.iter().any(|arg| matches!(arg.text.as_literal(), Some("-a" | "--append")));
        let text = match &call.input {
            Input::Text(text) | Input::HereString(text, _) => text.clone(),
            _ => Text::symbol(printed(&expanded(call), None, Form::ANY)),
        };
        for arg in call.args[1..].iter().filter(|arg| !arg.text.literal_prefix().starts_with('-')) {
            self.write_file(world, &arg.text, &text, append, call.at);
        }
        print(world, &text);
    }
}

/// What `env` prints: more than is known.
pub(super) fn print_environment(world: &mut World) {
    let all = world.opaque("$(env)");
    print(world, &all);
}

/// `printf [-v NAME] format words`.
fn printf(world: &mut World, call: &Call) {
    let words: Vec<Option<&str>> = call.args.iter().take(3).map(|arg| arg.text.as_literal()).collect();
    if let [_, Some("-v"), Some(name)] = words.as_slice() {
        let from = call.args[3..].iter().flat_map(|arg| arg.from.iter().copied()).chain([call.at]).collect();
        world.set(name, Variable::new(printf::format(&call.args[3..]), from));
        return;
    }
    print(world, &printf::format(&call.args[1..]));
}

/// `echo [-n] [-e] words`.
fn echo(args: &[Arg]) -> Text {
    let mut text = Text::empty();
    let flags =
        args.iter().take_while(|arg| matches!(arg.text.as_literal(), Some("-n" | "-e" | "-E" | "-ne" | "-en"))).count();
    let escapes = args[..flags].iter().any(|arg| arg.text.literal_prefix().contains('e'));
    let newline = !args[..flags].iter().any(|arg| arg.text.literal_prefix().contains('n'));
    for (index, arg) in args[flags..].iter().enumerate() {
        text.push_str(if index > 0 { " " } else { "" });
        text.push_text(&if escapes { printf::escaped(&arg.text) } else { arg.text.clone() });
    }
    text.push_str(if newline { "\n" } else { "" });
    text
}

fn basename(world: &World, call: &Call) -> Text {
    let Some(path) = call.args.get(1) else { return Text::empty() };
    let suffix = call.args.get(2).map(|arg| arg.text.as_literal());
    match (path.text.as_literal(), suffix) {
        (Some(path), None | Some(Some(_))) => {
            let path = path.trim_end_matches('/');
            let name = path.rsplit('/').next().unwrap_or(path);
            let suffix = suffix.flatten().filter(|suffix| *suffix != name).unwrap_or("");
            Text::literal(format!("{}\n", name.strip_suffix(suffix).unwrap_or(name)))
        }
        _ => operate::map(&path.text, &shown(world, call), |form| form.slash = false),
    }
}

fn dirname(world: &World, call: &Call) -> Text {
    let Some(path) = call.args.get(1) else { return Text::empty() };
    if let (Some((folder, name)), None) = (path.text.rsplit_once('/'), path.text.as_literal())
        && name.as_literal().is_some_and(|name| !name.is_empty())
    {
        return folder;
    }
    let Some(path) = path.text.as_literal() else { return operate::map(&path.text, &shown(world, call), |_| {}) };
    let folder = path.trim_end_matches('/').rsplit_once('/').map_or(".", |(folder, _)| folder.trim_end_matches('/'));
    Text::literal(format!("{}\n", if folder.is_empty() { "/" } else { folder }))
}

/// `seq LAST`, `seq FIRST LAST`.
fn seq(call: &Call) -> Option<Text> {
    let numbers = call.args[1..].iter().map(|arg| arg.text.as_literal()?.parse::<i64>().ok());
    let (first, last) = match numbers.collect::<Option<Vec<i64>>>()?.as_slice() {
        [last] => (1, *last),
        [first, last] => (*first, *last),
        _ => return None,
    };
    let known = last.checked_sub(first).is_some_and(|count| count < 64);
    known.then(|| Text::literal((first..=last).map(|number| format!("{number}\n")).collect::<String>()))
}

/// Hands on what a filter reads: its standard input, or a file that the script wrote. Known texts
/// through simple filters stay known; then it succeeds.
fn filter(world: &mut World, call: &Call, base: &str) -> Status {
    let unfollowed = unknown(&call.source, base == "grep");
    let mut args = &call.args[1..];
    let file = args.last().filter(|_| base != "tr").and_then(|arg| world.written(&arg.text));
    let input = match (file, &call.input) {
        (Some(written), _) => {
            args = &args[..args.len() - 1];
            written.text.clone()
        }
        (None, Input::Text(input) | Input::HereString(input, _)) => input.clone(),
        _ => {
            print_unknown(world, call);
            return unfollowed;
        }
    };
    let literal: Vec<Option<&str>> = args.iter().map(|arg| arg.text.as_literal()).collect();
    if let Some(known) = input.as_literal().and_then(|text| super::filters::apply(base, text, &literal)) {
        print(world, &Text::literal(known));
        return Status::Success;
    }
    if super::filters::lowers(base, &literal) {
        print(world, &input.lower_case());
        return Status::Success;
    }
    let text = operate::map(&trimmed(&input), &shown(world, call), |form| super::filters::form(base, &literal, form));
    print(world, &text);
    unfollowed
}

fn trimmed(text: &Text) -> Text {
    text.strip_suffix("\n").unwrap_or_else(|| text.clone())
}
