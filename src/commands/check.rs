//! `pushlint check`: judges and reports.

use std::io::{IsTerminal, Write, stdout};

use pushlint::judge::{self, Reported, Wanted};
use pushlint::lint::{Level, Levels};
use pushlint::lints;
use pushlint::report::{concise, json, pretty};

use super::explain::named;
use super::input::Input;
use super::{Outcome, Trouble};
use crate::cli::{Check, Color, FailOn, Format};

/// Width where there is no terminal to ask.
const WIDTH: usize = 100;

pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let given = given(options)?;
    let input = Input::read(&options.input)?;
    let mut levels = input.levels.clone();
    levels.extend(given);
    let wanted =
        Wanted { pedantic: options.pedantic, certain_only: options.certain, levels, no_ignores: options.no_ignores };
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

/// The levels that the options give, which go before those of the configuration.
fn given(options: &Check) -> Result<Levels, Trouble> {
    let mut levels = Levels::new();
    for (names, level) in
        [(&options.allow, None), (&options.warn, Some(Level::Warning)), (&options.deny, Some(Level::Error))]
    {
        for name in names {
            let lint = named(name)?;
            if level.is_none() && lint.id == judge::UNREADABLE {
                return Err(Trouble::new(format!("`{name}` cannot be switched off")));
            }
            if levels.insert(lint.id.to_owned(), level).is_some_and(|before| before != level) {
                return Err(Trouble::new(format!("`{name}` cannot have two levels")));
            }
        }
    }
    Ok(levels)
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
