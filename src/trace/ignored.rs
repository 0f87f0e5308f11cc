//! Whether a job passes though its push fails (lints.md 3.10).

use super::push::Push;
use super::traces::Trace;
use crate::walk::Ignored;

/// Why the failure of a push is ignored in every state that reaches it.
pub(super) fn ignored(push: &Push, trace: &Trace) -> Option<Ignored> {
    let first = push.sightings.first()?.ignored?;
    let everywhere = push.sightings.iter().all(|sighting| sighting.ignored.is_some());
    (everywhere && !(first == Ignored::Background && trace.walk.awaits)).then_some(first)
}
