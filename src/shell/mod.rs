//! A parser of sh and bash that keeps byte ranges, recovers from errors and bounds its depth.
//! Knows nothing of GitLab.
//!
//! The measure is what `bash -n` accepts. Each byte is read once: the few places that must look
//! ahead or go back pay from a budget in proportion to the text, so time stays linear.

mod arithmetic;
pub mod ast;
mod backquotes;
mod commands;
mod compounds;
mod conditions;
mod cursor;
mod dollar;
mod edit;
mod heredoc;
mod loops;
mod parameters;
mod recover;
mod redirects;
mod simple;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trees;
#[cfg(test)]
mod verdicts;
pub mod visit;
mod words;

pub use visit::simple_commands;

use ast::{At, Fault, Script};

/// Parses a script. Never fails: what could not be parsed is a fault, and the rest is there.
#[must_use]
pub fn parse(text: &str) -> Script {
    if u32::try_from(text.len()).is_err() {
        let fault = Fault { at: At { start: 0, end: 0 }, message: "the script is too long".to_owned() };
        return Script { faults: vec![fault], ..Script::default() };
    }
    cursor::Parser::new(text).script()
}
