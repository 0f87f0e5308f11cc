//! How reports look: for people, for editors, for machines. Writes to what it is given; decides nothing.

pub mod concise;
mod excerpt;
pub mod expand;
pub mod json;
pub mod pretty;
mod printable;
pub mod pushes;

pub use printable::printable;

use crate::lint::Level;
use crate::source::{Source, Sources, Span};

/// How a path of the analysis is shown: relative to the working folder.
pub type Shown<'a> = &'a dyn Fn(&str) -> String;

/// The page of a lint, as a link where the package says where it is kept.
#[must_use]
pub fn page_url(lint: &str) -> String {
    let file = format!("lints/{}.md", lint.replace('-', "_"));
    match env!("CARGO_PKG_REPOSITORY") {
        "" => file,
        home => format!("{home}/blob/main/{file}"),
    }
}

/// `1 error and 2 warnings`; `nothing found`.
#[must_use]
pub fn counted(levels: impl Iterator<Item = Level>) -> String {
    let mut counts = [0usize; 3];
    levels.for_each(|level| counts[level as usize] += 1);
    let words = [(counts[2], "error", "errors"), (counts[1], "warning", "warnings"), (counts[0], "advice", "advice")];
    let said: Vec<String> = words
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    match said.as_slice() {
        [] => "nothing found".to_owned(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Line and column of a span's start.
fn position(sources: &Sources, span: Span) -> (&Source, usize, usize) {
    let source = sources.get(span.file);
    let (line, column) = source.position(span.range().start);
    (source, line, column)
}

#[cfg(test)]
mod tests;
