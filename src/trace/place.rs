//! Where a reference points, seen from the project: [`Ground`], what all files together tell of this
//! GitLab's registry.

use std::collections::HashSet;

use super::traces::Trace;
use crate::clients::{LoginHost, Secret};
use crate::facts::{FactSource, Facts};
use crate::model::{Job, Pipeline};
use crate::registry::path::{Below, components};
use crate::registry::{Credential, Place, Reference, host};
use crate::text::{Symbol, Text};
use crate::walk::speaks_of_push;

/// What is known of this GitLab's registry and of the project.
pub(super) struct Ground {
    /// The registry's host, if it is known.
    registry: Option<String>,
    /// Literal hosts to which the files send a job credential.
    sent: HashSet<String>,
    /// Texts that stand where a host stands and are a Docker Hub user: `-u "$X"` and `$X/app`.
    hub_users: HashSet<Text>,
    /// Hosts to which a cloud's own user logs in: `AWS` is ECR's.
    clouds: HashSet<Text>,
    /// Hosts to which the runners are logged in.
    logged_in: Vec<Text>,
    /// The project's path, lower case, and whether a git remote says so.
    project: Option<(String, bool)>,
}

impl Ground {
    pub fn new(pipeline: &Pipeline, facts: &Facts, traces: &[Trace]) -> Self {
        let overrides: HashSet<String> = pipeline
            .jobs
            .iter()
            .flat_map(|job| &job.environments)
            .filter_map(|environment| environment.variables.get("CI_REGISTRY"))
            .filter_map(|variable| host::of_server(&variable.text).as_literal().map(str::to_owned))
            .collect();
        let mut sent = HashSet::new();
        for event in traces.iter().flat_map(|trace| &trace.walk.logins) {
            let LoginHost::Host(text) = &event.login.host else { continue };
            let Some(name) = text.as_literal() else { continue };
            let overridden = overrides.contains(name) && name != "registry.gitlab.com";
            if event.credential == Credential::Job && !overridden && !sent.contains(name) && !host::elsewhere(text) {
                sent.insert(name.to_owned());
            }
        }
        let (hub_users, clouds) = told_by_users(traces);
        let project = facts.project.as_ref().map(|fact| (fact.value.to_lowercase(), fact.from == FactSource::Remote));
        let registry = facts.registry.as_ref().map(|fact| fact.value.clone());
        let logged_in = facts.logged_in.iter().map(|host| Text::literal(host.as_str())).collect();
        Ground { registry, sent, hub_users, clouds, logged_in, project }
    }

    /// Whether the runners are logged in to a host, as somebody declares.
    pub fn is_logged_in(&self, host: &Text) -> bool {
        self.logged_in.iter().any(|known| self.same_host(host, known) == Some(true))
    }

    /// The project's path for a job, and whether it is only a remote's word.
    pub fn project(&self, job: &Job) -> Option<(String, bool)> {
        let confined = job.confined_to.as_ref().map(|path| (path.to_lowercase(), false));
        confined.or_else(|| self.project.clone())
    }

    /// Whether a host is this GitLab's registry.
    pub fn is_gitlab(&self, host: &Text) -> Option<bool> {
        if let Some(name) = host.as_symbol().and_then(Symbol::predefined) {
            return Some(name == "CI_REGISTRY");
        }
        if host::elsewhere(host) || host::local(host) || self.clouds.contains(host) {
            return Some(false);
        }
        let name = host.as_literal()?;
        if let Some(registry) = &self.registry {
            return Some(registry == name);
        }
        self.sent.contains(name).then_some(true)
    }

    /// The host of a reference, with what the files' logins tell of it.
    pub fn host(&self, reference: &Reference) -> Option<Text> {
        let host = reference.host.clone()?;
        Some(if self.hub_users.contains(&host) { Text::literal("docker.io") } else { host })
    }

    /// A literal host that is surely this GitLab's registry, or GitLab.com's, where an override changes nothing.
    pub fn is_own_registry(&self, host: &Text) -> bool {
        let name = host.as_literal();
        name == Some("registry.gitlab.com") || (name.is_some() && name == self.registry.as_deref())
    }

    /// Whether two hosts are one.
    pub fn same_host(&self, one: &Text, other: &Text) -> Option<bool> {
        let (one, other) = (host::canonical(one), host::canonical(other));
        if one == other {
            return Some(true);
        }
        if let (Some(_), Some(_)) = (one.as_literal(), other.as_literal()) {
            return Some(false);
        }
        match (self.is_gitlab(&one), self.is_gitlab(&other)) {
            (Some(true), Some(true)) => Some(true),
            (Some(a), Some(b)) if a != b => Some(false),
            _ if host::elsewhere(&one) != host::elsewhere(&other) && fixed(&one) && fixed(&other) => Some(false),
            _ => None,
        }
    }

    /// Where a reference points.
    pub fn place(&self, reference: &Reference, job: &Job) -> Place {
        match reference.below_home() {
            Below::Home { .. } => return Place::OwnProject,
            Below::Glued => return Place::OtherProject,
            Below::GluedUnknown => return Place::Unknown,
            Below::Behind | Below::Other => {}
        }
        let Some(host) = &self.host(reference) else { return Place::Unknown };
        if host::local(host) || is_service(host, job) {
            return Place::Local;
        }
        match self.is_gitlab(host) {
            Some(true) => self.on_gitlab(&reference.path, job),
            Some(false) => Place::OtherRegistry,
            None => Place::Unknown,
        }
    }

    fn on_gitlab(&self, path: &Text, job: &Job) -> Place {
        let parts = components(path);
        if is_own_path(&parts) {
            return Place::OwnProject;
        }
        if let (Some((project, _)), Some(path)) = (self.project(job), path.as_literal()) {
            let path = path.to_lowercase();
            let below = path.strip_prefix(&project).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            return if below { Place::OwnProject } else { Place::OtherProject };
        }
        let known = parts.iter().all(|part| part.symbols().all(host::is_part_of_predefined));
        if known { Place::OtherProject } else { Place::Unknown }
    }
}

/// Where a push goes whose images are not known, by the word for which it is taken for a push:
/// `make push-ecr`.
pub(super) fn by_name(command: &str) -> Place {
    let mut pushing = command.split_whitespace().filter(|word| speaks_of_push(word));
    if pushing.any(host::called_elsewhere) { Place::OtherRegistry } else { Place::Unknown }
}

/// Docker Hub's users, and the hosts that a cloud's own user logs in to (facts D5).
fn told_by_users(traces: &[Trace]) -> (HashSet<Text>, HashSet<Text>) {
    let (mut users, mut clouds) = (HashSet::new(), HashSet::new());
    for event in traces.iter().flat_map(|trace| &trace.walk.logins) {
        let Secret::Given(user, _) = &event.login.user else { continue };
        let cloud = matches!(user.as_literal(), Some("AWS" | "oauth2accesstoken" | "_json_key" | "_json_key_base64"));
        match &event.login.host {
            LoginHost::DockerHub if user.as_symbol().is_some() => drop(users.insert(user.clone())),
            LoginHost::Host(host) if cloud && host.as_literal().is_none() => drop(clouds.insert(host.clone())),
            _ => {}
        }
    }
    (users, clouds)
}

/// A host of which something is known besides its name.
fn fixed(host: &Text) -> bool {
    host.as_literal().is_some() || host.as_symbol().and_then(Symbol::predefined).is_some() || host::elsewhere(host)
}

fn is_service(host: &Text, job: &Job) -> bool {
    let Some(name) = host.as_literal().map(|name| name.split(':').next().unwrap_or(name)) else { return false };
    job.services.iter().any(|service| service.hosts.iter().any(|host| host == name))
}

/// `$CI_PROJECT_PATH`, or `$CI_PROJECT_NAMESPACE/$CI_PROJECT_NAME`, in their own or lower case.
fn is_own_path(parts: &[Text]) -> bool {
    let is = |text: &Text, name: &str| text.as_symbol().and_then(Symbol::predefined_in_any_case) == Some(name);
    match parts {
        [first, ..] if is(first, "CI_PROJECT_PATH") => true,
        [first, second, ..] => is(first, "CI_PROJECT_NAMESPACE") && is(second, "CI_PROJECT_NAME"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_is_there_to_push_may_say_where() {
        for command in ["push-to-docker-hub --clean", "make push-ecr TAG=1", "./ci/ghcr-push.sh"] {
            assert_eq!(by_name(command), Place::OtherRegistry, "{command}");
        }
        for command in ["make push REGISTRY=ghcr.io", "./ci/push.sh", "make push login-ecr", "docker compose push"] {
            assert_eq!(by_name(command), Place::Unknown, "{command}");
        }
    }
}
