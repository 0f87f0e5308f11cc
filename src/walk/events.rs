//! What a walk brings home: logins, and the pushes with every state that reached them.

use std::collections::HashMap;
use std::sync::Arc;

use super::atoms::{Atom, Atoms};
use super::world::{Entry, Past, Variable};
use crate::clients::{Login, LoginHost, Secret, Upload};
use crate::model::NoteKind;
use crate::registry::{Credential, Reference, credential};
use crate::scenario::Scenarios;
use crate::source::Span;
use crate::text::Text;

/// What one job does.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Its logins, in the order of the walk.
    pub logins: Vec<LoginEvent>,
    /// The logins of the `before_script` that the job's own replaces, with the key that does it.
    pub lost: Vec<(LoginEvent, Span)>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// Pushes with an option on a line of its own after them, which never reached the tool.
    pub lost_options: Vec<(Span, Span)>,
    /// A bound was reached: what the job does is known only in part.
    pub bound_reached: bool,
    /// `wait` asks for the exit code of what ran in the background.
    pub awaits: bool,
    /// The places that push, each with the states in which it does.
    pub sites: Vec<(Site, Vec<Sighting>)>,
    /// The numbers of the logins and sites by place and host or reference.
    pub(super) logins_at: HashMap<(Span, Option<Text>), Vec<usize>>,
    pub(super) sites_at: HashMap<(Span, Option<Text>), Vec<usize>>,
}

/// A login that the walk met.
#[derive(Clone, Debug)]
pub struct LoginEvent {
    /// What it does.
    pub login: Login,
    /// Whose credential it uses.
    pub credential: Credential,
    /// The password comes from `<<<` at this place.
    pub here_string: Option<Span>,
    /// In which scenarios it runs.
    pub scenarios: Scenarios,
}

impl LoginEvent {
    pub(super) fn new(login: Login) -> Self {
        let text = |secret: &Secret| if let Secret::Given(text, _) = secret { Some(text.clone()) } else { None };
        let (user, password) = (text(&login.user), text(&login.password));
        let known = login.cloud || matches!(login.host, LoginHost::Any);
        let credential = match (known, credential(user.as_ref(), password.as_ref())) {
            (true, _) if login.cloud => Credential::Own,
            (_, Credential::None) => Credential::Unknown,
            (_, credential) => credential,
        };
        LoginEvent { login, credential, here_string: None, scenarios: Scenarios::NONE }
    }

    /// The host as a text; `None` for suffixes and unknown hosts.
    #[must_use]
    pub fn host(&self) -> Option<Text> {
        match &self.login.host {
            LoginHost::DockerHub => Some(Text::literal("docker.io")),
            LoginHost::Host(host) => Some(host.clone()),
            LoginHost::Suffixes(_) | LoginHost::Any => None,
        }
    }
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Which kind.
    pub kind: NoteKind,
    /// Where.
    pub at: Span,
    /// What.
    pub name: String,
}

/// A place that pushes, with what it pushes there.
#[derive(Clone, Debug)]
pub struct Site {
    /// What is uploaded, and how.
    pub upload: Upload,
    /// The command as written.
    pub source: Arc<str>,
    /// The commands that call the script or function in which it stands, the outermost first.
    pub called_from: Vec<Span>,
    /// The reference; `None`: the command names none.
    pub reference: Option<Reference>,
}

impl Site {
    pub(super) fn new(upload: Upload, source: Arc<str>, called_from: Vec<Span>) -> Self {
        let reference = upload.reference.as_ref().map(|word| Reference::parse(&word.text, upload.family));
        Site { upload, source, called_from, reference }
    }

    fn text(&self) -> Option<Text> {
        self.reference.as_ref().map(|reference| reference.text.clone())
    }

    fn same(&self, other: &Site) -> bool {
        let word = |site: &Site| site.upload.reference.as_ref().map(|word| word.at);
        self.upload.at == other.upload.at
            && word(self) == word(other)
            && self.upload.what == other.upload.what
            && self.reference == other.reference
    }
}

/// One state in which a push runs.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// In which scenarios.
    pub scenarios: Scenarios,
    /// Under which assumptions.
    pub atoms: Arc<Atoms>,
    /// Those of them without which the command would not push this tag.
    pub guards: Vec<(Atom, bool)>,
    /// What keeps its failure from failing the job.
    pub ignored: Option<Ignored>,
    /// `CI_NODE_INDEX`, where the job runs in several instances.
    pub instance: Option<Text>,
    /// The credentials in the stores.
    pub credentials: Arc<Vec<Entry>>,
    /// What happened before.
    pub past: Arc<Vec<Past>>,
    /// `CI_REGISTRY`, where the files or the script set it.
    pub overridden_registry: Option<Variable>,
    /// How many logins the walk had met.
    pub logins_met: usize,
}

/// Why a push that fails does not fail its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// `|| true`, or another command that cannot fail, at this place.
    Or(Span),
    /// It runs in the background.
    Background,
    /// It runs in `after_script`.
    AfterScript,
}

impl Sighting {
    /// Something that could not be read ran before, and it speaks of logging in.
    #[must_use]
    pub fn may_have_logged_in(&self) -> bool {
        self.past.iter().any(|past| matches!(past, Past::Unread { may_login: true }))
    }
}

impl Walk {
    /// Adds a login; one that is known already keeps its number.
    pub(super) fn add_login(&mut self, event: LoginEvent) -> usize {
        let same = |known: &LoginEvent| {
            let (a, b) = (&known.login, &event.login);
            a.at == b.at
                && a.host_at == b.host_at
                && a.host == b.host
                && a.store == b.store
                && a.user == b.user
                && a.password == b.password
        };
        let known = self.logins_at.entry((event.login.at, event.host())).or_default();
        if let Some(at) = known.iter().copied().find(|at| same(&self.logins[*at])) {
            self.logins[at].scenarios = self.logins[at].scenarios.or(event.scenarios);
            return at;
        }
        known.push(self.logins.len());
        self.logins.push(event);
        self.logins.len() - 1
    }

    pub(super) fn add_sighting(&mut self, site: Site, sighting: Sighting) {
        let sighting = Sighting { logins_met: self.logins.len(), ..sighting };
        let known = self.sites_at.entry((site.upload.at, site.text())).or_default();
        if let Some(at) = known.iter().copied().find(|at| self.sites[*at].0.same(&site)) {
            self.sites[at].1.push(sighting);
            return;
        }
        known.push(self.sites.len());
        self.sites.push((site, vec![sighting]));
    }
}
