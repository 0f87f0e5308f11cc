//! Variables that have another value for a while: what `local` and `A=1 command` hide.

use std::sync::Arc;

use super::world::{Flow, Variable, World};

/// A variable that has another value for a while.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hidden {
    name: Arc<str>,
    /// What it was before.
    variable: Option<Arc<Variable>>,
    /// Hidden by `A=1 command`, not by `local`.
    before_command: bool,
    /// Exported meanwhile.
    exported: bool,
}

impl Hidden {
    fn of(world: &World, name: &str) -> Self {
        let variable = world.variables.get(name).cloned();
        Hidden { name: name.into(), variable, before_command: false, exported: false }
    }
}

impl World {
    /// `local`: the variable comes back when the function ends.
    pub fn hide(&mut self, name: &str) {
        if !self.hidden[self.frame.min(self.hidden.len())..].iter().any(|hidden| *hidden.name == *name) {
            self.hidden.push(Hidden::of(self, name));
        }
    }

    /// `A=1 command`: the variable has this value until [`World::end_command`].
    pub fn set_meanwhile(&mut self, name: &str, variable: Variable) {
        self.hidden.push(Hidden { before_command: true, ..Hidden::of(self, name) });
        self.set(name, variable);
    }

    /// A command ends that began with so many variables hidden.
    pub fn end_command(&mut self, depth: usize) {
        let since = self.hidden.split_off(depth.min(self.hidden.len()));
        // `local` lasts longer than the command that says it.
        let (over, kept): (Vec<_>, Vec<_>) = since.into_iter().partition(|hidden| hidden.before_command);
        self.hidden.extend(kept);
        self.show_again(over);
    }

    /// The function that runs ends.
    pub fn end_function(&mut self) {
        let over = self.hidden.split_off(self.frame.min(self.hidden.len()));
        self.show_again(over);
    }

    fn show_again(&mut self, hidden: Vec<Hidden>) {
        if self.flow == Flow::Exit {
            // The shell ends, and its trap still sees what the function that exited saw.
            return;
        }
        for Hidden { name, variable, exported, .. } in hidden.into_iter().rev() {
            let changed = exported && self.variables.get(&name) != variable.as_ref();
            let either = changed.then(|| self.opaque(&format!("${name}")));
            let variable = either.map(|text| Arc::new(Variable::new(text, Vec::new()))).or(variable);
            let variables = Arc::make_mut(&mut self.variables);
            match variable {
                Some(variable) => variables.insert(name, variable),
                None => variables.remove(&name),
            };
        }
    }

    /// `export A` inside of `A=1 function`: bash lets the caller have it, other shells do not.
    pub fn export(&mut self, name: &str) {
        let hidden = self.hidden.iter_mut().rev().find(|hidden| hidden.before_command && *hidden.name == *name);
        hidden.into_iter().for_each(|hidden| hidden.exported = true);
    }
}
