//! The working folder: `cd`, `pushd`, `popd`, and the paths of the repository seen from it.

use std::sync::Arc;

use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::text::{Part, Symbol, Text};

/// The folders that `popd` goes back to.
const STACK: &str = "DIRSTACK";

/// `cd`, `pushd`, `popd`. Where `cd -` goes is not kept: two states would differ by it that are else one.
pub(super) fn change(world: &mut World, name: &str, args: &[Arg]) -> Status {
    let target = args.iter().map(|arg| &arg.text).find(|text| !text.literal_prefix().starts_with('-')).cloned();
    let here = world.folder.as_deref().map(project_path).unwrap_or_default();
    let target = match name {
        "popd" => pop(world),
        _ => target,
    };
    if name == "pushd" {
        push(world, here);
    }
    world.folder = target.and_then(|target| resolve(world.folder.as_deref(), &target));
    Status::Success
}

fn push(world: &mut World, folder: Text) {
    let mut stack = stack(world);
    stack.push(folder);
    world.set(STACK, Variable { items: Some(Arc::new(stack)), ..Variable::new(Text::empty(), Vec::new()) });
}

fn pop(world: &mut World) -> Option<Text> {
    let mut stack = stack(world);
    let last = stack.pop();
    if stack.is_empty() {
        Arc::make_mut(&mut world.variables).remove(STACK);
    } else {
        world.set(STACK, Variable { items: Some(Arc::new(stack)), ..Variable::new(Text::empty(), Vec::new()) });
    }
    last
}

fn stack(world: &World) -> Vec<Text> {
    world.variables.get(STACK).and_then(|variable| variable.items.as_deref().cloned()).unwrap_or_default()
}

/// A path of the repository, relative to its root; `None` where it cannot be told or leaves the root.
pub(super) fn resolve(folder: Option<&str>, path: &Text) -> Option<String> {
    let base = match path.symbols().next() {
        Some(symbol) if symbol.predefined() == Some("CI_PROJECT_DIR") => Some(""),
        Some(symbol) if symbol.setting_name() == Some("PWD") => Some(folder?),
        _ => None,
    };
    match (path.parts(), base) {
        ([Part::Sym(_)], Some(base)) => Some(base.to_owned()),
        ([Part::Sym(_), Part::Lit(rest)], Some(base)) if rest.starts_with('/') => {
            crate::files::join(base, rest.trim_start_matches('/'))
        }
        _ => {
            let path = path.as_literal().filter(|path| !path.is_empty())?;
            if path.starts_with(['/', '~']) {
                return None;
            }
            crate::files::join(folder?, path)
        }
    }
}

/// A folder or file of the repository as a path that is known everywhere.
pub(super) fn project_path(path: &str) -> Text {
    let mut whole = crate::predefined::symbol("CI_PROJECT_DIR").map(Text::symbol).unwrap_or_default();
    whole.push_str(if path.is_empty() { "" } else { "/" });
    whole.push_str(path);
    whole
}

/// Whether a path begins with the repository's own folder.
pub(super) fn at_project(path: &Text) -> bool {
    path.symbols().next().and_then(Symbol::predefined) == Some("CI_PROJECT_DIR")
}
