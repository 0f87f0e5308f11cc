//! `artifacts:reports:dotenv` (facts A12): variables that an earlier job writes for later ones. They
//! beat all that the files define. A name counts where the earlier job's script visibly writes it
//! into the report (`echo "TAG=$X" >> build.env`); its value is not known. What scripts of the
//! repository write there is not looked for: such names keep what the files say.

use std::sync::Arc;

use super::script;
use super::variables::{Definition, Raw};
use crate::source::Span;
use crate::text::{Origin, Symbol, Text};
use crate::value::{Entry, Kind, Map, Value};

/// The most names of one report.
const MOST: usize = 200;

/// The jobs that write reports.
pub(super) struct Dotenv<'a> {
    producers: Vec<Producer<'a>>,
    stages: Vec<String>,
}

struct Producer<'a> {
    name: &'a str,
    stage: Option<usize>,
    written: Vec<Definition>,
}

impl<'a> Dotenv<'a> {
    pub(super) fn of(config: &'a Map) -> Self {
        let listed = config.get("stages").and_then(Value::as_list);
        let given = listed.map(|stages| stages.iter().filter_map(Value::scalar).collect());
        let inner: Vec<String> = given.unwrap_or_else(|| ["build", "test", "deploy"].map(str::to_owned).to_vec());
        let stages = [".pre".to_owned()].into_iter().chain(inner).chain([".post".to_owned()]).collect();
        let mut dotenv = Dotenv { producers: Vec::new(), stages };
        for entry in config.iter().filter(|entry| !entry.key.starts_with('.')) {
            let Some(job) = entry.value.as_map() else { continue };
            let Some(report) = report(job) else { continue };
            let producer =
                Producer { name: &entry.key, stage: dotenv.stage(job), written: written(entry, job, &report) };
            dotenv.producers.push(producer);
        }
        dotenv
    }

    fn stage(&self, job: &Map) -> Option<usize> {
        let stage = job.get("stage").and_then(Value::scalar).unwrap_or_else(|| "test".to_owned());
        self.stages.iter().position(|known| *known == stage)
    }

    /// What reaches a job: from those that it needs or depends on, else from all earlier stages.
    pub(super) fn reaching(&self, job: &Map) -> Vec<Definition> {
        if self.producers.is_empty() {
            return Vec::new();
        }
        let given = |keyword| job.get(keyword).filter(|value| !value.is_null());
        let own = self.stage(job);
        let reaches = |producer: &&Producer| match (given("dependencies"), given("needs")) {
            (Some(value), _) | (None, Some(value)) => names(value, producer.name, 0),
            (None, None) => producer.stage < own && producer.stage.is_some(),
        };
        self.producers.iter().filter(reaches).flat_map(|producer| producer.written.iter().cloned()).collect()
    }
}

/// Whether a list of jobs names one from which artifacts are taken.
fn names(value: &Value, name: &str, depth: usize) -> bool {
    let base = |text: &str| text.split_once(": [").map_or(text, |(base, _)| base) == name;
    match &value.kind {
        Kind::List(items) if depth <= 10 => items.iter().any(|item| names(item, name, depth + 1)),
        Kind::Text(text) => base(text.text()),
        Kind::Map(map) => {
            let refused = matches!(map.get("artifacts").map(|value| &value.kind), Some(Kind::Bool(false)));
            !refused && map.get("project").is_none() && map.get("job").and_then(Value::as_text).is_some_and(base)
        }
        _ => false,
    }
}

/// The names of the report's files, without folders.
fn report(job: &Map) -> Option<Vec<String>> {
    let dotenv = job.get("artifacts")?.as_map()?.get("reports")?.as_map()?.get("dotenv")?;
    let files = dotenv.as_list().unwrap_or(std::slice::from_ref(dotenv)).iter().filter_map(Value::scalar);
    Some(files.map(|file| file.rsplit('/').next().unwrap_or_default().to_owned()).collect())
}

fn written(entry: &Entry, job: &Map, report: &[String]) -> Vec<Definition> {
    let mut found: Vec<Definition> = Vec::new();
    for keyword in ["before_script", "script", "after_script"] {
        let items = job.get(keyword).and_then(|value| script::items(value, keyword).ok()).unwrap_or_default();
        for item in items {
            let writes = |line: &str| line.contains('>') && report.iter().any(|file| line.contains(file.as_str()));
            let mut document = false;
            for line in item.text.text().lines() {
                document |= writes(line) && line.contains("<<");
                if !document && !writes(line) {
                    continue;
                }
                for name in assigned(line) {
                    if found.len() < MOST && found.iter().all(|known| *known.name != *name) {
                        found.push(definition(entry, name, item.at));
                    }
                }
            }
        }
    }
    found
}

fn definition(entry: &Entry, name: &str, at: Span) -> Definition {
    let key = format!("dotenv:{}:{}:{name}", entry.key_at.file.0, entry.key_at.start);
    let symbol = Symbol::unknown(key, format!("${name}"), Origin::Unread(name.to_owned()));
    Definition { name: Arc::from(name), key_at: at, at, raw: Raw::Final(Text::symbol(symbol)) }
}

/// The `NAME` of each `NAME=` in a line.
fn assigned(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('=').filter_map(|(at, _)| {
        let before = &line[..at];
        let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let start = before.trim_end_matches(is_word).len();
        let name = &before[start..];
        let fits = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
        (fits && !before[..start].ends_with(['-', '$', '{', '.', '/'])).then_some(name)
    })
}
