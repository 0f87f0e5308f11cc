//! pack, the buildpacks' client: it pushes with `--publish` (facts E6).

use super::common::{cache, unknown_subcommand, upload, word, words};
use super::crane::reads;
use super::docker::built;
use super::grammar::{Grammar, Line};
use super::{Action, Arg, Call};
use crate::registry::Family;

const COMMAND: Grammar = Grammar {
    values: &[
        "-B --builder",
        "-b --buildpack",
        "-e --env",
        "--env-file",
        "-p --path",
        "-r --run-image",
        "-t --tag",
        "-d --descriptor",
        "--cache",
        "--cache-image",
        "--network",
        "--volume",
        "-D --default-process",
        "--creation-time",
        "--gid",
        "--uid",
        "--lifecycle-image",
        "--pull-policy",
        "--platform",
        "--previous-image",
        "--sbom-output-dir",
        "-c --config",
        "-f --format",
        "--target",
        "--workspace",
        "--docker-host",
        "--annotations",
        "--arch",
        "--os",
        "--variant",
        "--exec-env",
        "--extension",
        "--flatten",
        "-l --label",
        "--insecure-registry",
        "--report-output-dir",
        "--pre-buildpack",
        "--post-buildpack",
        "-R --buildpack-registry",
    ],
    flags: &["--publish", "--trust-builder", "--clear-cache", "-q --quiet", "-v --verbose"],
};

/// What a pack command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call));
    let Some(first) = line.positionals.first() else { return Vec::new() };
    let second = line.positionals.get(1);
    match (word(first), second.map_or("", word)) {
        ("build", _) => made(call, &line, second),
        ("rebase", _) if line.is_on("--publish") => made(call, &line, second),
        ("builder" | "buildpack" | "extension", "create" | "package") => made(call, &line, line.positionals.get(2)),
        ("manifest", "push") => vec![push(call, line.positionals.get(2))],
        ("manifest", "create") if line.is_on("--publish") => vec![push(call, line.positionals.get(2))],
        ("rebase" | "manifest", _) => Vec::new(),
        _ => unknown_subcommand("pack", first),
    }
}

fn push(call: &Call, reference: Option<&Arg>) -> Action {
    Action::Push(upload("pack", call, reference, Family::Crane, &reads(call)))
}

fn made(call: &Call, line: &Line, name: Option<&Arg>) -> Vec<Action> {
    if !line.is_on("--publish") {
        return built(name);
    }
    let mut actions: Vec<Action> = vec![push(call, name)];
    actions.extend(line.values("--tag").map(|tag| push(call, Some(tag))));
    let base = upload("pack", call, None, Family::Crane, &reads(call));
    actions.extend(line.value("--cache-image").map(|image| cache(&base, image.clone())));
    actions
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn pack_pushes_with_publish() {
        for (line, words) in [
            ("pack build r.io/a:1 --builder b", "build r.io/a:1"),
            ("pack build r.io/a:1 --publish -t r.io/a:2 -B b", "push pack r.io/a:1 READS; push pack r.io/a:2 READS"),
            ("pack build a --publish --cache-image c", "push pack a READS; push pack c cache READS"),
            ("pack builder create a --publish -c x", "push pack a READS"),
            ("pack buildpack package a", "build a"),
            ("pack buildpack package --label a=b -t x a --publish", "push pack a READS; push pack x READS"),
            ("pack rebase a --publish", "push pack a READS"),
            ("pack rebase a", ""),
            ("pack manifest create a b --publish", "push pack a READS"),
        ] {
            let reads = "reads=~/.docker/config.json,/run/containers/0/auth.json";
            check(&[(line, &words.replace("READS", reads))]);
        }
    }
}
