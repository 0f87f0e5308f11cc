//! One file a command, and what they share: how a run ends, what is read, what is known.

mod check;
mod configuration;
mod expand;
mod explain;
mod input;
mod known;
mod paths;
mod pushes;
mod remote;
mod roots;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use pushlint::report::printable;

use crate::cli::{Cli, Command};

/// How a command ended.
enum Outcome {
    /// Nothing that fails the run.
    Clean,
    /// Something that does.
    Found,
}

/// Why a command could not do its work.
enum Trouble {
    /// Nobody reads the output any more: no reason to complain.
    Unheard,
    /// Anything else, in one line.
    Failed(String),
}

impl Trouble {
    fn new(message: impl fmt::Display) -> Self {
        Trouble::Failed(message.to_string())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Trouble::Unheard,
            _ => Trouble::Failed(format!("cannot write: {error}")),
        }
    }
}

/// Runs the command and tells the system how it went: 0 nothing, 1 findings, 2 could not look.
pub fn run(cli: Cli) -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = match cli.command {
        None => check::run(&cli.check, &mut out),
        Some(Command::Check(check)) => check::run(&check, &mut out),
        Some(Command::Pushes(pushes)) => pushes::run(&pushes, &mut out),
        Some(Command::Expand(expand)) => expand::run(&expand, &mut out),
        Some(Command::Explain(explain)) => explain::run(&explain, &mut out),
    };
    let done = done.and_then(|outcome| Ok(out.flush().map(|()| outcome)?));
    match done {
        Ok(Outcome::Clean) | Err(Trouble::Unheard) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(Trouble::Failed(message)) => {
            complain(&format!("error: {message}"));
            ExitCode::from(2)
        }
    }
}

/// One line on standard error; if nobody listens, nothing is lost.
fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "pushlint: {}", printable(line));
}
