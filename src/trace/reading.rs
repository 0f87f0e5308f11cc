//! Files as a command of the job finds them: what the script wrote, else what the repository holds.

use super::body::Bodies;
use super::budget::Budget;
use super::dispatch::resolve;
use super::script::{LARGEST, SCRIPTS};
use super::walker::Walker;
use super::world::World;
use crate::clients::File;
use crate::files::{Files, ReadError};
use crate::source::{FileId, Source, Sources, Span};
use crate::text::Text;

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
        if let Some(text) = world.files.get(&world.file_key(path)) {
            return File::Found { text: text.clone(), at, exact: false };
        }
        match resolve(world.folder.as_deref(), path) {
            Some(path) => self.of_repository(&path),
            None => File::Unknown,
        }
    }

    fn of_repository(&mut self, path: &str) -> File {
        if let Some(Some(file)) = self.bodies.text(path) {
            return self.found(file);
        }
        if self.bodies.text(path).is_some() {
            return File::Unknown;
        }
        let bytes = match self.files.read(path) {
            Ok(bytes) if bytes.len() <= LARGEST => bytes,
            Err(ReadError::Missing) => return File::Missing,
            _ => return File::Unknown,
        };
        if self.bodies.file_count() >= SCRIPTS {
            self.bound_reached = true;
            return File::Unknown;
        }
        let file = String::from_utf8(bytes).ok().map(|text| self.sources.add(Source::new(path, text)));
        self.bodies.keep_text(path.to_owned(), file);
        file.map_or(File::Unknown, |file| self.found(file))
    }

    /// A file is parsed by each command that reads it.
    fn found(&mut self, file: FileId) -> File {
        let text = &self.sources.get(file).text;
        self.budget.read((text.len() * PARSED).max(LEAST));
        if self.budget.is_spent() {
            return File::Unknown;
        }
        File::Found { text: Text::literal(text.as_str()), at: Span::new(file, 0, text.len()), exact: true }
    }
}
