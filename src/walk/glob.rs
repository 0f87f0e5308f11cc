//! Shell patterns on known texts: `*`, `?`, `[…]`, `\x`.

/// Whether a pattern holds a special character.
pub(super) fn is_pattern(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '\\'])
}

/// Whether the whole text matches. Linear in `text × pattern`.
pub(super) fn matches(text: &str, pattern: &str) -> bool {
    matcher(pattern)(text)
}

/// What tells whether a whole text matches.
pub(super) fn matcher(pattern: &str) -> impl Fn(&str) -> bool {
    let regex = if is_pattern(pattern) { to_regex(pattern) } else { None };
    move |text| regex.as_ref().map_or(text == pattern, |regex| regex.is_match(text))
}

/// Patterns that are longer are no patterns.
const LONGEST: usize = 1 << 12;

/// The pattern as an anchored regular expression.
fn to_regex(pattern: &str) -> Option<regex::Regex> {
    regex_of("^", pattern, "$")
}

fn regex_of(start: &str, pattern: &str, end: &str) -> Option<regex::Regex> {
    if pattern.len() > LONGEST {
        return None;
    }
    let made = format!("(?s){start}{}{end}", expression(pattern));
    regex::RegexBuilder::new(&made).size_limit(1 << 20).build().ok()
}

/// The pattern as a regular expression without anchors.
fn expression(pattern: &str) -> String {
    let mut made = String::new();
    let mut rest = pattern.chars();
    // Where one `[` is not closed, none behind it is.
    let mut closes = true;
    while let Some(char) = rest.next() {
        match char {
            '*' => made.push_str(".*"),
            '?' => made.push('.'),
            '[' => {
                let behind = rest.as_str();
                let end = if closes { class_end(behind) } else { None };
                closes = end.is_some();
                let Some(end) = end else {
                    made.push_str("\\[");
                    continue;
                };
                let class = behind[..end].replace('\\', "\\\\").replace("&&", "&\\&");
                let (not, class) = match class.strip_prefix(['!', '^']) {
                    Some(class) => ("^", class.to_owned()),
                    None => ("", class),
                };
                made.push_str(&format!("[{not}{class}]"));
                rest = behind[end + 1..].chars();
            }
            '\\' => made.push_str(&regex::escape(&rest.next().unwrap_or('\\').to_string())),
            char => made.push_str(&regex::escape(&char.to_string())),
        }
    }
    made
}

/// Where the `]` stands that ends a class; the first character is one of the class.
fn class_end(behind: &str) -> Option<usize> {
    let first = behind.chars().next()?.len_utf8();
    behind[first..].find(']').map(|at| first + at)
}

/// A text in which nothing is special, as a pattern.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// `${x/pattern/with}`: the first match or all, the longest each.
pub(super) fn replace(text: &str, pattern: &str, with: &str, all: bool, anchor: Option<char>) -> Option<String> {
    if (pattern.is_empty() && anchor.is_none()) || text.len() > 10_000 {
        return (text.len() <= 10_000).then(|| text.to_owned());
    }
    let (start, end) = (if anchor == Some('#') { "^" } else { "" }, if anchor == Some('%') { "$" } else { "" });
    let regex = regex_of(start, pattern, end)?;
    Some(regex.replacen(text, usize::from(!all), regex::NoExpand(with)).into_owned())
}

/// Removes the shortest or longest matching prefix or suffix.
pub(super) fn trim<'a>(text: &'a str, pattern: &str, suffix: bool, longest: bool) -> &'a str {
    if text.len() > 10_000 {
        return text;
    }
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if suffix != longest {
        cuts.reverse();
    }
    let Some(regex) = to_regex(pattern) else { return text };
    for at in cuts {
        let (before, after) = text.split_at(at);
        if regex.is_match(if suffix { after } else { before }) {
            return if suffix { before } else { after };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_the_shell_does() {
        for (text, pattern, yes) in [
            ("release-1", "release-*", true),
            ("main", "m?in", true),
            ("main", "[!m]*", false),
            ("v1", "v[0-9]", true),
            ("a/b", "*", true),
            ("a", "b|a", false),
            ("[x", "[x", true),
            ("é]", "[ä]]", false),
            ("]", "[]]", true),
            ("ä[", "[ä]\\[", true),
            ("a[", "[a][", true),
        ] {
            assert_eq!(matches(text, pattern), yes, "{text} {pattern}");
        }
    }

    #[test]
    fn a_long_pattern_is_read_once() {
        let opened = "[".repeat(1 << 20);
        assert_eq!(expression(&opened).len(), 2 << 20);
        assert!(matches(&opened, &opened) && !matches("abc", &opened));
        assert_eq!(replace("a[[", &opened[..2], "b", true, None).as_deref(), Some("ab"));
        assert_eq!(replace("a", &opened, "b", true, None), None);
    }

    #[test]
    fn trimming_takes_the_shortest_or_longest() {
        assert_eq!(trim("a/b/c", "*/", false, false), "b/c");
        assert_eq!(trim("a/b/c", "*/", false, true), "c");
        assert_eq!(trim("a/b/c", "/*", true, false), "a/b");
        assert_eq!(trim("a/b/c", "/*", true, true), "a");
        assert_eq!(trim("v1.0", "v", false, false), "1.0");
    }
}
