//! Functions and scripts with parameters, which are positional parameters to the shell. The names stand in
//! front of the body as `local`, so that a call can be put in order: [`parameters`].

use super::super::ast::{Block, Expression, ExpressionKind, Parameter};
use super::{Lowerer, Named, OWN, nodes};
use crate::shell::ast::{AssignedValue, At, Command, CommandKind, Item, List, Operation, Word, WordPart};

/// Stands behind the name of a parameter that takes no value.
const SWITCH: &str = "$*switch";

impl Lowerer {
    pub(super) fn function(&mut self, name: &str, parameters: &[Parameter], body: &Block, at: At) -> Command {
        let rounds = std::mem::take(&mut self.rounds);
        let mut items = Vec::new();
        self.take_parameters(parameters, at, &mut items);
        items.append(&mut self.block(body).items);
        self.rounds = rounds;
        let body = Box::new(nodes::brace(nodes::list(items), at));
        nodes::command(CommandKind::Function { name: name.to_ascii_lowercase(), body }, at)
    }

    /// Gives each parameter its value.
    pub(super) fn take_parameters(&mut self, parameters: &[Parameter], at: At, items: &mut Vec<Item>) {
        for (index, parameter) in parameters.iter().enumerate() {
            let Named::Parameter(own) = self.own(&parameter.name) else { continue };
            let word = match &parameter.default {
                Some(default) => self.word(default),
                None => Word { parts: Vec::new(), at },
            };
            let operation = Operation::Test { colon: false, kind: '-', word };
            let value = nodes::double(vec![nodes::parameter((index + 1).to_string(), operation, at)], at);
            let mut local = vec![nodes::text("local", at), nodes::text(own.as_str(), at)];
            local.extend(parameter.switch.then(|| nodes::text(SWITCH, at)));
            items.push(nodes::item(nodes::call(local, at)));
            items.push(nodes::item(nodes::set(own, value, at)));
        }
    }
}

/// A parameter as a call sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Its name, in lower case.
    pub name: String,
    /// It takes no value.
    pub switch: bool,
    /// What it is without an argument; `None`: not known.
    pub default: Option<String>,
}

/// The parameters that a body begins with.
#[must_use]
pub fn parameters(body: &List) -> Vec<Bound> {
    let mut found: Vec<Bound> = Vec::new();
    for item in &body.items {
        let [Command { kind: CommandKind::Simple(simple), .. }] = item.first.commands.as_slice() else { break };
        let words: Vec<&str> = simple.words.iter().filter_map(quoted).collect();
        match (words.as_slice(), simple.assignments.as_slice()) {
            (["local", name, rest @ ..], _) => {
                let name = name.trim_start_matches(OWN).to_ascii_lowercase();
                found.push(Bound { name, switch: rest == [SWITCH], default: None });
            }
            ([], [assignment]) => {
                if let Some(last) = found.last_mut() {
                    last.default = default(&assignment.value);
                }
            }
            _ => break,
        }
    }
    found
}

/// The known text in `${1-text}`.
fn default(value: &AssignedValue) -> Option<String> {
    let AssignedValue::Word(word) = value else { return None };
    let [WordPart::Double(parts, _)] = word.parts.as_slice() else { return None };
    let [WordPart::Parameter(parameter)] = parts.as_slice() else { return None };
    let Operation::Test { word, .. } = &parameter.operation else { return None };
    match word.parts.as_slice() {
        [] => Some(String::new()),
        [WordPart::Double(parts, _)] => match parts.as_slice() {
            [] => Some(String::new()),
            [WordPart::Quoted(text, _)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn quoted(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [WordPart::Quoted(text, _)] => Some(text),
        _ => None,
    }
}

/// `-Name` and `-Name:` in lower case, without dash and colon.
pub(super) fn option_name(argument: &Expression) -> Option<String> {
    match &argument.kind {
        ExpressionKind::Option(text) => {
            let name = text.trim_start_matches('-').trim_end_matches(':').to_ascii_lowercase();
            (!name.is_empty()).then_some(name)
        }
        _ => None,
    }
}
