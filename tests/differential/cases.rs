//! The projects that both read, each copied into a folder of its own with a git repository: the other
//! reader asks git for the files, the branch and the remote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::explained::EXPLAINED;

/// A root file of a project.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is called where something is wrong with it.
    pub name: String,
    /// The copy.
    pub folder: PathBuf,
    /// The root file.
    pub file: String,
    /// All YAML of the project, one document after another.
    pub texts: String,
}

const ROOT: &str = ".gitlab-ci.yml";

/// The project's own fixtures: those that are meant to be read to the end.
pub fn fixtures() -> Option<Vec<Case>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases: Vec<Case> = children(&fixtures.join("projects")).iter().flat_map(|folder| project(folder)).collect();
    for file in ["clean", "incidents"].iter().flat_map(|folder| children(&fixtures.join(folder))) {
        let name = file.strip_prefix(&fixtures).unwrap().to_string_lossy().into_owned();
        // The other reader knows UTF-8 alone.
        let Ok(text) = String::from_utf8(fs::read(&file).unwrap()) else { continue };
        cases.push(case(&name, &[(ROOT, &text)]));
    }
    Some(cases)
}

/// The projects of the folder that the environment names.
pub fn elsewhere() -> Option<Vec<Case>> {
    let folder = PathBuf::from(std::env::var_os("GITLAB_CI_LOCAL_CASES")?);
    Some(children(&folder).iter().filter(|path| path.is_dir()).flat_map(|folder| project(folder)).collect())
}

/// The examples of the explanations.
pub fn examples() -> Vec<Case> {
    EXPLAINED.iter().map(|row| case(row.name, row.example)).collect()
}

fn case(name: &str, files: &[(&str, &str)]) -> Case {
    let folder = empty(name);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    commit(&folder);
    Case { name: name.to_owned(), file: ROOT.to_owned(), texts: texts(&folder), folder }
}

/// A copy of a folder, with one case for each root file in it.
fn project(from: &Path) -> Vec<Case> {
    let name = from.file_name().unwrap().to_string_lossy().into_owned();
    let folder = empty(&format!("project {name}"));
    copy(from, &folder);
    commit(&folder);
    let is_root = |file: &str| file.starts_with(".gitlab-ci") && (file.ends_with(".yml") || file.ends_with(".yaml"));
    let files = children(&folder).into_iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    let made = |file| Case { name: format!("{name}/{file}"), folder: folder.clone(), file, texts: texts(&folder) };
    files.filter(|file| is_root(file)).map(made).collect()
}

/// An empty folder of that name.
fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential").join(name.replace('/', " "));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Copies all but the settings that only the other reader knows.
fn copy(from: &Path, to: &Path) {
    for path in children(from) {
        let name = path.file_name().unwrap();
        let own = name.to_string_lossy().starts_with(".gitlab-ci-local") || name == ".git";
        if own || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            fs::create_dir_all(to.join(name)).unwrap();
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn texts(folder: &Path) -> String {
    let mut text = String::new();
    for path in children(folder) {
        if path.is_dir() && path.file_name().is_some_and(|name| name != ".git") {
            text += &texts(&path);
        } else if path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml") {
            text += "\n---\n";
            text += &fs::read_to_string(&path).unwrap_or_default();
        }
    }
    text
}

/// Makes a repository whose remote has a default branch; nobody answers at that host.
fn commit(folder: &Path) {
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    git(folder, &["add", "--all", "--force", "."]);
    git(folder, &["commit", "--quiet", "--allow-empty", "--no-verify", "--message=all"]);
    git(folder, &["remote", "add", "origin", "https://gitlab.invalid/acme/app.git"]);
    git(folder, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(folder, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"];
    let mut git = Command::new("git");
    git.current_dir(folder).args(who).args(arguments).stdin(Stdio::null());
    // A hook of git runs with these set to its own repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(name);
    }
    let done = git.output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}
