//! Reads a command line by a table of options. Words are those of the shell after expansion.

use super::Arg;
use super::words::after;
use crate::source::Span;
use crate::text::Text;

/// The options of one command. A row holds the names of one option, the last is the one to ask by.
/// Options that stand in no table are flags without a value.
#[derive(Clone, Copy)]
pub struct Grammar {
    /// Options that take a value: `"-t --tag"`.
    pub values: &'static [&'static str],
    /// Options that take none, or only as `--x=value`.
    pub flags: &'static [&'static str],
}

/// A command line, read.
#[derive(Default)]
pub struct Line {
    options: Vec<Given>,
    /// The words that are no options.
    pub positionals: Vec<Arg>,
}

struct Given {
    name: &'static str,
    value: Option<Arg>,
    at: Span,
}

impl Grammar {
    /// A command without options of its own.
    pub const NONE: Grammar = Grammar { values: &[], flags: &[] };

    /// Reads all words.
    pub fn read(&self, args: &[Arg]) -> Line {
        self.walk(args, false).0
    }

    /// Reads the options in front of the first other word; gives that word and what follows.
    pub fn head<'a>(&self, args: &'a [Arg]) -> (Line, Option<(&'a Arg, &'a [Arg])>) {
        let (line, used) = self.walk(args, true);
        (line, args.get(used..).and_then(<[Arg]>::split_first))
    }

    fn walk(&self, args: &[Arg], stop: bool) -> (Line, usize) {
        let (mut line, mut at) = (Line::default(), 0);
        while let Some(arg) = args.get(at) {
            let prefix = arg.text.literal_prefix();
            if arg.text.as_literal() == Some("--") {
                at += 1;
                if !stop {
                    line.positionals.extend_from_slice(&args[at..]);
                    at = args.len();
                }
                break;
            }
            if prefix.starts_with("--") {
                at += self.long(&mut line, arg, args.get(at + 1));
            } else if prefix.starts_with('-') && arg.text.as_literal() != Some("-") {
                at += self.short(&mut line, arg, args.get(at + 1));
            } else if stop {
                break;
            } else {
                line.positionals.push(arg.clone());
                at += 1;
            }
        }
        (line, at)
    }

    /// Reads `--name`, `--name=value` or `--name value`; gives the number of words used.
    fn long(&self, line: &mut Line, arg: &Arg, next: Option<&Arg>) -> usize {
        let prefix = arg.text.literal_prefix();
        if let Some((name, _)) = prefix.split_once('=') {
            if let Some(known) = find(self.values, name).or_else(|| find(self.flags, name)) {
                line.options.push(Given { name: known, value: Some(after(arg, name.len() + 1)), at: arg.at });
            }
            return 1;
        }
        let Some(name) = arg.text.as_literal() else { return 1 };
        self.named(line, name, arg, next)
    }

    fn named(&self, line: &mut Line, name: &str, arg: &Arg, next: Option<&Arg>) -> usize {
        if let Some(known) = find(self.values, name) {
            line.options.push(Given { name: known, value: next.cloned(), at: arg.at });
            return 2;
        }
        if let Some(known) = find(self.flags, name) {
            line.options.push(Given { name: known, value: None, at: arg.at });
        }
        1
    }

    /// Reads `-x`, `-xy`, `-xvalue`, `-x=value` or `-x value`; gives the number of words used.
    fn short(&self, line: &mut Line, arg: &Arg, next: Option<&Arg>) -> usize {
        let prefix = arg.text.literal_prefix();
        for (at, char) in prefix.char_indices().skip(1) {
            let end = at + char.len_utf8();
            let name = format!("-{char}");
            let more = end < prefix.len() || arg.text.as_literal().is_none();
            let assigned = prefix[end..].starts_with('=');
            if let Some(known) = find(self.values, &name).filter(|_| more) {
                let value = after(arg, if assigned { end + 1 } else { end });
                line.options.push(Given { name: known, value: Some(value), at: arg.at });
                return 1;
            }
            if assigned {
                if let Some(known) = find(self.flags, &name) {
                    line.options.push(Given { name: known, value: Some(after(arg, end + 1)), at: arg.at });
                }
                return 1;
            }
            if self.named(line, &name, arg, next) == 2 {
                return 2;
            }
        }
        1
    }
}

fn find(rows: &'static [&'static str], name: &str) -> Option<&'static str> {
    let row = rows.iter().find(|row| spells(row, name))?;
    row.rsplit(' ').next()
}

/// Whether a row lists a name. Rows are many and names short: no searcher is worth its start here.
fn spells(row: &str, name: &str) -> bool {
    let mut rest = row.as_bytes();
    loop {
        if rest.starts_with(name.as_bytes()) && matches!(rest.get(name.len()), None | Some(b' ')) {
            return true;
        }
        let Some(at) = rest.iter().position(|byte| *byte == b' ') else { return false };
        rest = &rest[at + 1..];
    }
}

impl Line {
    /// The values of an option, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arg> {
        self.options.iter().filter(move |given| given.name == name).filter_map(|given| given.value.as_ref())
    }

    /// The last value of an option.
    pub fn value(&self, name: &str) -> Option<&Arg> {
        self.options.iter().rev().find(|given| given.name == name).and_then(|given| given.value.as_ref())
    }

    /// The text of the last value of an option.
    pub fn text(&self, name: &str) -> Option<&Text> {
        self.value(name).map(|arg| &arg.text)
    }

    /// Where an option stands, whatever its value.
    pub fn has(&self, name: &str) -> Option<Span> {
        self.options.iter().rev().find(|given| given.name == name).map(|given| given.at)
    }

    /// A flag that is there and not `=false`.
    pub fn is_on(&self, name: &str) -> bool {
        self.options.iter().rev().find(|given| given.name == name).is_some_and(|given| {
            let value = given.value.as_ref().and_then(|arg| arg.text.as_literal());
            !value.is_some_and(|value| matches!(value, "false" | "False" | "FALSE" | "0" | "f" | "F"))
        })
    }

    /// A word that is one unknown value and may hold options: `$TAGS`, `"${ARGS[@]}"`.
    pub fn unknown_word(&self) -> Option<&Arg> {
        let unknown = |arg: &&Arg| arg.text.as_symbol().is_some_and(|symbol| symbol.predefined().is_none());
        self.positionals.iter().find(unknown)
    }

    /// The line without its first words, which name a subcommand.
    pub fn behind(mut self, words: usize) -> Self {
        self.positionals.drain(..words.min(self.positionals.len()));
        self
    }

    /// The positionals of a command that takes at most `most`: unquoted words that are one unknown
    /// value and stand too much (`docker push $OPTIONS "$IMAGE"`) hold options or nothing.
    pub fn at_most(&self, most: usize) -> Vec<&Arg> {
        let mut spare = self.positionals.len().saturating_sub(most);
        let mut kept = Vec::new();
        for arg in &self.positionals {
            if spare > 0 && arg.vanishes && arg.text.as_symbol().is_some() {
                spare -= 1;
            } else {
                kept.push(arg);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::args;

    const GRAMMAR: Grammar =
        Grammar { values: &["-t --tag", "-u --user"], flags: &["-q --quiet", "--push", "-a --all"] };

    fn shown(line: &str) -> String {
        let read = GRAMMAR.read(&args(line));
        let mut shown: Vec<String> = read
            .options
            .iter()
            .map(|given| match &given.value {
                Some(value) => format!("{}={}", given.name, value.text.shown()),
                None => given.name.to_owned(),
            })
            .collect();
        shown.extend(read.positionals.iter().map(|arg| arg.text.shown()));
        shown.join(" ")
    }

    #[test]
    fn every_spelling_of_an_option_is_read() {
        for (line, expected) in [
            ("--tag a --user=$U x", "--tag=a --user=$U x"),
            ("-t a -ub -q", "--tag=a --user=b --quiet"),
            ("-t=a -qat $X y", "--tag=a --quiet --all --tag=$X y"),
            ("-t$X --push=false z", "--tag=$X --push=false z"),
            ("--unknown v --other=w -- --tag", "v --tag"),
            ("a - -t", "--tag a -"),
            ("--tag", "--tag"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn an_unknown_unquoted_word_too_much_is_no_positional() {
        let line = GRAMMAR.read(&args("$OPTIONS $IMAGE:1"));
        assert_eq!(line.at_most(1).len(), 1);
        assert_eq!(line.at_most(1)[0].text.shown(), "$IMAGE:1");
        assert_eq!(line.at_most(2).len(), 2);
    }

    #[test]
    fn the_head_ends_at_the_first_other_word() {
        let words = args("-u x login -t y");
        let (line, rest) = GRAMMAR.head(&words);
        assert_eq!(line.text("--user").unwrap().shown(), "x");
        let (word, rest) = rest.unwrap();
        assert_eq!((word.text.shown().as_str(), rest.len()), ("login", 2));
    }
}
