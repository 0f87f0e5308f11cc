//! ko: where it pushes stands in `KO_DOCKER_REPO` (facts E6).

use super::common::{unknown_subcommand, upload, variable, word, words};
use super::crane::{login, reads};
use super::grammar::{Grammar, Line};
use super::words::{comma_list, with_text};
use super::{Action, Arg, Call};
use crate::registry::Family;
use crate::text::{Form, Origin, Symbol, Text};

const COMMAND: Grammar = Grammar {
    values: &[
        "-t --tags",
        "-f --filename",
        "-j --jobs",
        "--platform",
        "--image-label",
        "--image-refs",
        "--image-annotation",
        "--sbom",
        "--sbom-dir",
        "--tarball",
        "--oci-layout-path",
        "-l --selector",
        "--user --image-user",
        "--ldflags",
        "--sbom-format",
        "--kubeconfig",
        "--context",
        "-n --namespace",
    ],
    flags: &[
        "--push",
        "-L --local",
        "-B --base-import-paths",
        "-P --preserve-import-paths",
        "--bare",
        "-R --recursive",
    ],
};

/// What a ko command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(words(call)).1 else { return Vec::new() };
    match word(command) {
        "login" => login(call, "ko login", args),
        "build" | "publish" | "resolve" | "apply" | "create" | "run" => build(call, &COMMAND.read(args)),
        _ => unknown_subcommand("ko", command),
    }
}

fn build(call: &Call, line: &Line) -> Vec<Action> {
    let pushes = line.has("--push").is_none() || line.is_on("--push");
    let repo = variable(call, "KO_DOCKER_REPO");
    let here = repo.as_ref().is_some_and(|repo| matches!(repo.literal_prefix(), "ko.local" | "kind.local"));
    if !pushes || here || line.is_on("--local") {
        return Vec::new();
    }
    let push = |reference: Option<&Arg>| Action::Push(upload("ko", call, reference, Family::Crane, &reads(call)));
    let Some(repo) = repo else { return vec![push(None)] };
    let given: Vec<Text> = line.values("--tags").flat_map(|tags| comma_list(&tags.text)).collect();
    let tags = if given.is_empty() { vec![Text::literal("latest")] } else { given };
    let whole = Arg { text: Text::empty(), at: call.at, from: Vec::new(), vanishes: false };
    let packages = if line.positionals.is_empty() { std::slice::from_ref(&whole) } else { &line.positionals[..] };
    let mut actions = Vec::new();
    for package in packages {
        for tag in &tags {
            let mut text = name(line, &repo, &package.text);
            text.push_str(":");
            text.push_text(tag);
            actions.push(push(Some(&with_text(package, text))));
        }
    }
    actions
}

/// `REPO`, `REPO/app`, `REPO/import/path` or `REPO/app-<md5>`.
fn name(line: &Line, repo: &Text, package: &Text) -> Text {
    let mut name = repo.clone();
    if line.is_on("--bare") {
        return name;
    }
    name.push_str("/");
    let base =
        package.as_literal().and_then(|path| path.rsplit('/').next()).filter(|base| !matches!(*base, "" | "." | "..."));
    match base {
        Some(base) if line.is_on("--base-import-paths") => name.push_str(base),
        _ => {
            let many = line.is_on("--preserve-import-paths");
            let key = format!("name of {}", package.shown());
            let symbol = Symbol::unknown(key.clone(), "<name>", Origin::Opaque(key));
            let form = Form { slash: many, ..Form::SAFE };
            name.push_symbol(symbol.derived("", "<name>".to_owned(), |data| data.form = form));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::In;

    #[test]
    fn ko_pushes_below_its_repository() {
        let set = In::default().variable("KO_DOCKER_REPO", "$CI_REGISTRY_IMAGE");
        for (line, words) in [
            ("ko build ./cmd/app", "push ko $CI_REGISTRY_IMAGE/<name>:latest READS"),
            (
                "ko publish -B -t 1,2 ./cmd/app",
                "push ko $CI_REGISTRY_IMAGE/app:1 READS; push ko $CI_REGISTRY_IMAGE/app:2 READS",
            ),
            ("ko build --bare ./cmd/app --tags $CI_COMMIT_SHA", "push ko $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA READS"),
            ("ko run -B --ldflags -s ./cmd/app", "push ko $CI_REGISTRY_IMAGE/app:latest READS"),
            ("ko build --push=false .", ""),
            ("ko build -L .", ""),
            ("ko login r.io -u u -p p", "login ko login host=r.io user=u password=p"),
        ] {
            let reads = "reads=~/.docker/config.json,/run/containers/0/auth.json";
            set.check(&[(line, &words.replace("READS", reads))]);
        }
        In::default().variable("KO_DOCKER_REPO", "ko.local").check(&[("ko build .", "")]);
    }
}
