//! Short ways to make the nodes of a shell tree.

use crate::shell::ast::{
    AssignedValue, Assignment, At, Command, CommandKind, Condition, Connector, Item, List, Operation, Parameter,
    Pipeline, Redirect, RedirectKind, Simple, Word, WordPart,
};

/// A word that stands for itself.
pub(super) fn text(value: impl Into<String>, at: At) -> Word {
    Word { parts: vec![WordPart::Quoted(value.into(), at)], at }
}

/// A word in which nothing is split.
pub(super) fn double(parts: Vec<WordPart>, at: At) -> Word {
    Word { parts: vec![WordPart::Double(parts, at)], at }
}

/// The value of a parameter.
pub(super) fn parameter(name: impl Into<String>, operation: Operation, at: At) -> WordPart {
    WordPart::Parameter(Box::new(Parameter { name: name.into(), index: None, indirect: false, operation, at }))
}

/// A value that is not followed.
pub(super) fn unknown(at: At) -> WordPart {
    WordPart::Process(List::default(), at)
}

pub(super) fn command(kind: CommandKind, at: At) -> Command {
    Command { kind, redirects: Vec::new(), at }
}

pub(super) fn call(words: Vec<Word>, at: At) -> Command {
    command(CommandKind::Simple(Simple { assignments: Vec::new(), words }), at)
}

/// Prints its words, each on a line of its own.
pub(super) fn print(mut words: Vec<Word>, at: At) -> Command {
    words.splice(0..0, [text("printf", at), text("%s\\n", at)]);
    call(words, at)
}

/// A command that does nothing but to evaluate its words.
pub(super) fn nothing(mut words: Vec<Word>, at: At) -> Command {
    words.insert(0, text(":", at));
    call(words, at)
}

/// A question that is not answered.
pub(super) fn question(at: At) -> Command {
    command(CommandKind::Broken, at)
}

pub(super) fn test(condition: Condition, at: At) -> Command {
    command(CommandKind::Test(condition), at)
}

pub(super) fn brace(list: List, at: At) -> Command {
    command(CommandKind::Brace(list), at)
}

pub(super) fn list(items: Vec<Item>) -> List {
    List { items }
}

/// One pipeline of one command.
pub(super) fn item(command: Command) -> Item {
    let at = command.at;
    pipeline(vec![command], at)
}

pub(super) fn pipeline(commands: Vec<Command>, at: At) -> Item {
    Item { first: Pipeline { negated: false, commands, at }, rest: Vec::new(), background: false }
}

pub(super) fn single(command: Command) -> List {
    list(vec![item(command)])
}

/// `… connector other`
pub(super) fn join(item: &mut Item, connector: Connector, other: Command) {
    item.rest.push((connector, Pipeline { negated: false, at: other.at, commands: vec![other] }));
}

pub(super) fn negated(command: Command) -> Item {
    let mut item = item(command);
    item.first.negated = true;
    item
}

pub(super) fn assign(name: impl Into<String>, value: AssignedValue, append: bool, at: At) -> Command {
    let assignment = Assignment { name: name.into(), at, append, index: None, value };
    command(CommandKind::Simple(Simple { assignments: vec![assignment], words: Vec::new() }), at)
}

pub(super) fn set(name: impl Into<String>, value: Word, at: At) -> Command {
    assign(name, AssignedValue::Word(value), false, at)
}

/// Sends what a command prints into a file.
pub(super) fn into_file(mut command: Command, file: Word, append: bool, at: At) -> Command {
    let kind = if append { RedirectKind::Append(file) } else { RedirectKind::Write(file) };
    command.redirects.push(Redirect { fd: None, kind, at });
    command
}
