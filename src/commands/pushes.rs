//! `pushlint pushes`: the push plan.

use std::io::Write;

use pushlint::report::pushes;

use super::input::Input;
use super::{Outcome, Trouble};
use crate::cli::{PlanFormat, Pushes};

pub(super) fn run(options: &Pushes, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let input = Input::read(&options.input)?;
    match options.format {
        PlanFormat::Table => pushes::write_table(out, &input.analysis, &|path| input.shown(path))?,
        PlanFormat::Json => {
            pushes::write_json(out, &input.analysis, &input.root)?;
        }
    }
    out.flush()?;
    input.tell_faults();
    input.tell_notes(&options.input);
    Ok(Outcome::Clean)
}
