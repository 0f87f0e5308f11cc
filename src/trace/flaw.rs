//! References that every client refuses (lints.md 3.6): [`Flaw`].

use super::push::Push;
use super::traces::Trace;
use crate::model::{Job, Pipeline};
use crate::nearest::distance;
use crate::predefined;
use crate::registry::path::components;
use crate::registry::{Defect, Reference};
use crate::rules::{Branch, Reach};
use crate::scenario::{Scenario, Scenarios};
use crate::source::Span;
use crate::text::{Origin, Part, Symbol, Text};
use crate::walk::{Atom, Sighting};

/// What is wrong with a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which kind.
    pub kind: FlawKind,
    /// The word to change.
    pub at: Span,
    /// In which scenarios.
    pub scenarios: Scenarios,
    /// It follows from the files.
    pub certain: bool,
}

/// The kinds of flaws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The command names no image.
    NoReference,
    /// The next line begins with an option, which never reaches the command.
    LostOption,
    /// The known characters alone are refused.
    Defect(Defect),
    /// A branch name that may hold `/` (and in a path capitals).
    RawRef {
        /// The variable.
        name: String,
        /// It stands in the path, not the tag.
        in_path: bool,
    },
    /// A variable that is not set leaves the tag or a part of the path empty.
    Unset {
        /// The variable.
        name: String,
        /// It stands in the path, not the tag.
        in_path: bool,
        /// The client may push `latest` in place of failing (kaniko).
        pushes_latest: bool,
    },
    /// A PowerShell variable that took in the `:` behind it.
    Swallowed {
        /// As written.
        name: String,
        /// What is meant.
        meant: String,
    },
    /// A time, which holds `:`.
    Time {
        /// The variable.
        name: String,
    },
    /// A predefined variable's name without `$`.
    NoDollar {
        /// The name.
        name: String,
    },
    /// A name that is defined nowhere, and the one that is meant.
    Misspelt {
        /// As written.
        name: String,
        /// As defined.
        meant: String,
    },
}

/// An option on a line of its own after the push.
pub(super) fn lost_option(push: &Push, trace: &Trace) -> Option<Flaw> {
    let (_, at) = trace.walk.lost_options.iter().find(|(of, _)| *of == push.upload.at)?;
    Some(Flaw { kind: FlawKind::LostOption, at: *at, scenarios: push.scenarios, certain: true })
}

/// Finds the first flaw of a push.
pub(super) fn find(push: &Push, job: &Job, pipeline: &Pipeline) -> Option<Flaw> {
    let flaw = |kind, scenarios, certain| Flaw { kind, at: push.at, scenarios, certain };
    if push.upload.what == crate::clients::Uploaded::Unnamed {
        return None;
    }
    let Some(reference) = &push.reference else { return Some(flaw(FlawKind::NoReference, push.scenarios, true)) };
    if let Some(flaw) = swallowed(push, reference) {
        return Some(flaw);
    }
    if let Some(defect) = reference.defects().first() {
        return Some(flaw(no_dollar(reference).unwrap_or(FlawKind::Defect(*defect)), push.scenarios, true));
    }
    if let Some(name) = reference.tag.iter().flat_map(Text::symbols).find_map(time) {
        return Some(flaw(FlawKind::Time { name }, push.scenarios, true));
    }
    if let Some((kind, scenarios)) = unset(push, job, reference) {
        let surely = job.own_rules || pipeline.unread_includes.is_empty();
        return Some(flaw(kind, scenarios, surely && !push.upload.client.contains("kaniko")));
    }
    if let Some((kind, scenarios)) = raw_ref(push, job, reference) {
        return Some(flaw(kind, scenarios, false));
    }
    no_dollar(reference).or_else(|| misspelt(reference, pipeline)).map(|kind| flaw(kind, push.scenarios, false))
}

/// `"$env:CI_REGISTRY_IMAGE:latest"` in PowerShell, at the variable where it stands in the command.
fn swallowed(push: &Push, reference: &Reference) -> Option<Flaw> {
    let written = reference.text.symbols().find_map(|symbol| match &symbol.data().origin {
        Origin::Swallowed(written) => Some(written),
        _ => None,
    })?;
    let scope = ["env:", "global:", "script:", "local:"].into_iter().find(|scope| written.starts_with(scope));
    let scope = scope.unwrap_or_default();
    let (name, rest) = written[scope.len()..].split_once(':')?;
    let meant = format!("${{{scope}{name}}}:{rest}");
    let name = format!("${written}");
    let whole = push.upload.at.range();
    let at = push.source.find(&name).filter(|_| whole.len() == push.source.len()).map(|found| {
        let start = whole.start + found;
        Span::new(push.upload.at.file, start, start + name.len())
    });
    let at = at.filter(|at| push.at.contains(*at)).unwrap_or(push.at);
    Some(Flaw { kind: FlawKind::Swallowed { name, meant }, at, scenarios: push.scenarios, certain: true })
}

fn time(symbol: &Symbol) -> Option<String> {
    let name = symbol.predefined()?;
    matches!(name, "CI_COMMIT_TIMESTAMP" | "CI_PIPELINE_CREATED_AT" | "CI_JOB_STARTED_AT").then(|| name.to_owned())
}

/// Ways to the job that nobody decides: in the other scenarios it is not known to run.
fn plain_scenarios(job: &Job) -> Scenarios {
    // A pattern that ordinary branches do not match, such as `/^v\d/`, is there for git tags.
    let for_tags = |reach: &&Reach| matches!(reach.branch, Branch::Matching(_)) && !reach.admits_any_name();
    let plain = job.reach.iter().filter(|reach| !reach.is_decided() && !for_tags(reach)).map(|reach| reach.scenario);
    let plain: Vec<Scenario> = plain.collect();
    Scenarios::of(&plain)
}

fn unset(push: &Push, job: &Job, reference: &Reference) -> Option<(FlawKind, Scenarios)> {
    let plain = plain_scenarios(job);
    let mut found: Option<(FlawKind, Scenarios)> = None;
    for sighting in push.sightings.iter().filter(|sighting| !decided(sighting)) {
        let open = sighting.scenarios.and(plain);
        let in_tag = reference.tag.as_ref().map(|tag| empty_in(tag, sighting, open));
        let parts = components(&reference.path);
        let in_path = parts.iter().filter(|part| !part.is_empty()).map(|part| empty_in(part, sighting, open));
        let places = in_tag.into_iter().map(|empty| (empty, false)).chain(in_path.map(|empty| (empty, true)));
        for ((scenarios, name), in_path) in places {
            let scenarios = scenarios.whole(plain);
            if scenarios.is_empty() {
                continue;
            }
            let pushes_latest = push.upload.client.contains("kaniko");
            let all = found.as_ref().map_or(Scenarios::NONE, |(_, all)| *all).or(scenarios);
            found = Some((FlawKind::Unset { name, in_path, pushes_latest }, all));
        }
    }
    found
}

/// Somebody decides whether the push runs.
fn decided(sighting: &Sighting) -> bool {
    sighting.guards.iter().any(|(atom, _)| atom.is_decision())
}

/// The scenarios in which nothing of a text is left, and a variable of it.
fn empty_in(text: &Text, sighting: &Sighting, open: Scenarios) -> (Scenarios, String) {
    let mut scenarios = open;
    let mut name = String::new();
    for part in text.parts() {
        let Part::Sym(symbol) = part else { return (Scenarios::NONE, name) };
        let filled = sighting.atoms.answer(&Atom::NotEmpty(Text::symbol(symbol.clone()))) == Some(true);
        scenarios = if filled { Scenarios::NONE } else { scenarios.and(symbol.data().unset_in) };
        name = match symbol.data().origin {
            Origin::Predefined(name) => format!("${name}"),
            _ => symbol.data().shown.clone(),
        };
    }
    (scenarios, name)
}

fn raw_ref(push: &Push, job: &Job, reference: &Reference) -> Option<(FlawKind, Scenarios)> {
    let is_raw = |symbol: &&Symbol| {
        let raw = ["CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"];
        matches!(symbol.data().origin, Origin::Predefined(name) if raw.contains(&name))
    };
    let in_tag = reference.tag.iter().flat_map(Text::symbols).find(|symbol| is_raw(symbol) && symbol.data().form.slash);
    let in_path = || reference.path.symbols().find(|symbol| is_raw(symbol) && symbol.data().form.upper);
    let (symbol, is_path) = match in_tag {
        Some(symbol) => (symbol, false),
        None => (in_path()?, true),
    };
    let risky = Scenarios::of(&[Scenario::Branch, Scenario::MergeRequest]);
    let open: Vec<Scenario> = job
        .reach
        .iter()
        .filter(|reach| reach.admits_any_name() && !reach.is_decided())
        .map(|reach| reach.scenario)
        .collect();
    let open = Scenarios::of(&open).and(risky).without(symbol.data().unset_in);
    let free = |sighting: &&Sighting| {
        !decided(sighting)
            && !sighting
                .guards
                .iter()
                .any(|(atom, holds)| *holds && atom.names_ref() && !matches!(atom, Atom::NotEmpty(_)))
    };
    let scenarios =
        push.sightings.iter().filter(free).fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios.and(open)));
    let kind = FlawKind::RawRef { name: symbol.data().shown.clone(), in_path: is_path };
    (!scenarios.is_empty()).then_some((kind, scenarios))
}

/// `image:CI_COMMIT_SHA`.
fn no_dollar(reference: &Reference) -> Option<FlawKind> {
    let parts = components(&reference.path);
    let words = reference.tag.iter().chain(&parts).filter_map(Text::as_literal);
    let name = words
        .map(|word| word.trim_matches(['{', '}']))
        .find(|word| word.starts_with("CI_") && predefined::find(word).is_some())?;
    Some(FlawKind::NoDollar { name: name.to_owned() })
}

/// One edit from a name that the files define; digits are somebody's numbering.
fn misspelt(reference: &Reference, pipeline: &Pipeline) -> Option<FlawKind> {
    reference.text.symbols().filter_map(Symbol::setting_name).find_map(|name| {
        if name.len() < 6 || pipeline.defined.iter().any(|(known, _)| known == name) {
            return None;
        }
        let letters = |text: &str| text.chars().filter(|char| !char.is_ascii_digit()).collect::<String>();
        let near = |known: &&(String, Span)| {
            known.0.len() >= 6 && letters(&known.0) != letters(name) && distance(&known.0, name) == 1
        };
        let (meant, _) = pipeline.defined.iter().find(near)?;
        Some(FlawKind::Misspelt { name: name.to_owned(), meant: meant.clone() })
    })
}

impl FlawKind {
    /// The variable that is to blame.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match self {
            FlawKind::RawRef { name, .. }
            | FlawKind::Unset { name, .. }
            | FlawKind::Swallowed { name, .. }
            | FlawKind::Time { name }
            | FlawKind::NoDollar { name }
            | FlawKind::Misspelt { name, .. } => Some(name),
            FlawKind::NoReference | FlawKind::LostOption | FlawKind::Defect(_) => None,
        }
    }

    /// One word for the kind.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            FlawKind::NoReference => "no-reference",
            FlawKind::LostOption => "lost-option",
            FlawKind::Defect(_) => "defect",
            FlawKind::RawRef { .. } => "raw-ref",
            FlawKind::Unset { .. } => "unset",
            FlawKind::Swallowed { .. } => "swallowed",
            FlawKind::Time { .. } => "time",
            FlawKind::NoDollar { .. } => "no-dollar",
            FlawKind::Misspelt { .. } => "misspelt",
        }
    }
}
