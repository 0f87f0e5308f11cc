//! The values of expressions, as far as they can be known (buildx's `hclparser`).

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::functions;
use super::syntax::{Block, Body, Each, Expression, Kind, Operator};
use crate::clients::Environment;
use crate::clients::filled::Filled;
use crate::text::{Symbol, Text};

/// How deep calls and variables may lie in one another, and how many expressions a command evaluates.
const DEPTH: u32 = 64;
const STEPS: u32 = 8_000;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// A truth.
    Bool(bool),
    /// A text or number, perhaps with unknown parts.
    Text(Filled),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(Vec<(String, Value)>),
    /// It cannot be told.
    Unknown,
}

/// Names that a function or `for` binds, the inner ones last.
pub type Frame = Vec<(String, Value)>;

struct Function {
    parameters: Vec<String>,
    rest: Option<String>,
    result: Rc<Expression>,
}

/// What the files of a command define.
pub struct Evaluator<'a> {
    environment: &'a dyn Environment,
    /// `--var`.
    given: Vec<(String, Text)>,
    globals: HashMap<String, Rc<Expression>>,
    variables: HashMap<String, Option<Rc<Expression>>>,
    functions: HashMap<String, Function>,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Evaluator<'a> {
    /// Nothing but the process's variables.
    pub fn new(environment: &'a dyn Environment, given: Vec<(String, Text)>) -> Self {
        Evaluator {
            environment,
            given,
            globals: HashMap::new(),
            variables: HashMap::new(),
            functions: HashMap::new(),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// Takes in the attributes, variables and functions of a file; later files win.
    pub fn define(&mut self, body: &Body) {
        self.globals.extend(body.attributes.iter().cloned());
        for block in &body.blocks {
            match block.kind.as_str() {
                "variable" => {
                    self.variables.insert(block.label.clone(), block.body.attribute("default").cloned());
                }
                "function" => self.function(block),
                _ => {}
            }
        }
    }

    fn function(&mut self, block: &Block) {
        let Some(result) = block.body.attribute("result").cloned() else { return };
        let parameters = block.body.attribute("params").map_or(Vec::new(), |list| match &list.kind {
            Kind::List(names) => names.iter().filter_map(spelled).collect(),
            _ => Vec::new(),
        });
        let rest = block.body.attribute("variadic_params").and_then(spelled);
        self.functions.insert(block.label.clone(), Function { parameters, rest, result });
    }

    /// The value of an expression; more than is followed is unknown.
    pub fn value(&self, expression: &Expression, frame: &Frame) -> Value {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEPS || self.depth.get() > DEPTH {
            return Value::Unknown;
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.of_kind(&expression.kind, frame);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn of_kind(&self, kind: &Kind, frame: &Frame) -> Value {
        match kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Template(pieces) => self.joined(pieces, frame),
            Kind::List(items) => Value::List(items.iter().map(|item| self.value(item, frame)).collect()),
            Kind::Map(entries) => self.map(entries, frame),
            Kind::Name(name) => self.name(name, frame),
            Kind::Choice(parts) => match self.truth(&self.value(&parts[0], frame)) {
                Some(true) => self.value(&parts[1], frame),
                Some(false) => self.value(&parts[2], frame),
                None => self.either(&self.value(&parts[1], frame), &self.value(&parts[2], frame)),
            },
            Kind::Call(name, arguments, spread) => self.call(name, arguments, *spread, frame),
            Kind::Part(parts) => part(&self.value(&parts[0], frame), &self.value(&parts[1], frame)),
            Kind::Each(each) => self.each(each, frame),
            Kind::Not(inner) => truth_value(self.truth(&self.value(inner, frame)).map(|truth| !truth)),
            Kind::Operation(operator, sides) => {
                let [left, right] = [0, 1].map(|side| self.value(&sides[side], frame));
                self.operation(*operator, &left, &right)
            }
            Kind::Other => Value::Unknown,
        }
    }

    /// A value that is one of two.
    fn either(&self, one: &Value, other: &Value) -> Value {
        if one == other { one.clone() } else { Value::Unknown }
    }

    fn joined(&self, pieces: &[Expression], frame: &Frame) -> Value {
        if let [only] = pieces {
            return self.value(only, frame);
        }
        let mut whole = Filled::default();
        for piece in pieces {
            match self.value(piece, frame) {
                Value::Text(text) => whole.push(&text),
                Value::Bool(value) => whole.text.push_str(if value { "true" } else { "false" }),
                _ => whole.push(&self.unfollowed()),
            }
        }
        Value::Text(whole)
    }

    /// A text that is not followed; no two are surely equal.
    fn unfollowed(&self) -> Filled {
        let mut filled = Filled::opaque("${…}");
        let key = format!("bake #{}", self.steps.get());
        filled.text = Text::symbol(Symbol::unknown(key.clone(), "${…}", crate::text::Origin::Opaque(key)));
        filled
    }

    fn map(&self, entries: &[(Expression, Expression)], frame: &Frame) -> Value {
        let mut made = Vec::new();
        for (key, value) in entries {
            let Some(key) = literal(&self.value(key, frame)) else { return Value::Unknown };
            made.push((key, self.value(value, frame)));
        }
        Value::Map(made)
    }

    fn name(&self, name: &str, frame: &Frame) -> Value {
        if let Some((_, value)) = frame.iter().rev().find(|(known, _)| known == name) {
            return value.clone();
        }
        if let Some(default) = self.variables.get(name) {
            return self.variable(name, default.as_deref());
        }
        match self.globals.get(name) {
            Some(expression) => self.value(expression, &Frame::new()),
            None => Value::Unknown,
        }
    }

    /// A variable of the file: `--var`, the process's variable of that name, the default.
    fn variable(&self, name: &str, default: Option<&Expression>) -> Value {
        let default = default.map_or(Value::Null, |default| self.value(default, &Frame::new()));
        if let Some((_, text)) = self.given.iter().rev().find(|(known, _)| known == name) {
            return typed(&default, Filled::plain(text.clone()));
        }
        if self.environment.is_unset(name) {
            return default;
        }
        let set = self.environment.get(name);
        let from = if set.is_some() { self.environment.written(name) } else { Vec::new() };
        if let Some(text) = set.clone().filter(|text| text.as_literal().is_some()) {
            return typed(&default, Filled { text, from });
        }
        let text = set.unwrap_or_else(|| Text::symbol(Symbol::setting(name)));
        match self.environment.is_filled(&text) {
            Some(true) => typed(&default, Filled { text, from }),
            Some(false) => default,
            None => Value::Text(Filled { from, ..Filled::opaque(&format!("${{{name}}}")) }),
        }
    }

    fn call(&self, name: &str, arguments: &[Expression], spread: bool, frame: &Frame) -> Value {
        let mut values: Vec<Value> = arguments.iter().map(|argument| self.value(argument, frame)).collect();
        if spread {
            match values.pop() {
                Some(Value::List(items)) => values.extend(items),
                _ => return Value::Unknown,
            }
        }
        let Some(function) = self.functions.get(name) else {
            return match (name, values.as_slice()) {
                ("equal", [left, right]) => self.operation(Operator::Equal, left, right),
                ("notequal", [left, right]) => self.operation(Operator::NotEqual, left, right),
                _ => functions::call(name, &values),
            };
        };
        if values.len() < function.parameters.len() {
            return Value::Unknown;
        }
        let rest = values.split_off(function.parameters.len());
        let mut inner: Frame = function.parameters.iter().cloned().zip(values).collect();
        inner.extend(function.rest.iter().map(|name| (name.clone(), Value::List(rest.clone()))));
        self.value(&function.result, &inner)
    }

    fn each(&self, each: &Each, frame: &Frame) -> Value {
        let entries: Vec<(Value, Value)> = match self.value(&each.over, frame) {
            Value::List(items) => {
                let number = |at: usize| Value::Text(Filled::plain(Text::literal(at.to_string())));
                items.into_iter().enumerate().map(|(at, item)| (number(at), item)).collect()
            }
            Value::Map(entries) => {
                let text = |key: String| Value::Text(Filled::plain(Text::literal(key)));
                entries.into_iter().map(|(key, item)| (text(key), item)).collect()
            }
            _ => return Value::Unknown,
        };
        let mut made = Vec::new();
        for (key, item) in entries {
            let mut inner = frame.clone();
            inner.extend(each.key.iter().map(|name| (name.clone(), key.clone())));
            inner.push((each.item.clone(), item));
            match each.condition.as_ref().map(|condition| self.truth(&self.value(condition, &inner))) {
                Some(Some(false)) => continue,
                Some(None) => return Value::Unknown,
                Some(Some(true)) | None => made.push(self.value(&each.value, &inner)),
            }
        }
        Value::List(made)
    }

    fn operation(&self, operator: Operator, left: &Value, right: &Value) -> Value {
        match operator {
            Operator::Equal => truth_value(self.equal(left, right)),
            Operator::NotEqual => truth_value(self.equal(left, right).map(|equal| !equal)),
            Operator::And | Operator::Or => {
                let decides = operator == Operator::Or;
                match (self.truth(left), self.truth(right)) {
                    (Some(one), _) | (_, Some(one)) if one == decides => Value::Bool(decides),
                    (Some(_), Some(_)) => Value::Bool(!decides),
                    _ => Value::Unknown,
                }
            }
        }
    }

    /// Whether two values are equal; against the empty text, the walk may be asked.
    fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        if let (Value::Text(left), Value::Text(right)) = (left, right) {
            return match (left.text.as_literal(), right.text.as_literal()) {
                (Some(left), Some(right)) => Some(left == right),
                (Some(""), None) => self.environment.is_filled(&right.text).map(|filled| !filled),
                (None, Some("")) => self.environment.is_filled(&left.text).map(|filled| !filled),
                _ => (left.text == right.text).then_some(true),
            };
        }
        functions::known_equal(left, right)
    }

    fn truth(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Bool(truth) => Some(*truth),
            Value::Text(text) => match text.text.as_literal()? {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

fn truth_value(truth: Option<bool>) -> Value {
    truth.map_or(Value::Unknown, Value::Bool)
}

/// A process's variable in the place of a default of this type.
fn typed(default: &Value, given: Filled) -> Value {
    match (default, given.text.as_literal()) {
        (Value::Null | Value::Text(_), _) => Value::Text(given),
        (Value::Bool(_), Some("true" | "1" | "t" | "T" | "TRUE" | "True")) => Value::Bool(true),
        (Value::Bool(_), Some("false" | "0" | "f" | "F" | "FALSE" | "False")) => Value::Bool(false),
        _ => Value::Unknown,
    }
}

fn spelled(expression: &Rc<Expression>) -> Option<String> {
    match &expression.kind {
        Kind::Name(name) => Some(name.clone()),
        Kind::Text(text) => text.text.as_literal().map(str::to_owned),
        _ => None,
    }
}

/// A text that is known to the end.
pub fn literal(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { text.text.as_literal().map(str::to_owned) } else { None }
}

fn part(whole: &Value, index: &Value) -> Value {
    let Some(index) = literal(index) else { return Value::Unknown };
    match whole {
        Value::List(items) => index.parse().ok().and_then(|at: usize| items.get(at).cloned()).unwrap_or(Value::Unknown),
        Value::Map(entries) => {
            let entry = entries.iter().rev().find(|(key, _)| *key == index);
            entry.map_or(Value::Unknown, |(_, value)| value.clone())
        }
        _ => Value::Unknown,
    }
}
