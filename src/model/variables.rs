//! The variables of a job, expanded. Jobs share what they have in common: most variables of most
//! jobs are the top-level ones, expanded once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Variable;
use super::expand::{Token, expand, opaque, tokens};
use crate::source::Span;
use crate::text::{Inputs, Origin, Symbol, Text};
use crate::value::{Entry, Kind, Map};

/// The deepest chain of variables that name each other.
const DEEPEST: usize = 200;
/// The most definitions that are remembered of one value.
const MOST_FROM: usize = 32;

/// Expanded variables by name: those that jobs share, and a job's own over them.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    shared: Arc<BTreeMap<Arc<str>, Variable>>,
    own: Arc<BTreeMap<Arc<str>, Variable>>,
}

impl Variables {
    /// The variable of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.own.get(name).or_else(|| self.shared.get(name))
    }

    /// All of them, each name once, in no useful order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        let shared = self.shared.iter().filter(|(name, _)| !self.own.contains_key(*name));
        shared.chain(self.own.iter()).map(|(name, variable)| (&**name, variable))
    }

    /// Collects the names of which these and others hold different variables.
    pub fn differing(&self, other: &Variables, names: &mut BTreeSet<Arc<str>>) {
        let mut layers = vec![&self.own, &other.own];
        if !Arc::ptr_eq(&self.shared, &other.shared) {
            layers.extend([&self.shared, &other.shared]);
        }
        let all = layers.into_iter().flat_map(|layer| layer.keys());
        names.extend(all.filter(|name| self.get(name) != other.get(name)).cloned());
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.own.is_empty()
    }

    /// Whether both hold the same values.
    #[must_use]
    pub fn same(&self, other: &Variables) -> bool {
        let own = Arc::ptr_eq(&self.own, &other.own) || self.own == other.own;
        own && (Arc::ptr_eq(&self.shared, &other.shared) || self.shared == other.shared)
    }
}

impl FromIterator<(String, Variable)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, Variable)>>(variables: I) -> Self {
        let own = variables.into_iter().map(|(name, variable)| (Arc::from(name), variable)).collect();
        Variables { shared: Arc::default(), own: Arc::new(own) }
    }
}

/// A variable as the files define it.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub name: Arc<str>,
    pub key_at: Span,
    pub at: Span,
    pub raw: Raw,
}

/// What is written as a value.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    /// It may name other variables.
    Written(String),
    /// It is final.
    Final(Text),
}

impl Definition {
    /// Reads an entry of `variables:`: a scalar, or a map with `value`, `description`, `options`, `expand`.
    pub(super) fn read(entry: &Entry) -> Definition {
        let (raw, at) = match &entry.value.kind {
            Kind::Map(map) => {
                let value = map.get("value");
                let text = value.and_then(|value| value.scalar()).unwrap_or_default();
                let is_raw = map.get("expand").is_some_and(|expand| matches!(expand.kind, Kind::Bool(false)));
                let raw = match value.map(|value| &value.kind) {
                    Some(Kind::List(_) | Kind::Map(_) | Kind::Reference(_)) => unknown(entry),
                    _ if is_raw => Raw::Final(Text::literal(text)),
                    _ => Raw::Written(text),
                };
                (raw, value.map_or(entry.value.at, |value| value.at))
            }
            Kind::List(_) | Kind::Reference(_) => (unknown(entry), entry.value.at),
            _ => (Raw::Written(entry.value.scalar().unwrap_or_default()), entry.value.at),
        };
        let raw = if matches!(&raw, Raw::Written(text) if is_placeholder(text)) { unknown(entry) } else { raw };
        Definition { name: entry.key.clone(), key_at: entry.key_at, at, raw }
    }

    /// A value that only the run knows.
    pub(super) fn given(entry: &Entry) -> Definition {
        let name = &*entry.key;
        let origin = Origin::Setting(name.to_owned());
        let symbol = Symbol::unknown(format!("given:{name}"), format!("${name}"), origin);
        let raw = Raw::Final(Text::symbol(symbol));
        Definition { name: entry.key.clone(), key_at: entry.key_at, at: entry.key_at, raw }
    }

    /// Whether both give one name the same final value.
    pub(super) fn same(&self, other: &Definition) -> bool {
        let is_same = |one: &Raw, other: &Raw| match (one, other) {
            (Raw::Final(one), Raw::Final(other)) => one == other,
            (Raw::Written(one), Raw::Written(other)) => one == other,
            _ => false,
        };
        self.name == other.name && is_same(&self.raw, &other.raw)
    }

    /// Takes `$[[` for text: two dollars are one.
    pub(super) fn keep_blocks(&mut self) {
        if let Raw::Written(text) = &mut self.raw
            && text.contains("$[[")
        {
            *text = text.replace("$[[", "$$[[");
        }
    }

    /// The names that the value mentions.
    pub(super) fn mentions(&self) -> Vec<&str> {
        let Raw::Written(text) = &self.raw else { return Vec::new() };
        if !text.contains(['$', '%']) {
            return Vec::new();
        }
        let name = |token| match token {
            Token::Name(name) | Token::Percent(name, _) => Some(name),
            _ => None,
        };
        tokens(text).into_iter().filter_map(name).collect()
    }
}

/// A value that somebody is meant to replace: `<registry>`, `CHANGE_ME`, `YOUR_PROJECT`.
fn is_placeholder(text: &str) -> bool {
    let marked = text.find('<').is_some_and(|start| text[start..].contains('>'));
    let shouts = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || b"_- ".contains(&byte));
    let asks = ["CHANGE", "REPLACE", "YOUR", "INSERT", "TODO", "FIXME", "PLACEHOLDER"];
    marked || (shouts && asks.iter().any(|word| text.starts_with(word)))
}

/// A value that is not there or is no scalar.
fn unknown(entry: &Entry) -> Raw {
    Raw::Final(Text::symbol(Symbol::setting(&entry.key)))
}

/// The definitions of a map.
pub(super) fn definitions(map: &Map) -> Vec<Definition> {
    map.iter().map(Definition::read).collect()
}

/// Expanded variables that many jobs begin with.
pub(super) struct Base {
    definitions: HashMap<Arc<str>, Definition>,
    /// For a name, the variables whose values mention it.
    mentioned: HashMap<String, Vec<Arc<str>>>,
    expanded: Arc<BTreeMap<Arc<str>, Variable>>,
}

impl Base {
    /// Expands definitions; a later one of the same name wins.
    pub(super) fn new(list: Vec<Definition>, inputs: &Inputs) -> Base {
        let definitions: HashMap<Arc<str>, Definition> =
            list.into_iter().map(|definition| (definition.name.clone(), definition)).collect();
        let mut mentioned: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for definition in definitions.values() {
            for name in definition.mentions() {
                mentioned.entry(name.to_owned()).or_default().push(definition.name.clone());
            }
        }
        let names: Vec<Arc<str>> = definitions.keys().cloned().collect();
        let expanded = Expander::new(&definitions, None, inputs).all(&names);
        Base { definitions, mentioned, expanded: Arc::new(expanded) }
    }

    /// The variables with `layer` over them. `budget` counts expansions.
    pub(super) fn with(&self, layer: Vec<Definition>, inputs: &Inputs, budget: &mut usize) -> Variables {
        if layer.is_empty() {
            return Variables { shared: self.expanded.clone(), own: Arc::default() };
        }
        let over: HashMap<Arc<str>, Definition> =
            layer.into_iter().map(|definition| (definition.name.clone(), definition)).collect();
        let names = self.touched(&over);
        *budget = budget.saturating_sub(names.len());
        let own = if *budget == 0 {
            names.iter().filter_map(|name| Some((name.clone(), past_the_bound(over.get(name)?)))).collect()
        } else {
            Expander::new(&over, Some((self, names.iter().cloned().collect())), inputs).all(&names)
        };
        Variables { shared: self.expanded.clone(), own: Arc::new(own) }
    }

    /// The names of `over` and of all that mentions them.
    fn touched(&self, over: &HashMap<Arc<str>, Definition>) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = over.keys().cloned().collect();
        let mut seen: HashSet<Arc<str>> = names.iter().cloned().collect();
        let mut next = 0;
        while let Some(name) = names.get(next).cloned() {
            next += 1;
            for user in self.mentioned.get(&*name).into_iter().flatten() {
                if seen.insert(user.clone()) {
                    names.push(user.clone());
                }
            }
        }
        names
    }
}

fn past_the_bound(definition: &Definition) -> Variable {
    Variable { text: opaque(&definition.name), key_at: definition.key_at, at: definition.at, from: Vec::new() }
}

/// Expands definitions, each once, each after those that it names.
struct Expander<'a> {
    top: &'a HashMap<Arc<str>, Definition>,
    /// What lies below, and the names whose expansion there does not hold.
    below: Option<(&'a Base, HashSet<Arc<str>>)>,
    inputs: &'a Inputs,
    done: BTreeMap<Arc<str>, Variable>,
    open: Vec<Arc<str>>,
}

impl<'a> Expander<'a> {
    fn new(
        top: &'a HashMap<Arc<str>, Definition>,
        below: Option<(&'a Base, HashSet<Arc<str>>)>,
        inputs: &'a Inputs,
    ) -> Self {
        Expander { top, below, inputs, done: BTreeMap::new(), open: Vec::new() }
    }

    fn all(mut self, names: &[Arc<str>]) -> BTreeMap<Arc<str>, Variable> {
        for name in names {
            self.variable(name);
        }
        self.done
    }

    fn definition(&self, name: &str) -> Option<&'a Definition> {
        self.top.get(name).or_else(|| self.below.as_ref()?.0.definitions.get(name))
    }

    /// The expanded variable; `None` where the files do not define it, or while it is being expanded:
    /// a value that names itself means what the settings give.
    fn variable(&mut self, name: &str) -> Option<Variable> {
        if let Some(done) = self.done.get(name) {
            return Some(done.clone());
        }
        if let Some((base, touched)) = &self.below
            && !touched.contains(name)
        {
            return base.expanded.get(name).cloned();
        }
        let definition = self.definition(name)?;
        if self.open.iter().any(|open| **open == *name) {
            return None;
        }
        self.open.push(definition.name.clone());
        let variable = self.expanded(definition);
        self.open.pop();
        self.done.insert(definition.name.clone(), variable.clone());
        Some(variable)
    }

    fn expanded(&mut self, definition: &Definition) -> Variable {
        let mut from = Vec::new();
        let text = match &definition.raw {
            Raw::Final(text) => text.clone(),
            Raw::Written(text) if !text.contains(['$', '%']) => Text::literal(text.as_str()),
            Raw::Written(text) if self.open.len() > DEEPEST => opaque(text),
            Raw::Written(text) => expand(text, Some(self.inputs), |name| {
                let variable = self.variable(name)?;
                for at in std::iter::once(variable.at).chain(variable.from) {
                    if from.len() < MOST_FROM && !from.contains(&at) {
                        from.push(at);
                    }
                }
                Some(Cow::Owned(variable.text))
            }),
        };
        Variable { text, key_at: definition.key_at, at: definition.at, from }
    }
}

/// Expands a text as the runner does with a job's variables: `image:`, `services:`.
pub(super) fn expand_in(written: &str, variables: &Variables) -> Text {
    if !written.contains('$') {
        return Text::literal(written);
    }
    expand(written, None, |name| variables.get(name).map(|variable| Cow::Borrowed(&variable.text)))
}
