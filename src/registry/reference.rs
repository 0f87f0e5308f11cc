//! A reference as far as it is known: `[host/]path[:tag][@digest]` over [`Text`] (facts E1).

use super::host;
use super::path::{Below, below_home};
use crate::text::{Part, Text};

/// Whose grammar decides what a missing or odd part means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// docker, nerdctl, buildx, compose, regctl, `docker://` of podman, buildah and skopeo: no host means
    /// docker.io; an upper-case first part is a host.
    Docker,
    /// crane, kaniko, ko, cosign, pack: no host means index.docker.io; only `.`, `:` or localhost make a host.
    Crane,
    /// podman and buildah by an image's own name, oras, helm: a reference without a host goes nowhere certain.
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
    /// The path after the host (after the default host: as written); the whole text without tag where the
    /// host cannot be told.
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

impl Reference {
    /// Parses a text; every text is a reference, perhaps one with [defects](Reference::defects).
    #[must_use]
    pub fn parse(text: &Text, family: Family) -> Self {
        let text = text.undecoded_as_symbols();
        let plain = without_scheme(&text);
        let (named, digest) = match plain.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (plain, None),
        };
        let body = repository(&named);
        let tag = named.rsplit_once(':').map(|(_, tag)| tag).filter(|_| body != named);
        let (host, host_written, path) = place(&body, family);
        Reference { text, host, host_written, path, tag, digest }
    }

    /// Whether the host is surely a host, not a first part of a path that happens to be unknown.
    #[must_use]
    pub fn host_certain(&self) -> bool {
        self.host.as_ref().is_some_and(|host| !self.host_written || host::certain(host))
    }

    /// Where the path lies, by `$CI_REGISTRY_IMAGE` alone.
    #[must_use]
    pub fn below_home(&self) -> Below {
        let below = below_home(&self.path);
        let leads = without_scheme(&self.text).parts().first() == self.path.parts().first();
        if below == Below::Other || leads { below } else { Below::Behind }
    }

    /// What every client refuses, by the known characters alone: symbols make no defects here.
    #[must_use]
    pub fn defects(&self) -> Vec<Defect> {
        let mut defects = Vec::new();
        if without_scheme(&self.text) != self.text {
            defects.push(Defect::Scheme);
        }
        if self.has_capital() {
            defects.push(Defect::UpperCase);
        }
        if self.has_colon() {
            defects.push(Defect::TagCharacter);
        } else if let Some(tag) = &self.tag {
            defects.extend(tag_defects(tag));
        }
        if self.has_empty_part() {
            defects.push(Defect::EmptyPart);
        }
        defects
    }

    /// A colon before the last slash, behind the host: a tag that holds a slash.
    fn has_colon(&self) -> bool {
        let path = match &self.host {
            Some(_) => Some(self.path.clone()),
            None => self.path.split_once('/').map(|(_, rest)| rest),
        };
        path.is_some_and(|path| path.split_once(':').is_some())
    }

    fn has_capital(&self) -> bool {
        // an unknown part before it may hold the tag's colon, and a tag may hold capitals
        let (mut in_tag, mut in_host) = (false, self.host.is_none() && self.path.split_once('/').is_some());
        for part in self.path.parts() {
            match part {
                Part::Sym(symbol) => {
                    in_tag |= symbol.data().form.colon && self.tag.is_none() && symbol.predefined().is_none();
                }
                Part::Lit(text) => {
                    for char in text.chars() {
                        if char == '/' {
                            (in_tag, in_host) = (false, false);
                        } else if char.is_ascii_uppercase() && !in_tag && !in_host {
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    fn has_empty_part(&self) -> bool {
        let parts = self.path.parts();
        let starts = matches!(parts.first(), Some(Part::Lit(text)) if text.starts_with('/'));
        let ends = matches!(parts.last(), Some(Part::Lit(text)) if text.ends_with('/'));
        let doubled = parts.iter().any(|part| matches!(part, Part::Lit(text) if text.contains("//")));
        starts || ends || doubled || (parts.is_empty() && !self.text.is_empty())
    }
}

/// A reference's text without tag and digest.
#[must_use]
pub fn repository(text: &Text) -> Text {
    let named = text.split_once('@').map_or_else(|| text.clone(), |(named, _)| named);
    match named.rsplit_once(':') {
        Some((body, tag)) if tag.split_once('/').is_none() => body,
        _ => named,
    }
}

fn without_scheme(text: &Text) -> Text {
    let stripped = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    stripped.unwrap_or_else(|| text.clone())
}

fn tag_defects(tag: &Text) -> Vec<Defect> {
    if tag.is_empty() {
        return vec![Defect::EmptyTag];
    }
    let literals = || tag.parts().iter().filter_map(|part| if let Part::Lit(text) = part { Some(text) } else { None });
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-');
    let mut defects = Vec::new();
    if tag.literal_prefix().starts_with(['.', '-']) || literals().any(|text| !text.chars().all(allowed)) {
        defects.push(Defect::TagCharacter);
    }
    if literals().map(|text| text.chars().count()).sum::<usize>() > 128 {
        defects.push(Defect::TagLength);
    }
    defects
}

/// Host, whether it was written, and path of a name without tag and digest.
fn place(body: &Text, family: Family) -> (Option<Text>, bool, Text) {
    if let Some(Part::Sym(symbol)) = body.parts().first()
        && let Some(host) = host::of_prefix(symbol)
    {
        return (Some(host), true, body.clone());
    }
    let default = match family {
        Family::Docker | Family::Crane => Some(Text::literal("docker.io")),
        Family::Explicit => None,
    };
    let Some((first, rest)) = body.split_once('/') else {
        let may_hold_host = body.symbols().any(|symbol| symbol.data().form.slash);
        return (default.filter(|_| !may_hold_host), false, body.clone());
    };
    match first.as_literal() {
        Some(name) if is_host(name, family) => (Some(host::canonical(&first)), true, rest),
        // `/x` is no reference at all: an empty first part names no host
        Some(_) => (default, false, body.clone()),
        None if host::possible(&first) => (Some(first), true, rest),
        None => (None, false, body.clone()),
    }
}

fn is_host(first: &str, family: Family) -> bool {
    first == "localhost"
        || first.contains(['.', ':'])
        || (family != Family::Crane && first.contains(|char: char| char.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    fn shown(line: &str, family: Family) -> String {
        let made = Reference::parse(&text(line), family);
        let or = |part: &Option<Text>| part.as_ref().map_or("-".to_owned(), Text::shown);
        format!("{} | {} | {} | {}", or(&made.host), made.path.shown(), or(&made.tag), or(&made.digest))
    }

    #[test]
    fn a_reference_splits_into_host_path_tag_and_digest() {
        for (line, expected) in [
            ("app", "docker.io | app | - | -"),
            ("group/app:1", "docker.io | group/app | 1 | -"),
            ("localhost/app", "localhost | app | - | -"),
            ("localhost:5000", "docker.io | localhost | 5000 | -"),
            ("reg.io:443/a/b:1@sha256:ab", "reg.io:443 | a/b | 1 | sha256:ab"),
            ("index.docker.io/a/b", "docker.io | a/b | - | -"),
            ("Host/a", "Host | a | - | -"),
            ("https://reg.io/a:1", "reg.io | a | 1 | -"),
            ("$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", "$CI_REGISTRY | $CI_REGISTRY_IMAGE | $CI_COMMIT_SHA | -"),
            ("$CI_REGISTRY_IMAGE/a/b", "$CI_REGISTRY | $CI_REGISTRY_IMAGE/a/b | - | -"),
            ("$CI_REGISTRY_IMAGE-x:1", "$CI_REGISTRY | $CI_REGISTRY_IMAGE-x | 1 | -"),
            ("$CI_REGISTRY/g/p:1", "$CI_REGISTRY | g/p | 1 | -"),
            ("$CI_REGISTRY:1", "docker.io | $CI_REGISTRY | 1 | -"),
            ("$HARBOR/app:1", "$HARBOR | app | 1 | -"),
            ("$IMAGE:1", "- | $IMAGE | 1 | -"),
            ("$CI_COMMIT_REF_SLUG/x", "- | $CI_COMMIT_REF_SLUG/x | - | -"),
            ("$ACCT.dkr.ecr.$REGION.amazonaws.com/x:1", "$ACCT.dkr.ecr.$REGION.amazonaws.com | x | 1 | -"),
            ("app-$CI_COMMIT_SHA", "docker.io | app-$CI_COMMIT_SHA | - | -"),
            (
                "$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/a:1",
                "$CI_DEPENDENCY_PROXY_SERVER | $CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/a | 1 | -",
            ),
        ] {
            assert_eq!(shown(line, Family::Docker), expected, "{line}");
        }
    }

    #[test]
    fn families_differ_in_capitals_and_the_default_host() {
        assert_eq!(shown("Host/a", Family::Crane), "docker.io | Host/a | - | -");
        assert_eq!(shown("a:1", Family::Explicit), "- | a | 1 | -");
    }

    #[test]
    fn defects_follow_from_known_characters_only() {
        let defects = |line: &str| Reference::parse(&text(line), Family::Docker).defects();
        assert_eq!(defects("https://$CI_REGISTRY/a:1"), [Defect::Scheme]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE/App:1"), [Defect::UpperCase]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE:a+b"), [Defect::TagCharacter]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE:-b"), [Defect::TagCharacter]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE:feature/b"), [Defect::TagCharacter]);
        assert_eq!(defects(&format!("a/b:{}", "x".repeat(129))), [Defect::TagLength]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE:"), [Defect::EmptyTag]);
        assert_eq!(defects("$CI_REGISTRY_IMAGE/:1"), [Defect::EmptyPart]);
        assert_eq!(defects("reg.io//a:1"), [Defect::EmptyPart]);
        for fine in ["$CI_REGISTRY_IMAGE:A_b.c-1", "$IMAGE-Foo", "Host/a:1", "$X/a", "$CI_REGISTRY_IMAGE:$TAG+"] {
            let expected: &[Defect] = if fine.ends_with('+') { &[Defect::TagCharacter] } else { &[] };
            assert_eq!(defects(fine), expected, "{fine}");
        }
    }

    #[test]
    fn bytes_that_were_not_decoded_are_unknown_and_told_apart() {
        let parse = |written: &str| Reference::parse(&text(written), Family::Docker);
        let made = parse("$CI_REGISTRY_IMAGE/\u{f7e0}:\u{f7e1}");
        assert_eq!((made.defects(), made.tag.as_ref().and_then(Text::class)), (Vec::new(), None));
        assert_eq!(made.text.shown(), "$CI_REGISTRY_IMAGE/\u{fffd}:\u{fffd}");
        assert_eq!(made, parse("$CI_REGISTRY_IMAGE/\u{f7e0}:\u{f7e1}"));
        assert_ne!(made.tag, parse("$CI_REGISTRY_IMAGE/\u{f7e0}:\u{f7e0}").tag);
    }

    #[test]
    fn home_stands_first() {
        let below = |line: &str| Reference::parse(&text(line), Family::Docker).below_home();
        assert_eq!(below("$CI_REGISTRY_IMAGE/a:1"), Below::Home { levels: 1, more: false });
        assert_eq!(below("https://$CI_REGISTRY_IMAGE:1"), Below::Home { levels: 0, more: false });
        for behind in ["$CI_REGISTRY/$CI_REGISTRY_IMAGE:1", "quay.io/$CI_REGISTRY_IMAGE-x", "$X/$CI_REGISTRY_IMAGE"] {
            assert_eq!(below(behind), Below::Behind, "{behind}");
        }
        assert_eq!(below("$CI_REGISTRY/$CI_PROJECT_PATH"), Below::Other);
    }
}
