//! `.gitignore` as git reads it: which paths below a folder are left out. The patterns are the `ignore`
//! crate's; the files are read here, so that no link leads out of the repository.

use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The most patterns of one file.
const MOST: usize = 2_000;

/// The patterns of a folder and of those above it.
#[derive(Debug)]
pub(super) struct Ignored {
    patterns: Gitignore,
    above: Option<Arc<Ignored>>,
}

impl Default for Ignored {
    fn default() -> Self {
        Ignored { patterns: Gitignore::empty(), above: None }
    }
}

impl Ignored {
    /// The patterns of `text`, which stands in `folder`. A line that is no pattern says nothing.
    pub(super) fn of(folder: &str, text: &str, above: Arc<Ignored>) -> Ignored {
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines().take(MOST) {
            let _ = builder.add_line(None, line);
        }
        Ignored { patterns: builder.build().unwrap_or_else(|_| Gitignore::empty()), above: Some(above) }
    }

    /// Whether git leaves the path out: the nearest folder that has a word on it decides, there the
    /// last pattern.
    pub(super) fn leaves_out(&self, path: &str, is_folder: bool) -> bool {
        match (self.patterns.matched(path, is_folder), &self.above) {
            (Match::Ignore(_), _) => true,
            (Match::Whitelist(_), _) | (Match::None, None) => false,
            (Match::None, Some(above)) => above.leaves_out(path, is_folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(patterns: &str, path: &str) -> bool {
        let (path, is_folder) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
        Ignored::of("", patterns, Arc::default()).leaves_out(path, is_folder)
    }

    #[test]
    fn patterns_mean_what_they_mean_to_git() {
        for (pattern, path) in [
            ("node_modules", "a/b/node_modules/"),
            ("*.yml", "a/x.yml"),
            ("/x.yml", "x.yml"),
            ("a/x.yml", "a/x.yml"),
            ("a/**/x.yml", "a/x.yml"),
            ("a/**/x.yml", "a/b/c/x.yml"),
            ("**/b/x.yml", "a/b/x.yml"),
            ("a/**", "a/b/x.yml"),
            ("build/", "a/build/"),
            ("[a-c]?[!x].yml", "bzz.yml"),
            ("\\#x", "#x"),
            ("x  ", "x"),
            ("[]]", "]"),
            ("**", "x"),
        ] {
            assert!(left_out(pattern, path), "{pattern}: {path}");
        }
        for (pattern, path) in [
            ("/x.yml", "a/x.yml"),
            ("a/x.yml", "b/a/x.yml"),
            ("a/*", "a/b/x.yml"),
            ("a/**", "a/"),
            ("build/", "a/build"),
            ("# x", "# x"),
            ("[!x].yml", "x.yml"),
            ("", "x"),
            ("/", "x"),
            ("*\n!a.yml", "a.yml"),
        ] {
            assert!(!left_out(pattern, path), "{pattern}: {path}");
        }
    }

    #[test]
    fn the_nearest_folder_has_the_word() {
        let above = Arc::new(Ignored::of("", "*.yml\n", Arc::default()));
        let inner = Ignored::of("ci", "!a.yml\n/deep/b.yaml\n", above);
        let out = |path: &str| inner.leaves_out(path, false);
        assert!(!out("ci/a.yml") && out("ci/b.yml") && out("ci/deep/b.yaml") && !out("ci/b.yaml"));
    }

    #[test]
    fn no_pattern_is_too_odd() {
        let many_stars = format!("/{}b", "*a".repeat(1000));
        for pattern in ["a[", "[z-a]", "\\", "{a,b", "!", &many_stars, "\u{0}"] {
            assert!(!left_out(pattern, "ci/x.yml"), "{pattern}");
        }
    }
}
