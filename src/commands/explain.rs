//! `pushlint explain`: a lint's page, or the list.

use std::io::Write;

use pushlint::lint::Lint;
use pushlint::lints::ALL;
use pushlint::nearest::nearest;

use super::{Outcome, Trouble};
use crate::cli::Explain;

pub(super) fn run(options: &Explain, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let Some(name) = &options.lint else {
        let width = ALL.iter().map(|lint| lint.id.len()).max().unwrap_or(0);
        for lint in ALL {
            writeln!(out, "{:width$}  {}", lint.id, lint.level.name())?;
        }
        return Ok(Outcome::Clean);
    };
    write!(out, "{}", named(name)?.page)?;
    Ok(Outcome::Clean)
}

/// The lint of this name.
pub(super) fn named(name: &str) -> Result<&'static Lint, Trouble> {
    ALL.iter().copied().find(|lint| lint.id == name).ok_or_else(|| {
        let near = nearest(name, ALL.iter().map(|lint| lint.id));
        let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Trouble::new(format!("there is no lint `{name}`{help}"))
    })
}
