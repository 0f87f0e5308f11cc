//! A reference as far as it is known: `[host/]path[:tag][@digest]` over [`Text`] (facts E1).

use crate::text::Text;

/// Whose grammar decides what a missing or odd part means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// docker, nerdctl, buildx, compose: no host means docker.io; an upper-case first part is a host.
    Docker,
    /// crane, kaniko, ko, cosign, pack: no host means index.docker.io; only `.`, `:` or localhost make a host.
    Crane,
    /// podman, buildah, skopeo, regctl, oras, helm: a reference without a host goes nowhere certain.
    Explicit,
}

/// A parsed reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The whole text, as given.
    pub text: Text,
    /// The host: literal, `$CI_REGISTRY` or another text. `docker.io` where the family says so and
    /// none is given; `None`: it cannot be told.
    pub host: Option<Text>,
    /// The host was written, not added by the family's default.
    pub host_written: bool,
    /// The path after the host (after the default host: as written); the whole text without tag where the host cannot be told.
    pub path: Text,
    /// The tag; `None` where none is written.
    pub tag: Option<Text>,
    /// The digest; then the tag does not matter.
    pub digest: Option<Text>,
}

/// Why a reference is refused by every client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Defect {
    /// `https://` in front.
    Scheme,
    /// A capital in the path.
    UpperCase,
    /// A character that a tag cannot hold.
    TagCharacter,
    /// More than 128 characters in the tag.
    TagLength,
    /// Nothing between `:` and the end.
    EmptyTag,
    /// An empty part of the path.
    EmptyPart,
}
