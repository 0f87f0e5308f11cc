//! `pushlint check`: judges and reports.

use std::io::{IsTerminal, Write, stdout};

use pushlint::judge::{self, Reported, Wanted};
use pushlint::lint::Level;
use pushlint::lints;
use pushlint::report::{concise, json, pretty};

use super::input::Input;
use super::{Outcome, Trouble};
use crate::cli::{Check, Color, FailOn, Format};

/// Width where there is no terminal to ask.
const WIDTH: usize = 100;

pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let input = Input::read(&options.input)?;
    let wanted = Wanted { pedantic: options.pedantic, certain_only: options.certain, levels: input.levels.clone() };
    let mut reported = judge::judge(&input.analysis, lints::ALL, wanted);
    reported.retain(|one| input.is_asked_for(one));
    let sources = &input.analysis.sources;
    let shown = |path: &str| input.shown(path);
    match options.format {
        Format::Full => {
            let width = (!stdout().is_terminal()).then_some(WIDTH);
            pretty::write(out, sources, &reported, &shown, pretty::Style { color: color(options.color), width })?;
        }
        Format::Concise => concise::write(out, sources, &reported, &shown)?,
        Format::Json => json::write(out, &input.analysis, &reported, &input.root)?,
    }
    out.flush()?;
    input.tell_notes(&options.input);
    let outcome = outcome(&reported, options.fail_on);
    // The program ends here: giving all of it back, piece by piece, would be a tenth of its time.
    std::mem::forget((input, reported));
    Ok(outcome)
}

fn outcome(reported: &[Reported], fail_on: FailOn) -> Outcome {
    let least = match fail_on {
        FailOn::Never => return Outcome::Clean,
        FailOn::Advice => Level::Advice,
        FailOn::Warning => Level::Warning,
        FailOn::Error => Level::Error,
    };
    if reported.iter().any(|one| one.level >= least) { Outcome::Found } else { Outcome::Clean }
}

fn color(wish: Color) -> bool {
    let asked = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match wish {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if has("NO_COLOR") => false,
        Color::Auto if asked("FORCE_COLOR") || asked("CLICOLOR_FORCE") => true,
        Color::Auto => stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
