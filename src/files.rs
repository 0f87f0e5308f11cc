//! The only code that opens a file. Paths are relative to the root, with `/`; nothing outside the root is read.

mod ignored;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 16 << 20;

/// Files below a root.
pub trait Files {
    /// Reads a file. `path` is relative to the root, with `/`, cleaned of `.` and `..`.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The paths of all files below the root, sorted; for include patterns. At most 50,000.
    fn list(&self) -> Vec<String>;

    /// The YAML files below a folder that may be configurations of this repository.
    fn find(&self, folder: &str) -> Found {
        let yaml = self.list().into_iter().filter(|path| is_yaml(path) && is_below(folder, path)).collect();
        Found { yaml, ..Found::default() }
    }

    /// The names in a folder, sorted; those of folders end in `/`. At most 50,000, and without what git ignores:
    /// a job's own copy does not hold that.
    fn names(&self, folder: &str) -> Vec<String> {
        let above = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let all = self.list();
        let inside = all.iter().filter_map(|path| path.strip_prefix(&above));
        let name = |rest: &str| rest.split_inclusive('/').next().unwrap_or("").to_owned();
        let names: std::collections::BTreeSet<String> = inside.map(name).collect();
        names.into_iter().collect()
    }

    /// Where included projects, components and remote files are checked out.
    fn checkouts(&self) -> &[Checkout] {
        &[]
    }
}

/// What a folder holds, without what git ignores and what others made (`vendor`, `node_modules`).
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The YAML files, sorted.
    pub yaml: Vec<String>,
    /// Folders that are repositories of their own; nothing in them is listed.
    pub repositories: Vec<String>,
    /// Whether there was too much to look at all of it.
    pub cut: bool,
}

/// Whether GitLab takes the file for YAML.
#[must_use]
pub fn is_yaml(path: &str) -> bool {
    path.ends_with(".yml") || path.ends_with(".yaml")
}

/// Whether a path lies in a folder; the root is `""`.
#[must_use]
pub fn is_below(folder: &str, path: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A copy of what an include names, as the configuration says; a root of its own.
pub struct Checkout {
    /// What includes call it: a project's path, a URL, a template's name.
    pub name: String,
    /// Its folder as seen from the analysis' root, with `/`.
    pub folder: String,
    /// The only file that is meant, below the folder; `None`: all of the folder.
    pub file: Option<String>,
    /// Its files.
    pub files: Box<dyn Files + Send + Sync>,
}

impl std::fmt::Debug for Checkout {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Checkout").field("name", &self.name).field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Checkout {
    /// A folder on disk, or a single file of one.
    #[must_use]
    pub fn on_disk(name: &str, folder: String, real: &Path, file: Option<String>) -> Checkout {
        Checkout { name: name.to_owned(), folder, file, files: Box::new(Disk::new(real.to_path_buf())) }
    }
}

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It does not exist.
    Missing,
    /// It is outside the root, or reached through a link that leaves it.
    Outside,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It is no file, or the system refuses.
    Refused,
}

/// Joins `path` to `folder` and removes `.`, `..` and `//`; `None` where it leaves the root.
#[must_use]
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> =
        if path.starts_with('/') { Vec::new() } else { folder.split('/').filter(|part| !part.is_empty()).collect() };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Files of a folder on disk, with some of them replaced by buffers (standard input, an editor).
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    overlay: BTreeMap<String, Vec<u8>>,
    listed: Mutex<Option<Vec<String>>>,
    checkouts: Vec<Checkout>,
}

impl Disk {
    /// The files below `root`.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        let root = root.canonicalize().unwrap_or(root);
        Disk { root, overlay: BTreeMap::new(), listed: Mutex::new(None), checkouts: Vec::new() }
    }

    /// Puts `text` in the place of the file at `path`.
    pub fn overlay(&mut self, path: &str, text: Vec<u8>) {
        self.overlay.insert(path.to_owned(), text);
    }

    /// Says where an included project or file is checked out.
    pub fn check_out(&mut self, checkout: Checkout) {
        self.checkouts.push(checkout);
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(text) = self.overlay.get(path) {
            return Ok(text.clone());
        }
        let full = self.root.join(join("", path).ok_or(ReadError::Outside)?);
        let real = full.canonicalize().map_err(|_| ReadError::Missing)?;
        if !real.starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        let about = std::fs::metadata(&real).map_err(|_| ReadError::Refused)?;
        if !about.is_file() {
            return Err(ReadError::Refused);
        }
        if about.len() > LARGEST {
            return Err(ReadError::TooLarge);
        }
        std::fs::read(&real).map_err(|_| ReadError::Refused)
    }

    fn list(&self) -> Vec<String> {
        let mut listed = self.listed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let all = listed.get_or_insert_with(|| {
            let mut found = Vec::new();
            walk::all(&self.root, "", 0, &mut found);
            found
        });
        let mut all = all.clone();
        all.extend(self.overlay.keys().cloned());
        all.sort();
        all.dedup();
        all
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names = walk::names(&self.root, folder);
        names.extend(self.overlay.keys().filter_map(|path| {
            let rest = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            rest.split_inclusive('/').next().map(str::to_owned)
        }));
        names.sort();
        names.dedup();
        names
    }

    fn find(&self, folder: &str) -> Found {
        let mut found = walk::yaml(&self.root, folder);
        found.yaml.extend(self.overlay.keys().filter(|path| is_yaml(path) && is_below(folder, path)).cloned());
        found.yaml.sort();
        found.yaml.dedup();
        found
    }

    fn checkouts(&self) -> &[Checkout] {
        &self.checkouts
    }
}

/// Files in memory, for tests and examples.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    checkouts: Vec<Checkout>,
}

impl Memory {
    /// Files from path and text.
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Memory { files, checkouts: Vec::new() }
    }

    /// The same files with a project, checked out in `folder`, that includes can name.
    #[must_use]
    pub fn with_checkout(mut self, name: &str, folder: &str, files: &[(&str, &str)]) -> Self {
        let files = Box::new(Memory::new(files));
        let (name, folder) = (name.to_owned(), folder.to_owned());
        self.checkouts.push(Checkout { name, folder, file: None, files });
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.files.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn list(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn checkouts(&self) -> &[Checkout] {
        &self.checkouts
    }
}
