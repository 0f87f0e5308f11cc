//! `.gitignore` as git reads it (gitignore(5)): which paths below a folder are left out.

use std::cell::Cell;
use std::sync::Arc;

/// The most patterns of one file.
const MOST: usize = 2_000;

/// The patterns of a folder and of those above it.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    /// With `/` at its end; the root is empty.
    folder: String,
    patterns: Vec<Pattern>,
    above: Option<Arc<Ignored>>,
}

impl Ignored {
    /// The patterns of `text`, which stands in `folder`.
    pub(super) fn of(folder: &str, text: &str, above: Arc<Ignored>) -> Ignored {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ignored { folder, patterns: text.lines().filter_map(Pattern::read).take(MOST).collect(), above: Some(above) }
    }

    /// Whether git leaves the path out: the nearest folder that has a word on it decides, there the
    /// last pattern. `steps`: grows by the work done.
    pub(super) fn leaves_out(&self, path: &str, is_folder: bool, steps: &Cell<u64>) -> bool {
        let inside = path.strip_prefix(&self.folder).unwrap_or(path);
        let parts: Vec<Vec<char>> = inside.split('/').map(|part| part.chars().collect()).collect();
        let says = self.patterns.iter().rev().find(|pattern| pattern.matches(&parts, is_folder, steps));
        match (says, &self.above) {
            (Some(pattern), _) => !pattern.keeps,
            (None, Some(above)) => above.leaves_out(path, is_folder, steps),
            (None, None) => false,
        }
    }
}

/// One line.
#[derive(Debug)]
struct Pattern {
    parts: Vec<Part>,
    /// `!`: what it matches is not left out.
    keeps: bool,
    /// It ends in `/`.
    folders_only: bool,
}

/// What stands between two `/`.
#[derive(Debug)]
enum Part {
    /// `**`
    Any,
    Name(Vec<Piece>),
}

impl Pattern {
    fn read(line: &str) -> Option<Pattern> {
        let line = line.trim_end_matches('\r');
        let line = if line.ends_with("\\ ") { line } else { line.trim_end_matches(' ') };
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (keeps, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders_only, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let inner = line.strip_prefix('/').unwrap_or(line);
        if inner.is_empty() {
            return None;
        }
        let part = |part: &str| if part == "**" { Part::Any } else { Part::Name(pieces(part)) };
        let mut parts: Vec<Part> = inner.split('/').map(part).collect();
        if !line.contains('/') && line != "**" {
            parts.insert(0, Part::Any);
        }
        Some(Pattern { parts, keeps, folders_only })
    }

    fn matches(&self, path: &[Vec<char>], is_folder: bool, steps: &Cell<u64>) -> bool {
        if self.folders_only && !is_folder {
            return false;
        }
        // `a/**` is what lies in `a`, not `a` itself.
        if matches!(self.parts.last(), Some(Part::Any)) && path.len() < self.parts.len() {
            return false;
        }
        let one = |part: &Part, name: &Vec<char>| match part {
            Part::Any => true,
            Part::Name(pieces) => starred(pieces, name, |piece| matches!(piece, Piece::Any), Piece::is, steps),
        };
        starred(&self.parts, path, |part| matches!(part, Part::Any), one, steps)
    }
}

/// Matches a row in which some patterns stand for any number of things. Only the last of those is
/// tried again, so that the time is the product of both lengths at most.
fn starred<P, T>(
    patterns: &[P],
    things: &[T],
    any: impl Fn(&P) -> bool,
    one: impl Fn(&P, &T) -> bool,
    steps: &Cell<u64>,
) -> bool {
    let (mut at, mut thing, mut retry) = (0, 0, None);
    while thing < things.len() {
        steps.set(steps.get() + 1);
        match patterns.get(at) {
            Some(pattern) if any(pattern) => {
                retry = Some((at, thing));
                at += 1;
            }
            Some(pattern) if one(pattern, &things[thing]) => (at, thing) = (at + 1, thing + 1),
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                (at, thing) = (star + 1, from + 1);
            }
        }
    }
    patterns[at..].iter().all(any)
}

/// One piece of a name's pattern.
#[derive(Debug)]
enum Piece {
    Any,
    One,
    Char(char),
    Class { ranges: Vec<(char, char)>, except: bool },
}

impl Piece {
    fn is(&self, char: &char) -> bool {
        match self {
            Piece::Any | Piece::One => true,
            Piece::Char(wanted) => wanted == char,
            Piece::Class { ranges, except } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(char)) != *except
            }
        }
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(char) = pattern.get(at) {
        at += 1;
        match char {
            '*' => pieces.push(Piece::Any),
            '?' => pieces.push(Piece::One),
            '\\' => {
                pieces.push(Piece::Char(pattern.get(at).copied().unwrap_or('\\')));
                at += 1;
            }
            '[' => match class(&pattern[at..]) {
                Some((class, length)) => {
                    pieces.push(class);
                    at += length;
                }
                None => pieces.push(Piece::Char('[')),
            },
            other => pieces.push(Piece::Char(*other)),
        }
    }
    pieces
}

/// What stands behind a `[`, and how long it is; `None` where nothing closes it.
fn class(text: &[char]) -> Option<(Piece, usize)> {
    let except = matches!(text.first(), Some('!' | '^'));
    let start = usize::from(except);
    // The first character may be `]` itself.
    let end = start + 1 + text.get(start + 1..)?.iter().position(|char| *char == ']')?;
    let (mut ranges, mut at) = (Vec::new(), start);
    while at < end {
        let is_range = at + 2 < end && text[at + 1] == '-';
        ranges.push((text[at], text[if is_range { at + 2 } else { at }]));
        at += if is_range { 3 } else { 1 };
    }
    Some((Piece::Class { ranges, except }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(patterns: &str, path: &str) -> bool {
        let (path, is_folder) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
        Ignored::of("", patterns, Arc::default()).leaves_out(path, is_folder, &Cell::new(0))
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
            ("a[", "a["),
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
        let out = |path: &str| inner.leaves_out(path, false, &Cell::new(0));
        assert!(!out("ci/a.yml") && out("ci/b.yml") && out("ci/deep/b.yaml") && !out("ci/b.yaml"));
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_more_than_the_product() {
        let steps = Cell::new(0);
        let ignored = |pattern: String| Ignored::of("", &pattern, Arc::default());
        assert!(!ignored(format!("/{}b", "*a".repeat(100))).leaves_out(&"a".repeat(1000), false, &steps));
        assert!(!ignored(format!("{}x", "**/a/".repeat(100))).leaves_out(&"a/".repeat(1000), false, &steps));
        assert!(steps.get() < 2_000_000, "{}", steps.get());
    }
}
