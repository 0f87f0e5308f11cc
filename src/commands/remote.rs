//! The project behind a git remote, read from git's files; git itself is not run.

use std::fs;
use std::path::{Path, PathBuf};

/// What a remote tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remote {
    /// `group/project`.
    pub(super) project: String,
    /// The registry, where the host has one known to all.
    pub(super) registry: Option<String>,
}

/// Hosts that are no GitLab.
const OTHERS: &[&str] = &[
    "github.com",
    "bitbucket.org",
    "codeberg.org",
    "sr.ht",
    "dev.azure.com",
    "visualstudio.com",
    "amazonaws.com",
    "googlesource.com",
    "gitea.com",
    "gitee.com",
    "sourceforge.net",
    "huggingface.co",
];

/// The remote of the repository at `root`: `origin`, else the only one.
pub(super) fn find(root: &Path) -> Option<Remote> {
    read(&fs::read_to_string(config(root)?).ok()?)
}

/// The `config` of a repository; a `.git` file points to it (worktrees, submodules).
fn config(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git.join("config"));
    }
    let text = fs::read_to_string(&git).ok()?;
    let folder = root.join(text.strip_prefix("gitdir:")?.trim());
    let common = fs::read_to_string(folder.join("commondir")).ok();
    Some(common.map_or(folder.clone(), |common| folder.join(common.trim())).join("config"))
}

fn read(config: &str) -> Option<Remote> {
    let mut remotes: Vec<(&str, &str)> = Vec::new();
    let mut section = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.strip_prefix("[remote \"").and_then(|rest| rest.strip_suffix("\"]"));
        } else if let (Some(name), Some((key, value))) = (section, line.split_once('='))
            && key.trim().eq_ignore_ascii_case("url")
        {
            remotes.push((name, value.trim().trim_matches('"')));
        }
    }
    let origin = remotes.iter().find(|(name, _)| *name == "origin");
    let only = remotes.first().filter(|_| remotes.len() == 1);
    parse(origin.or(only)?.1)
}

/// `https://[user@]host[:port]/path[.git]`, `ssh://…`, `user@host:path[.git]`.
fn parse(url: &str) -> Option<Remote> {
    let (host, path) = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => url.split_once(':').filter(|(host, _)| host.len() > 1 && !host.contains('/'))?,
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next()?.to_ascii_lowercase();
    let is = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    let path = path.trim_matches('/');
    let project = path.strip_suffix(".git").unwrap_or(path);
    let known = project.contains('/') && !project.split('/').any(|part| matches!(part, "" | "." | ".."));
    if !known || !host.contains('.') || OTHERS.iter().any(|other| is(other)) {
        return None;
    }
    let registry = (host == "gitlab.com").then(|| "registry.gitlab.com".to_owned());
    Some(Remote { project: project.to_owned(), registry })
}

#[cfg(test)]
mod tests {
    use super::{Remote, parse, read};

    fn remote(project: &str, registry: Option<&str>) -> Option<Remote> {
        Some(Remote { project: project.to_owned(), registry: registry.map(str::to_owned) })
    }

    #[test]
    fn each_spelling_of_an_address_gives_the_project() {
        let gitlab = remote("acme/app", Some("registry.gitlab.com"));
        assert_eq!(parse("https://gitlab.com/acme/app.git"), gitlab);
        assert_eq!(parse("git@gitlab.com:acme/app.git"), gitlab);
        assert_eq!(parse("ssh://git@gitlab.com:22/acme/app"), gitlab);
        assert_eq!(parse("https://me:secret@git.example.com:8443/a/b/c.git/"), remote("a/b/c", None));
        assert_eq!(parse("https://me:secret@git.example.com:8443/a/b/c/"), remote("a/b/c", None));
    }

    #[test]
    fn hosts_that_are_no_gitlab_and_local_paths_give_nothing() {
        for url in ["git@github.com:acme/app.git", "https://ssh.github.com/acme/app", "/srv/git/app.git", "C:/x/y", ""]
        {
            assert_eq!(parse(url), None, "{url}");
        }
    }

    #[test]
    fn origin_is_taken_and_of_several_others_none() {
        let fork = "[remote \"fork\"]\n url = git@gitlab.com:me/app.git\n";
        let origin = "[remote \"origin\"]\n\turl = git@gitlab.com:acme/app.git\n\tfetch = x\n";
        assert_eq!(read(&format!("{fork}{origin}")), remote("acme/app", Some("registry.gitlab.com")));
        assert_eq!(read(fork), remote("me/app", Some("registry.gitlab.com")));
        assert_eq!(read(&fork.replace("fork", "one").repeat(2)), None);
    }
}
