//! Generated documents: every scalar maps to its source, and nothing panics.

use proptest::prelude::*;

use super::super::{documents, parse};
use super::{FILE, check_mappings};

/// A word of a scalar.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "é",
        "docker push",
        "\\n",
        "''",
        "'",
        "\\\"",
        "#",
        "- b",
        "c:",
        "\\x41",
        "$X",
        "\\",
        "{",
        "😀",
    ])
}

/// What separates words: nothing, blanks, line breaks, lines that are indented more.
fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "  ", "\t", "\n", "\n\n", "\r\n", " \n", "\n  ", "\n \n", "\\\n", "\n\t", "\r"])
}

fn content() -> impl Strategy<Value = String> {
    prop::collection::vec((word(), gap()), 0..8)
        .prop_map(|parts| parts.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
}

/// One value in some style; lines are indented to stand below a key.
fn written() -> impl Strategy<Value = String> {
    let property = prop::sample::select(vec!["", "&x ", "!t ", "!t &x ", "&x\n  "]);
    let header = prop::sample::select(vec!["", "-", "+", "1", "2-", "+2", " # c"]);
    (content(), property, header, 0..6).prop_map(|(content, property, header, style)| {
        let lines = content.replace('\n', "\n  ");
        match style {
            0 => format!("{property}{lines}"),
            1 => format!("{property}'{lines}'"),
            2 => format!("{property}\"{lines}\""),
            3 => format!("{property}|{header}\n  {lines}"),
            4 => format!("{property}>{header}\n  {lines}"),
            _ => format!("{property}['{lines}', \"{lines}\" ] # c"),
        }
    })
}

fn generated() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec!["k: ", "é: ", "- ", "? ", "k:\n  ", "- - ", "- k: ", "'q': "]);
    let tail = prop::sample::select(vec!["\n", "\n\n", "", "\r\n", " # c\n", "\n  \n"]);
    prop::collection::vec((key, written(), tail), 1..4)
        .prop_map(|entries| entries.into_iter().map(|(key, value, tail)| format!("{key}{value}{tail}")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_scalar_of_every_style_maps_to_its_source(text in generated()) {
        if let Ok(document) = parse(&text, FILE, 0) {
            prop_assert_eq!(check_mappings(&text, &document), 0, "{:?}", text);
        }
    }

    #[test]
    fn texts_of_indicators_never_panic(text in "[-a:?|>'\"\\\\#&*!\\[\\]{},é+1%@ \n\r\t]{0,40}") {
        match parse(&text, FILE, 0) {
            Ok(document) => {
                prop_assert_eq!(check_mappings(&text, &document), 0, "{:?}", text);
            }
            Err(error) => prop_assert!(text.get(error.span.range()).is_some()),
        }
    }

    #[test]
    fn any_text_never_panics(text in any::<String>()) {
        for part in documents(&text) {
            match parse(&text[part.clone()], FILE, part.start) {
                Ok(document) => drop(check_mappings(&text, &document)),
                Err(error) => prop_assert!(text.get(error.span.range()).is_some()),
            }
        }
    }
}
