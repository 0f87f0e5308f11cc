//! What the clients' actions do to a world: credentials come and go, images appear, pushes are seen.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::expand::{Asked, not_empty};
use super::reading::Reading;
use super::simple::Call;
use super::walker::{Walker, unknown, with_status};
use super::world::{Entry, Past, World};
use super::written::Written;
use super::{Atom, Input, LoginEvent, Sighting, Site, Unread};
use crate::clients::{self, Action, File, Login, LoginFault, LoginHost, Stdin, Upload, Uploaded};
use crate::model::NoteKind;
use crate::registry::{Family, Store};
use crate::source::Span;
use crate::text::Text;

/// How many questions one command may ask: each doubles the states.
const QUESTIONS: usize = 3;

/// The environment that a client sees.
struct Scope<'a> {
    world: &'a World,
    image: Option<&'a Text>,
    at: Span,
    files: RefCell<Reading<'a>>,
    may_ask: bool,
    asked: Cell<Option<Atom>>,
}

impl clients::Environment for Scope<'_> {
    fn get(&self, name: &str) -> Option<Text> {
        let known = name == "HOME" || self.world.is_set(name) && !self.world.is_unset(name);
        known.then(|| self.world.variable(name).text)
    }

    fn is_unset(&self, name: &str) -> bool {
        self.world.is_unset(name)
    }

    fn written(&self, name: &str) -> Vec<Span> {
        self.world.variable(name).from
    }

    fn is_filled(&self, text: &Text) -> Option<bool> {
        match not_empty(self.world, text) {
            Ok(known) => Some(known),
            Err(atom) => {
                if self.may_ask {
                    let first = self.asked.take();
                    self.asked.set(first.or(Some(atom)));
                }
                None
            }
        }
    }

    fn image(&self) -> Option<&Text> {
        self.image
    }

    fn file(&self, path: &Text) -> File {
        self.files.borrow_mut().find(self.world, path, self.at)
    }

    fn lines_written(&self, path: &Text) -> Vec<Option<Span>> {
        self.world.written(path).map(Written::lines).unwrap_or_default()
    }
}

impl Walker<'_> {
    /// Runs a client's command; `None`: it is none after all.
    pub(super) fn client(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let asked = world.atoms.len();
        let runs = match self.actions(world, call, asked) {
            Ok(actions) => vec![(world.clone(), actions?)],
            Err(_) => {
                let runs = self.each(vec![world.clone()], |walker, world| walker.actions(world, call, asked));
                runs.into_iter().map(|(world, actions)| (world, actions.unwrap_or_default())).collect()
            }
        };
        Some(runs.into_iter().map(|(world, actions)| self.acted(world, call, actions)).collect())
    }

    /// What the command does in a world; `None`: it is no client's.
    fn actions(&mut self, world: &World, call: &Call, asked: usize) -> Asked<Option<Vec<Action>>> {
        let stdin = match &call.input {
            Input::Inherited => Stdin::Null,
            Input::Text(text) | Input::HereString(text, _) if text.is_empty() => Stdin::Null,
            Input::Text(text) | Input::HereString(text, _) => {
                Stdin::Text(text.strip_suffix("\n").unwrap_or_else(|| text.clone()))
            }
            Input::Unknown | Input::File(_) => Stdin::Unknown(call.source.to_string()),
        };
        let scope = Scope {
            world,
            image: self.job.image.as_ref().map(|image| &image.value.name),
            at: call.at,
            files: RefCell::new(self.reading()),
            may_ask: world.atoms.len() < asked + QUESTIONS,
            asked: Cell::new(None),
        };
        let line = clients::Call { args: &call.args, stdin: &stdin, environment: &scope, at: call.at };
        // What is printed here is run as a command by whoever captures it.
        let printed = world.capture.as_ref().and_then(|_| clients::output(&line));
        let actions = printed.or_else(|| clients::actions(&line));
        let bound_reached = scope.files.borrow().bound_reached;
        let asked = scope.asked.take();
        self.walk.bound_reached |= bound_reached;
        asked.map_or(Ok(actions), Err)
    }

    fn acted(&mut self, mut world: World, call: &Call, actions: Vec<Action>) -> World {
        for action in actions {
            self.act(&mut world, call, action);
        }
        super::output::print_unknown(&mut world, call);
        let asks = call.args.iter().skip(1).take(3).any(|arg| {
            matches!(
                arg.text.as_literal(),
                Some("inspect" | "images" | "info" | "version" | "ps" | "ls" | "search" | "digest" | "manifest")
            )
        });
        let key = if asks { call.source.clone() } else { format!("{}#{}", call.source, world.clock).into() };
        with_status(world, unknown(&key, asks))
    }

    fn act(&mut self, world: &mut World, call: &Call, action: Action) {
        match action {
            Action::Login(login) => self.login(world, login, call),
            Action::Logout { host, store } => self.log_out(world, &host, &store, call.at),
            Action::Push(upload) => {
                self.stores_found(world, &upload);
                self.push(world, upload, call);
            }
            Action::Tag { from, to } => world.happened(Past::Named { from: from.text, to: to.text, at: to.at }),
            Action::Build { names } if names.is_empty() => world.happened(Past::Nameless),
            Action::Build { names } => names.into_iter().for_each(|name| world.happened(Past::Image(name.text))),
            Action::Pull { reference } => {
                world.happened(Past::Image(reference.text.clone()));
                if !self.guarded {
                    world.happened(Past::Pull(reference.text));
                }
            }
            Action::Loads => world.happened(Past::Images),
            Action::Unread { what, may_login, may_push } => {
                if may_push && !may_login {
                    self.unnamed_push(world, call);
                }
                world.happened(Past::Unread { may_login });
                let unread = Unread { kind: NoteKind::UnreadScript, at: call.at, name: what };
                if !self.walk.unread.contains(&unread) {
                    self.walk.unread.push(unread);
                }
            }
        }
    }

    fn login(&mut self, world: &mut World, mut login: Login, call: &Call) {
        if login.fault == Some(LoginFault::RemovedCommand) && world.past.contains(&Past::OldAws) {
            login.fault = None;
        }
        let here_string = match &call.input {
            Input::HereString(_, at) => Some(*at),
            _ => None,
        };
        let event = LoginEvent { here_string, scenarios: world.scenarios, ..LoginEvent::new(login) };
        let id = self.walk.add_login(event);
        let (store, host) = (&self.walk.logins[id].login.store, &self.walk.logins[id].login.host);
        let (entry, logins) = (Entry { store: store.clone(), login: id, removed: None }, &self.walk.logins);
        let scope = &logins[id].login.scope;
        let credentials = Arc::make_mut(&mut world.credentials);
        credentials.retain(|known| {
            let other = &logins[known.login].login;
            known.store != *store || other.host != *host || other.scope != *scope
        });
        credentials.push(entry);
    }

    /// Any host: all of the store.
    fn log_out(&self, world: &mut World, host: &LoginHost, store: &Store, at: Span) {
        let gone = |entry: &&mut Entry| {
            entry.store == *store && (*host == LoginHost::Any || self.walk.logins[entry.login].login.host == *host)
        };
        Arc::make_mut(&mut world.credentials).iter_mut().filter(gone).for_each(|entry| entry.removed = Some(at));
    }

    /// A store was written by hand.
    pub(super) fn store_written(&mut self, world: &mut World, store: &Store, text: &Text, at: Span) {
        Arc::make_mut(&mut world.credentials).retain(|entry| entry.store != *store);
        for login in clients::config_file::logins(text, store, at) {
            let id = self.walk.add_login(LoginEvent { scenarios: world.scenarios, ..LoginEvent::new(login) });
            Arc::make_mut(&mut world.credentials).push(Entry { store: store.clone(), login: id, removed: None });
        }
    }

    /// A push of images that something names which is not read.
    pub(super) fn unnamed_push(&mut self, world: &World, call: &Call) {
        self.push(world, unnamed(call), call);
    }

    fn push(&mut self, world: &World, upload: Upload, call: &Call) {
        let sighting = Sighting {
            scenarios: world.scenarios,
            atoms: world.atoms.clone(),
            guards: Vec::new(),
            ignored: self.ignored,
            instance: world.given.get("CI_NODE_INDEX").map(|variable| variable.text.clone()),
            credentials: world.credentials.clone(),
            past: world.past.clone(),
            overridden_registry: world.overridden("CI_REGISTRY"),
            logins_met: 0,
        };
        // The push itself stands last; `sh -c` and `eval` stand where their text does. What a file
        // names that the command reads stands there, and the command calls for it.
        let word = upload.reference.as_ref().map_or(upload.at, |word| word.at);
        let here = if word.file == upload.at.file { upload.at } else { word };
        let around = self.called_from.iter().filter(|at| !at.contains(here));
        let called_from = around.copied().collect();
        self.last_push = Some((world.clock, upload.at));
        let site = Site::new(upload, call.source.clone(), called_from);
        self.walk.add_sighting(site, sighting);
    }
}

/// A push of images that a file names which is not read.
fn unnamed(call: &Call) -> Upload {
    let name = call.args.first().and_then(|arg| arg.text.as_literal()).unwrap_or("");
    Upload {
        client: clients::pusher_of_files(name),
        at: call.at,
        reference: None,
        family: Family::Docker,
        reads: vec![Store::docker_default()],
        inline: None,
        what: Uploaded::Unnamed,
        local: None,
        gitlab_helper: None,
        spares: false,
    }
}
