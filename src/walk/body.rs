//! A piece of shell with its tree: the job's script, a sourced file, the argument of `eval`.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::budget::Budget;
use crate::files::ReadError;
use crate::shell::ast::{At, Command, Script};
use crate::source::{Mapped, Span};
use crate::text::Inputs;

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    /// sh, bash.
    Posix,
    /// PowerShell, whose tree is told in the shell's words.
    PowerShell,
}

/// A text and its tree.
#[derive(Debug)]
pub(super) struct Body {
    pub text: Mapped,
    pub language: Language,
    pub script: Script,
    /// Where the text as a whole stands, for what has no place of its own.
    pub at: Span,
}

impl Body {
    /// No script at all.
    pub fn empty(at: Span) -> Self {
        Body { text: Mapped::default(), language: Language::Posix, script: Script::default(), at }
    }

    /// Where bytes of the text were written.
    pub fn span(&self, at: At) -> Span {
        self.text.span(at.range()).unwrap_or(self.at)
    }

    /// Why a script in PowerShell is not followed: it does not run at all where a part of it is not read.
    pub fn misread(&self) -> Option<String> {
        let fault = self.script.faults.first().filter(|_| self.language == Language::PowerShell)?;
        let line = self.source(fault.at).lines().next().unwrap_or("").trim();
        Some(format!("{} in `{}`", fault.message, line.chars().take(60).collect::<String>()))
    }

    /// The bytes as written.
    pub fn source(&self, at: At) -> &str {
        self.text.text().get(at.range()).unwrap_or("")
    }
}

/// A function of the script.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub body: Arc<Body>,
    pub command: Arc<Command>,
}

/// Bodies by text: jobs that share a script share its tree.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// By the hash of their text.
    known: HashMap<u64, Vec<Arc<Body>>>,
    hasher: std::hash::RandomState,
    /// What is known of `$[[ … ]]`.
    pub inputs: Inputs,
    /// The repository's files that were asked for.
    files: HashMap<String, Result<Mapped, ReadError>>,
    /// The names in its folders, as far as they were asked for.
    folders: HashMap<String, Arc<Vec<String>>>,
}

impl Bodies {
    /// No bodies yet; `inputs`: what is known of `$[[ … ]]`.
    pub fn new(inputs: Inputs) -> Self {
        Bodies { inputs, ..Bodies::default() }
    }

    /// The body of a text; parsed once for each text and place, at the budget's cost. `None` where
    /// nothing is left of that.
    pub fn get(&mut self, text: Mapped, language: Language, at: Span, budget: &mut Budget) -> Option<Arc<Body>> {
        let known = self.known.entry(self.hasher.hash_one(text.text())).or_default();
        if let Some(body) = known.iter().find(|body| body.text == text && body.language == language) {
            return Some(body.clone());
        }
        budget.read(text.text().len());
        if budget.is_spent() {
            return None;
        }
        let script = if text.text().contains("$[[") {
            parse(&mask_inputs(&text, &self.inputs), language)
        } else {
            parse(text.text(), language)
        };
        let body = Arc::new(Body { script, text, language, at });
        known.push(body.clone());
        Some(body)
    }

    /// A file that was asked for before: its text, or why it cannot be read.
    pub fn file(&self, path: &str) -> Option<Result<Mapped, ReadError>> {
        self.files.get(path).cloned()
    }

    /// Remembers a file.
    pub fn keep_file(&mut self, path: String, text: Result<Mapped, ReadError>) {
        self.files.insert(path, text);
    }

    /// The names in a folder; `list` lists them once.
    pub fn names(&mut self, folder: &str, list: impl FnOnce() -> Vec<String>) -> Arc<Vec<String>> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        self.folders.entry(folder.to_owned()).or_insert_with(|| Arc::new(list())).clone()
    }

    /// The number of files that were read.
    pub fn file_count(&self) -> usize {
        self.files.values().filter(|text| text.is_ok()).count()
    }
}

fn parse(text: &str, language: Language) -> Script {
    match language {
        Language::Posix => crate::shell::parse(text),
        Language::PowerShell => crate::powershell::to_shell(&crate::powershell::parse(text)),
    }
}

/// Hides `$[[ … ]]` from the shell behind a parameter of the same length, so that ranges stay true.
/// A block that is too short to hold a name cannot occur: `$[[]]` is five bytes, `${_i}` the same.
/// In a file without inputs it is text.
fn mask_inputs(mapped: &Mapped, inputs: &Inputs) -> String {
    let text = mapped.text();
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("$[[") {
        let at = text.len() - rest.len() + start;
        if mapped.span(at..at + 1).is_none_or(|span| !inputs.has(span.file)) {
            masked.push_str(&rest[..start + 3]);
            rest = &rest[start + 3..];
            continue;
        }
        let Some(length) = rest[start..].find("]]").map(|end| end + 2) else { break };
        masked.push_str(&rest[..start]);
        masked.push_str("${");
        for _ in 0..length - 3 {
            masked.push('_');
        }
        masked.push('}');
        rest = &rest[start + length..];
    }
    masked.push_str(rest);
    masked
}
