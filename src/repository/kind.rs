//! What kind of YAML a text is, read off its lines, so that broken YAML counts too.

use crate::source::decode;

/// Words that only a job has, directly below its name.
const JOB: &[&str] = &["script", "trigger", "extends", "run", "before_script", "after_script", "<<"];
/// Words that a `spec` of GitLab holds; that of Kubernetes does not.
const SPEC: &[&str] = &["inputs", "component", "include", "description"];

/// Whether a text has a job, `include` or `spec`.
#[must_use]
pub fn looks_like_pipeline(text: &[u8]) -> bool {
    let text = decode(text.to_vec());
    if text.lines().any(|line| line.starts_with("apiVersion:")) {
        return false;
    }
    let words = |top: &str, key: &str| (if top == "spec" { SPEC } else { JOB }).contains(&key);
    any_key(&text, |top, key| top.is_empty() && key == "include" || !top.is_empty() && words(top, key))
        || text.trim_start().starts_with('{')
}

/// Whether a text has a header for inputs.
pub(super) fn has_spec(text: &[u8]) -> bool {
    let text = decode(text.to_vec());
    text.lines().any(|line| line.starts_with("---")) && any_key(&text, |top, key| top == "spec" && SPEC.contains(&key))
}

/// Whether `is` holds for a key at the top (`""` and itself) or directly below one (that one and itself).
fn any_key(text: &str, is: impl Fn(&str, &str) -> bool) -> bool {
    let (mut top, mut level) = ("", None);
    for line in text.lines() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let Some((key, value)) = body.split_once(':').filter(|_| !body.starts_with('#')) else { continue };
        let key = key.trim_matches(['"', '\'', ' ']);
        let found = match indent {
            0 => {
                (top, level) = (key, None);
                is("", key) || flow_keys(value).any(|inner| is(key, inner))
            }
            indent => *level.get_or_insert(indent) == indent && is(top, key),
        };
        if found {
            return true;
        }
    }
    false
}

/// The keys of a map in braces, and of those in it.
fn flow_keys(value: &str) -> impl Iterator<Item = &str> {
    let inside = value.trim_start().strip_prefix('{').unwrap_or_default();
    inside.split(['{', ',']).filter_map(|entry| Some(entry.split_once(':')?.0.trim_matches(['"', '\'', ' '])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_are_told_from_other_yaml() {
        for text in [
            "a:\n  script: x",
            "include: /x.yml",
            "a: {tags: [x], script: y}",
            "spec:\n  inputs:\n    a:\n---\n",
            ".a:\n    extends: .b",
        ] {
            assert!(looks_like_pipeline(text.as_bytes()), "{text}");
        }
        for text in [
            "services:\n  web:\n    extends: x",
            "spec:\n  replicas: 1",
            "",
            "jobs:\n  a:\n    run: x",
            "- a",
            "a: {tags: x}",
            "apiVersion: argoproj.io/v1alpha1\nspec:\n  description: x\n",
        ] {
            assert!(!looks_like_pipeline(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_header_is_closed() {
        assert!(has_spec(b"spec:\n  inputs:\n    a:\n---\n"));
        assert!(!has_spec(b"spec:\n  inputs:\n") && !has_spec(b"spec:\n  replicas: 1\n---\n"));
    }
}
