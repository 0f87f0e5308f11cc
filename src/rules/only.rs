//! `only:` and `except:`.

use super::evaluate::World;
use super::expression::Pattern;
use super::guard::{Guard, Outcome};
use super::ordered::{Clause, flat};
use super::{Branch, Why};
use crate::scenario::{Scenario, Scenarios};
use crate::source::Span;
use crate::value::Value;

/// `only:` or `except:`, read.
pub(super) struct Policy {
    refs: Option<Vec<Ref>>,
    variables: Vec<Clause>,
    changes: Option<Span>,
    kubernetes: Option<Span>,
}

/// One entry of `refs`.
pub(super) struct Ref {
    what: What,
    /// `@group/project`.
    pub project: Option<String>,
}

enum What {
    /// `branches`, `tags`, `schedules`, …
    Keyword(String),
    Name(String),
    Pattern(Pattern),
    Unread(Span),
}

/// Keywords for the kinds of pipelines that a person, the API or another pipeline starts; GitLab
/// takes the source's name and its plural.
const STARTED: [&str; 13] = [
    "api",
    "apis",
    "chat",
    "chats",
    "external",
    "externals",
    "external_pull_requests",
    "parent_pipelines",
    "pipelines",
    "triggers",
    "web",
    "webs",
    "webides",
];
/// The other keywords, with the scenarios that they mean.
const KEYWORDS: [(&str, Scenarios); 5] = [
    ("branches", Scenarios::ALL.without(Scenarios::TAGS).without(MERGE_REQUEST)),
    ("tags", Scenarios::TAGS),
    ("pushes", Scenarios::of(&[Scenario::DefaultBranch, Scenario::Branch, Scenario::Tag])),
    ("merge_requests", MERGE_REQUEST),
    ("schedules", Scenarios::SCHEDULES),
];
const MERGE_REQUEST: Scenarios = Scenarios::of(&[Scenario::MergeRequest]);

impl Policy {
    /// What holds without `rules:`, `only:` and `workflow:rules`.
    pub(super) fn branches_and_tags() -> Self {
        let keyword = |name: &str| Ref { what: What::Keyword(name.to_owned()), project: None };
        let refs = Some(vec![keyword("branches"), keyword("tags")]);
        Policy { refs, variables: Vec::new(), changes: None, kubernetes: None }
    }

    pub(super) fn read(value: &Value) -> Self {
        let Some(map) = value.as_map() else {
            let refs = Some(flat(value).into_iter().map(Ref::read).collect());
            return Policy { refs, variables: Vec::new(), changes: None, kubernetes: None };
        };
        let given = |key: &str| map.get(key).filter(|value| !value.is_null());
        let variables = given("variables").map(|value| flat(value).into_iter().map(Clause::condition).collect());
        Policy {
            refs: given("refs").map(|value| flat(value).into_iter().map(Ref::read).collect()),
            variables: variables.unwrap_or_default(),
            changes: given("changes").map(|value| value.at),
            kubernetes: given("kubernetes").map(|value| value.at),
        }
    }

    /// `only` without `refs` keeps the default.
    pub(super) fn with_default_refs(mut self) -> Self {
        self.refs = self.refs.or(Self::branches_and_tags().refs);
        self
    }

    /// `only:`: all that is given must hold.
    pub(super) fn all(&self, world: World) -> Outcome {
        self.parts(world).fold(Outcome::of(true), Outcome::and)
    }

    /// `except:`: one suffices.
    pub(super) fn any(&self, world: World) -> Outcome {
        self.parts(world).fold(Outcome::of(false), Outcome::or)
    }

    fn parts<'a>(&'a self, world: World<'a>) -> impl Iterator<Item = Outcome> + 'a {
        let refs = self
            .refs
            .as_ref()
            .map(|refs| refs.iter().map(|it| it.outcome(world.scenario)).fold(Outcome::of(false), Outcome::or));
        let variables = (!self.variables.is_empty())
            .then(|| self.variables.iter().map(|clause| clause.outcome(world)).fold(Outcome::of(false), Outcome::or));
        let changes = self.changes.map(Outcome::changes);
        let kubernetes = self.kubernetes.map(|at| Outcome::open(Why::Unread(at)));
        [refs, variables, changes, kubernetes].into_iter().flatten()
    }

    /// The project that every entry of `refs` names.
    pub(super) fn project(&self) -> Option<&str> {
        let refs = self.refs.as_ref()?;
        let first = refs.first()?.project.as_deref()?;
        refs.iter().all(|it| it.project.as_deref() == Some(first)).then_some(first)
    }
}

impl Ref {
    fn read(value: &Value) -> Ref {
        let Some(text) = value.scalar() else { return Ref { what: What::Unread(value.at), project: None } };
        let (name, project) = match text.split_once('@') {
            Some((name, project)) => (name, Some(project.to_owned())),
            None => (text.as_str(), None),
        };
        let what = if let Some(pattern) = Pattern::of(name) {
            What::Pattern(pattern)
        } else if is_keyword(name) {
            What::Keyword(name.to_owned())
        } else {
            What::Name(name.to_owned())
        };
        Ref { what, project }
    }

    fn outcome(&self, scenario: Scenario) -> Outcome {
        let mut outcome = match &self.what {
            What::Keyword(name) => keyword(name, scenario),
            What::Unread(at) => Outcome::open(Why::Unread(*at)),
            // names and patterns meet branches and tags only, never merge requests
            What::Name(_) | What::Pattern(_) if scenario == Scenario::MergeRequest => Outcome::of(false),
            // a tag of that name would match as well; that somebody means a tag by a bare name is
            // rare, and nothing tells it from a branch
            What::Name(_) if Scenarios::TAGS.has(scenario) => Outcome::of(false),
            What::Name(name) => Outcome::refs(Branch::Named(vec![name.clone()])),
            What::Pattern(pattern) => Outcome::refs(Branch::Matching(pattern.source.clone())),
        };
        if self.project.is_some() {
            // in another project it is false
            outcome.no = vec![Guard::OPEN];
        }
        outcome
    }
}

/// `schedule` means `schedules`.
fn is_keyword(name: &str) -> bool {
    let is = |name: &str| STARTED.contains(&name) || KEYWORDS.iter().any(|(known, _)| *known == name);
    is(name) || (!matches!(name, "branche" | "tag" | "branch") && is(&format!("{name}s")))
}

fn keyword(name: &str, scenario: Scenario) -> Outcome {
    let started = Scenarios::OTHERS.has(scenario);
    let known = KEYWORDS.iter().find(|(known, _)| *known == name || known.strip_suffix('s') == Some(name));
    match known {
        Some((_, scenarios)) => Outcome::of(scenarios.has(scenario)),
        None if started => Outcome::both(),
        None => Outcome::of(false),
    }
}
