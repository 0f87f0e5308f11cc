//! The functions of bake files that references are made with (go-cty's `stdlib`); others are not followed.

use super::evaluate::Value;
use crate::clients::filled::Filled;
use crate::text::{Form, Origin, Symbol, SymbolData, Text};

/// The result of a function.
pub fn call(name: &str, arguments: &[Value]) -> Value {
    match (name, arguments) {
        ("not", [Value::Bool(truth)]) => Value::Bool(!truth),
        ("and", [Value::Bool(left), Value::Bool(right)]) => Value::Bool(*left && *right),
        ("or", [Value::Bool(left), Value::Bool(right)]) => Value::Bool(*left || *right),
        ("concat", lists) => concat(lists),
        ("compact", [Value::List(items)]) => compact(items),
        ("flatten", [Value::List(items)]) => concat(&items.iter().map(as_list).collect::<Vec<_>>()),
        ("distinct", [Value::List(items)]) => Value::List(items.iter().fold(Vec::new(), |mut seen, item| {
            if !seen.contains(item) {
                seen.push(item.clone());
            }
            seen
        })),
        ("coalesce", values) => values.iter().find(|value| **value != Value::Null).cloned().unwrap_or(Value::Unknown),
        ("join", [Value::Text(joint), Value::List(items)]) => join(joint, items),
        ("split", [Value::Text(separator), Value::Text(text)]) => split(separator, text),
        ("format", [Value::Text(format), words @ ..]) => formatted(format, words),
        ("lower" | "upper" | "trimspace" | "chomp" | "title", [Value::Text(text)]) => {
            changed(name, text, &[], arguments)
        }
        ("trimprefix" | "trimsuffix" | "trim", [Value::Text(text), Value::Text(word)]) => {
            changed(name, text, &[word], arguments)
        }
        ("replace", [Value::Text(text), Value::Text(old), Value::Text(new)]) => {
            changed(name, text, &[old, new], arguments)
        }
        ("sanitize" | "substr" | "regex_replace" | "reverse", [Value::Text(text), ..]) => {
            unfollowed(name, text, arguments)
        }
        _ => Value::Unknown,
    }
}

/// Whether two values are equal, where all of both is known.
pub fn known_equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::Text(left), Value::Text(right)) => {
            let literal = left.text.as_literal().is_some() && right.text.as_literal().is_some();
            let equal = left.text == right.text;
            (equal || literal).then_some(equal)
        }
        (Value::Text(text), Value::Bool(truth)) | (Value::Bool(truth), Value::Text(text)) => {
            text.text.as_literal().map(|text| text == if *truth { "true" } else { "false" })
        }
        (Value::Null, other) | (other, Value::Null) => Some(*other == Value::Null),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        _ => None,
    }
}

fn as_list(value: &Value) -> Value {
    match value {
        Value::List(_) | Value::Unknown => value.clone(),
        other => Value::List(vec![other.clone()]),
    }
}

fn concat(lists: &[Value]) -> Value {
    let mut whole = Vec::new();
    for list in lists {
        let Value::List(items) = list else { return Value::Unknown };
        whole.extend(items.iter().cloned());
    }
    Value::List(whole)
}

/// The list without empty texts and nulls.
fn compact(items: &[Value]) -> Value {
    let mut kept = Vec::new();
    for item in items {
        match item {
            Value::Null => {}
            Value::Text(text) if text.text.is_empty() => {}
            Value::Text(text) if text.text.surely_not_empty() => kept.push(item.clone()),
            _ => return Value::Unknown,
        }
    }
    Value::List(kept)
}

fn join(joint: &Filled, items: &[Value]) -> Value {
    let mut whole = Filled::default();
    for (index, item) in items.iter().enumerate() {
        let Value::Text(text) = item else { return Value::Unknown };
        if index > 0 {
            whole.push(joint);
        }
        whole.push(text);
    }
    Value::Text(whole)
}

/// The pieces of a text that is known.
fn split(separator: &Filled, text: &Filled) -> Value {
    let Some(separator) = separator.text.as_literal().filter(|separator| !separator.is_empty()) else {
        return Value::Unknown;
    };
    let Some(known) = text.text.as_literal() else { return Value::Unknown };
    let piece = |piece| Value::Text(Filled { text: Text::literal(piece), from: text.from.clone() });
    Value::List(known.split(separator).map(piece).collect())
}

/// `%s`, `%v`, `%d` and `%%`.
fn formatted(format: &Filled, words: &[Value]) -> Value {
    let Some(literal) = format.text.as_literal() else { return Value::Unknown };
    let mut whole = Filled { text: Text::empty(), from: format.from.clone() };
    let mut words = words.iter();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('%') {
        whole.text.push_str(before);
        match (after.chars().next(), words.as_slice().first()) {
            (Some('%'), _) => whole.text.push_str("%"),
            (Some('s' | 'v' | 'd'), Some(Value::Text(text))) => {
                whole.push(text);
                words.next();
            }
            _ => return Value::Unknown,
        }
        rest = &after[1..];
    }
    whole.text.push_str(rest);
    Value::Text(whole)
}

/// Functions of one text.
fn changed(name: &str, text: &Filled, words: &[&Filled], arguments: &[Value]) -> Value {
    let literals: Option<Vec<&str>> = words.iter().map(|word| word.text.as_literal()).collect();
    let (Some(known), Some(words)) = (text.text.as_literal(), literals) else {
        return unfollowed(name, text, arguments);
    };
    let made = match (name, words.as_slice()) {
        ("lower", []) => known.to_lowercase(),
        ("upper", []) => known.to_uppercase(),
        ("trimspace", []) => known.trim().to_owned(),
        ("chomp", []) => known.trim_end_matches(['\n', '\r']).to_owned(),
        ("trimprefix", [word]) => known.strip_prefix(word).unwrap_or(known).to_owned(),
        ("trimsuffix", [word]) => known.strip_suffix(word).unwrap_or(known).to_owned(),
        ("trim", [word]) => known.trim_matches(|char| word.contains(char)).to_owned(),
        ("replace", [old, new]) if !old.is_empty() && known.len() * (new.len() + 1) < 1 << 12 => {
            known.replace(old, new)
        }
        _ => return unfollowed(name, text, arguments),
    };
    Value::Text(Filled { text: Text::literal(made), from: text.from.clone() })
}

/// A text made from another one: it differs between runs as that one does, and holds what that one may.
fn unfollowed(name: &str, text: &Filled, arguments: &[Value]) -> Value {
    let mut form = text.text.form();
    match name {
        "lower" => form.upper = false,
        "upper" => form.upper = true,
        "sanitize" => form = Form { upper: form.upper, empty: form.empty, ..Form::SAFE },
        "replace" | "regex_replace" | "trim" | "trimprefix" | "trimsuffix" | "substr" => form = Form::ANY,
        _ => form.empty = true,
    }
    let first = text.text.as_symbol();
    let bare = first.and_then(|symbol| symbol.data().shown.strip_prefix('$'));
    let shown = match bare {
        Some(bare) if name == "lower" => format!("${{{bare},,}}"),
        _ => format!("${{{name}({})}}", text.text.shown()),
    };
    let origin = text.text.symbols().map(|symbol| symbol.data().origin.clone());
    let origin = origin.into_iter().find(|origin| matches!(origin, Origin::Predefined(_)));
    let keys = text.text.symbols().map(|symbol| symbol.data().key.as_str()).collect::<Vec<_>>().join(" ");
    let data = SymbolData {
        key: format!("{name} of {keys} {arguments:?}"),
        origin: origin.unwrap_or_else(|| Origin::Opaque(shown.clone())),
        class: text.text.class(),
        form,
        unset_in: first.map_or(crate::scenario::Scenarios::NONE, |symbol| symbol.data().unset_in),
        shown,
    };
    Value::Text(Filled { text: Text::symbol(Symbol::new(data)), from: text.from.clone() })
}
