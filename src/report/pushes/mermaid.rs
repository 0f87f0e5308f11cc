//! The push plan as a Mermaid flowchart: jobs, and the repositories that they push to. What will be
//! refused is dashed.

use std::io::{self, Write};

use super::super::printable;
use super::{Planned, all};
use crate::analysis::Analysis;
use crate::trace::Push;

/// Writes the plan as a flowchart that GitLab shows in Markdown.
///
/// # Errors
/// When `out` refuses.
pub fn write_mermaid(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let (mut jobs, mut repositories, mut edges) = (Vec::new(), Vec::new(), Vec::new());
    for Planned { job, push, .. } in all(analysis) {
        let (repository, tag) = split(push);
        let edge = (number(&mut jobs, &job.name), number(&mut repositories, &repository), label(push, &tag));
        if !edges.contains(&edge) {
            edges.push(edge);
        }
    }
    writeln!(out, "flowchart LR")?;
    for (number, name) in jobs.iter().enumerate() {
        writeln!(out, "  job{number}[\"{}\"]", escaped(name))?;
    }
    for (number, name) in repositories.iter().enumerate() {
        writeln!(out, "  repository{number}[(\"{}\")]", escaped(name))?;
    }
    for (job, repository, (label, refused)) in &edges {
        let [from, to] = if *refused { ["-.", ".->"] } else { ["--", "-->"] };
        writeln!(out, "  job{job} {from} \"{}\" {to} repository{repository}", escaped(label))?;
    }
    Ok(())
}

/// The number of a name; a new one where it is not there yet.
fn number(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// The repository and the tag, as a person would write them.
fn split(push: &Push) -> (String, String) {
    let Some(reference) = &push.reference else { return ("?".to_owned(), "?".to_owned()) };
    let end = |text: &str| reference.text.shown().strip_suffix(text).map(str::to_owned);
    match (&reference.digest, &reference.tag) {
        (None, Some(tag)) => {
            let tag = tag.shown();
            (end(&format!(":{tag}")).unwrap_or_else(|| reference.text.shown()), tag)
        }
        (None, None) => (reference.text.shown(), "latest".to_owned()),
        (Some(digest), _) => (reference.path.shown(), digest.shown()),
    }
}

/// What stands on an arrow, and whether the push is refused.
fn label(push: &Push, tag: &str) -> (String, bool) {
    let tag = if super::is_cache(push) { "cache" } else { tag };
    match push.denied_by() {
        Some(lint) => (format!("{tag}, {lint}"), true),
        None => (format!("{tag}, {} credential", push.credential.name()), false),
    }
}

/// Mermaid's own way to write what has a meaning there.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in printable(text).chars() {
        match char {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '#' | '`' | '&' | ';' | '\\' => escaped.push_str(&format!("#{};", char as u32)),
            char => escaped.push(char),
        }
    }
    escaped
}
