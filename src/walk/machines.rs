//! Commands on other machines: containers, pods, hosts. There the variables, files and stores are other
//! ones; what runs there is followed all the same, and leaves nothing here but what it pushed.

use std::sync::Arc;

use super::Input;
use super::calls::Shell;
use super::folders::resolve;
use super::given::Given;
use super::simple::Call;
use super::walker::Walker;
use super::world::{Flow, Past, Variable, World, join};
use crate::clients::{self, Arg, Inside};
use crate::model::image_repository;
use crate::predefined;
use crate::text::{Origin, Symbol, Text};

impl Walker<'_> {
    /// Runs the command that a command line runs elsewhere; `None`: it runs none.
    pub(super) fn elsewhere(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let inside = crate::clients::inside(&call.args)?;
        let mut there = there(world, &inside);
        let input = if inside.reads { call.input.clone() } else { Input::Text(Text::empty()) };
        let ends = if inside.joined {
            let text = joined(&inside.command);
            match (&input, text.is_empty()) {
                (Input::Text(script) | Input::HereString(script, _), true) if !script.is_empty() => {
                    self.shell_text(there, &script.clone(), call)
                }
                (_, true) => return None,
                _ => {
                    there.stdin = input;
                    self.shell_text(there, &text, call)
                }
            }
        } else {
            let here = Call { args: inside.command.clone(), input, assigned: Vec::new(), ..call.clone() };
            self.dispatch(there, here)
        };
        let back = |end: World| World {
            scenarios: end.scenarios,
            atoms: end.atoms,
            clock: end.clock,
            status: end.status,
            capture: end.capture,
            ..world.clone()
        };
        Some(self.bounded(join(ends.into_iter().map(back).collect())))
    }

    fn shell_text(&mut self, world: World, text: &Text, call: &Call) -> Vec<World> {
        let at = call.args.last().map_or(call.at, |arg| if call.args.len() > 1 { arg.at } else { call.at });
        let (world, body) = self.embedded(world, text, at);
        self.run_body(world, &body, Some(Vec::new()), Shell::Own { errexit: false })
    }
}

/// The state in which the command finds the other machine.
fn there(world: &World, inside: &Inside) -> World {
    let mut there = world.clone();
    there.given = Given::default();
    there.variables = Arc::default();
    there.functions = Arc::default();
    there.files = Arc::default();
    there.positional = Some(Arc::default());
    there.folder = folder(world, inside);
    there.flow = Flow::Normal;
    // GitLab's variables are not there; what stands there under their names cannot be told.
    for row in predefined::TABLE {
        let shown = format!("${}", row.name);
        let origin = Origin::Opaque(row.name.to_owned());
        let symbol = Symbol::unknown(format!("{shown} in {}", inside.tool), shown, origin);
        there.set(row.name, Variable::new(Text::symbol(symbol), Vec::new()));
    }
    for (name, value) in &inside.variables {
        match given(world, name, value.as_ref()) {
            Some(variable) => there.set(name, variable),
            // handed on as GitLab or the settings have it
            None => drop(Arc::make_mut(&mut there.variables).remove(name.as_str())),
        }
    }
    let home = format!("{}:~", inside.tool);
    there.set("HOME", Variable::new(Text::literal(home), Vec::new()));
    there.happened(Past::Images);
    let fresh = inside.image.as_ref().is_some_and(|image| clients::is_own_image(image_repository(image)));
    if inside.shares || !fresh {
        there.happened(Past::Unread { may_login: true });
    }
    there
}

/// The value of a variable there; `None`: that of GitLab or of the settings.
fn given(world: &World, name: &str, value: Option<&Arg>) -> Option<Variable> {
    let Some(arg) = value else { return world.overridden(name) };
    let handed_on = world.overridden(name).is_none() && arg.text == world.variable(name).text;
    let from = arg.from.iter().copied().chain([arg.at]).collect();
    (!handed_on).then(|| Variable::new(arg.text.clone(), from))
}

/// The working folder, where it is one of the repository that is mounted there.
fn folder(world: &World, inside: &Inside) -> Option<String> {
    let wanted = inside
        .folder
        .as_ref()?
        .as_literal()
        .map_or_else(|| inside.folder.clone(), |path| Some(Text::literal(path.trim_end_matches('/'))))?;
    let (from, _) = inside.mounts.iter().find(|(_, to)| *to == wanted)?;
    resolve(world.folder.as_deref(), from)
}

/// The words as the shell of the other machine reads them.
fn joined(words: &[Arg]) -> Text {
    let mut text = Text::empty();
    for (index, word) in words.iter().enumerate() {
        text.push_str(if index > 0 { " " } else { "" });
        text.push_text(&word.text);
    }
    text
}
