//! What make and its kin take from the world in which they run.

use super::body::Language;
use super::condition::equal;
use super::expand::{Asked, not_empty, trim_newlines};
use super::operate;
use super::splice::Splice;
use super::walker::Walker;
use super::world::World;
use crate::recipes::{Change, Outside, Piece, Value};
use crate::source::{Mapped, Span};
use crate::text::{Form, Text};
use crate::walk::Atom;

/// A world, and the walk that is in it.
pub(super) struct Around<'w, 'a> {
    pub walker: &'w mut Walker<'a>,
    pub world: &'w mut World,
    /// Bytes that are not yet paid for.
    pub owed: usize,
}

/// Defaults that are followed both as they are and as set by the settings; more are unknown.
const KNOBS: usize = 3;
/// What each piece of work costs besides its bytes, and how much is owed at most.
const EACH: usize = 24;
const OWED: usize = 1024;

impl Outside for Around<'_, '_> {
    type Question = Atom;

    fn variable(&self, name: &str) -> Value {
        let variable = self.world.variable(name);
        Value { text: variable.text, from: variable.from }
    }

    fn is_set(&self, name: &str) -> bool {
        self.world.is_set(name)
    }

    fn sets(&mut self, name: &str) -> Asked<bool> {
        match self.world.overridden(name) {
            Some(_) => Ok(true),
            // GitLab sets it in some pipelines.
            None if self.world.is_set(name) => not_empty(self.world, &self.world.variable(name).text),
            None => Ok(false),
        }
    }

    fn instead(&mut self, name: &str, default: &Text) -> Asked<Option<Value>> {
        // What is made of GitLab's own values, and a tool's name, nobody sets in the settings.
        let knob = default.as_literal().is_some_and(|text| !text.is_empty() && !crate::clients::is_client(text));
        if !knob || self.world.is_set(name) {
            return Ok(None);
        }
        let setting = self.variable(name);
        let is_setting = |text: &Text| text.as_symbol().is_some_and(|symbol| symbol.setting_name().is_some());
        let asked = |(atom, _): &&(Atom, bool)| matches!(atom, Atom::NotEmpty(text) if is_setting(text));
        let question = Atom::NotEmpty(setting.text.clone());
        if self.world.atoms.answer(&question).is_none() && self.world.atoms.iter().filter(asked).count() >= KNOBS {
            return Ok(Some(setting));
        }
        Ok(not_empty(self.world, &setting.text)?.then_some(setting))
    }

    fn folder(&self) -> Text {
        match self.world.folder.as_deref() {
            Some(folder) => super::folders::project_path(folder),
            None => self.world.opaque("$(CURDIR)"),
        }
    }

    fn read(&mut self, path: &Text) -> Option<Mapped> {
        self.walker.repository_text(self.world, path)
    }

    fn matching(&mut self, pattern: &Text) -> Option<Vec<Text>> {
        self.walker.matching(self.world, pattern)
    }

    fn not_empty(&mut self, text: &Text) -> Asked<bool> {
        not_empty(self.world, text)
    }

    fn equal(&mut self, one: &Text, other: &Text) -> Asked<bool> {
        equal(self.world, one.clone(), other.clone())
    }

    fn shell(&mut self, command: &[Piece], at: Option<Span>) -> Asked<Text> {
        let written = command.iter().find_map(|piece| match piece {
            Piece::Written(text) => text.span(0..text.text().len()),
            Piece::Value(_, at) => Some(*at),
        });
        let Some(at) = at.or(written) else { return Ok(Text::empty()) };
        let text = Splice::of(self.world, command);
        let body = self.walker.body(text, Language::Posix, at);
        let before = self.world.clone();
        let printed =
            self.walker.captured(self.world, |walker, inner| walker.list(vec![inner], &body, &body.script.list));
        // What a value depends on is not worth a state: a Makefile asks for many that nobody uses.
        let Ok(printed) = printed else {
            *self.world = before;
            return Ok(Text::symbol(super::expand::printed(body.text.text(), None, Form::ANY)));
        };
        Ok(trim_newlines(&printed))
    }

    fn derived(&self, text: &Text, shown: &str, change: Change) -> Text {
        if text.is_empty() {
            return self.world.opaque(shown);
        }
        operate::map(text, shown, |form| match change {
            Change::Replace(from, to) => {
                form.add_literal(to);
                form.slash &= from != "/" || to.contains('/');
                form.colon &= from != ":" || to.contains(':');
            }
            Change::Name => form.slash = false,
            Change::Other => form.empty = true,
        })
    }

    fn spend(&mut self, bytes: usize) -> bool {
        self.owed += bytes + EACH;
        if self.owed > OWED {
            self.walker.budget.text(std::mem::take(&mut self.owed));
        }
        !self.walker.budget.is_spent()
    }
}
