//! From goals to command lines: prerequisites first, each target once, with the variables that are its own.

use std::collections::HashSet;
use std::rc::Rc;

use super::functions::{stem, stem_of};
use super::read::{Make, Rule, without_here};
use super::variables::{Scope, Variable};
use super::{Outside, Piece, Plan, Step, Value};
use crate::recipes::pieces::{join, spaced};
use crate::source::Mapped;
use crate::text::Text;

/// Targets within targets.
const DEPTH: usize = 64;
/// Command lines that are followed.
const STEPS: usize = 4096;

impl<O: Outside> Make<'_, O> {
    /// Makes the goals.
    pub fn goals(mut self, goals: &[String]) -> Result<Plan, O::Question> {
        let mut goals = goals.to_vec();
        if goals.is_empty() {
            let named = self.find(".DEFAULT_GOAL").is_some();
            let declared =
                if named { self.variable_text(".DEFAULT_GOAL")?.as_literal().map(str::to_owned) } else { None };
            match declared.filter(|goal| !goal.is_empty()).or_else(|| self.default_goal.clone()) {
                Some(goal) => goals.push(goal),
                None => self.nowhere("the default goal"),
            }
        }
        let mut done = HashSet::new();
        for goal in goals {
            self.target(without_here(&goal), &mut done, 0)?;
        }
        self.plan.exhausted |= self.exhausted;
        Ok(self.plan)
    }

    fn variable_text(&mut self, name: &str) -> Result<Text, O::Question> {
        let at = self.find(name).and_then(|variable| variable.at);
        match at {
            Some(at) => Ok(join(&self.named(name, at)?).text),
            None => Ok(Text::empty()),
        }
    }

    fn target(&mut self, name: &str, done: &mut HashSet<String>, depth: usize) -> Result<(), O::Question> {
        if !done.insert(name.to_owned()) || self.exhausted {
            return Ok(());
        }
        let asked = name.len() + self.for_targets.len() + self.patterns.len();
        self.exhausted |= depth > DEPTH || !self.outside.spend(asked);
        let rules = self.rules_of(name);
        if rules.is_empty() {
            if self.outside.read(&Text::literal(name)).is_none() {
                self.nowhere(name);
            }
            return Ok(());
        }
        let own = self.own_variables(name)?;
        for rule in &rules {
            for prerequisite in &rule.prerequisites {
                self.target(prerequisite, done, depth + 1)?;
            }
            self.unknown_prerequisites(rule);
            self.recipe(name, rule)?;
        }
        if own {
            self.scopes.pop();
        }
        Ok(())
    }

    /// Most of these are files; an unknown list that is made here is not, nor one that a pattern rule may make.
    fn unknown_prerequisites(&mut self, rule: &Rule) {
        self.exhausted |= !self.outside.spend(8 * rule.unknown.len() * (self.unnamed.len() + self.patterns.len()));
        let mut found = Vec::new();
        for text in &rule.unknown {
            let may = |pattern: &str| !matches!(stem_of(pattern, text), Some(None));
            let made = self.patterns.iter().filter(|(pattern, made)| self.has_recipe(made) && may(pattern));
            let lines = made.filter_map(|(_, made)| self.recipes.get(made.recipe)).flatten();
            let before = found.len();
            found.extend(lines.map(|line| line.text().to_owned()).take(STEPS));
            if found.len() > before || self.unnamed.contains(text) {
                found.push(text.shown());
            }
        }
        self.exhausted |= found.len() > STEPS || !self.outside.spend(found.iter().map(String::len).sum());
        self.plan.unknown.extend(found);
    }

    /// A name for which there is no rule: where all rules were read, nothing runs for it.
    fn nowhere(&mut self, name: &str) {
        // `$$(LIST)` is expanded when its target is made (`.SECONDEXPANSION`), which is not followed.
        let later = name.contains('$');
        if later || self.partial || !self.unnamed.is_empty() || self.exhausted || self.rules.contains_key(".DEFAULT") {
            self.plan.unknown.push(name.to_owned());
        } else {
            self.plan.missing.push(name.to_owned());
        }
    }

    /// The rules to follow: those with `::` one by one, of the others one with all prerequisites.
    fn rules_of(&self, name: &str) -> Vec<Rule> {
        let explicit = self.rules.get(name).map_or(&[][..], Vec::as_slice);
        if explicit.iter().any(|rule| rule.double) {
            return explicit.to_vec();
        }
        let mut whole = Rule::default();
        for rule in explicit {
            whole.prerequisites.extend(rule.prerequisites.iter().cloned());
            whole.unknown.extend(rule.unknown.iter().cloned());
            if self.has_recipe(rule) {
                whole.recipe = rule.recipe;
                whole.stem.clone_from(&rule.stem);
            }
        }
        if !self.has_recipe(&whole)
            && let Some((found, rule)) = self.pattern_rule(name)
        {
            let filled = rule.prerequisites.iter().map(|name| name.replacen('%', found, 1));
            whole.prerequisites.extend(filled);
            whole.unknown.extend(rule.unknown.iter().cloned());
            whole.recipe = rule.recipe;
            found.clone_into(&mut whole.stem);
            return vec![whole];
        }
        if explicit.is_empty() { Vec::new() } else { vec![whole] }
    }

    fn has_recipe(&self, rule: &Rule) -> bool {
        self.recipes.get(rule.recipe).is_some_and(|lines| !lines.is_empty())
    }

    /// The pattern rule with the shortest stem.
    fn pattern_rule<'n>(&self, name: &'n str) -> Option<(&'n str, &Rule)> {
        let fitting = self.patterns.iter().filter(|(_, rule)| self.has_recipe(rule));
        fitting.filter_map(|(pattern, rule)| Some((stem(pattern, name)?, rule))).min_by_key(|(stem, _)| stem.len())
    }

    /// Opens the scope of a target's own variables, which its prerequisites share.
    fn own_variables(&mut self, name: &str) -> Result<bool, O::Question> {
        let own: Vec<_> = self
            .for_targets
            .iter()
            .filter(|(target, _)| stem(target, name).is_some())
            .map(|(_, assignment)| assignment.clone())
            .collect();
        if own.is_empty() {
            return Ok(false);
        }
        self.scopes.push(Scope::new());
        for assignment in &own {
            self.assign(assignment, true)?;
        }
        Ok(true)
    }

    fn recipe(&mut self, name: &str, rule: &Rule) -> Result<(), O::Question> {
        if !self.has_recipe(rule) {
            return Ok(());
        }
        self.scopes.push(automatic(name, rule));
        let written = self.recipe_steps(rule);
        self.scopes.pop();
        written
    }

    fn recipe_steps(&mut self, rule: &Rule) -> Result<(), O::Question> {
        let environment = Rc::new(self.environment()?);
        let flags = self.variable_text(".SHELLFLAGS")?;
        let shell = self.variable_text("SHELL")?;
        let given = |text: &Text| {
            text.literal_prefix().split_whitespace().any(|flag| flag.starts_with('-') && flag.contains('e'))
        };
        let errexit = given(&flags) || given(&shell) || self.rules.contains_key(".POSIX");
        let quiet = self.rules.contains_key(".SILENT");
        let mut lines: Vec<(Vec<Piece>, Prefix)> = Vec::new();
        let recipe = self.recipes.get(rule.recipe).cloned().unwrap_or_default();
        for line in &recipe {
            let pieces = self.expand(line)?;
            lines.extend(split(pieces).into_iter().map(without_prefix));
        }
        if self.rules.contains_key(".ONESHELL") {
            let prefix = lines.first().map(|(_, prefix)| *prefix).unwrap_or_default();
            let mut whole = Vec::new();
            for (line, _) in lines {
                whole.extend(line);
                if let Some(at) = recipe.first().and_then(|line| line.span(0..1)) {
                    whole.push(Piece::Written(Mapped::coarse("\n", at)));
                }
            }
            lines = vec![(whole, prefix)];
        }
        for (line, prefix) in lines {
            self.exhausted |= self.plan.steps.len() >= STEPS;
            if !self.exhausted && !join(&line).text.is_empty() {
                let environment = environment.clone();
                let (ignores_failure, silent) = (prefix.ignores_failure, quiet || prefix.silent);
                self.plan.steps.push(Step { line, ignores_failure, silent, environment, errexit, folder: None });
            }
        }
        Ok(())
    }

    /// What make adds to the environment: exported variables, and those that the environment has already.
    fn environment(&mut self) -> Result<Vec<(String, Value)>, O::Question> {
        let exported: HashSet<String> = self.exported.iter().cloned().collect();
        let all = exported.contains("");
        let mut names: Vec<String> =
            self.scopes.iter().flat_map(Scope::keys).chain(self.variables.keys()).cloned().collect();
        names.sort_unstable();
        names.dedup();
        self.exhausted |= !self.outside.spend(8 * names.len());
        let mut found = Vec::new();
        for name in names {
            let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let given = all || exported.contains(&name) || self.outside.is_set(&name);
            if !valid || !given || name.as_bytes().first().is_none_or(u8::is_ascii_digit) {
                continue;
            }
            let Some(at) = self.find(&name).map(|variable| variable.at) else { continue };
            let value = match at {
                Some(at) => join(&self.named(&name, at)?),
                None => match self.find(&name).map(|variable| &variable.content) {
                    Some(super::variables::Content::Simple(value)) => value.clone(),
                    _ => continue,
                },
            };
            found.push((name, value));
        }
        Ok(found)
    }
}

/// `$@` and its kin.
fn automatic(name: &str, rule: &Rule) -> Scope {
    let mut seen = HashSet::new();
    let unique = rule.prerequisites.iter().filter(|name| seen.insert(name.as_str()));
    let unique: Vec<Text> = unique.map(Text::literal).collect();
    let all = spaced(&unique);
    let first = unique.first().cloned().unwrap_or_default();
    let values = [("@", Text::literal(name)), ("<", first), ("^", all.clone()), ("+", all.clone()), ("?", all)];
    let stem = [("*", Text::literal(&rule.stem))];
    values.into_iter().chain(stem).map(|(name, text)| (name.to_owned(), Variable::simple(Value::of(text)))).collect()
}

/// The lines of a text that was one: a `define` brings several, each for a shell of its own.
fn split(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Written(written) = &piece else {
            lines.iter_mut().last().into_iter().for_each(|line| line.push(piece.clone()));
            continue;
        };
        let text = written.text();
        let mut start = 0;
        for (at, _) in text.match_indices('\n') {
            if text[..at].ends_with('\\') {
                continue;
            }
            lines.iter_mut().last().into_iter().for_each(|line| line.push(Piece::Written(written.slice(start..at))));
            lines.push(Vec::new());
            start = at + 1;
        }
        if start < text.len() {
            let rest = written.slice(start..text.len());
            lines.iter_mut().last().into_iter().for_each(|line| line.push(Piece::Written(rest.clone())));
        }
    }
    lines
}

/// What stands in front of a recipe's line.
#[derive(Clone, Copy, Default)]
struct Prefix {
    ignores_failure: bool,
    silent: bool,
}

impl Prefix {
    fn add(&mut self, text: &str) {
        self.ignores_failure |= text.contains('-');
        self.silent |= text.contains('@');
    }
}

/// Whether a command's name begins here, and not the rest of a path.
fn begins_command(piece: &Piece) -> bool {
    let text = match piece {
        Piece::Written(written) => written.text(),
        Piece::Value(value, _) => value.text.literal_prefix(),
    };
    text.starts_with(|char: char| char.is_ascii_alphanumeric()) || text.starts_with("./")
}

/// The line without `@`, `-` and `+` in front.
fn without_prefix(mut line: Vec<Piece>) -> (Vec<Piece>, Prefix) {
    let is_prefix = |char: char| matches!(char, '@' | '-' | '+' | ' ' | '\t');
    let mut prefix = Prefix::default();
    while !line.is_empty() {
        let glued = line.get(1).is_some_and(begins_command);
        let empty = match &mut line[0] {
            Piece::Written(written) => {
                let text = written.text();
                let length = text.len() - text.trim_start_matches(is_prefix).len();
                prefix.add(&text[..length]);
                *written = written.slice(length..text.len());
                written.text().is_empty()
            }
            Piece::Value(value, _) => match value.text.as_literal() {
                Some(text) if text.chars().all(is_prefix) => {
                    prefix.add(text);
                    true
                }
                // `$(Q)docker`, set where the lines are to be silent: whatever it is, the command is what follows.
                _ => glued && value.text.as_symbol().is_some_and(|symbol| symbol.setting_name().is_some()),
            },
        };
        if !empty {
            break;
        }
        line.remove(0);
    }
    (line, prefix)
}
