//! Text filters: what `tr`, `sed`, `cut` and their kin make of a known text, and what they leave of
//! an unknown one's form.

use super::budget::LONGEST;
use crate::text::Form;

/// A filter on a known text; `None`: this use of it is not followed.
pub(super) fn apply(name: &str, text: &str, args: &[Option<&str>]) -> Option<String> {
    match (name, args) {
        ("tr", [Some("-d"), Some(set)]) => {
            let set = expand_set(set)?;
            Some(text.chars().filter(|char| !set.contains(char)).collect())
        }
        ("tr", [Some(from), Some(to)]) if !from.starts_with('-') => translate(text, from, to),
        ("cut", _) => cut(text, args),
        ("head" | "tail" | "sort" | "uniq" | "column" | "xargs", []) => Some(text.to_owned()),
        ("sed", [Some(script)]) => substitute(text, script),
        ("sed", [Some("-e"), Some(script)]) => substitute(text, script),
        _ => None,
    }
}

fn expand_set(set: &str) -> Option<Vec<char>> {
    let set = set.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r");
    Some(match set.as_str() {
        "[:upper:]" | "A-Z" | "[A-Z]" => ('A'..='Z').collect(),
        "[:lower:]" | "a-z" | "[a-z]" => ('a'..='z').collect(),
        set if set.contains('[') || (set.contains('-') && set.len() > 1) || set.contains('\\') => return None,
        set => set.chars().collect(),
    })
}

fn translate(text: &str, from: &str, to: &str) -> Option<String> {
    let (from, to) = (expand_set(from)?, expand_set(to)?);
    let last = *to.last()?;
    let change =
        |char: char| from.iter().position(|one| *one == char).map_or(char, |at| to.get(at).copied().unwrap_or(last));
    Some(text.chars().map(change).collect())
}

/// `cut -d X -f N`, `cut -c1-N`.
fn cut(text: &str, args: &[Option<&str>]) -> Option<String> {
    let joined: Vec<&str> = args.iter().copied().collect::<Option<_>>()?;
    let value = |flag: &str| {
        joined.iter().enumerate().find_map(|(at, word)| {
            let rest = word.strip_prefix(flag)?;
            if rest.is_empty() { joined.get(at + 1).copied() } else { Some(rest) }
        })
    };
    let lines = text.lines();
    if let Some(range) = value("-c").or_else(|| value("-b")) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let first: usize = if first.is_empty() { 1 } else { first.parse().ok()? };
        let last: usize = if last.is_empty() { usize::MAX } else { last.parse().ok()? };
        let cut = |line: &str| {
            line.chars().skip(first.max(1) - 1).take(last.saturating_sub(first.max(1) - 1)).collect::<String>()
        };
        return Some(lines.map(cut).collect::<Vec<_>>().join("\n"));
    }
    let (mark, field) = (value("-d")?, value("-f")?);
    let field: usize = field.parse().ok()?;
    let cut = |line: &str| line.split(mark).nth(field.max(1) - 1).unwrap_or("").to_owned();
    Some(lines.map(cut).collect::<Vec<_>>().join("\n"))
}

/// `s/a/b/g` with a literal pattern.
fn substitute(text: &str, script: &str) -> Option<String> {
    let (pattern, with, flags) = parts(script)?;
    if pattern.contains(['.', '*', '[', '\\', '^', '$', '+', '?', '(', '{', '&']) || with.contains(['\\', '&']) {
        return None;
    }
    if text.matches(pattern).count() * with.len() > LONGEST {
        return None;
    }
    Some(if flags.contains('g') { text.replace(pattern, with) } else { text.replacen(pattern, with, 1) })
}

fn parts(script: &str) -> Option<(&str, &str, &str)> {
    let rest = script.strip_prefix('s')?;
    let mark = rest.chars().next()?;
    let mut pieces = rest[mark.len_utf8()..].splitn(3, mark);
    Some((pieces.next()?, pieces.next()?, pieces.next()?))
}

/// What a filter leaves of the form of what it reads. `tr` and `sed` are there to clean: what they
/// are not seen to do is taken to be done (lints.md 3.6).
pub(super) fn form(name: &str, args: &[Option<&str>], form: &mut Form) {
    match name {
        "tr" if args.len() == 2 => {
            let (from, to) = (args[0].unwrap_or(""), args[1].unwrap_or(""));
            if matches!(from, "[:upper:]" | "A-Z" | "[A-Z]") {
                form.upper = false;
            } else if from == "/" || to == "/" {
                form.slash = to.contains('/');
            } else {
                *form = Form { empty: form.empty, ..Form::SAFE };
            }
        }
        "head" | "tail" | "sort" | "uniq" | "tac" | "xargs" | "grep" => {}
        _ => *form = Form { empty: true, ..Form::SAFE },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, text: &str, args: &[&str]) -> Option<String> {
        apply(name, text, &args.iter().map(|arg| Some(*arg)).collect::<Vec<_>>())
    }

    #[test]
    fn simple_filters_are_followed_on_known_texts() {
        assert_eq!(run("tr", "A/B", &["/", "-"]).as_deref(), Some("A-B"));
        assert_eq!(run("tr", "AbC", &["[:upper:]", "[:lower:]"]).as_deref(), Some("abc"));
        assert_eq!(run("cut", "a:b:c", &["-d:", "-f2"]).as_deref(), Some("b"));
        assert_eq!(run("cut", "abcdef", &["-c1-3"]).as_deref(), Some("abc"));
        assert_eq!(run("sed", "v1/2", &["s/\\//-/"]), None);
        assert_eq!(run("sed", "a_b_c", &["s#_#-#g"]).as_deref(), Some("a-b-c"));
    }
}
