//! YAML text to a tree with byte-exact spans. Knows nothing of GitLab, except how it cuts a file
//! into documents.

mod documents;
mod node;
mod parse;
mod place;
mod scalar;
#[cfg(test)]
mod tests;

pub use documents::documents;
pub use node::{Document, Node, NodeKind, Scalar, Style, YamlError};
pub use parse::parse;
