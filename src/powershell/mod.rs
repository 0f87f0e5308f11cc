//! A parser of PowerShell that keeps byte ranges, recovers from errors and bounds its depth, and
//! [`to_shell`], which says what a script does in the words of [`crate::shell`]. Knows nothing of GitLab.
//!
//! What is read as what follows PowerShell's own tokenizer and parser (`engine/parser/tokenizer.cs`,
//! `engine/parser/Parser.cs` of `PowerShell/PowerShell`) and its language reference, `about_Parsing`
//! and `about_Operator_Precedence`. Nothing is tried twice but blanks and what stands before `param`;
//! recovery pays from a budget.

pub mod ast;
mod commands;
mod cursor;
mod expressions;
mod functions;
mod lower;
mod operators;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod variables;

pub use lower::{Bound, OWN, SWALLOWED, parameters, to_shell};

use crate::shell::ast::{At, Fault};
use ast::Script;

/// Parses a script. Never fails: what could not be parsed is a fault, and the rest is there.
#[must_use]
pub fn parse(text: &str) -> Script {
    if u32::try_from(text.len()).is_err() {
        let fault = Fault { at: At { start: 0, end: 0 }, message: "the script is too long".to_owned() };
        return Script { faults: vec![fault], ..Script::default() };
    }
    cursor::Parser::new(text).script()
}
