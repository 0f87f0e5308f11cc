//! What there is to say about the files themselves: [`Fault`] and [`Note`].

use crate::source::Span;

/// An `include` that could not be read, so it may bring anything.
#[derive(Clone, Debug)]
pub struct UnreadInclude {
    /// The entry.
    pub at: Span,
    /// What it names.
    pub name: String,
}

/// Something that GitLab rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: Span,
    /// GitLab's reason: lower case, no full stop.
    pub message: String,
    /// What to do, or the nearest name.
    pub help: Option<String>,
    /// Other places.
    pub labels: Vec<(Span, String)>,
    /// The job that it concerns; `None`: the whole configuration.
    pub job: Option<String>,
}

/// Something that could not be read; never a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which kind.
    pub kind: NoteKind,
    /// Where, if it stands in a file.
    pub at: Option<Span>,
    /// The words.
    pub message: String,
}

/// The kinds of notes of the JSON contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// An include that cannot be read.
    UnresolvedInclude,
    /// A script, Makefile or other file that a job calls and that cannot be read.
    UnreadScript,
    /// A job in a shell that is not read.
    UnreadShell,
    /// A file that is no pipeline.
    SkippedFile,
    /// The reading ends here, by a bound of ours or at what one run decides (inputs are taken at their
    /// defaults): what follows is unknown. One kind for both, because the contract's list is closed.
    BoundReached,
    /// A fact that could not be used.
    LostFact,
}

impl NoteKind {
    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::UnresolvedInclude => "unresolved-include",
            NoteKind::UnreadScript => "unread-script",
            NoteKind::UnreadShell => "unread-shell",
            NoteKind::SkippedFile => "skipped-file",
            NoteKind::BoundReached => "bound-reached",
            NoteKind::LostFact => "lost-fact",
        }
    }
}
