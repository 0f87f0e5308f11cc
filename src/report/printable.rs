//! Text of the input, made harmless for a terminal without moving a byte.

use std::borrow::Cow;

use crate::source::is_undecoded;

/// The text with each control character replaced by as many bytes: `?` for those of ASCII (the tab
/// stays), `·` for C1, U+FFFD for those that change the direction or break the line and for bytes that
/// were not decoded.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let safe = |char: char| match (is_harmful(char), char.len_utf8()) {
        (false, _) => char,
        (true, 1) => '?',
        (true, 2) => '·',
        (true, _) => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(safe).collect())
}

/// Whether a character can move the cursor, change the terminal or the order of what is read, or is of our
/// own making.
pub(super) fn is_harmful(char: char) -> bool {
    match char {
        '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        char::REPLACEMENT_CHARACTER => false,
        char => char.is_control() || is_undecoded(char),
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_keep_their_length() {
        for text in ["a\u{1b}[31mb", "a\u{9b}b", "a\u{202e}b", "a\nb\u{7f}", "a\u{f7e1}", "plain\tä"] {
            let shown = printable(text);
            assert_eq!(shown.len(), text.len());
            assert!(!shown.chars().any(super::is_harmful), "{shown:?}");
        }
    }
}
