//! Paths of the repository that fit a pattern: `$(wildcard services/*)`.

use super::folders::at_project;
use super::glob;
use super::walker::Walker;
use super::world::World;
use crate::files::join;
use crate::text::{Part, Text};

/// The most paths of a pattern; with more, nothing is said of them.
const MOST: usize = 512;

/// What a part of a pattern costs besides the names that it is compared with, in bytes.
const PART: usize = 256;

/// A path on the way through a pattern.
struct Found {
    /// As the pattern spells it.
    written: String,
    /// From the root of the repository.
    path: String,
    is_folder: bool,
}

impl Walker<'_> {
    /// The paths that fit a pattern, sorted as GNU make 4.3 sorts them. What the job made beside them is not among them,
    /// as far as it is not known; `None`: the pattern leads out of the repository, or is not known itself.
    pub(super) fn matching(&mut self, world: &World, pattern: &Text) -> Option<Vec<Text>> {
        let (prefix, folder, rest) = match pattern.parts() {
            [Part::Lit(rest)] if !rest.starts_with(['/', '~']) => (Text::empty(), world.folder.clone()?, rest.as_str()),
            [Part::Sym(symbol), Part::Lit(rest)] if at_project(pattern) => {
                let mut prefix = Text::symbol(symbol.clone());
                prefix.push_str("/");
                (prefix, String::new(), rest.strip_prefix('/')?)
            }
            _ => return None,
        };
        let mut found = vec![Found { written: String::new(), path: folder, is_folder: true }];
        let parts: Vec<&str> = rest.split('/').collect();
        for (index, part) in parts.iter().enumerate() {
            let slash = if index + 1 < parts.len() { "/" } else { "" };
            let (mut next, fits) = (Vec::new(), glob::matcher(part));
            for above in found.into_iter().filter(|found| found.is_folder) {
                self.below(world, &above, (part, slash), &fits, &mut next)?;
            }
            found = next;
            if found.len() > MOST || self.is_spent() {
                return None;
            }
        }
        let mut written: Vec<String> = found.into_iter().map(|found| found.written).collect();
        written.sort();
        let whole = |path: String| {
            let mut whole = prefix.clone();
            whole.push_str(&path);
            whole
        };
        Some(written.into_iter().map(whole).collect())
    }

    /// What one part of the pattern finds in a folder; `None`: it leads out of the repository.
    fn below(
        &mut self,
        world: &World,
        above: &Found,
        (part, slash): (&str, &str),
        fits: &impl Fn(&str) -> bool,
        next: &mut Vec<Found>,
    ) -> Option<()> {
        let found =
            |name: &str, path, is_folder| Found { written: format!("{}{name}{slash}", above.written), path, is_folder };
        if matches!(part, "" | "." | "..") {
            next.push(found(part, join(&above.path, part)?, true));
            return Some(());
        }
        let files = self.files;
        let names = self.bodies.names(&above.path, || files.names(&above.path));
        self.budget.text(PART + names.iter().map(String::len).sum::<usize>());
        let made = made(world, &above.path);
        for name in names.iter().chain(made.iter().filter(|name| !names.contains(name))) {
            let (bare, is_folder) = name.strip_suffix('/').map_or((name.as_str(), false), |bare| (bare, true));
            let hidden = bare.starts_with('.') && !part.starts_with('.');
            if hidden || !slash.is_empty() && !is_folder || !fits(bare) {
                continue;
            }
            next.push(found(bare, join(&above.path, bare)?, is_folder));
        }
        Some(())
    }
}

/// The names of the files in a folder that the script wrote.
fn made(world: &World, folder: &str) -> Vec<String> {
    let inside = |path: &Text| {
        let path = path.as_literal().filter(|path| !path.starts_with(['/', '~']))?;
        let rest = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
        rest.split_inclusive('/').next().map(str::to_owned)
    };
    let mut made: Vec<String> = world.files.keys().filter_map(inside).collect();
    made.sort();
    made.dedup();
    made
}
