//! The JSON document keeps to its schema. The check knows the few words that the schema uses.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use pushlint::analysis::Analysis;
use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::judge::Reported;
use pushlint::lint::Level;
use pushlint::model::{Note, NoteKind};
use pushlint::report::json;
use pushlint::scenario::Scenarios;
use pushlint::source::{Source, Span};
use serde_json::Value;

const SCHEMA: &str = include_str!("../schemas/findings.schema.json");

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the check does not know the type `{other}`"),
    }
}

/// What in `value` is not as `schema` says.
fn wrong(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, rule) in schema.as_object().unwrap() {
        let fits = match word.as_str() {
            "$ref" => {
                let target = root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(wrong(root, target, value, path));
                true
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_u64().is_some_and(|number| number >= rule.as_u64().unwrap()),
            "type" => has_type(value, rule.as_str().unwrap()),
            "anyOf" => rule.as_array().unwrap().iter().any(|rule| wrong(root, rule, value, path).is_empty()),
            "required" => rule.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                found.extend(items.flat_map(|(at, item)| wrong(root, rule, item, &format!("{path}/{at}"))));
                true
            }
            "properties" => {
                let Some(keys) = value.as_object() else { continue };
                for (key, value) in keys {
                    let known = rule.get(key).map(|rule| wrong(root, rule, value, &format!("{path}/{key}")));
                    found.extend(known.unwrap_or_default());
                }
                keys.keys().all(|key| rule.get(key).is_some())
            }
            "$schema" | "title" | "$defs" | "additionalProperties" => true,
            other => panic!("the check does not know `{other}`"),
        };
        if !fits {
            found.push(format!("{path}: {word}"));
        }
    }
    found
}

fn document() -> Value {
    let mut analysis = Analysis::default();
    let file = analysis.sources.add(Source::new("a.yml", "a: ä\u{9b}\"b\n"));
    let at = Span::new(file, 3, 5);
    analysis.notes = vec![
        Note { kind: NoteKind::UnreadScript, at: Some(at), message: "x".to_owned() },
        Note { kind: NoteKind::SkippedFile, at: None, message: "y".to_owned() },
    ];
    let finding = Finding {
        message: "odd\u{9b}".to_owned(),
        at,
        label: "this".to_owned(),
        help: None,
        certainty: Certainty::Likely,
        labels: vec![Label { at, message: "that".to_owned() }],
        jobs: vec!["a".to_owned()],
        scenarios: Scenarios::ALL,
        cause: Cause { at, kind: "odd" },
    };
    let reported = Reported { lint: "odd", level: Level::Error, finding, fingerprint: "00".to_owned() };
    let mut out = Vec::new();
    json::write(&mut out, &analysis, &[reported], ".").unwrap();
    assert!(!String::from_utf8(out.clone()).unwrap().contains('\u{9b}'));
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn the_document_keeps_to_the_schema_and_to_the_input() {
    let (schema, document) = (serde_json::from_str(SCHEMA).unwrap(), document());
    assert_eq!(wrong(&schema, &schema, &document, ""), [] as [String; 0]);
    assert_eq!(document["findings"][0]["message"], "odd\u{9b}");
    assert_eq!(document["findings"][0]["end"], serde_json::json!({"line": 1, "column": 5, "offset": 5}));
}

#[test]
fn the_check_sees_what_is_wrong() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    for (path, value) in
        [("/version", 2.into()), ("/findings/0/level", "bad".into()), ("/notes/0/start/line", 0.into())]
    {
        let mut document = document();
        *document.pointer_mut(path).unwrap() = value;
        assert!(!wrong(&schema, &schema, &document, "").is_empty(), "{path}");
    }
}
