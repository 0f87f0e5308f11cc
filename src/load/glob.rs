//! GitLab's wildcards in `include:local`: only `*` and `**` mean something.

use regex::Regex;

/// The pattern of a path with `*`; `None` where it is too long to be one.
pub(super) fn pattern(path: &str) -> Option<Regex> {
    let path = path.trim_start_matches('/');
    if path.len() > 1000 {
        return None;
    }
    let escaped = regex::escape(path);
    let pattern = escaped.replace(r"\*\*/", "(.*?/)?").replace(r"\*\*", ".*?").replace(r"\*", "[^/]*?");
    Regex::new(&format!(r"(?s)\A{pattern}\z")).ok()
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn stars_stay_in_a_folder_and_double_stars_do_not() {
        let matches = |glob: &str, path: &str| pattern(glob).is_some_and(|pattern| pattern.is_match(path));
        assert!(matches("ci/*.yml", "ci/a.yml"));
        assert!(!matches("ci/*.yml", "ci/sub/a.yml"));
        assert!(matches("/ci/**/*.yml", "ci/sub/deep/a.yml"));
        assert!(matches("ci/**/*.yml", "ci/a.yml"));
        assert!(matches("ci/**.yml", "ci/sub/a.yml"));
        assert!(!matches("ci/[a]*.yml", "ci/a.yml"));
        assert!(!matches("ci/?.yml", "ci/a.yml"));
    }
}
