//! What a script does in the words of [`crate::shell`]: PowerShell's tree becomes a shell's tree with the
//! same effects and the same places, so that one walk follows both.
//!
//! This is plainer than a second walk, because the two languages differ in how a text is made, not in
//! what a job does with it: commands, their arguments, what they print and read, conditions, loops. What
//! differs is said in the shell's own words: a value is a word that is never split (`IFS` holds only the
//! newline: PowerShell takes what a program prints line by line), a method is an operation on a
//! parameter, a cmdlet that is known is the command that does the same, and what is not known is a word
//! of which nothing is known. An environment variable keeps its name; any other is `$` and its name, which
//! no shell variable can be called.

mod cmdlets;
mod conditions;
mod functions;
mod nodes;
mod operations;
mod pipelines;
mod statements;
#[cfg(test)]
mod tests;
mod words;

pub use functions::{Bound, parameters};

use std::collections::{HashMap, HashSet};

use super::ast::{Expression, ExpressionKind, Script, Statement, StatementKind, Variable};
use crate::shell::ast::{self as shell, At};

/// What begins the name of a PowerShell variable that is none of the environment.
pub const OWN: &str = "$";
/// What begins the name of a variable that does not exist because it took in a `:`.
pub const SWALLOWED: &str = "$:";

/// Scopes, which are no drives: `$script:x` is `x`.
const SCOPES: [&str; 6] = ["global", "script", "local", "private", "using", "variable"];
/// Drives that PowerShell has, whose values are not followed.
const DRIVES: [&str; 8] = ["function", "alias", "cert", "wsman", "hklm", "hkcu", "temp", "c"];

/// The script in the shell's words. A fault of the script is one of the result.
#[must_use]
pub fn to_shell(script: &Script) -> shell::Script {
    let mut lowerer = Lowerer::default();
    let at = At { start: 0, end: 0 };
    let mut list = nodes::single(nodes::set("IFS", nodes::text("\n", at), at));
    list.items.append(&mut lowerer.block(&script.block).items);
    shell::Script { list, faults: script.faults.clone() }
}

/// Loops, and what is made into one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Loop,
    Switch,
    Try,
}

/// What is known while a script is read from its start.
#[derive(Default)]
struct Lowerer {
    /// The spelling of each variable, which counts no capitals.
    names: HashMap<String, String>,
    /// Variables that hold lists.
    arrays: HashSet<String>,
    /// The rounds around this place.
    rounds: Vec<Round>,
}

/// What a variable is to the shell.
enum Named {
    /// `$null`
    Nothing,
    /// `$true`, `$false`
    Known(&'static str),
    /// A parameter of the shell.
    Parameter(String),
    /// Not followed.
    Unknown,
}

impl Lowerer {
    fn block(&mut self, block: &[Statement]) -> shell::List {
        let mut items = Vec::new();
        for statement in block {
            self.statement(statement, &mut items);
        }
        nodes::list(items)
    }

    /// The name of a variable, `:` and all.
    fn named(&mut self, variable: &Variable) -> Named {
        let written = if variable.drive.is_empty() {
            variable.name.clone()
        } else {
            format!("{}:{}", variable.drive, variable.name)
        };
        let swallows = variable.name.contains(':') || variable.name.is_empty();
        match variable.drive.as_str() {
            "env" if !swallows => return Named::Parameter(environment(&variable.name)),
            drive if DRIVES.contains(&drive) => return Named::Unknown,
            drive if (drive.is_empty() || SCOPES.contains(&drive)) && !swallows => {}
            _ if variable.braced => return Named::Unknown,
            _ => return Named::Parameter(format!("{SWALLOWED}{written}")),
        }
        self.own(&variable.name)
    }

    fn own(&mut self, name: &str) -> Named {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "null" => Named::Nothing,
            "true" | "?" => Named::Known("True"),
            "false" => Named::Known("False"),
            "lastexitcode" => Named::Parameter("?".to_owned()),
            "home" => Named::Parameter("HOME".to_owned()),
            "args" => Named::Parameter("@".to_owned()),
            "psitem" => Named::Parameter(format!("{OWN}_")),
            "pwd" | "psscriptroot" | "pscommandpath" | "matches" | "input" | "error" | "host" | "pid"
            | "psversiontable" | "myinvocation" | "profile" | "executioncontext" | "iswindows" | "islinux" | "$"
            | "^" => Named::Unknown,
            _ => Named::Parameter(format!("{OWN}{}", self.names.entry(lower).or_insert_with(|| name.to_owned()))),
        }
    }
}

/// The home folder has other names on Windows.
fn environment(name: &str) -> String {
    let home = ["USERPROFILE", "HOMEPATH", "HOME"].iter().any(|home| name.eq_ignore_ascii_case(home));
    if home { "HOME".to_owned() } else { name.to_owned() }
}

/// The expression that a statement is, if it is no more than that.
fn only_expression(statement: &Statement) -> Option<&Expression> {
    let StatementKind::Chain(chain) = &statement.kind else { return None };
    let ([command], true, false) = (chain.first.as_slice(), chain.rest.is_empty(), chain.background) else {
        return None;
    };
    match &command.kind {
        super::ast::CommandKind::Expression(expression) if command.redirects.is_empty() => Some(expression),
        _ => None,
    }
}

/// A text that is known as it is written.
fn literal(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Text(text) | ExpressionKind::Number(text) | ExpressionKind::Option(text) => Some(text.clone()),
        ExpressionKind::Expandable(pieces) => pieces.iter().map(literal).collect(),
        ExpressionKind::Paren(inner) => only_expression(inner).and_then(literal),
        _ => None,
    }
}
