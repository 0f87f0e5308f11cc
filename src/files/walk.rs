//! Walks through a folder on disk: everything that an include pattern can mean, and the YAML files that may be
//! configurations. Links are not followed, except by the list of one folder.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use super::ignored::Ignored;
use super::{Found, is_yaml};

/// The most files of a listing.
const MOST: usize = 50_000;
/// The most entries of folders that are looked at to find configurations.
const MOST_ENTRIES: usize = 400_000;
/// The deepest folder.
const DEEPEST: usize = 64;
/// The longest `.gitignore`, in bytes.
const LONGEST: u64 = 256 << 10;
/// Folders with the work of others, which repositories hold too.
const VENDORED: &[&str] = &["node_modules", "bower_components", "vendor", "third_party", "site-packages"];

/// Collects files; `.git` and repositories within this one are left out, as in git's own tree.
pub(super) fn all(root: &Path, folder: &str, depth: usize, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return };
    if !folder.is_empty() && is_repository(root, folder) {
        return;
    }
    for entry in entries.flatten() {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
        if found.len() >= MOST {
            return;
        }
        let path = below(folder, &name);
        if kind.is_dir() && name != ".git" && depth < DEEPEST {
            all(root, &path, depth + 1, found);
        } else if kind.is_file() {
            found.push(path);
        }
    }
}

/// The YAML files below `from` that are the repository's own. Nearer folders come first, so that a
/// walk that is cut short has seen what matters most.
pub(super) fn yaml(root: &Path, from: &str) -> Found {
    let mut found = Found::default();
    let mut entries = 0;
    let mut folders = VecDeque::from([(from.to_owned(), ignored_above(root, from), 0)]);
    while let Some((folder, ignored, depth)) = folders.pop_front() {
        if folder != from && is_repository(root, &folder) {
            found.repositories.push(folder);
            continue;
        }
        let Ok(inside) = std::fs::read_dir(root.join(&folder)) else { continue };
        let ignored = ignored_in(root, &folder, ignored);
        for entry in inside.flatten() {
            entries += 1;
            if entries > MOST_ENTRIES || found.yaml.len() >= MOST {
                found.cut = true;
                break;
            }
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            let path = below(&folder, &name);
            let enters = kind.is_dir() && name != ".git" && !VENDORED.contains(&name.as_str()) && depth < DEEPEST;
            if enters && !ignored.leaves_out(&path, true) {
                folders.push_back((path, ignored.clone(), depth + 1));
            } else if kind.is_file() && is_yaml(&name) && !ignored.leaves_out(&path, false) {
                found.yaml.push(path);
            }
        }
    }
    found.yaml.sort();
    found.repositories.sort();
    found
}

/// The names in one folder, those of folders with `/` behind. A link is what it leads to, inside the root.
pub(super) fn names(root: &Path, folder: &str) -> Vec<String> {
    let inside = |path: &Path| path.canonicalize().is_ok_and(|real| real.starts_with(root));
    let here = root.join(folder);
    if !inside(&here) {
        return Vec::new();
    }
    let Ok(entries) = std::fs::read_dir(here) else { return Vec::new() };
    let ignored = ignored_in(root, folder, ignored_above(root, folder));
    let named = |entry: std::fs::DirEntry| {
        let (kind, name) = (entry.file_type().ok()?, entry.file_name().into_string().ok()?);
        let is_folder = if kind.is_symlink() {
            let leads_to = entry.path();
            std::fs::metadata(&leads_to).ok().filter(|_| inside(&leads_to))?.is_dir()
        } else {
            kind.is_dir()
        };
        let kept = name != ".git" && !ignored.leaves_out(&below(folder, &name), is_folder);
        kept.then(|| if is_folder { format!("{name}/") } else { name })
    };
    entries.flatten().take(MOST).filter_map(named).collect()
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A submodule has a `.git` file, another clone a folder.
fn is_repository(root: &Path, folder: &str) -> bool {
    root.join(folder).join(".git").symlink_metadata().is_ok()
}

/// What the folders above `folder` leave out.
fn ignored_above(root: &Path, folder: &str) -> Arc<Ignored> {
    let above = folder.match_indices('/').map(|(at, _)| &folder[..at]);
    let above = std::iter::once("").chain(above).filter(|above| *above != folder);
    above.fold(Arc::default(), |ignored, above| ignored_in(root, above, ignored))
}

/// The same with what a folder's own `.gitignore` says. Git does not hear one that is a link.
fn ignored_in(root: &Path, folder: &str, above: Arc<Ignored>) -> Arc<Ignored> {
    let path = root.join(folder).join(".gitignore");
    let is_heard = path.symlink_metadata().is_ok_and(|about| about.is_file() && about.len() <= LONGEST);
    match is_heard.then(|| std::fs::read(path)) {
        Some(Ok(bytes)) => Arc::new(Ignored::of(folder, &String::from_utf8_lossy(&bytes), above)),
        _ => above,
    }
}
