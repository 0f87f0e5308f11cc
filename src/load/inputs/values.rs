//! The values of a file's inputs: what the include gives, else the defaults, each checked as GitLab
//! does (`lib/ci/inputs/`), in its words. Newer versions turn what is given into the input's type
//! first (`coerced_value`): a number is a fine string, and `"5"` a fine number.

use std::collections::HashMap;
use std::sync::Arc;

use super::apply::inspected;
use super::is_open;
use super::spec::{Input, InputKind, Rule, Spec};
use crate::load::Fault;
use crate::rules;
use crate::source::{Mapped, Span};
use crate::value::{Kind, Map, Value};

/// The value of each input; `None`: whoever starts the pipeline gives it.
pub(in crate::load) struct Values {
    pub(super) known: HashMap<Arc<str>, Option<Value>>,
    /// For those without a value, all that it can be.
    pub(super) choices: HashMap<Arc<str>, Vec<Value>>,
    /// Other inputs may exist.
    pub(super) is_open: bool,
    /// `$[[ component.… ]]` means something.
    pub(super) component: bool,
}

/// The values for an include that gives `given`; `include_at`: the include, `None` for the pipeline's
/// own file, whose mandatory inputs a person fills in.
pub(in crate::load) fn values(
    spec: &Spec,
    given: Option<&Map>,
    include_at: Option<Span>,
    faults: &mut Vec<Fault>,
) -> Values {
    let mut values = Values {
        known: HashMap::with_capacity(spec.inputs.len()),
        choices: HashMap::new(),
        is_open: spec.is_open,
        component: spec.component,
    };
    for entry in given.into_iter().flat_map(Map::iter) {
        if spec.input(&entry.key).is_none() && !spec.is_open {
            let fault = Fault::new(entry.key_at, format!("unknown input arguments: {}", entry.key));
            faults.push(fault.nearest(&entry.key, spec.inputs.iter().map(|input| &*input.name)));
        }
    }
    // Rules may ask for what is given to any input, but for the defaults of those before only.
    for input in &spec.inputs {
        let own = given.and_then(|given| given.get(&input.name)).filter(|value| !value.is_null());
        values.known.extend(own.map(|own| (input.name.clone(), Some(input.typed(own)))));
    }
    for input in &spec.inputs {
        let own = given.and_then(|given| given.get(&input.name)).filter(|value| !value.is_null());
        let rule = input.rule(&values);
        let default = input.default.as_ref().or_else(|| rule.known()?.default.as_ref());
        let options = input.options.as_deref().or_else(|| rule.known()?.options.as_deref());
        faults.extend(default.and_then(|default| input.rejects(default, "default", options)));
        faults.extend(own.and_then(|own| input.rejects(own, "provided", options)));
        if let (None, true, Some(at)) = (own, input.is_mandatory(), include_at) {
            let mut fault = Fault::new(at, input.says("required value has not been provided"));
            fault.labels.push((input.name_at, "the input has no default".to_owned()));
            faults.push(fault);
        }
        let value = own.or(default).filter(|value| !value.is_null()).map(|value| input.typed(value));
        if value.is_none() {
            values.choices.extend(input.choices(options).map(|choices| (input.name.clone(), choices)));
        }
        values.known.insert(input.name.clone(), value);
    }
    values
}

/// Which of an input's rules holds.
enum Chosen<'i> {
    Rule(&'i Rule),
    None,
    Unknown,
}

impl<'i> Chosen<'i> {
    fn known(&self) -> Option<&'i Rule> {
        if let Chosen::Rule(rule) = self { Some(rule) } else { None }
    }
}

impl Input {
    fn says(&self, words: &str) -> String {
        format!("`{}` input: {words}", self.name)
    }

    /// Without a default, and no rule that could give one (`base_input.rb`, `required?`).
    fn is_mandatory(&self) -> bool {
        let gives = |rule: &Rule| rule.default.is_some() || rule.condition.is_none();
        self.default.is_none() && !self.rules.as_ref().is_some_and(|rules| rules.iter().any(gives))
    }

    /// The first rule whose condition holds for the inputs before this one.
    fn rule(&self, values: &Values) -> Chosen<'_> {
        for rule in self.rules.iter().flatten() {
            let holds = match &rule.condition {
                None => Some(true),
                Some(condition) => holds(condition, values),
            };
            match holds {
                Some(true) => return Chosen::Rule(rule),
                Some(false) => {}
                None => return Chosen::Unknown,
            }
        }
        Chosen::None
    }

    /// All that an input without a value can be.
    fn choices(&self, options: Option<&[Value]>) -> Option<Vec<Value>> {
        let bool = |value| Value::new(self.name_at, Kind::Bool(value));
        match (options, self.kind) {
            (Some(options), _) if !options.is_empty() && !options.iter().any(is_open) => Some(options.to_vec()),
            (None, InputKind::Boolean) => Some(vec![bool(true), bool(false)]),
            _ => None,
        }
    }

    /// The value in the input's type.
    fn typed(&self, value: &Value) -> Value {
        let kind = match (self.kind, &value.kind) {
            (InputKind::String, Kind::List(_) | Kind::Map(_)) if !is_open(value) => Some(inspected(value, 0)),
            (InputKind::String, Kind::Number(_) | Kind::Bool(_)) => value.scalar(),
            (InputKind::Number, Kind::Text(text)) if is_number(text.text()) => {
                return Value { kind: Kind::Number(text.text().to_owned()), ..value.clone() };
            }
            (InputKind::Boolean, Kind::Text(text)) if matches!(text.text(), "true" | "false") => {
                return Value { kind: Kind::Bool(text.text() == "true"), ..value.clone() };
            }
            _ => None,
        };
        match kind {
            Some(text) => Value { kind: Kind::Text(Arc::new(Mapped::coarse(text, value.at))), ..value.clone() },
            None => value.clone(),
        }
    }

    /// What is wrong with a value, if something is. `which`: default or provided.
    fn rejects(&self, value: &Value, which: &str, options: Option<&[Value]>) -> Option<Fault> {
        if value.is_null() || is_open(value) {
            return None;
        }
        let fits = match (self.kind, &value.kind) {
            (InputKind::Number, Kind::Text(text)) => is_number(text.text()),
            (InputKind::Number, kind) => matches!(kind, Kind::Number(_)),
            (InputKind::Boolean, Kind::Text(text)) => matches!(text.text(), "true" | "false"),
            (InputKind::Boolean, kind) => matches!(kind, Kind::Bool(_)),
            (InputKind::Array, Kind::Text(text)) => text.text().trim_start().starts_with('['),
            (InputKind::Array, kind) => matches!(kind, Kind::List(_)),
            (InputKind::String | InputKind::Other, _) => true,
        };
        if !fits {
            let article = if self.kind == InputKind::Array { "an" } else { "a" };
            let words = format!("{which} value is not {article} {}", self.kind.name());
            return Some(Fault::new(value.at, self.says(&words)));
        }
        self.not_among(options, value).or_else(|| self.mismatch(value, which))
    }

    fn not_among(&self, options: Option<&[Value]>, value: &Value) -> Option<Fault> {
        let (options, text) = (options?, value.scalar()?);
        let number = |text: &str| text.parse::<f64>().ok();
        let same = |option: &Value| {
            let option = option.scalar().unwrap_or_default();
            option == text
                || self.kind == InputKind::Number && number(&option).is_some_and(|n| Some(n) == number(&text))
        };
        if options.iter().any(|option| is_open(option) || same(option)) {
            return None;
        }
        let words = format!("`{text}` cannot be used because it is not in the list of allowed options");
        let names: Vec<String> = options.iter().filter_map(Value::scalar).collect();
        Some(Fault::new(value.at, self.says(&words)).nearest(&text, names.iter().map(String::as_str)))
    }

    fn mismatch(&self, value: &Value, which: &str) -> Option<Fault> {
        let (regex, text) = (self.regex.as_ref()?, value.scalar()?);
        let words = format!("{which} value does not match required RegEx pattern");
        (!regex.is_match(&text)).then(|| Fault::new(value.at, self.says(&words)))
    }
}

/// A number as JSON writes it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = |char: char| char.is_ascii_digit() || matches!(char, '.' | 'e' | 'E' | '+' | '-');
    digits.starts_with(|char: char| char.is_ascii_digit()) && digits.chars().all(plain) && text.parse::<f64>().is_ok()
}

/// Whether an `if:` over inputs holds; each block is put in as the literal that it means.
fn holds(condition: &Value, values: &Values) -> Option<bool> {
    let written = condition.as_text()?;
    let (mut text, mut from) = (String::new(), 0);
    for (range, data) in super::block::blocks(written) {
        text.push_str(&written[from..range.start]);
        match values.known.get(data.strip_prefix("inputs.")?)?.as_ref().map(|value| &value.kind) {
            Some(Kind::Text(value)) if !value.text().contains('\'') => {
                text.push('\'');
                text.push_str(value.text());
                text.push('\'');
            }
            Some(Kind::Bool(value)) => text.push_str(if *value { "true" } else { "false" }),
            _ => return None,
        }
        from = range.end;
    }
    text.push_str(&written[from..]);
    rules::decide(&Mapped::coarse(text, condition.at), condition.at)
}
