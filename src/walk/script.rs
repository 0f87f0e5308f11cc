//! Scripts that a job calls: files of the repository, `sh -c`, `eval`, texts on a shell's standard
//! input. What cannot be read is remembered, for it may have logged in.

use std::sync::Arc;

use super::body::{Body, Language};
use super::calls::{Shell, leave_subshell};
use super::expand::Asked;
use super::folders::resolve;
use super::simple::Call;
use super::splice::Splice;
use super::walker::{Walker, unknown, with_status};
use super::world::{Past, Status, Variable, World};
use super::{Input, Unread};
use crate::clients::Arg;
use crate::model::NoteKind;
use crate::recipes::Value;
use crate::shell::ast::{At, List};
use crate::source::{Mapped, Span};
use crate::text::{Part, Text};

/// Where bash keeps the name of the script that runs.
const SOURCE: &str = "BASH_SOURCE";
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

/// Where a shell looks for programs, of the folders in which a job puts its own.
const PATH: [&str; 5] = ["", "/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/local/sbin/"];

/// The program of this name that the job wrote itself.
fn written_program(world: &World, name: &str) -> Option<Text> {
    let paths = PATH.iter().filter(|folder| folder.is_empty() == name.starts_with('/'));
    let mut paths = paths.map(|folder| Text::literal(format!("{folder}{name}")));
    paths.find(|path| world.files.contains_key(path))
}

/// Whether a script's name or a target is there to push: `make push`, `./ci/push-image.sh`.
pub fn speaks_of_push(text: &str) -> bool {
    speaks_of(text, &["push"])
}

/// Whether a program that is not read is there to send images: `push-to-docker-hub`, `release-image`.
pub(super) fn sends_images(name: &str) -> bool {
    (["docker", "image", "registry"].iter().any(|word| name.contains(word)) || speaks_of(name, &["hub"]))
        && speaks_of(name, &["push", "publish", "release"])
}

fn speaks_of(text: &str, words: &[&str]) -> bool {
    let mut said = text.split(|char: char| !char.is_ascii_alphanumeric());
    said.any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word)))
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
        if let Some(ends) = self.recipe(world, call, base) {
            return Some(ends);
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
        if relative || name.ends_with(".sh") {
            return Some(self.run_file(world.clone(), call, &call.args, false));
        }
        let program = written_program(world, name)?;
        let mut args = call.args.clone();
        args[0].text = program;
        Some(self.run_file(world.clone(), call, &args, false))
    }

    fn source_file(&mut self, mut world: World, call: &Call) -> Vec<World> {
        let Some(path) = call.args.get(1) else { return vec![with_status(world, Status::Failure)] };
        let arguments = (call.args.len() > 2).then(|| texts(&call.args[2..]));
        match self.script_body(&mut world, &path.text, path.at) {
            Some(body) => {
                let outer = world.variables.get(SOURCE).cloned();
                world.set(SOURCE, Variable::new(path.text.clone(), Vec::new()));
                let mut ends = self.run_body(world, &body, arguments, Shell::Same);
                for end in &mut ends {
                    match &outer {
                        Some(outer) => end.share(SOURCE, outer.clone()),
                        None => drop(Arc::make_mut(&mut end.variables).remove(SOURCE)),
                    }
                }
                ends
            }
            None => vec![self.unread(world, call, &path.text.shown())],
        }
    }

    /// `sh`, `bash`: options, then a script, `-c text`, or standard input.
    fn shell(&mut self, world: World, call: &Call) -> Option<Vec<World>> {
        let mut at = 1;
        let (mut errexit, mut from_input) = (false, false);
        while let Some(option) =
            call.args.get(at).and_then(|arg| arg.text.as_literal()).filter(|word| word.starts_with(['-', '+']))
        {
            at += 1;
            let short = |flag: char| option.starts_with('-') && !option.starts_with("--") && option.contains(flag);
            errexit |= short('e');
            from_input |= short('s');
            if short('c') {
                let text = call.args.get(at)?;
                let outer = world.clone();
                let (mut world, body) = self.embedded(world, &text.text, text.at);
                if let Some(name) = call.args.get(at + 1) {
                    world.set("0", Variable::new(name.text.clone(), name.from.clone()));
                }
                let arguments = Some(texts(call.args.get(at + 2..).unwrap_or_default()));
                let run = |walker: &mut Self, world| walker.run_body(world, &body, arguments, Shell::Own { errexit });
                let ends = self.with_input(world, call.input.clone(), run);
                return Some(ends.into_iter().map(|end| leave_subshell(end, &outer)).collect());
            }
            if matches!(option, "-o" | "+o" | "-O" | "+O") {
                errexit |=
                    option == "-o" && call.args.get(at).is_some_and(|arg| arg.text.as_literal() == Some("errexit"));
                at += 1;
            }
        }
        let arguments = call.args.get(at..).unwrap_or_default();
        if !from_input && !arguments.is_empty() {
            return Some(self.run_file(world, call, arguments, errexit));
        }
        self.shell_input(world, call, (texts(arguments), errexit))
    }

    /// A shell that reads its script from its standard input.
    fn shell_input(
        &mut self,
        mut world: World,
        call: &Call,
        (arguments, errexit): (Vec<Text>, bool),
    ) -> Option<Vec<World>> {
        let file = match &call.input {
            Input::File(path) => Some(path.clone()),
            Input::Text(text) => super::output::printed_file(text),
            _ => None,
        };
        if let Some(path) = file {
            return Some(match self.script_body(&mut world, &path, call.at) {
                Some(body) => self.run_body(world, &body, Some(arguments), Shell::Own { errexit }),
                None => vec![self.unread(world, call, &path.shown())],
            });
        }
        let (Input::Text(text) | Input::HereString(text, _)) = &call.input else { return None };
        let (world, body) = self.embedded(world, text, call.at);
        Some(self.run_body(world, &body, Some(arguments), Shell::Own { errexit }))
    }

    /// Runs the file that the first word names.
    pub(super) fn run_file(&mut self, mut world: World, call: &Call, words: &[Arg], errexit: bool) -> Vec<World> {
        let Some(file) = words.first() else { return vec![world] };
        let outer = world.clone();
        let Some(body) = self.script_body(&mut world, &file.text, file.at) else {
            return vec![self.unread(world, call, &file.text.shown())];
        };
        let named = Variable::new(file.text.clone(), Vec::new());
        world.set(SOURCE, named.clone());
        world.set("0", named);
        // `#!/bin/sh -e` counts where the kernel reads it.
        let first = body.text.text().lines().next().filter(|line| line.starts_with("#!"));
        let flags = first.map_or("", |line| line.rsplit(' ').next().unwrap_or(""));
        let strict = std::ptr::eq(words, call.args.as_slice()) && flags.starts_with('-') && flags.contains('e');
        let shell = Shell::Own { errexit: errexit || strict };
        let run = |walker: &mut Self, world| walker.run_body(world, &body, Some(texts(&words[1..])), shell);
        let ends = self.with_input(world, call.input.clone(), run);
        ends.into_iter().map(|end| leave_subshell(end, &outer)).collect()
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
        self.run_body(world, &body, None, Shell::Same)
    }

    /// A piece of shell made of a text: its unknown parts become variables, so that they stay what they are.
    pub(super) fn embedded(&mut self, mut world: World, text: &Text, at: Span) -> (World, Arc<Body>) {
        let mut written = Written { source: self.sources.slice(at), at, from: Some(0) };
        let mut splice = Splice::new(&mut world);
        for part in text.parts() {
            match part {
                Part::Lit(text) => splice.written(&written.find(text)),
                Part::Sym(symbol) => splice.value(&Value::of(Text::symbol(symbol.clone())), at),
            }
        }
        let text = splice.finish();
        let body = self.body(text, Language::Posix, at);
        (world, body)
    }

    /// The script at a path of the repository, or one that the job itself wrote.
    pub(super) fn script_body(&mut self, world: &mut World, path: &Text, at: Span) -> Option<Arc<Body>> {
        let language = self.language_of(path);
        let written = world.written(path).filter(|_| language == Language::Posix);
        if let Some(text) = written.map(|written| written.text.clone()) {
            if text.as_symbol().is_some() {
                return None;
            }
            let (with_values, body) = self.embedded(world.clone(), &text, at);
            *world = with_values;
            return Some(body);
        }
        let text = self.repository_text(world, path)?;
        let first = text.text().lines().next().unwrap_or("");
        let known = language == Language::PowerShell || SHELLS.iter().any(|shell| first.contains(shell));
        if first.starts_with("#!") && !known {
            return None;
        }
        let whole = text.span(0..text.text().len())?;
        let body = self.body(text, language, whole);
        body.misread().is_none().then_some(body)
    }

    /// The text of a file of the repository, or of one that the job wrote; `None`: it cannot be read.
    pub(super) fn repository_text(&mut self, world: &World, path: &Text) -> Option<Mapped> {
        if let Some(written) = world.written(path) {
            let at = self.called_from.last().copied()?;
            return written.text.as_literal().map(|text| Mapped::coarse(text, at));
        }
        let path = resolve(world.folder.as_deref(), path)?;
        let mut reading = self.reading();
        let text = reading.text(&path);
        let bound_reached = reading.bound_reached;
        self.walk.bound_reached |= bound_reached;
        text.ok()
    }

    /// `<( … )`: the name of a file that holds what the commands print.
    pub(super) fn process(&mut self, world: &mut World, body: &Arc<Body>, list: &List, at: At) -> Asked<Text> {
        let name = world.opaque(body.source(at));
        let written = body.source(at).starts_with('<');
        let printed = self.captured(world, |walker, inner| walker.list(vec![inner], body, list))?;
        if written && world.files.len() < 64 {
            Arc::make_mut(&mut world.files).insert(name.clone(), super::written::Written::by(printed, body.span(at)));
        }
        Ok(name)
    }

    /// The script of Auto DevOps' own image, or of a copy of it: it logs in, builds and pushes (facts F2).
    fn builds_by_itself(&self, name: &str) -> bool {
        let image = self.job.image.as_ref().map_or("", |image| image.value.repository());
        name == "/build/build.sh" && image.split('/').any(|part| part == "auto-build-image")
    }

    /// Remembers a script that cannot be read.
    pub(super) fn unread(&mut self, mut world: World, call: &Call, name: &str) -> World {
        if super::setup::is_of_a_tool(name) {
            return with_status(world, unknown(&call.source, false));
        }
        let may_login = call.args.iter().any(|arg| speaks_of_login(&arg.text.shown()));
        if call.args.iter().any(|arg| speaks_of_push(&arg.text.shown())) || self.builds_by_itself(name) {
            self.unnamed_push(&world, call);
        }
        self.may_change(&mut world, call);
        world.happened(Past::Unread { may_login });
        let unread = Unread { kind: NoteKind::UnreadScript, at: call.at, name: name.to_owned() };
        if !self.walk.unread.contains(&unread) {
            self.walk.unread.push(unread);
        }
        super::output::print_unknown(&mut world, call);
        with_status(world, unknown(&call.source, false))
    }
}

pub(super) fn texts(args: &[Arg]) -> Vec<Text> {
    args.iter().map(|arg| arg.text.clone()).collect()
}

/// Where the words of a text stand in what was written for it.
struct Written<'a> {
    source: &'a str,
    at: Span,
    /// Behind what was found last; `None`: something was not found as it is, so nothing behind it is looked for.
    from: Option<usize>,
}

impl Written<'_> {
    /// A piece of the text, line by line where it was written.
    fn find(&mut self, text: &str) -> Mapped {
        let mut mapped = Mapped::default();
        for line in text.split_inclusive('\n') {
            let words = line.trim_end_matches('\n');
            let found = self.from.and_then(|from| Some(from + self.source.get(from..)?.find(words)?));
            self.from = found.map(|start| start + words.len());
            match found {
                Some(start) => {
                    let start = self.at.start as usize + start;
                    mapped.push_exact(words, Span::new(self.at.file, start, start + words.len()));
                    mapped.push_coarse(&line[words.len()..], self.at);
                }
                None => mapped.push_coarse(line, self.at),
            }
        }
        mapped
    }
}
