//! Reads a Makefile from top to bottom: sets variables, decides conditionals, collects rules.

use std::collections::HashMap;

use super::lines::{self, Assignment, Condition, Line, Operator};
use super::variables::{Content, Scope, Setting, Variable};
use super::{Call, Outside, Piece, Plan, Value};
use crate::recipes::pieces::{join, words};
use crate::source::{Mapped, Span};
use crate::text::Text;

/// Files that include one another.
const FILES: usize = 64;
/// Rules that are kept.
const RULES: usize = 20_000;

/// A rule, its target expanded.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// The prerequisites, in order.
    pub prerequisites: Vec<String>,
    /// Those of which not all is known.
    pub unknown: Vec<Text>,
    /// The number of its recipe, which the targets of one rule share; 0: it has none.
    pub recipe: usize,
    /// `::`: one of several rules of its target.
    pub double: bool,
    /// A stem that a static pattern found.
    pub stem: String,
}

/// Make at work.
pub struct Make<'a, O> {
    pub outside: &'a mut O,
    pub call: &'a Call,
    pub variables: Scope,
    /// The scopes inside that of all: a target's variables, a call's arguments, a loop's word.
    pub scopes: Vec<Scope>,
    /// The lines of the recipes, not yet expanded.
    pub recipes: Vec<Vec<Mapped>>,
    /// The rules of each target that is no pattern.
    pub rules: HashMap<String, Vec<Rule>>,
    /// The rules of targets with `%`.
    pub patterns: Vec<(String, Rule)>,
    /// Targets of which not all is known.
    pub unnamed: Vec<Text>,
    /// There may be rules that were not read.
    pub partial: bool,
    /// Assignments for targets and patterns.
    pub for_targets: Vec<(String, Assignment)>,
    pub default_goal: Option<String>,
    pub exported: Vec<String>,
    pub plan: Plan,
    pub exhausted: bool,
    pub depth: usize,
    /// The variables whose values are being expanded.
    pub open: Vec<String>,
    files: usize,
    /// Something is expanded only to see what comes of it: nothing is done meanwhile.
    pub is_trial: bool,
    /// How often something was to be done meanwhile.
    pub effects: usize,
    /// A `$(wildcard)` was expanded.
    pub globs: bool,
}

/// Where a line stands in its conditionals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Branch {
    /// Its lines count.
    Taken,
    /// Not yet: an `else` may.
    Waiting,
    /// A branch before was taken, or the whole stands where nothing counts.
    Over,
}

impl<'a, O: Outside> Make<'a, O> {
    /// Make before it has read a file.
    pub fn new(call: &'a Call, outside: &'a mut O) -> Self {
        let set = |(name, value): &(String, Value)| {
            (name.clone(), Variable { beats: true, ..Variable::simple(value.clone()) })
        };
        Make {
            // Files of its list are read before the Makefile.
            partial: outside.is_set("MAKEFILES"),
            outside,
            call,
            variables: call.overrides.iter().map(set).collect(),
            scopes: Vec::new(),
            recipes: vec![Vec::new()],
            rules: HashMap::new(),
            patterns: Vec::new(),
            unnamed: Vec::new(),
            for_targets: Vec::new(),
            default_goal: None,
            exported: call.overrides.iter().map(|(name, _)| name.clone()).collect(),
            plan: Plan::default(),
            exhausted: false,
            depth: 0,
            open: Vec::new(),
            files: 0,
            is_trial: false,
            effects: 0,
            globs: false,
        }
    }

    /// Reads a file.
    pub fn file(&mut self, text: &Mapped) -> Result<(), O::Question> {
        self.files += 1;
        self.exhausted |= self.files > FILES || !self.outside.spend(text.text().len());
        let mut branches: Vec<Branch> = Vec::new();
        let mut lines = lines::read(text).into_iter();
        while let Some(line) = lines.next() {
            if self.exhausted {
                break;
            }
            match line {
                Line::If(condition) => {
                    let counts = counts(&branches);
                    let branch = if counts { self.branch(&condition, lines.as_mut_slice())? } else { Branch::Over };
                    branches.push(branch);
                }
                Line::Else(condition) => {
                    let Some(last) = branches.pop() else { continue };
                    let branch = match (last, condition) {
                        (Branch::Waiting, None) => Branch::Taken,
                        (Branch::Waiting, Some(condition)) => self.branch(&condition, lines.as_mut_slice())?,
                        _ => Branch::Over,
                    };
                    branches.push(branch);
                }
                Line::EndIf => drop(branches.pop()),
                line if counts(&branches) => self.line(line)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// `behind`: the lines after the condition.
    ///
    /// `ifndef A`, `ifeq ($(A),)`: an `A` that nothing sets is empty for make, but the project's settings may set it, so
    /// both are followed, by one question. Where the lines then set `A` itself, the whole is a default, as `A ?= x` is,
    /// and no question: it is decided where the value is used (`Outside::instead`).
    fn branch(&mut self, condition: &Condition, behind: &mut [Line]) -> Result<Branch, O::Question> {
        let holds = match self.holds(condition) {
            Ok(holds) => holds,
            Err(question) => match condition.asks_whether_empty() {
                Some(name) if self.is_open(name) && gives_default(name, behind) => !condition.negated,
                _ => return Err(question),
            },
        };
        Ok(if holds == condition.negated { Branch::Waiting } else { Branch::Taken })
    }

    fn holds(&mut self, condition: &Condition) -> Result<bool, O::Question> {
        let Some(right) = &condition.right else { return self.is_defined(&condition.left) };
        let (left, right) = (self.value(&condition.left)?.text, self.value(right)?.text);
        self.outside.equal(&left, &right)
    }

    /// Whether nothing but the settings can set a variable.
    fn is_open(&self, name: &str) -> bool {
        self.find(name).is_none() && !self.outside.is_set(name)
    }

    /// `ifdef`: whether the value, unexpanded, is not empty.
    fn is_defined(&mut self, name: &Mapped) -> Result<bool, O::Question> {
        let Some(name) = self.literal(name)? else { return Ok(false) };
        match self.find(&name).map(|variable| &variable.content) {
            Some(Content::Recursive(body) | Content::Default(body)) => Ok(!body.text().is_empty()),
            Some(Content::Simple(value)) => {
                let text = value.text.clone();
                self.outside.not_empty(&text)
            }
            None => {
                let text = self.outside.variable(&name).text;
                self.outside.not_empty(&text)
            }
        }
    }

    fn line(&mut self, line: Line) -> Result<(), O::Question> {
        match line {
            Line::Assign(assignment) => self.assign(&assignment, false),
            Line::ForTargets(targets, assignment) => {
                let targets = known(&words(&self.value(&targets)?.text));
                self.for_targets.extend(targets.into_iter().map(|target| (target, assignment.clone())));
                Ok(())
            }
            Line::Rule(rule) => self.rule(&rule),
            Line::Recipe(line) => {
                self.recipe_line(line);
                Ok(())
            }
            Line::Include { files, optional } => self.include(&files, optional),
            Line::Export(names) => {
                // `export` alone is for every variable
                if names.text().is_empty() {
                    self.exported.push(String::new());
                }
                let names = self.value(&names)?.text;
                self.exported.extend(words(&names).iter().filter_map(|name| name.as_literal().map(str::to_owned)));
                Ok(())
            }
            Line::Undefine(name) => {
                if let Some(name) = self.literal(&name)? {
                    self.variables.insert(name, Variable::simple(Value::default()));
                }
                Ok(())
            }
            Line::Other(text) => self.expand_lines(&text),
            Line::If(_) | Line::Else(_) | Line::EndIf => Ok(()),
        }
    }

    /// A line that is only expanded; what comes of it may be lines of a Makefile (`$(call rules,…)`).
    fn expand_lines(&mut self, text: &Mapped) -> Result<(), O::Question> {
        let pieces = self.expand(text)?;
        match text.span(0..text.text().len()) {
            Some(at) if !join(&pieces).text.is_empty() => self.evaluate(&pieces, at),
            _ => Ok(()),
        }
    }

    /// Does what an assignment says, in the innermost scope if it is for a target.
    pub fn assign(&mut self, assignment: &Assignment, local: bool) -> Result<(), O::Question> {
        let Some(name) = self.literal(&assignment.name)? else { return Ok(()) };
        if assignment.export {
            self.exported.push(name.clone());
        }
        let at = written_at(assignment);
        let (operator, value) = (assignment.operator, &assignment.value);
        self.set(&Setting { name: &name, operator, value, beats: assignment.beats, at }, local)
    }

    fn rule(&mut self, written: &lines::Rule) -> Result<(), O::Question> {
        let targets = words(&self.value(&written.targets)?.text);
        let prerequisites = words(&self.value(&written.prerequisites)?.text);
        let first = targets.first().filter(|first| self.default_goal.is_none() && first.as_literal().is_none());
        self.default_goal = self.default_goal.take().or(first.map(Text::shown));
        self.unnamed.extend(unknown(&targets));
        let unknown = unknown(&prerequisites);
        let pattern = match &written.pattern {
            Some(pattern) => self.literal(pattern)?.map(|pattern| without_here(&pattern).to_owned()),
            None => None,
        };
        let (targets, prerequisites) = (known(&targets), known(&prerequisites));
        let size = 16 * (1 + targets.len()) * (1 + prerequisites.len() + unknown.len());
        self.exhausted |=
            self.patterns.len() + self.rules.len() + self.unnamed.len() > RULES || !self.outside.spend(size);
        if self.exhausted {
            return Ok(());
        }
        let recipe = self.recipes.len();
        self.recipes.push(written.recipe.iter().cloned().collect());
        for target in targets {
            let stem = pattern.as_deref().and_then(|pattern| super::functions::stem(pattern, &target)).unwrap_or("");
            let filled = |name: &String| if pattern.is_some() { name.replacen('%', stem, 1) } else { name.clone() };
            let rule = Rule {
                prerequisites: prerequisites.iter().map(filled).collect(),
                unknown: unknown.clone(),
                recipe,
                double: written.double,
                stem: stem.to_owned(),
            };
            self.add(target, rule);
        }
        Ok(())
    }

    fn add(&mut self, target: String, rule: Rule) {
        let plain = target.replace("\\%", "");
        if plain.contains('%') {
            // One that is escaped beside one that is not is not read.
            self.partial |= plain.len() < target.len();
            self.patterns.push((target, rule));
            return;
        }
        let target = target.replace("\\%", "%");
        if self.default_goal.is_none() && (!target.starts_with('.') || target.contains('/')) {
            self.default_goal = Some(target.clone());
        }
        self.rules.entry(target).or_default().push(rule);
    }

    /// A line of the recipe of the rule that was read last.
    fn recipe_line(&mut self, line: Mapped) {
        self.exhausted |= !self.outside.spend(line.text().len());
        // The first stands for rules without a recipe.
        if let [_, .., recipe] = self.recipes.as_mut_slice() {
            recipe.push(line);
        }
    }

    fn include(&mut self, files: &Mapped, optional: bool) -> Result<(), O::Question> {
        let at = files.span(0..files.text().len());
        for file in words(&self.value(files)?.text) {
            let is_pattern = file.literal_prefix().contains(['*', '?', '[']);
            // The job may have put more beside what the repository holds.
            self.partial |= is_pattern || self.globs && files.text().contains('$');
            let found = if is_pattern { self.outside.matching(&file) } else { None };
            for file in found.unwrap_or_else(|| vec![file]) {
                match self.outside.read(&file) {
                    Some(text) => self.file(&text)?,
                    None => {
                        self.partial = true;
                        self.plan.unread.extend((!optional).then(|| (file.shown(), at)));
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads what was made of a text as lines of a Makefile: its unknown values become variables.
    pub fn evaluate(&mut self, pieces: &[Piece], at: Span) -> Result<(), O::Question> {
        let mut text = Mapped::default();
        for piece in pieces {
            match piece {
                Piece::Written(written) => text.append(written),
                Piece::Value(value, _) if value.text.as_literal().is_some() => {
                    text.push_coarse(value.text.as_literal().unwrap_or(""), at);
                }
                Piece::Value(value, at) => {
                    self.partial = true;
                    let name = format!(".value {}", self.variables.len());
                    text.push_coarse(&format!("$({name})"), *at);
                    self.variables.insert(name, Variable::simple(value.clone()));
                }
            }
        }
        self.depth += 1;
        self.exhausted |= self.depth > 16;
        let read = self.file(&text);
        self.depth -= 1;
        read
    }
}

/// The names of which all is known.
fn known(words: &[Text]) -> Vec<String> {
    let words = words.iter().filter_map(|word| word.as_literal()).filter(|word| *word != "|");
    words.map(|word| without_here(word).replace("\\:", ":").replace("\\#", "#")).collect()
}

/// A name without `./` in front, which make takes off everywhere.
pub fn without_here(name: &str) -> &str {
    let mut rest = name;
    while let Some(after) = rest.strip_prefix("./").map(|after| after.trim_start_matches('/')) {
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    rest
}

/// The others.
fn unknown(words: &[Text]) -> Vec<Text> {
    words.iter().filter(|word| word.as_literal().is_none()).cloned().collect()
}

/// Whether the lines up to the end of a conditional set this variable and do nothing else, which makes that a default.
fn gives_default(name: &str, lines: &mut [Line]) -> bool {
    let [Line::Assign(assignment), Line::EndIf, ..] = lines else { return false };
    let sets = matches!(assignment.operator, Operator::Recursive | Operator::Simple | Operator::Default);
    if !sets || assignment.name.text() != name {
        return false;
    }
    assignment.operator = Operator::Default;
    true
}

fn counts(branches: &[Branch]) -> bool {
    branches.iter().all(|branch| *branch == Branch::Taken)
}

/// Where an assignment was written, from its name to the end of its value.
fn written_at(assignment: &Assignment) -> Option<Span> {
    let name = assignment.name.span(0..assignment.name.text().len())?;
    let value = assignment.value.span(0..assignment.value.text().len());
    Some(value.map_or(name, |value| name.join(value)))
}
