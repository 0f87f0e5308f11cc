//! The YAML tree: what stands in the text, with byte spans. Nothing is resolved: aliases, merge
//! keys, duplicate keys and tags stay as written; what they mean is for a higher floor.

use std::sync::Arc;

use crate::source::{Mapped, Span};

/// One node. Cheap to clone: its body is shared.
#[derive(Clone, Debug)]
pub struct Node {
    /// The content, without anchor and tag; a quoted scalar with its quotes, a block scalar from
    /// its first content line (indentation included) to the end of its last; an empty value is an
    /// empty span where it would stand.
    pub span: Span,
    /// `&name`.
    pub anchor: Option<Arc<str>>,
    /// The tag as written, resolved by `%TAG`: `!reference`, `tag:yaml.org,2002:str`, …
    pub tag: Option<Arc<str>>,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Text.
    Scalar(Scalar),
    /// A list.
    Sequence(Arc<Vec<Node>>),
    /// Pairs in the order of the text, duplicates and `<<` included.
    Mapping(Arc<Vec<(Node, Node)>>),
    /// `*name`: the number of the anchored node among [`Document::anchors`].
    Alias(usize),
}

/// A scalar's value and style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The decoded text, each byte mapped to where it was written.
    pub text: Arc<Mapped>,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `plain`, the empty value included.
    Plain,
    /// `'single'`.
    Single,
    /// `"double"`.
    Double,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

/// One parsed document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The root node; an empty plain scalar for an empty document.
    pub root: Node,
    /// Every anchored node, in the order in which the anchors end; [`NodeKind::Alias`] points here.
    /// An alias inside its own anchor is a [`YamlError`].
    pub anchors: Vec<Node>,
}

/// Why a text is no YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Where; never outside the text.
    pub span: Span,
    /// The reason, starting in lower case, without a full stop.
    pub message: String,
    /// It is an alias whose anchor is not in this document, or below it.
    pub unknown_alias: bool,
}

impl YamlError {
    /// An error at a place.
    #[must_use]
    pub fn new(span: Span, message: String) -> Self {
        YamlError { span, message, unknown_alias: false }
    }
}
