//! What the clients' actions do to a world: credentials come and go, images appear, pushes are seen.

use std::sync::Arc;

use super::simple::Call;
use super::walker::{Walker, unknown, with_status};
use super::world::{Entry, Past, World};
use super::{Input, LoginEvent, Sighting, Site, Unread};
use crate::clients::{self, Action, Login, LoginFault, LoginHost, Stdin, Upload, Uploaded};
use crate::model::NoteKind;
use crate::registry::{Family, Store};
use crate::source::Span;
use crate::text::Text;

/// The environment that a client sees.
struct Scope<'a> {
    world: &'a World,
    image: Option<&'a Text>,
}

impl clients::Environment for Scope<'_> {
    fn get(&self, name: &str) -> Option<Text> {
        if name == "HOME" || self.world.is_set(name) { Some(self.world.variable(name).text) } else { None }
    }

    fn image(&self) -> Option<&Text> {
        self.image
    }

    fn file(&self, path: &Text) -> Option<Text> {
        self.world.files.get(&self.world.file_key(path)).cloned()
    }
}

impl Walker<'_> {
    /// Runs a client's command; `None`: it is none after all.
    pub(super) fn client(&mut self, world: &mut World, call: &Call) -> Option<Vec<World>> {
        let stdin = match &call.input {
            Input::Inherited => Stdin::Null,
            Input::Text(text) | Input::HereString(text, _) if text.is_empty() => Stdin::Null,
            Input::Text(text) | Input::HereString(text, _) => {
                Stdin::Text(text.strip_suffix("\n").unwrap_or_else(|| text.clone()))
            }
            Input::Unknown | Input::File(_) => Stdin::Unknown(call.source.to_string()),
        };
        let image = self.job.image.as_ref().map(|image| &image.value.name);
        let actions = {
            let scope = Scope { world, image };
            let line = clients::Call { args: &call.args, stdin: &stdin, environment: &scope, at: call.at };
            // What is printed here is run as a command by whoever captures it.
            let printed = world.capture.as_ref().and_then(|_| clients::output(&line));
            printed.or_else(|| clients::actions(&line))?
        };
        for action in actions {
            self.act(world, call, action);
        }
        super::output::print_unknown(world, call);
        let asks = call.args.iter().skip(1).take(3).any(|arg| {
            matches!(
                arg.text.as_literal(),
                Some("inspect" | "images" | "info" | "version" | "ps" | "ls" | "search" | "digest" | "manifest")
            )
        });
        let key = if asks { call.source.clone() } else { format!("{}#{}", call.source, world.clock).into() };
        Some(vec![with_status(world.clone(), unknown(&key, asks))])
    }

    fn act(&mut self, world: &mut World, call: &Call, action: Action) {
        match action {
            Action::Login(login) => self.login(world, login, call),
            Action::Logout { host, store } => self.log_out(world, &host, &store, call.at),
            Action::Push(upload) => self.push(world, upload, call),
            Action::Tag { from, to } => world.happened(Past::Named { from: from.text, to: to.text, at: to.at }),
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
                if !self.trace.unread.contains(&unread) {
                    self.trace.unread.push(unread);
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
        let id = self.trace.add_login(event);
        let (store, host) = (&self.trace.logins[id].login.store, &self.trace.logins[id].login.host);
        let (entry, logins) = (Entry { store: store.clone(), login: id, removed: None }, &self.trace.logins);
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
            entry.store == *store && (*host == LoginHost::Any || self.trace.logins[entry.login].login.host == *host)
        };
        Arc::make_mut(&mut world.credentials).iter_mut().filter(gone).for_each(|entry| entry.removed = Some(at));
    }

    /// A store was written by hand.
    pub(super) fn store_written(&mut self, world: &mut World, store: &Store, text: &Text, at: Span) {
        Arc::make_mut(&mut world.credentials).retain(|entry| entry.store != *store);
        for login in clients::config_file::logins(text, store, at) {
            let id = self.trace.add_login(LoginEvent { scenarios: world.scenarios, ..LoginEvent::new(login) });
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
        // The push itself stands last; `sh -c` and `eval` stand where their text does.
        let around = self.called_from.iter().filter(|at| !at.contains(upload.at));
        let called_from = around.copied().collect();
        self.last_push = Some((world.clock, upload.at));
        let site = Site::new(upload, call.source.clone(), called_from);
        self.trace.add_sighting(site, sighting);
    }
}

/// A push of images that a file names which is not read.
fn unnamed(call: &Call) -> Upload {
    let name = call.args.first().and_then(|arg| arg.text.as_literal()).unwrap_or("");
    let client = CLIENTS.into_iter().find(|client| name.ends_with(client)).unwrap_or("script");
    Upload {
        client,
        at: call.at,
        reference: None,
        family: Family::Docker,
        reads: vec![Store::docker_default()],
        inline: None,
        what: Uploaded::Unnamed,
        local: None,
        gitlab_helper: false,
        spares: false,
    }
}

/// What pushes images that a file names; anything else is a script.
const CLIENTS: [&str; 8] =
    ["docker-compose", "podman-compose", "manifest-tool", "earthly", "executor", "docker", "podman", "make"];
