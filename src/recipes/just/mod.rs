//! Justfiles: recipes with parameters, dependencies and expressions in `{{…}}`.

mod expression;
mod lines;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::pieces::{join, spaced};
use super::{Change, Outside, Piece, Plan, Step, Value};
use crate::source::Mapped;
use crate::text::Text;
use lines::{Dependency, Justfile, Parameter, Recipe};

/// Recipes within recipes.
const DEPTH: usize = 32;

/// How just was called.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `NAME=value`, `--set NAME value`.
    pub overrides: Vec<(String, Value)>,
    /// The recipes with their arguments; none: the first recipe.
    pub words: Vec<Value>,
}

/// What just would run.
///
/// # Errors
/// A question that the world must answer first.
pub fn plan<O: Outside>(text: &Mapped, call: &Call, outside: &mut O) -> Result<Plan, O::Question> {
    let file = lines::read(text);
    let mut plan = Plan { exhausted: !outside.spend(text.text().len()), ..Plan::default() };
    plan.unread.extend(file.imports.iter().map(|import| (import.text().to_owned(), import.span(0..1))));
    let variables = call.overrides.iter().cloned().collect();
    let mut just = Just {
        outside,
        file: &file,
        plan,
        variables,
        arguments: Vec::new(),
        open: Vec::new(),
        done: HashSet::new(),
        depth: 0,
    };
    let mut words = call.words.as_slice();
    if words.is_empty() {
        match file.recipes.first() {
            Some(first) => just.recipe(&first.name, &[])?,
            None => just.plan.unknown.push("just".to_owned()),
        }
    }
    while let Some((name, rest)) = words.split_first() {
        let Some(recipe) = name.text.as_literal().and_then(|name| file.find(name)) else {
            just.plan.unknown.push(name.text.shown());
            break;
        };
        let most = if recipe.parameters.iter().any(|it| it.variadic) { rest.len() } else { recipe.parameters.len() };
        let (own, rest) = rest.split_at(most.min(rest.len()));
        just.recipe(&recipe.name, own)?;
        words = rest;
    }
    Ok(just.plan)
}

/// just at work.
struct Just<'a, O> {
    outside: &'a mut O,
    file: &'a Justfile,
    plan: Plan,
    /// Variables whose values are known: overrides, and those that were asked for.
    variables: HashMap<String, Value>,
    /// The parameters of the recipes that run, the innermost last.
    arguments: Vec<HashMap<String, Value>>,
    /// Variables whose values are being made.
    open: Vec<String>,
    /// Recipes that ran, with their arguments: each runs once.
    done: HashSet<(String, Vec<Text>)>,
    depth: usize,
}

impl<O: Outside> Just<'_, O> {
    fn recipe(&mut self, name: &str, given: &[Value]) -> Result<(), O::Question> {
        let Some(recipe) = self.file.find(name) else {
            self.plan.unknown.push(name.to_owned());
            return Ok(());
        };
        let key = (recipe.name.clone(), given.iter().map(|value| value.text.clone()).collect());
        self.plan.exhausted |= self.depth > DEPTH || !self.outside.spend(name.len());
        if self.plan.exhausted || !self.done.insert(key) {
            return Ok(());
        }
        self.depth += 1;
        let ran = self.run(recipe, given);
        self.depth -= 1;
        ran
    }

    fn run(&mut self, recipe: &Recipe, given: &[Value]) -> Result<(), O::Question> {
        self.arguments.push(HashMap::new());
        self.bind(&recipe.parameters, given)?;
        for dependency in &recipe.before {
            self.depend(dependency)?;
        }
        self.body(recipe)?;
        for dependency in &recipe.after {
            self.depend(dependency)?;
        }
        self.arguments.pop();
        Ok(())
    }

    fn bind(&mut self, parameters: &[Parameter], given: &[Value]) -> Result<(), O::Question> {
        for (index, parameter) in parameters.iter().enumerate() {
            let value = if parameter.variadic && index < given.len() {
                let texts: Vec<Text> = given[index..].iter().map(|value| value.text.clone()).collect();
                Value { text: spaced(&texts), from: given[index].from.clone() }
            } else {
                match (given.get(index), &parameter.default) {
                    (Some(value), _) => value.clone(),
                    (None, Some(default)) => self.expression(default)?,
                    (None, None) => Value::default(),
                }
            };
            if let Some(scope) = self.arguments.last_mut() {
                scope.insert(parameter.name.clone(), value);
            }
        }
        Ok(())
    }

    fn depend(&mut self, dependency: &Dependency) -> Result<(), O::Question> {
        let mut arguments = Vec::new();
        for argument in &dependency.arguments {
            arguments.push(self.expression(argument)?);
        }
        self.recipe(&dependency.name, &arguments)
    }

    fn body(&mut self, recipe: &Recipe) -> Result<(), O::Question> {
        if self.file.other_shell || recipe.other_language() {
            self.plan.unknown.push(recipe.name.clone());
            return Ok(());
        }
        let environment = Rc::new(self.environment(recipe)?);
        let whole = recipe.is_script();
        let mut script = Vec::new();
        for line in &recipe.body {
            let (prefix, rest) = if whole { ("", line.clone()) } else { lines::prefix(line) };
            let pieces = self.interpolated(&rest)?;
            if whole {
                script.extend(pieces);
            } else if !join(&pieces).text.is_empty() {
                self.step(pieces, &environment, (prefix, recipe.quiet));
            }
        }
        if whole {
            self.step(script, &environment, ("", true));
        }
        Ok(())
    }

    fn step(&mut self, line: Vec<Piece>, environment: &Rc<Vec<(String, Value)>>, (prefix, quiet): (&str, bool)) {
        let ignores_failure = prefix.contains('-');
        let silent = prefix.contains('@') != quiet;
        let (environment, errexit) = (environment.clone(), self.file.errexit);
        self.plan.exhausted |= self.plan.steps.len() > 4096;
        if !self.plan.exhausted {
            self.plan.steps.push(Step { line, ignores_failure, silent, environment, errexit, folder: None });
        }
    }

    fn environment(&mut self, recipe: &Recipe) -> Result<Vec<(String, Value)>, O::Question> {
        let exported = self.file.assignments.iter().filter(|assignment| assignment.export || self.file.export);
        let mut names: Vec<&str> = exported.map(|assignment| assignment.name.as_str()).collect();
        let given = recipe.parameters.iter().filter(|parameter| parameter.export || self.file.export);
        names.extend(given.map(|parameter| parameter.name.as_str()));
        names.into_iter().map(|name| Ok((name.to_owned(), self.variable(name)?))).collect()
    }

    /// The value of a variable or parameter.
    fn variable(&mut self, name: &str) -> Result<Value, O::Question> {
        if let Some(value) =
            self.arguments.last().and_then(|scope| scope.get(name)).or_else(|| self.variables.get(name))
        {
            return Ok(value.clone());
        }
        let assignment = self.file.assignments.iter().rev().find(|assignment| assignment.name == name);
        let Some(assignment) = assignment.filter(|_| !self.open.iter().any(|open| open == name)) else {
            return Ok(self.unknown(name));
        };
        self.open.push(name.to_owned());
        let value = self.expression(&assignment.value);
        self.open.pop();
        let mut value = value?;
        value.from.extend(assignment.value.span(0..assignment.value.text().len()));
        self.variables.insert(name.to_owned(), value.clone());
        Ok(value)
    }

    fn unknown(&self, shown: &str) -> Value {
        Value::of(self.outside.derived(&Text::empty(), &format!("{{{{{shown}}}}}"), Change::Other))
    }

    /// A line with its `{{…}}` put in.
    fn interpolated(&mut self, line: &Mapped) -> Result<Vec<Piece>, O::Question> {
        let text = line.text();
        let (mut pieces, mut at) = (Vec::new(), 0);
        while let Some(start) = text[at..].find("{{").map(|found| at + found) {
            pieces.push(Piece::Written(line.slice(at..start)));
            if text[start..].starts_with("{{{{") {
                pieces.push(Piece::Written(line.slice(start..start + 2)));
                at = start + 4;
                continue;
            }
            let end = text[start..].find("}}").map_or(text.len(), |found| start + found);
            let value = self.expression(&line.slice(start + 2..end))?;
            at = (end + 2).min(text.len());
            if let (false, Some(span)) = (value.text.is_empty(), line.span(start..at)) {
                pieces.push(Piece::Value(value, span));
            }
        }
        pieces.push(Piece::Written(line.slice(at..text.len())));
        pieces.retain(|piece| !matches!(piece, Piece::Written(text) if text.text().is_empty()));
        Ok(pieces)
    }
}
