//! Where GitLab cuts a file's text into documents: by a pattern on the raw text, before any YAML is
//! read, so also inside block scalars. Ruby: `text.split(/^---\s+/, 3)`, a blank first part dropped.

use std::ops::Range;

/// GitLab reads no further than the third part.
const MOST: usize = 3;

/// The documents of a file's text, in order; at least one, which may be empty. A byte order mark at
/// the start belongs to none.
#[must_use]
pub fn documents(text: &str) -> Vec<Range<usize>> {
    let first = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut start = first;
    let mut parts = Vec::with_capacity(1);
    while parts.len() + 1 < MOST {
        let Some(divider) = divider(text, first, start) else { break };
        parts.push(start..divider.start);
        start = divider.end;
    }
    parts.push(start..text.len());
    if parts.len() > 1 && text[parts[0].clone()].trim().is_empty() {
        parts.remove(0);
    }
    parts
}

/// The first `/^---\s+/` at or after `from`, which may lie behind a divider, so not at a line's start.
fn divider(text: &str, first: usize, from: usize) -> Option<Range<usize>> {
    let starts_line = |at: usize| at == first || text.as_bytes()[at - 1] == b'\n';
    text[from..].match_indices("---").map(|(at, _)| from + at).filter(|at| starts_line(*at)).find_map(|at| {
        let rest = &text[at + 3..];
        let white = rest.len() - rest.trim_start_matches(is_white).len();
        (white > 0).then_some(at..at + 3 + white)
    })
}

/// Ruby's `\s`.
fn is_white(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\r' | '\n' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::documents;

    fn parts(text: &str) -> Vec<&str> {
        documents(text).into_iter().map(|part| &text[part]).collect()
    }

    #[test]
    fn one_document_is_the_whole_text() {
        assert_eq!(parts("a: b\n"), ["a: b\n"]);
        assert_eq!(parts(""), [""]);
        assert_eq!(parts("  \n"), ["  \n"]);
    }

    #[test]
    fn a_blank_first_part_is_dropped() {
        assert_eq!(parts("\n---\na: b\n"), ["a: b\n"]);
        assert_eq!(parts("---\n"), [""]);
        assert_eq!(parts("# why\n---\na: b\n"), ["# why\n", "a: b\n"]);
    }

    #[test]
    fn the_divider_eats_the_white_space_behind_it() {
        assert_eq!(parts("---\n\n  a: b\n"), ["a: b\n"]);
        assert_eq!(parts("--- a\n"), ["a\n"]);
        assert_eq!(parts("a\n--- \t\r\n---\nb"), ["a\n", "", "b"]);
    }

    #[test]
    fn no_divider_without_white_space_or_inside_a_line() {
        assert_eq!(parts("a\n---"), ["a\n---"]);
        assert_eq!(parts("a\n---b\n"), ["a\n---b\n"]);
        assert_eq!(parts("a ---\n ---\nb"), ["a ---\n ---\nb"]);
        assert_eq!(parts("a\n----\nb"), ["a\n----\nb"]);
    }

    #[test]
    fn a_block_scalar_is_cut_too() {
        assert_eq!(parts("a: |\n  b\n---\n  c\n"), ["a: |\n  b\n", "c\n"]);
    }

    #[test]
    fn the_third_part_holds_the_rest() {
        assert_eq!(parts("a\n--- b\n--- c\n--- d\n"), ["a\n", "b\n", "c\n--- d\n"]);
    }

    #[test]
    fn a_byte_order_mark_belongs_to_no_document() {
        assert_eq!(parts("\u{feff}a: b\n"), ["a: b\n"]);
        assert_eq!(parts("\u{feff}---\na: b\n"), ["a: b\n"]);
    }
}
