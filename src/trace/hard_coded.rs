//! Paths of this GitLab's registry that are written out, where `$CI_REGISTRY_IMAGE` would be the
//! project's own (lints.md 3.2, 3.10).

use super::place::Ground;
use super::push::Push;
use super::traces::Trace;
use super::verdict::{all_job_logins, literal_path};
use crate::clients::Uploaded;
use crate::model::Job;
use crate::registry::{Credential, Place};
use crate::source::FileId;

/// Whose a path that is written out is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HardCoded {
    /// The project's own; `hearsay`: a git remote says so.
    Own {
        /// Only a git remote says so.
        hearsay: bool,
    },
    /// The job token may write there only if it is the project's own.
    Perhaps,
}

/// Variables that say what the project's own path is: 3.8 tells where the files set them.
const NAMED: [&str; 2] = ["CI_REGISTRY_IMAGE", "CI_PROJECT_PATH"];

/// Whether the path of a push is written out. `settings`: the file that declares the project's settings,
/// whose values are not the files'.
pub(super) fn hard_coded(
    push: &Push,
    job: &Job,
    ground: &Ground,
    trace: &Trace,
    settings: Option<FileId>,
) -> Option<HardCoded> {
    let reference = push.reference.as_ref()?;
    let path = literal_path(reference)?;
    let image = matches!(push.upload.what, Uploaded::Image | Uploaded::AllTags);
    let sound = image && push.denied_by().is_none() && path.contains('/');
    if !sound || push.from.iter().any(|at| Some(at.file) == settings) || is_override(push, job) {
        return None;
    }
    let host = ground.host(reference)?;
    match ground.is_gitlab(&host) {
        Some(true) => {}
        // Were it not this GitLab's, nothing in the job could push there.
        None if ground.is_own_registry(&host) && all_job_logins(ground, trace) => return Some(HardCoded::Perhaps),
        _ => return None,
    }
    match (push.place, ground.project(job)) {
        (Place::OwnProject, Some((_, hearsay))) => Some(HardCoded::Own { hearsay }),
        (Place::OtherProject, None) if push.credential == Credential::Job => Some(HardCoded::Perhaps),
        _ => None,
    }
}

fn is_override(push: &Push, job: &Job) -> bool {
    let set = job.environments.iter().flat_map(|environment| NAMED.map(|name| environment.variables.get(name)));
    set.flatten().any(|variable| push.from.contains(&variable.at))
}
