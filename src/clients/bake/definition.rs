//! What the files of a `bake` command define together: targets and groups, with inheritance and
//! what the command line overrides (buildx's `bake`).

use std::rc::Rc;

use super::evaluate::{Evaluator, Frame, Value, literal};
use super::syntax::{Block, Body, Expression, Kind};
use crate::clients::Arg;
use crate::clients::compose::{Project, Word};
use crate::clients::filled::Filled;

/// How deep groups and inheritance may lie in one another, and how many targets there may be.
const DEPTH: usize = 16;
const TARGETS: usize = 256;

/// A target.
struct Target {
    name: String,
    attributes: Vec<(String, Rc<Expression>)>,
    /// The matrix's values for it.
    frame: Frame,
}

/// `--set target.key=value`.
pub struct Override {
    /// The targets, as a pattern.
    pub pattern: String,
    /// The attribute.
    pub key: String,
    /// The value.
    pub value: Arg,
    /// `+=`
    pub appends: bool,
}

/// What is defined.
pub struct Definition<'a> {
    evaluator: Evaluator<'a>,
    targets: Vec<Target>,
    groups: Vec<(String, Vec<String>)>,
    overrides: Vec<Override>,
}

/// Something that decides over pushes and cannot be told.
pub struct Untold;

impl<'a> Definition<'a> {
    /// Nothing yet but variables and overrides.
    pub fn new(evaluator: Evaluator<'a>, overrides: Vec<Override>) -> Self {
        Definition { evaluator, targets: Vec::new(), groups: Vec::new(), overrides }
    }

    /// Takes in the services of compose files.
    pub fn add_project(&mut self, project: &Project) {
        let mut names = Vec::new();
        for service in project.services.iter().filter(|service| service.built) {
            let name = service.name.replace('.', "_");
            let words = |words: &[Word]| -> Vec<Rc<Expression>> {
                let filled = words.iter().map(|word| word.filled(&project.variables));
                filled.map(|arg| Rc::new(word(arg))).collect()
            };
            let mut tags = words(&service.tags);
            tags.extend(words(&service.bake_tags));
            if tags.is_empty() {
                tags.extend(words(service.image.as_slice()));
            }
            let mut attributes = Vec::new();
            for (key, words) in
                [("tags", tags), ("output", words(&service.bake_outputs)), ("cache-to", words(&service.caches))]
            {
                if let Some(first) = words.first() {
                    attributes.push((key.to_owned(), Rc::new(Expression { at: first.at, kind: Kind::List(words) })));
                }
            }
            self.add(Target { name: name.clone(), attributes, frame: Frame::new() });
            names.push(name);
        }
        self.groups.push(("default".to_owned(), names));
    }

    /// Takes in the files' variables and functions, then their targets and groups; later ones win.
    pub fn add_files(&mut self, bodies: &[Body]) -> Result<(), Untold> {
        bodies.iter().for_each(|body| self.evaluator.define(body));
        for block in bodies.iter().flat_map(|body| &body.blocks) {
            match block.kind.as_str() {
                "target" => self.add_target(block)?,
                "group" => {
                    let targets = block.body.attribute("targets");
                    let targets = targets.map_or(Ok(Vec::new()), |list| self.names(list, &Frame::new()))?;
                    self.groups.retain(|(name, _)| *name != block.label);
                    self.groups.push((block.label.clone(), targets));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_target(&mut self, block: &Block) -> Result<(), Untold> {
        let attributes = &block.body.attributes;
        let Some(matrix) = block.body.attribute("matrix") else {
            self.add(Target { name: block.label.clone(), attributes: attributes.clone(), frame: Frame::new() });
            return Ok(());
        };
        let Value::Map(axes) = self.evaluator.value(matrix, &Frame::new()) else { return Err(Untold) };
        let name = block.body.attribute("name").ok_or(Untold)?;
        let mut made = Vec::new();
        for frame in frames(&axes)? {
            let name = literal(&self.evaluator.value(name, &frame)).ok_or(Untold)?;
            made.push(name.clone());
            self.add(Target { name, attributes: attributes.clone(), frame });
        }
        self.groups.push((block.label.clone(), made));
        Ok(())
    }

    /// Adds a target, or lays it over one of its name.
    fn add(&mut self, target: Target) {
        match self.targets.iter().position(|known| known.name == target.name) {
            Some(at) => self.targets[at].attributes.extend(target.attributes),
            None if self.targets.len() < TARGETS => self.targets.push(target),
            None => {}
        }
    }

    fn names(&self, list: &Expression, frame: &Frame) -> Result<Vec<String>, Untold> {
        let Value::List(items) = self.evaluator.value(list, frame) else { return Err(Untold) };
        items.iter().map(|item| literal(item).ok_or(Untold)).collect()
    }

    /// The targets that these words name, each once.
    pub fn selected(&self, words: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for word in words {
            let pattern = glob::Pattern::new(word).ok().filter(|_| word.contains(['*', '?', '[']));
            match pattern {
                Some(pattern) => {
                    let groups = self.groups.iter().map(|(name, _)| name);
                    let names = groups.chain(self.targets.iter().map(|target| &target.name));
                    names.filter(|name| pattern.matches(name)).for_each(|name| self.expand(name, &mut found, 0));
                }
                None => self.expand(word, &mut found, 0),
            }
        }
        found
    }

    fn expand(&self, name: &str, found: &mut Vec<String>, depth: usize) {
        match self.groups.iter().find(|(group, _)| group == name).filter(|_| depth < DEPTH) {
            Some((_, targets)) => targets.iter().for_each(|target| self.expand(target, found, depth + 1)),
            None if found.len() < TARGETS && !found.iter().any(|known| known == name) => found.push(name.to_owned()),
            None => {}
        }
    }

    /// The words of a list attribute of a target, with what it inherits and what the command line says.
    pub fn words(&self, target: &str, key: &str) -> Result<Vec<Arg>, Untold> {
        Ok(self.list(target, key, 0)?.unwrap_or_default())
    }

    fn list(&self, name: &str, key: &str, depth: usize) -> Result<Option<Vec<Arg>>, Untold> {
        let Some(target) = self.targets.iter().find(|target| target.name == name).filter(|_| depth < DEPTH) else {
            return Ok(None);
        };
        let mut list = match target.attributes.iter().rev().find(|(known, _)| known == key) {
            Some((_, expression)) if !matches!(expression.kind, Kind::Null) => {
                Some(self.items(expression, &target.frame)?)
            }
            _ => self.inherited(target, key, depth)?,
        };
        let (added, set): (Vec<&Override>, Vec<&Override>) = self.overrides(name, key).partition(|given| given.appends);
        if !set.is_empty() {
            list = Some(set.into_iter().map(|given| given.value.clone()).collect());
        }
        if !added.is_empty() {
            list.get_or_insert_default().extend(added.into_iter().map(|given| given.value.clone()));
        }
        Ok(list)
    }

    fn inherited(&self, target: &Target, key: &str, depth: usize) -> Result<Option<Vec<Arg>>, Untold> {
        let inherits = target.attributes.iter().rev().find(|(known, _)| known == "inherits");
        let bases = inherits.map_or(Ok(Vec::new()), |(_, list)| self.names(list, &target.frame))?;
        for base in bases.iter().rev() {
            if let Some(list) = self.list(base, key, depth + 1)? {
                return Ok(Some(list));
            }
        }
        Ok(None)
    }

    /// What the command line sets for a target.
    pub fn overrides<'s>(&'s self, target: &'s str, key: &'s str) -> impl Iterator<Item = &'s Override> {
        self.overrides.iter().filter(move |given| {
            let fits = || glob::Pattern::new(&given.pattern).is_ok_and(|pattern| pattern.matches(target));
            given.key == key && (given.pattern == target || fits())
        })
    }

    /// The items of a list, each at the place where it is written.
    fn items(&self, list: &Expression, frame: &Frame) -> Result<Vec<Arg>, Untold> {
        if let Kind::List(items) = &list.kind {
            let arg = |item: &Rc<Expression>| arg(self.evaluator.value(item, frame), item);
            return items.iter().map(arg).collect();
        }
        match self.evaluator.value(list, frame) {
            Value::List(items) => items.into_iter().map(|item| arg(item, list)).collect(),
            Value::Null => Ok(Vec::new()),
            _ => Err(Untold),
        }
    }
}

/// A list's item as a word; a map as the comma list that means the same.
fn arg(value: Value, written: &Expression) -> Result<Arg, Untold> {
    let filled = match value {
        Value::Text(filled) => filled,
        Value::Map(entries) => {
            let mut whole = Filled::default();
            for (index, (key, value)) in entries.iter().enumerate() {
                whole.text.push_str(if index > 0 { "," } else { "" });
                whole.text.push_str(&format!("{key}="));
                match value {
                    Value::Text(text) => whole.push(text),
                    Value::Bool(truth) => whole.text.push_str(if *truth { "true" } else { "false" }),
                    _ => return Err(Untold),
                }
            }
            whole
        }
        _ => return Err(Untold),
    };
    Ok(Arg { text: filled.text, at: written.at, from: filled.from, vanishes: false })
}

/// A word as an expression.
fn word(arg: Arg) -> Expression {
    Expression { at: arg.at, kind: Kind::Text(Filled { text: arg.text, from: arg.from }) }
}

/// Every combination of a matrix.
fn frames(axes: &[(String, Value)]) -> Result<Vec<Frame>, Untold> {
    let mut frames = vec![Frame::new()];
    for (name, values) in axes {
        let Value::List(values) = values else { return Err(Untold) };
        if frames.len() * values.len() > TARGETS {
            return Err(Untold);
        }
        let with = |frame: &Frame, value: &Value| {
            let mut frame = frame.clone();
            frame.push((name.clone(), value.clone()));
            frame
        };
        frames = frames.iter().flat_map(|frame| values.iter().map(move |value| with(frame, value))).collect();
    }
    Ok(frames)
}
