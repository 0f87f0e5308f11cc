//! What the parser promises for any text: no panic, ranges inside the text, bounded depth.

use proptest::prelude::*;

use super::ast::{At, CommandKind, List, Redirect};
use super::edit::{self, Edit};
use super::{parse, simple_commands};

/// Checks each range of a tree against the text.
struct Ranges<'a>(&'a str);

impl Edit for Ranges<'_> {
    fn at(&mut self, at: &mut At) {
        assert!(at.start <= at.end, "{at:?} is in order in {:?}", self.0);
        assert!(self.0.get(at.range()).is_some(), "{at:?} is a range of {:?}", self.0);
    }
    fn redirect(&mut self, redirect: &mut Redirect) {
        assert!(self.0.get(redirect.at.range()).is_some());
    }
}

fn check(text: &str) {
    let mut script = parse(text);
    for fault in &mut script.faults {
        Ranges(text).at(&mut fault.at);
    }
    edit::list(&mut script.list, &mut Ranges(text));
    nested(&script.list, 0, text.len(), text);
    let _ = simple_commands(&script);
}

/// Items and commands come one after another inside what holds them.
fn nested(list: &List, start: usize, end: usize, text: &str) {
    let mut last = start;
    for item in &list.items {
        for pipeline in std::iter::once(&item.first).chain(item.rest.iter().map(|(_, rest)| rest)) {
            let range = pipeline.at.range();
            assert!(last <= range.start && range.end <= end, "{range:?} within {last}..{end} of {text:?}");
            last = range.end;
            let mut from = range.start;
            for command in &pipeline.commands {
                let inner = command.at.range();
                assert!(from <= inner.start && inner.end <= range.end, "{inner:?} within {range:?} of {text:?}");
                from = inner.end;
                if let CommandKind::Brace(body) | CommandKind::Subshell(body) = &command.kind {
                    nested(body, inner.start, inner.end, text);
                }
                if let CommandKind::Simple(simple) = &command.kind {
                    let mut from = inner.start;
                    for word in &simple.words {
                        let word = word.at.range();
                        assert!(from <= word.start && word.end <= inner.end, "{word:?} in {text:?}");
                        from = word.end;
                    }
                }
            }
        }
    }
}

const TOKENS: [&str; 74] = [
    "if ",
    "then ",
    "elif ",
    "else ",
    "fi ",
    "for ",
    "in ",
    "do ",
    "done ",
    "while ",
    "until ",
    "case ",
    "esac ",
    "select ",
    "function ",
    "time ",
    "! ",
    "coproc ",
    "{ ",
    "} ",
    "[[ ",
    "]] ",
    "(",
    ")",
    "((",
    "))",
    "$(",
    "$((",
    "${",
    "}",
    "$[",
    "]",
    "`",
    "\\`",
    "\"",
    "'",
    "$'",
    "$\"",
    "\\",
    "\\\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    ";",
    ";;",
    ";&",
    "&",
    "&&",
    "|",
    "||",
    "|&",
    "<",
    ">",
    ">>",
    "<<EOF",
    "<<-'EOF'",
    "<<<",
    "&>",
    "2>&1",
    "<(",
    "EOF",
    "#",
    "a=",
    "a[",
    "a+=(",
    "export ",
    "x",
    "é",
    "$x",
    ":-",
    "//",
    "@(",
    "=~ ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_soup_of_tokens_is_parsed(tokens in prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..40)) {
        check(&tokens.concat());
    }
}

/// Runs on a stack of the size that threads get.
fn on_a_small_stack(text: String) {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let script = parse(&text);
            let _ = simple_commands(&script);
            drop(script);
        })
        .expect("a thread can be started")
        .join()
        .expect("the parser does not panic");
}

const OPENERS: [&str; 49] = [
    "$(",
    "if ",
    "((",
    "$((",
    "( ",
    "{ ",
    "`",
    "\"$(",
    "${x:-",
    "\"${x:-",
    "[[ ( ",
    "while ",
    "case x in a) ",
    "f() { ",
    "<(",
    "a=(",
    "$[",
    "! ",
    "for x in a; do ",
    "if a; then\n",
    "a[",
    "@(",
    "cat <<E\n$(",
    "$( (",
    "\"$(\n",
    "\"${x#\n",
    "x=$((\n",
    "echo $(cat <<-E\n",
    "function f ",
    "coproc ",
    "[[ ! ",
    "[[ a && ",
    "a && ",
    "a | ",
    "elif ",
    "'\n",
    "\"\n",
    "`\n",
    "\\`",
    "a=( a=(\n",
    "${x/",
    "<(\n",
    "$(( (\n",
    "(( (\n",
    "((\n",
    "a[ ",
    "a[\n",
    "$[\n",
    "${x[",
];

#[test]
fn deep_nesting_is_bounded() {
    for opener in OPENERS {
        on_a_small_stack(opener.repeat(10_000));
        on_a_small_stack(format!("echo {}", opener.repeat(10_000)));
    }
}
