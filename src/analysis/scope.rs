//! What of an analysis was asked for: a root is read for itself, or for the parts that it includes or starts.

use std::collections::BTreeSet;

use super::{Analysis, Checked};
use crate::files::is_below;
use crate::source::{FileId, Span};

/// What somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct Aim {
    /// These files; of a root, all that it leads to. Nothing here and in `folders`: everything.
    pub files: BTreeSet<String>,
    /// All files of these folders.
    pub folders: Vec<String>,
}

impl Aim {
    fn is_everything(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// Whether a file was asked for.
    #[must_use]
    pub fn names(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.iter().any(|folder| is_below(folder, path))
    }
}

/// What was asked for, in the files of an analysis; by default everything.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The roots that are read for some parts only.
    context: BTreeSet<FileId>,
    /// Those parts.
    parts: BTreeSet<FileId>,
    /// The files to which only such roots lead, without the parts.
    aside: BTreeSet<FileId>,
}

impl Scope {
    /// What an aim means in an analysis.
    #[must_use]
    pub fn of(analysis: &Analysis, aim: &Aim) -> Scope {
        if aim.is_everything() {
            return Scope::default();
        }
        let named = |file: FileId| aim.names(&analysis.sources.get(file).path);
        let context: BTreeSet<FileId> =
            analysis.pipelines.iter().map(|checked| checked.top).filter(|top| !named(*top)).collect();
        let parts = analysis.sources.iter().map(|(file, _)| file).filter(|file| named(*file)).collect();
        let of = |whole: bool| {
            let some = analysis.pipelines.iter().filter(|checked| context.contains(&checked.top) != whole);
            some.flat_map(|checked| checked.files.iter().copied()).collect::<BTreeSet<FileId>>()
        };
        let aside = of(false).difference(&of(true)).copied().filter(|file| !named(*file)).collect();
        Scope { context, parts, aside }
    }

    /// Whether all of a pipeline was asked for.
    #[must_use]
    pub fn is_whole(&self, checked: &Checked) -> bool {
        !self.context.contains(&checked.top)
    }

    /// Whether a pipeline or a part of it was asked for.
    #[must_use]
    pub fn holds(&self, checked: &Checked) -> bool {
        self.is_whole(checked) || !self.parts.is_disjoint(&checked.files)
    }

    /// Whether a place is in a part that was asked for.
    #[must_use]
    pub fn touches(&self, at: Span) -> bool {
        self.parts.contains(&at.file)
    }

    /// Whether what concerns a file itself is told.
    #[must_use]
    pub fn is_told(&self, at: Span) -> bool {
        !self.aside.contains(&at.file)
    }
}
