//! kaniko's executor (facts E4, D2).

use super::common::{cache, nameless, upload, variable, words};
use super::grammar::{Grammar, Line};
use super::words::with_text;
use super::{Action, Arg, Call, Upload};
use crate::registry::{Credential, Family, Store, credential, repository};
use crate::text::Text;

const EXECUTOR: Grammar = Grammar {
    values: &[
        "-d --destination",
        "-c --context",
        "-f --dockerfile",
        "-b --bucket",
        "-v --verbosity",
        "--build-arg",
        "--cache-dir",
        "--cache-repo",
        "--cache-ttl",
        "--compression",
        "--compression-level",
        "--context-sub-path",
        "--custom-platform",
        "--customPlatform",
        "--digest-file",
        "--git",
        "--ignore-path",
        "--image-download-retry",
        "--image-fs-extract-retry",
        "--image-name-tag-with-digest-file",
        "--image-name-with-digest-file",
        "--insecure-registry",
        "--kaniko-dir",
        "--label",
        "--log-format",
        "--oci-layout-path",
        "--push-retry",
        "--registry-certificate",
        "--registry-client-cert",
        "--registry-map",
        "--registry-mirror",
        "--skip-tls-verify-registry",
        "--snapshot-mode",
        "--snapshotMode",
        "--tar-path",
        "--tarPath",
        "--target",
    ],
    flags: &["--cache", "--no-push", "--no-push-cache", "--push-ignore-immutable-tag-errors"],
};

/// What a kaniko command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = EXECUTOR.read(words(call));
    let base = Upload {
        gitlab_helper: gitlab_helper(call),
        spares: line.is_on("--push-ignore-immutable-tag-errors"),
        ..upload("kaniko", call, None, Family::Crane, &[store(call)])
    };
    let push = |reference: &Arg| Action::Push(Upload { reference: Some(reference.clone()), ..base.clone() });
    let mut actions = Vec::new();
    if !(line.is_on("--no-push")
        || variable(call, "KANIKO_NO_PUSH").is_some_and(|set| set.as_literal() == Some("true")))
    {
        actions.extend(line.values("--destination").map(push));
        if actions.is_empty() {
            actions.push(nameless(base.clone(), &line));
        }
    }
    actions.extend(cache_repository(&line).map(|reference| cache(&base, reference)));
    actions
}

fn store(call: &Call) -> Store {
    match variable(call, "DOCKER_CONFIG") {
        Some(folder) => Store::in_folder(&folder, "config.json"),
        None => Store::kaniko_default(),
    }
}

/// Where `--cache` puts layers: `--cache-repo`, or below the first destination.
fn cache_repository(line: &Line) -> Option<Arg> {
    if !line.is_on("--cache") || line.is_on("--no-push-cache") {
        return None;
    }
    if let Some(given) = line.value("--cache-repo").filter(|given| !given.text.is_empty()) {
        return (!given.text.literal_prefix().starts_with("oci:")).then(|| given.clone());
    }
    let first = line.values("--destination").next()?;
    let mut text = repository(&first.text);
    text.push_str("/cache");
    Some(Arg { at: line.has("--cache")?, ..with_text(first, text) })
}

/// What the image's kaniko finds in GitLab's own variables, unless somebody sets them to something else.
fn gitlab_helper(call: &Call) -> Option<Credential> {
    let [user, password] = ["CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD"].map(|name| variable(call, name));
    let found = credential(user.as_ref(), password.as_ref());
    Some(found).filter(|found| *found != Credential::None && has_gitlab_helper(call.environment.image()))
}

/// Whether the image's kaniko finds GitLab's own variables: from 1.9 on; without a version it is current.
fn has_gitlab_helper(image: Option<&Text>) -> bool {
    let Some((_, tag)) = image.and_then(|image| image.rsplit_once(':')) else { return true };
    let Some(tag) = tag.as_literal() else { return true };
    let version = tag.split('-').find_map(version);
    version.is_none_or(|version| version >= (1, 9))
}

fn version(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.');
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::{In, check};
    use crate::text::testing::text;

    const READS: &str = "reads=/kaniko/.docker/config.json";

    #[test]
    fn every_destination_is_a_push() {
        for (line, words) in [
            (
                "/kaniko/executor --context . --destination $CI_REGISTRY_IMAGE:1 -d b --destination=c",
                "push kaniko $CI_REGISTRY_IMAGE:1 READS helper; push kaniko b READS helper; push kaniko c READS helper",
            ),
            ("executor --no-push -d a", ""),
            ("executor --no-push=false -d a", "push kaniko a READS helper"),
            ("executor --context .", "push kaniko - READS helper"),
            ("executor --context . $ARGS", "unread the options in $ARGS push"),
            ("executor --no-push --tar-path x.tar", ""),
            (
                "executor --cache=true -d r.io/a/b:1",
                "push kaniko r.io/a/b:1 READS helper; push kaniko r.io/a/b/cache cache READS helper",
            ),
            (
                "executor --cache --cache-repo $CI_REGISTRY_IMAGE/cache -d a",
                "push kaniko a READS helper; push kaniko $CI_REGISTRY_IMAGE/cache cache READS helper",
            ),
            ("executor --cache --no-push-cache -d a", "push kaniko a READS helper"),
            ("executor --cache=false -d a", "push kaniko a READS helper"),
        ] {
            check(&[(line, &words.replace("READS", READS))]);
        }
    }

    #[test]
    fn the_environment_moves_the_store_and_stops_the_push() {
        let set = In::default().variable("DOCKER_CONFIG", "/x/").variable("KANIKO_NO_PUSH", "true");
        set.check(&[("executor -d a", "")]);
        check(&[(
            "executor -d a --push-ignore-immutable-tag-errors",
            "push kaniko a reads=/kaniko/.docker/config.json helper spares",
        )]);
        let moved = In::default().variable("DOCKER_CONFIG", "/x/");
        moved.check(&[("executor -d a", "push kaniko a reads=/x/config.json helper")]);
        let other = In::default().variable("CI_REGISTRY_USER", "$U").variable("CI_REGISTRY_PASSWORD", "$P");
        other.check(&[("executor -d a", "push kaniko a reads=/kaniko/.docker/config.json helper=own")]);
        let old = In::default().image("gcr.io/kaniko-project/executor:v1.8.1-debug");
        old.check(&[("executor -d a", "push kaniko a reads=/kaniko/.docker/config.json")]);
    }

    #[test]
    fn the_helper_came_with_version_1_9() {
        for (tag, helps) in [
            ("debug", true),
            ("latest", true),
            ("v1.9.1-debug", true),
            ("v1.14.0-debug", true),
            ("1.23.2", true),
            ("debug-v0.10.0", false),
            ("v1.8.0", false),
            ("debug-539ddefcae3fd6b411a95982a830d987f4214251", true),
            ("$VERSION", true),
        ] {
            let image = text(&format!("gcr.io/kaniko-project/executor:{tag}"));
            assert_eq!(has_gitlab_helper(Some(&image)), helps, "{tag}");
        }
    }
}
