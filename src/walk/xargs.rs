//! `xargs command`, `find -exec command`: the command runs with the words that come in; unknown words
//! are one unknown word.

use super::Input;
use super::simple::Call;
use super::walker::Walker;
use super::world::{Flow, World};
use crate::clients::Arg;
use crate::text::{Part, Text};

/// Options that take a value.
const VALUES: [&str; 10] = ["-a", "-d", "-E", "-I", "-i", "-L", "-n", "-P", "-s", "--max-args"];
/// Words of the input that are followed.
const WORDS: usize = 64;

impl Walker<'_> {
    /// Runs the command behind `xargs`; `None`: there is none.
    pub(super) fn xargs(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let mut at = 1;
        let (mut marker, mut one_by_one) = (None, false);
        while let Some(option) =
            call.args.get(at).and_then(|arg| arg.text.as_literal()).filter(|word| word.starts_with('-'))
        {
            let value = call.args.get(at + 1).and_then(|arg| arg.text.as_literal());
            if let Some(mark) = option.strip_prefix("-I") {
                marker = if mark.is_empty() { value } else { Some(mark) };
            }
            one_by_one |= option.starts_with("-n") || option.starts_with("-L") || option.starts_with("--max-args");
            at += 1 + usize::from(VALUES.contains(&option));
        }
        let command = call.args.get(at..).filter(|command| !command.is_empty())?;
        let words = if marker.is_some() { lines(world, call) } else { words(world, call) };
        let runs: Vec<Vec<Arg>> = match marker {
            Some(marker) => {
                words.iter().map(|word| command.iter().map(|arg| filled(arg, marker, word)).collect()).collect()
            }
            None if one_by_one => {
                words.iter().map(|word| appended(command, std::slice::from_ref(word), call)).collect()
            }
            None => vec![appended(command, &words, call)],
        };
        let mut worlds = vec![world.clone()];
        for args in runs {
            let run = |world: World| {
                if world.flow != Flow::Normal {
                    return vec![world];
                }
                let input = Input::Text(Text::empty());
                self.dispatch(world, Call { args: args.clone(), input, ..call.clone() })
            };
            worlds = worlds.into_iter().flat_map(run).collect();
        }
        Some(worlds)
    }
}

impl Walker<'_> {
    /// Runs the command behind `-exec` with one unknown file; `None`: there is none.
    pub(super) fn find(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let word = |arg: &Arg| arg.text.as_literal().map(str::to_owned).unwrap_or_default();
        let start = call.args.iter().position(|arg| matches!(word(arg).as_str(), "-exec" | "-execdir" | "-ok"))?;
        let behind = &call.args[start + 1..];
        let end = behind.iter().position(|arg| matches!(word(arg).as_str(), ";" | "+")).unwrap_or(behind.len());
        let file = world.opaque("$(find)");
        let args: Vec<Arg> = behind[..end].iter().map(|arg| filled(arg, "{}", &file)).collect();
        let input = Input::Text(Text::empty());
        (!args.is_empty()).then(|| self.dispatch(world.clone(), Call { args, input, ..call.clone() }))
    }
}

/// The words that come in.
fn words(world: &World, call: &Call) -> Vec<Text> {
    match &call.input {
        Input::Text(text) | Input::HereString(text, _) => match text.as_literal() {
            Some(known) => known.split_whitespace().take(WORDS).map(Text::literal).collect(),
            None if text.symbols().all(|symbol| !symbol.data().form.space) => split(text),
            None => vec![world.opaque("$(xargs)")],
        },
        _ => vec![world.opaque("$(xargs)")],
    }
}

/// The lines that come in: what `-I` puts in one by one.
fn lines(world: &World, call: &Call) -> Vec<Text> {
    match &call.input {
        Input::Text(text) | Input::HereString(text, _) if text.as_literal().is_some() => {
            let lines = text.as_literal().unwrap_or("").lines().map(str::trim).filter(|line| !line.is_empty());
            lines.take(WORDS).map(Text::literal).collect()
        }
        _ => words(world, call),
    }
}

/// The words of a text whose unknown parts hold no white space.
fn split(text: &Text) -> Vec<Text> {
    let mut words = crate::recipes::words(text);
    words.truncate(WORDS);
    words
}

fn appended(command: &[Arg], words: &[Text], call: &Call) -> Vec<Arg> {
    let arg = |word: &Text| Arg { text: word.clone(), at: call.at, from: Vec::new(), vanishes: false };
    command.iter().cloned().chain(words.iter().map(arg)).collect()
}

/// The word in the marker's place.
fn filled(arg: &Arg, marker: &str, word: &Text) -> Arg {
    let mut text = Text::empty();
    for part in arg.text.parts() {
        let Part::Lit(literal) = part else {
            text.push_part(part);
            continue;
        };
        for (index, piece) in literal.split(marker).enumerate() {
            if index > 0 {
                text.push_text(word);
            }
            text.push_str(piece);
        }
    }
    Arg { text, ..arg.clone() }
}
