//! Whose credential a push uses, where its host leaves doubt.

use super::traces::Trace;
use crate::registry::{Credential, Reference};
use crate::walk::{LoginEvent, Sighting};

/// The credential on a command line.
pub(super) fn inline(upload: &crate::clients::Upload) -> Credential {
    let Some((user, password)) = &upload.inline else { return Credential::Unknown };
    let text = |secret: &crate::clients::Secret| match secret {
        crate::clients::Secret::Given(text, _) => Some(text.clone()),
        _ => None,
    };
    match crate::registry::credential(text(user).as_ref(), text(password).as_ref()) {
        Credential::None => Credential::Unknown,
        credential => credential,
    }
}

/// The credential of a push whose host is not known: that of the login which names the same value,
/// else of all logins that may be for it, where they are of one kind. The job credential is for this
/// GitLab, which an unknown host need not be.
pub(super) fn unsure(trace: &Trace, sightings: &[Sighting], fits: impl Fn(&LoginEvent) -> Option<bool>) -> Credential {
    let entries =
        sightings.iter().flat_map(|sighting| sighting.credentials.iter()).filter(|entry| entry.removed.is_none());
    let mut logins: Vec<usize> = entries.map(|entry| entry.login).collect();
    logins.sort_unstable();
    logins.dedup();
    if logins.is_empty() {
        return Credential::None;
    }
    let mut found: Vec<Credential> = Vec::new();
    for event in logins.into_iter().map(|login| &trace.walk.logins[login]) {
        match fits(event) {
            Some(true) => return event.credential,
            Some(false) => {}
            None if is_job_login_here(event) => found.push(Credential::Unknown),
            None => found.push(event.credential),
        }
    }
    found.dedup();
    if let [one] = found.as_slice() { *one } else { Credential::Unknown }
}

/// The job credential at `$CI_REGISTRY`: for this GitLab only.
fn is_job_login_here(event: &LoginEvent) -> bool {
    let here = event.host().and_then(|host| host.as_symbol().and_then(|symbol| symbol.predefined()));
    event.credential == Credential::Job && here == Some("CI_REGISTRY")
}

/// A login to `${X%%/*}` is for `$X`, whatever that is.
pub(super) fn named_by(reference: &Reference, event: &LoginEvent) -> Option<bool> {
    let first = reference.path.symbols().next()?;
    let host = event.host()?;
    let derived = host.as_symbol()?.data().key.ends_with(&format!(" of {}", first.data().key));
    derived.then_some(true)
}
