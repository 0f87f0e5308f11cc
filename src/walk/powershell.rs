//! What only jobs in PowerShell call: its scripts, itself, a text as a command, `cmd`.

use std::sync::Arc;

use super::body::{Body, Language};
use super::calls;
use super::script::{SHELLS, speaks_of_login, speaks_of_push, texts};
use super::simple::Call;
use super::walker::Walker;
use super::world::{Variable, World};
use crate::clients::Arg;
use crate::model::Shell;
use crate::powershell::{Bound, OWN, parameters};
use crate::shell::ast::{Command, CommandKind};
use crate::source::{Mapped, Span};
use crate::text::{Origin, Part, Symbol, Text};

/// PowerShell has no `-e`.
const OWN_SHELL: calls::Shell = calls::Shell::Own { errexit: false };
/// What stands in front of a command for `cmd`.
const CMD: [&str; 3] = ["/c", "/s", "/q"];

impl Walker<'_> {
    /// What the job's own lines are written in.
    pub(super) fn language(&self) -> Language {
        if self.job.shell == Shell::PowerShell { Language::PowerShell } else { Language::Posix }
    }

    /// What a script at a path is written in.
    pub(super) fn language_of(&self, path: &Text) -> Language {
        let ends = [".ps1", ".psm1"].iter().any(|ending| path.strip_suffix(ending).is_some());
        if ends { self.language() } else { Language::Posix }
    }

    /// A call that means something else to PowerShell; `None`: it means the same.
    pub(super) fn powershell(&mut self, world: &World, call: &Call, name: &str, base: &str) -> Option<Vec<World>> {
        match base {
            "invoke-expression" | "iex" => {
                let text = call.args[1..].iter().find(|arg| !arg.text.literal_prefix().starts_with('-'));
                let text = text.map(|arg| arg.text.clone()).unwrap_or_else(|| piped(call));
                Some(self.powershell_text(world.clone(), call, &text, calls::Shell::Same))
            }
            "pwsh" | "powershell" => Some(self.powershell_itself(world.clone(), call)),
            "cmd" => Some(self.cmd(world.clone(), call)),
            "start-process" | "start" | "start-job" | "saps" => {
                let about = call.args.iter().any(|arg| {
                    let shown = arg.text.shown();
                    speaks_of_login(&shown) || speaks_of_push(&shown)
                });
                about.then(|| vec![self.unread(world.clone(), call, base)])
            }
            _ if SHELLS.contains(&base) || name.ends_with(".sh") => {
                let mut world = world.clone();
                world.set("IFS", Variable::new(Text::literal(" \t\n"), Vec::new()));
                let ends = self.posix(&world, call, name, base)?;
                Some(ends.into_iter().map(lines).collect())
            }
            _ if name.ends_with(".ps1") => Some(self.powershell_file(world.clone(), call, &call.args)),
            _ => None,
        }
    }

    /// `pwsh -File script`, `pwsh -Command text`.
    fn powershell_itself(&mut self, world: World, call: &Call) -> Vec<World> {
        let words = &call.args[1..];
        for (at, word) in words.iter().enumerate() {
            let Some(option) = word.text.as_literal().map(str::to_ascii_lowercase) else { break };
            let option = option.trim_start_matches(['-', '/']);
            let dashed = word.text.literal_prefix().starts_with(['-', '/']);
            let rest = words.get(at + 1..).unwrap_or_default();
            if dashed && option.len() <= 4 && "file".starts_with(option) && !rest.is_empty() {
                return self.powershell_file(world, call, rest);
            }
            if dashed && "command".starts_with(option) && !rest.is_empty() {
                return self.powershell_text(world, call, &joined(rest), OWN_SHELL);
            }
            if !dashed && word.text.strip_suffix(".ps1").is_some() {
                return self.powershell_file(world, call, &words[at..]);
            }
        }
        vec![self.unread(world, call, "powershell")]
    }

    /// A script of the repository, and its arguments.
    fn powershell_file(&mut self, mut world: World, call: &Call, words: &[Arg]) -> Vec<World> {
        let Some((file, arguments)) = words.split_first() else { return vec![world] };
        match self.script_body(&mut world, &file.text, file.at) {
            Some(body) => {
                let arguments = in_order(&parameters(&body.script.list), arguments);
                self.run_body(world, &body, Some(arguments), OWN_SHELL)
            }
            None => vec![self.unread(world, call, &file.text.shown())],
        }
    }

    /// The arguments of a function in the order of its parameters.
    pub(super) fn in_order(&self, function: &Command, arguments: &[Arg]) -> Vec<Text> {
        match &function.kind {
            CommandKind::Brace(list) if self.language() == Language::PowerShell => {
                in_order(&parameters(list), arguments)
            }
            _ => texts(arguments),
        }
    }

    /// A text that is run.
    fn powershell_text(&mut self, world: World, call: &Call, text: &Text, shell: calls::Shell) -> Vec<World> {
        if text.as_symbol().is_some() || text.is_empty() {
            return vec![self.unread(world, call, &text.shown())];
        }
        let (world, body) = self.embedded_powershell(world, text, call.at);
        self.run_body(world, &body, None, shell)
    }

    /// A piece of PowerShell made of a text: its unknown parts become variables, so that they stay what they are.
    fn embedded_powershell(&mut self, mut world: World, text: &Text, at: Span) -> (World, Arc<Body>) {
        let mut script = String::new();
        for (index, part) in text.parts().iter().enumerate() {
            match part {
                Part::Lit(text) => script.push_str(text),
                Part::Sym(symbol) => {
                    let name = format!("__part_{index}");
                    script.push_str(&format!("${{{name}}}"));
                    world.set(&format!("{OWN}{name}"), Variable::new(Text::symbol(symbol.clone()), Vec::new()));
                }
            }
        }
        let body = self.body(Mapped::coarse(script, at), Language::PowerShell, at);
        (world, body)
    }

    /// `cmd /c text`, where it is plain words.
    fn cmd(&mut self, world: World, call: &Call) -> Vec<World> {
        let words = call.args[1..].iter().skip_while(|arg| {
            arg.text.as_literal().is_some_and(|word| CMD.contains(&word.to_ascii_lowercase().as_str()))
        });
        let words: Vec<Arg> = words.cloned().collect();
        let text = joined(&words);
        let plain = text.parts().iter().all(|part| match part {
            Part::Lit(text) => !text.contains(['%', '^', '&', '|', '<', '>', '"', '\'', '`', '$', '(']),
            Part::Sym(_) => true,
        });
        if !plain || words.is_empty() {
            return vec![self.unread(world, call, "cmd")];
        }
        self.powershell_text(world, call, &text, OWN_SHELL)
    }
}

/// Arguments in the order of the parameters: those with a name first, the others in the places that are left.
fn in_order(parameters: &[Bound], arguments: &[Arg]) -> Vec<Text> {
    let mut given: Vec<Option<Text>> = vec![None; parameters.len()];
    let mut rest = Vec::new();
    let mut left = arguments.iter();
    while let Some(argument) = left.next() {
        let option = argument.text.as_literal().and_then(|text| text.strip_prefix('-')).map(str::to_ascii_lowercase);
        let slot =
            option.as_deref().map(|option| option.trim_end_matches(':')).and_then(|option| slot(parameters, option));
        match slot {
            Some(slot) if parameters[slot].switch => given[slot] = Some(Text::literal("True")),
            Some(slot) => given[slot] = left.next().map(|value| value.text.clone()),
            None => rest.push(argument.text.clone()),
        }
    }
    let mut rest = rest.into_iter();
    for (slot, parameter) in given.iter_mut().zip(parameters) {
        if slot.is_none() && !parameter.switch {
            *slot = rest.next();
        }
    }
    let last = given.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let texts = given.into_iter().zip(parameters).take(last);
    texts.map(|(text, parameter)| text.unwrap_or_else(|| without(parameter))).chain(rest).collect()
}

/// The parameter that a name, perhaps shortened, is of.
fn slot(parameters: &[Bound], option: &str) -> Option<usize> {
    let exact = parameters.iter().position(|parameter| parameter.name == option);
    let short = || parameters.iter().position(|parameter| parameter.name.starts_with(option));
    exact.or_else(short).filter(|_| !option.is_empty())
}

/// What a parameter is without an argument.
fn without(parameter: &Bound) -> Text {
    match &parameter.default {
        Some(text) => Text::literal(text.as_str()),
        None => {
            let shown = format!("${}", parameter.name);
            Text::symbol(Symbol::unknown(format!("default of {shown}"), shown.as_str(), Origin::Opaque(shown.clone())))
        }
    }
}

/// PowerShell takes what programs print line by line.
fn lines(mut world: World) -> World {
    world.set("IFS", Variable::new(Text::literal("\n"), Vec::new()));
    world
}

fn piped(call: &Call) -> Text {
    match &call.input {
        super::Input::Text(text) | super::Input::HereString(text, _) => text.clone(),
        _ => Text::empty(),
    }
}

fn joined(words: &[Arg]) -> Text {
    let mut text = Text::empty();
    for (index, word) in texts(words).iter().enumerate() {
        text.push_str(if index > 0 { " " } else { "" });
        text.push_text(word);
    }
    text
}
