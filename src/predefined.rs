//! GitLab's predefined variables: one table (facts B1 to B3; `doc/ci/variables/predefined_variables.md`
//! up to 19.3). What a variable may hold, how it differs between runs, and in which scenarios it is not
//! set. What integrations and Auto DevOps add is not here: those are the project's own settings.
//! A variable that is there only under a condition that no file shows may be empty.

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
    /// Who decides what it holds.
    pub set_by: By,
    /// It is, or holds, a token or a password.
    pub secret: bool,
}

/// Who decides what a predefined variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The server: its settings, the project's, the ref, the run.
    GitLab,
    /// The runner.
    Runner,
    /// A person, with each commit, merge request or run: a message, a title, who it is.
    Person,
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
    ($($name:ident $class:expr, $form:expr, $unset:expr, $phase:ident $by:ident $($secret:ident)?;)*) => {
        &[$(Predefined {
            name: stringify!($name),
            class: $class,
            form: $form,
            unset_in: $unset,
            phase: Phase::$phase,
            set_by: By::$by,
            secret: !stringify!($($secret)?).is_empty(),
        }),*]
    };
}

/// Scenarios that are not a merge request pipeline.
const NOT_MR: Scenarios = Scenarios::ALL.without(Scenarios::of(&[Scenario::MergeRequest]));
/// Scenarios other than those of the API, triggers, chats and external pull requests.
const NOT_OTHER: Scenarios = Scenarios::ALL.without(Scenarios::OTHERS);
/// Scenarios that are not a schedule.
const NOT_SCHEDULE: Scenarios = Scenarios::ALL.without(Scenarios::SCHEDULES);
/// Scenarios on a branch, and merge requests: no git tag.
const NO_TAG: Scenarios = Scenarios::ALL.without(Scenarios::TAGS);
/// Scenarios without `CI_COMMIT_BRANCH`.
const NO_BRANCH: Scenarios = Scenarios::TAGS.or(Scenarios::of(&[Scenario::MergeRequest]));

/// The table, sorted by name.
pub const TABLE: &[Predefined] = rows! {
    CHAT_CHANNEL None, FREE, NOT_OTHER, Pipeline Person;
    CHAT_INPUT None, FREE, NOT_OTHER, Pipeline Person;
    CHAT_USER_ID None, FREE, NOT_OTHER, Pipeline Person;
    CI CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_API_GRAPHQL_URL CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_API_V4_URL CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_BUILDS_DIR CONSTANT, FREE, NEVER, Job Runner;
    CI_COMMIT_AUTHOR COMMIT, FREE, NEVER, PrePipeline Person;
    CI_COMMIT_BEFORE_SHA COMMIT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_COMMIT_BRANCH REF, Form { empty: true, ..RAW_REF }, NO_BRANCH, PrePipeline GitLab;
    CI_COMMIT_DESCRIPTION None, FREE, NEVER, PrePipeline Person;
    CI_COMMIT_MESSAGE None, FREE, NEVER, PrePipeline Person;
    CI_COMMIT_MESSAGE_IS_TRUNCATED CONSTANT, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_COMMIT_REF_NAME REF, RAW_REF, NEVER, PrePipeline GitLab;
    CI_COMMIT_REF_PROTECTED CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_COMMIT_REF_SLUG REF, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_COMMIT_SHA COMMIT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_COMMIT_SHORT_SHA COMMIT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_COMMIT_TAG GIT_TAG, Form { empty: true, ..CASED }, NO_TAG, PrePipeline GitLab;
    CI_COMMIT_TAG_MESSAGE None, FREE, NO_TAG, PrePipeline Person;
    CI_COMMIT_TIMESTAMP COMMIT, TIME, NEVER, PrePipeline GitLab;
    CI_COMMIT_TITLE None, FREE, NEVER, PrePipeline Person;
    CI_COMMIT_USER_LOGIN None, Form { empty: true, ..CASED }, NEVER, PrePipeline Person;
    CI_CONCURRENT_ID CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_CONCURRENT_PROJECT_ID CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_CONFIG_PATH CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_CONFIG_REF_URI REF, FREE, NEVER, Pipeline GitLab;
    CI_DEBUG_SERVICES CONSTANT, OPTIONAL, NEVER, Pipeline Person;
    CI_DEBUG_TRACE CONSTANT, OPTIONAL, NEVER, Pipeline Person;
    CI_DEFAULT_BRANCH CONSTANT, RAW_REF, NEVER, PrePipeline GitLab;
    CI_DEFAULT_BRANCH_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_DEPENDENCY_PROXY_PASSWORD JOB, FREE, NEVER, Pipeline GitLab secret;
    CI_DEPENDENCY_PROXY_SERVER CONSTANT, HOST, NEVER, PrePipeline GitLab;
    CI_DEPENDENCY_PROXY_USER CONSTANT, Form::SAFE, NEVER, Pipeline GitLab;
    CI_DEPLOY_FREEZE CONSTANT, OPTIONAL, NEVER, PrePipeline Person;
    CI_DEPLOY_PASSWORD CONSTANT, FREE, NEVER, Job GitLab secret;
    CI_DEPLOY_USER CONSTANT, FREE, NEVER, Job GitLab;
    CI_DISPOSABLE_ENVIRONMENT CONSTANT, OPTIONAL, NEVER, Pipeline Runner;
    CI_ENVIRONMENT_ACTION REF, OPTIONAL, NEVER, Pipeline GitLab;
    CI_ENVIRONMENT_ID REF, OPTIONAL, NEVER, Pipeline GitLab;
    CI_ENVIRONMENT_NAME REF, Form { empty: true, space: true, ..RAW_REF }, NEVER, Pipeline GitLab;
    CI_ENVIRONMENT_SLUG REF, OPTIONAL, NEVER, Pipeline GitLab;
    CI_ENVIRONMENT_TIER REF, OPTIONAL, NEVER, Pipeline GitLab;
    CI_ENVIRONMENT_URL REF, FREE, NEVER, Pipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_IID REF, OPTIONAL, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME REF, Form { empty: true, ..RAW_REF }, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA COMMIT, OPTIONAL, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY REF, Form { empty: true, ..CASED_PATH }, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME REF, Form { empty: true, ..RAW_REF }, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA COMMIT, OPTIONAL, NOT_OTHER, PrePipeline GitLab;
    CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY REF, Form { empty: true, ..CASED_PATH }, NOT_OTHER, PrePipeline GitLab;
    CI_GITLAB_FIPS_MODE CONSTANT, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_HAS_OPEN_REQUIREMENTS CONSTANT, OPTIONAL, NEVER, Pipeline GitLab;
    CI_JOB_GROUP_NAME CONSTANT, FREE, NEVER, Pipeline GitLab;
    CI_JOB_ID JOB, Form::SAFE, NEVER, Job GitLab;
    CI_JOB_IMAGE CONSTANT, Form { empty: true, ..IMAGE }, NEVER, Pipeline GitLab;
    CI_JOB_MANUAL CONSTANT, OPTIONAL, NEVER, Pipeline Person;
    CI_JOB_NAME CONSTANT, Form { space: true, colon: true, ..RAW_REF }, NEVER, Pipeline GitLab;
    CI_JOB_NAME_SLUG CONSTANT, Form::SAFE, NEVER, Pipeline GitLab;
    CI_JOB_RETRY_COUNT CONSTANT, OPTIONAL, NEVER, Job GitLab;
    CI_JOB_STAGE CONSTANT, Form { space: true, ..CASED }, NEVER, Pipeline GitLab;
    CI_JOB_STARTED_AT JOB, TIME, NEVER, Job GitLab;
    CI_JOB_STARTED_AT_SLUG JOB, Form::SAFE, NEVER, Job GitLab;
    CI_JOB_STATUS CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_JOB_TAGS CONSTANT, FREE, NEVER, Job GitLab;
    CI_JOB_TIMEOUT CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_JOB_TOKEN JOB, CASED, NEVER, Job GitLab secret;
    CI_JOB_URL JOB, FREE, NEVER, Job GitLab;
    CI_KUBERNETES_ACTIVE CONSTANT, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_MERGE_REQUEST_APPROVED CONSTANT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_ASSIGNEES None, FREE, NOT_MR, PrePipeline Person;
    CI_MERGE_REQUEST_DESCRIPTION None, FREE, NOT_MR, PrePipeline Person;
    CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED CONSTANT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_DIFF_BASE_SHA None, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_DIFF_ID COMMIT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_DRAFT CONSTANT, OPTIONAL, NOT_MR, PrePipeline Person;
    CI_MERGE_REQUEST_EVENT_TYPE CONSTANT, Form::SAFE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_ID REF, Form::SAFE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_IID REF, Form::SAFE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_LABELS None, FREE, NOT_MR, PrePipeline Person;
    CI_MERGE_REQUEST_MILESTONE None, FREE, NOT_MR, PrePipeline Person;
    CI_MERGE_REQUEST_PROJECT_ID CONSTANT, Form::SAFE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_PROJECT_PATH CONSTANT, CASED_PATH, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_PROJECT_URL CONSTANT, FREE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_REF_PATH REF, RAW_REF, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME REF, RAW_REF, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED CONSTANT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA COMMIT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID REF, Form::SAFE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_PROJECT_PATH REF, CASED_PATH, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SOURCE_PROJECT_URL REF, FREE, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_SQUASH_ON_MERGE CONSTANT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME REF, RAW_REF, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED CONSTANT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA COMMIT, OPTIONAL, NOT_MR, PrePipeline GitLab;
    CI_MERGE_REQUEST_TITLE None, FREE, NOT_MR, PrePipeline Person;
    CI_NODE_INDEX CONSTANT, OPTIONAL, NEVER, Pipeline GitLab;
    CI_NODE_TOTAL CONSTANT, Form::SAFE, NEVER, Pipeline GitLab;
    CI_OPEN_MERGE_REQUESTS None, FREE, NEVER, PrePipeline GitLab;
    CI_PAGES_DOMAIN CONSTANT, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_PAGES_HOSTNAME CONSTANT, OPTIONAL, NEVER, Job GitLab;
    CI_PAGES_URL CONSTANT, Form { empty: true, ..IMAGE }, NEVER, PrePipeline GitLab;
    CI_PIPELINE_CREATED_AT PIPELINE, TIME, NEVER, Job GitLab;
    CI_PIPELINE_ID PIPELINE, Form::SAFE, NEVER, Job GitLab;
    CI_PIPELINE_IID PIPELINE, Form::SAFE, NEVER, Pipeline GitLab;
    CI_PIPELINE_NAME None, FREE, NEVER, Pipeline Person;
    CI_PIPELINE_SCHEDULE_DESCRIPTION None, FREE, NOT_SCHEDULE, PrePipeline Person;
    CI_PIPELINE_SOURCE CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PIPELINE_TRIGGERED CONSTANT, OPTIONAL, NOT_OTHER, PrePipeline GitLab;
    CI_PIPELINE_URL PIPELINE, FREE, NEVER, Job GitLab;
    CI_PROJECT_CLASSIFICATION_LABEL CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_DESCRIPTION CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_DIR CONSTANT, FREE, NEVER, Job Runner;
    CI_PROJECT_ID CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PROJECT_NAME CONSTANT, CASED, NEVER, PrePipeline GitLab;
    CI_PROJECT_NAMESPACE CONSTANT, CASED_PATH, NEVER, PrePipeline GitLab;
    CI_PROJECT_NAMESPACE_ID CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PROJECT_NAMESPACE_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PROJECT_PATH CONSTANT, CASED_PATH, NEVER, PrePipeline GitLab;
    CI_PROJECT_PATH_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PROJECT_REPOSITORY_LANGUAGES CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_ROOT_NAMESPACE CONSTANT, CASED, NEVER, PrePipeline GitLab;
    CI_PROJECT_ROOT_NAMESPACE_SLUG CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_PROJECT_TITLE CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_TOPICS CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_URL CONSTANT, FREE, NEVER, PrePipeline GitLab;
    CI_PROJECT_VISIBILITY CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_REGISTRY CONSTANT, HOST, NEVER, PrePipeline GitLab;
    CI_REGISTRY_IMAGE CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_REGISTRY_PASSWORD JOB, CASED, NEVER, Job GitLab secret;
    CI_REGISTRY_USER CONSTANT, Form::SAFE, NEVER, Job GitLab;
    CI_RELEASE_DESCRIPTION None, FREE, NO_TAG, Pipeline Person;
    CI_REPOSITORY_URL JOB, FREE, NEVER, Job GitLab secret;
    CI_RUNNER_DESCRIPTION None, FREE, NEVER, Job GitLab;
    CI_RUNNER_EXECUTABLE_ARCH CONSTANT, IMAGE, NEVER, Job Runner;
    CI_RUNNER_ID CONSTANT, Form::SAFE, NEVER, Job GitLab;
    CI_RUNNER_REVISION CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_RUNNER_SHORT_TOKEN CONSTANT, CASED, NEVER, Job GitLab secret;
    CI_RUNNER_TAGS CONSTANT, FREE, NEVER, Job GitLab;
    CI_RUNNER_VERSION CONSTANT, Form::SAFE, NEVER, Job Runner;
    CI_SERVER CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_FQDN CONSTANT, HOST, NEVER, PrePipeline GitLab;
    CI_SERVER_HOST CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_NAME CONSTANT, CASED, NEVER, PrePipeline GitLab;
    CI_SERVER_PORT CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_PROTOCOL CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_REVISION CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_SHELL_SSH_HOST CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_SHELL_SSH_PORT CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_TLS_CA_FILE CONSTANT, FREE, NEVER, Pipeline Runner;
    CI_SERVER_TLS_CERT_FILE CONSTANT, FREE, NEVER, Pipeline Runner;
    CI_SERVER_TLS_KEY_FILE CONSTANT, FREE, NEVER, Pipeline Runner;
    CI_SERVER_URL CONSTANT, IMAGE, NEVER, PrePipeline GitLab;
    CI_SERVER_VERSION CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_VERSION_MAJOR CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_VERSION_MINOR CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SERVER_VERSION_PATCH CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    CI_SHARED_ENVIRONMENT CONSTANT, OPTIONAL, NEVER, Pipeline Runner;
    CI_TEMPLATE_REGISTRY_HOST CONSTANT, HOST, NEVER, PrePipeline GitLab;
    CI_TRACEPARENT JOB, OPTIONAL, NEVER, Job GitLab;
    CI_TRACESTATE JOB, FREE, NEVER, Job GitLab;
    CI_TRIGGER_SHORT_TOKEN None, Form { empty: true, ..CASED }, NOT_OTHER, Job GitLab secret;
    CI_UPSTREAM_JOB_ID PIPELINE, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_UPSTREAM_PIPELINE_ID PIPELINE, OPTIONAL, NEVER, PrePipeline GitLab;
    CI_UPSTREAM_PROJECT_ID CONSTANT, OPTIONAL, NEVER, PrePipeline GitLab;
    GITLAB_CI CONSTANT, Form::SAFE, NEVER, PrePipeline GitLab;
    GITLAB_FEATURES CONSTANT, FREE, NEVER, Pipeline GitLab;
    GITLAB_USER_EMAIL None, FREE, NEVER, Pipeline Person;
    GITLAB_USER_ID None, Form::SAFE, NEVER, Pipeline Person;
    GITLAB_USER_LOGIN CONSTANT, CASED, NEVER, Pipeline Person;
    GITLAB_USER_NAME None, FREE, NEVER, Pipeline Person;
    KUBECONFIG CONSTANT, FREE, NEVER, Pipeline GitLab;
    TRIGGER_PAYLOAD None, FREE, NOT_OTHER, Pipeline Person;
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

/// How a value is spelled.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// The characters that it may hold.
    pub chars: &'static str,
    /// How many it has at least, where it is set.
    pub least: usize,
    /// How many it has at most.
    pub most: usize,
}

const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const SLUG: &str = "abcdefghijklmnopqrstuvwxyz0123456789-";

/// Values of which more is known than their form (facts B1). A commit's name has 64 characters where the
/// repository counts in SHA-256.
const SPELLINGS: &[(&str, &str, usize, usize)] = &[
    ("CI_COMMIT_BEFORE_SHA", HEX, 40, 64),
    ("CI_COMMIT_REF_SLUG", SLUG, 1, 63),
    ("CI_COMMIT_SHA", HEX, 40, 64),
    ("CI_COMMIT_SHORT_SHA", HEX, 8, 8),
    ("CI_DEFAULT_BRANCH_SLUG", SLUG, 1, 63),
    ("CI_JOB_ID", DIGITS, 1, 20),
    ("CI_MERGE_REQUEST_IID", DIGITS, 1, 20),
    ("CI_PIPELINE_ID", DIGITS, 1, 20),
    ("CI_PIPELINE_IID", DIGITS, 1, 20),
    ("CI_PROJECT_ID", DIGITS, 1, 20),
    ("CI_PROJECT_PATH_SLUG", SLUG, 1, 63),
];

/// How a variable's value is spelled, where its form does not say all.
#[must_use]
pub fn spelling(name: &str) -> Option<Spelling> {
    let (_, chars, least, most) = SPELLINGS.iter().find(|(known, ..)| *known == name)?;
    Some(Spelling { chars, least: *least, most: *most })
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
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_twins() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} and {}", pair[0].name, pair[1].name);
        }
        assert!(TABLE.len() > 150);
    }

    #[test]
    fn every_row_is_found_by_its_name() {
        for row in TABLE {
            assert_eq!(find(row.name).map(|found| found.name), Some(row.name));
            assert_eq!(symbol(row.name).and_then(|symbol| symbol.predefined()), Some(row.name));
        }
        assert!(find("CI_REGISTRY_TOKEN").is_none());
        assert!(SPELLINGS.iter().all(|(name, ..)| find(name).is_some()));
    }

    #[test]
    fn variables_of_one_kind_of_pipeline_are_unset_in_the_others() {
        for row in TABLE.iter().filter(|row| row.name.starts_with("CI_MERGE_REQUEST_")) {
            assert_eq!(row.unset_in, NOT_MR, "{}", row.name);
            assert_eq!(row.phase, Phase::PrePipeline, "{}", row.name);
        }
        for row in TABLE.iter().filter(|row| row.name.starts_with("CI_EXTERNAL_PULL_REQUEST_")) {
            assert_eq!(row.unset_in, NOT_OTHER, "{}", row.name);
        }
    }

    #[test]
    fn tokens_and_passwords_are_secret() {
        let named = |row: &&Predefined| row.name.ends_with("_TOKEN") || row.name.ends_with("_PASSWORD");
        for row in TABLE.iter().filter(named) {
            assert!(row.secret, "{}", row.name);
        }
        assert!(TABLE.iter().filter(|row| row.secret).count() > 5);
    }
}
