//! `getopts`: the options of a script, one at a time.

use super::simple::Call;
use super::walker::unknown;
use super::world::{Status, Variable, World};
use crate::text::Text;

/// Under which name, that no variable can have, a world keeps how far a word of many options is read.
const WITHIN: &str = "getopts within";

/// `getopts spec NAME [words]`.
pub(super) fn next(world: &mut World, call: &Call) -> Status {
    let word = |at: usize| call.args.get(at).and_then(|arg| arg.text.as_literal());
    let (Some(spec), Some(name)) = (word(1), word(2)) else { return unknown(&call.source, false) };
    let given: Option<Vec<Text>> = match call.args.get(3..).filter(|words| !words.is_empty()) {
        Some(words) => Some(words.iter().map(|arg| arg.text.clone()).collect()),
        None => world.positional.as_ref().map(|words| words.to_vec()),
    };
    let number = |world: &World, name: &str| world.overridden(name)?.text.as_literal()?.parse::<usize>().ok();
    let index = number(world, "OPTIND").unwrap_or(1).max(1);
    let within = number(world, WITHIN).unwrap_or(1);
    let taken = given.map(|words| take(spec, &words, (index, within)));
    let mut set = |name: &str, text: Text| world.set(name, Variable::new(text, vec![call.at]));
    match taken {
        Some(Taken::Option { option, value, index, within }) => {
            set(name, Text::literal(option.to_string()));
            set("OPTARG", value.unwrap_or_default());
            set("OPTIND", Text::literal(index.to_string()));
            set(WITHIN, Text::literal(within.to_string()));
            Status::Success
        }
        Some(Taken::None) => {
            set(name, Text::literal("?"));
            set(WITHIN, Text::literal("1"));
            Status::Failure
        }
        Some(Taken::Unknown) | None => {
            for name in [name, "OPTARG", "OPTIND"] {
                let text = world.opaque(&format!("${name}"));
                world.set(name, Variable::new(text, vec![call.at]));
            }
            unknown(&call.source, false)
        }
    }
}

/// What the words hold next.
enum Taken {
    Option { option: char, value: Option<Text>, index: usize, within: usize },
    None,
    Unknown,
}

fn take(spec: &str, words: &[Text], (index, within): (usize, usize)) -> Taken {
    let Some(text) = words.get(index - 1) else { return Taken::None };
    let Some(word) = text.as_literal() else {
        // A value of which the first character is known may be no option.
        let first = text.literal_prefix();
        return if first.is_empty() || first.starts_with('-') { Taken::Unknown } else { Taken::None };
    };
    let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty() && *letters != "-") else {
        return if word == "--" { Taken::Unknown } else { Taken::None };
    };
    let Some(option) = letters.chars().nth(within - 1).filter(char::is_ascii_alphanumeric) else {
        return Taken::Unknown;
    };
    let rest: String = letters.chars().skip(within).collect();
    let Some((_, after)) = spec.split_once(option) else { return Taken::Unknown };
    if !after.starts_with(':') {
        let (index, within) = if rest.is_empty() { (index + 1, 1) } else { (index, within + 1) };
        return Taken::Option { option, value: None, index, within };
    }
    if !rest.is_empty() {
        return Taken::Option { option, value: Some(Text::literal(rest)), index: index + 1, within: 1 };
    }
    match words.get(index) {
        Some(value) => Taken::Option { option, value: Some(value.clone()), index: index + 2, within: 1 },
        None => Taken::Unknown,
    }
}
