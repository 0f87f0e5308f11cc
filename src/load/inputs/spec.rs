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
    /// `spec:include`: files with further inputs.
    pub include: Option<Value>,
    /// There are inputs that are not read.
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
    /// `rules:` choose the default and the options; the first that holds.
    pub rules: Option<Vec<Rule>>,
}

/// One of the `rules:` of an input.
#[derive(Clone, Debug)]
pub(in crate::load) struct Rule {
    pub condition: Option<Value>,
    pub options: Option<Vec<Value>>,
    pub default: Option<Value>,
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

/// The most options of an input.
const MOST_OPTIONS: usize = 50;

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
        spec.include = map.get("include").filter(|include| !include.is_null()).cloned();
        spec.component = map.get("component").is_some_and(|component| !component.is_null());
        spec.inputs = Spec::inputs(map, faults);
        spec
    }

    /// The inputs of a map that holds `inputs:`.
    pub(in crate::load) fn inputs(map: &Map, faults: &mut Vec<Fault>) -> Vec<Input> {
        let Some(inputs) = map.get("inputs").filter(|inputs| !inputs.is_null()) else { return Vec::new() };
        if let Some(inputs) = inputs.as_map() {
            return inputs.iter().filter_map(|entry| Input::read(entry, faults)).collect();
        }
        faults.push(Fault::new(inputs.at, "header:spec:inputs config should be a hash"));
        Vec::new()
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
            rules: None,
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
        exclusive(map, &place, faults);
        if let Some(rules) = given("rules").and_then(Value::as_list) {
            input.rules = Some(rules.iter().filter_map(Value::as_map).map(Rule::read).collect());
        }
        input.options = options(map, &place, faults);
        if let Some(regex) = given("regex") {
            input.regex = compiled(&input, regex, faults);
        }
        Some(input)
    }
}

impl Rule {
    fn read(map: &Map) -> Rule {
        let options = map.get("options").and_then(Value::as_list).map(<[Value]>::to_vec);
        let condition = map.get("if").filter(|condition| !condition.is_null()).cloned();
        Rule { condition, options, default: map.get("default").cloned() }
    }
}

/// `rules` choose what `options` and `default` say: versions before 18.7 know no rules, and later
/// ones refuse both together (`lib/gitlab/ci/config/header/input.rb`).
fn exclusive(map: &Map, place: &str, faults: &mut Vec<Fault>) {
    for other in ["options", "default"] {
        if let (Some(rules), Some(_)) = (map.entry("rules"), map.get(other)) {
            let message = format!("{place} config these keys cannot be used together: rules, {other}");
            faults.push(Fault::new(rules.key_at, message));
        }
    }
}

/// `options:` (`lib/gitlab/ci/config/entry/base_input.rb`).
fn options(map: &Map, place: &str, faults: &mut Vec<Fault>) -> Option<Vec<Value>> {
    let options = map.get("options").filter(|options| !options.is_null())?;
    let Some(list) = options.as_list() else {
        faults.push(Fault::new(options.at, format!("{place} input options should be an array")));
        return None;
    };
    if list.len() > MOST_OPTIONS {
        let message = format!("{place} config cannot define more than {MOST_OPTIONS} options");
        faults.push(Fault::new(options.at, message));
    }
    Some(list.to_vec())
}

/// What the `regex` crate says of patterns that RE2 does not take either.
const BROKEN: [&str; 5] =
    ["unclosed group", "unopened group", "unclosed character class", "look-around", "backreferences"];

fn compiled(input: &Input, regex: &Value, faults: &mut Vec<Fault>) -> Option<Regex> {
    let name = &input.name;
    let Some(text) = regex.as_text() else {
        let message = format!("header:spec:inputs:{name} input regex should be a string");
        faults.push(Fault::new(regex.at, message));
        return None;
    };
    if !matches!(input.kind, InputKind::String | InputKind::Other) {
        let message = format!("`{name}` input: RegEx validation can only be used with string inputs");
        faults.push(Fault::new(regex.at, message));
        return None;
    }
    let found = Regex::new(text).map_err(|error| error.to_string());
    if found.as_ref().is_err_and(|error| BROKEN.iter().any(|broken| error.contains(broken))) {
        faults.push(Fault::new(regex.at, format!("`{name}` input: invalid regular expression")));
    }
    found.ok()
}
