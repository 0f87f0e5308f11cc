//! The job model: what GitLab makes of the files, in its own order of evaluation (facts A1).

mod build;
mod checks;
mod child;
mod circular;
mod dotenv;
mod environment;
mod expand;
mod expanded;
mod extends;
mod foreign;
mod image;
mod job;
mod job_inputs;
mod matrix;
mod order;
mod reach;
mod reference;
mod script;
mod shapes;
#[cfg(test)]
mod tests;
mod variables;

use std::sync::Arc;

use crate::rules::Reach;
use crate::source::{FileId, Mapped, Span};
use crate::text::{Inputs, Text};
use crate::value::{Map, Step};

pub use build::{build, build_child};
pub use child::{Parent, Trigger};
pub use foreign::Shell;
pub use order::Order;
pub use variables::Variables;

pub use crate::load::{Fault, Note, NoteKind, UnreadInclude};

/// One pipeline: a root file with all that it includes.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// The root file.
    pub root: FileId,
    /// The visible jobs in the order of the merged configuration; the hidden jobs with scripts
    /// where there is no visible job (a template).
    pub jobs: Vec<Job>,
    /// Includes that could not be read.
    pub unread_includes: Vec<UnreadInclude>,
    /// What is known of `$[[ … ]]`.
    pub inputs: Inputs,
    /// Variables set at top level or in any job: names the files define, with the first definition.
    pub defined: Vec<(String, Span)>,
    /// The root's folder, relative to the analysis' root, is always `""`: scripts run in the project's root.
    pub template: bool,
    /// The child pipelines that its jobs start from files of the project.
    pub children: Vec<Trigger>,
    /// The merged configuration after `extends` and `!reference`.
    pub config: Map,
}

/// A job as GitLab would run it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_at: Span,
    /// The whole job: its key and value in the file that defines it last.
    pub at: Span,
    /// `image:`; `None` where none is given.
    pub image: Option<Field<Image>>,
    /// `services:`.
    pub services: Vec<Service>,
    /// `tags:` is given and not empty.
    pub has_tags: bool,
    /// `before_script:`.
    pub before_script: Option<Field<Vec<Item>>>,
    /// `script:`; `None` for a trigger job.
    pub script: Option<Field<Vec<Item>>>,
    /// `after_script:`.
    pub after_script: Option<Field<Vec<Item>>>,
    /// `default:`/top-level `before_script:` that the job's own replaces (or `inherit:` drops), with the key that does it.
    pub lost_before_script: Option<(Vec<Item>, Span)>,
    /// Its variables for each set of scenarios in which they are the same, `rules:variables` included.
    pub environments: Vec<Environment>,
    /// The ways in which the job comes to run; none: never.
    pub reach: Vec<Reach>,
    /// It has neither `stage` nor `image` nor `services` of its own, as a job has that changes an included one.
    pub bare: bool,
    /// An `extends` target, or a `!reference` in it, could not be read because an include could not.
    pub unread_base: bool,
    /// What its scripts are written in.
    pub shell: Shell,
    /// The job sets its own `rules`, `only` or `except`.
    pub own_rules: bool,
    /// The project that its rules confine it to: `if: $CI_PROJECT_PATH == "a/b"`, `only: main@a/b`.
    pub confined_to: Option<String>,
}

impl Job {
    /// A hidden job, judged because no visible one is there.
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.name.starts_with('.')
    }
}

/// A merged value and how it came.
#[derive(Clone, Debug)]
pub struct Field<T> {
    /// The value.
    pub value: T,
    /// The key that gives it: `script` in `script: …`.
    pub key_at: Span,
    /// Where the value was written.
    pub at: Span,
    /// How it came to the job.
    pub via: Vec<Step>,
    /// What it replaced.
    pub shadowed: Vec<Shadowed<T>>,
}

/// A replaced value.
#[derive(Clone, Debug)]
pub struct Shadowed<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub at: Span,
}

/// One item of a script: a text, perhaps of several lines.
#[derive(Clone, Debug)]
pub struct Item {
    /// The text, `$[[ … ]]` included.
    pub text: Arc<Mapped>,
    /// The item's node.
    pub at: Span,
}

/// `image:`.
#[derive(Clone, Debug)]
pub struct Image {
    /// The name after expansion of variables.
    pub name: Text,
    /// Where the name stands.
    pub at: Span,
}

impl Image {
    /// The known part of its repository: no tag, no digest, Docker Hub's own prefixes left out.
    #[must_use]
    pub fn repository(&self) -> &str {
        image_repository(&self.name)
    }
}

/// The repository of an image's name, without what Docker Hub is called.
#[must_use]
pub fn image_repository(name: &Text) -> &str {
    let name = name.literal_prefix().split([':', '@']).next().unwrap_or("");
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// One of `services:`.
#[derive(Clone, Debug)]
pub struct Service {
    /// The image after expansion of variables.
    pub name: Text,
    /// `alias:`, split at spaces and commas, and the host names that GitLab makes from the image (facts A15).
    pub hosts: Vec<String>,
    /// The names of the variables that it alone gets (`services:variables`).
    pub variables: Vec<String>,
    /// Where it stands.
    pub at: Span,
}

/// The variables of a job in some scenarios.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// In which scenarios they hold.
    pub scenarios: crate::scenario::Scenarios,
    /// The variables that the files define, after GitLab's own expansion (facts A12).
    pub variables: Variables,
}

/// A variable of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its value.
    pub text: Text,
    /// Its name in the file.
    pub key_at: Span,
    /// Its value in the file.
    pub at: Span,
    /// The values of other variables that went into it.
    pub from: Vec<Span>,
}
