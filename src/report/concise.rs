//! One line a finding, for editors and problem matchers: `path:line:col: level[lint] message`.

use std::io::{self, Write};

use super::{Shown, position, printable};
use crate::finding::Certainty;
use crate::judge::Reported;
use crate::source::Sources;

/// Writes all findings.
///
/// # Errors
/// When `out` refuses.
pub fn write(out: &mut dyn Write, sources: &Sources, reported: &[Reported], shown: Shown<'_>) -> io::Result<()> {
    for one in reported {
        let (source, line, column) = position(sources, one.finding.at);
        let path = shown(&source.path);
        let likely = if one.finding.certainty == Certainty::Likely { " (likely)" } else { "" };
        let (level, message) = (one.level.name(), printable(&one.finding.message));
        writeln!(out, "{}:{line}:{column}: {level}[{}] {message}{likely}", printable(&path), one.lint)?;
    }
    Ok(())
}
