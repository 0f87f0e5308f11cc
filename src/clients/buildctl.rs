//! buildctl and buildctl-daemonless.sh (facts E3): only `type=image` with `push=true` pushes.

use super::common::{by_digest, cache, docker_store, upload, word, words};
use super::docker_build::{cache_reference, pushes_by_digest};
use super::grammar::Grammar;
use super::words::{comma_list, field, with_text};
use super::{Action, Call, Upload};
use crate::registry::Family;
use crate::text::Text;

const GLOBALS: Grammar = Grammar {
    values: &[
        "--addr",
        "--log-format",
        "--tlsservername",
        "--tlscacert",
        "--tlscert",
        "--tlskey",
        "--tlsdir",
        "--timeout",
        "--wait",
    ],
    flags: &["--debug"],
};

const BUILD: Grammar = Grammar {
    values: &[
        "-o --output",
        "--export-cache",
        "--import-cache",
        "--frontend",
        "--local",
        "--opt",
        "--build-arg",
        "--secret",
        "--allow",
        "--ssh",
        "--metadata-file",
        "--source-policy-file",
        "--progress",
        "--trace",
        "--ref-file",
        "--registry-auth-tlscontext",
        "--oci-layout",
        "--debug-json-cache-metrics",
    ],
    flags: &["--no-cache"],
};

/// What a buildctl command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(words(call)).1 else { return Vec::new() };
    if !matches!(word(command), "build" | "b") {
        return Vec::new();
    }
    let line = BUILD.read(args);
    let base = upload("buildctl", call, None, Family::Docker, &[docker_store(call, None)]);
    let push = |reference| Action::Push(Upload { reference, ..base.clone() });
    let mut actions = Vec::new();
    for output in line.values("--output") {
        let fields = comma_list(&output.text);
        let image = field(&fields, "type").is_some_and(|kind| kind.as_literal() == Some("image"));
        let pushed = field(&fields, "push").is_some_and(|push| push.as_literal() != Some("false"));
        if !(image && pushed) {
            continue;
        }
        let untagged = pushes_by_digest(&fields);
        let named = |name| if untagged { by_digest(&with_text(output, name)) } else { with_text(output, name) };
        match field(&fields, "name").filter(|name| !name.is_empty()) {
            Some(names) => actions.extend(references(&names).map(|name| push(Some(named(name))))),
            None => actions.push(push(None)),
        }
    }
    actions.extend(line.values("--export-cache").filter_map(cache_reference).map(|reference| cache(&base, reference)));
    actions
}

fn references(names: &Text) -> impl Iterator<Item = Text> {
    comma_list(names).into_iter()
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn buildctl_pushes_images_by_their_output() {
        let image = "$CI_REGISTRY_IMAGE:1";
        check(&[
            (
                "buildctl-daemonless.sh build --frontend dockerfile.v0 --output type=image,name=$CI_REGISTRY_IMAGE:1,push=true",
                &format!("push buildctl {image}"),
            ),
            (
                "buildctl --addr tcp://b build --output type=image,\\\"name=a:1,a:2\\\",push=true",
                "push buildctl a:1; push buildctl a:2",
            ),
            ("buildctl build --output type=image,name=a", ""),
            ("buildctl build --output type=registry,name=a", ""),
            ("buildctl build -o type=image,push=true", "push buildctl -"),
            ("buildctl build --export-cache type=registry,ref=a:c", "push buildctl a:c cache"),
            ("buildctl prune", ""),
        ]);
    }
}
