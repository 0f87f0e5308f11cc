//! The expert's labels, and the runs that show what they speak of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::corpus::CONFIG;
use crate::run::{Run, run};

/// What an expert expects of one push or login.
#[derive(Deserialize)]
pub struct Label {
    pub repo: String,
    pub file: String,
    pub line: usize,
    pub jobs: Vec<String>,
    pub kind: String,
    pub tool: String,
    #[serde(rename = "where")]
    pub place: String,
    pub credential: String,
    /// `silent` or a lint.
    pub verdict: String,
    /// Lints that are as good.
    pub also: Vec<String>,
    pub certainty: String,
    pub why: String,
    /// Other lines of the file that are fair.
    lines_ok: Vec<usize>,
    /// Other places, `file:line`, that are fair.
    places_ok: Vec<String>,
}

impl Label {
    /// The labelled line and, with `fair`, the other fair ones.
    pub fn places(&self, fair: bool) -> BTreeSet<(String, usize)> {
        let mut places = BTreeSet::from([(self.file.clone(), self.line)]);
        if fair {
            places.extend(self.lines_ok.iter().map(|line| (self.file.clone(), *line)));
            let elsewhere = self.places_ok.iter().filter_map(|place| place.rsplit_once(':'));
            places.extend(elsewhere.filter_map(|(file, line)| Some((file.to_owned(), line.parse().ok()?))));
        }
        places
    }

    /// The push stands in a Makefile or script that the input does not hold: only the call can be seen.
    pub fn is_hidden(&self, folder: &Path) -> bool {
        let home = folder.join(self.repo.replace('/', "+"));
        let files = self.places_ok.iter().filter_map(|place| Some(place.rsplit_once(':')?.0));
        let mut absent = files.filter(|file| !home.join(file).is_file());
        absent.next().is_some() || self.tool.split(['(', ')', ' ']).any(|word| word == "make")
    }

    pub fn told(&self) -> String {
        format!("{}:{}:{} [{}]", self.repo, self.file, self.line, self.jobs.join(", "))
    }
}

/// The labels of the corpus.
pub fn read(folder: &Path) -> Vec<Label> {
    let text = fs::read_to_string(folder.join("labels.jsonl")).unwrap();
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The run that shows each labelled file; a file that is not there has none.
pub struct Views {
    runs: Vec<(String, Run)>,
    of: BTreeMap<(String, String), usize>,
}

impl Views {
    pub fn of(&self, label: &Label) -> Option<&Run> {
        let run = self.of.get(&(label.repo.clone(), label.file.clone()))?;
        Some(&self.runs[*run].1)
    }

    /// Every run with its repository.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Run)> {
        self.runs.iter().map(|(repository, run)| (repository.as_str(), run))
    }
}

/// Looks at each labelled file through the repository's configuration where that includes it, else
/// alone.
pub fn views(folder: &Path, labels: &[Label]) -> Views {
    let mut views = Views { runs: Vec::new(), of: BTreeMap::new() };
    let files: BTreeSet<(&String, &String)> = labels.iter().map(|label| (&label.repo, &label.file)).collect();
    let mut main: BTreeMap<&String, Option<usize>> = BTreeMap::new();
    for (repository, file) in files {
        let home = folder.join(repository.replace('/', "+"));
        if !home.join(file).is_file() {
            continue;
        }
        let through = *main.entry(repository).or_insert_with(|| {
            home.join(CONFIG).is_file().then(|| views.add(repository, run(&home, CONFIG).expect("no crash")))
        });
        let included = through.filter(|number| {
            let mut sources = views.runs[*number].1.analysis.sources.iter();
            sources.any(|(_, source)| source.path == *file)
        });
        let number = included.unwrap_or_else(|| views.add(repository, run(&home, file).expect("no crash")));
        views.of.insert((repository.clone(), file.clone()), number);
    }
    views
}

impl Views {
    fn add(&mut self, repository: &str, run: Run) -> usize {
        self.runs.push((repository.to_owned(), run));
        self.runs.len() - 1
    }
}
