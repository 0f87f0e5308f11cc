//! Make's variables: what they hold, where that was written, and in which order they are looked up.

use std::collections::HashMap;

use super::lines::Operator;
use super::read::Make;
use super::{Outside, Value};
use crate::source::{Mapped, Span};

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// What it holds.
    pub content: Content,
    /// Where it was written.
    pub at: Option<Span>,
    /// Set on the command line, or to beat that.
    pub beats: bool,
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Expanded at each use.
    Recursive(Mapped),
    /// `?=`: the same, unless the environment has the variable after all.
    Default(Mapped),
    /// Expanded once.
    Simple(Value),
}

impl Variable {
    /// A variable with a known value.
    pub fn simple(value: Value) -> Self {
        Variable { content: Content::Simple(value), at: None, beats: false }
    }
}

/// Variables by name.
pub type Scope = HashMap<String, Variable>;

/// An assignment whose name is expanded.
pub struct Setting<'a> {
    pub name: &'a str,
    pub operator: Operator,
    pub value: &'a Mapped,
    pub beats: bool,
    pub at: Option<Span>,
}

impl<O: Outside> Make<'_, O> {
    /// The variable of a name, as the innermost scope has it.
    pub fn find(&self, name: &str) -> Option<&Variable> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).or_else(|| self.variables.get(name))
    }

    /// Does what an assignment says, in the scope of a target or for all.
    pub fn set(&mut self, setting: &Setting<'_>, local: bool) -> Result<(), O::Question> {
        let known = self.find(setting.name).cloned();
        if known.as_ref().is_some_and(|known| known.beats) && !setting.beats {
            return Ok(());
        }
        if setting.operator == Operator::Default && (known.is_some() || self.outside.sets(setting.name)?) {
            return Ok(());
        }
        let content = match setting.operator {
            Operator::Recursive => Content::Recursive(setting.value.clone()),
            Operator::Default => Content::Default(setting.value.clone()),
            Operator::Simple => Content::Simple(self.value(setting.value)?),
            Operator::Shell => {
                let command = self.expand(setting.value)?;
                let text = self.outside.shell(&command, setting.at)?;
                Content::Simple(Value::of(super::functions::spaces_for_newlines(&text)))
            }
            Operator::Append => self.appended(setting, known)?,
        };
        let variable = Variable { content, at: setting.at, beats: setting.beats };
        let scope = if local { self.scopes.last_mut() } else { None };
        scope.unwrap_or(&mut self.variables).insert(setting.name.to_owned(), variable);
        Ok(())
    }

    fn appended(&mut self, setting: &Setting<'_>, known: Option<Variable>) -> Result<Content, O::Question> {
        let mut whole = match known {
            Some(Variable { content: Content::Recursive(mut body) | Content::Default(mut body), .. }) => {
                if let Some(at) = setting.at {
                    body.push_coarse(" ", at);
                }
                body.append(setting.value);
                return Ok(Content::Recursive(body));
            }
            Some(Variable { content: Content::Simple(value), at, .. }) => {
                let mut from = value.from;
                from.extend(at);
                Value { from, ..value }
            }
            None if self.outside.is_set(setting.name) => self.outside.variable(setting.name),
            None => return Ok(Content::Recursive(setting.value.clone())),
        };
        whole.text.push_str(if whole.text.is_empty() { "" } else { " " });
        let more = self.value(setting.value)?;
        whole.push(&more);
        Ok(Content::Simple(whole))
    }
}
