//! GitLab's and the runner's expansion of variables in values (facts A12): no shell operators.

use std::borrow::Cow;

use crate::predefined;
use crate::text::{Inputs, Origin, Symbol, Text};

/// The most bytes and parts of a value.
const LONGEST: usize = 64 << 10;
const MOST_PARTS: usize = 200;

/// A piece of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Known characters.
    Literal(&'t str),
    /// `$NAME`, `${NAME}`.
    Name(&'t str),
    /// `%NAME%`: a variable only if there is one of this name. The name, and all of it as written.
    Percent(&'t str, &'t str),
    /// `$[[ … ]]`.
    Input(&'t str),
}

/// Cuts a value. What becomes the empty string in the end (`${X:-y}`, `$1`) is left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let (token, length) = match bytes[at] {
            b'$' => dollar(&text[at..]),
            b'%' => percent(&text[at..]),
            _ => (None, 0),
        };
        if length == 0 {
            at += 1;
            continue;
        }
        if start < at {
            tokens.push(Token::Literal(&text[start..at]));
        }
        tokens.extend(token);
        at += length;
        start = at;
    }
    if start < bytes.len() {
        tokens.push(Token::Literal(&text[start..]));
    }
    tokens
}

fn name_length(text: &str) -> usize {
    if text.starts_with(|char: char| char.is_ascii_digit()) {
        return 0;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// What begins with `$`, and its length; length 0: the `$` is a character like any other.
fn dollar(text: &str) -> (Option<Token<'_>>, usize) {
    let rest = &text[1..];
    let name = name_length(rest);
    if name > 0 {
        return (Some(Token::Name(&rest[..name])), 1 + name);
    }
    match rest.as_bytes().first() {
        Some(b'$') => (Some(Token::Literal(&rest[..1])), 2),
        Some(b'[') if rest.starts_with("[[") => match rest.find("]]") {
            Some(end) => (Some(Token::Input(&text[..end + 3])), end + 3),
            None => (None, 0),
        },
        Some(b'{') => {
            let Some(end) = rest.find('}') else { return (None, 2) };
            let inner = &rest[1..end];
            let is_name = !inner.is_empty() && name_length(inner) == inner.len();
            (is_name.then_some(Token::Name(inner)), end + 2)
        }
        Some(b'*' | b'#' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9') => (None, 2),
        _ => (None, 0),
    }
}

fn percent(text: &str) -> (Option<Token<'_>>, usize) {
    if text.starts_with("%%") {
        return (Some(Token::Literal(&text[..2])), 2);
    }
    let name = name_length(&text[1..]);
    if name == 0 || text.as_bytes().get(1 + name) != Some(&b'%') {
        return (None, 0);
    }
    (Some(Token::Percent(&text[1..=name], &text[..name + 2])), name + 2)
}

/// A name that the files do not define.
pub(super) fn outside(name: &str) -> Symbol {
    predefined::symbol(name).unwrap_or_else(|| Symbol::setting(name))
}

/// Expands a value. `find` gives what the files define; `inputs`: GitLab itself expands, not only the runner.
pub(super) fn expand<'v>(
    written: &str,
    inputs: Option<&Inputs>,
    mut find: impl FnMut(&str) -> Option<Cow<'v, Text>>,
) -> Text {
    let percent = inputs.is_some();
    let mut text = Text::empty();
    let mut length = 0;
    for token in tokens(written) {
        match token {
            Token::Literal(literal) => text.push_str(literal),
            Token::Input(written) => {
                text.push_symbol(inputs.map_or_else(|| Symbol::input(written), |inputs| inputs.symbol(written)));
            }
            Token::Name(name) => match find(name) {
                Some(value) => {
                    length += size(&value);
                    text.push_text(&value);
                }
                None => text.push_symbol(outside(name)),
            },
            Token::Percent(name, written) => match find(name).filter(|_| percent) {
                Some(value) => {
                    length += size(&value);
                    text.push_text(&value);
                }
                None if percent && predefined::find(name).is_some() => text.push_symbol(outside(name)),
                None => text.push_str(written),
            },
        }
        if length > LONGEST || text.parts().len() > MOST_PARTS {
            return opaque(written);
        }
    }
    text
}

fn size(text: &Text) -> usize {
    text.parts().iter().map(|part| if let crate::text::Part::Lit(text) = part { text.len() } else { 8 }).sum()
}

/// A value past a bound.
pub(super) fn opaque(written: &str) -> Text {
    let shown: String = written.chars().take(40).collect();
    Text::symbol(Symbol::unknown(format!("opaque:{shown}"), shown.clone(), Origin::Opaque(shown)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        expand(text, Some(&Inputs::default()), |name| (name == "A").then(|| Cow::Owned(Text::literal("value")))).shown()
    }

    #[test]
    fn names_are_expanded_in_all_their_spellings() {
        assert_eq!(shown("x-$A-${A}-%A%"), "x-value-value-value");
        assert_eq!(shown("$B/${CI_REGISTRY}x"), "$B/${CI_REGISTRY}x");
    }

    #[test]
    fn shell_operators_and_parameters_become_empty() {
        assert_eq!(shown("a${X:-y}b"), "ab");
        assert_eq!(shown("a${A%%x}b$1c$@d"), "abcd");
        assert_eq!(shown("a${"), "a");
    }

    #[test]
    fn two_dollars_are_one() {
        assert_eq!(shown("$$A"), "$A");
        assert_eq!(expand("$$A", None, |_| None).as_literal(), Some("$A"));
    }

    #[test]
    fn commands_and_unknown_percents_stay_text() {
        assert_eq!(shown("$(date +%Y%m%d)"), "$(date +%Y%m%d)");
        assert_eq!(shown("100% $ %%A"), "100% $ %%A");
    }

    #[test]
    fn inputs_are_symbols() {
        let text = expand("a-$[[ inputs.x  | expand_vars ]]-b", None, |_| None);
        let symbol = text.symbols().next().expect("one symbol");
        assert_eq!(symbol.data().origin, Origin::Input("$[[inputs.x|expand_vars]]".to_owned()));
    }
}
