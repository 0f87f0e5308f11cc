//! `spec:inputs` and `$[[ … ]]`: what a file's header asks for, what an include gives, and the content
//! with both put together, before anything is merged (facts A1, A11). A file without a header takes
//! no inputs, and nothing in it is filled in.

mod apply;
mod block;
mod chosen;
mod spec;
mod values;

pub(super) use apply::fill;
pub(super) use chosen::chosen;
pub(super) use spec::{Input, Spec};
pub(super) use values::values;

use crate::value::{Kind, Value};

/// Whether a value still holds a block, so that neither its type nor its text is known.
fn is_open(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => text.text().contains("$[["),
        Kind::List(items) => items.iter().any(is_open),
        Kind::Map(map) => map.iter().any(|entry| is_open(&entry.value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
