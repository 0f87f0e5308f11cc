//! Decides each push once: whether it will be refused, and why. At most one denial for a push; each
//! denial lint takes its own kind.

use std::collections::HashMap;
use std::sync::Arc;

use super::coverage::{Case, Cover, Logins, Missing};
use super::elsewhere::{self, Elsewhere};
use super::login_fault::{self, LoginDefect};
use super::place::{self, Ground};
use super::push::Push;
use super::tag_rule::TagRules;
use super::traces::{Trace, Traces};
use super::{credential, flaw, hard_coded, ignored, local, open, stray};
use crate::facts::Facts;
use crate::finding::Certainty;
use crate::model::{Job, Pipeline};
use crate::registry::{Credential, Place, Reference};
use crate::scenario::Scenarios;
use crate::source::{Sources, Span};
use crate::walk::{Atom, Atoms, LoginEvent, Scripts, Sighting, Site, Walk};

/// Why a push will be refused.
#[derive(Clone, Debug)]
pub enum Denial {
    /// The login that covers it cannot succeed: said at the login.
    Login(LoginDefect),
    /// No login covers it.
    NotLoggedIn {
        /// What is missing.
        why: Missing,
        /// How sure.
        certainty: Certainty,
    },
    /// It goes where no credential in sight may write.
    Stray {
        /// How it strays.
        stray: Stray,
        /// How sure.
        certainty: Certainty,
    },
    /// It goes to another project with the job token.
    OtherProject {
        /// The push that shows which project the job is of.
        beside: Option<Span>,
        /// The project's path, where it is known.
        project: Option<String>,
        /// How sure.
        certainty: Certainty,
    },
}

/// How a push strays from its project (lints.md 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stray {
    /// `$CI_REGISTRY_IMAGE-x`: another project's name.
    Glued,
    /// `$CI_REGISTRY/x`: no namespace.
    NoNamespace,
    /// `$CI_REGISTRY/$CI_REGISTRY_IMAGE`: the path begins with the host.
    HostTwice,
    /// More than two levels below the project.
    TooDeep,
    /// No host: Docker Hub.
    NoHost,
    /// `$CI_REGISTRY:latest`: without a path the host is an image's name on Docker Hub.
    HostAlone,
}

/// Decides every push of every job.
pub(super) fn decide(
    pipeline: &Pipeline,
    facts: &Facts,
    walks: Vec<Walk>,
    scripts: Scripts,
    sources: &Sources,
) -> Traces {
    let mut traces: Vec<Trace> =
        walks.into_iter().enumerate().map(|(job, walk)| unjudged_trace(pipeline, job, walk)).collect();
    let ground = Ground::new(pipeline, facts, &traces);
    let logins = Logins {
        made: Elsewhere::new(&ground, elsewhere::made(&traces)),
        lost: Elsewhere::new(&ground, elsewhere::lost(&traces)),
    };
    let rules = TagRules::of(facts);
    let declared = facts.configuration.as_ref().map(|source| &source.path);
    let settings = sources.iter().find(|(_, source)| Some(&source.path) == declared).map(|(file, _)| file);
    let judge = |trace: &Trace| {
        let job = &pipeline.jobs[trace.job];
        let sites = trace.walk.sites.iter();
        let mut pushes: Vec<Push> = sites
            .map(|(site, sightings)| push(&ground, pipeline, job, (&traces, &logins), trace, site, sightings))
            .collect();
        stray::decide(&ground, job, trace, &mut pushes);
        for push in &mut pushes {
            find_flaw(push, job, pipeline, trace);
            push.absent = local::absent(push, job).filter(|_| push.denied_by().is_none());
            push.constant = push.overwrites_constant();
            push.open = open::open(push, job);
            push.ignored = ignored::ignored(push, trace);
            push.hard_coded = hard_coded::hard_coded(push, job, &ground, trace, settings);
            push.tag_rule = rules.refusing(push, job, &ground);
        }
        pushes
    };
    let judged: Vec<Vec<Push>> = traces.iter().map(judge).collect();
    for (trace, pushes) in traces.iter_mut().zip(judged) {
        trace.pushes = pushes;
    }
    Traces { jobs: traces, _scripts: scripts }
}

/// A job whose pushes are not decided yet.
fn unjudged_trace(pipeline: &Pipeline, job: usize, mut walk: Walk) -> Trace {
    find_guards(&mut walk.sites);
    let defect = |event| login_fault::defect(event, &pipeline.jobs[job], pipeline);
    Trace { job, defects: walk.logins.iter().map(defect).collect(), walk, pushes: Vec::new() }
}

/// Keeps of each state's assumptions those without which the command would not push the same tag: a
/// question that `${X:+/$X}` asks for the path has both answers there.
fn find_guards(sites: &mut [(Site, Vec<Sighting>)]) {
    let key = |site: &Site| (site.upload.at, site.reference.as_ref().and_then(|reference| reference.tag.clone()));
    let mut assumed: HashMap<_, Vec<Arc<Atoms>>> = HashMap::new();
    for (site, sightings) in sites.iter() {
        assumed.entry(key(site)).or_default().extend(sightings.iter().map(|sighting| sighting.atoms.clone()));
    }
    for (site, sightings) in sites {
        let others = assumed.get(&key(site)).map_or(&[][..], Vec::as_slice);
        for sighting in sightings {
            // The other answer, with nothing else that this state does not assume.
            let open = |atom: &Atom, holds: bool| {
                others.iter().any(|other| {
                    other.iter().any(|(known, answer)| known == atom && *answer != holds)
                        && other.iter().all(|answer| answer.0 == *atom || sighting.atoms.contains(answer))
                })
            };
            sighting.guards = sighting.atoms.iter().filter(|(atom, holds)| !open(atom, *holds)).cloned().collect();
        }
    }
}

/// A flaw in every scenario comes before a denial; one in some of them after it.
fn find_flaw(push: &mut Push, job: &Job, pipeline: &Pipeline, trace: &Trace) {
    if push.blurred {
        return;
    }
    push.flaw = flaw::lost_option(push, trace).or_else(|| flaw::find(push, job, pipeline));
    let everywhere = push.flaw.as_ref().is_some_and(|flaw| push.scenarios.without(flaw.scenarios).is_empty());
    if everywhere {
        push.denial = None;
    } else if push.denial.is_some() {
        push.flaw = None;
    }
}

fn push(
    ground: &Ground,
    pipeline: &Pipeline,
    job: &Job,
    (traces, logins): (&[Trace], &Logins),
    trace: &Trace,
    site: &Site,
    sightings: &[Sighting],
) -> Push {
    let mut push = unjudged(ground, job, trace, site, sightings);
    let upload = &site.upload;
    let Some(reference) = &site.reference else {
        push.credential = match credential::unsure(trace, sightings, |_| None) {
            Credential::None if upload.client == "script" || upload.client == "make" => Credential::Unknown,
            credential => credential,
        };
        return push;
    };
    match &ground.host(reference) {
        _ if upload.inline.is_some() => (push.credential, push.alike) = (credential::inline(upload), true),
        Some(host) => {
            let case = Case { ground, pipeline, job, traces, logins, trace, site, reference, host };
            log_in(&mut push, &case, sightings);
        }
        None => push.credential = credential::unsure(trace, sightings, |event| credential::named_by(reference, event)),
    }
    push
}

/// Whether the command runs only with one answer to a question that the walk could have answered with more states.
fn is_blurred(sightings: &[Sighting]) -> bool {
    let both =
        |(atom, holds): &(Atom, bool)| sightings.iter().any(|other| other.atoms.contains(&(atom.clone(), !*holds)));
    let mut guards = sightings.iter().flat_map(|sighting| &sighting.guards);
    guards.any(|guard| guard.0.was_told_apart() && !both(guard))
}

/// A push of which nothing but its place is decided.
fn unjudged(ground: &Ground, job: &Job, trace: &Trace, site: &Site, sightings: &[Sighting]) -> Push {
    let upload = &site.upload;
    let word = upload.reference.as_ref();
    let place = match &site.reference {
        Some(reference) => ground.place(reference, job),
        None => place::by_name(&site.source),
    };
    let scenarios = sightings.iter().fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios));
    Push {
        upload: upload.clone(),
        at: word.map_or(upload.at, |word| word.at),
        from: word.map(|word| word.from.clone()).unwrap_or_default(),
        source: site.source.clone(),
        called_from: site.called_from.clone(),
        reference: site.reference.clone(),
        place,
        credential: Credential::Unknown,
        login: None,
        scenarios,
        sightings: sightings.to_vec(),
        denial: None,
        flaw: None,
        absent: None,
        constant: false,
        open: None,
        ignored: None,
        hard_coded: None,
        tag_rule: None,
        alike: false,
        doubts: Vec::new(),
        blurred: trace.walk.bound_reached || is_blurred(sightings),
    }
}

/// Finds the login, or what is missing.
fn log_in(push: &mut Push, case: &Case<'_>, sightings: &[Sighting]) {
    let covers: Vec<Cover> = sightings.iter().map(|sighting| case.cover(sighting)).collect();
    push.alike = covers.iter().all(|cover| Some(cover) == covers.first());
    if let Some(Cover::Login(id)) = covers.iter().find(|cover| matches!(cover, Cover::Login(_))) {
        let event = &case.trace.walk.logins[*id];
        (push.credential, push.login) = (event.credential, Some(event.login.at));
        if let (Some(defect), false) = (&case.trace.defects[*id], push.blurred) {
            push.denial = Some(Denial::Login(defect.clone()));
            return;
        }
    }
    let asked = sightings.iter().any(|sighting| case.helped(sighting) == Some(true));
    let helper = push.upload.gitlab_helper.filter(|_| asked);
    if covers.iter().any(|cover| matches!(cover, Cover::Maybe)) {
        let found = credential::unsure(case.trace, sightings, |event| case.fits(event));
        // What cannot be told may hold nothing for the host, and then the helper is asked.
        push.credential = if helper.is_none_or(|helper| helper == found) { found } else { Credential::Unknown };
        return;
    }
    if let Some(helper) = helper.filter(|_| covers.contains(&Cover::Helper)) {
        let apart = push.login.is_some() && push.credential != helper;
        push.credential = if apart { Credential::Unknown } else { helper };
    }
    let missing: Vec<&Sighting> = covers
        .iter()
        .zip(sightings)
        .filter(|(cover, _)| matches!(cover, Cover::Missing))
        .map(|(_, sighting)| sighting)
        .collect();
    if missing.is_empty() || push.place == Place::Local {
        return;
    }
    let some_paths = missing.len() < sightings.len();
    if !some_paths {
        let may_find = sightings.iter().any(|sighting| case.helped(sighting).is_none());
        push.credential = if may_find { Credential::Unknown } else { Credential::None };
    }
    if !known_host(case) || push.blurred {
        return;
    }
    refuse(push, case, &missing, some_paths);
}

/// Says that no login covers the push, in the state that leaves the least doubt.
fn refuse(push: &mut Push, case: &Case<'_>, missing: &[&Sighting], some_paths: bool) {
    if some_paths && missing.iter().any(|sighting| sighting.atoms.iter().any(|(atom, _)| atom.was_told_apart())) {
        return;
    }
    let judged = missing.iter().map(|sighting| {
        let why = case.missing(sighting);
        let mut doubts = case.doubts(sighting, &why, some_paths);
        doubts.sort_unstable();
        doubts.dedup();
        (why, doubts)
    });
    let Some((why, doubts)) = judged.min_by_key(|(_, doubts)| doubts.len()) else { return };
    if nothing_to_log_in_to(case, missing) {
        return;
    }
    if let Missing::OtherHost { login, .. } | Missing::Lost { login, .. } | Missing::SomePaths { login } = &why
        && let Some(defect) = defect_at(case.trace, *login)
    {
        push.denial = Some(Denial::Login(defect));
        return;
    }
    let certainty = match doubts.len() {
        0 => Certainty::Certain,
        1 => Certainty::Likely,
        _ => {
            push.doubts = doubts;
            return;
        }
    };
    push.scenarios =
        push.scenarios.and(missing.iter().fold(Scenarios::NONE, |all, sighting| all.or(sighting.scenarios)));
    push.doubts = doubts;
    push.denial = Some(Denial::NotLoggedIn { why, certainty });
}

fn defect_at(trace: &Trace, at: Span) -> Option<LoginDefect> {
    let found = trace
        .walk
        .logins
        .iter()
        .zip(&trace.defects)
        .find(|(event, _)| event.login.at == at || event.login.host_at == at);
    found.and_then(|(_, defect)| defect.clone())
}

/// A guard skipped the login because its host equals another one (lints.md, "Conditions are followed").
fn nothing_to_log_in_to(case: &Case<'_>, missing: &[&Sighting]) -> bool {
    missing.iter().all(|sighting| {
        sighting.atoms.iter().any(|(atom, holds)| match atom {
            Atom::Equal(one, other) => *holds && (one == case.host || other == case.host),
            Atom::NotEmpty(text) => !*holds && text == case.host,
            _ => false,
        })
    })
}

/// Something is known of the host besides a name that the settings may give.
fn known_host(case: &Case<'_>) -> bool {
    case.host.as_literal().is_some()
        || case.host.as_symbol().is_some_and(|symbol| symbol.predefined().is_some())
        || crate::registry::host::elsewhere(case.host)
}

/// Whether every login of a trace is to this GitLab's registry with the job credential.
pub(super) fn all_job_logins(ground: &Ground, trace: &Trace) -> bool {
    let home = |event: &LoginEvent| {
        event.credential == Credential::Job && event.host().is_some_and(|host| ground.is_gitlab(&host) == Some(true))
    };
    !trace.walk.logins.is_empty() && trace.walk.logins.iter().all(home)
}

/// The path of a reference as a person would compare it.
pub(super) fn literal_path(reference: &Reference) -> Option<String> {
    reference.path.as_literal().map(str::to_lowercase)
}
