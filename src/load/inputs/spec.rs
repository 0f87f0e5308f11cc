//! The header of a file: which inputs it takes. GitLab: `lib/gitlab/ci/config/header/`.

use std::sync::Arc;

use regex::Regex;

use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Map, Value};

/// What a header says.
#[derive(Clone, Debug, Default)]
pub(in crate::load) struct Spec {
    pub inputs: Vec<Input>,
    /// `spec:include` brings inputs that are not read.
    pub is_open: bool,
    /// The names of `spec:component`.
    pub component: bool,
}

/// One input.
#[derive(Clone, Debug)]
pub(in crate::load) struct Input {
    pub name: Arc<str>,
    pub name_at: Span,
    pub kind: InputKind,
    pub default: Option<Value>,
    pub options: Option<Vec<Value>>,
    pub regex: Option<Regex>,
    /// `rules:` choose the default and the options.
    pub has_rules: bool,
}

/// The types of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load) enum InputKind {
    String,
    Number,
    Boolean,
    Array,
    /// One that is not known here: any value will do.
    Other,
}

const KINDS: [(&str, InputKind); 4] = [
    ("array", InputKind::Array),
    ("boolean", InputKind::Boolean),
    ("number", InputKind::Number),
    ("string", InputKind::String),
];

impl InputKind {
    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("string", |(name, _)| name)
    }
}

const SPEC_KEYS: [&str; 4] = ["inputs", "include", "component", "description"];
const INPUT_KEYS: [&str; 6] = ["default", "description", "options", "regex", "type", "rules"];

impl Spec {
    /// Reads the value of `spec:`.
    pub(in crate::load) fn read(value: &Value, faults: &mut Vec<Fault>) -> Spec {
        let mut spec = Spec::default();
        let Some(map) = value.as_map() else {
            if !value.is_null() {
                faults.push(Fault::new(value.at, "header:spec config should be a hash"));
            }
            return spec;
        };
        unknown_keys(map, "header:spec", &SPEC_KEYS, faults);
        spec.is_open = map.get("include").is_some_and(|include| !include.is_null());
        spec.component = map.get("component").is_some_and(|component| !component.is_null());
        let Some(inputs) = map.get("inputs").filter(|inputs| !inputs.is_null()) else { return spec };
        match inputs.as_map() {
            Some(inputs) => spec.inputs = inputs.iter().filter_map(|entry| Input::read(entry, faults)).collect(),
            None => faults.push(Fault::new(inputs.at, "header:spec:inputs config should be a hash")),
        }
        spec
    }

    pub(super) fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| &*input.name == name)
    }
}

/// Keys that are surely slips: others may be of a later version.
fn unknown_keys(map: &Map, place: &str, known: &[&str], faults: &mut Vec<Fault>) {
    for entry in map.iter().filter(|entry| !known.contains(&&*entry.key)) {
        let message = format!("{place} config contains unknown keys: {}", entry.key);
        let fault = Fault::new(entry.key_at, message).nearest(&entry.key, known.iter().copied());
        faults.extend(fault.help.is_some().then_some(fault));
    }
}

impl Input {
    fn read(entry: &Entry, faults: &mut Vec<Fault>) -> Option<Input> {
        let mut input = Input {
            name: entry.key.clone(),
            name_at: entry.key_at,
            kind: InputKind::String,
            default: None,
            options: None,
            regex: None,
            has_rules: false,
        };
        if entry.value.is_null() {
            return Some(input);
        }
        let place = format!("header:spec:inputs:{}", entry.key);
        let Some(map) = entry.value.as_map() else {
            faults.push(Fault::new(entry.value.at, format!("{place} config should be a hash")));
            return None;
        };
        unknown_keys(map, &place, &INPUT_KEYS, faults);
        let given = |key: &str| map.get(key).filter(|value| !value.is_null());
        if let Some(kind) = given("type") {
            let name = kind.scalar().unwrap_or_default();
            let found = KINDS.iter().find(|(known, _)| *known == name);
            input.kind = found.map_or(InputKind::Other, |(_, kind)| *kind);
            let fault = Fault::new(kind.at, format!("{place} input type unknown value: {name}"));
            let fault = fault.nearest(&name, KINDS.iter().map(|(known, _)| *known));
            faults.extend((found.is_none() && fault.help.is_some()).then_some(fault));
        }
        input.default = map.get("default").cloned();
        input.has_rules = given("rules").is_some();
        input.options = given("options").and_then(Value::as_list).map(<[Value]>::to_vec);
        if let Some(regex) = given("regex") {
            input.regex = compiled(&input, regex, faults);
        }
        Some(input)
    }
}

fn compiled(input: &Input, regex: &Value, faults: &mut Vec<Fault>) -> Option<Regex> {
    let found = regex.as_text().and_then(|text| Regex::new(text).ok());
    let name = &input.name;
    if !matches!(input.kind, InputKind::String | InputKind::Other) {
        let message = format!("`{name}` input: RegEx validation can only be used with string inputs");
        faults.push(Fault::new(regex.at, message));
        return None;
    }
    if found.is_none() {
        faults.push(Fault::new(regex.at, format!("`{name}` input: invalid regular expression")));
    }
    found
}
