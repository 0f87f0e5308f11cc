//! Every example on every lint's page is run: a bad one finds what it says and nothing else of its
//! lint, a good one nothing at all.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use std::collections::BTreeMap;

use pushlint::analysis::{Analysis, analyse};
use pushlint::facts::{Fact, FactSource, Facts};
use pushlint::files::Memory;
use pushlint::judge::{Reported, Wanted, judge};
use pushlint::lint::{Level, Lint};
use pushlint::lints::ALL;

const FILE: &str = ".gitlab-ci.yml";
const PROMISE: &str = "# finds: ";

/// A fence of a page.
struct Example {
    /// The page's line of the fence.
    line: usize,
    bad: bool,
    facts: Facts,
    text: String,
}

/// The fences ```` ```yaml bad [fact=value]… ```` and ```` ```yaml good ````.
fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```yaml ") else { continue };
        let mut words = info.split_whitespace();
        let bad = match words.next() {
            Some("bad") => true,
            Some("good") => false,
            _ => panic!("line {}: an example is `bad` or `good`", number + 1),
        };
        let text: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        found.push(Example { line: number + 1, bad, facts: facts(words), text: text.join("\n") + "\n" });
    }
    found
}

fn facts<'a>(words: impl Iterator<Item = &'a str>) -> Facts {
    let mut facts = Facts::default();
    for word in words {
        let (name, value) = word.split_once('=').expect("a fact is `name=value`");
        let fact = Some(Fact { value: value.to_owned(), from: FactSource::Option });
        match name {
            "project" => facts.project = fact,
            "registry" => facts.registry = fact,
            "protected-tags" => facts.protected_tags.push(value.to_owned()),
            "immutable-tags" => facts.immutable_tags.push(value.to_owned()),
            _ => panic!("`{name}` is no fact"),
        }
    }
    facts
}

/// What an example promises: messages by line.
fn promised(text: &str) -> BTreeMap<usize, Vec<String>> {
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        for message in line.split(PROMISE).skip(1) {
            lines.entry(index + 1).or_default().push(message.trim().to_owned());
        }
    }
    lines
}

/// The example as GitLab would get it: the promises are blanked, as a comment in a script would be part of it.
fn without_promises(text: &str) -> String {
    let bare = text.lines().map(|line| line.split(PROMISE).next().unwrap_or("").trim_end());
    bare.collect::<Vec<_>>().join("\n") + "\n"
}

fn run(example: &Example, pedantic: bool) -> (Analysis, Vec<Reported>) {
    let files = Memory::new(&[(FILE, &without_promises(&example.text))]);
    let analysis = analyse(&files, &[FILE.to_owned()], &example.facts);
    let reported = judge(&analysis, ALL, Wanted { pedantic, certain_only: false, ..Wanted::default() });
    (analysis, reported)
}

fn check(lint: &Lint, example: &Example) {
    let place = format!("lints/{}.md:{}", lint.id.replace('-', "_"), example.line);
    let (analysis, reported) = run(example, example.bad && lint.level == Level::Advice);
    let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for one in reported.iter().filter(|one| !example.bad || one.lint == lint.id) {
        let at = one.finding.at;
        let line = analysis.sources.get(at.file).line_of(at.range().start);
        said.entry(line).or_default().push(one.finding.message.clone());
    }
    let promised = promised(&example.text);
    assert_eq!(example.bad, !promised.is_empty(), "{place}: a bad example promises something, a good one nothing");
    assert_eq!(said, promised, "{place}: left is what is said, right what is promised");
}

#[test]
fn every_page_has_examples_and_they_find_what_they_say() {
    for lint in ALL {
        let examples = examples(lint.page);
        assert!(examples.iter().any(|example| example.bad), "{} has no bad example", lint.id);
        assert!(examples.iter().any(|example| !example.bad), "{} has no good example", lint.id);
        examples.iter().for_each(|example| check(lint, example));
    }
}

#[test]
fn a_good_example_of_an_advice_is_silent_when_advice_is_asked_for() {
    for lint in ALL.iter().filter(|lint| lint.level == Level::Advice) {
        for example in examples(lint.page).iter().filter(|example| !example.bad) {
            let (_, reported) = run(example, true);
            assert!(!reported.iter().any(|one| one.lint == lint.id), "lints/{}.md:{}", lint.id, example.line);
        }
    }
}
