//! Files as a command of the job finds them: what the script wrote, else what the repository holds.

use super::body::Bodies;
use super::budget::Budget;
use super::folders::resolve;
use super::walker::Walker;
use super::world::World;
use crate::clients::File;
use crate::files::{Files, ReadError};
use crate::source::{Mapped, Source, Sources, Span};
use crate::text::Text;

/// The largest file that is read, in bytes, and the most files of a run.
const LARGEST: usize = 1 << 20;
const SCRIPTS: usize = 64;
/// What a byte that a client parses costs, in bytes of a script, and what it costs at least to make
/// something of a file: a short one may call its own functions again and again.
const PARSED: usize = 4;
const LEAST: usize = 4096;

/// The repository, with what was read of it so far.
pub(super) struct Reading<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    bodies: &'a mut Bodies,
    budget: &'a mut Budget,
    /// There were more files to read than are read.
    pub bound_reached: bool,
}

impl Walker<'_> {
    /// The files, ready to be read.
    pub(super) fn reading(&mut self) -> Reading<'_> {
        Reading {
            files: self.files,
            sources: self.sources,
            bodies: self.bodies,
            budget: self.budget,
            bound_reached: false,
        }
    }
}

impl Reading<'_> {
    /// The file at a path, in a world in which a command stands at `at`.
    pub fn find(&mut self, world: &World, path: &Text, at: Span) -> File {
        if let Some(written) = world.written(path) {
            return File::Found { text: written.text.clone(), at, exact: false };
        }
        match resolve(world.folder.as_deref(), path).map(|path| self.text(&path)) {
            Some(Ok(text)) => self.found(&text),
            Some(Err(ReadError::Missing)) => File::Missing,
            Some(Err(_)) | None => File::Unknown,
        }
    }

    /// The text of a file of the repository.
    ///
    /// # Errors
    /// Why it cannot be read; [`ReadError::Refused`] too where it is no text, or one file too many.
    pub fn text(&mut self, path: &str) -> Result<Mapped, ReadError> {
        if let Some(known) = self.bodies.file(path) {
            return known;
        }
        let text = self.read(path);
        self.bodies.keep_file(path.to_owned(), text.clone());
        text
    }

    fn read(&mut self, path: &str) -> Result<Mapped, ReadError> {
        let bytes = self.files.read(path)?;
        if bytes.len() > LARGEST {
            return Err(ReadError::TooLarge);
        }
        if bytes.contains(&0) {
            // a program
            return Err(ReadError::Refused);
        }
        if self.bodies.file_count() >= SCRIPTS {
            self.bound_reached = true;
            return Err(ReadError::Refused);
        }
        let text = crate::source::decode(bytes);
        let file = self.sources.add(Source::new(path, text.clone()));
        let at = Span::new(file, 0, text.len());
        Ok(Mapped::exact(text, at))
    }

    /// A file is parsed by each command that reads it.
    fn found(&mut self, text: &Mapped) -> File {
        let length = text.text().len();
        self.budget.read((length * PARSED).max(LEAST));
        match text.span(0..length) {
            Some(at) if !self.budget.is_spent() => File::Found { text: Text::literal(text.text()), at, exact: true },
            _ => File::Unknown,
        }
    }
}
