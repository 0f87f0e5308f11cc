//! Labelled pushes against the push plan: is each seen, with its place and its credential?

use std::collections::BTreeSet;
use std::path::Path;

use pushlint::trace::Push;

use crate::label::{Label, Views};
use crate::run::{Run, lines, percent, share};

/// The figures and the tables.
#[derive(Default)]
pub struct Measured {
    pub lines: Vec<String>,
    count: usize,
    seen: usize,
    place: usize,
    credential: usize,
    right: usize,
}

impl Measured {
    pub fn seen_percent(&self) -> f64 {
        percent(self.seen, self.count)
    }

    /// Seen, with place and credential.
    pub fn right_percent(&self) -> f64 {
        percent(self.right, self.count)
    }
}

pub fn measure(folder: &Path, labels: &[Label], views: &Views) -> Measured {
    let mut measured = Measured::default();
    let mut apart = Vec::new();
    let mut absent = 0;
    for label in labels {
        let Some(run) = views.of(label) else {
            absent += 1;
            continue;
        };
        let found = pushes(label, run);
        if label.is_hidden(folder) || label.kind != "push" {
            apart.push(format!("  {} {}, {}: {}", label.told(), label.kind, label.tool, said(&found)));
        } else {
            measured.add(label, &found);
        }
    }
    let Measured { count, seen, place, credential, right, .. } = measured;
    let mut lines = vec![
        format!("== labels: {count} pushes; apart: {}, files not there: {absent}", apart.len()),
        format!("seen       {}", share(seen, count)),
        format!("place      {}", share(place, count)),
        format!("credential {}", share(credential, count)),
        format!("all three  {}", share(right, count)),
    ];
    lines.append(&mut measured.lines);
    lines.push("hidden in files that are not here, and no pushes".to_owned());
    lines.append(&mut apart);
    measured.lines = lines;
    measured
}

impl Measured {
    /// Where several pushes stand at one line, the one that agrees most is meant.
    fn add(&mut self, label: &Label, found: &[&Push]) {
        let agrees = |push: &&Push| (push.place.name() == place(label), push.credential.name() == credential(label));
        let best = found.iter().map(agrees).max_by_key(|(place, credential)| u8::from(*place) + u8::from(*credential));
        self.count += 1;
        self.seen += usize::from(best.is_some());
        self.place += usize::from(best.is_some_and(|(place, _)| place));
        self.credential += usize::from(best.is_some_and(|(_, credential)| credential));
        self.right += usize::from(best == Some((true, true)));
        if best != Some((true, true)) {
            let expected = format!("{} {}", place(label), credential(label));
            self.lines.push(format!("  {} label: {expected}; we: {}", label.told(), said(found)));
        }
    }
}

/// The label's place in our words.
fn place(label: &Label) -> &str {
    match label.place.as_str() {
        "home" => "own-project",
        "neighbour" => "other-project",
        "elsewhere" => "other-registry",
        other => other,
    }
}

/// The dependency proxy's credential is the job's.
fn credential(label: &Label) -> &str {
    if label.credential == "proxy" { "job" } else { &label.credential }
}

fn said(found: &[&Push]) -> String {
    let said: BTreeSet<String> =
        found.iter().map(|push| format!("{} {}", push.place.name(), push.credential.name())).collect();
    if said.is_empty() { "not seen".to_owned() } else { said.into_iter().collect::<Vec<_>>().join(" | ") }
}

/// The pushes of the labelled jobs at the labelled line, else at another fair place.
fn pushes<'r>(label: &Label, run: &'r Run) -> Vec<&'r Push> {
    let all = || {
        let jobs = run.analysis.pipelines.iter().flat_map(|checked| {
            checked.traces.jobs.iter().map(|trace| (checked.pipeline.jobs[trace.job].name.as_str(), trace))
        });
        jobs.flat_map(|(job, trace)| trace.pushes.iter().map(move |push| (job, push)))
    };
    let jobs = run.analysis.pipelines.iter().flat_map(|checked| &checked.pipeline.jobs);
    let known = jobs.filter(|job| is_meant(label, &job.name)).count() > 0;
    let at = |places: &BTreeSet<(String, usize)>| -> Vec<&'r Push> {
        let meant = all().filter(|(job, _)| !known || is_meant(label, job));
        let here = meant.filter(|(_, push)| !places.is_disjoint(&covered(run, push)));
        here.map(|(_, push)| push).collect()
    };
    let exact = at(&label.places(false));
    if exact.is_empty() { at(&label.places(true)) } else { exact }
}

fn covered(run: &Run, push: &Push) -> BTreeSet<(String, usize)> {
    let spans = [push.at, push.upload.at];
    spans.into_iter().flat_map(|span| lines(&run.analysis.sources, span)).collect()
}

/// Whether the label names this job; one of a matrix by the name of all.
fn is_meant(label: &Label, job: &str) -> bool {
    label.jobs.iter().any(|name| plain(name) == plain(job))
}

/// A job's name without `: [a, b]` and ` 1/3`.
fn plain(name: &str) -> &str {
    let name = name.split_once(": [").map_or(name, |(plain, _)| plain);
    let counted =
        |tail: &str| tail.contains('/') && tail.chars().all(|letter| letter.is_ascii_digit() || letter == '/');
    name.rsplit_once(' ').filter(|(_, tail)| counted(tail)).map_or(name, |(plain, _)| plain)
}
