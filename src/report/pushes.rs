//! The push plan: every push of every job, as a table and as JSON.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;

use super::json::{Noted, Place, dump, notes};
use super::{Shown, position, printable};
use crate::analysis::Analysis;
use crate::judge::Reported;
use crate::lint::Level;
use crate::model::Job;
use crate::text::{Class, Text};
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

/// Writes the plan as one document. `reported` says which pushes are denied.
///
/// # Errors
/// When `out` refuses.
pub fn write_json(out: &mut dyn Write, analysis: &Analysis, reported: &[Reported], root: &str) -> io::Result<()> {
    let denials = denials(reported);
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
        denial: denials.iter().find(|denial| denial.speaks_of(job, push)).map(|denial| denial.lint),
        unknown: push.unknown(),
    });
    dump(out, &Document { version: 1, pushes: rows.collect(), notes: notes(analysis), root })
}

/// An error and the places it tells of.
struct Denial<'a> {
    lint: &'static str,
    places: HashSet<crate::source::Span>,
    jobs: HashSet<&'a str>,
}

impl Denial<'_> {
    fn speaks_of(&self, job: &Job, push: &Push) -> bool {
        self.jobs.contains(job.name.as_str())
            && (self.places.contains(&push.at) || self.places.contains(&push.upload.at))
    }
}

fn denials(reported: &[Reported]) -> Vec<Denial<'_>> {
    let errors = reported.iter().filter(|one| one.level == Level::Error);
    let denials = errors.map(|one| Denial {
        lint: one.lint,
        places: std::iter::once(one.finding.at).chain(one.finding.labels.iter().map(|label| label.at)).collect(),
        jobs: one.finding.jobs.iter().map(String::as_str).collect(),
    });
    denials.collect()
}

/// How the tag differs between runs.
fn tag(push: &Push) -> &'static str {
    match push.reference.as_ref().map(|reference| (&reference.tag, &reference.digest)) {
        Some((Some(tag), _)) => class(tag),
        // Without a tag and a digest every client takes `latest`.
        Some((None, None)) => "constant",
        Some((None, Some(_))) | None => "unknown",
    }
}

fn class(tag: &Text) -> &'static str {
    let known = tag.symbols().filter_map(|symbol| symbol.data().class).max();
    let doubtful = tag.symbols().any(|symbol| symbol.data().class.is_none());
    match known.unwrap_or(Class::Constant) {
        Class::Constant if doubtful => "unknown",
        Class::Constant => "constant",
        Class::PerRef => "per-ref",
        Class::PerTag => "per-tag",
        Class::PerCommit => "per-commit",
        Class::PerPipeline => "per-pipeline",
        Class::PerJob => "per-job",
    }
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
