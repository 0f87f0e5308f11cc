//! Make's functions. Those that choose or repeat hand on what is written in their arguments; those that
//! change text follow known text, and leave of unknown text what they surely do not touch.

use super::read::Make;
use super::scan::arguments;
use super::variables::{Scope, Variable};
use super::{Change, Outside, Piece, Value};
use crate::recipes::pieces::{join, spaced, words};
use crate::source::{Mapped, Span};
use crate::text::{Part, Text};

/// The names of the functions.
pub const NAMES: [&str; 36] = [
    "subst",
    "patsubst",
    "strip",
    "findstring",
    "filter",
    "filter-out",
    "sort",
    "word",
    "wordlist",
    "words",
    "firstword",
    "lastword",
    "dir",
    "notdir",
    "suffix",
    "basename",
    "addsuffix",
    "addprefix",
    "join",
    "wildcard",
    "realpath",
    "abspath",
    "if",
    "or",
    "and",
    "foreach",
    "call",
    "value",
    "eval",
    "origin",
    "flavor",
    "shell",
    "error",
    "warning",
    "info",
    "file",
];
/// Words of a list that are followed.
const WORDS: usize = 64;

impl<O: Outside> Make<'_, O> {
    /// A function's result.
    pub fn function(&mut self, name: &str, text: &Mapped, at: Span) -> Result<Vec<Piece>, O::Question> {
        let args: Vec<Mapped> = arguments(text.text()).into_iter().map(|range| text.slice(range)).collect();
        let whole = |first: usize| {
            let start = arguments(text.text()).get(first).map_or(text.text().len(), |range| range.start);
            text.slice(start..text.text().len())
        };
        match name {
            "if" => self.choose(&args, &whole(2)),
            "or" | "and" => self.first_of(&args, name == "or"),
            "foreach" => self.for_each(&args, &whole(2)),
            "call" => self.call(&args, at),
            "value" | "origin" | "flavor" => Ok(vec![self.unknown(&format!("$({name} {})", text.text()), at)]),
            "eval" | "shell" | "file" if self.is_trial => {
                self.effects += 1;
                Ok(Vec::new())
            }
            "eval" => {
                let pieces = self.expand(text)?;
                self.evaluate(&pieces, at)?;
                Ok(Vec::new())
            }
            "shell" => {
                let command = self.expand(text)?;
                let printed = self.outside.shell(&command, Some(at))?;
                Ok(vec![Piece::Value(Value::of(spaces_for_newlines(&printed)), at)])
            }
            "wildcard" => self.wildcard(text, at),
            "error" | "warning" | "info" | "file" => self.expand(text).map(|_| Vec::new()),
            _ => self.of_text(name, &args, &whole(1), &whole(2), at),
        }
    }

    fn choose(&mut self, args: &[Mapped], otherwise: &Mapped) -> Result<Vec<Piece>, O::Question> {
        let Some(condition) = args.first() else { return Ok(Vec::new()) };
        let condition = stripped(&self.value(condition)?.text);
        let then = args.get(1).cloned().unwrap_or_default();
        let question = match self.outside.not_empty(&condition) {
            Ok(holds) => return self.expand(if holds { &then } else { otherwise }),
            Err(question) => question,
        };
        // `$(if $(A),,$(error A is not set))`: what comes to the same is no question.
        let (before, outer) = (self.effects, std::mem::replace(&mut self.is_trial, true));
        let both = (self.expand(&then), self.expand(otherwise));
        self.is_trial = outer;
        match both {
            (Ok(one), Ok(other)) if self.effects == before && join(&one).text == join(&other).text => Ok(one),
            _ => Err(question),
        }
    }

    fn first_of(&mut self, args: &[Mapped], or: bool) -> Result<Vec<Piece>, O::Question> {
        let mut last = Vec::new();
        for arg in args {
            last = self.expand(arg)?;
            let text = stripped(&join(&last).text);
            if self.outside.not_empty(&text)? == or {
                break;
            }
        }
        Ok(last)
    }

    fn for_each(&mut self, args: &[Mapped], body: &Mapped) -> Result<Vec<Piece>, O::Question> {
        let [name, list, ..] = args else { return Ok(Vec::new()) };
        let Some(name) = self.literal(name)? else { return Ok(Vec::new()) };
        let list = self.value(list)?;
        let mut pieces: Vec<Piece> = Vec::new();
        let all = words(&list.text);
        self.partial |= all.len() > WORDS;
        for word in all.into_iter().take(WORDS) {
            let value = Value { text: word, from: list.from.clone() };
            self.scopes.push(Scope::from([(name.trim().to_owned(), Variable::simple(value))]));
            let made = self.expand(body);
            self.scopes.pop();
            let made = made?;
            if let (false, Some(at)) = (pieces.is_empty(), body.span(0..1)) {
                pieces.push(Piece::Written(Mapped::coarse(" ", at)));
            }
            pieces.extend(made);
            if self.exhausted {
                break;
            }
        }
        Ok(pieces)
    }

    /// What stands in the repository surely is there. Where nothing does, the job may have made it.
    fn wildcard(&mut self, patterns: &Mapped, at: Span) -> Result<Vec<Piece>, O::Question> {
        let patterns = self.value(patterns)?;
        self.globs = true;
        let mut found = Vec::new();
        for pattern in words(&patterns.text) {
            let shown = || format!("$(wildcard {})", pattern.shown());
            match self.outside.matching(&pattern) {
                Some(paths) if !paths.is_empty() => found.extend(paths),
                _ => found.push(self.outside.derived(&pattern, &shown(), Change::Other)),
            }
        }
        let value = Value { text: spaced(&found), from: patterns.from };
        Ok(if found.is_empty() { Vec::new() } else { vec![Piece::Value(value, at)] })
    }

    /// `$(call name,a,b)`: the variable with `$(1)`, `$(2)` set.
    fn call(&mut self, args: &[Mapped], at: Span) -> Result<Vec<Piece>, O::Question> {
        let Some((name, args)) = args.split_first() else { return Ok(Vec::new()) };
        let Some(name) = self.literal(name)?.map(|name| name.trim().to_owned()) else {
            return Ok(vec![self.unknown("$(call …)", at)]);
        };
        let mut scope = Scope::from([("0".to_owned(), Variable::simple(Value::literal(&name)))]);
        for (index, arg) in args.iter().enumerate() {
            let value = self.value(arg)?;
            scope.insert((index + 1).to_string(), Variable::simple(value));
        }
        if NAMES.contains(&name.as_str()) {
            return Ok(vec![self.unknown(&format!("$(call {name})"), at)]);
        }
        self.scopes.push(scope);
        let made = self.named(&name, at);
        self.scopes.pop();
        made
    }

    /// Functions whose arguments are texts; `rest`, `last`: the text from the second and third argument on.
    fn of_text(
        &mut self,
        name: &str,
        args: &[Mapped],
        rest: &Mapped,
        last: &Mapped,
        at: Span,
    ) -> Result<Vec<Piece>, O::Question> {
        let count = match name {
            "subst" | "patsubst" | "wordlist" => 3,
            "findstring" | "filter" | "filter-out" | "word" | "addsuffix" | "addprefix" | "join" => 2,
            _ => 1,
        };
        let mut values = Vec::new();
        for index in 0..count {
            let arg = match (index + 1 == count, index) {
                (true, 1) => Some(rest),
                (true, 2) => Some(last),
                _ => args.get(index),
            };
            values.push(arg.map_or_else(|| Ok(Value::default()), |arg| self.value(arg))?);
        }
        let texts: Vec<Text> = values.iter().map(|value| value.text.clone()).collect();
        let from = values.into_iter().flat_map(|value| value.from).take(16).collect();
        let text = applied(self, name, &texts);
        Ok(if text.is_empty() { Vec::new() } else { vec![Piece::Value(Value { text, from }, at)] })
    }
}

fn applied<O: Outside>(make: &Make<'_, O>, name: &str, args: &[Text]) -> Text {
    let [first, .., last] = args else { return applied_to_one(make, name, args.first().unwrap_or(&Text::empty())) };
    let list = words(last);
    let shown = || format!("$({name} {})", args.iter().map(Text::shown).collect::<Vec<_>>().join(","));
    let each = |change: &dyn Fn(&Text) -> Text| spaced(&list.iter().map(change).collect::<Vec<_>>());
    match name {
        "subst" => substituted(make, first, &args[1], last, &shown()),
        "patsubst" => each(&|word| pattern_replaced(make, word, first, &args[1], &shown())),
        "addprefix" => each(&|word| both(first, word)),
        "addsuffix" => each(&|word| both(word, first)),
        "word" => match first.as_literal().and_then(|at| at.trim().parse::<usize>().ok()) {
            Some(at) if known_words(last) => list.get(at.wrapping_sub(1)).cloned().unwrap_or_default(),
            _ => make.outside.derived(last, &shown(), Change::Other),
        },
        "findstring" => match (first.as_literal(), last.as_literal()) {
            (Some(wanted), Some(text)) => Text::literal(if text.contains(wanted) { wanted } else { "" }),
            _ => make.outside.derived(&Text::empty(), &shown(), Change::Other),
        },
        "filter" | "filter-out" => match (first.as_literal(), last.as_literal()) {
            (Some(patterns), Some(_)) => {
                let fits = |word: &Text| {
                    let word = word.as_literal().unwrap_or("");
                    patterns.split_whitespace().any(|pattern| stem(pattern, word).is_some())
                };
                spaced(list.iter().filter(|word| fits(word) == (name == "filter")))
            }
            _ => make.outside.derived(last, &shown(), Change::Other),
        },
        _ => make.outside.derived(last, &shown(), Change::Other),
    }
}

fn applied_to_one<O: Outside>(make: &Make<'_, O>, name: &str, text: &Text) -> Text {
    let shown = format!("$({name} {})", text.shown());
    let list = words(text);
    let each = |change: &dyn Fn(&Text) -> Text| spaced(&list.iter().map(change).collect::<Vec<_>>());
    match name {
        "strip" => spaced(&list),
        "firstword" if list.first().is_some_and(known_word) || known_words(text) => {
            list.first().cloned().unwrap_or_default()
        }
        "lastword" if list.last().is_some_and(known_word) || known_words(text) => {
            list.last().cloned().unwrap_or_default()
        }
        "words" if known_words(text) => Text::literal(list.len().to_string()),
        "dir" => each(&|word| folder_or_name(make, word, true, &shown)),
        "notdir" => each(&|word| folder_or_name(make, word, false, &shown)),
        "basename" | "suffix" if text.as_literal().is_some() => each(&|word| {
            let word = word.as_literal().unwrap_or("");
            let dot = word.rfind('.').filter(|dot| !word[*dot..].contains('/'));
            let (base, suffix) = word.split_at(dot.unwrap_or(word.len()));
            Text::literal(if name == "basename" { base } else { suffix })
        }),
        "sort" if text.as_literal().is_some() => {
            let mut sorted: Vec<&str> = text.as_literal().unwrap_or("").split_whitespace().collect();
            sorted.sort_unstable();
            sorted.dedup();
            Text::literal(sorted.join(" "))
        }
        "abspath" | "realpath" => each(&|word| {
            let mut path = Text::empty();
            if !word.literal_prefix().starts_with('/') && word.as_literal().is_some() {
                path.push_text(&make.outside.folder());
                path.push_str("/");
            }
            path.push_text(word);
            path
        }),
        _ => make.outside.derived(text, &shown, Change::Other),
    }
}

/// Whether the words of a text can be counted: none of them may be several, or be left out beside others.
fn known_words(text: &Text) -> bool {
    let list = words(text);
    list.iter().all(known_word) || list.len() == 1 && text.symbols().all(|symbol| !symbol.data().form.space)
}

/// Whether this surely is one word.
fn known_word(word: &Text) -> bool {
    let vanishes = word.as_symbol().is_some_and(|symbol| symbol.data().form.empty);
    !vanishes && word.symbols().all(|symbol| !symbol.data().form.space)
}

fn both(one: &Text, other: &Text) -> Text {
    let mut text = one.clone();
    text.push_text(other);
    text
}

/// The text without white space at its ends.
fn stripped(text: &Text) -> Text {
    spaced(&words(text))
}

/// What `$(shell)` makes of lines.
pub fn spaces_for_newlines(text: &Text) -> Text {
    let mut one = Text::empty();
    for part in text.parts() {
        match part {
            Part::Lit(text) => one.push_str(&text.replace('\n', " ")),
            Part::Sym(_) => one.push_part(part),
        }
    }
    one
}

fn substituted<O: Outside>(make: &Make<'_, O>, from: &Text, to: &Text, text: &Text, shown: &str) -> Text {
    let (Some(from), Some(to)) = (from.as_literal(), to.as_literal()) else {
        return make.outside.derived(text, shown, Change::Other);
    };
    match text.as_literal() {
        Some(known) if from.is_empty() => Text::literal(format!("{known}{to}")),
        Some(known) => {
            let count = known.matches(from).count();
            let grown = known.len() + count * to.len();
            if grown > 1 << 16 {
                make.outside.derived(text, shown, Change::Other)
            } else {
                Text::literal(known.replace(from, to))
            }
        }
        None => make.outside.derived(text, shown, Change::Replace(from, to)),
    }
}

/// `$(NAME:from=to)`: a pattern, or the ends of the words.
pub fn replaced_ends<O: Outside>(make: &Make<'_, O>, text: &Text, from: &Text, to: &Text, shown: &str) -> Text {
    let pattern = |text: &Text| {
        let mut pattern =
            Text::literal(if from.as_literal().is_some_and(|from| from.contains('%')) { "" } else { "%" });
        pattern.push_text(text);
        pattern
    };
    let (from, to) = (pattern(from), pattern(to));
    let changed: Vec<Text> = words(text).iter().map(|word| pattern_replaced(make, word, &from, &to, shown)).collect();
    spaced(&changed)
}

fn pattern_replaced<O: Outside>(make: &Make<'_, O>, word: &Text, from: &Text, to: &Text, shown: &str) -> Text {
    let Some(pattern) = from.as_literal() else { return make.outside.derived(word, shown, Change::Other) };
    match stem_of(pattern, word) {
        None => make.outside.derived(word, shown, Change::Other),
        Some(None) => word.clone(),
        Some(Some(stem)) => match to.split_once('%') {
            Some((before, after)) => both(&both(&before, &stem), &after),
            None => to.clone(),
        },
    }
}

/// What `%` stands for in a word that may be known in part only; `None`: it cannot be told whether the pattern fits.
pub fn stem_of(pattern: &str, word: &Text) -> Option<Option<Text>> {
    let (Some((before, after)), None) = (pattern.split_once('%'), word.as_literal()) else {
        return word.as_literal().map(|word| stem(pattern, word).map(Text::literal));
    };
    let end = match word.parts().last() {
        Some(Part::Lit(end)) => end.as_str(),
        _ => "",
    };
    let start = word.literal_prefix();
    let differ = |one: &str, other: &str| one.bytes().zip(other.bytes()).any(|(one, other)| one != other);
    let ends_differ = end.bytes().rev().zip(after.bytes().rev()).any(|(one, other)| one != other);
    if differ(start, before) || ends_differ {
        return Some(None);
    }
    let rest = if before.is_empty() { Some(word.clone()) } else { word.strip_prefix(before) }?;
    Some(Some(if after.is_empty() { rest } else { rest.strip_suffix(after)? }))
}

/// What `%` stands for where a word fits a pattern.
pub fn stem<'a>(pattern: &str, word: &'a str) -> Option<&'a str> {
    match pattern.split_once('%') {
        Some((before, after)) => word.strip_prefix(before)?.strip_suffix(after),
        None => (pattern == word).then_some(""),
    }
}

/// `$(dir)`, `$(notdir)` of one word.
pub fn folder_or_name<O: Outside>(make: &Make<'_, O>, word: &Text, folder: bool, shown: &str) -> Text {
    match (word.rsplit_once('/'), word.as_literal()) {
        (Some((before, _)), Some(_)) if folder => both(&before, &Text::literal("/")),
        (None, Some(_)) if folder => Text::literal("./"),
        (Some((_, name)), _) if name.symbols().all(|symbol| !symbol.data().form.slash) => name,
        (None, Some(_)) => word.clone(),
        _ => make.outside.derived(word, shown, if folder { Change::Other } else { Change::Name }),
    }
}
