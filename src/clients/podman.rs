//! podman (facts D3, E5).

use super::common::{unknown_subcommand, upload, word, words};
use super::containers::{BUILD, build, login, logout, pull, push, reads};
use super::docker::{built, tag};
use super::grammar::Grammar;
use super::{Action, Arg, Call, LoginHost, compose};
use crate::registry::Family;

const GLOBALS: Grammar = Grammar {
    values: &[
        "--cdi-spec-dir",
        "--cgroup-manager",
        "--config",
        "--conmon",
        "-c --connection",
        "--events-backend",
        "--hooks-dir",
        "--identity",
        "--imagestore",
        "--log-level",
        "--module",
        "--namespace",
        "--network-cmd-path",
        "--network-config-dir",
        "--out",
        "--root",
        "--runroot",
        "--runtime",
        "--runtime-flag",
        "--ssh",
        "--storage-driver",
        "--storage-opt",
        "--tls-ca",
        "--tls-cert",
        "--tls-key",
        "--tmpdir",
        "--url",
        "--volumepath",
    ],
    flags: &[],
};

const COMMIT: Grammar = Grammar {
    values: &["-a --author", "-c --change", "--config", "-f --format", "--iidfile", "-m --message"],
    flags: &[],
};

/// What a podman command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(words(call)).1 else { return Vec::new() };
    match word(command) {
        "image" | "container" => match Grammar::NONE.head(args).1 {
            Some((sub, args)) => image(call, sub, args),
            None => Vec::new(),
        },
        "manifest" => manifest(call, args),
        "artifact" => artifact(call, args),
        "farm" => farm(call, args),
        "compose" => {
            let store = super::common::docker_store(call, None);
            compose::subcommand(&super::docker::Docker { call, client: "podman", store }, args)
        }
        "login" => login(call, "podman login", args, Ok(LoginHost::DockerHub)),
        "logout" => logout(call, args),
        _ => {
            let found = image(call, command, args);
            if found.is_empty() { unknown_subcommand("podman", command) } else { found }
        }
    }
}

fn image(call: &Call, command: &Arg, args: &[Arg]) -> Vec<Action> {
    match word(command) {
        "push" => push("podman", call, args, false),
        "pull" => pull(args),
        "tag" => tag(args),
        "build" => build("podman", call, args),
        "commit" => built(COMMIT.read(args).at_most(2).get(1).copied()),
        "import" => built(COMMIT.read(args).at_most(2).get(1).copied()),
        "load" => vec![Action::Loads],
        _ => Vec::new(),
    }
}

/// `manifest push`; buildah's is the same.
fn manifest(call: &Call, args: &[Arg]) -> Vec<Action> {
    manifest_push("podman", call, args)
}

/// `manifest push LIST [DESTINATION]`; a list that `create` made is an image that is here.
pub fn manifest_push(client: &'static str, call: &Call, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(args).1 else { return Vec::new() };
    match word(command) {
        "push" => push(client, call, args, true),
        "create" => built(Grammar::NONE.read(args).positionals.first()),
        _ => Vec::new(),
    }
}

/// `artifact push NAME`: the name alone, there is no other destination.
fn artifact(call: &Call, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(args).1 else { return Vec::new() };
    if word(command) == "push" { push("podman", call, args, true) } else { Vec::new() }
}

fn farm(call: &Call, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(args).1 else { return Vec::new() };
    if word(command) != "build" {
        return Vec::new();
    }
    let line = BUILD.read(args);
    let reads = reads(call, line.text("--authfile"));
    let push = |name: &Arg| Action::Push(upload("podman", call, Some(name), Family::Explicit, &reads));
    line.values("--tag").map(push).collect()
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    const READS: &str = "reads=/run/containers/0/auth.json,~/.config/containers/auth.json,~/.docker/config.json";

    #[test]
    fn a_push_reads_podmans_stores_then_dockers() {
        let pushed = |line: &str, words: &str| check(&[(line, &words.replace("READS", READS))]);
        pushed("podman push a:1", "push podman a:1 READS local");
        pushed(
            "podman --log-level debug push a:1 $CI_REGISTRY_IMAGE:1",
            "push podman $CI_REGISTRY_IMAGE:1 READS local=a:1",
        );
        pushed("podman image push a:1 docker://r.io/a", "push podman r.io/a READS local=a:1");
        pushed("podman manifest push --all --rm l docker://r.io/a:1", "push podman r.io/a:1 READS");
        pushed("podman farm build --tag r.io/a .", "push podman r.io/a READS");
        pushed("podman farm build --farm f --tag r.io/a .", "push podman r.io/a READS");
        pushed("podman artifact push r.io/a:1", "push podman r.io/a:1 READS");
        pushed("podman push --creds $U:$P a:1", "push podman a:1 READS inline=$U:$P local");
        pushed("podman push", "push podman - READS");
    }

    #[test]
    fn an_auth_file_is_the_only_store() {
        check(&[("podman push --authfile /a.json a:1", "push podman a:1 reads=/a.json local")]);
        let set = In::default().variable("REGISTRY_AUTH_FILE", "/b.json");
        set.check(&[
            ("podman push a:1", "push podman a:1 reads=/b.json local"),
            (
                "podman login -u u -p p $CI_REGISTRY",
                "login podman login host=$CI_REGISTRY user=u password=p store=/b.json",
            ),
        ]);
    }

    #[test]
    fn other_transports_are_no_pushes() {
        check(&[
            ("podman push a:1 docker-daemon:a:1", ""),
            ("podman push a:1 oci:/x", ""),
            ("podman build -t a -f x.t .", "build a"),
            ("podman tag a b c", "tag a b; tag a c"),
            ("podman pull docker://a/b", "pull a/b"),
            ("podman manifest create l", "build l"),
            ("podman compose push", "unread the compose file push"),
        ]);
    }

    #[test]
    fn a_login_may_be_for_one_path() {
        let store = "store=/run/containers/0/auth.json";
        let table = [
            ("podman login -u u -p p $CI_REGISTRY", "host=$CI_REGISTRY user=u password=p STORE"),
            (
                "podman login -u u -p p $CI_REGISTRY_IMAGE",
                "host=$CI_REGISTRY user=u password=p STORE scope=$CI_REGISTRY_IMAGE",
            ),
            ("podman login -u u -p p r.io/g/p", "host=r.io user=u password=p STORE scope=r.io/g/p"),
            ("podman login -u u -p p https://r.io/g", "host=r.io user=u password=p STORE"),
            ("podman login -u u -p p --authfile ~/.docker/config.json r.io", "host=r.io user=u password=p"),
            ("podman login -u u --secret s r.io", "host=r.io user=u password=? STORE"),
            ("podman login -u u --password-stdin r.io", "host=r.io user=u password=- STORE fault=EmptyStdin"),
        ];
        for (line, words) in table {
            check(&[(line, &format!("login podman login {}", words.replace("STORE", store)))]);
        }
        check(&[
            ("podman login --get-login r.io", ""),
            ("podman logout --all", "logout any store=/run/containers/0/auth.json"),
        ]);
    }
}
