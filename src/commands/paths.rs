//! Which files PATH names, and the root that they belong to. Opens none of them.

use std::path::{Component, Path, PathBuf};

use pushlint::repository::CONFIG;

use super::Trouble;

/// What a PATH names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    File(PathBuf),
    Folder(PathBuf),
}

/// The working folder.
pub(super) fn here() -> Result<PathBuf, Trouble> {
    Path::new(".").canonicalize().map_err(|error| Trouble::new(format!("cannot read the working folder: {error}")))
}

/// What the arguments name, patterns expanded, as full paths.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<Named>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if path.exists() {
            found.push(named(path)?);
            continue;
        }
        let text = path.to_string_lossy();
        if !text.contains(['*', '?', '[']) {
            return Err(Trouble::new(format!("cannot read `{text}`: there is no such file or folder")));
        }
        let pattern = |error| Trouble::new(format!("cannot read `{text}`: {error}"));
        let matches: Vec<PathBuf> =
            glob::glob(&text).map_err(pattern)?.flatten().filter(|path| path.is_file()).collect();
        if matches.is_empty() {
            return Err(Trouble::new(format!("no file matches `{text}`")));
        }
        found.extend(matches.iter().map(|path| Named::File(full(path))));
    }
    Ok(found)
}

fn named(path: &Path) -> Result<Named, Trouble> {
    if !path.is_dir() {
        return Ok(Named::File(full(path)));
    }
    let folder = path.canonicalize();
    folder.map(Named::Folder).map_err(|error| Trouble::new(format!("cannot read `{}`: {error}", path.display())))
}

/// The configuration in this folder or the nearest one above.
pub(super) fn upwards(folder: &Path) -> Result<PathBuf, Trouble> {
    let found = folder.ancestors().map(|folder| folder.join(CONFIG)).find(|file| file.is_file());
    found.ok_or_else(|| Trouble::new(format!("there is no {CONFIG} here or in a folder above; name a file")))
}

/// The root of all that is named: of each the nearest folder upwards with `.git`, else with a
/// configuration, else its own; the one that holds the others.
pub(super) fn root(all: &[Named]) -> Result<PathBuf, Trouble> {
    let mut roots: Vec<(PathBuf, &Named)> = all.iter().map(|named| (root_of(named), named)).collect();
    roots.sort_by_key(|(root, _)| root.components().count());
    let Some((root, first)) = roots.first() else { return here() };
    for (other, named) in &roots {
        let is_own = other != root && other.join(".git").exists();
        if is_own || !other.starts_with(root) {
            let (one, two) = (first.path().display(), named.path().display());
            let message =
                format!("`{one}` and `{two}` are of different repositories: check each alone, or name a --root");
            return Err(Trouble::new(message));
        }
    }
    Ok(root.clone())
}

fn root_of(named: &Named) -> PathBuf {
    let folder = match named {
        Named::Folder(folder) => folder.as_path(),
        Named::File(file) => file.parent().unwrap_or(file),
    };
    let with = |name: &str| folder.ancestors().find(|folder| folder.join(name).exists());
    with(".git").or_else(|| with(CONFIG)).unwrap_or(folder).to_path_buf()
}

impl Named {
    /// Its full path.
    pub(super) fn path(&self) -> &Path {
        let (Named::File(path) | Named::Folder(path)) = self;
        path
    }
}

/// The full path of a file that need not exist; links in its folder are followed, its name is kept.
pub(super) fn full(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder =
        folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_path_buf());
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

/// The path of a file below the root, with `/`.
pub(super) fn below(root: &Path, file: &Path) -> Result<String, Trouble> {
    let inside = file.strip_prefix(root).map_err(|_| {
        Trouble::new(format!("`{}` is outside the root `{}`; name another --root", file.display(), root.display()))
    })?;
    Ok(slashed(inside))
}

/// `path`, which may begin with `..`, as seen from the full path of a folder without links.
pub(super) fn joined(folder: &Path, path: &str) -> PathBuf {
    let mut joined = folder.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                joined.pop();
            }
            part => joined.push(part),
        }
    }
    joined
}

/// `to` as seen from the folder `from`; both are full paths.
pub(super) fn relative(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(left, right)| left == right).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    slashed(&up.chain(to.components().skip(common)).collect::<PathBuf>())
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn a_path_is_shown_from_the_working_folder() {
        let relative = |from: &str, to: &str| super::relative(Path::new(from), Path::new(to));
        assert_eq!(relative("/a/b", "/a/b/c.yml"), "c.yml");
        assert_eq!(relative("/a/b/d", "/a/c.yml"), "../../c.yml");
        assert_eq!(super::joined(Path::new("/a/b"), "../c/d.yml"), Path::new("/a/c/d.yml"));
    }
}
