//! What a variable holds in each kind of pipeline, as far as a condition can ask.

use super::{Conditions, Lookup};
use crate::predefined::{self, By, Phase};
use crate::scenario::{Scenario, Scenarios};

/// The value of one side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Null,
    Bool(bool),
    Text(String),
    /// One of these texts, on one run or another.
    OneOf(&'static [&'static str]),
    /// The default branch's name, which the files do not show.
    DefaultBranch,
    /// The name of the ref that the pipeline runs on.
    Ref(RefName),
    /// The branch that a merge request goes to.
    Target,
    /// `true` on protected refs.
    Protected,
    /// Some text that is never empty: the project's path, the server.
    Some,
    /// Set on some runs only.
    Optional,
    /// Free text by whoever pushed: the commit's message, the user.
    Said(String),
    /// The files do not define it: unset, unless somebody sets it.
    Undefined(String),
    /// Defined, but the text is not known.
    Unknown(String),
}

/// Whose name a ref has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefName {
    /// The default branch.
    Default,
    /// A branch that is not the default one.
    Branch,
    /// A git tag.
    Tag,
    /// The source branch of a merge request.
    Source,
    /// Any branch.
    AnyBranch,
}

impl RefName {
    /// Whether it can be the default branch's name, and whether it must be.
    pub(super) fn is_default(self) -> Option<bool> {
        match self {
            RefName::Default => Some(true),
            RefName::Branch | RefName::Tag | RefName::Source => Some(false),
            RefName::AnyBranch => None,
        }
    }
}

/// The sources of pipelines that a person, the API or another pipeline starts.
const OTHER_SOURCES: &[&str] = &[
    "web",
    "api",
    "trigger",
    "pipeline",
    "parent_pipeline",
    "external",
    "external_pull_request_event",
    "chat",
    "webide",
    "ondemand_dast_scan",
    "ondemand_dast_validation",
    "security_orchestration_policy",
    "container_registry_push",
];
const EVENT_TYPES: &[&str] = &["detached", "merged_result", "merge_train"];

/// What a variable holds: what the files say, else what GitLab predefines.
pub(super) fn variable(name: &str, scenario: Scenario, conditions: &Conditions) -> Held {
    match (conditions.lookup)(name) {
        Lookup::Known(text) => Held::Text(text),
        Lookup::Unknown => Held::Unknown(name.to_owned()),
        Lookup::Undefined => predefined(name, scenario).unwrap_or_else(|| Held::Undefined(name.to_owned())),
    }
}

fn predefined(name: &str, scenario: Scenario) -> Option<Held> {
    let held = match name {
        "CI" | "GITLAB_CI" => Held::Text("true".to_owned()),
        "CI_SERVER" => Held::Text("yes".to_owned()),
        "CI_PIPELINE_SOURCE" => source(scenario),
        "CI_DEFAULT_BRANCH" | "CI_DEFAULT_BRANCH_SLUG" => Held::DefaultBranch,
        "CI_COMMIT_BRANCH" => branch(scenario),
        "CI_COMMIT_TAG" => tag(scenario),
        "CI_COMMIT_REF_NAME" | "CI_COMMIT_REF_SLUG" | "CI_BUILD_REF_NAME" => Held::Ref(ref_name(scenario)),
        "CI_COMMIT_REF_PROTECTED" => Held::Protected,
        "CI_OPEN_MERGE_REQUESTS" => open_merge_requests(scenario),
        _ if name.starts_with("CI_MERGE_REQUEST_") => merge_request(name, scenario),
        _ => return others(name, scenario),
    };
    Some(held)
}

/// What the table of predefined variables says of the rest.
fn others(name: &str, scenario: Scenario) -> Option<Held> {
    let row = predefined::find(name)?;
    if row.phase == Phase::Job || row.unset_in.has(scenario) {
        return Some(Held::Null);
    }
    if row.set_by == By::Person {
        return Some(Held::Said(name.to_owned()));
    }
    Some(if row.form.empty { Held::Optional } else { Held::Some })
}

fn source(scenario: Scenario) -> Held {
    match scenario {
        Scenario::DefaultBranch | Scenario::Branch | Scenario::Tag => Held::Text("push".to_owned()),
        Scenario::MergeRequest => Held::Text("merge_request_event".to_owned()),
        Scenario::Schedule | Scenario::TagSchedule => Held::Text("schedule".to_owned()),
        Scenario::Other | Scenario::TagOther => Held::OneOf(OTHER_SOURCES),
    }
}

fn branch(scenario: Scenario) -> Held {
    match scenario {
        Scenario::DefaultBranch => Held::Ref(RefName::Default),
        Scenario::Branch => Held::Ref(RefName::Branch),
        Scenario::Schedule | Scenario::Other => Held::Ref(RefName::AnyBranch),
        Scenario::Tag | Scenario::TagSchedule | Scenario::TagOther | Scenario::MergeRequest => Held::Null,
    }
}

fn tag(scenario: Scenario) -> Held {
    if Scenarios::TAGS.has(scenario) { Held::Ref(RefName::Tag) } else { Held::Null }
}

fn ref_name(scenario: Scenario) -> RefName {
    match scenario {
        Scenario::DefaultBranch => RefName::Default,
        Scenario::Branch => RefName::Branch,
        Scenario::Tag | Scenario::TagSchedule | Scenario::TagOther => RefName::Tag,
        Scenario::MergeRequest => RefName::Source,
        Scenario::Schedule | Scenario::Other => RefName::AnyBranch,
    }
}

fn open_merge_requests(scenario: Scenario) -> Held {
    match scenario {
        Scenario::Tag | Scenario::TagSchedule | Scenario::TagOther => Held::Null,
        Scenario::MergeRequest => Held::Some,
        _ => Held::Optional,
    }
}

fn merge_request(name: &str, scenario: Scenario) -> Held {
    if scenario != Scenario::MergeRequest {
        return Held::Null;
    }
    match name.trim_start_matches("CI_MERGE_REQUEST_") {
        "SOURCE_BRANCH_NAME" => Held::Ref(RefName::Source),
        "TARGET_BRANCH_NAME" => Held::Target,
        "EVENT_TYPE" => Held::OneOf(EVENT_TYPES),
        "ID"
        | "IID"
        | "PROJECT_ID"
        | "PROJECT_PATH"
        | "PROJECT_URL"
        | "REF_PATH"
        | "SOURCE_PROJECT_ID"
        | "SOURCE_PROJECT_PATH"
        | "SOURCE_PROJECT_URL" => Held::Some,
        "LABELS" | "TITLE" | "DESCRIPTION" | "ASSIGNEES" | "MILESTONE" | "DRAFT" => Held::Said(name.to_owned()),
        _ => Held::Optional,
    }
}
