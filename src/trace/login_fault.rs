//! Logins that cannot succeed (lints.md 3.5): [`LoginDefect`].

use crate::clients::{LoginFault, LoginHost, Secret};
use crate::finding::Certainty;
use crate::model::{Job, Pipeline};
use crate::nearest::distance;
use crate::predefined;
use crate::registry::Credential;
use crate::source::Span;
use crate::text::{Origin, Text};
use crate::walk::LoginEvent;

/// Why a login cannot succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginDefect {
    /// Its command line, or the file that it writes, shows it.
    Fault(LoginFault),
    /// `<<<` in an image whose shell is busybox, at this place.
    HereString(Span),
    /// A variable that GitLab does not set, and the one that is meant.
    Misspelt {
        /// The name as written.
        name: String,
        /// The name that is meant.
        meant: &'static str,
        /// The word that holds it.
        at: Span,
        /// It was removed from GitLab.
        removed: bool,
    },
    /// The job token with another user than `gitlab-ci-token`.
    WrongUser {
        /// The user.
        user: String,
        /// The word that holds it.
        at: Span,
    },
}

impl LoginDefect {
    /// How sure.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        match self {
            LoginDefect::Fault(LoginFault::RemovedCommand | LoginFault::WrappedBase64)
            | LoginDefect::Misspelt { .. } => Certainty::Likely,
            _ => Certainty::Certain,
        }
    }
}

/// Predefined variables that a login can mean.
const MEANT: [&str; 9] = [
    "CI_REGISTRY",
    "CI_REGISTRY_USER",
    "CI_REGISTRY_PASSWORD",
    "CI_REGISTRY_IMAGE",
    "CI_JOB_TOKEN",
    "CI_DEPLOY_USER",
    "CI_DEPLOY_PASSWORD",
    "CI_DEPENDENCY_PROXY_USER",
    "CI_DEPENDENCY_PROXY_PASSWORD",
];

/// What is wrong with a login, if anything is.
pub(super) fn defect(event: &LoginEvent, job: &Job, pipeline: &Pipeline) -> Option<LoginDefect> {
    if let Some(fault) = event.login.fault {
        return Some(LoginDefect::Fault(fault));
    }
    if let Some(at) = event.here_string.filter(|_| is_busybox(job)) {
        return Some(LoginDefect::HereString(at));
    }
    let secrets = [&event.login.password, &event.login.user];
    let words =
        secrets.iter().filter_map(|secret| if let Secret::Given(text, at) = secret { Some((text, *at)) } else { None });
    let host = if let LoginHost::Host(host) = &event.login.host { Some((host, event.login.host_at)) } else { None };
    let misspelt = words.chain(host).find_map(|(text, at)| misspelt(text, at, pipeline));
    misspelt.or_else(|| wrong_user(event))
}

fn misspelt(text: &Text, at: Span, pipeline: &Pipeline) -> Option<LoginDefect> {
    text.symbols().find_map(|symbol| {
        let Origin::Setting(name) = &symbol.data().origin else { return None };
        if pipeline.defined.iter().any(|(known, _)| known == name) {
            return None;
        }
        let (meant, removed) = meant(name)?;
        Some(LoginDefect::Misspelt { name: name.clone(), meant, at, removed })
    })
}

/// The predefined variable that a name means.
fn meant(name: &str) -> Option<(&'static str, bool)> {
    match name {
        "CI_BUILD_TOKEN" => return Some(("CI_JOB_TOKEN", true)),
        "CI_BUILD_REPO" => return Some(("CI_REPOSITORY_URL", true)),
        _ => {}
    }
    if predefined::find(name).is_some() || name.chars().any(|char| char.is_ascii_digit()) {
        return None;
    }
    MEANT.into_iter().find(|known| slip(name, known)).map(|known| (known, false))
}

/// `name` is `known` with its last word shortened or lengthened, or with at most two edits inside
/// one word of six letters or more; never another or an added word.
fn slip(name: &str, known: &str) -> bool {
    let (words, meant): (Vec<&str>, Vec<&str>) = (name.split('_').collect(), known.split('_').collect());
    if words.len() != meant.len() {
        return false;
    }
    let differ: Vec<usize> = (0..words.len()).filter(|at| words[*at] != meant[*at]).collect();
    let [at] = differ.as_slice() else { return false };
    let (word, right) = (words[*at], meant[*at]);
    let last = *at + 1 == words.len() && words.len() > 2;
    let cut = last && word.len() >= 3 && (right.starts_with(word) || word.starts_with(right));
    cut || (right.len() >= 6 && word.len() >= 4 && distance(word, right) <= 2)
}

/// The job token needs `gitlab-ci-token` (facts C1); a user that is not known may be it.
fn wrong_user(event: &LoginEvent) -> Option<LoginDefect> {
    let (Secret::Given(user, at), Secret::Given(password, _)) = (&event.login.user, &event.login.password) else {
        return None;
    };
    let token = |name: &str| matches!(name, "CI_JOB_TOKEN" | "CI_REGISTRY_PASSWORD");
    if event.credential != Credential::Job
        || !password.as_symbol().and_then(|symbol| symbol.predefined()).is_some_and(token)
    {
        return None;
    }
    let wrong = match (user.as_literal(), user.as_symbol().and_then(|symbol| symbol.predefined())) {
        (Some(name), _) => name != "gitlab-ci-token" && !name.is_empty(),
        (_, Some(name)) => !matches!(name, "CI_REGISTRY_USER" | "CI_DEPENDENCY_PROXY_USER"),
        _ => false,
    };
    wrong.then(|| LoginDefect::WrongUser { user: user.shown(), at: *at })
}

/// Images whose shell is busybox's: the client images of docker, kaniko, crane, on Alpine.
fn is_busybox(job: &Job) -> bool {
    let Some(image) = job.image.as_ref().map(|image| &image.value) else { return false };
    let name = image.repository();
    matches!(
        name,
        "docker" | "alpine" | "busybox" | "gcr.io/kaniko-project/executor" | "gcr.io/go-containerregistry/crane"
    ) && !image.name.literal_prefix().contains("windows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        for (name, expected) in [
            ("CI_REGISTRY_PASS", Some("CI_REGISTRY_PASSWORD")),
            ("CI_REGISTRY_USERNAME", Some("CI_REGISTRY_USER")),
            ("CI_REGISRTY_USER", Some("CI_REGISTRY_USER")),
            ("CI_BUILD_TOKEN", Some("CI_JOB_TOKEN")),
            ("CI_REGISTRY_TOKEN", None),
            ("CI_REGISTRY_URL", None),
            ("CI_REGISTRY2_USER", None),
            ("CI_REGISTRY_USER", None),
            ("DOCKER_PASSWORD", None),
        ] {
            assert_eq!(meant(name).map(|(known, _)| known), expected, "{name}");
        }
    }
}
