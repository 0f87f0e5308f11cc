//! Text filters: what `tr`, `sed`, `cut` and their kin make of a known text, and what they leave of
//! an unknown one's form. `sed` has a room of its own.

use super::sed;
use crate::text::Form;

/// A filter on a known text; `None`: this use of it is not followed.
pub(super) fn apply(name: &str, text: &str, args: &[Option<&str>]) -> Option<String> {
    let args: Vec<&str> = args.iter().copied().collect::<Option<_>>()?;
    match name {
        "tr" => transliterate(text, &args),
        "cut" => cut(text, &args),
        "head" | "tail" => end(name, text, &args),
        "sort" | "uniq" | "column" if args.is_empty() && text.lines().count() < 2 => Some(ended(text)),
        "xargs" if args.is_empty() && !text.contains(['"', '\'', '\\']) => {
            Some(text.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
        }
        "sed" => sed::run(text, &args),
        _ => None,
    }
}

/// The text with a newline at its end.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn transliterate(text: &str, args: &[&str]) -> Option<String> {
    let flags: Vec<char> =
        args.iter().take_while(|arg| arg.starts_with('-') && arg.len() > 1).flat_map(|arg| arg[1..].chars()).collect();
    let sets: Vec<&str> = args.iter().copied().skip_while(|arg| arg.starts_with('-') && arg.len() > 1).collect();
    if !text.is_ascii() || flags.iter().any(|flag| !matches!(flag, 'c' | 'C' | 'd' | 's')) {
        return None;
    }
    let has = |flag: char| flags.contains(&flag);
    let sets: Vec<Vec<char>> = sets.into_iter().map(expand_set).collect::<Option<_>>()?;
    let inverted = has('c') || has('C');
    let listed = |set: &[char], char: char| set.contains(&char) != inverted;
    match sets.as_slice() {
        [set] if has('d') && !has('s') => Some(text.chars().filter(|char| !listed(set, *char)).collect()),
        [set] if has('s') && !has('d') => Some(squeeze(text, |char| listed(set, char))),
        [from, to] if !has('d') => {
            let last = *to.last()?;
            let change = |char: char| match from.iter().position(|one| *one == char) {
                None if inverted => last,
                Some(at) if !inverted => to.get(at).copied().unwrap_or(last),
                _ => char,
            };
            let changed: String = text.chars().map(change).collect();
            Some(if has('s') { squeeze(&changed, |char| to.contains(&char)) } else { changed })
        }
        _ => None,
    }
}

fn squeeze(text: &str, listed: impl Fn(char) -> bool) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for char in text.chars() {
        if !(listed(char) && squeezed.ends_with(char)) {
            squeezed.push(char);
        }
    }
    squeezed
}

/// The characters of a set: ranges, classes, escapes.
fn expand_set(set: &str) -> Option<Vec<char>> {
    let mut found = Vec::new();
    let mut rest = set;
    while let Some(first) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix("[:").and_then(|class| class.split_once(":]")) {
            found.extend((0..128_u8).map(char::from).filter(|char| in_class(name, *char).unwrap_or(false)));
            in_class(name, 'a')?;
            rest = after;
            continue;
        }
        let (char, length) = match (first, rest.chars().nth(1)) {
            ('\\', Some('n')) => ('\n', 2),
            ('\\', Some('t')) => ('\t', 2),
            ('\\', Some('r')) => ('\r', 2),
            ('\\', Some(next)) if next.is_ascii_punctuation() => (next, 2),
            ('\\', _) => return None,
            _ => (first, first.len_utf8()),
        };
        rest = &rest[length..];
        let last = rest.strip_prefix('-').and_then(|range| range.chars().next()).filter(|last| *last != '\\');
        match last {
            Some(last) if last >= char && last.is_ascii() => {
                found.extend(char..=last);
                rest = &rest[2..];
            }
            Some(_) => return None,
            None => found.push(char),
        }
    }
    Some(found)
}

fn in_class(name: &str, char: char) -> Option<bool> {
    Some(match name {
        "upper" => char.is_ascii_uppercase(),
        "lower" => char.is_ascii_lowercase(),
        "digit" => char.is_ascii_digit(),
        "alpha" => char.is_ascii_alphabetic(),
        "alnum" => char.is_ascii_alphanumeric(),
        "space" => char.is_ascii_whitespace() || char == '\x0b',
        "blank" => char == ' ' || char == '\t',
        "punct" => char.is_ascii_punctuation(),
        _ => return None,
    })
}

/// `head`, `tail` with `-n N`, `-nN`, `-N`; `head -c N`.
fn end(name: &str, text: &str, args: &[&str]) -> Option<String> {
    let number = |flag: &str| match args {
        [one] => one.strip_prefix(flag)?.parse::<usize>().ok(),
        [one, count] if *one == flag => count.parse().ok(),
        _ => None,
    };
    if let (Some(count), true) = (number("-c"), name == "head" && text.is_ascii()) {
        return Some(text.chars().take(count).collect());
    }
    let count = if args.is_empty() { Some(10) } else { number("-n").or_else(|| number("-")) }?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let skipped = if name == "tail" { lines.len().saturating_sub(count) } else { 0 };
    Some(lines.into_iter().skip(skipped).take(count).collect())
}

/// `cut -d X -f LIST`, `cut -c LIST`.
fn cut(text: &str, args: &[&str]) -> Option<String> {
    let value = |flag: &str| {
        args.iter().enumerate().find_map(|(at, word)| {
            let rest = word.strip_prefix(flag)?;
            if rest.is_empty() { args.get(at + 1).copied() } else { Some(rest) }
        })
    };
    if args.iter().any(|arg| arg.starts_with("--") || *arg == "-s") || !text.is_ascii() {
        return None;
    }
    let characters = value("-c").or_else(|| value("-b"));
    let wanted = ranges(characters.or_else(|| value("-f"))?)?;
    let has = |at: usize| wanted.iter().any(|(first, last)| (*first..=*last).contains(&(at + 1)));
    let mark = value("-d").unwrap_or("\t");
    let line = |line: &str| {
        if characters.is_some() {
            return line.chars().enumerate().filter(|(at, _)| has(*at)).map(|(_, char)| char).collect();
        }
        if mark.is_empty() || !line.contains(mark) {
            return line.to_owned();
        }
        line.split(mark).enumerate().filter(|(at, _)| has(*at)).map(|(_, field)| field).collect::<Vec<_>>().join(mark)
    };
    Some(text.lines().map(|text| line(text) + "\n").collect())
}

/// `1,3-5,7-`
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let number = |text: &str, default| if text.is_empty() { Some(default) } else { text.parse().ok() };
    let range = |part: &str| match part.split_once('-') {
        Some((first, last)) => Some((number(first, 1)?, number(last, usize::MAX)?)),
        None => part.parse().ok().map(|at| (at, at)),
    };
    list.split(',').map(range).collect()
}

/// Whether a filter turns what it reads to lower case, and does nothing else.
pub(super) fn lowers(name: &str, args: &[Option<&str>]) -> bool {
    let words: Vec<&str> = args.iter().map(|arg| arg.unwrap_or("")).collect();
    match (name, words.as_slice()) {
        ("tr", [from, to]) => CAPITALS.contains(from) && ["[:lower:]", "a-z", "[a-z]"].contains(to),
        ("awk" | "gawk" | "mawk", [program]) => {
            let program: String = program.chars().filter(|char| !char.is_whitespace() && *char != ';').collect();
            matches!(program.as_str(), "{printtolower($0)}" | "{print(tolower($0))}" | "{$0=tolower($0)}1")
        }
        ("sed", [script] | ["-e", script]) => {
            ["s/.*/\\L&/", "s/.*/\\L&/g", "s/[A-Z]/\\L&/g", "s/\\(.*\\)/\\L\\1/"].contains(script)
        }
        _ => false,
    }
}

/// `tr`'s ways to name them.
const CAPITALS: [&str; 3] = ["[:upper:]", "A-Z", "[A-Z]"];

/// What a filter leaves of the form of what it reads. `tr` and `sed` are there to clean: what they
/// are not seen to do is taken to be done (lints.md 3.6).
pub(super) fn form(name: &str, args: &[Option<&str>], form: &mut Form) {
    match name {
        "tr" if args.len() == 2 => {
            let (from, to) = (args[0].unwrap_or(""), args[1].unwrap_or(""));
            if CAPITALS.contains(&from) {
                form.upper = false;
            } else if from == "/" || to == "/" {
                form.slash = to.contains('/');
            } else {
                *form = if form.colon { Form::ANY } else { Form { empty: form.empty, ..Form::SAFE } };
            }
        }
        "head" | "tail" | "sort" | "uniq" | "tac" | "xargs" | "grep" => {}
        // A whole reference may still be one, or have become a part of it.
        _ if form.colon => *form = Form::ANY,
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
        assert_eq!(run("cut", "a:b:c", &["-d:", "-f2"]).as_deref(), Some("b\n"));
        assert_eq!(run("cut", "abcdef", &["-c1-3"]).as_deref(), Some("abc\n"));
        assert_eq!(run("sed", "v1/2", &["s/\\//-/"]).as_deref(), Some("v1-2"));
        assert_eq!(run("sed", "a_b_c", &["s#_#-#g"]).as_deref(), Some("a-b-c"));
    }
}
