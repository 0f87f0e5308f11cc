//! Which files PATH names, and the root that they belong to. Opens none of them.

use std::path::{Component, Path, PathBuf};

use super::Trouble;

/// GitLab's own name for the configuration.
pub(super) const CONFIG: &str = ".gitlab-ci.yml";

/// The working folder.
pub(super) fn here() -> Result<PathBuf, Trouble> {
    Path::new(".").canonicalize().map_err(|error| Trouble::new(format!("cannot read the working folder: {error}")))
}

/// The files that the arguments name, patterns expanded; a folder stands for its configuration.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if path.exists() {
            found.push(file(path.clone())?);
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
        found.extend(matches);
    }
    Ok(found)
}

fn file(path: PathBuf) -> Result<PathBuf, Trouble> {
    if !path.is_dir() {
        return Ok(path);
    }
    let inside = path.join(CONFIG);
    if inside.is_file() {
        return Ok(inside);
    }
    Err(Trouble::new(format!("there is no {CONFIG} in `{}`", path.display())))
}

/// The configuration in this folder or the nearest one above.
pub(super) fn upwards(folder: &Path) -> Result<PathBuf, Trouble> {
    let found = folder.ancestors().map(|folder| folder.join(CONFIG)).find(|file| file.is_file());
    found.ok_or_else(|| Trouble::new(format!("there is no {CONFIG} here or in a folder above; name a file")))
}

/// The root of a file: the nearest folder upwards with `.git`, else with a configuration, else its own.
pub(super) fn root(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    let with = |name: &str| folder.ancestors().find(|folder| folder.join(name).exists());
    with(".git").or_else(|| with(CONFIG)).unwrap_or(folder).to_path_buf()
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
