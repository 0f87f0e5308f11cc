//! `printenv`: what the shell hands to the programs that it starts.

use super::expand::{Asked, not_empty};
use super::output::{print, print_environment};
use super::simple::Call;
use super::walker::{Walker, with_status};
use super::world::{Status, World};

impl Walker<'_> {
    /// `printenv NAME …` prints the values, and fails where one is not set; alone it prints all of them.
    pub(super) fn printenv(&mut self, world: World, call: &Call) -> Vec<World> {
        let names: Option<Vec<&str>> = call.args[1..].iter().map(|arg| arg.text.as_literal()).collect();
        let names = names.filter(|names| !names.is_empty() && names.iter().all(|name| !name.starts_with('-')));
        let Some(names) = names else {
            let mut world = with_status(world, Status::Success);
            print_environment(&mut world);
            return vec![world];
        };
        let printed = self.each(vec![world], |_, world| {
            let mut all = true;
            for name in &names {
                all &= print_variable(world, name)?;
            }
            Ok(all)
        });
        printed.into_iter().map(|(world, all)| with_status(world, Status::of(all))).collect()
    }
}

/// Prints a variable; whether it is set.
fn print_variable(world: &mut World, name: &str) -> Asked<bool> {
    let mut value = world.variable(name).text;
    // Whether a variable of the script is exported is not followed: why else would it be asked for?
    let set = !world.is_unset(name) && (world.overridden(name).is_some() || not_empty(world, &value)?);
    if set {
        value.push_str("\n");
        print(world, &value);
    }
    Ok(set)
}
