//! What comes of reading a case twice, and the figures of many.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value, json};

use crate::cases::Case;
use crate::explained::EXPLAINED;
use crate::normal::{KEYWORDS, normal};
use crate::readers::{Ours, Theirs, ours};

/// One keyword that the two read differently.
#[derive(Debug)]
pub struct Difference {
    /// The job; empty: the pipeline itself.
    pub job: String,
    /// The keyword; empty: the job as a whole.
    pub keyword: String,
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
    /// All that we read of the job, or of the pipeline.
    pub around: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        let Difference { job, keyword, ours, theirs, .. } = self;
        write!(out, "{job}.{keyword}: ours {}, theirs {}", shown(ours), shown(theirs))
    }
}

/// What came of a case.
#[derive(Debug)]
pub enum Outcome {
    /// There is no pipeline to compare: no job, or files that are not here.
    Left(&'static str),
    /// They reject it, we do not: what they said.
    TheyReject(String),
    /// Jobs that are equal, and what differs.
    Compared { equal: usize, different: Vec<Difference> },
}

impl Outcome {
    pub fn of(case: &Case, theirs: &Theirs) -> Outcome {
        match ours(case) {
            Ours::OutOfReach => Outcome::Left("includes what is not here"),
            Ours::NoPipeline => Outcome::Left("no job"),
            Ours::Rejected(why) if theirs.read(case, true).is_ok() => Outcome::Compared {
                equal: 0,
                different: vec![difference("", "", Some(json!(why)), None, &Value::Null)],
            },
            Ours::Rejected(_) => Outcome::Left("rejected by both"),
            Ours::Read(ours) => match theirs.read(case, false) {
                Ok(theirs) => compare(&ours, &theirs),
                Err(why) => Outcome::TheyReject(why),
            },
        }
    }
}

fn difference(job: &str, keyword: &str, ours: Option<Value>, theirs: Option<Value>, around: &Value) -> Difference {
    Difference { job: job.to_owned(), keyword: keyword.to_owned(), ours, theirs, around: around.clone() }
}

fn compare(ours: &Value, theirs: &Value) -> Outcome {
    let default = json!({"stages": ["build", "test", "deploy"]});
    let top = |given: &Value, name: &str| given.get(name).or(default.get(name)).and_then(|value| normal(name, value));
    let mut different: Vec<Difference> = KEYWORDS
        .iter()
        .map(|name| difference("", name, top(ours, name), top(theirs, name), ours))
        .filter(|difference| difference.ours != difference.theirs)
        .collect();
    let (our_jobs, their_jobs) = (jobs(ours), jobs(theirs));
    let mut equal = 0;
    for name in our_jobs.keys().chain(their_jobs.keys()).collect::<BTreeSet<_>>() {
        let found = match (our_jobs.get(name), their_jobs.get(name)) {
            (Some(ours), Some(theirs)) => keywords(name, ours, theirs),
            (ours, theirs) => {
                let none = &&Value::Null;
                vec![difference(
                    name,
                    "",
                    ours.map(|job| (*job).clone()),
                    theirs.map(|job| (*job).clone()),
                    ours.unwrap_or(none),
                )]
            }
        };
        equal += usize::from(found.is_empty());
        different.extend(found);
    }
    Outcome::Compared { equal, different }
}

fn jobs(pipeline: &Value) -> BTreeMap<&str, &Value> {
    let entries = pipeline.as_object().into_iter().flatten();
    entries.filter(|(key, _)| !KEYWORDS.contains(&key.as_str())).map(|(key, job)| (key.as_str(), job)).collect()
}

fn keywords(name: &str, ours: &Value, theirs: &Value) -> Vec<Difference> {
    let empty = Map::new();
    let (our, their) = (ours.as_object().unwrap_or(&empty), theirs.as_object().unwrap_or(&empty));
    let all: BTreeSet<&String> = our.keys().chain(their.keys()).collect();
    let read = |map: &Map<String, Value>, keyword: &str| map.get(keyword).and_then(|value| normal(keyword, value));
    let each = all.into_iter().map(|keyword| difference(name, keyword, read(our, keyword), read(their, keyword), ours));
    each.filter(|difference| difference.ours != difference.theirs).collect()
}

/// The figures of many cases.
#[derive(Default)]
pub struct Figures {
    /// Root files that were compared.
    files: usize,
    /// Jobs without a difference.
    pub equal: usize,
    /// Jobs, and pipelines themselves, whose differences are explained, by explanation.
    explained: BTreeMap<&'static str, BTreeSet<String>>,
    left: BTreeMap<&'static str, usize>,
    they_reject: Vec<String>,
    /// What is not explained.
    pub unexplained: Vec<String>,
}

impl Figures {
    pub fn add(&mut self, case: &Case, outcome: &Outcome) {
        match outcome {
            Outcome::Left(why) => *self.left.entry(why).or_default() += 1,
            Outcome::TheyReject(why) => self.they_reject.push(format!("{}: {why}", case.name)),
            Outcome::Compared { equal, different } => {
                self.files += 1;
                self.equal += equal;
                for difference in different {
                    let row = EXPLAINED.iter().find(|row| (row.explains)(case, difference));
                    let place = format!("{}: {}", case.name, difference.job);
                    match row {
                        Some(row) => drop(self.explained.entry(row.name).or_default().insert(place)),
                        None => self.unexplained.push(format!("{}: {difference}", case.name)),
                    }
                }
            }
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let explained: BTreeSet<&String> = self.explained.values().flatten().collect();
        writeln!(out, "{} files compared, {} jobs equal, {} explained", self.files, self.equal, explained.len())?;
        for (why, places) in &self.explained {
            writeln!(out, "  explained, {why}:")?;
            places.iter().try_for_each(|place| writeln!(out, "    {place}"))?;
        }
        for (why, count) in &self.left {
            writeln!(out, "  {count} files left out: {why}")?;
        }
        writeln!(out, "  {} files that gitlab-ci-local alone rejects", self.they_reject.len())?;
        self.they_reject.iter().try_for_each(|one| writeln!(out, "    {one}"))?;
        writeln!(out, "  {} without an explanation", self.unexplained.len())?;
        self.unexplained.iter().try_for_each(|one| writeln!(out, "    {one}"))
    }
}

/// Needs no other reader: what a comparison must see, and what the explanations must not take for theirs.
#[test]
fn what_differs_is_found_and_not_explained_away() {
    let ours = json!({"a": {"script": ["x", "y"], "image": "i"}, "b": {"script": "x"}, "c": {"variables": {"A": 1}}});
    let theirs = json!({"a": {"script": ["x y"], "image": {"name": "i"}}, "c": {"variables": {"A": "1"}}, "d": {"script": ["x"]}});
    let Outcome::Compared { equal, different } = compare(&ours, &theirs) else { panic!("not compared") };
    let found: Vec<(&str, &str)> = different.iter().map(|found| (&*found.job, &*found.keyword)).collect();
    assert_eq!((equal, found), (1, vec![("a", "script"), ("b", ""), ("d", "")]));
    let case = Case { name: "a".into(), folder: "a".into(), file: ".gitlab-ci.yml".into(), texts: ours.to_string() };
    let mut figures = Figures::default();
    figures.add(&case, &Outcome::Compared { equal, different });
    assert_eq!((figures.unexplained.len(), figures.explained.len()), (3, 0));
}
