//! Which files may lead to which: a file that includes or triggers another one names it somewhere, be
//! it in a pattern, with variables, or in YAML that is broken. So all names of YAML files count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regex::Regex;

use super::{CONFIG, is_config, looks_like_pipeline};
use crate::files::{Files, join};

/// The largest configuration that GitLab reads (`max_yaml_size_bytes`), in bytes.
const LARGEST: usize = 2 << 20;
/// The most bytes that are looked through.
const MOST_BYTES: usize = 256 << 20;
/// The most pairs of a file and one that it may lead to.
const MOST_PAIRS: usize = 1_000_000;
/// The most names that one file mentions.
const MOST_NAMES: usize = 2_000;

/// The files of a repository and those that mention them.
#[derive(Debug, Default)]
pub struct Mentions {
    /// For each file, the files that may lead to it.
    leaders: BTreeMap<String, BTreeSet<String>>,
    /// Whether there was too much to look at all of it.
    pub cut: bool,
}

impl Mentions {
    /// Looks through the YAML files of the repository; `also`: files that count wherever they lie.
    #[must_use]
    pub fn read(files: &dyn Files, also: &[String]) -> Mentions {
        let found = files.find("");
        let mut paths: BTreeSet<&str> = found.yaml.iter().map(String::as_str).collect();
        paths.extend(also.iter().map(String::as_str));
        let mut mentions = Mentions { cut: found.cut, ..Mentions::default() };
        let (mut bytes, mut pairs) = (0, 0);
        for path in &paths {
            let Ok(text) = files.read(path) else { continue };
            bytes += text.len();
            if bytes > MOST_BYTES || pairs > MOST_PAIRS {
                mentions.cut = true;
                break;
            }
            if text.len() > LARGEST {
                continue;
            }
            let text = String::from_utf8_lossy(&text);
            if !text.contains("include") || !looks_like_pipeline(text.as_bytes()) {
                continue;
            }
            for name in names(&text) {
                for other in meant(&paths, &name).into_iter().filter(|other| other != path) {
                    pairs += 1;
                    mentions.leaders.entry(other.to_owned()).or_default().insert((*path).to_owned());
                }
            }
        }
        mentions
    }

    /// The files that mention a file.
    pub fn of(&self, path: &str) -> impl Iterator<Item = &str> {
        self.leaders.get(path).into_iter().flatten().map(String::as_str)
    }

    /// These files and all that may lead to them. One that leads comes before those that it leads
    /// to; in a circle, GitLab's own name and the fewest folders win.
    #[must_use]
    pub fn leading_to(&self, paths: &[String]) -> Vec<String> {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = paths.iter().map(String::as_str).collect();
        while let Some(path) = open.pop() {
            if all.insert(path) {
                open.extend(self.of(path));
            }
        }
        let mut waits: HashMap<&str, usize> = HashMap::new();
        let mut led: HashMap<&str, Vec<&str>> = HashMap::new();
        for path in &all {
            let leaders: Vec<&str> = self.of(path).filter(|_| *path != CONFIG).collect();
            waits.insert(path, leaders.len());
            leaders.into_iter().for_each(|leader| led.entry(leader).or_default().push(path));
        }
        let rank = |path: &'_ str| (path != CONFIG, !is_config(path), path.matches('/').count());
        let mut left: BTreeSet<_> = all.iter().map(|path| (rank(path), *path)).collect();
        let mut ready: BTreeSet<_> = left.iter().filter(|(_, path)| waits[path] == 0).copied().collect();
        let mut order = Vec::with_capacity(all.len());
        while let Some(next) = ready.pop_first().or_else(|| left.first().copied()) {
            if !left.remove(&next) {
                continue;
            }
            order.push(next.1.to_owned());
            for path in led.remove(next.1).into_iter().flatten() {
                let Some(wait) = waits.get_mut(path) else { continue };
                *wait -= 1;
                if *wait == 0 && left.contains(&(rank(path), path)) {
                    ready.insert((rank(path), path));
                }
            }
        }
        order
    }
}

/// The files that a name may mean.
fn meant<'p>(paths: &BTreeSet<&'p str>, name: &str) -> Vec<&'p str> {
    if !name.contains('*') {
        return paths.get(name).copied().into_iter().collect();
    }
    let pieces: Vec<&str> = name.split('*').collect();
    paths.iter().copied().filter(|path| fits(&pieces, path)).collect()
}

/// Whether a path consists of the pieces, with anything between them.
fn fits(pieces: &[&str], path: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return false };
    let Some(rest) = path.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    let mut rest = rest;
    middle.iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// The names of YAML files in a text, from the root; a variable, an input or a pattern becomes `*`.
fn names(text: &str) -> BTreeSet<String> {
    static NAME: std::sync::LazyLock<Option<[Regex; 2]>> = std::sync::LazyLock::new(|| {
        let variable = r"\$\[\[[^\]\n]*\]\]|\$\{\w+\}|\$\w+";
        let name = Regex::new(&format!(r#"(?:{variable}|[^\s"'\[\]{{}},])+?\.ya?ml\b"#)).ok()?;
        Some([name, Regex::new(&format!(r"(?:{variable}|\*)+")).ok()?])
    });
    let Some([name, open]) = &*NAME else { return BTreeSet::new() };
    let quoted = text.lines().filter_map(spaced);
    let values =
        |line| name.find_iter(line).filter(move |found| is_value(line, found.start())).map(|found| found.as_str());
    let all = text.lines().flat_map(values).chain(quoted);
    all.filter_map(|name| join("", &open.replace_all(name, "*"))).take(MOST_NAMES).collect()
}

/// Whether a value begins at `at`: a word of a command is none.
fn is_value(line: &str, at: usize) -> bool {
    let before = line[..at].trim_end_matches(['"', '\'']).trim_end();
    let anchored = before.rsplit(' ').next().is_some_and(|word| word.starts_with(['&', '!']));
    before.is_empty() || before.ends_with(['-', ':', '[', ',', '{']) || anchored
}

/// A name with spaces, which is the whole of a line's value.
fn spaced(line: &str) -> Option<&str> {
    let value = line.trim().trim_start_matches("- ");
    let value = value.split_once(": ").map_or(value, |(_, value)| value).trim().trim_matches(['"', '\'']);
    (value.contains(' ') && crate::files::is_yaml(value)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn leading(files: &[(&str, &str)], to: &str) -> Vec<String> {
        Mentions::read(&Memory::new(files), &[]).leading_to(&[to.to_owned()])
    }

    #[test]
    fn each_way_to_name_a_file_leads_to_it() {
        for text in [
            "include: /ci/a b.yml\n",
            "include: [x.yml, ./ci/a b.yml]\ninclude:\n  - local: 'ci/a b.yml'\n",
            "include: ci/*.yml\n",
            "include: '**.yml'\n",
            "t:\n  trigger:\n    include: \"$DIR/a b.yml\"\n",
            "t: {trigger: {include: [{local: '${X}/$[[ inputs.y ]].yml'}]}}\n",
            "include: 'ci/a b.yml'\n\tbroken: [\n",
        ] {
            assert_eq!(
                leading(&[("r.yml", text), ("ci/a b.yml", "")], "ci/a b.yml"),
                ["r.yml", "ci/a b.yml"],
                "{text}"
            );
        }
        for text in ["include: a b.yml\n", "include: ci/*.yaml\n", "ci/a b.yml\n"] {
            assert_eq!(leading(&[("r.yml", text), ("ci/a b.yml", "")], "ci/a b.yml"), ["ci/a b.yml"], "{text}");
        }
    }

    #[test]
    fn a_word_of_a_command_leads_nowhere() {
        for script in ["cat a.yml", "find . -name \"*.yml\"", "echo include a.yml"] {
            let text = format!("include: x.yml\nj:\n  script:\n    - {script}\n    - |\n      {script}\n");
            assert_eq!(leading(&[("r.yml", &text), ("a.yml", "")], "a.yml"), ["a.yml"], "{script}");
        }
        assert_eq!(leading(&[("r.yml", "include: &x a.yml\n"), ("a.yml", "")], "a.yml"), ["r.yml", "a.yml"]);
    }

    #[test]
    fn what_leads_comes_first_also_in_a_circle() {
        let files = [
            (".gitlab-ci.yml", "include: [a/.gitlab-ci.yml]\n"),
            ("a/.gitlab-ci.yml", "include: [z.yml, .gitlab-ci.yml]\n"),
            ("z.yml", "include: b.yml\n"),
            ("b.yml", "include: z.yml\n"),
            ("other.yml", "include: x.yml\n"),
        ];
        assert_eq!(leading(&files, "b.yml"), [".gitlab-ci.yml", "a/.gitlab-ci.yml", "b.yml", "z.yml"]);
        assert_eq!(leading(&files[1..], "z.yml"), ["a/.gitlab-ci.yml", "b.yml", "z.yml"]);
    }

    #[test]
    fn pieces_stand_in_their_order() {
        let fits = |pattern: &str, path: &str| fits(&pattern.split('*').collect::<Vec<_>>(), path);
        assert!(fits("a*c.yml", "a/b/c.yml") && fits("*b*c*", "abc") && fits("*", ""));
        assert!(!fits("a*a.yml", "a.yml") && !fits("*c*b*", "abc") && !fits("a*", "ba"));
    }
}
