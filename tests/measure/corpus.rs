//! Whole repositories: crashes, time, and how much is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pushlint::files::{Disk, Files};

use crate::run::{Run, run};

/// The file that GitLab reads first.
pub const CONFIG: &str = ".gitlab-ci.yml";

/// The figures and the tables.
#[derive(Default)]
pub struct Measured {
    pub lines: Vec<String>,
    pub crashes: Vec<String>,
    times: Vec<(Duration, String)>,
    /// Files by another name of which no job came: hardly pipelines, so nothing there counts.
    jobless: usize,
    said_of_jobless: usize,
    jobs: usize,
    pushes: usize,
    findings: BTreeMap<(&'static str, &'static str), usize>,
    notes: BTreeMap<&'static str, usize>,
    told: Vec<String>,
}

impl Measured {
    pub fn slowest(&self) -> Duration {
        self.times.first().map(|(took, _)| *took).unwrap_or_default()
    }

    fn add(&mut self, name: &str, run: &Run) {
        self.times.push((run.took, name.to_owned()));
        if run.analysis.jobs() == 0 && !name.ends_with(CONFIG) {
            self.jobless += 1;
            self.said_of_jobless += run.reported.len();
            return;
        }
        self.jobs += run.analysis.jobs();
        self.pushes += run.analysis.pushes();
        run.analysis.notes.iter().for_each(|note| *self.notes.entry(note.kind.name()).or_default() += 1);
        for one in &run.reported {
            *self.findings.entry((one.lint, one.finding.certainty.name())).or_default() += 1;
        }
        let repository = name.split_once(':').map_or(name, |(repository, _)| repository);
        self.told.extend(run.reported.iter().map(|one| format!("{repository}:{}", run.told(one))));
    }
}

/// The folders of repositories.
pub fn repositories(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

pub fn measure(folder: &Path) -> Measured {
    let mut measured = Measured::default();
    for repository in repositories(folder) {
        let name = repository.file_name().unwrap().to_string_lossy().into_owned();
        for root in roots(&repository) {
            let name = format!("{name}:{root}");
            match run(&repository, &root) {
                Some(run) => measured.add(&name, &run),
                None => measured.crashes.push(name),
            }
        }
    }
    measured.times.sort_by(|left, right| right.cmp(left));
    summarise(&mut measured);
    measured
}

/// The configuration where there is one, else every YAML file.
fn roots(repository: &Path) -> Vec<String> {
    if repository.join(CONFIG).is_file() {
        return vec![CONFIG.to_owned()];
    }
    let is_yaml = |path: &String| [".yml", ".yaml"].iter().any(|ending| path.ends_with(ending));
    Disk::new(repository.to_path_buf()).list().into_iter().filter(is_yaml).collect()
}

fn summarise(measured: &mut Measured) {
    let total: Duration = measured.times.iter().map(|(took, _)| *took).sum();
    let count: usize = measured.findings.values().sum();
    let mut lines = vec![
        format!("== corpus: {} roots in {total:.1?}, {} crashes", measured.times.len(), measured.crashes.len()),
        format!("jobs {}, pushes {}, findings {count}", measured.jobs, measured.pushes),
        format!("findings per thousand jobs: {:.1}", 10.0 * crate::run::percent(count, measured.jobs)),
        format!("files that are hardly pipelines: {}, findings there: {}", measured.jobless, measured.said_of_jobless),
    ];
    let findings = measured.findings.iter();
    lines.extend(findings.map(|((lint, certainty), count)| format!("  {lint:<26} {certainty:<8} {count}")));
    lines.push("notes".to_owned());
    lines.extend(measured.notes.iter().map(|(kind, count)| format!("  {kind:<26} {count}")));
    lines.push("slowest".to_owned());
    lines.extend(measured.times.iter().take(5).map(|(took, name)| format!("  {took:>10.1?} {name}")));
    if std::env::var_os("MEASURE_LIST").is_some_and(|value| value == "1") {
        lines.append(&mut measured.told);
    }
    measured.lines = lines;
}
