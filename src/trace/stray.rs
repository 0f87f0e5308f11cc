//! Pushes that stray: outside `$CI_REGISTRY_IMAGE`, into another project (lints.md 3.2, 3.3).

use std::collections::HashSet;

use super::coverage::Missing;
use super::place::Ground;
use super::push::Push;
use super::traces::Trace;
use super::verdict::{Denial, Stray, all_job_logins, literal_path};
use crate::clients::Uploaded;
use crate::finding::Certainty;
use crate::model::Job;
use crate::registry::path::{Below, LEVELS, components};
use crate::registry::{Credential, Place, Reference, TagClass, host};
use crate::source::Span;
use crate::text::{Class, Origin, Text};
use crate::walk::{Past, Sighting};

/// The most pushes of a job that a later one is compared with.
const EARLIER: usize = 256;

/// Decides the pushes of a job that no login lint has refused.
pub(super) fn decide(ground: &Ground, job: &Job, trace: &Trace, pushes: &mut [Push]) {
    let home = pushes.iter().any(|push| push.place == Place::OwnProject) || uses_home(trace);
    let stays = |push: &Push| {
        let reference = push.reference.as_ref().filter(|reference| reference.host_written || reference.host.is_none());
        reference.is_some_and(|reference| outside(ground, reference, false).is_none())
    };
    let others: HashSet<Span> = pushes.iter().filter(|push| stays(push)).map(|push| push.upload.at).collect();
    for at in 0..pushes.len() {
        let (before, rest) = pushes.split_at_mut(at);
        let push = &mut rest[0];
        let Some(reference) = push.reference.clone() else { continue };
        if push.blurred || push.upload.what == Uploaded::Signature {
            continue;
        }
        let decided = others.contains(&push.upload.at);
        if no_host(ground, trace, push, &reference) {
            let certainty = if home && !decided { Certainty::Certain } else { Certainty::Likely };
            let alone = ground.is_gitlab(&host::of_server(&reference.path)) == Some(true);
            let stray = if alone { Stray::HostAlone } else { Stray::NoHost };
            push.denial = Some(Denial::Stray { stray, certainty });
            push.place = Place::OtherRegistry;
        } else if push.denial.is_none() && push.credential == Credential::Job {
            push.denial =
                outside(ground, &reference, decided).or_else(|| cross(ground, job, push, &reference, before, home));
        }
    }
}

/// No host was written, and the job logs in to this GitLab only.
fn no_host(ground: &Ground, trace: &Trace, push: &Push, reference: &Reference) -> bool {
    let undecided = matches!(
        &push.denial,
        None | Some(Denial::NotLoggedIn {
            why: Missing::OtherHost { .. } | Missing::Nowhere | Missing::OtherJob { .. },
            ..
        })
    );
    let may_login = push.sightings.iter().any(Sighting::may_have_logged_in);
    !reference.host_written && reference.host.is_some() && undecided && !may_login && all_job_logins(ground, trace)
}

/// A path that no project can have.
/// `decided`: in other states the command pushes elsewhere.
fn outside(ground: &Ground, reference: &Reference, decided: bool) -> Option<Denial> {
    let host = reference.host.as_ref()?;
    if ground.is_gitlab(host) != Some(true) {
        return None;
    }
    let stray = match reference.below_home() {
        Below::Behind => Stray::HostTwice,
        Below::Glued => Stray::Glued,
        Below::Home { levels, .. } if levels > LEVELS => Stray::TooDeep,
        Below::Home { .. } | Below::GluedUnknown => return None,
        Below::Other => match components(&reference.path).as_slice() {
            [one] if one.symbols().all(|symbol| !symbol.data().form.slash) && !one.is_empty() => Stray::NoNamespace,
            _ => return None,
        },
    };
    // Who puts the host in front may have set `CI_REGISTRY_IMAGE` to a path without one, in the settings.
    let likely = decided || stray == Stray::HostTwice;
    Some(Denial::Stray { stray, certainty: if likely { Certainty::Likely } else { Certainty::Certain } })
}

/// Another project with the job token.
fn cross(
    ground: &Ground,
    job: &Job,
    push: &Push,
    reference: &Reference,
    before: &[Push],
    home: bool,
) -> Option<Denial> {
    if push.place != Place::OtherProject {
        return None;
    }
    let path = literal_path(reference);
    if let Some((project, remote)) = ground.project(job) {
        path?;
        let certainty = if remote { Certainty::Likely } else { Certainty::Certain };
        return Some(Denial::OtherProject { beside: None, project: Some(project), certainty });
    }
    let path = path?;
    let comparable = before.iter().filter(|other| other.credential == Credential::Job).take(EARLIER);
    let earlier = comparable.into_iter().find(|other| {
        other.reference.as_ref().is_some_and(|other| {
            other.host == reference.host && literal_path(other).is_some_and(|other| two_projects(&other, &path))
        })
    });
    if let Some(earlier) = earlier {
        return Some(Denial::OtherProject { beside: Some(earlier.at), project: None, certainty: Certainty::Certain });
    }
    if foreign_to_source(ground, push, reference, &path) {
        return Some(Denial::OtherProject { beside: None, project: None, certainty: Certainty::Likely });
    }
    let symbolic = reference.host.as_ref().is_some_and(|host| host.as_literal().is_none());
    (home && symbolic).then(|| {
        let beside = before.iter().find(|other| other.place == Place::OwnProject).map(|other| other.at);
        Denial::OtherProject { beside, project: None, certainty: Certainty::Likely }
    })
}

/// The job takes an image of this commit or pipeline, which this project made, from another project's path
/// on the same registry, in every state that reaches the push.
fn foreign_to_source(ground: &Ground, push: &Push, reference: &Reference, path: &str) -> bool {
    let made_here = |past: &Past| {
        let Past::Pull(text) = past else { return false };
        let source = Reference::parse(text, push.upload.family);
        let this_run = matches!(source.tag_class(), TagClass::Varies(Class::PerCommit | Class::PerPipeline));
        let same_host = match (ground.host(&source), &reference.host) {
            (Some(one), Some(other)) => ground.same_host(&one, other) == Some(true),
            _ => false,
        };
        this_run && same_host && literal_path(&source).is_some_and(|source| two_projects(&source, path))
    };
    !push.sightings.is_empty() && push.sightings.iter().all(|sighting| sighting.past.iter().any(made_here))
}

/// No common prefix of two or more components leaves at most two more in each (facts C4).
fn two_projects(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
    let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let possible = (2..=common).any(|length| one.len() - length <= LEVELS && other.len() - length <= LEVELS);
    !possible
}

/// The job names an image of its own project.
fn uses_home(trace: &Trace) -> bool {
    let is_home = |text: &Text| {
        text.symbols()
            .next()
            .is_some_and(|symbol| matches!(symbol.data().origin, Origin::Predefined("CI_REGISTRY_IMAGE")))
    };
    let seen = |past: &Past| matches!(past, Past::Pull(text) | Past::Image(text) | Past::Named { to: text, .. } if is_home(text));
    trace.walk.sites.iter().flat_map(|(_, sightings)| sightings).any(|sighting| sighting.past.iter().any(seen))
}

#[cfg(test)]
mod tests {
    use super::two_projects;

    #[test]
    fn paths_of_one_project_are_not_two() {
        assert!(!two_projects("g/p", "g/p/docs"));
        assert!(!two_projects("g/p/a", "g/p/b"));
        assert!(!two_projects("g/s/p/a", "g/s/p"));
        assert!(two_projects("g/p", "g/q"));
        assert!(two_projects("g/p", "h/p"));
        assert!(two_projects("g/p/a/b/c", "g/p"));
    }
}
