//! `pushlint pushes`: the push plan.

use std::io::{IsTerminal, Write, stdout};

use pushlint::report::pushes;

use super::input::Input;
use super::{Outcome, Trouble};
use crate::cli::{PlanFormat, Pushes};

/// Characters a line where nobody says more.
const WIDTH: usize = 80;

pub(super) fn run(options: &Pushes, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let input = Input::read(&options.input)?;
    match options.format {
        PlanFormat::Table => pushes::write_table(out, &input.analysis, &|path| input.shown(path), width())?,
        PlanFormat::Mermaid => pushes::write_mermaid(out, &input.analysis)?,
        PlanFormat::Json => {
            pushes::write_json(out, &input.analysis, &input.root)?;
        }
    }
    out.flush()?;
    input.tell_faults();
    input.tell_notes(&options.input);
    Ok(Outcome::Clean)
}

/// The terminal's width where the shell tells it, else what fits everywhere.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.filter(|_| stdout().is_terminal()).unwrap_or(WIDTH)
}
