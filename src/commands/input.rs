//! From the arguments to an [`Analysis`]: the roots to read, standard input, fragments, the notes.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pushlint::analysis::{Analysis, analyse};
use pushlint::facts::Facts;
use pushlint::files::{Disk, Files, LARGEST, ReadError};
use pushlint::judge::Reported;
use pushlint::lint::Levels;
use pushlint::model::{Note, NoteKind};

use super::configuration::Configuration;
use super::{Trouble, complain, known, paths};
use crate::cli;

/// What was read.
pub(super) struct Input {
    pub(super) analysis: Analysis,
    /// The root, as given or absolute.
    pub(super) root: String,
    folder: PathBuf,
    here: PathBuf,
    /// Files that were asked for as parts of a root; empty: everything was.
    parts: BTreeSet<String>,
    configuration: Option<Configuration>,
    /// The levels that the configuration gives.
    pub(super) levels: Levels,
}

/// The arguments, made plain.
struct Asked {
    root: PathBuf,
    files: Vec<String>,
    /// Standard input stands in the place of the first file.
    stdin: bool,
}

impl Input {
    /// Reads what the options ask for.
    pub(super) fn read(options: &cli::Input) -> Result<Self, Trouble> {
        let mut asked = ask(options)?;
        let configuration = Configuration::find(options, &asked.root)?;
        let mut disk = Disk::new(asked.root.clone());
        if asked.stdin {
            disk.overlay(&asked.files[0], stdin()?);
        }
        for file in &asked.files {
            disk.read(file).map_err(|error| Trouble::new(format!("cannot read `{file}`: {}", reason(error))))?;
        }
        let facts = known::facts(options, configuration.as_ref(), &asked.root);
        let mut notes = Vec::new();
        if let Some(configuration) = &configuration {
            notes = configuration.check_out(&asked.root, &mut disk);
            let (left_out, files): (Vec<String>, Vec<String>) =
                asked.files.into_iter().partition(|file| configuration.excludes(file));
            asked.files = files;
            notes.extend(left_out.iter().map(|file| excluded(file)));
        }
        let (mut analysis, parts) = analysis(&disk, &asked.files, &facts);
        analysis.notes.append(&mut notes);
        let here = paths::here()?;
        let root = options.root.as_deref().unwrap_or(&asked.root).to_string_lossy().into_owned();
        let levels = configuration.as_ref().map(|configuration| configuration.config.levels.clone());
        let levels = levels.unwrap_or_default();
        Ok(Input { analysis, root, folder: asked.root, here, parts, configuration, levels })
    }

    /// A path of the analysis as seen from the working folder.
    pub(super) fn shown(&self, path: &str) -> String {
        paths::relative(&self.here, &paths::joined(&self.folder, path))
    }

    /// Whether a finding concerns what was asked for.
    pub(super) fn is_asked_for(&self, reported: &Reported) -> bool {
        let finding = &reported.finding;
        let path = &self.analysis.sources.get(finding.at.file).path;
        if self.configuration.as_ref().is_some_and(|configuration| configuration.excludes(path)) {
            return false;
        }
        let mut places = [finding.at, finding.cause.at].into_iter().chain(finding.labels.iter().map(|label| label.at));
        // A root that GitLab rejects as a whole concerns all its parts.
        let whole = reported.lint == "unreadable-config" && finding.jobs.is_empty();
        whole || self.parts.is_empty() || places.any(|at| self.parts.contains(&self.analysis.sources.get(at.file).path))
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

fn ask(options: &cli::Input) -> Result<Asked, Trouble> {
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
    let files = match (stdin, &options.stdin_filename, start) {
        (true, Some(name), _) => vec![name.clone()],
        (true, None, root) => vec![root.unwrap_or(Path::new(".")).join(paths::CONFIG)],
        (false, _, Some(root)) if options.paths.is_empty() => paths::expand(&[root.to_path_buf()])?,
        (false, ..) if options.paths.is_empty() => vec![paths::upwards(&paths::here()?)?],
        (false, ..) => paths::expand(&options.paths)?,
    };
    let files: Vec<PathBuf> = files.iter().map(|file| paths::full(file)).collect();
    let root = start.map_or_else(|| paths::root(&files[0]), Path::to_path_buf);
    let root =
        root.canonicalize().map_err(|error| Trouble::new(format!("cannot read `{}`: {error}", root.display())))?;
    let mut names = Vec::new();
    for file in &files {
        let name = paths::below(&root, file)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(Asked { root, files: names, stdin })
}

fn stdin() -> Result<Vec<u8>, Trouble> {
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

/// Analyses the files: a configuration as a root, another file through the root's configuration
/// where that includes it, else as a root of its own where it looks like a pipeline.
fn analysis(files: &dyn Files, asked: &[String], facts: &Facts) -> (Analysis, BTreeSet<String>) {
    let is_root = |path: &String| path == paths::CONFIG || path.ends_with(&format!("/{}", paths::CONFIG));
    let (mut roots, fragments): (Vec<String>, Vec<String>) = asked.iter().cloned().partition(is_root);
    if fragments.is_empty() {
        return (analyse(files, &roots, facts), BTreeSet::new());
    }
    let main = paths::CONFIG.to_owned();
    let candidates = if roots.is_empty() && files.read(&main).is_ok() { vec![main] } else { roots.clone() };
    let through = analyse(files, &candidates, facts);
    let read: BTreeSet<&str> = through.sources.iter().map(|(_, source)| source.path.as_str()).collect();
    let (included, alone): (Vec<String>, Vec<String>) =
        fragments.into_iter().partition(|file| read.contains(file.as_str()));
    let parts = parts(&roots, &included, &alone);
    if !included.is_empty() {
        roots = candidates;
    }
    let (pipelines, others): (Vec<String>, Vec<String>) =
        alone.into_iter().partition(|file| looks_like_pipeline(&files.read(file).unwrap_or_default()));
    roots.extend(pipelines.iter().cloned());
    let mut analysis = if pipelines.is_empty() && !roots.is_empty() { through } else { analyse(files, &roots, facts) };
    analysis.notes.extend(others.iter().map(|file| skipped(file)));
    (analysis, parts)
}

/// What to tell of: everything where a root was asked for, else the files themselves.
fn parts(roots: &[String], included: &[String], alone: &[String]) -> BTreeSet<String> {
    if !roots.is_empty() || included.is_empty() {
        return BTreeSet::new();
    }
    included.iter().chain(alone).cloned().collect()
}

fn excluded(file: &str) -> Note {
    Note {
        kind: NoteKind::SkippedFile,
        at: None,
        message: format!("`{file}` is excluded by the configuration: skipped"),
    }
}

fn skipped(file: &str) -> Note {
    let message = format!("`{file}` has neither a job nor `include` nor `spec`: skipped");
    Note { kind: NoteKind::SkippedFile, at: None, message }
}

/// Words that only a job has, directly below its name.
const JOB: &[&str] = &["script", "trigger", "extends", "run", "before_script", "after_script", "<<"];
/// Words that a `spec` of GitLab holds; that of Kubernetes does not.
const SPEC: &[&str] = &["inputs", "component", "include", "description"];

/// Whether a text has a job, `include` or `spec`, read off its lines, so that broken YAML counts too.
fn looks_like_pipeline(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut top = "";
    let mut level = None;
    for line in text.lines() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let Some((key, _)) = body.split_once(':').filter(|_| !body.starts_with('#')) else { continue };
        let key = key.trim_matches(['"', '\'', ' ']);
        if indent == 0 {
            (top, level) = (key, None);
            if key == "include" {
                return true;
            }
        } else if *level.get_or_insert(indent) == indent {
            let words = if top == "spec" { SPEC } else { JOB };
            if words.contains(&key) {
                return true;
            }
        }
    }
    text.trim_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::looks_like_pipeline;

    #[test]
    fn pipelines_are_told_from_other_yaml() {
        for text in ["a:\n  script: x", "include: /x.yml", "spec:\n  inputs:\n    a:\n---\n", ".a:\n    extends: .b"] {
            assert!(looks_like_pipeline(text.as_bytes()), "{text}");
        }
        for text in ["services:\n  web:\n    extends: x", "spec:\n  replicas: 1", "", "jobs:\n  a:\n    run: x", "- a"]
        {
            assert!(!looks_like_pipeline(text.as_bytes()), "{text}");
        }
    }
}
