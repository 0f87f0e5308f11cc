//! The push plan: every push of every job, as a table and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Noted, Place, dump, notes};
use super::{Shown, position, printable};
use crate::analysis::Analysis;
use crate::model::Job;
use crate::trace::Push;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    pushes: Vec<Row<'a>>,
    notes: Vec<Noted<'a>>,
    root: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    job: &'a str,
    #[serde(flatten)]
    at: Place<'a>,
    client: &'static str,
    reference: Option<String>,
    place: &'static str,
    credential: &'static str,
    login: Option<Place<'a>>,
    tag: &'static str,
    scenarios: Vec<&'static str>,
    denial: Option<&'static str>,
    unknown: Vec<String>,
}

/// The pushes with their jobs, in the order of job, file, line.
fn all(analysis: &Analysis) -> impl Iterator<Item = (&Job, &Push)> {
    analysis.pipelines.iter().flat_map(|checked| {
        checked.traces.jobs.iter().filter_map(|trace| Some((checked.pipeline.jobs.get(trace.job)?, trace))).flat_map(
            |(job, trace)| {
                let mut pushes: Vec<&Push> = trace.pushes.iter().collect();
                pushes.sort_by_key(|push| push.at);
                pushes.into_iter().map(move |push| (job, push))
            },
        )
    })
}

/// Writes the plan as one document.
///
/// # Errors
/// When `out` refuses.
pub fn write_json(out: &mut dyn Write, analysis: &Analysis, root: &str) -> io::Result<()> {
    let rows = all(analysis).map(|(job, push)| Row {
        job: &job.name,
        at: Place::of(&analysis.sources, push.at),
        client: push.upload.client,
        reference: push.reference.as_ref().map(|reference| reference.text.shown()),
        place: push.place.name(),
        credential: push.credential.name(),
        login: push.login.map(|login| Place::of(&analysis.sources, login)),
        tag: tag(push),
        scenarios: push.scenarios.iter().map(|scenario| scenario.name()).collect(),
        denial: push.denied_by(),
        unknown: push.unknown(),
    });
    dump(out, &Document { version: 1, pushes: rows.collect(), notes: notes(analysis), root })
}

/// How the tag differs between runs.
fn tag(push: &Push) -> &'static str {
    push.tag_class().name()
}

/// Writes the plan as a table.
///
/// # Errors
/// When `out` refuses.
pub fn write_table(out: &mut dyn Write, analysis: &Analysis, shown: Shown<'_>) -> io::Result<()> {
    let head = ["JOB", "WHERE", "CLIENT", "REFERENCE", "PLACE", "CREDENTIAL", "TAG", "SCENARIOS"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(all(analysis).map(|(job, push)| {
        let (source, line, _) = position(&analysis.sources, push.at);
        let scenarios: Vec<&str> = push.scenarios.iter().map(|scenario| scenario.name()).collect();
        [
            printable(&job.name).into_owned(),
            format!("{}:{line}", printable(&shown(&source.path))),
            push.upload.client.to_owned(),
            push.reference.as_ref().map_or_else(|| "?".to_owned(), |it| printable(&it.text.shown()).into_owned()),
            push.place.name().to_owned(),
            push.credential.name().to_owned(),
            tag(push).to_owned(),
            if scenarios.len() == 6 { "all".to_owned() } else { scenarios.join(",") },
        ]
    }));
    if rows.len() == 1 {
        return writeln!(out, "no job pushes an image");
    }
    columns(out, &rows)
}

fn columns<const N: usize>(out: &mut dyn Write, rows: &[[String; N]]) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(60);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
