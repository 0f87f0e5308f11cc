//! Characters of a Makefile: where a reference `$(…)` ends, what stands outside of references.

/// The bytes of the reference that begins at `at` with `$`: past its end. `$` at the end is one byte.
pub fn reference_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let (open, close) = match bytes.get(at + 1) {
        Some(b'(') => (b'(', b')'),
        Some(b'{') => (b'{', b'}'),
        Some(_) => return at + 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        None => return at + 1,
    };
    let mut depth = 0_usize;
    for (index, byte) in bytes.iter().enumerate().skip(at + 1) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return index + 1;
            }
        }
    }
    text.len()
}

/// The first byte outside of references for which `wanted` holds, given the text from there on.
pub fn find(text: &str, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with('$') {
            at = reference_end(text, at);
        } else if wanted(&text[at..]) {
            return Some(at);
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// The first of this byte outside of references before which no `\` stands.
pub fn unescaped(text: &str, wanted: char) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = find(&text[from..], |rest| rest.starts_with(wanted)) {
        let before = &text[..from + at];
        if (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2) {
            return Some(before.len());
        }
        from += at + 1;
    }
    None
}

/// The arguments of a function, split at commas outside of references and brackets.
pub fn arguments(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0_i32);
    while at < text.len() {
        match text.as_bytes()[at] {
            b'$' => {
                at = reference_end(text, at);
                continue;
            }
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth -= 1,
            b',' if depth <= 0 => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(start..text.len());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_skipped_whole() {
        assert_eq!(reference_end("$(a $(b)) c", 0), 9);
        assert_eq!(reference_end("${a", 0), 3);
        assert_eq!(reference_end("$@x", 0), 2);
        assert_eq!(reference_end("$", 0), 1);
        assert_eq!(find("$(a:b):c", |rest| rest.starts_with(':')), Some(6));
        assert_eq!(unescaped("a \\# b # c", '#'), Some(7));
        assert_eq!(unescaped("a \\\\# b", '#'), Some(4));
        assert_eq!(unescaped("$(shell echo '#')", '#'), None);
    }

    #[test]
    fn arguments_end_at_commas_outside_of_brackets() {
        let text = "a,$(b,c),(d,e)";
        let found: Vec<&str> = arguments(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["a", "$(b,c)", "(d,e)"]);
    }
}
