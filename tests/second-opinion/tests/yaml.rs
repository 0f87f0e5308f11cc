//! Is the YAML tree what another lineage of parsers reads? Every YAML file of `fixtures/` and of a
//! corpus beside the project (`PUSHLINT_SHARED`, or `../shared`), each document alone, against
//! `serde_yaml` (libyaml). Aliases are expanded, `<<` stays a key, quoted and block scalars compare as
//! text, plain ones as text or by the core schema.

use std::path::{Path, PathBuf};

use pushlint::source::FileId;
use pushlint::yaml::{Document, Node, NodeKind, Scalar, Style, documents, parse};
use serde_yaml::Value;

/// Where `serde_yaml` may refuse what pushlint reads: a part of its message, and why.
const THEIR_REFUSALS: &[(&str, &str)] = &[
    ("duplicate entry", "GitLab's parser keeps the last of two equal keys, and so must we"),
    ("repetition limit exceeded", "it expands aliases, we do not"),
];

/// Where pushlint may refuse what `serde_yaml` reads: a part of our message, and why.
const OUR_REFUSALS: &[(&str, &str)] = &[];

/// Nodes compared in one document at most, aliases expanded.
const MOST: usize = 1_000_000;

struct Text {
    path: PathBuf,
    text: String,
}

fn texts() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("PUSHLINT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let mut found = Vec::new();
    for folder in [root.join("fixtures"), shared.join("corpus")] {
        if folder.is_dir() {
            collect(&folder, &mut found);
        } else {
            println!("skipped: {} is not here", folder.display());
        }
    }
    found.sort_by(|one: &Text, other| one.path.cmp(&other.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Text>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            let bytes = std::fs::read(&path).unwrap_or_default();
            found.push(Text { path, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
}

/// Calls `visit` with each document of each text: its path and number, the text and the part of it.
fn each_document(mut visit: impl FnMut(&str, &str, std::ops::Range<usize>)) {
    for Text { path, text } in &texts() {
        for (number, part) in documents(text).into_iter().enumerate() {
            visit(&format!("{} part {number}", path.display()), text, part);
        }
    }
}

#[test]
fn serde_yaml_reads_the_same_tree() {
    let (mut same, mut refused, mut excused, mut wrong) = (0, 0, 0, Vec::new());
    each_document(|name, text, part| {
        let ours = parse(&text[part.clone()], FileId(0), part.start);
        let theirs = serde_yaml::from_str::<Value>(&text[part]);
        match (ours, theirs) {
            (Ok(document), Ok(value)) => match compare_document(&document, &value) {
                Ok(()) => same += 1,
                Err(difference) => wrong.push(format!("{name}: {difference}")),
            },
            (Err(_), Err(_)) => refused += 1,
            (Ok(_), Err(error)) if listed(THEIR_REFUSALS, &error.to_string()) => excused += 1,
            (Err(error), Ok(_)) if listed(OUR_REFUSALS, &error.message) => excused += 1,
            (Ok(_), Err(error)) => wrong.push(format!("{name}: serde_yaml refuses: {error}")),
            (Err(error), Ok(_)) => wrong.push(format!("{name}: pushlint refuses: {error:?}")),
        }
    });
    println!("{same} documents equal, {refused} refused by both, {excused} by one, {} differ", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn listed(table: &[(&str, &str)], message: &str) -> bool {
    table.iter().any(|(part, _)| message.contains(part))
}

fn compare_document(document: &Document, value: &Value) -> Result<(), String> {
    compare(document, &document.root, value, &mut MOST.clone())
}

fn compare(document: &Document, node: &Node, value: &Value, budget: &mut usize) -> Result<(), String> {
    if *budget == 0 {
        return Ok(());
    }
    *budget -= 1;
    let value = match (&node.tag, value) {
        (Some(tag), Value::Tagged(tagged)) if tagged.tag == **tag => &tagged.value,
        (Some(tag), value) if tag.starts_with("tag:yaml.org,2002:") => value,
        (Some(_), _) => return differ(node, value),
        (None, value) => value,
    };
    match (&node.kind, value) {
        (NodeKind::Alias(number), value) => compare(document, &document.anchors[*number], value, budget),
        (NodeKind::Scalar(scalar), value) if is_scalar(scalar, node.tag.as_deref(), value) => Ok(()),
        (NodeKind::Sequence(nodes), Value::Sequence(values)) if nodes.len() == values.len() => {
            nodes.iter().zip(values).try_for_each(|(node, value)| compare(document, node, value, budget))
        }
        (NodeKind::Mapping(pairs), Value::Mapping(values)) if pairs.len() == values.len() => {
            pairs.iter().zip(values).try_for_each(|((key, node), (name, value))| {
                compare(document, key, name, budget)?;
                compare(document, node, value, budget)
            })
        }
        _ => differ(node, value),
    }
}

fn differ(node: &Node, value: &Value) -> Result<(), String> {
    Err(format!("at {:?}: {node:?} is not {value:?}", node.span))
}

fn is_scalar(scalar: &Scalar, tag: Option<&str>, value: &Value) -> bool {
    let text = scalar.text.text();
    if scalar.style != Style::Plain || tag == Some("tag:yaml.org,2002:str") {
        return value.as_str() == Some(text);
    }
    match value {
        Value::String(value) => value == text,
        Value::Null => matches!(text, "" | "~" | "null" | "Null" | "NULL"),
        Value::Bool(value) => text.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        Value::Number(number) => is_number(text, number),
        _ => false,
    }
}

fn is_number(text: &str, number: &serde_yaml::Number) -> bool {
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find(|(prefix, _)| digits.starts_with(prefix));
    let whole = radix.map_or_else(|| digits.parse(), |(_, radix)| i128::from_str_radix(&digits[2..], radix));
    let expected = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    match (whole, expected) {
        (Ok(whole), Some(expected)) => sign * whole == expected,
        _ => match text.to_ascii_lowercase().replace('.', "").as_str() {
            "inf" | "+inf" | "-inf" => number.is_infinite(),
            "nan" => number.is_nan(),
            _ => text.parse::<f64>().ok() == number.as_f64(),
        },
    }
}

#[test]
fn every_scalar_maps_back_to_its_source() {
    let (mut scalars, mut whole) = (0, Vec::new());
    each_document(|name, text, part| {
        let Ok(document) = parse(&text[part.clone()], FileId(0), part.start) else { return };
        let mut open = vec![&document.root];
        while let Some(node) = open.pop() {
            match &node.kind {
                NodeKind::Scalar(scalar) => {
                    scalars += 1;
                    if !maps_back(name, text, node, scalar) {
                        whole.push(format!("{name}: {:?}", &text[node.span.range()]));
                    }
                }
                NodeKind::Sequence(nodes) => open.extend(nodes.iter()),
                NodeKind::Mapping(pairs) => open.extend(pairs.iter().flat_map(|(key, value)| [key, value])),
                NodeKind::Alias(_) => {}
            }
        }
    });
    println!("{scalars} scalars, {} known only as a whole", whole.len());
    assert!(whole.is_empty(), "{}", whole.join("\n"));
}

/// Whether the scalar's bytes have places of their own; fails where one is wrong.
fn maps_back(name: &str, text: &str, node: &Node, scalar: &Scalar) -> bool {
    let (decoded, segments) = (scalar.text.text(), scalar.text.segments());
    let mut last = 0;
    for (index, segment) in segments.iter().enumerate() {
        let next = segments.get(index + 1).map_or(decoded.len(), |next| next.start as usize);
        assert!(last <= segment.span.start, "{name}: {segments:?}");
        let written = &text[segment.span.range()];
        if segment.exact {
            assert_eq!(written, &decoded[segment.start as usize..next], "{name}");
        }
        last = segment.span.end;
    }
    let coarse = segments.len() == 1 && !segments[0].exact && segments[0].span == node.span;
    decoded.is_empty() || !coarse
}
