//! A Makefile as its lines: assignments, rules, recipes, conditionals. Only what is written: nothing is
//! expanded, and conditionals are not decided (they may stand inside a recipe).

use super::scan::{find, unescaped};
use crate::source::Mapped;

/// One line, with its continuations; a `define` with its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `ifeq …`.
    If(Condition),
    /// `else`, `else ifeq …`.
    Else(Option<Condition>),
    /// `endif`.
    EndIf,
    /// `A = x`, `define A`.
    Assign(Assignment),
    /// `targets: A = x`.
    ForTargets(Mapped, Assignment),
    /// `targets: prerequisites`.
    Rule(Rule),
    /// A line of a recipe, without its tab.
    Recipe(Mapped),
    /// `include files`; `optional`: `-include`.
    Include {
        /// The files.
        files: Mapped,
        /// A missing one is no error.
        optional: bool,
    },
    /// `export`, with names or for all variables.
    Export(Mapped),
    /// `undefine A`.
    Undefine(Mapped),
    /// Something that is expanded for what it does: `$(eval …)`.
    Other(Mapped),
}

/// What a conditional asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `ifneq`, `ifndef`.
    pub negated: bool,
    /// `ifdef`: the name. `ifeq`: the first value.
    pub left: Mapped,
    /// The second value; `None`: `ifdef`.
    pub right: Option<Mapped>,
}

impl Condition {
    /// The variable for whose being empty it asks: `ifndef A`, `ifeq ($(A),)`.
    pub fn asks_whether_empty(&self) -> Option<&str> {
        let Some(right) = &self.right else { return self.negated.then(|| self.left.text()) };
        let marks: [char; 2] = ['"', '\''];
        let asked = match (self.left.text().trim_matches(marks), right.text().trim_matches(marks)) {
            ("", asked) | (asked, "") => asked,
            _ => return None,
        };
        let name = referred(asked)?;
        let name = name.strip_prefix("strip ").map_or(Some(name), |inner| referred(inner.trim()))?;
        (!self.negated && !name.contains(['$', ' ', ':'])).then_some(name)
    }
}

/// What stands in `$(…)` or `${…}`, where a text is nothing else.
fn referred(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
    inner.or_else(|| text.strip_prefix("${")?.strip_suffix('}'))
}

/// How an assignment sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Recursive,
    /// `:=`, `::=`, `:::=`
    Simple,
    /// `?=`
    Default,
    /// `+=`
    Append,
    /// `!=`
    Shell,
}

/// A variable's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name, not yet expanded.
    pub name: Mapped,
    /// How.
    pub operator: Operator,
    /// The value, not yet expanded.
    pub value: Mapped,
    /// `export` in front.
    pub export: bool,
    /// `override` in front: it beats the command line.
    pub beats: bool,
}

/// The head of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The targets.
    pub targets: Mapped,
    /// The pattern of the targets' stems: `targets: pattern: prerequisites`.
    pub pattern: Option<Mapped>,
    /// The prerequisites, those after `|` included.
    pub prerequisites: Mapped,
    /// `; recipe` on the same line.
    pub recipe: Option<Mapped>,
    /// `::`
    pub double: bool,
}

/// Reads the lines of a Makefile.
pub fn read(text: &Mapped) -> Vec<Line> {
    let mut reader = Reader { whole: text, text: text.text(), at: 0, in_rule: false, prefix: '\t' };
    let mut lines = Vec::new();
    while reader.at < reader.text.len() {
        lines.extend(reader.line());
    }
    lines
}

struct Reader<'a> {
    whole: &'a Mapped,
    text: &'a str,
    at: usize,
    in_rule: bool,
    prefix: char,
}

impl Reader<'_> {
    /// The end of the line that begins here, with the lines that `\` joins to it.
    fn end(&self) -> usize {
        let mut at = self.at;
        loop {
            let Some(length) = self.text[at..].find('\n') else { return self.text.len() };
            let line = self.text[at..at + length].trim_end_matches('\r');
            let slashes = line.len() - line.trim_end_matches('\\').len();
            at += length + 1;
            if slashes.is_multiple_of(2) || at >= self.text.len() {
                return at;
            }
        }
    }

    fn line(&mut self) -> Option<Line> {
        let (start, end) = (self.at, self.end());
        self.at = end;
        let body = self.text[start..end].trim_end_matches(['\n', '\r']);
        if self.in_rule && body.starts_with(self.prefix) {
            return Some(Line::Recipe(self.recipe(start + self.prefix.len_utf8(), start + body.len())));
        }
        let line = self.joined(start, start + body.len());
        let line = trimmed(&cut(&line, unescaped(line.text(), '#')));
        if line.text().is_empty() {
            return None;
        }
        self.directive(&line).or_else(|| self.statement(&line))
    }

    /// A recipe line keeps its continuations, but not the tabs behind them.
    fn recipe(&self, start: usize, end: usize) -> Mapped {
        let mut line = Mapped::default();
        let mut from = start;
        for (index, piece) in self.text[start..end].split_inclusive('\n').enumerate() {
            let tab = usize::from(index > 0 && piece.starts_with(self.prefix)) * self.prefix.len_utf8();
            line.append(&self.whole.slice(from + tab..from + piece.len()));
            from += piece.len();
        }
        line
    }

    /// A line whose continuations are one space each.
    fn joined(&self, start: usize, end: usize) -> Mapped {
        let mut line = Mapped::default();
        let mut at = start;
        while let Some(length) = self.text[at..end].find("\\\n").or_else(|| self.text[at..end].find("\\\r\n")) {
            let kept = self.text[at..at + length].trim_end();
            line.append(&self.whole.slice(at..at + kept.len()));
            let next = at + length + self.text[at + length..end].find('\n').map_or(1, |line| line + 1);
            let rest = self.text[next..end].trim_start_matches([' ', '\t']);
            at = end - rest.len();
            if let Some(span) = self.whole.span(next - 1..next) {
                line.push_coarse(" ", span);
            }
        }
        line.append(&self.whole.slice(at..end));
        line
    }

    fn directive(&mut self, line: &Mapped) -> Option<Line> {
        let text = line.text();
        let word = text.split([' ', '\t', '(', '"', '\'']).next().unwrap_or("");
        let rest = || trimmed(&line.slice(word.len()..text.len()));
        Some(match word {
            "ifeq" | "ifneq" | "ifdef" | "ifndef" => Line::If(condition(word, &rest())?),
            "else" => {
                let rest = rest();
                let word = rest.text().split([' ', '\t', '(', '"', '\'']).next().unwrap_or("").to_owned();
                let after = trimmed(&rest.slice(word.len()..rest.text().len()));
                Line::Else(condition(&word, &after))
            }
            "endif" => Line::EndIf,
            "define" => self.define(&rest(), false, false),
            "include" | "-include" | "sinclude" if !assigns(rest().text()) => {
                self.in_rule = false;
                Line::Include { files: rest(), optional: word != "include" }
            }
            "undefine" => Line::Undefine(rest()),
            "unexport" | "vpath" | "load" => return Some(Line::Other(Mapped::default())),
            _ => return None,
        })
    }

    fn define(&mut self, head: &Mapped, export: bool, beats: bool) -> Line {
        let (name, operator) = match operator(head.text()) {
            Some((at, _, operator)) => (trimmed(&head.slice(0..at)), operator),
            None => (head.clone(), Operator::Recursive),
        };
        let start = self.at;
        let (mut depth, mut end) = (1, self.text.len());
        while self.at < self.text.len() {
            let here = self.at;
            self.at = self.end();
            let first = self.text[here..self.at].split_whitespace().next();
            depth += i32::from(first == Some("define")) - i32::from(first == Some("endef"));
            if depth == 0 {
                end = here;
                break;
            }
        }
        let body = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        let value = self.whole.slice(start..start + body);
        Line::Assign(Assignment { name, operator, value, export, beats })
    }

    fn statement(&mut self, line: &Mapped) -> Option<Line> {
        let (mut export, mut beats, mut rest) = (false, false, line.clone());
        loop {
            let word = rest.text().split([' ', '\t']).next().unwrap_or("").to_owned();
            let after = trimmed(&rest.slice(word.len()..rest.text().len()));
            if !matches!(word.as_str(), "export" | "override" | "private" | "define") || starts_operator(after.text()) {
                break;
            }
            if word == "define" {
                return Some(self.define(&after, export, beats));
            }
            export |= word == "export";
            beats |= word == "override";
            rest = after;
        }
        if let Some(assignment) = assignment(&rest, export, beats) {
            self.in_rule = false;
            if assignment.name.text() == ".RECIPEPREFIX" {
                self.prefix = assignment.value.text().chars().next().unwrap_or('\t');
            }
            return Some(Line::Assign(assignment));
        }
        if export {
            return Some(Line::Export(rest));
        }
        let Some(colon) = unescaped(rest.text(), ':') else {
            return Some(Line::Other(rest));
        };
        self.in_rule = true;
        Some(rule(&rest, colon))
    }
}

fn trimmed(text: &Mapped) -> Mapped {
    let whole = text.text();
    let start = whole.len() - whole.trim_start().len();
    text.slice(start..whole.trim_end().len().max(start))
}

fn cut(text: &Mapped, at: Option<usize>) -> Mapped {
    at.map_or_else(|| text.clone(), |at| text.slice(0..at))
}

/// Whether a text begins with an assignment's operator: then the word before is a name.
fn starts_operator(text: &str) -> bool {
    operator(text).is_some_and(|(at, ..)| at == 0)
}

fn assigns(text: &str) -> bool {
    starts_operator(text)
}

/// The first operator outside of references: its place, its length, and which.
fn operator(text: &str) -> Option<(usize, usize, Operator)> {
    const OPERATORS: [(&str, Operator); 7] = [
        (":::=", Operator::Simple),
        ("::=", Operator::Simple),
        (":=", Operator::Simple),
        ("?=", Operator::Default),
        ("+=", Operator::Append),
        ("!=", Operator::Shell),
        ("=", Operator::Recursive),
    ];
    let at = |rest: &str| OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign));
    let found = find(text, |rest| at(rest).is_some() || rest.starts_with([':', ';']))?;
    let (sign, operator) = at(&text[found..])?;
    Some((found, sign.len(), *operator))
}

/// `NAME op value`; `None`: it is none.
fn assignment(line: &Mapped, export: bool, beats: bool) -> Option<Assignment> {
    let text = line.text();
    let (at, length, operator) = operator(text)?;
    let name = trimmed(&line.slice(0..at));
    let one = !name.text().is_empty() && find(name.text(), |rest| rest.starts_with([' ', '\t'])).is_none();
    one.then(|| Assignment { name, operator, value: trimmed(&line.slice(at + length..text.len())), export, beats })
}

/// What stands around the colon at `colon`.
fn rule(line: &Mapped, colon: usize) -> Line {
    let text = line.text();
    let targets = trimmed(&line.slice(0..colon));
    let double = text[colon..].starts_with("::");
    let rest = trimmed(&line.slice(colon + 1 + usize::from(double)..text.len()));
    let mut inner = rest.clone();
    let (mut export, mut beats) = (false, false);
    while let Some(word) = ["export", "override", "private"].into_iter().find(|word| {
        inner
            .text()
            .strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', '\t']) && !starts_operator(rest.trim_start()))
    }) {
        export |= word == "export";
        beats |= word == "override";
        inner = trimmed(&inner.slice(word.len()..inner.text().len()));
    }
    if let Some(assignment) = assignment(&inner, export, beats) {
        return Line::ForTargets(targets, assignment);
    }
    let (rest, recipe) = match find(rest.text(), |rest| rest.starts_with(';')) {
        Some(at) => (rest.slice(0..at), Some(trimmed(&rest.slice(at + 1..rest.text().len())))),
        None => (rest, None),
    };
    let second = unescaped(rest.text(), ':');
    let (pattern, prerequisites) = match second {
        Some(at) => (Some(trimmed(&rest.slice(0..at))), trimmed(&rest.slice(at + 1..rest.text().len()))),
        None => (None, trimmed(&rest)),
    };
    Line::Rule(Rule { targets, pattern, prerequisites, recipe, double })
}

/// What `ifeq` and its kin ask; `None`: they are not written so.
fn condition(word: &str, rest: &Mapped) -> Option<Condition> {
    let negated = matches!(word, "ifneq" | "ifndef");
    let text = rest.text();
    match word {
        "ifdef" | "ifndef" => Some(Condition { negated, left: rest.clone(), right: None }),
        "ifeq" | "ifneq" if text.starts_with('(') => {
            let inner = rest.slice(1..text.rfind(')').filter(|end| *end > 0)?);
            let ranges = super::scan::arguments(inner.text());
            let first = ranges.first()?.clone();
            let second = (first.end + 1).min(inner.text().len())..inner.text().len();
            let (left, right) = (trimmed(&inner.slice(first)), trimmed(&inner.slice(second)));
            Some(Condition { negated, left, right: Some(right) })
        }
        "ifeq" | "ifneq" => {
            let (left, after) = quoted(rest)?;
            let (right, _) = quoted(&trimmed(&after))?;
            Some(Condition { negated, left, right: Some(right) })
        }
        _ => None,
    }
}

/// `"text"` or `'text'`, and what follows.
fn quoted(text: &Mapped) -> Option<(Mapped, Mapped)> {
    let whole = text.text();
    let mark = whole.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let end = 1 + whole[1..].find(mark)?;
    Some((text.slice(1..end), text.slice(end + 1..whole.len())))
}
