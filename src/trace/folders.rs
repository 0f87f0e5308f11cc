//! The working folder: `cd`, `pushd`, `popd`, and the paths of the repository seen from it.

use std::sync::Arc;

use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::text::{Part, Symbol, Text};

/// Where `cd -` goes, and the folders that `popd` goes back to.
const BEFORE: &str = "OLDPWD";
const STACK: &str = "DIRSTACK";

/// `cd`, `pushd`, `popd`.
pub(super) fn change(world: &mut World, name: &str, args: &[Arg]) -> Status {
    let words: Vec<&Text> = args.iter().map(|arg| &arg.text).collect();
    let option = |text: &&&Text| text.literal_prefix().starts_with('-') && text.as_literal() != Some("-");
    let target = words.iter().find(|text| !option(text)).map(|text| (*text).clone());
    let here = world.folder.as_deref().map(project_path);
    let mut stack =
        world.overridden(STACK).and_then(|variable| variable.items).map(|items| items.to_vec()).unwrap_or_default();
    let target = match (name, target) {
        ("popd", _) => stack.pop(),
        (_, Some(target)) if target.as_literal() == Some("-") => Some(world.variable(BEFORE).text),
        (_, target) => target,
    };
    if name == "pushd" {
        stack.push(here.clone().unwrap_or_default());
    }
    if name != "cd" {
        world.set(STACK, Variable { items: Some(Arc::new(stack)), ..Variable::new(Text::empty(), Vec::new()) });
    }
    world.folder = target.and_then(|target| resolve(world.folder.as_deref(), &target));
    if let Some(here) = here {
        world.set(BEFORE, Variable::new(here, Vec::new()));
    }
    Status::Success
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
