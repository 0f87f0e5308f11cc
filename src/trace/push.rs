//! A push, and what it can be asked.

use std::collections::HashSet;
use std::sync::Arc;

use super::coverage::Doubt;
use super::flaw::Flaw;
use super::hard_coded::HardCoded;
use super::local::{self, Absent};
use super::open::Open;
use super::tag_rule::TagRule;
use super::verdict::Denial;
use crate::clients::{Upload, Uploaded};
use crate::finding::Certainty;
use crate::registry::{Credential, Place, Reference, TagClass};
use crate::scenario::Scenarios;
use crate::source::Span;
use crate::text::{Class, Origin, Text};
use crate::walk::{Ignored, Sighting};

/// A push of a job.
#[derive(Clone, Debug)]
pub struct Push {
    /// What it uploads, and how.
    pub upload: Upload,
    /// The word that names the reference; the command where none does.
    pub at: Span,
    /// Definitions of variables that went into the reference.
    pub from: Vec<Span>,
    /// The command as written.
    pub source: Arc<str>,
    /// The commands that call the script or function in which the push stands, the outermost first.
    pub called_from: Vec<Span>,
    /// The reference; `None`: the command names none.
    pub reference: Option<Reference>,
    /// Where to.
    pub place: Place,
    /// With which credential.
    pub credential: Credential,
    /// The login that covers it.
    pub login: Option<Span>,
    /// In which scenarios it runs.
    pub scenarios: Scenarios,
    /// The states in which it runs.
    pub sightings: Vec<Sighting>,
    /// Why it will be refused.
    pub denial: Option<Denial>,
    /// What is wrong with its reference.
    pub flaw: Option<Flaw>,
    /// The local image that it needs and that is not there.
    pub absent: Option<Absent>,
    /// It writes the same tag in every run.
    pub constant: bool,
    /// Any branch or merge request makes it.
    pub open: Option<Open>,
    /// The project's rule for tags that refuses it.
    pub tag_rule: Option<TagRule>,
    /// What keeps its failure from failing the job, in every state that reaches it.
    pub ignored: Option<Ignored>,
    /// Its path is written out, and is the project's own, or may be.
    pub hard_coded: Option<HardCoded>,
    /// The same login, or the lack of one, meets it in every state.
    pub alike: bool,
    /// What makes the denial less than certain.
    pub doubts: Vec<Doubt>,
    /// A bound was reached in this job, or on the way here: less is known than it seems.
    pub blurred: bool,
}

impl Push {
    /// Where a word of the reference was written, if not in the command itself.
    #[must_use]
    pub fn written_at(&self, word: &str) -> Option<Span> {
        let word = word.trim_start_matches(['$', '{']).trim_end_matches('}');
        let definition = self.from.last().copied().filter(|at| *at != self.at)?;
        (!self.source.contains(word)).then_some(definition)
    }

    /// The id of the lint that says why the push will be refused.
    #[must_use]
    pub fn denied_by(&self) -> Option<&'static str> {
        match (&self.denial, &self.flaw) {
            (Some(Denial::Login(_)), _) => Some("login-cannot-succeed"),
            (Some(Denial::NotLoggedIn { .. }), _) => Some("push-without-login"),
            (Some(Denial::Stray { .. }), _) => Some("push-outside-project"),
            (Some(Denial::OtherProject { .. }), _) => Some("cross-project-push"),
            (None, Some(_)) => Some("invalid-image-reference"),
            (None, None) => self.tag_rule.as_ref().map(|rule| rule.kind.lint()),
        }
    }

    /// Whether it is refused for certain, whenever it runs: then it writes nothing.
    #[must_use]
    pub fn is_surely_refused(&self) -> bool {
        let certainty = match &self.denial {
            Some(Denial::Login(defect)) => defect.certainty(),
            Some(
                Denial::NotLoggedIn { certainty, .. }
                | Denial::Stray { certainty, .. }
                | Denial::OtherProject { certainty, .. },
            ) => *certainty,
            None => return false,
        };
        self.alike && certainty == Certainty::Certain
    }

    /// How its tag differs between runs: a ref is a git tag where no branch runs it; `--all-tags` pushes any.
    #[must_use]
    pub fn tag_class(&self) -> TagClass {
        let class = self.reference.as_ref().map_or(TagClass::Unknown, Reference::tag_class);
        match (class, self.upload.what) {
            (TagClass::Constant, Uploaded::AllTags) => TagClass::Unknown,
            (TagClass::Varies(Class::PerRef), _) if self.scenarios.without(Scenarios::TAGS).is_empty() => {
                TagClass::Varies(Class::PerTag)
            }
            (class, _) => class,
        }
    }

    /// The tag as a person would write it; none written is `latest`.
    #[must_use]
    pub fn tag_shown(&self) -> String {
        let tag = self.reference.as_ref().and_then(|reference| reference.tag.as_ref());
        tag.map_or_else(|| "latest".to_owned(), Text::shown)
    }

    /// Where the tag was written, if not in the command itself.
    #[must_use]
    pub fn tag_written_at(&self) -> Option<Span> {
        self.reference.as_ref()?.tag.as_ref()?;
        self.written_at(&self.tag_shown())
    }

    /// What a person would change about its tag: the line that several jobs share, else the definition that
    /// gives the tag, else its own word. `shared`: [`Traces::shared`](super::Traces::shared).
    #[must_use]
    pub fn tag_cause(&self, shared: &HashSet<Span>) -> Span {
        self.tag_written_at().filter(|_| !shared.contains(&self.at)).unwrap_or(self.at)
    }

    pub(super) fn overwrites_constant(&self) -> bool {
        let constant = self.tag_class() == TagClass::Constant;
        (constant || local::proven_constant(self)) && self.upload.what == Uploaded::Image && self.place != Place::Local
    }

    /// What is not known of the push, and why, for people.
    #[must_use]
    pub fn unknown(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        let symbols = self.reference.iter().flat_map(|reference| reference.text.symbols());
        for symbol in symbols.filter(|symbol| symbol.data().class.is_none()) {
            let data = symbol.data();
            let why = match &data.origin {
                Origin::Setting(_) => format!("{} is not set in the files", data.shown),
                Origin::Command(_) => format!("{} is the output of a command", data.shown),
                Origin::Input(_) => format!("{} is an input", data.shown),
                _ => format!("{} is not known", data.shown),
            };
            if !unknown.contains(&why) {
                unknown.push(why);
            }
        }
        if self.blurred {
            unknown.push("the job does too much to be followed to its end".to_owned());
        }
        unknown
    }
}
