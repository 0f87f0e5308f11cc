//! The fingerprint of a finding: lint, file, the keys that lead to its cause, the cause's text, and
//! its number among equals. No line numbers: it survives what is written above it.

use std::collections::HashMap;

use super::{Raised, Reported};
use crate::source::{FileId, Sources, Span};

/// Gives each finding its fingerprint, in the order in which they are told.
pub(super) fn mark(sources: &Sources, raised: Vec<Raised>) -> Vec<Reported> {
    let mut paths: HashMap<FileId, KeyPaths> = HashMap::new();
    let mut equals: HashMap<u64, u64> = HashMap::new();
    let mut reported = Vec::with_capacity(raised.len());
    for Raised { lint, finding, .. } in raised {
        let cause = finding.cause.at;
        let source = sources.get(cause.file);
        let keys = paths.entry(cause.file).or_insert_with(|| KeyPaths::of(&source.text));
        let mut hash = Fnv::new();
        hash.field(lint.id);
        hash.field(&source.path);
        for key in keys.to(cause) {
            hash.field(key);
        }
        hash.field(finding.cause.kind);
        sources.slice(cause).split_whitespace().for_each(|word| hash.field(word));
        let ordinal = equals.entry(hash.0).or_default();
        hash.field(&ordinal.to_string());
        *ordinal += 1;
        let fingerprint = format!("{:016x}", hash.0);
        reported.push(Reported { lint: lint.id, level: lint.level, finding, fingerprint });
    }
    reported
}

/// FNV-1a with 64 bits: short, and the same on every machine and in every version.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a text and its end, so that `ab`, `c` and `a`, `bc` differ.
    fn field(&mut self, text: &str) {
        for byte in text.bytes().chain(std::iter::once(0)) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// For each line with a key, the key and the line of the key that holds it: read off the
/// indentation, so that a file that is no YAML has paths too.
struct KeyPaths<'a> {
    keys: Vec<Key<'a>>,
}

struct Key<'a> {
    start: usize,
    name: &'a str,
    parent: Option<usize>,
}

impl<'a> KeyPaths<'a> {
    fn of(text: &'a str) -> Self {
        let mut keys: Vec<Key<'a>> = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut block: Option<usize> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let body = line.trim_start_matches([' ', '-']);
            let indent = line.len() - body.len();
            if body.trim().is_empty() || body.starts_with('#') {
                continue;
            }
            if block.is_some_and(|outer| indent > outer) {
                continue;
            }
            block = opens_block(body).then(|| line.len() - line.trim_start().len());
            let Some((name, _)) = body.split_once(':').filter(|(_, rest)| rest.starts_with([' ', '\n', '\r'])) else {
                continue;
            };
            while open.last().is_some_and(|(outer, _)| *outer >= indent) {
                open.pop();
            }
            keys.push(Key { start: at, name: name.trim(), parent: open.last().map(|(_, key)| *key) });
            open.push((indent, keys.len() - 1));
        }
        KeyPaths { keys }
    }

    /// The keys that lead to a place, the innermost first; at most 64.
    fn to(&self, span: Span) -> impl Iterator<Item = &'a str> {
        let last = self.keys.partition_point(|key| key.start <= span.range().start).checked_sub(1);
        std::iter::successors(last, |key| self.keys[*key].parent).take(64).map(|key| self.keys[key].name)
    }
}

/// Whether a line ends in `|`, `>-` and the like, so that deeper lines are text.
fn opens_block(line: &str) -> bool {
    let last = line.split_whitespace().take_while(|word| !word.starts_with('#')).last().unwrap_or("");
    last.starts_with(['|', '>']) && last[1..].bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
}
