//! A configuration as YAML and as JSON, in the order of its keys.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::json::dump;
use crate::source::{Span, is_undecoded};
use crate::value::{Entry, Kind, Map, Value};

/// The most values, and bytes of texts, that are written: what is shared in memory is written out each time.
const MOST_VALUES: usize = 2_000_000;
const MOST_BYTES: usize = 64 << 20;

/// Whether the configuration is small enough to be written.
#[must_use]
pub fn is_writable(map: &Map) -> bool {
    let (mut values, mut bytes) = (MOST_VALUES, MOST_BYTES);
    map.iter().all(|entry| charge(entry, &mut values, &mut bytes))
}

fn charge(entry: &Entry, values: &mut usize, bytes: &mut usize) -> bool {
    take(bytes, entry.key.len()) && charge_value(&entry.value, values, bytes)
}

fn charge_value(value: &Value, values: &mut usize, bytes: &mut usize) -> bool {
    take(values, 1)
        && match &value.kind {
            Kind::Text(text) => take(bytes, text.text().len()),
            Kind::List(items) => items.iter().all(|item| charge_value(item, values, bytes)),
            Kind::Map(map) => map.iter().all(|entry| charge(entry, values, bytes)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Reference(_) => true,
        }
}

fn take(left: &mut usize, cost: usize) -> bool {
    *left = left.saturating_sub(cost);
    *left > 0
}

/// Writes the configuration as JSON.
///
/// # Errors
/// When `out` refuses.
pub fn write_json(out: &mut dyn Write, map: &Map) -> io::Result<()> {
    dump(out, &Keys(map))
}

/// Writes several configurations as one JSON map, by their paths.
///
/// # Errors
/// When `out` refuses.
pub fn write_all_json(out: &mut dyn Write, all: &[(String, Map)]) -> io::Result<()> {
    let all: BTreeMap<&str, Keys> = all.iter().map(|(path, map)| (path.as_str(), Keys(map))).collect();
    dump(out, &all)
}

/// Writes the configuration as YAML that every reader understands alike: what could be taken for
/// something else than text is quoted.
///
/// # Errors
/// When `out` refuses.
pub fn write_yaml(out: &mut dyn Write, map: &Map) -> io::Result<()> {
    if map.is_empty() {
        return out.write_all(b"{}\n");
    }
    block(out, map, 0)
}

struct Node<'a>(&'a Value);
struct Keys<'a>(&'a Map);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for entry in self.0.iter() {
            map.serialize_entry(&*entry.key, &Node(&entry.value))?;
        }
        map.end()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0.kind {
            Kind::Null => to.serialize_unit(),
            Kind::Bool(value) => to.serialize_bool(*value),
            Kind::Number(text) => number(text, to),
            Kind::Text(text) => to.serialize_str(text.text()),
            Kind::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items.iter() {
                    list.serialize_element(&Node(item))?;
                }
                list.end()
            }
            Kind::Map(map) => Keys(map).serialize(to),
            Kind::Reference(path) => to.serialize_str(&reference(path)),
        }
    }
}

/// A number as a number, a symbol as text.
fn number<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
    if let Ok(whole) = text.parse::<i64>() {
        return to.serialize_i64(whole);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => to.serialize_f64(value),
        _ => to.serialize_str(text),
    }
}

/// `!reference [a, b]`: what it names could not be read.
fn reference(path: &[(String, Span)]) -> String {
    let keys: Vec<String> = path.iter().map(|(key, _)| quoted(key)).collect();
    format!("!reference [{}]", keys.join(", "))
}

fn block(out: &mut dyn Write, map: &Map, indent: usize) -> io::Result<()> {
    for (number, entry) in map.iter().enumerate() {
        // The first key stands behind the `- ` of a list, or at the margin already.
        if number > 0 {
            write!(out, "{:indent$}", "")?;
        }
        write!(out, "{}:", scalar(&entry.key))?;
        value(out, &entry.value, indent, false)?;
    }
    Ok(())
}

/// A value behind `key:` or `-`, with the end of its line.
fn value(out: &mut dyn Write, given: &Value, indent: usize, in_list: bool) -> io::Result<()> {
    match &given.kind {
        Kind::Null => writeln!(out, " null"),
        Kind::Bool(value) => writeln!(out, " {value}"),
        Kind::Number(text) if is_number(text) => writeln!(out, " {text}"),
        Kind::Number(text) => writeln!(out, " {}", quoted(text)),
        Kind::Text(text) => written(out, text.text(), indent),
        Kind::Reference(path) => writeln!(out, " {}", reference(path)),
        Kind::List(items) if items.is_empty() => writeln!(out, " []"),
        Kind::Map(map) if map.is_empty() => writeln!(out, " {{}}"),
        Kind::Map(map) if in_list => {
            write!(out, " ")?;
            block(out, map, indent + 2)
        }
        Kind::Map(map) => {
            write!(out, "\n{:1$}", "", indent + 2)?;
            block(out, map, indent + 2)
        }
        Kind::List(items) => {
            writeln!(out)?;
            for item in items.iter() {
                write!(out, "{:1$}-", "", indent + 2)?;
                value(out, item, indent + 2, true)?;
            }
            Ok(())
        }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
        || (text.contains('.') && text.starts_with(|char: char| char.is_ascii_digit()) && text.parse::<f64>().is_ok())
}

/// A text: several lines as a block where a block says exactly the same.
fn written(out: &mut dyn Write, text: &str, indent: usize) -> io::Result<()> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.split('\n').all(|line| line.chars().all(is_plain) && (line.is_empty() || !line.trim().is_empty()));
    if !fits {
        return writeln!(out, " {}", scalar(text));
    }
    writeln!(out, " {}", if body.len() < text.len() { "|" } else { "|-" })?;
    for line in body.split('\n') {
        let indent = if line.is_empty() { 0 } else { indent + 2 };
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// A text on one line, without quotes only where nobody could read it as anything else.
fn scalar(text: &str) -> String {
    let word = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '/' | '$' | '-');
    let first = |char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '/' | '$');
    let known = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let is_key = text.strip_prefix('.').unwrap_or(text);
    let is_plain = is_key.starts_with(first)
        && text.chars().all(|char| word(char) || char == ' ')
        && !text.ends_with(' ')
        && !known.contains(&is_key.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// Whether a character needs no escape: what is escaped stays told apart, as bytes that were not decoded are.
fn is_plain(char: char) -> bool {
    !char.is_control() && !is_undecoded(char) && !matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn quoted(text: &str) -> String {
    if text.chars().all(is_plain) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            char if is_plain(char) => quoted.push(char),
            char => quoted.push_str(&format!("\\u{:04X}", u32::from(char))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn read(text: &str) -> Value {
        let document = crate::yaml::parse(text, FileId(0), 0).unwrap_or_else(|error| panic!("{error:?}: {text}"));
        crate::value::resolve(document).unwrap_or_else(|_| panic!("too big"))
    }

    fn as_json(value: &Value) -> String {
        serde_json::to_string(&Node(value)).expect("JSON")
    }

    fn yaml(value: &Value) -> String {
        let mut out = Vec::new();
        write_yaml(&mut out, value.as_map().expect("a map")).expect("a Vec takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let value = read(
            "a: {b: [1, 1.5, 'yes', yes, ~, '', '12', 'x: y', '# c', \"t\\tab\", [n, {m: [], o: {}}]]}\nscript:\n  - |\n    a\n\n      b\n  - \"x\\n\"\n  - ' lead'\n  - \"\\n\\na\\r\"\n'on': 'it''s'\n? 'k: 1'\n: '2024-01-31'\n",
        );
        let again = read(&yaml(&value));
        assert_eq!(as_json(&value), as_json(&again), "{}", yaml(&value));
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives(text in "\\PC*|[ \\n\\ta:#'\"\\-|>~y0-9.]*") {
            let map = |kind| Value::new(Span::new(FileId(0), 0, 0), kind);
            let value = read("a: [x]\n");
            let mut root = Map::default();
            let item = map(Kind::Text(std::sync::Arc::new(crate::source::Mapped::coarse(text.as_str(), value.at))));
            let entry = value.as_map().expect("a map").entry("a").expect("a").clone();
            root.insert(Entry { value: map(Kind::List(std::sync::Arc::new(vec![item]))), ..entry });
            let value = map(Kind::Map(std::sync::Arc::new(root)));
            proptest::prop_assert_eq!(as_json(&value), as_json(&read(&yaml(&value))));
        }
    }
}
