//! Makefiles as GNU make reads them: which command lines a goal runs, in order, with all variables put
//! in. A question that [`Outside`] cannot answer ends the reading, to be begun again on either side of it.

mod expand;
mod functions;
mod lines;
mod plan;
mod read;
mod scan;
mod variables;

use super::{Change, Outside, Piece, Plan, Step, Value};
use crate::source::Mapped;

/// How make was called.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `NAME=value`, those of the makes around first.
    pub overrides: Vec<(String, Value)>,
    /// The goals; none: the default one.
    pub goals: Vec<String>,
}

/// What make would run.
///
/// # Errors
/// A question that the world must answer first.
pub fn plan<O: Outside>(makefile: &Mapped, call: &Call, outside: &mut O) -> Result<Plan, O::Question> {
    let mut make = read::Make::new(call, outside);
    make.file(makefile)?;
    make.goals(&call.goals)
}
