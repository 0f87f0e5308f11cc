//! buildah (facts D3, E5).

use super::common::{unknown_subcommand, word, words};
use super::containers::{build, login, logout, named, pull, push};
use super::docker::tag;
use super::grammar::Grammar;
use super::podman::manifest_push;
use super::{Action, Arg, Call, LoginFault};

const GLOBALS: Grammar = Grammar {
    values: &[
        "--cgroup-manager",
        "--log-level",
        "--registries-conf",
        "--registries-conf-dir",
        "--root",
        "--runroot",
        "--short-name-alias-conf",
        "--storage-driver",
        "--storage-opt",
        "--userns-gid-map",
        "--userns-uid-map",
        "--default-mounts-file",
    ],
    flags: &[],
};

const COMMIT: Grammar = Grammar {
    values: &[
        "--authfile",
        "--cert-dir",
        "--creds",
        "--cw",
        "-f --format",
        "--iidfile",
        "--manifest",
        "--reference-time",
        "--sbom",
        "--sign-by",
        "--timestamp",
        "-c --change",
        "--encrypt-layer",
        "--encryption-key",
        "--add-file",
        "--annotation",
        "-u --unsetenv",
    ],
    flags: &["-q --quiet", "--rm", "--squash"],
};

/// What a buildah command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(words(call)).1 else { return Vec::new() };
    match word(command) {
        "login" => login(call, "buildah login", args, Err(LoginFault::NoHost)),
        "logout" => logout(call, args),
        "push" => push("buildah", call, args, false),
        "pull" | "from" => pull(args),
        "tag" => tag(args),
        "build" | "bud" | "build-using-dockerfile" => build("buildah", call, args),
        "commit" => commit(call, args),
        "manifest" => manifest_push("buildah", call, args),
        _ => unknown_subcommand("buildah", command),
    }
}

fn commit(call: &Call, args: &[Arg]) -> Vec<Action> {
    let line = COMMIT.read(args);
    let names: Vec<Arg> = line.at_most(2).get(1).map(|name| (*name).clone()).into_iter().collect();
    named("buildah", call, &line, &names)
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn buildah_pushes_by_push_commit_and_build() {
        let reads = "reads=/run/containers/0/auth.json,~/.config/containers/auth.json,~/.docker/config.json";
        for (line, words) in [
            ("buildah push $CI_REGISTRY_IMAGE:1", "push buildah $CI_REGISTRY_IMAGE:1 READS local"),
            ("buildah --storage-driver vfs push a docker://r.io/a:1", "push buildah r.io/a:1 READS local=a"),
            ("buildah manifest push --all l docker://r.io/a:1", "push buildah r.io/a:1 READS"),
            ("buildah bud -t docker://r.io/a .", "build; push buildah r.io/a READS"),
            ("buildah build -t a .", "build a"),
            ("buildah commit --rm c docker://r.io/a:1", "build; push buildah r.io/a:1 READS"),
            ("buildah commit c a:1", "build a:1"),
            ("buildah tag a b", "tag a b"),
            (
                "buildah login -u u -p p r.io",
                "login buildah login host=r.io user=u password=p store=/run/containers/0/auth.json",
            ),
            (
                "buildah login -u u -p p",
                "login buildah login any user=u password=p store=/run/containers/0/auth.json fault=NoHost",
            ),
        ] {
            check(&[(line, &words.replace("READS", reads))]);
        }
    }
}
