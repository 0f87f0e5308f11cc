//! GitLab's predefined variables: one table (facts B1 to B3). What a variable may hold, how it
//! differs between runs, and in which scenarios it is not set.

use std::sync::LazyLock;

use crate::scenario::{Scenario, Scenarios};
use crate::text::{Class, Form, Origin, Symbol, SymbolData};

/// One predefined variable.
#[derive(Clone, Copy, Debug)]
pub struct Predefined {
    /// The name.
    pub name: &'static str,
    /// How it differs between runs; `None`: it cannot be told.
    pub class: Option<Class>,
    /// What it may hold.
    pub form: Form,
    /// The scenarios in which it is surely unset.
    pub unset_in: Scenarios,
    /// When it is there.
    pub phase: Phase,
}

/// From when on a predefined variable is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// In `include:rules` too.
    PrePipeline,
    /// In `rules` and `workflow` too.
    Pipeline,
    /// In scripts only.
    Job,
}

const NEVER: Scenarios = Scenarios::NONE;
const CONSTANT: Option<Class> = Some(Class::Constant);
const REF: Option<Class> = Some(Class::PerRef);
const GIT_TAG: Option<Class> = Some(Class::PerTag);
const COMMIT: Option<Class> = Some(Class::PerCommit);
const PIPELINE: Option<Class> = Some(Class::PerPipeline);
const JOB: Option<Class> = Some(Class::PerJob);

/// `host[:port]/path`, lower case.
const IMAGE: Form = Form { slash: true, colon: true, ..Form::SAFE };
/// `host[:port]`.
const HOST: Form = Form { colon: true, ..Form::SAFE };
/// A git ref as it is: slashes, capitals; git itself forbids `:` and spaces.
const RAW_REF: Form = Form { slash: true, upper: true, ..Form::SAFE };
/// A path of GitLab with its original case.
const CASED_PATH: Form = Form { slash: true, upper: true, ..Form::SAFE };
/// One segment of such a path.
const CASED: Form = Form { upper: true, ..Form::SAFE };
/// A time with `:` and `+`.
const TIME: Form = Form { colon: true, upper: true, ..Form::SAFE };
/// Free text.
const FREE: Form = Form::ANY;
/// `[A-Za-z0-9_.-]`, may be empty.
const OPTIONAL: Form = Form { empty: true, ..Form::SAFE };

macro_rules! rows {
    ($($name:ident $class:expr, $form:expr, $unset:expr, $phase:ident;)*) => {
        &[$(Predefined { name: stringify!($name), class: $class, form: $form, unset_in: $unset, phase: Phase::$phase }),*]
    };
}

/// Scenarios that are not a merge request pipeline.
const NOT_MR: Scenarios =
    mask(&[Scenario::DefaultBranch, Scenario::Branch, Scenario::Tag, Scenario::Schedule, Scenario::Other]);
/// Scenarios on a branch for sure, and merge requests: no git tag.
const NO_TAG: Scenarios = mask(&[Scenario::DefaultBranch, Scenario::Branch, Scenario::MergeRequest]);
/// Scenarios without `CI_COMMIT_BRANCH`.
const NO_BRANCH: Scenarios = mask(&[Scenario::Tag, Scenario::MergeRequest]);

const fn mask(scenarios: &[Scenario]) -> Scenarios {
    Scenarios::of(scenarios)
}

/// The table, sorted by name.
pub const TABLE: &[Predefined] = rows! {
    CI CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_API_V4_URL CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_BUILDS_DIR CONSTANT, FREE, NEVER, Job;
    CI_COMMIT_AUTHOR COMMIT, FREE, NEVER, PrePipeline;
    CI_COMMIT_BEFORE_SHA COMMIT, Form::SAFE, NEVER, PrePipeline;
    CI_COMMIT_BRANCH REF, Form { empty: true, ..RAW_REF }, NO_BRANCH, PrePipeline;
    CI_COMMIT_DESCRIPTION None, FREE, NEVER, PrePipeline;
    CI_COMMIT_MESSAGE None, FREE, NEVER, PrePipeline;
    CI_COMMIT_REF_NAME REF, RAW_REF, NEVER, PrePipeline;
    CI_COMMIT_REF_PROTECTED CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_COMMIT_REF_SLUG REF, Form::SAFE, NEVER, PrePipeline;
    CI_COMMIT_SHA COMMIT, Form::SAFE, NEVER, PrePipeline;
    CI_COMMIT_SHORT_SHA COMMIT, Form::SAFE, NEVER, PrePipeline;
    CI_COMMIT_TAG GIT_TAG, Form { empty: true, ..CASED }, NO_TAG, PrePipeline;
    CI_COMMIT_TAG_MESSAGE None, FREE, NO_TAG, PrePipeline;
    CI_COMMIT_TIMESTAMP COMMIT, TIME, NEVER, PrePipeline;
    CI_COMMIT_TITLE None, FREE, NEVER, PrePipeline;
    CI_CONCURRENT_ID CONSTANT, Form::SAFE, NEVER, Job;
    CI_CONCURRENT_PROJECT_ID CONSTANT, Form::SAFE, NEVER, Job;
    CI_CONFIG_PATH CONSTANT, FREE, NEVER, PrePipeline;
    CI_DEFAULT_BRANCH CONSTANT, RAW_REF, NEVER, PrePipeline;
    CI_DEFAULT_BRANCH_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_DEPENDENCY_PROXY_PASSWORD JOB, FREE, NEVER, Pipeline;
    CI_DEPENDENCY_PROXY_SERVER CONSTANT, HOST, NEVER, PrePipeline;
    CI_DEPENDENCY_PROXY_USER CONSTANT, Form::SAFE, NEVER, Pipeline;
    CI_DEPLOY_PASSWORD CONSTANT, FREE, NEVER, Job;
    CI_DEPLOY_USER CONSTANT, FREE, NEVER, Job;
    CI_ENVIRONMENT_NAME REF, Form { empty: true, space: true, ..RAW_REF }, NEVER, Job;
    CI_ENVIRONMENT_SLUG REF, OPTIONAL, NEVER, Job;
    CI_ENVIRONMENT_URL REF, FREE, NEVER, Job;
    CI_JOB_GROUP_NAME CONSTANT, FREE, NEVER, Pipeline;
    CI_JOB_ID JOB, Form::SAFE, NEVER, Job;
    CI_JOB_IMAGE CONSTANT, IMAGE, NEVER, Pipeline;
    CI_JOB_NAME CONSTANT, Form { space: true, colon: true, ..RAW_REF }, NEVER, Pipeline;
    CI_JOB_NAME_SLUG CONSTANT, Form::SAFE, NEVER, Pipeline;
    CI_JOB_STAGE CONSTANT, Form { space: true, ..CASED }, NEVER, Pipeline;
    CI_JOB_STARTED_AT JOB, TIME, NEVER, Job;
    CI_JOB_STARTED_AT_SLUG JOB, Form::SAFE, NEVER, Job;
    CI_JOB_STATUS CONSTANT, Form::SAFE, NEVER, Job;
    CI_JOB_TOKEN JOB, CASED, NEVER, Job;
    CI_JOB_URL JOB, FREE, NEVER, Job;
    CI_MERGE_REQUEST_ID REF, Form::SAFE, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_IID REF, Form::SAFE, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_LABELS None, FREE, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_PROJECT_PATH CONSTANT, CASED_PATH, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME REF, RAW_REF, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA COMMIT, OPTIONAL, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_SOURCE_PROJECT_PATH REF, CASED_PATH, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME REF, RAW_REF, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA COMMIT, OPTIONAL, NOT_MR, Pipeline;
    CI_MERGE_REQUEST_TITLE None, FREE, NOT_MR, Pipeline;
    CI_NODE_INDEX CONSTANT, OPTIONAL, NEVER, Pipeline;
    CI_NODE_TOTAL CONSTANT, Form::SAFE, NEVER, Pipeline;
    CI_OPEN_MERGE_REQUESTS None, FREE, NEVER, PrePipeline;
    CI_PAGES_DOMAIN CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PAGES_URL CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_PIPELINE_CREATED_AT PIPELINE, TIME, NEVER, Job;
    CI_PIPELINE_ID PIPELINE, Form::SAFE, NEVER, Job;
    CI_PIPELINE_IID PIPELINE, Form::SAFE, NEVER, Pipeline;
    CI_PIPELINE_NAME None, FREE, NEVER, Pipeline;
    CI_PIPELINE_SOURCE CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PIPELINE_TRIGGERED CONSTANT, OPTIONAL, NEVER, PrePipeline;
    CI_PIPELINE_URL PIPELINE, FREE, NEVER, Job;
    CI_PROJECT_DIR CONSTANT, FREE, NEVER, Job;
    CI_PROJECT_ID CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PROJECT_NAME CONSTANT, CASED, NEVER, PrePipeline;
    CI_PROJECT_NAMESPACE CONSTANT, CASED_PATH, NEVER, PrePipeline;
    CI_PROJECT_NAMESPACE_ID CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PROJECT_NAMESPACE_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PROJECT_PATH CONSTANT, CASED_PATH, NEVER, PrePipeline;
    CI_PROJECT_PATH_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_PROJECT_ROOT_NAMESPACE CONSTANT, CASED, NEVER, PrePipeline;
    CI_PROJECT_TITLE CONSTANT, FREE, NEVER, PrePipeline;
    CI_PROJECT_URL CONSTANT, FREE, NEVER, PrePipeline;
    CI_PROJECT_VISIBILITY CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_REGISTRY CONSTANT, HOST, NEVER, PrePipeline;
    CI_REGISTRY_IMAGE CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_REGISTRY_PASSWORD JOB, CASED, NEVER, Job;
    CI_REGISTRY_USER CONSTANT, Form::SAFE, NEVER, Job;
    CI_REPOSITORY_URL JOB, FREE, NEVER, Job;
    CI_RUNNER_DESCRIPTION None, FREE, NEVER, Job;
    CI_RUNNER_EXECUTABLE_ARCH CONSTANT, IMAGE, NEVER, Job;
    CI_RUNNER_ID CONSTANT, Form::SAFE, NEVER, Job;
    CI_RUNNER_TAGS CONSTANT, FREE, NEVER, Job;
    CI_RUNNER_VERSION CONSTANT, Form::SAFE, NEVER, Job;
    CI_SERVER CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_SERVER_FQDN CONSTANT, HOST, NEVER, PrePipeline;
    CI_SERVER_HOST CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_SERVER_NAME CONSTANT, CASED, NEVER, PrePipeline;
    CI_SERVER_PORT CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_SERVER_PROTOCOL CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_SERVER_REVISION CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_SERVER_URL CONSTANT, IMAGE, NEVER, PrePipeline;
    CI_SERVER_VERSION CONSTANT, Form::SAFE, NEVER, PrePipeline;
    CI_TEMPLATE_REGISTRY_HOST CONSTANT, HOST, NEVER, PrePipeline;
    GITLAB_CI CONSTANT, Form::SAFE, NEVER, PrePipeline;
    GITLAB_FEATURES CONSTANT, FREE, NEVER, Pipeline;
    GITLAB_USER_EMAIL None, FREE, NEVER, Pipeline;
    GITLAB_USER_ID None, Form::SAFE, NEVER, Pipeline;
    GITLAB_USER_LOGIN CONSTANT, CASED, NEVER, Pipeline;
    GITLAB_USER_NAME None, FREE, NEVER, Pipeline;
};

impl Predefined {
    fn symbol(&self) -> Symbol {
        Symbol::new(SymbolData {
            key: format!("${}", self.name),
            shown: format!("${}", self.name),
            origin: Origin::Predefined(self.name),
            class: self.class,
            form: self.form,
            unset_in: self.unset_in,
        })
    }
}

/// The row of a variable.
#[must_use]
pub fn find(name: &str) -> Option<&'static Predefined> {
    TABLE.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| &TABLE[at])
}

/// The value of a predefined variable, as a symbol.
#[must_use]
pub fn symbol(name: &str) -> Option<Symbol> {
    /// One for each row: they are asked for all the time.
    static SYMBOLS: LazyLock<Vec<Symbol>> = LazyLock::new(|| TABLE.iter().map(Predefined::symbol).collect());
    let at = TABLE.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some(SYMBOLS[at].clone())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TABLE.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
