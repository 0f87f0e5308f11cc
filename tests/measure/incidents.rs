//! Incidents: each file's header says which finding is due at which line, or which must not be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pushlint::judge::Reported;
use regex::Regex;

use crate::run::{Run, run, share};

/// The figures and the tables.
#[derive(Default)]
pub struct Measured {
    pub lines: Vec<String>,
    pub crashes: Vec<String>,
    pub false_findings: usize,
    /// For each detectability: how many, and the names of the missed ones.
    recall: BTreeMap<String, (usize, Vec<String>)>,
    false_ones: Vec<String>,
    besides: Vec<String>,
}

impl Measured {
    pub fn missed(&self, detectability: &str) -> usize {
        self.recall.get(detectability).map_or(0, |(_, missed)| missed.len())
    }
}

/// The lints that a class of incidents allows.
struct Class {
    lints: BTreeSet<String>,
    /// "or as the cause says": any lint at the right line will do.
    open: bool,
}

/// What a file's header says.
struct Header {
    wanted: Vec<(Regex, String)>,
    unwanted: Vec<String>,
    detectability: &'static str,
}

/// How a wanted finding was met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    No,
    ByLabel,
    ByPlace,
}

pub fn measure(folder: &Path) -> Measured {
    let classes = classes(&fs::read_to_string(folder.join("README.md")).unwrap());
    let mut measured = Measured::default();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files.filter(|name| name.ends_with(".yml")).collect();
    for file in &files {
        let header = header(&fs::read_to_string(folder.join(file)).unwrap());
        match run(folder, file) {
            Some(run) => judge_one(&mut measured, file, &header, &classes, &run),
            None => measured.crashes.push(file.clone()),
        }
    }
    summarise(&mut measured, files.len());
    measured
}

/// The table of the README.
fn classes(readme: &str) -> BTreeMap<String, Class> {
    let word = Regex::new("`([a-z-]+)`").unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.map(|(class, lints)| {
        let open = lints.contains("as the cause says");
        let lints = word.captures_iter(lints).map(|found| found[1].to_owned()).collect();
        (class.to_owned(), Class { lints, open })
    })
    .collect()
}

fn header(text: &str) -> Header {
    let mut header = Header { wanted: Vec::new(), unwanted: Vec::new(), detectability: "-" };
    for line in text.lines().take_while(|line| line.starts_with('#')) {
        if let Some((pattern, class)) = line.strip_prefix("# expect: ").and_then(|rest| rest.rsplit_once(": ")) {
            match pattern {
                "none" => header.unwanted.push(class.to_owned()),
                pattern => header.wanted.push((Regex::new(pattern).unwrap(), class.to_owned())),
            }
        } else if let Some(rest) = line.strip_prefix("# detectable: ") {
            header.detectability = detectability(rest);
        }
    }
    header
}

fn detectability(words: &str) -> &'static str {
    let high = words.contains("high");
    match words.split([',', ' ']).next() {
        Some("yes") if high => "yes/high",
        Some("yes") => "yes/medium",
        Some("maybe") => "maybe",
        _ => "no",
    }
}

fn judge_one(measured: &mut Measured, file: &str, header: &Header, classes: &BTreeMap<String, Class>, run: &Run) {
    let names = |class: &str, lint: &str| classes.get(class).is_some_and(|class| class.lints.contains(lint));
    let mut met = Met::No;
    for one in &run.reported {
        let meets = header.wanted.iter().map(|(pattern, class)| {
            let allowed = names(class, one.lint) || classes.get(class).is_some_and(|class| class.open);
            if allowed { points(run, one, pattern) } else { Met::No }
        });
        let meets = meets.max().unwrap_or(Met::No);
        met = met.max(meets);
        if header.unwanted.iter().any(|class| names(class, one.lint)) {
            measured.false_findings += 1;
            measured.false_ones.push(run.told(one));
        } else if meets == Met::No {
            measured.besides.push(run.told(one));
        }
    }
    if header.wanted.is_empty() {
        return;
    }
    let (count, missed) = measured.recall.entry(header.detectability.to_owned()).or_default();
    *count += 1;
    match met {
        Met::No => missed.push(file.trim_end_matches(".yml").to_owned()),
        Met::ByLabel => measured.lines.push(format!("{file}: met only by a label of a report")),
        Met::ByPlace => {}
    }
}

/// Whether a report points at a line of the pattern: any matching line will do.
fn points(run: &Run, one: &Reported, pattern: &Regex) -> Met {
    let matches = |(path, line): &(String, usize)| {
        let source = run.analysis.sources.iter().find(|(_, source)| source.path == *path);
        source.is_some_and(|(_, source)| pattern.is_match(&source.text[source.line(*line)]))
    };
    if run.own(one).iter().any(matches) {
        Met::ByPlace
    } else if run.others(one).iter().any(matches) {
        Met::ByLabel
    } else {
        Met::No
    }
}

fn summarise(measured: &mut Measured, files: usize) {
    let mut lines = vec![format!("== incidents: {files} files")];
    for (name, (count, missed)) in &measured.recall {
        let found = share(count - missed.len(), *count);
        lines.push(format!("recall {name:<11} {found:<12} missed: {}", missed.join(" ")).trim_end().to_owned());
    }
    lines.push(format!("false findings: {}", measured.false_findings));
    lines.extend(measured.false_ones.iter().map(|told| format!("  {told}")));
    lines.push(format!("findings beside the expectations: {}", measured.besides.len()));
    lines.extend(measured.besides.iter().map(|told| format!("  {told}")));
    lines.append(&mut measured.lines);
    measured.lines = lines;
}
