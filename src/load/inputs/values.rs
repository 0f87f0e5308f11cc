//! The values of a file's inputs: what the include gives, else the defaults, each checked as GitLab
//! does (`lib/gitlab/ci/config/interpolation/inputs/`), in its words.

use std::collections::HashMap;
use std::sync::Arc;

use super::is_open;
use super::spec::{Input, InputKind, Spec};
use crate::load::Fault;
use crate::source::Span;
use crate::value::{Kind, Map, Value};

/// The value of each input; `None`: whoever starts the pipeline gives it.
pub(in crate::load) struct Values {
    pub(super) known: HashMap<Arc<str>, Option<Value>>,
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
    let mut values =
        Values { known: HashMap::with_capacity(spec.inputs.len()), is_open: spec.is_open, component: spec.component };
    for entry in given.into_iter().flat_map(Map::iter) {
        if spec.input(&entry.key).is_none() && !spec.is_open {
            let fault = Fault::new(entry.key_at, format!("unknown input arguments: {}", entry.key));
            faults.push(fault.nearest(&entry.key, spec.inputs.iter().map(|input| &*input.name)));
        }
    }
    for input in &spec.inputs {
        let own = given.and_then(|given| given.get(&input.name)).filter(|value| !value.is_null());
        let default = input.default.as_ref();
        if let Some(fault) = default.and_then(|default| input.rejects(default, "default")) {
            faults.push(fault);
        }
        if let Some(fault) = own.and_then(|own| input.rejects(own, "provided")) {
            faults.push(fault);
        }
        if let (None, None, false, Some(at)) = (own, default, input.has_rules, include_at) {
            let mut fault = Fault::new(at, input.says("required value has not been provided"));
            fault.labels.push((input.name_at, "the input has no default".to_owned()));
            faults.push(fault);
        }
        values.known.insert(input.name.clone(), own.or(default).cloned());
    }
    values
}

impl Input {
    fn says(&self, words: &str) -> String {
        format!("`{}` input: {words}", self.name)
    }

    /// What is wrong with a value, if something is. `which`: default or provided.
    fn rejects(&self, value: &Value, which: &str) -> Option<Fault> {
        if value.is_null() || is_open(value) {
            return None;
        }
        let fits = match self.kind {
            InputKind::String => matches!(value.kind, Kind::Text(_)),
            InputKind::Number => matches!(value.kind, Kind::Number(_)),
            InputKind::Boolean => matches!(value.kind, Kind::Bool(_)),
            InputKind::Array => matches!(value.kind, Kind::List(_)),
            InputKind::Other => true,
        };
        if !fits {
            let article = if self.kind == InputKind::Array { "an" } else { "a" };
            let mut fault =
                Fault::new(value.at, self.says(&format!("{which} value is not {article} {}", self.kind.name())));
            if let (InputKind::String, Some(written)) = (self.kind, value.scalar()) {
                fault.help = Some(format!("quote it: \"{written}\""));
            }
            return Some(fault);
        }
        self.not_among_options(value).or_else(|| self.mismatch(value, which))
    }

    fn not_among_options(&self, value: &Value) -> Option<Fault> {
        let options = self.options.as_ref()?;
        let text = value.scalar()?;
        if options.iter().any(|option| is_open(option) || option.scalar().as_deref() == Some(&text)) {
            return None;
        }
        let words = format!("`{text}` cannot be used because it is not in the list of allowed options");
        let names: Vec<String> = options.iter().filter_map(Value::scalar).collect();
        Some(Fault::new(value.at, self.says(&words)).nearest(&text, names.iter().map(String::as_str)))
    }

    fn mismatch(&self, value: &Value, which: &str) -> Option<Fault> {
        let (regex, text) = (self.regex.as_ref()?, value.as_text()?);
        let words = format!("{which} value does not match required RegEx pattern");
        (!regex.is_match(text)).then(|| Fault::new(value.at, self.says(&words)))
    }
}
