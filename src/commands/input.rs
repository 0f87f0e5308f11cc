//! From the arguments to an [`Analysis`]: what is named, standard input, the notes.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pushlint::analysis::{Analysis, Checked};
use pushlint::files::{Disk, Files, LARGEST, ReadError};
use pushlint::judge::Reported;
use pushlint::lint::Levels;
use pushlint::model::{Note, NoteKind, Pipeline};
use pushlint::repository::CONFIG;

use super::configuration::Configuration;
use super::paths::Named;
use super::{Trouble, complain, known, paths, roots};
use crate::cli;

/// What was read.
pub(super) struct Input {
    pub(super) analysis: Analysis,
    /// The root, as given or absolute.
    pub(super) root: String,
    folder: PathBuf,
    here: PathBuf,
    configuration: Option<Configuration>,
    /// The levels that the configuration gives.
    pub(super) levels: Levels,
}

/// The arguments, made plain.
struct Arguments {
    root: PathBuf,
    asked: roots::Asked,
    /// Standard input stands in the place of the first file.
    stdin: bool,
}

impl Input {
    /// Reads what the options ask for.
    pub(super) fn read(options: &cli::Input) -> Result<Self, Trouble> {
        let Arguments { root, asked, stdin } = plain(options)?;
        let configuration = Configuration::find(options, &root)?;
        let mut disk = Disk::new(root.clone());
        if stdin {
            disk.overlay(&asked.files[0], read_stdin()?);
        }
        for file in &asked.files {
            disk.read(file).map_err(|error| Trouble::new(format!("cannot read `{file}`: {}", reason(error))))?;
        }
        let facts = known::facts(options, configuration.as_ref(), &root);
        let mut notes = configuration.as_ref().map(|own| own.check_out(&root, &mut disk)).unwrap_or_default();
        let excludes = |path: &str| configuration.as_ref().is_some_and(|own| own.excludes(path));
        let mut analysis = roots::analysis(&disk, asked, &excludes, &facts)?;
        analysis.notes.append(&mut notes);
        let here = paths::here()?;
        let shown = options.root.as_deref().unwrap_or(&root).to_string_lossy().into_owned();
        let levels = configuration.as_ref().map(|own| own.config.levels.clone()).unwrap_or_default();
        Ok(Input { analysis, root: shown, folder: root, here, configuration, levels })
    }

    /// A path of the analysis as seen from the working folder.
    pub(super) fn shown(&self, path: &str) -> String {
        paths::relative(&self.here, &paths::joined(&self.folder, path))
    }

    /// Whether a finding is to be told: it does not stand in a file that is left out.
    pub(super) fn is_asked_for(&self, reported: &Reported) -> bool {
        let path = &self.analysis.sources.get(reported.finding.at.file).path;
        !self.configuration.as_ref().is_some_and(|configuration| configuration.excludes(path))
    }

    /// The pipelines that were asked for, each with its path: those of the roots, else those that
    /// hold the parts.
    pub(super) fn asked_for(&self) -> impl Iterator<Item = (String, &Pipeline)> {
        let Analysis { pipelines, scope, sources, .. } = &self.analysis;
        let is_root = |checked: &Checked| checked.pipeline.root == checked.top;
        let asked = pipelines
            .iter()
            .filter(move |checked| if scope.is_whole(checked) { is_root(checked) } else { scope.holds(checked) });
        asked.map(|checked| (sources.get(checked.pipeline.root).path.clone(), &checked.pipeline))
    }

    /// Says what GitLab rejects, where no report does.
    pub(super) fn tell_faults(&self) {
        for fault in &self.analysis.faults {
            let source = self.analysis.sources.get(fault.at.file);
            let (line, column) = source.position(fault.at.range().start);
            complain(&format!("{}:{line}:{column}: {}", self.shown(&source.path), fault.message));
        }
    }

    /// Says what could not be read: one line, or all of it, or nothing.
    pub(super) fn tell_notes(&self, options: &cli::Input) {
        let notes = &self.analysis.notes;
        if options.quiet || notes.is_empty() {
            return;
        }
        if options.verbose {
            notes.iter().for_each(|note| complain(&self.told(note)));
        } else if let [note] = notes.as_slice() {
            complain(&self.told(note));
        } else {
            complain(&format!("{} (--verbose says which)", summary(notes)));
        }
    }

    fn told(&self, note: &Note) -> String {
        let Some(at) = note.at else { return format!("note: {}", note.message) };
        let source = self.analysis.sources.get(at.file);
        let (line, column) = source.position(at.range().start);
        format!("note: {}:{line}:{column}: {}", self.shown(&source.path), note.message)
    }
}

/// `3 notes: 2 unresolved-include, 1 unread-script`.
fn summary(notes: &[Note]) -> String {
    let mut counts = std::collections::BTreeMap::<NoteKind, usize>::new();
    notes.iter().for_each(|note| *counts.entry(note.kind).or_default() += 1);
    let kinds: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    format!("{} notes: {}", notes.len(), kinds.join(", "))
}

fn plain(options: &cli::Input) -> Result<Arguments, Trouble> {
    let stdin = options.paths.iter().any(|path| path.as_os_str() == "-");
    if stdin && options.paths.len() > 1 {
        return Err(Trouble::new("`-` stands alone; name its file with --stdin-filename"));
    }
    if !stdin && options.stdin_filename.is_some() {
        return Err(Trouble::new("--stdin-filename needs `-` as the only PATH"));
    }
    let start = match &options.root {
        Some(root) if root.is_dir() => Some(root.as_path()),
        Some(root) => return Err(Trouble::new(format!("--root `{}` is no folder", root.display()))),
        None => None,
    };
    let file = |path: &Path| vec![Named::File(paths::full(path))];
    let named = match (stdin, &options.stdin_filename, start) {
        (true, Some(name), _) => file(name),
        (true, None, root) => file(&root.unwrap_or(Path::new(".")).join(CONFIG)),
        (false, ..) if !options.paths.is_empty() => paths::expand(&options.paths)?,
        (false, _, Some(root)) => paths::expand(&[root.join(CONFIG)])?,
        (false, ..) => file(&paths::upwards(&paths::here()?)?),
    };
    let root = start.map_or_else(|| paths::root(&named), |root| Ok(root.to_path_buf()))?;
    let root =
        root.canonicalize().map_err(|error| Trouble::new(format!("cannot read `{}`: {error}", root.display())))?;
    let mut asked = roots::Asked::default();
    for named in &named {
        let name = paths::below(&root, named.path())?;
        let names = if matches!(named, Named::Folder(_)) { &mut asked.folders } else { &mut asked.files };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(Arguments { root, asked, stdin })
}

fn read_stdin() -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    let read = io::stdin().lock().take(LARGEST + 1).read_to_end(&mut text);
    read.map_err(|error| Trouble::new(format!("cannot read standard input: {error}")))?;
    if text.len() as u64 > LARGEST {
        return Err(Trouble::new("cannot read standard input: it is larger than 16 MiB"));
    }
    Ok(text)
}

fn reason(error: ReadError) -> &'static str {
    match error {
        ReadError::Missing => "there is no such file",
        ReadError::Outside => "it lies outside the root",
        ReadError::TooLarge => "it is larger than 16 MiB",
        ReadError::Refused => "it is no file, or may not be read",
    }
}
