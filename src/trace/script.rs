//! Scripts that a job calls: files of the repository, `sh -c`, `eval`, texts on a shell's standard
//! input. What cannot be read is remembered, for it may have logged in.

use std::sync::Arc;

use super::body::{Body, Language};
use super::dispatch::resolve;
use super::simple::Call;
use super::walker::{Walker, unknown, with_status};
use super::world::{Past, Status, Variable, World};
use super::{Input, Unread};
use crate::clients::Arg;
use crate::model::NoteKind;
use crate::source::{Mapped, Source, Span};
use crate::text::{Part, Text};

/// The largest script that is read, in bytes, and the most scripts of a run.
const LARGEST: usize = 1 << 20;
const SCRIPTS: usize = 64;

/// Shells, whose first operand is a script.
pub(super) const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];
/// Interpreters and runners of tasks: what they do stands in files that are not read.
const RUNNERS: [&str; 22] = [
    "make",
    "gmake",
    "just",
    "task",
    "npm",
    "yarn",
    "pnpm",
    "npx",
    "python",
    "python3",
    "node",
    "ruby",
    "perl",
    "php",
    "ansible-playbook",
    "rake",
    "invoke",
    "fab",
    "nox",
    "tox",
    "earthly",
    "dagger",
];

/// Whether a name or argument speaks of logging in (lints.md 3.1).
pub(super) fn speaks_of_login(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["login", "auth", "cred", "ecr", "docker-config", "docker_config"].iter().any(|word| text.contains(word))
}

/// Whether a script's name or a target is there to push: `make push`, `./ci/push-image.sh`.
pub(super) fn speaks_of_push(text: &str) -> bool {
    text.split(|char: char| !char.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case("push"))
}

impl Walker<'_> {
    /// A script or runner; `None`: it is none.
    pub(super) fn script(&mut self, world: &World, call: &Call, name: &str, base: &str) -> Option<Vec<World>> {
        if self.language() == Language::PowerShell
            && let Some(ends) = self.powershell(world, call, name, base)
        {
            return Some(ends);
        }
        self.posix(world, call, name, base)
    }

    /// A script or runner of a POSIX shell.
    pub(super) fn posix(&mut self, world: &World, call: &Call, name: &str, base: &str) -> Option<Vec<World>> {
        if matches!(name, "." | "source") {
            return Some(self.source_file(world.clone(), call));
        }
        if SHELLS.contains(&base) {
            return self.shell(world.clone(), call);
        }
        if RUNNERS.contains(&base) {
            let installs = call.args.get(1).and_then(|arg| arg.text.as_literal()).is_some_and(|word| {
                word.starts_with('-')
                    || matches!(word, "install" | "ci" | "add" | "version" | "publish" | "audit" | "test" | "lint")
            });
            if installs && base != "make" {
                return None;
            }
            return Some(vec![self.unread(world.clone(), call, base)]);
        }
        let relative = name.contains('/') && !name.starts_with('/');
        if relative || name.ends_with(".sh") || self.at_project(call) {
            return Some(self.run_file(world.clone(), call, &call.args));
        }
        None
    }

    fn at_project(&self, call: &Call) -> bool {
        call.args.first().is_some_and(|arg| resolve(None, &arg.text).is_some_and(|path| !path.is_empty()))
    }

    fn source_file(&mut self, world: World, call: &Call) -> Vec<World> {
        let Some(path) = call.args.get(1) else { return vec![with_status(world, Status::Failure)] };
        let arguments = (call.args.len() > 2).then(|| texts(&call.args[2..]));
        match self.script_body(&world, &path.text, path.at) {
            Some(body) => self.run_body(world, &body, arguments, true),
            None => vec![self.unread(world, call, &path.text.shown())],
        }
    }

    /// `sh`, `bash`: options, then a script, `-c text`, or standard input.
    fn shell(&mut self, world: World, call: &Call) -> Option<Vec<World>> {
        let mut at = 1;
        while let Some(option) =
            call.args.get(at).and_then(|arg| arg.text.as_literal()).filter(|word| word.starts_with(['-', '+']))
        {
            at += 1;
            if option.starts_with('-') && !option.starts_with("--") && option.contains('c') {
                let text = call.args.get(at)?;
                let (world, body) = self.embedded(world, &text.text, text.at);
                return Some(self.run_body(
                    world,
                    &body,
                    Some(texts(call.args.get(at + 2..).unwrap_or_default())),
                    false,
                ));
            }
            at += usize::from(option == "-o" || option == "+o");
        }
        if at < call.args.len() {
            return Some(self.run_file(world, call, &call.args[at..]));
        }
        let Input::Text(text) = &call.input else { return None };
        let (world, body) = self.embedded(world, text, call.at);
        Some(self.run_body(world, &body, None, false))
    }

    /// Runs the file that the first word names.
    fn run_file(&mut self, world: World, call: &Call, words: &[Arg]) -> Vec<World> {
        let Some(file) = words.first() else { return vec![world] };
        match self.script_body(&world, &file.text, file.at) {
            Some(body) => self.run_body(world, &body, Some(texts(&words[1..])), false),
            None => vec![self.unread(world, call, &file.text.shown())],
        }
    }

    /// `eval text`.
    pub(super) fn eval(&mut self, world: World, call: &Call) -> Vec<World> {
        let mut text = Text::empty();
        for (index, arg) in call.args[1..].iter().enumerate() {
            text.push_str(if index > 0 { " " } else { "" });
            text.push_text(&arg.text);
        }
        if text.as_symbol().is_some() {
            return vec![self.unread(world, call, &text.shown())];
        }
        let (world, body) = self.embedded(world, &text, call.at);
        self.run_body(world, &body, None, true)
    }

    fn embedded(&mut self, world: World, text: &Text, at: Span) -> (World, Arc<Body>) {
        self.embedded_in(world, text, Language::Posix, at)
    }

    /// A piece of script made of a text: its unknown parts become variables, so that they stay what they are.
    pub(super) fn embedded_in(
        &mut self,
        mut world: World,
        text: &Text,
        language: Language,
        at: Span,
    ) -> (World, Arc<Body>) {
        let mut shell = String::new();
        for (index, part) in text.parts().iter().enumerate() {
            match part {
                Part::Lit(text) => shell.push_str(text),
                Part::Sym(symbol) => {
                    let name = format!("__part_{index}");
                    shell.push_str(&format!("${{{name}}}"));
                    let own = if language == Language::PowerShell { crate::powershell::OWN } else { "" };
                    let name = format!("{own}{name}");
                    world.set(&name, Variable::new(Text::symbol(symbol.clone()), Vec::new()));
                }
            }
        }
        let body = self.body(Mapped::coarse(shell, at), language, at);
        (world, body)
    }

    /// The script at a path of the repository, or one that the job itself wrote.
    pub(super) fn script_body(&mut self, world: &World, path: &Text, at: Span) -> Option<Arc<Body>> {
        let language = self.language_of(path);
        if let Some(text) = world.files.get(&world.file_key(path)).and_then(Text::as_literal) {
            return Some(self.body(Mapped::coarse(text, at), language, at));
        }
        let path = resolve(world.folder.as_deref(), path)?;
        if let Some(known) = self.bodies.file(&path, language) {
            return known;
        }
        let body = self.read_script(&path, language);
        self.bodies.keep_file(path, language, body.clone());
        body
    }

    fn read_script(&mut self, path: &str, language: Language) -> Option<Arc<Body>> {
        let bytes = self.files.read(path).ok().filter(|bytes| bytes.len() <= LARGEST)?;
        if self.bodies.file_count() >= SCRIPTS {
            self.trace.bound_reached = true;
            return None;
        }
        let text = String::from_utf8(bytes).ok()?;
        let first = text.lines().next().unwrap_or("");
        let posix = language == Language::Posix;
        if posix && first.starts_with("#!") && !SHELLS.iter().any(|shell| first.contains(shell)) {
            return None;
        }
        let length = text.len();
        let file = self.sources.add(Source::new(path, text.clone()));
        let span = Span::new(file, 0, length);
        let body = self.body(Mapped::exact(text, span), language, span);
        body.misread().is_none().then_some(body)
    }

    /// Remembers a script that cannot be read.
    pub(super) fn unread(&mut self, mut world: World, call: &Call, name: &str) -> World {
        let may_login = call.args.iter().any(|arg| speaks_of_login(&arg.text.shown()));
        if call.args.iter().any(|arg| speaks_of_push(&arg.text.shown())) {
            self.unnamed_push(&world, call);
        }
        world.happened(Past::Unread { may_login });
        let unread = Unread { kind: NoteKind::UnreadScript, at: call.at, name: name.to_owned() };
        if !self.trace.unread.contains(&unread) {
            self.trace.unread.push(unread);
        }
        super::output::print_unknown(&mut world, call);
        with_status(world, unknown(&call.source, false))
    }
}

pub(super) fn texts(args: &[Arg]) -> Vec<Text> {
    args.iter().map(|arg| arg.text.clone()).collect()
}
