//! The list of all lints, sorted by id. Each is a pair: `x.rs` with the question, `x.md` with the promise.

use pushlint::lint::Lint;

mod unreadable_config;
mod unused_suppression;

/// All lints, sorted by id.
pub const ALL: &[&Lint] = &[&unreadable_config::LINT, &unused_suppression::LINT];
