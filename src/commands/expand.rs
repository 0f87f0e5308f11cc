//! `pushlint expand`: the pipeline as GitLab would see it.

use std::io::Write;

use pushlint::report::{expand, printable};
use pushlint::value::Map;

use super::input::Input;
use super::{Outcome, Trouble, complain};
use crate::cli::{Expand, Tree};

pub(super) fn run(options: &Expand, out: &mut dyn Write) -> Result<Outcome, Trouble> {
    let input = Input::read(&options.input)?;
    let expanded: Vec<(String, Map)> = input.asked_for().map(|(path, one)| (path, one.expanded())).collect();
    if !expanded.iter().all(|(_, one)| expand::is_writable(one)) {
        return Err(Trouble::new("the pipeline is too big to print"));
    }
    match (options.format, expanded.as_slice()) {
        (_, []) => return Err(Trouble::new("there is no pipeline to expand")),
        (Tree::Yaml, [(_, one)]) => expand::write_yaml(out, one)?,
        (Tree::Json, [(_, one)]) => expand::write_json(out, one)?,
        (Tree::Yaml, several) => {
            for (path, one) in several {
                writeln!(out, "--- # {}", printable(path))?;
                expand::write_yaml(out, one)?;
            }
        }
        (Tree::Json, several) => expand::write_all_json(out, several)?,
    }
    out.flush()?;
    for fault in &input.analysis.faults {
        complain(&format!("GitLab rejects this: {}", fault.message));
    }
    input.tell_notes(&options.input);
    Ok(Outcome::Clean)
}
