//! Commands: what the cmdlets that matter do in the shell's words, and programs with their arguments.

use super::super::ast::{self, Expression, ExpressionKind};
use super::functions::option_name;
use super::{Lowerer, literal, nodes};
use crate::shell::ast::{At, Command, Word, WordPart};

/// What a cmdlet does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cmdlet {
    /// Puts out its arguments.
    Print,
    /// Shows its arguments to a person.
    Say,
    /// Hands on what it is given.
    Pass,
    /// Drops what it is given.
    Drop,
    /// Writes what it is given into a file.
    Write {
        /// At its end.
        append: bool,
    },
    /// Puts out what a file holds.
    Read,
    /// Runs a block for each thing that it is given.
    ForEach,
    /// Chooses or changes what it is given by a block.
    Filter,
    /// Changes the folder.
    Folder,
    /// Joins two paths.
    JoinPath,
    /// Asks whether a path is there.
    Exists,
    /// Sets a variable.
    SetVariable,
    /// Writes a new file.
    NewItem,
    /// `exit`, `return`, `break`, `continue`, `throw`.
    Flow,
}

/// The cmdlets and their aliases, in lower case.
const CMDLETS: [(&[&str], Cmdlet); 16] = [
    (&["write-output", "echo", "write"], Cmdlet::Print),
    (&["write-host", "write-verbose", "write-debug", "write-information", "write-warning", "write-error"], Cmdlet::Say),
    (&["out-string", "out-host", "oh", "out-default"], Cmdlet::Pass),
    (&["out-null"], Cmdlet::Drop),
    (&["out-file", "set-content", "sc"], Cmdlet::Write { append: false }),
    (&["add-content", "ac"], Cmdlet::Write { append: true }),
    (&["get-content", "gc", "type"], Cmdlet::Read),
    (&["foreach-object", "foreach", "%"], Cmdlet::ForEach),
    (&["where-object", "where", "?", "select-object", "select", "sort-object", "group-object"], Cmdlet::Filter),
    (&["set-location", "cd", "sl", "chdir"], Cmdlet::Folder),
    (&["join-path"], Cmdlet::JoinPath),
    (&["test-path"], Cmdlet::Exists),
    (&["set-variable", "new-variable", "sv", "nv", "set"], Cmdlet::SetVariable),
    (&["new-item", "ni"], Cmdlet::NewItem),
    (&["exit", "return", "break", "continue", "throw"], Cmdlet::Flow),
    (&["set-item", "si"], Cmdlet::SetVariable),
];

/// Options of cmdlets that take no value.
const SWITCHES: [&str; 12] = [
    "force",
    "nonewline",
    "passthru",
    "recurse",
    "append",
    "verbose",
    "raw",
    "noenumerate",
    "noclobber",
    "confirm",
    "whatif",
    "debug",
];

/// Parameters of what prints; the others' values are shown too, which nobody reads.
const PRINTED: [&str; 6] = ["noenumerate", "inputobject", "object", "message", "nonewline", "messagedata"];

/// The cmdlet of a name.
pub(super) fn find(name: &str) -> Option<Cmdlet> {
    let lower = name.to_ascii_lowercase();
    CMDLETS.iter().find(|(names, _)| names.contains(&lower.as_str())).map(|(_, cmdlet)| *cmdlet)
}

/// Whether a switch is given.
pub(super) fn has(words: &[Expression], switch: &str) -> bool {
    words.iter().filter_map(option_name).any(|option| option.len() > 2 && switch.starts_with(&option))
}

/// The argument of a parameter, by one of its names or by its place among those without names.
pub(super) fn bound<'a>(words: &'a [Expression], names: &[&str], place: usize) -> Option<&'a Expression> {
    let mut positional = Vec::new();
    let mut at = 1;
    while let Some(word) = words.get(at) {
        at += 1;
        match option_name(word) {
            None => positional.push(word),
            Some(option) if names.iter().any(|name| name.starts_with(&option)) => return words.get(at),
            Some(option) => at += usize::from(!SWITCHES.iter().any(|switch| switch.starts_with(&option))),
        }
    }
    positional.get(place).copied()
}

impl Lowerer {
    /// A command at the start of a pipeline, or one that is a program.
    pub(super) fn call(
        &mut self,
        dotted: bool,
        words: &[Expression],
        cmdlet: Option<Cmdlet>,
        command: &ast::Command,
    ) -> Command {
        let at = command.at;
        let made = match cmdlet.filter(|_| !dotted) {
            Some(cmdlet) => self.cmdlet(cmdlet, words, at),
            None => None,
        };
        let mut made = made.unwrap_or_else(|| self.program(dotted, words, at));
        made.redirects.extend(self.redirects(&command.redirects));
        made
    }

    fn cmdlet(&mut self, cmdlet: Cmdlet, words: &[Expression], at: At) -> Option<Command> {
        match cmdlet {
            Cmdlet::Print => Some(nodes::print(self.shown(words), at)),
            Cmdlet::Say | Cmdlet::Drop => Some(nodes::nothing(self.shown(words), at)),
            Cmdlet::SetVariable => self.set_variable(words, at),
            Cmdlet::Flow => self.leaves(words, at),
            Cmdlet::Pass | Cmdlet::ForEach | Cmdlet::Filter | Cmdlet::Exists => None,
            _ => self.of_files(cmdlet, words, at),
        }
    }

    /// The words that a cmdlet shows, without the names of its parameters.
    fn shown(&mut self, words: &[Expression]) -> Vec<Word> {
        let mut shown = Vec::new();
        let named = |word: &&Expression| option_name(word).is_some_and(|name| PRINTED.contains(&name.as_str()));
        words[1..].iter().filter(|word| !named(word)).for_each(|word| self.arguments(word, &mut shown));
        shown
    }

    /// Cmdlets that take a path.
    fn of_files(&mut self, cmdlet: Cmdlet, words: &[Expression], at: At) -> Option<Command> {
        let first = bound(words, &["path", "literalpath", "filepath"], 0);
        if cmdlet == Cmdlet::Folder {
            let folder = first.map(|folder| self.path(folder));
            return Some(nodes::call(std::iter::once(nodes::text("cd", at)).chain(folder).collect(), at));
        }
        let file = self.path(first?);
        Some(match cmdlet {
            Cmdlet::Write { append } => {
                let mut printed = Vec::new();
                self.arguments(bound(words, &["value", "inputobject"], 1)?, &mut printed);
                nodes::into_file(nodes::print(printed, at), file, append || has(words, "append"), at)
            }
            Cmdlet::NewItem => {
                let value = self.word(bound(words, &["value"], usize::MAX)?);
                nodes::into_file(nodes::print(vec![value], at), file, false, at)
            }
            Cmdlet::Read => nodes::call(vec![nodes::text("cat", at), file], at),
            Cmdlet::JoinPath => {
                let mut parts = file.parts;
                parts.push(WordPart::Quoted("/".to_owned(), at));
                parts.append(&mut self.path(bound(words, &["childpath"], 1)?).parts);
                nodes::print(vec![Word { parts, at }], at)
            }
            _ => return None,
        })
    }

    /// `exit` and its kin as the end of a chain: `a || exit 1`.
    fn leaves(&mut self, words: &[Expression], at: At) -> Option<Command> {
        let word = words.first().and_then(literal)?.to_ascii_lowercase();
        if word == "exit" {
            let code = words.get(1).map(|word| self.word(word));
            return Some(nodes::call(std::iter::once(nodes::text("exit", at)).chain(code).collect(), at));
        }
        let mut items = Vec::new();
        self.flow(&word, None, at, &mut items);
        Some(nodes::brace(nodes::list(items), at))
    }

    /// `Set-Variable -Name x -Value y`, `Set-Item Env:X y`.
    fn set_variable(&mut self, words: &[Expression], at: At) -> Option<Command> {
        let names = ["name", "path", "literalpath"];
        let name = literal(bound(words, &names, 0)?)?;
        let value = bound(words, &["value"], 1)?;
        let value = self.word(value);
        let item = words.first().and_then(literal)?.to_ascii_lowercase();
        if matches!(item.as_str(), "set-item" | "si") {
            let (drive, name) = name.split_once(':')?;
            let name = name.trim_start_matches(['\\', '/']);
            return drive.eq_ignore_ascii_case("env").then(|| nodes::set(super::environment(name), value, at));
        }
        match self.own(&name) {
            super::Named::Parameter(name) => Some(nodes::set(name, value, at)),
            _ => None,
        }
    }

    /// A program, a script, a function, or a cmdlet that is not known.
    fn program(&mut self, dotted: bool, words: &[Expression], at: At) -> Command {
        let Some((first, arguments)) = words.split_first() else { return nodes::nothing(Vec::new(), at) };
        if let ExpressionKind::ScriptBlock(block) = &first.kind {
            return nodes::brace(self.block(block), at);
        }
        let mut made = Vec::new();
        if dotted {
            made.push(nodes::text(".", at));
        }
        match literal(first) {
            Some(name) => {
                let name = program_name(&name);
                made.push(nodes::text(name, first.at));
            }
            None if matches!(first.kind, ExpressionKind::Expandable(_)) => made.push(self.path(first)),
            None => self.arguments(first, &mut made),
        }
        arguments.iter().for_each(|argument| self.arguments(argument, &mut made));
        nodes::call(made, at)
    }
}

/// A command's name as the shell knows it: paths with `/`, other names in lower case, without `.exe`.
fn program_name(name: &str) -> String {
    let name = name.replace('\\', "/");
    let ends = name.len().checked_sub(4).filter(|at| name.is_char_boundary(*at));
    let name = match ends {
        Some(at) if name[at..].eq_ignore_ascii_case(".exe") => name[..at].to_owned(),
        _ => name,
    };
    if name.contains('/') { name } else { name.to_ascii_lowercase() }
}
