//! docker compose, docker-compose, podman-compose: the compose file decides what they push (facts E2).

use super::common::{docker_store, word, words};
use super::docker::Docker;
use super::grammar::{Grammar, Line};
use super::{Action, Arg, Call};

const GLOBALS: Grammar = Grammar {
    values: &[
        "--ansi",
        "--env-file",
        "-f --file",
        "--parallel",
        "--profile",
        "--progress",
        "--project-directory",
        "-p --project-name",
        "-H --host",
        "-c --context",
        "--tlscacert",
        "--tlscert",
        "--tlskey",
    ],
    flags: &["--dry-run", "--verbose", "--compatibility"],
};

const COMMAND: Grammar = Grammar {
    values: &["--build-arg", "--builder", "-m --memory", "--progress", "--ssh", "--provenance", "--sbom"],
    flags: &["--push", "--dry-run", "--build"],
};

/// `docker-compose …`.
pub fn actions(call: &Call) -> Vec<Action> {
    subcommand(&Docker { call, client: "compose", store: docker_store(call, None) }, words(call))
}

/// The words behind `docker compose`.
pub fn subcommand(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let (globals, rest) = GLOBALS.head(args);
    let Some((command, args)) = rest else { return Vec::new() };
    let line = COMMAND.read(args);
    if globals.is_on("--dry-run") || line.is_on("--dry-run") {
        return Vec::new();
    }
    match word(command) {
        "push" => vec![unread(&globals)],
        "build" if line.is_on("--push") => vec![Action::Loads, unread(&globals)],
        "build" | "pull" | "up" | "run" | "create" => vec![Action::Loads],
        "publish" => vec![Action::Push(docker.push(line.at_most(1).first().copied()))],
        "alpha" if line.positionals.first().is_some_and(|sub| word(sub) == "publish") => {
            vec![Action::Push(docker.push(line.positionals.get(1)))]
        }
        _ => Vec::new(),
    }
}

fn unread(globals: &Line) -> Action {
    let files: Vec<String> = globals.values("--file").map(|file| file.text.shown()).collect();
    let name = if files.is_empty() { String::new() } else { format!(" {}", files.join(", ")) };
    Action::Unread { what: format!("the compose file{name}"), may_login: false, may_push: true }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn the_compose_file_decides() {
        check(&[
            ("docker compose push web", "unread the compose file push"),
            ("docker-compose -f ci.yml push", "unread the compose file ci.yml push"),
            ("docker compose -p x build --pull", "loads"),
            ("docker compose build --push", "loads; unread the compose file push"),
            ("docker compose --dry-run push", ""),
            ("docker compose publish a/b:1", "push docker a/b:1"),
            ("docker compose alpha publish a/b:1", "push docker a/b:1"),
            ("docker compose down", ""),
        ]);
    }
}
