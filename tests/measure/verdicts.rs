//! Findings against the labels' verdicts: how many are right, how many of the due ones are there.

use std::collections::{BTreeMap, BTreeSet};

use pushlint::finding::Certainty;
use pushlint::judge::Reported;

use crate::label::{Label, Views};
use crate::run::{Run, percent, share};

/// The figures and the tables.
#[derive(Default)]
pub struct Measured {
    pub lines: Vec<String>,
    right: usize,
    wrong: Vec<String>,
    pub certain_and_wrong: usize,
    unlabelled: Vec<String>,
    due: usize,
    found: usize,
    as_sure: usize,
    missed: Vec<String>,
}

impl Measured {
    /// Of the findings on labelled pushes.
    pub fn precision(&self) -> f64 {
        percent(self.right, self.right + self.wrong.len())
    }

    /// Of the labels that are not silent.
    pub fn recall(&self) -> f64 {
        percent(self.found, self.due)
    }
}

pub fn measure(labels: &[Label], views: &Views) -> Measured {
    let mut measured = Measured::default();
    let mut of: BTreeMap<&str, Vec<&Label>> = BTreeMap::new();
    labels.iter().for_each(|label| of.entry(&label.repo).or_default().push(label));
    let mut known = BTreeSet::new();
    for (repository, run) in views.all() {
        let labels = of.get(repository).map(Vec::as_slice).unwrap_or_default();
        for one in &run.reported {
            let path = &run.analysis.sources.get(one.finding.at.file).path;
            let labelled = labels.iter().any(|label| label.file == *path);
            if labelled && known.insert((repository, run.told(one), one.finding.at.start)) {
                measured.judge(repository, labels, run, one);
            }
        }
    }
    for label in labels.iter().filter(|label| label.verdict != "silent") {
        if let Some(run) = views.of(label) {
            measured.look_for(label, run);
        }
    }
    measured.summarise();
    measured
}

/// Whether a finding points at a label, itself or by one of its other places: joined findings have
/// one place and name the others.
fn touches(run: &Run, one: &Reported, label: &Label) -> bool {
    let places = label.places(true);
    !places.is_disjoint(&run.own(one)) || !places.is_disjoint(&run.others(one))
}

fn agrees(one: &Reported, label: &Label) -> bool {
    label.verdict == one.lint || label.also.iter().any(|lint| lint == one.lint)
}

impl Measured {
    fn judge(&mut self, repository: &str, labels: &[&Label], run: &Run, one: &Reported) {
        let touched: Vec<&&Label> = labels.iter().filter(|label| touches(run, one, label)).collect();
        let told = format!("  {repository}:{}", run.told(one));
        if touched.is_empty() {
            self.unlabelled.push(told);
        } else if touched.iter().any(|label| agrees(one, label)) {
            self.right += 1;
        } else {
            self.certain_and_wrong += usize::from(one.finding.certainty == Certainty::Certain);
            let says = |label: &&&Label| format!("\n    line {}: {}: {}", label.line, label.verdict, label.why);
            let label = touched.first().map(says).unwrap_or_default();
            self.wrong.push(told + &label);
        }
    }

    fn look_for(&mut self, label: &Label, run: &Run) {
        self.due += 1;
        let mut here = run.reported.iter().filter(|one| one.lint == label.verdict && touches(run, one, label));
        match here.next() {
            Some(one) => {
                self.found += 1;
                self.as_sure += usize::from(one.finding.certainty.name() == label.certainty);
            }
            None => self.missed.push(format!("  {} {}: {}", label.told(), label.verdict, label.why)),
        }
    }

    fn summarise(&mut self) {
        self.lines = vec![
            "== verdicts".to_owned(),
            format!("precision {}", share(self.right, self.right + self.wrong.len())),
            format!("certain and wrong {}", self.certain_and_wrong),
            format!("recall {} (as sure as the label: {})", share(self.found, self.due), self.as_sure),
        ];
        self.lines.push("false".to_owned());
        self.lines.extend(self.wrong.iter().cloned());
        self.lines.push(format!("missed: {}", self.missed.len()));
        self.lines.extend(self.missed.iter().cloned());
        self.lines.push(format!("unlabelled: {}", self.unlabelled.len()));
        self.lines.extend(self.unlabelled.iter().cloned());
    }
}
