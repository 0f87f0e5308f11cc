//! The images of the job's own daemon: a push of one that was never made there (lints.md 3.7), and
//! what their names tell of references that are only partly known (3.4).

use super::push::Push;
use crate::clients::Uploaded;
use crate::model::Job;
use crate::registry::{Family, Reference, TagClass, same_image};
use crate::source::Span;
use crate::text::{Part, Text};
use crate::walk::Past;

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
        let mut daemon = Daemon { past: &sighting.past, family: push.upload.family, asked: Vec::new() };
        found = Some(daemon.missing(wanted, push.at)?);
    }
    found
}

/// A dind service starts with no image; a shell runner or a mounted socket may hold any.
fn fresh_daemon(job: &Job) -> bool {
    let dind = |text: &Text| text.parts().iter().any(|part| matches!(part, Part::Lit(text) if text.contains("dind")));
    job.services.iter().any(|service| dind(&service.name))
}

/// What a state knows of the daemon.
struct Daemon<'a> {
    past: &'a [Past],
    family: Family,
    /// The numbers of the `docker tag`s that were asked already: each makes its target only if its source was made.
    asked: Vec<usize>,
}

impl Daemon<'_> {
    /// The image for want of which this one is not there; `None`: it may be.
    fn missing(&mut self, name: &Text, at: Span) -> Option<Absent> {
        if self.past.iter().any(|past| self.makes(past, name)) {
            return None;
        }
        let mut source = None;
        for (number, past) in self.past.iter().enumerate() {
            let Past::Named { from, to, at } = past else { continue };
            let same = same_image(to, name, self.family);
            if same == Some(false) || self.asked.contains(&number) {
                continue;
            }
            self.asked.push(number);
            let absent = self.missing(from, *at)?;
            source = source.or((same == Some(true)).then_some(absent));
        }
        source.or_else(|| Some(Absent { at, image: name.shown() }))
    }

    /// Whether something that happened made the image, or may have.
    fn makes(&self, past: &Past, name: &Text) -> bool {
        match past {
            Past::Image(image) => may_be_id(name) || same_image(image, name, self.family) != Some(false),
            Past::Nameless => may_be_id(name),
            Past::Images | Past::Unread { .. } => true,
            Past::Pull(_) | Past::Named { .. } | Past::OldAws => false,
        }
    }
}

/// Whether a name may be an image's id, which `docker build -q` and `docker images -q` print.
fn may_be_id(name: &Text) -> bool {
    let name = name.strip_prefix("sha256:").unwrap_or_else(|| name.clone());
    let fits = |part: &Part| match part {
        Part::Lit(text) => text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        Part::Sym(symbol) => symbol.predefined().is_none(),
    };
    name.as_literal().is_none() && name.parts().iter().all(fits)
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
