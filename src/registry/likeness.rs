//! Whether two texts are the same, or one begins, ends or holds the other, as far as what they are
//! made of tells. What neither shows is not known: `None`.

use std::collections::HashSet;

use super::host;
use crate::predefined;
use crate::text::{Class, Part, Symbol, Text};

/// Whether two texts are equal. A value of each commit and one of each pipeline may coincide once; they
/// are not equal where it counts, in the next run.
#[must_use]
pub fn equal(one: &Text, other: &Text) -> Option<bool> {
    if one == other {
        return Some(true);
    }
    let (one, other) = without_common_start(&spelled_out(one), &spelled_out(other));
    let (one, other) = without_common_start(&reversed(&one), &reversed(&other));
    let (one, other) = (reversed(&one), reversed(&other));
    let differ = match (one.parts(), other.parts()) {
        ([], rest) | (rest, []) if rest.is_empty() => return Some(true),
        ([], _) => other.surely_not_empty(),
        (_, []) => one.surely_not_empty(),
        ([Part::Lit(_), ..], [Part::Lit(_), ..]) | ([.., Part::Lit(_)], [.., Part::Lit(_)]) => true,
        _ => {
            other_hosts(&one, &other, true)
                || lacks(&one, &other).is_some()
                || lacks(&other, &one).is_some()
                || never_as_long(&one, &other)
                || varies_otherwise(&one, &other)
        }
    };
    differ.then_some(false)
}

/// A text with `$CI_REGISTRY_IMAGE` as what it always is: `$CI_REGISTRY`, `/`, and the project's path.
#[must_use]
pub fn spelled_out(text: &Text) -> Text {
    let mut spelled = Text::empty();
    for part in text.parts() {
        match part {
            Part::Sym(symbol) if symbol.predefined() == Some("CI_REGISTRY_IMAGE") => {
                if let Some(host) = host::of_prefix(symbol) {
                    spelled.push_text(&host);
                    spelled.push_str("/");
                }
                spelled.push_symbol(symbol.derived("path", "${CI_REGISTRY_IMAGE#*/}".to_owned(), |_| {}));
            }
            part => spelled.push_part(part),
        }
    }
    spelled
}

/// Whether a text begins with a piece.
#[must_use]
pub fn begins(text: &Text, piece: &Text) -> Option<bool> {
    let (text, piece) = without_common_start(text, piece);
    match (text.parts(), piece.parts()) {
        (_, []) => Some(true),
        ([], _) => piece.surely_not_empty().then_some(false),
        ([Part::Lit(one), ..], [Part::Lit(other), ..]) => {
            // `shopt -s nocasematch` counts no capitals.
            let alike = one.chars().zip(other.chars()).next().is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b));
            (!alike).then_some(false)
        }
        // `registry*` may go on as any host does.
        _ if other_hosts(&text, &piece, piece.split_once('/').is_some()) => Some(false),
        _ => lacks(&text, &piece),
    }
}

/// Whether a text ends with a piece.
#[must_use]
pub fn ends(text: &Text, piece: &Text) -> Option<bool> {
    let last = |text: &Text| match text.parts().last() {
        Some(Part::Lit(text)) => Some(text.clone()),
        _ => None,
    };
    match (last(text), last(piece)) {
        _ if piece.is_empty() => Some(true),
        (Some(one), Some(other)) if other.len() <= one.len() && piece.as_literal().is_some() => {
            Some(one.ends_with(&other))
        }
        _ => lacks(text, piece),
    }
}

/// Whether a piece stands somewhere in a text.
#[must_use]
pub fn holds(text: &Text, piece: &Text) -> Option<bool> {
    let literal = piece.as_literal();
    let inside = |part: &Part| match (part, literal) {
        (Part::Lit(text), Some(piece)) => text.contains(piece),
        _ => false,
    };
    let same = |parts: &[Part]| parts == piece.parts();
    let known = piece.is_empty()
        || text.parts().iter().any(inside)
        || literal.is_none() && text.parts().windows(piece.parts().len()).any(same);
    if known { Some(true) } else { lacks(text, piece) }
}

/// Both without the values and known characters that they surely have in common at their start.
fn without_common_start(one: &Text, other: &Text) -> (Text, Text) {
    let (mut one, mut other) = (one.clone(), other.clone());
    loop {
        match (one.parts(), other.parts()) {
            ([Part::Sym(a), ..], [Part::Sym(b), ..]) if a == b => {
                (one, other) = (without_first(&one), without_first(&other));
            }
            ([Part::Lit(a), ..], [Part::Lit(b), ..]) => {
                let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
                let common: String = alike.map(|(char, _)| char).collect();
                match (one.strip_prefix(&common), other.strip_prefix(&common)) {
                    (Some(a), Some(b)) if !common.is_empty() => (one, other) = (a, b),
                    _ => return (one, other),
                }
            }
            _ => return (one, other),
        }
    }
}

fn without_first(text: &Text) -> Text {
    let mut rest = Text::empty();
    text.parts().iter().skip(1).for_each(|part| rest.push_part(part));
    rest
}

/// The parts, and their known characters, from the end to the start.
fn reversed(text: &Text) -> Text {
    let mut made = Text::empty();
    for part in text.parts().iter().rev() {
        match part {
            Part::Lit(text) => made.push_str(&text.chars().rev().collect::<String>()),
            part => made.push_part(part),
        }
    }
    made
}

/// Whether one begins with this GitLab's registry, the other with what surely is another host or none.
/// `whole`: what the other begins with ends there.
fn other_hosts(one: &Text, other: &Text, whole: bool) -> bool {
    let first = |text: &Text| text.split_once('/').map_or_else(|| text.clone(), |(first, _)| first);
    let gitlab = |text: &Text| text.as_symbol().and_then(Symbol::predefined) == Some("CI_REGISTRY");
    let apart = |host: &Text| host::elsewhere(host) || host.as_literal().is_some_and(|name| !name.contains(['.', ':']));
    let (one, other) = (first(one), first(other));
    gitlab(&one) && whole && apart(&other) || gitlab(&other) && apart(&one)
}

/// `Some(false)`: the piece holds a character that the text surely does not.
fn lacks(text: &Text, piece: &Text) -> Option<bool> {
    let written: HashSet<char> = text.parts().iter().filter_map(literal).flat_map(str::chars).collect();
    let may = |char: char| written.contains(&char) || text.symbols().any(|symbol| may_hold(symbol, char));
    let known = |part: &Part| literal(part).is_some_and(|text| !text.chars().all(may));
    piece.parts().iter().any(known).then_some(false)
}

fn literal(part: &Part) -> Option<&str> {
    if let Part::Lit(text) = part { Some(text) } else { None }
}

fn may_hold(symbol: &Symbol, char: char) -> bool {
    let form = symbol.data().form;
    match char {
        '/' => form.slash,
        'A'..='Z' => form.upper,
        char if char.is_whitespace() => form.space,
        'a'..='z' | '0'..='9' | '_' | '.' | '-' => spelling(symbol).is_none_or(|known| known.chars.contains(char)),
        _ => form.colon,
    }
}

fn spelling(symbol: &Symbol) -> Option<predefined::Spelling> {
    symbol.predefined().and_then(predefined::spelling)
}

/// Whether one surely has more characters than the other.
fn never_as_long(one: &Text, other: &Text) -> bool {
    let (one, other) = (lengths(one), lengths(other));
    one.1.is_some_and(|most| most < other.0) || other.1.is_some_and(|most| most < one.0)
}

/// The least and the most characters that a text may have.
fn lengths(text: &Text) -> (usize, Option<usize>) {
    let length = |part: &Part| match part {
        Part::Lit(text) => (text.chars().count(), Some(text.chars().count())),
        Part::Sym(symbol) => match spelling(symbol) {
            Some(known) if symbol.data().unset_in.is_empty() => (known.least, Some(known.most)),
            known => (0, known.map(|known| known.most)),
        },
    };
    let add = |(least, most): (usize, Option<usize>), (low, high): (usize, Option<usize>)| {
        (least.saturating_add(low), most.zip(high).map(|(most, high)| most.saturating_add(high)))
    };
    text.parts().iter().map(length).fold((0, Some(0)), add)
}

/// What differs between runs in another way is not the same: `latest` is no commit, a commit no pipeline.
fn varies_otherwise(one: &Text, other: &Text) -> bool {
    let unique = |class: &Option<Class>| *class >= Some(Class::PerCommit);
    let literal = |text: &Text| text.as_literal().is_some();
    let set_by_gitlab = |symbol: &&Symbol| symbol.predefined().is_some();
    let most = |text: &Text| text.symbols().filter(set_by_gitlab).map(|symbol| symbol.data().class).max().flatten();
    let all_known =
        |text: &Text| text.symbols().all(|symbol| symbol.predefined().is_some() && symbol.data().class.is_some());
    let beyond = |one: &Text, other: &Text| {
        let (class, lower) = (Some(most(one)).filter(unique), Some(most(other)).filter(unique));
        literal(other) && unique(&one.class()) || all_known(other) && class > lower
    };
    beyond(one, other) || beyond(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn what_two_texts_are_made_of_tells_whether_they_are_equal() {
        for (one, other, known) in [
            ("app", "app", Some(true)),
            ("app", "$NAME", None),
            ("$CI_REGISTRY_IMAGE", "$CI_REGISTRY/$CI_PROJECT_PATH", None),
            ("$CI_REGISTRY_IMAGE", "registry.example.com/group/app", None),
            // hosts, and known characters at either end
            ("$CI_REGISTRY_IMAGE/app", "app", Some(false)),
            ("$CI_REGISTRY_IMAGE/app", "docker.io/acme/app", Some(false)),
            ("$CI_REGISTRY_IMAGE/front", "$CI_REGISTRY_IMAGE/back", Some(false)),
            ("$CI_REGISTRY_IMAGE/$A/front", "$CI_REGISTRY_IMAGE/$B/back", Some(false)),
            ("$CI_REGISTRY_IMAGE/$A", "$CI_REGISTRY_IMAGE/back", None),
            ("$CI_REGISTRY_IMAGE/app", "$CI_REGISTRY_IMAGE", Some(false)),
            ("$CI_REGISTRY_IMAGE$SUFFIX", "$CI_REGISTRY_IMAGE", None),
            ("aXa", "aa", Some(false)),
            ("é", "è", Some(false)),
            // characters and lengths
            ("v1.0", "$CI_COMMIT_REF_SLUG", Some(false)),
            ("main", "$CI_COMMIT_REF_SLUG", None),
            ("feature/x", "$CI_COMMIT_REF_NAME", None),
            ("$CI_PROJECT_NAME/app", "$CI_REGISTRY_IMAGE/app", Some(false)),
            ("$CI_COMMIT_SHORT_SHA", "$CI_COMMIT_SHA", Some(false)),
            ("main-$CI_COMMIT_SHORT_SHA", "$CI_COMMIT_SHA", Some(false)),
            ("$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA", "$CI_COMMIT_SHA", Some(false)),
            ("$CI_COMMIT_BEFORE_SHA", "$CI_COMMIT_SHA", None),
            ("$X$CI_COMMIT_SHORT_SHA", "$CI_COMMIT_SHA", None),
            // how they vary
            ("latest", "$CI_COMMIT_SHA", Some(false)),
            ("latest", "$X-$CI_COMMIT_SHA", Some(false)),
            ("$CI_COMMIT_TAG", "$CI_COMMIT_SHA", Some(false)),
            ("$CI_PIPELINE_ID", "$CI_COMMIT_SHORT_SHA", Some(false)),
            ("$CI_COMMIT_TAG", "$CI_COMMIT_REF_NAME", None),
            ("$CI_COMMIT_REF_SLUG", "$CI_COMMIT_REF_NAME", None),
            ("$CI_PIPELINE_ID", "$CI_UPSTREAM_PIPELINE_ID", None),
            ("$VERSION", "$CI_COMMIT_SHA", None),
        ] {
            assert_eq!(equal(&text(one), &text(other)), known, "{one} {other}");
            assert_eq!(equal(&text(other), &text(one)), known, "{other} {one}");
        }
    }
}
