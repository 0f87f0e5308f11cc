//! `pushlint expand`: the pipeline as GitLab would see it.

use std::io::Write;

use pushlint::report::expand;

use super::input::Input;
use super::{Outcome, Trouble, complain};
use crate::cli::{Expand, Tree};

pub(super) fn run(options: &Expand, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let input = Input::read(&options.input)?;
    let Some(checked) = input.analysis.pipelines.first() else {
        return Err(Trouble::new("there is no pipeline to expand"));
    };
    let expanded = checked.pipeline.expanded();
    if !expand::is_writable(&expanded) {
        return Err(Trouble::new("the pipeline is too big to print"));
    }
    match options.format {
        Tree::Yaml => expand::write_yaml(out, &expanded)?,
        Tree::Json => expand::write_json(out, &expanded)?,
    }
    out.flush()?;
    for fault in &input.analysis.faults {
        complain(&format!("GitLab rejects this: {}", fault.message));
    }
    input.tell_notes(&options.input);
    Ok(Outcome::Clean)
}
