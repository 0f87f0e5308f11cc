//! A YAML tree to a [`Value`], as Ruby's Psych does it: aliases, merge keys in the order of the
//! text, duplicate keys, YAML 1.1 scalars, `!reference`.

use std::sync::Arc;

use super::scalar::{self, Plain};
use super::{Entry, Kind, Map, Step, StepKind, Value, put};
use crate::source::Span;
use crate::yaml::{Document, Node, NodeKind, Scalar, Style};

/// The deepest tree that GitLab accepts.
pub const DEEPEST: usize = 150;

/// Why GitLab does not take a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where.
    pub at: Span,
    /// Why.
    pub reason: Reason,
}

/// What is wrong with a document that is YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// With its aliases followed, it is larger or deeper than GitLab accepts.
    TooBig,
    /// A plain scalar is a date or a time: GitLab lets Psych load neither class.
    Class(&'static str),
}

impl Refused {
    fn too_big(at: Span) -> Self {
        Refused { at, reason: Reason::TooBig }
    }

    /// GitLab's words.
    #[must_use]
    pub fn message(self) -> String {
        match self.reason {
            Reason::TooBig => "the parsed YAML is too big".to_owned(),
            Reason::Class(class) => format!("tried to load unspecified class: {class}"),
        }
    }
}

/// The value of a document.
///
/// # Errors
/// What GitLab does not take: see [`Reason`].
pub fn resolve(document: Document) -> Result<Value, Refused> {
    let length = document.root.span.range().len();
    let mut psych = Psych {
        anchors: Vec::with_capacity(document.anchors.len()),
        heaviest: 2_000_000 + 4 * length,
        merges: 100_000 + 4 * length,
    };
    // With the anchors' own copies gone, each node belongs to the tree alone and is taken apart.
    drop(document.anchors);
    psych.made(document.root, 0).map(|made| made.value)
}

/// A value with its size: what it would weigh if every alias were a copy.
#[derive(Clone)]
struct Made {
    value: Value,
    weight: usize,
    depth: usize,
}

struct Psych {
    /// The anchored values met so far: anchors end in the order in which the walk leaves them.
    anchors: Vec<Made>,
    heaviest: usize,
    merges: usize,
}

impl Psych {
    fn made(&mut self, node: Node, level: usize) -> Result<Made, Refused> {
        let too_big = Refused::too_big(node.span);
        if level > DEEPEST {
            return Err(too_big);
        }
        let anchored = node.anchor.is_some() && !matches!(node.kind, NodeKind::Alias(_));
        let is_reference = node.tag.as_deref() == Some("!reference");
        let made = match node.kind {
            NodeKind::Alias(number) => self.alias(number, node.span),
            NodeKind::Scalar(scalar) => {
                let kind = scalar_kind(scalar, node.tag.as_deref(), node.span)?;
                Made { value: Value::new(node.span, kind), weight: 1, depth: 0 }
            }
            NodeKind::Sequence(items) => self.sequence(node.span, is_reference, Arc::unwrap_or_clone(items), level)?,
            NodeKind::Mapping(pairs) => self.mapping(node.span, is_reference, Arc::unwrap_or_clone(pairs), level)?,
        };
        if made.weight > self.heaviest || level + made.depth > DEEPEST {
            return Err(too_big);
        }
        if anchored {
            self.anchors.push(made.clone());
        }
        Ok(made)
    }

    fn alias(&self, number: usize, at: Span) -> Made {
        let Some(made) = self.anchors.get(number) else {
            return Made { value: Value::new(at, Kind::Null), weight: 1, depth: 0 };
        };
        Made { value: made.value.after(&[Step { kind: StepKind::Anchor, at }]), ..*made }
    }

    fn sequence(&mut self, at: Span, is_reference: bool, items: Vec<Node>, level: usize) -> Result<Made, Refused> {
        let mut values = Vec::with_capacity(items.len());
        let (mut weight, mut depth) = (1, 0);
        for item in items {
            let made = self.made(item, level + 1)?;
            weight += made.weight;
            depth = depth.max(made.depth + 1);
            values.push(made.value);
        }
        let kind = if is_reference { reference(&values) } else { Kind::List(Arc::new(values)) };
        Ok(Made { value: Value::new(at, kind), weight, depth })
    }

    fn mapping(
        &mut self,
        at: Span,
        is_reference: bool,
        pairs: Vec<(Node, Node)>,
        level: usize,
    ) -> Result<Made, Refused> {
        let mut map = Map::default();
        let (mut weight, mut depth) = (1, 0);
        for (key, value) in pairs {
            let (key_at, merges) = (key.span, is_merge_key(&key));
            let (value_at, several) = (value.span, matches!(value.kind, NodeKind::Sequence(_)));
            let text = self.made(key, level + 1)?.value;
            let made = self.made(value, level + 1)?;
            weight += made.weight + 1;
            depth = depth.max(made.depth + 1);
            if merges && self.merge(&mut map, value_at, several, &made.value)? {
                continue;
            }
            put(&mut map, Entry { key: key_text(&text), key_at, value: made.value });
        }
        let kind = if is_reference { reference(&[]) } else { Kind::Map(Arc::new(map)) };
        Ok(Made { value: Value::new(at, kind), weight, depth })
    }

    /// Merges what `<<` names, `several` where a list stands there; `false` where it names no map, so
    /// that `<<` is a key like any other.
    fn merge(&mut self, map: &mut Map, at: Span, several: bool, value: &Value) -> Result<bool, Refused> {
        let sources: Vec<&Value> = match &value.kind {
            Kind::Map(_) => vec![value],
            Kind::List(items) if several => items.iter().rev().collect(),
            _ => return Ok(false),
        };
        if !sources.iter().all(|source| source.as_map().is_some()) {
            return Ok(false);
        }
        for source in sources {
            let Some(other) = source.as_map() else { continue };
            self.merges = self.merges.checked_sub(other.len()).ok_or(Refused::too_big(at))?;
            for entry in other.iter() {
                put(map, Entry { value: entry.value.after(&source.via), ..entry.clone() });
            }
        }
        Ok(true)
    }
}

/// Quotes make no difference: Psych compares the text and the tag, and a quoted scalar has none
/// (`revive_hash` in psych's `lib/psych/visitors/to_ruby.rb`).
fn is_merge_key(key: &Node) -> bool {
    let NodeKind::Scalar(scalar) = &key.kind else { return false };
    scalar.text.text() == "<<" && !key.tag.as_deref().is_some_and(is_string_tag)
}

fn is_string_tag(tag: &str) -> bool {
    matches!(tag, "tag:yaml.org,2002:str" | "!str" | "!!str")
}

/// An empty path stands for a `!reference` that is no list of strings.
fn reference(items: &[Value]) -> Kind {
    let path: Option<Vec<(String, Span)>> =
        items.iter().map(|item| item.as_text().map(|text| (text.to_owned(), item.at))).collect();
    Kind::Reference(Arc::new(path.unwrap_or_default()))
}

fn scalar_kind(scalar: Scalar, tag: Option<&str>, at: Span) -> Result<Kind, Refused> {
    if tag == Some("!reference") {
        return Ok(reference(&[]));
    }
    let typed = match tag {
        Some(tag) if is_string_tag(tag) => false,
        Some(tag) => scalar.style == Style::Plain || tag.ends_with("int") || tag.ends_with("float"),
        None => scalar.style == Style::Plain,
    };
    if typed {
        match scalar::plain(scalar.text.text()) {
            Plain::Typed(kind) => return Ok(kind),
            Plain::Refused(class) => return Err(Refused { at, reason: Reason::Class(class) }),
            Plain::Text => {}
        }
    }
    Ok(Kind::Text(scalar.text))
}

/// A key as Ruby's `to_s` gives it.
fn key_text(key: &Value) -> Arc<str> {
    match key.as_text() {
        Some(text) => text.into(),
        None => key.scalar().unwrap_or_default().into(),
    }
}
