//! The images of the job's own daemon: a push of one that was never made there (lints.md 3.7), and
//! what their names tell of references that are only partly known (3.4).

use super::push::Push;
use crate::clients::Uploaded;
use crate::model::Job;
use crate::registry::{Family, Reference, TagClass};
use crate::source::Span;
use crate::text::{Part, Text};
use crate::walk::{Past, Sighting};

/// An image that a push needs and that the job never made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The word to report at: the push's, or that of the `docker tag` that has no source.
    pub at: Span,
    /// The image that is missing.
    pub image: String,
}

/// The missing image of a push, if it is missing in every state that reaches it.
pub(super) fn absent(push: &Push, job: &Job) -> Option<Absent> {
    let wanted = &push.upload.local.as_ref()?.text;
    if push.blurred || push.upload.what != Uploaded::Image || !fresh_daemon(job) || push.sightings.is_empty() {
        return None;
    }
    let mut found = None;
    for sighting in &push.sightings {
        found = Some(missing(wanted, push, sighting)?);
    }
    found
}

/// A dind service starts with no image; a shell runner or a mounted socket may hold any.
fn fresh_daemon(job: &Job) -> bool {
    let dind = |text: &Text| text.parts().iter().any(|part| matches!(part, Part::Lit(text) if text.contains("dind")));
    job.services.iter().any(|service| dind(&service.name))
}

fn missing(wanted: &Text, push: &Push, sighting: &Sighting) -> Option<Absent> {
    let family = push.upload.family;
    let mut wanted = Absent { at: push.at, image: wanted.shown() };
    let mut name = push.upload.local.as_ref()?.text.clone();
    // A `docker tag` makes its target only if its source was made; each name is looked for once.
    for _ in 0..sighting.past.len() + 1 {
        if sighting.past.iter().any(|past| makes(past, &name, family)) {
            return None;
        }
        let named = sighting.past.iter().find_map(|past| match past {
            Past::Named { from, to, at } if same_image(to, &name, family) => Some((from.clone(), *at)),
            _ => None,
        });
        let Some((from, at)) = named else { return Some(wanted) };
        if from == name {
            return Some(wanted);
        }
        wanted = Absent { at, image: from.shown() };
        name = from;
    }
    None
}

/// Whether something that happened made the image, or may have.
fn makes(past: &Past, name: &Text, family: Family) -> bool {
    match past {
        Past::Image(image) => may_be(image, name, family),
        Past::Images | Past::Unread { .. } => true,
        Past::Pull(_) | Past::Named { .. } | Past::OldAws => false,
    }
}

/// Not surely another image: an unknown value may be any, but it is not a different one from itself.
fn may_be(one: &Text, other: &Text, family: Family) -> bool {
    let (one, other) = (full(one, family), full(other, family));
    if one == other {
        return true;
    }
    let differ = |a: &Text, b: &Text| match (a.as_literal(), b.as_literal()) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    };
    let (Some((a, a_tag)), Some((b, b_tag))) = (one.rsplit_once(':'), other.rsplit_once(':')) else { return true };
    if a == b {
        return !differ(&a_tag, &b_tag) && !known_apart(&a_tag, &b_tag);
    }
    !differ(&a, &b)
}

/// One is known characters, the other a value that GitLab sets to something else (a SHA, a slug of
/// the branch): `latest` is no commit.
fn known_apart(one: &Text, other: &Text) -> bool {
    let unique = |text: &Text| text.class() >= Some(crate::text::Class::PerCommit);
    let literal = |text: &Text| text.as_literal().is_some();
    (unique(one) && literal(other)) || (literal(one) && unique(other))
}

fn same_image(one: &Text, other: &Text, family: Family) -> bool {
    full(one, family) == full(other, family)
}

/// The text with the tag that a missing one stands for.
fn full(text: &Text, family: Family) -> Text {
    let reference = Reference::parse(text, family);
    let mut full = text.clone();
    if reference.tag.is_none() && reference.digest.is_none() && !reference.hides_tag() {
        full.push_str(":latest");
    }
    full
}

/// The job gives the repository a tag elsewhere (`docker tag X $IMAGE:latest`), so the text alone has none.
pub(super) fn proven_constant(push: &Push) -> bool {
    let Some(reference) = &push.reference else { return false };
    let repository = |text: &Text| {
        let other = Reference::parse(text, push.upload.family);
        other.tag.is_some() && other.path == reference.path && other.host == reference.host
    };
    let seen = |past: &Past| matches!(past, Past::Image(text) | Past::Named { to: text, .. } | Past::Pull(text) if repository(text));
    reference.hides_tag()
        && reference.tag_class() == TagClass::Unknown
        && push.sightings.iter().any(|sighting| sighting.past.iter().any(seen))
}
