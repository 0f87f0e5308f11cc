//! The configuration file: found, read, and what it declares put where it belongs.

use std::path::{Path, PathBuf};

use glob::MatchOptions;
use pushlint::config::{self, Config};
use pushlint::facts::{Fact, FactSource, Facts};
use pushlint::files::{Checkout, Disk, LARGEST};
use pushlint::lints;
use pushlint::model::{Note, NoteKind};
use pushlint::source::Source;

use super::{Trouble, paths};
use crate::cli;

/// The name of the configuration in a root.
const NAME: &str = ".pushlint.yml";

/// A configuration that was read.
pub(super) struct Configuration {
    pub(super) config: Config,
    source: Source,
    /// Its folder, from which its paths go.
    folder: PathBuf,
}

impl Configuration {
    /// The configuration that the options name, else the root's, if there is one.
    pub(super) fn find(options: &cli::Input, root: &Path) -> Result<Option<Self>, Trouble> {
        if options.isolated {
            return Ok(None);
        }
        let path = match &options.config {
            Some(path) => paths::full(path),
            None if root.join(NAME).is_file() => root.join(NAME),
            None => return Ok(None),
        };
        let shown = paths::relative(&paths::here()?, &path);
        let failed = |error: String| Trouble::new(format!("cannot read `{shown}`: {error}"));
        let about = std::fs::metadata(&path).map_err(|error| failed(error.to_string()))?;
        if about.len() > LARGEST {
            return Err(failed("it is larger than 16 MiB".to_owned()));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let ids: Vec<&str> = lints::ALL.iter().map(|lint| lint.id).collect();
        let config = config::read(&text, &ids).map_err(|mistakes| {
            let source = Source::new(shown.as_str(), text.as_str());
            let first = mistakes.first().map(|mistake| mistake.shown(&source)).unwrap_or_default();
            let more = mistakes.len().saturating_sub(1);
            Trouble::new(if more == 0 { first } else { format!("{first} (and {more} more)") })
        })?;
        let folder = path.parent().unwrap_or(root).to_path_buf();
        let source = Source::new(paths::relative(root, &path), text);
        Ok(Some(Configuration { config, source, folder }))
    }

    /// Adds what it declares; what is known already stays.
    pub(super) fn declare(&self, facts: &mut Facts) {
        let fact = |value: &Option<String>| value.clone().map(|value| Fact { value, from: FactSource::Configuration });
        facts.project = facts.project.take().or_else(|| fact(&self.config.project));
        facts.registry = facts.registry.take().or_else(|| fact(&self.config.registry));
        facts.logged_in.clone_from(&self.config.logged_in);
        facts.protected_tags.clone_from(&self.config.protected_tags);
        facts.immutable_tags.clone_from(&self.config.immutable_tags);
        facts.variables.clone_from(&self.config.variables);
        facts.configuration = Some(self.source.clone());
    }

    /// Adds the checkouts; those that are not there are notes.
    pub(super) fn check_out(&self, root: &Path, disk: &mut Disk) -> Vec<Note> {
        let mut lost = Vec::new();
        for (name, path) in &self.config.includes {
            let Ok(real) = self.folder.join(path).canonicalize() else {
                let message = format!("`{path}`, the checkout of `{name}`, does not exist");
                lost.push(Note { kind: NoteKind::LostFact, at: None, message });
                continue;
            };
            let file = if real.is_dir() { None } else { real.file_name() };
            let file = file.map(|name| name.to_string_lossy().into_owned());
            let folder = if file.is_some() { real.parent().unwrap_or(&real) } else { &real };
            disk.check_out(Checkout::on_disk(name, paths::relative(root, folder), folder, file));
        }
        lost
    }

    /// Whether a file, seen from the root, is left out.
    pub(super) fn excludes(&self, path: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        self.config.exclude.iter().any(|pattern| pattern.matches_with(path, options))
    }
}
