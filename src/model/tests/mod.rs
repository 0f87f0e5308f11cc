//! The model's tests, and what they share.
mod checks;
mod children;
mod jobs;
mod terminates;
mod variables;

use super::*;
use crate::files::Memory;
use crate::load;
use crate::source::Sources;

struct Built {
    pipeline: Pipeline,
    faults: Vec<Fault>,
    sources: Sources,
}

fn build_files(files: &[(&str, &str)]) -> Built {
    let mut sources = Sources::default();
    let loaded = load::load(&Memory::new(files), ".gitlab-ci.yml", &mut sources);
    let (pipeline, faults, _) = build(loaded);
    Built { pipeline, faults, sources }
}

fn build_text(text: &str) -> Built {
    build_files(&[(".gitlab-ci.yml", text)])
}

impl Built {
    fn job(&self, name: &str) -> &Job {
        self.pipeline.jobs.iter().find(|job| job.name == name).unwrap_or_else(|| panic!("{name}: {:?}", self.faults))
    }

    fn faults(&self) -> Vec<String> {
        self.faults.iter().map(|fault| format!("{} @{}", fault.message, self.sources.slice(fault.at))).collect()
    }

    fn variable(&self, job: &str, name: &str) -> String {
        let environment = &self.job(job).environments[0];
        environment.variables.get(name).map_or_else(|| "-".to_owned(), |variable| variable.text.shown())
    }

    fn slices(&self, spans: &[Span]) -> Vec<&str> {
        spans.iter().map(|span| self.sources.slice(*span)).collect()
    }
}

fn texts(field: Option<&Field<Vec<Item>>>) -> Vec<&str> {
    field.map(|field| field.value.iter().map(|item| item.text.text()).collect()).unwrap_or_default()
}

fn kinds(field: Option<&Field<Vec<Item>>>) -> Vec<crate::value::StepKind> {
    field.map(|field| field.via.iter().map(|step| step.kind).collect()).unwrap_or_default()
}
