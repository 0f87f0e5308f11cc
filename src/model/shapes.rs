//! What GitLab rejects by its shape alone, in every version: a keyword of the wrong type, a number out
//! of its range, two keywords that exclude each other (`lib/gitlab/ci/config/entry/`). Its own words.
//! Keywords that are not known here, and values with an open `$[[ … ]]`, are never looked at.

use std::collections::HashSet;

use super::build::{is_keyword, is_visible};
use super::extends::Marks;
use super::matrix;
use crate::load::Fault;
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Value};

/// The most jobs that `parallel` makes; it was 50 before 15.9 (facts A3).
const MOST_PARALLEL: usize = 200;
/// The deepest list of stages.
const DEEPEST_STAGES: usize = 10;
/// What a job's `when` may be.
const WHEN: [&str; 6] = ["on_success", "on_failure", "always", "never", "manual", "delayed"];

/// What is wrong at top level and in the visible jobs. `lenient`: a job may have more than is read here.
pub(super) fn faults(config: &Map, marks: &Marks, lenient: bool) -> Vec<Fault> {
    let (mut faults, mut seen) = (Vec::new(), HashSet::new());
    for entry in config.iter().filter(|entry| is_keyword(entry)) {
        match &*entry.key {
            "variables" => variables(entry, "variables", Place::Top, &mut faults),
            "stages" => stages(&entry.value, &mut faults),
            "workflow" => workflow(&entry.value, &mut faults),
            "default" => entry.value.as_map().into_iter().for_each(|map| types(map, "default:", &mut faults)),
            _ => {}
        }
    }
    types(config, "", &mut faults);
    for entry in config.iter().filter(|entry| is_visible(entry)) {
        let is_known = !marks.unread.contains(&entry.key) && !marks.broken.contains(&entry.key);
        if let Some(job) = entry.value.as_map().filter(|_| is_known) {
            let mut own = Vec::new();
            Job { name: &entry.key, job, lenient }.check(&mut own);
            // What several jobs share is said once.
            let new = own.into_iter().filter(|fault: &Fault| seen.insert(fault.at));
            faults.extend(new.map(|fault| fault.of(&entry.key)));
        }
    }
    faults
}

/// Whether a value's type is known: it is there, and neither open nor a reference that leads nowhere.
fn known(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Reference(_) => false,
        Kind::Text(text) => !text.text().contains("$[["),
        _ => true,
    }
}

fn fault(at: Span, message: impl Into<String>) -> Fault {
    Fault::new(at, message)
}

/// Where variables stand: what their maps may hold depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    Job,
    Rule,
}

/// `variables:` (`entry/variables.rb`, `entry/variable.rb`).
fn variables(entry: &Entry, place: &str, kind: Place, faults: &mut Vec<Fault>) {
    let Some(map) = entry.value.as_map() else {
        if known(&entry.value) {
            faults.push(fault(entry.value.at, format!("{place} config should be a hash")));
        }
        return;
    };
    for variable in map.iter().filter(|variable| known(&variable.value)) {
        let name = &variable.key;
        match &variable.value.kind {
            Kind::List(_) => {
                let message = format!("{place}:{name} config variable definition must be either a string or a hash");
                faults.push(fault(variable.value.at, message));
            }
            Kind::Map(_) if kind == Place::Rule => {
                faults.push(fault(variable.value.at, format!("{place}:{name} config must be a string")));
            }
            Kind::Map(data) if kind == Place::Job => {
                let wrong = ["description", "options"].into_iter().find_map(|key| data.entry(key));
                faults.extend(wrong.map(|entry| {
                    fault(entry.key_at, format!("{place}:{name} config uses invalid data keys: {}", entry.key))
                }));
            }
            _ => {}
        }
    }
}

/// `stages:` (`entry/stages.rb`): strings, in lists of lists since 16.9.
fn stages(value: &Value, faults: &mut Vec<Fault>) {
    if known(value) && !are_stages(value, 0) {
        faults.push(fault(value.at, "stages config should be an array of strings"));
    }
}

fn are_stages(value: &Value, depth: usize) -> bool {
    let Some(items) = value.as_list() else { return false };
    let fits =
        |item: &Value| !known(item) && !item.is_null() || item.as_text().is_some() || are_stages(item, depth + 1);
    depth <= DEEPEST_STAGES && items.iter().all(fits)
}

/// `workflow:` (`entry/workflow.rb`).
fn workflow(value: &Value, faults: &mut Vec<Fault>) {
    let Some(map) = value.as_map() else {
        if known(value) {
            faults.push(fault(value.at, "workflow config should be a hash"));
        }
        return;
    };
    if let Some(entry) = map.entry("rules") {
        rules(&entry.value, "workflow:rules", &["always", "never"], faults);
    }
}

/// `rules:` (`entry/rules.rb`, `entry/rules/rule.rb`).
fn rules(value: &Value, place: &str, when: &[&str], faults: &mut Vec<Fault>) {
    if known(value) && value.as_list().is_none() {
        faults.push(fault(value.at, format!("{place} config should be an array")));
    }
    for rule in value.as_list().unwrap_or_default().iter().filter(|rule| known(rule)) {
        let map = match &rule.kind {
            Kind::Map(map) => map,
            Kind::List(_) => continue,
            _ => {
                faults.push(fault(rule.at, format!("{place}:rule config should be a hash")));
                continue;
            }
        };
        if let Some(value) = map.get("when").filter(|value| known(value)) {
            let word = value.scalar().unwrap_or_default();
            slip(value, when, &format!("{place}:rule when unknown value: {word}"), faults);
        }
        if let Some(entry) = map.entry("variables") {
            variables(entry, &format!("{place}:rule:variables"), Place::Rule, faults);
        }
    }
}

/// A word that is nearly a known one; another one may be of a later version.
fn slip(value: &Value, allowed: &[&str], message: &str, faults: &mut Vec<Fault>) {
    let Some(word) = value.scalar().filter(|word| !allowed.contains(&word.as_str())) else { return };
    let found = fault(value.at, message).nearest(&word, allowed.iter().copied());
    // A word of another place is none of a later version's.
    faults.extend((found.help.is_some() || WHEN.contains(&word.as_str())).then_some(found));
}

/// One visible job.
struct Job<'a> {
    name: &'a str,
    job: &'a Map,
    lenient: bool,
}

impl<'a> Job<'a> {
    fn given(&self, keyword: &str) -> Option<&'a Entry> {
        self.job.entry(keyword).filter(|entry| known(&entry.value))
    }

    fn says(&self, words: &str) -> String {
        format!("jobs:{} {words}", self.name)
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        self.exclusive(faults);
        self.bridge(faults);
        self.parallel(faults);
        self.when(faults);
        types(self.job, &format!("jobs:{}:", self.name), faults);
        let place = |keyword: &str| format!("jobs:{}:{keyword}", self.name);
        if let Some(entry) = self.given("variables") {
            variables(entry, &place("variables"), Place::Job, faults);
        }
        if let Some(entry) = self.given("rules") {
            rules(&entry.value, &place("rules"), &WHEN, faults);
        }
    }

    /// Keywords that do not go together (`entry/processable.rb`, `entry/job.rb`).
    fn exclusive(&self, faults: &mut Vec<Fault>) {
        if let Some(rules) = self.given("rules").filter(|rules| !is_empty(&rules.value)) {
            for entry in ["only", "except"].into_iter().filter_map(|keyword| self.given(keyword)) {
                let mut found =
                    fault(entry.key_at, self.says(&format!("config key may not be used with `rules`: {}", entry.key)));
                found.labels.push((rules.key_at, "the job has `rules`".to_owned()));
                faults.push(found);
            }
        }
        let pairs = [("script", "trigger"), ("run", "trigger"), ("script", "run")];
        for (one, other) in pairs {
            if let (Some(one), Some(other)) = (self.given(one), self.given(other)) {
                let words = format!("config these keys cannot be used together: {}, {}", one.key, other.key);
                let mut found = fault(other.key_at, self.says(&words));
                found.labels.push((one.key_at, format!("the job has `{}`", one.key)));
                faults.push(found);
                return;
            }
        }
    }

    /// A job with `needs` and nothing to run must be told what it waits for (`entry/bridge.rb`).
    fn bridge(&self, faults: &mut Vec<Fault>) {
        let Some(needs) = self.given("needs").filter(|_| !self.lenient) else { return };
        if ["script", "run", "trigger"].iter().any(|keyword| self.job.get(keyword).is_some()) {
            return;
        }
        let waits = |item: &Value| !known(item) || item.as_map().is_some_and(|map| map.get("pipeline").is_some());
        let items = needs.value.as_list().unwrap_or(std::slice::from_ref(&needs.value));
        if !items.iter().any(|item| waits(item) || item.as_list().is_some()) {
            faults.push(fault(needs.key_at, self.says("config should contain either a trigger or a needs:pipeline")));
        }
    }

    /// `parallel:` (`entry/product/parallel.rb`, `entry/product/matrix.rb`).
    fn parallel(&self, faults: &mut Vec<Fault>) {
        let Some(entry) = self.given("parallel") else { return };
        let mut says = |at: Span, words: &str| faults.push(fault(at, format!("jobs:{}:parallel{words}", self.name)));
        match &entry.value.kind {
            Kind::Number(number) => match number.parse::<usize>() {
                Ok(0) => says(entry.value.at, " config must be greater than or equal to 1"),
                Ok(number) if number > MOST_PARALLEL => {
                    says(entry.value.at, &format!(" config must be less than or equal to {MOST_PARALLEL}"));
                }
                Ok(_) => {}
                Err(_) if number.starts_with('-') => says(entry.value.at, " config must be greater than or equal to 1"),
                Err(_) => says(entry.value.at, " config must be an integer"),
            },
            Kind::Map(map) => {
                let Some(matrix) = map.get("matrix").filter(|matrix| known(matrix)) else { return };
                // A list in the list may be a `!reference` that some version lays flat.
                let may_be = |item: &Value| !known(item) || item.as_map().is_some() || item.as_list().is_some();
                if !matrix.as_list().is_some_and(|items| items.iter().all(may_be)) {
                    says(matrix.at, ":matrix config should be an array of hashes");
                } else if matrix::count(self.job) > MOST_PARALLEL {
                    says(matrix.at, &format!(":matrix config generates too many jobs (maximum is {MOST_PARALLEL})"));
                }
            }
            _ => {}
        }
    }

    fn when(&self, faults: &mut Vec<Fault>) {
        if let Some(when) = self.given("when") {
            let allowed = ["on_success", "on_failure", "always", "manual", "delayed"];
            slip(&when.value, &allowed, &self.says(&format!("when should be one of: {}", allowed.join(", "))), faults);
        }
    }
}

/// Keywords of the wrong type, in a job, in `default:` or at top level.
fn types(map: &Map, place: &str, faults: &mut Vec<Fault>) {
    for (keyword, is_wrong, words) in TYPES {
        let given = map.get(keyword).filter(|value| known(value) && is_wrong(value));
        faults.extend(given.map(|value| fault(value.at, format!("{place}{keyword} config {words}"))));
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_list().is_some_and(<[Value]>::is_empty)
}

fn is_no_list(value: &Value) -> bool {
    value.as_list().is_none()
}

fn is_neither_text_nor_map(value: &Value) -> bool {
    value.as_text().is_none() && value.as_map().is_none()
}

/// A keyword, what it cannot be, and what GitLab says then (`entry/imageable.rb`, `entry/services.rb`,
/// `entry/trigger.rb`).
type Type = (&'static str, fn(&Value) -> bool, &'static str);
const TYPES: [Type; 3] = [
    ("image", is_neither_text_nor_map, "should be a hash or a string"),
    ("services", is_no_list, "should be an array"),
    ("trigger", is_neither_text_nor_map, "has to be either a string or a hash"),
];
