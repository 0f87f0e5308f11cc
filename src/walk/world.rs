//! One state in which a job's shell can be: [`World`]. The walk keeps a few of them; a test on an
//! unknown value splits a world and remembers the [`Atom`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Input;
use super::atoms::{Atom, Atoms};
use super::body::Function;
use super::given::Given;
use super::hidden::Hidden;
use super::refs::Refs;
use super::written::Written;
use crate::registry::Store;
use crate::scenario::{Scenario, Scenarios};
use crate::source::Span;
use crate::text::{Origin, Symbol, Text};

/// The most places that are remembered of a value's making.
const MOST_PLACES: usize = 32;

/// How much is remembered of what happened.
const MOST_PAST: usize = 200;

/// A state.
#[derive(Clone, Debug)]
pub(super) struct World {
    /// The scenarios in which the job can be in this state.
    pub scenarios: Scenarios,
    /// What was assumed on the way here.
    pub atoms: Arc<Atoms>,
    /// The refs that the job's rules confine it to.
    pub refs: Arc<Refs>,
    /// Variables that the files set.
    pub given: Given,
    /// Variables that the script set.
    pub variables: Arc<BTreeMap<Arc<str>, Arc<Variable>>>,
    /// Functions of the script.
    pub functions: Arc<HashMap<String, Function>>,
    /// Credentials in the stores; a later entry for a host in a store replaces the earlier ones.
    pub credentials: Arc<Vec<Entry>>,
    /// Files that the script wrote.
    pub files: Arc<HashMap<Text, Written>>,
    /// What happened so far that a verdict may ask for.
    pub past: Arc<Vec<Past>>,
    /// `$1`, `$2`, …; `None`: unknown.
    pub positional: Option<Arc<Vec<Text>>>,
    /// The current folder, relative to the root; `None`: unknown.
    pub folder: Option<String>,
    /// Standard input of the commands that have none of their own; reading takes from it.
    pub stdin: Input,
    /// Variables that come back, the innermost last: behind `A=1 command`, and where a function with `local` ends.
    pub hidden: Vec<Hidden>,
    /// How many of them the function that runs found.
    pub frame: usize,
    /// `set -e`.
    pub errexit: bool,
    /// How the last command ended.
    pub status: Status,
    /// Whether the walk goes on here.
    pub flow: Flow,
    /// Commands run so far: tells apart two runs of one command.
    pub clock: u32,
    /// Standard output, where somebody reads it.
    pub capture: Option<Text>,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Success,
    Failure,
    /// Not known: the question is whether the command `key` succeeds.
    Unknown {
        key: Arc<str>,
        /// The command is there to be asked (`grep -q`, `[ -f x ]`), not to do something.
        test: bool,
        negated: bool,
    },
}

impl Status {
    pub fn of(success: bool) -> Self {
        if success { Status::Success } else { Status::Failure }
    }

    pub fn not(&self) -> Self {
        match self {
            Status::Success => Status::Failure,
            Status::Failure => Status::Success,
            Status::Unknown { key, negated, .. } => Status::Unknown { key: key.clone(), test: true, negated: !negated },
        }
    }
}

/// Whether the walk goes on in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Normal,
    Break(u32),
    Continue(u32),
    Return,
    Exit,
}

/// A shell variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variable {
    /// Its value; the first element of an array.
    pub text: Text,
    /// The elements of an array.
    pub items: Option<Arc<Vec<Text>>>,
    /// Where its value was written, with the values that went into it.
    pub from: Vec<Span>,
}

impl Variable {
    /// A variable that is no array.
    #[must_use]
    pub fn new(text: Text, from: Vec<Span>) -> Self {
        Variable { text, items: None, from }
    }
}

/// A credential in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which store.
    pub store: Store,
    /// The login's number in the walk.
    pub login: usize,
    /// `docker logout` removed it there.
    pub removed: Option<Span>,
}

/// Something that happened before a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// A script, Makefile or file that could not be read was run.
    Unread {
        /// It speaks of logging in.
        may_login: bool,
    },
    /// An image was downloaded, or asked for, where a failure ends the job.
    Pull(Text),
    /// A local image of this name exists.
    Image(Text),
    /// A local image without a name exists: its id names it.
    Nameless,
    /// Local images exist whose names cannot be told.
    Images,
    /// `pip install awscli`: version 1 of the AWS CLI, which still has `aws ecr get-login`.
    OldAws,
    /// A local image got a second name that its source did not have.
    Named {
        /// The source.
        from: Text,
        /// The new name.
        to: Text,
        /// Where.
        at: Span,
    },
}

impl World {
    /// How much state may be copied when a command changes it.
    pub fn size(&self) -> usize {
        self.variables.len()
            + self.functions.len()
            + self.files.len()
            + self.credentials.len()
            + self.past.len()
            + self.atoms.len()
    }

    /// The same files, and what happened, under another shell.
    pub fn in_shell(self, shell: World) -> World {
        World {
            scenarios: self.scenarios,
            atoms: self.atoms,
            credentials: self.credentials,
            files: self.files,
            past: self.past,
            clock: self.clock,
            ..shell
        }
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, mut variable: Variable) {
        if variable.from.len() > MOST_PLACES {
            let last = variable.from.len() - 1;
            variable.from.swap(MOST_PLACES - 1, last);
            variable.from.truncate(MOST_PLACES);
        }
        self.share(name, Arc::new(variable));
    }

    /// Sets a variable to one that other worlds may share.
    pub fn share(&mut self, name: &str, variable: Arc<Variable>) {
        let variables = Arc::make_mut(&mut self.variables);
        match variables.get_mut(name) {
            Some(known) => *known = variable,
            None => drop(variables.insert(name.into(), variable)),
        }
    }

    /// A value that is not followed. Each evaluation is a value of its own.
    pub fn opaque(&self, shown: &str) -> Text {
        Text::symbol(Symbol::unknown(format!("{shown}#{}", self.clock), shown, Origin::Opaque(shown.to_owned())))
    }

    /// Notes something that happened; what is too much to remember may have been anything.
    pub fn happened(&mut self, past: Past) {
        if self.past.contains(&past) || self.past.len() > MOST_PAST {
            return;
        }
        let past = if self.past.len() < MOST_PAST { past } else { Past::Unread { may_login: true } };
        Arc::make_mut(&mut self.past).push(past);
    }

    /// The value of a variable; unset ones of unknown origin are settings variables.
    pub fn variable(&self, name: &str) -> Variable {
        if let Some(variable) = self.variables.get(name) {
            return Variable::clone(variable);
        }
        self.outside(name)
    }

    /// The value that a variable has before the script sets it.
    fn outside(&self, name: &str) -> Variable {
        if let Some(variable) = self.given.get(name) {
            let from = variable.from.iter().copied().chain([variable.at]).collect();
            return Variable::new(variable.text.clone(), from);
        }
        if let Some(written) = name.strip_prefix(crate::powershell::SWALLOWED) {
            return Variable::new(Text::symbol(Symbol::swallowed(written)), Vec::new());
        }
        // The runner sets each variable twice: for the environment, and as PowerShell's own.
        if let Some(own) = name.strip_prefix(crate::powershell::OWN) {
            return self.outside(own);
        }
        let text = match name {
            "HOME" => Text::literal("~"),
            "RANDOM" | "SECONDS" | "BASHPID" => self.opaque(&format!("${name}")),
            "IFS" => Text::literal(" \t\n"),
            _ => Text::symbol(crate::predefined::symbol(name).unwrap_or_else(|| Symbol::setting(name))),
        };
        Variable::new(text, Vec::new())
    }

    /// What a script's own file is known by: its path from the root, where that can be told.
    pub fn file_key(&self, path: &Text) -> Text {
        let Some(literal) = path.as_literal().filter(|path| !path.starts_with(['/', '~'])) else { return path.clone() };
        let joined = self.folder.as_ref().and_then(|folder| crate::files::join(folder, literal));
        joined.map_or_else(|| path.clone(), Text::literal)
    }

    /// The file that the script wrote under a path.
    pub fn written(&self, path: &Text) -> Option<&Written> {
        self.files.get(&self.file_key(path))
    }

    /// The variable, if the files or the script set it.
    pub fn overridden(&self, name: &str) -> Option<Variable> {
        let set = self.variables.contains_key(name) || self.given.get(name).is_some();
        set.then(|| self.variable(name))
    }

    /// Whether the files, GitLab or the script set the variable.
    pub fn is_set(&self, name: &str) -> bool {
        self.variables.contains_key(name) || self.given.get(name).is_some() || crate::predefined::find(name).is_some()
    }

    /// Whether `unset` took the variable away.
    pub fn is_unset(&self, name: &str) -> bool {
        self.variables.get(name).and_then(|variable| variable.items.as_ref()).is_some_and(|items| items.is_empty())
    }

    /// Whether two worlds go on alike.
    fn same_state(&self, other: &World) -> bool {
        self.flow == other.flow
            && self.status == other.status
            && self.errexit == other.errexit
            && self.folder == other.folder
            && self.stdin == other.stdin
            && self.hidden == other.hidden
            && self.capture == other.capture
            && self.positional == other.positional
            && self.given.same(&other.given)
            && same(&self.variables, &other.variables)
            && same(&self.credentials, &other.credentials)
            && same(&self.past, &other.past)
            && (Arc::ptr_eq(&self.functions, &other.functions) || self.functions.len() == other.functions.len())
    }

    /// Takes in another world that goes on alike; `false` where it does not, or where one world for
    /// both would say more than either.
    pub fn absorb(&mut self, other: &World) -> bool {
        if !self.same_state(other) {
            return false;
        }
        if self.atoms != other.atoms {
            let common = self.atoms.common(&other.atoms);
            let within = |inner: Scenarios, outer: Scenarios| inner.without(outer).is_empty();
            let (mine, theirs) = (self.atoms.len() - common.len(), other.atoms.len() - common.len());
            // What holds anyway holds under a condition too; a question with both answers is none.
            let joins = match (mine, theirs) {
                (0, _) => within(other.scenarios, self.scenarios),
                (_, 0) => within(self.scenarios, other.scenarios),
                (1, 1) => self.atoms.answer_both(&other.atoms),
                _ => false,
            };
            if !joins {
                return false;
            }
            self.atoms = Arc::new(common);
        }
        self.scenarios = self.scenarios.or(other.scenarios);
        self.clock = self.clock.max(other.clock);
        self.keep_common_files(other);
        true
    }

    /// Forgets the files that differ: to know what a file holds is not worth a state of its own.
    pub fn keep_common_files(&mut self, other: &World) {
        if same(&self.files, &other.files) {
            return;
        }
        let common = self.files.iter().filter(|(path, written)| other.files.get(*path) == Some(*written));
        self.files = Arc::new(common.map(|(path, written)| (path.clone(), written.clone())).collect());
    }

    /// The scenarios in which the answer to a question can be `holds`.
    pub fn possible(&self, atom: &Atom, holds: bool) -> Scenarios {
        let scenarios = atom.scenarios(holds, self.scenarios);
        let Some((name, value)) = atom.ref_and_name() else { return scenarios };
        let fits = |scenario: &Scenario| match self.refs.names(*scenario, name) {
            Some(names) if holds => names.contains(value),
            Some(names) => names.len() > 1 || !names.contains(value),
            None => true,
        };
        Scenarios::of(&scenarios.iter().filter(fits).collect::<Vec<_>>())
    }

    /// The same world under an assumption; `None` where the assumption contradicts what is known.
    pub fn assume(&self, atom: &Atom, holds: bool) -> Option<World> {
        let scenarios = self.possible(atom, holds);
        if scenarios.is_empty() {
            return None;
        }
        let mut world = self.clone();
        world.scenarios = scenarios;
        Arc::make_mut(&mut world.atoms).add(atom.clone(), holds);
        Some(world)
    }
}

fn same<T: PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

/// Joins worlds that go on alike.
pub(super) fn join(worlds: Vec<World>) -> Vec<World> {
    if worlds.len() < 2 {
        return worlds;
    }
    let before = worlds.len();
    let mut joined: Vec<World> = Vec::with_capacity(before);
    for world in worlds {
        if !joined.iter_mut().any(|known| known.absorb(&world)) {
            joined.push(world);
        }
    }
    // A world that took in another may now go with a third.
    if joined.len() < before { join(joined) } else { joined }
}
