//! Builtins that take lines of their standard input: `read`, `mapfile`.

use std::sync::Arc;

use super::Input;
use super::fields::{line_fields, separators};
use super::simple::Call;
use super::walker::unknown;
use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::text::{Origin, Symbol, Text};

/// `read` and its variables: a line that is known is split, the last variable takes the rest.
pub(super) fn read(world: &mut World, call: &Call) -> Status {
    let is_option = |arg: &&Arg| arg.text.literal_prefix().starts_with('-');
    let flags: Vec<&str> = call.args[1..].iter().take_while(is_option).map(|arg| arg.text.literal_prefix()).collect();
    let names = call.args[1 + flags.len()..].iter().filter_map(|arg| arg.text.as_literal());
    let names: Vec<String> = names.map(str::to_owned).collect();
    let followed = flags.iter().all(|flag| matches!(*flag, "-r" | "-a" | "-ra"));
    let known = match &call.input {
        Input::Text(text) | Input::HereString(text, _) if followed => Some(text),
        _ => None,
    };
    if let Some((line, whole)) = known.and_then(first_line) {
        let array = flags.iter().any(|flag| flag.contains('a'));
        let raw = flags.iter().any(|flag| flag.contains('r'));
        let single = names.len() == 1 && !array;
        if line.as_literal().map_or(single, |line| raw || !line.contains('\\')) {
            assign_line(world, call, &line, &names, array);
            return Status::of(whole);
        }
    }
    names.iter().for_each(|name| set_unread(world, call, name));
    unknown(&call.source, false)
}

/// The variable holds something that was read.
fn set_unread(world: &mut World, call: &Call, name: &str) {
    let key = format!("read {name}#{}", world.clock);
    let text = Text::symbol(Symbol::unknown(key, format!("${name}"), Origin::Unread(name.to_owned())));
    world.set(name, Variable::new(text, vec![call.at]));
}

/// `mapfile -t NAME`: each line is an element.
pub(super) fn read_all(world: &mut World, call: &Call) -> Status {
    let is_option = |arg: &&Arg| arg.text.literal_prefix().starts_with('-');
    let flags: Vec<&str> = call.args[1..].iter().take_while(is_option).map(|arg| arg.text.literal_prefix()).collect();
    let name = call.args.get(1 + flags.len()).map_or(Some("MAPFILE"), |arg| arg.text.as_literal());
    let Some(name) = name else { return unknown(&call.source, false) };
    let known = match &call.input {
        Input::Text(text) | Input::HereString(text, _) if flags == ["-t"] => text.as_literal(),
        _ => None,
    };
    match known {
        Some(text) => {
            let items: Vec<Text> = text.lines().map(Text::literal).collect();
            let text = items.first().cloned().unwrap_or_default();
            world.set(name, Variable { text, items: Some(Arc::new(items)), from: vec![call.at] });
            Status::Success
        }
        None => {
            set_unread(world, call, name);
            unknown(&call.source, false)
        }
    }
}

/// The first line, where nothing unknown before its end may hold another, and whether it is ended.
fn first_line(text: &Text) -> Option<(Text, bool)> {
    let (line, whole) = match text.split_once('\n') {
        Some((line, _)) => (line, true),
        None => (text.clone(), false),
    };
    let certain =
        line.symbols().all(|symbol| !symbol.data().form.space) || text.strip_suffix("\n") == Some(line.clone());
    certain.then_some((line, whole))
}

fn assign_line(world: &mut World, call: &Call, line: &Text, names: &[String], array: bool) {
    let separators = separators(world);
    let fields = line_fields(line, &separators, if array { usize::MAX } else { names.len() });
    if let (true, Some(name)) = (array, names.first()) {
        let text = fields.first().cloned().unwrap_or_default();
        world.set(name, Variable { text, items: Some(Arc::new(fields)), from: vec![call.at] });
        return;
    }
    for (index, name) in names.iter().enumerate() {
        world.set(name, Variable::new(fields.get(index).cloned().unwrap_or_default(), vec![call.at]));
    }
}
