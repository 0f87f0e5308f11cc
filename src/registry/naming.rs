//! Whether two references name one image of a daemon (facts E1).

use super::likeness::equal;
use super::reference::{Family, Reference, repository};
use crate::text::Text;

/// Whether two texts name one local image; `None`: it cannot be told.
#[must_use]
pub fn same_image(one: &Text, other: &Text, family: Family) -> Option<bool> {
    let (one, other) = (Reference::parse(one, family), Reference::parse(other, family));
    let (written, hidden) = (one.digest.is_none() && other.digest.is_none(), one.hides_tag() || other.hides_tag());
    if one.text == other.text {
        return Some(true);
    }
    if written && !hidden && repository(&one.text) == repository(&other.text) {
        return equal(&tag(&one), &tag(&other));
    }
    let (some, more) = (spellings(&one, family), spellings(&other, family));
    let repositories_differ = all_differ(&some, &more);
    let differ = match (written, hidden) {
        _ if repositories_differ && !hidden => true,
        // A value that may hold its own tag is compared with the other's name and tag.
        (true, true) => all_differ(&tagged(&some, &one), &tagged(&more, &other)),
        (true, false) => equal(&tag(&one), &tag(&other)) == Some(false),
        (false, _) => false,
    };
    differ.then_some(false)
}

fn all_differ(some: &[Text], more: &[Text]) -> bool {
    let apart = |one: &Text| more.iter().all(|other| equal(one, other) == Some(false));
    !some.is_empty() && !more.is_empty() && some.iter().all(apart)
}

/// The tag; none written is `latest`.
fn tag(reference: &Reference) -> Text {
    reference.tag.clone().unwrap_or_else(|| Text::literal("latest"))
}

/// Each of the names with the tag; one that may hold a tag stands for itself too.
fn tagged(names: &[Text], reference: &Reference) -> Vec<Text> {
    let with_tag = |name: &Text| {
        let mut whole = name.clone();
        whole.push_str(":");
        whole.push_text(&tag(reference));
        whole
    };
    let hidden = names.iter().filter(|_| reference.hides_tag()).cloned();
    hidden.chain(names.iter().map(with_tag)).collect()
}

/// The ways in which a repository can be written; none: podman looks a short name up anywhere.
fn spellings(reference: &Reference, family: Family) -> Vec<Text> {
    let body = repository(&reference.text);
    match reference.host.as_ref().and_then(Text::as_literal) {
        Some("docker.io") => {}
        None if reference.host.is_none() && family == Family::Explicit => return Vec::new(),
        _ => return vec![body],
    }
    let name = reference.path.strip_prefix("library/").unwrap_or_else(|| reference.path.clone());
    let below = |folder: &str| {
        let mut text = Text::literal(folder);
        text.push_text(&name);
        text
    };
    let mut spelled = vec![name.clone(), below("docker.io/")];
    if name.split_once('/').is_none() {
        spelled.extend([below("library/"), below("docker.io/library/")]);
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn docker_hub_has_short_names() {
        for (one, other, known) in [
            ("alpine", "alpine:latest", Some(true)),
            ("alpine", "docker.io/library/alpine", None),
            ("me/app:1", "docker.io/me/app:1", None),
            ("me/app:1", "docker.io/me/app:2", Some(false)),
            ("me/app", "$HUB/me/app", None),
            ("app", "a$X", None),
            ("app", "$X-app", Some(false)),
            ("app", "$CI_REGISTRY_IMAGE/app", Some(false)),
            ("app:$TAG", "$CI_REGISTRY_IMAGE:$TAG", Some(false)),
            ("app:$TAG", "$IMAGE:$TAG", None),
        ] {
            assert_eq!(same_image(&text(one), &text(other), Family::Docker), known, "{one} {other}");
            assert_eq!(same_image(&text(other), &text(one), Family::Docker), known, "{other} {one}");
        }
    }

    #[test]
    fn tags_tell_images_apart_and_may_be_hidden() {
        for (one, other, known) in [
            ("$CI_REGISTRY_IMAGE", "$CI_REGISTRY_IMAGE:latest", Some(true)),
            ("$CI_REGISTRY_IMAGE", "$CI_REGISTRY_IMAGE:$TAG", None),
            ("$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", Some(false)),
            ("$IMAGE", "$IMAGE:latest", None),
            ("$IMAGE", "$CI_REGISTRY_IMAGE:a", None),
            ("$CI_REGISTRY_IMAGE/$NAME", "$CI_REGISTRY_IMAGE/app:1", None),
            ("$CI_REGISTRY_IMAGE/x/$NAME", "$CI_REGISTRY_IMAGE/app:1", Some(false)),
            ("a@sha256:00", "a:1", None),
            ("a@sha256:00", "b:1", Some(false)),
            ("$IMAGE@sha256:00", "$OTHER", None),
        ] {
            assert_eq!(same_image(&text(one), &text(other), Family::Docker), known, "{one} {other}");
        }
    }

    #[test]
    fn podman_finds_a_short_name_on_any_host() {
        for (one, other, known) in [
            ("app", "localhost/app", None),
            ("app:1", "localhost/app:2", Some(false)),
            ("quay.io/a/b", "quay.io/a/c", Some(false)),
        ] {
            assert_eq!(same_image(&text(one), &text(other), Family::Explicit), known, "{one} {other}");
        }
    }
}
