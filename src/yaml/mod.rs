//! YAML text to a tree with byte-exact spans. Knows nothing of GitLab.

mod node;

pub use node::{Document, Node, NodeKind, Scalar, Style, YamlError};
