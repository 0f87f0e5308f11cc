//! Which login covers a push, and what is missing where none does.

use super::elsewhere::Elsewhere;
use super::place::Ground;
use super::traces::Trace;
use crate::clients::{self, LoginHost};
use crate::model::{Job, Pipeline, image_repository};
use crate::registry::path::Below;
use crate::registry::{Credential, Reference, Store, host};
use crate::source::Span;
use crate::text::Text;
use crate::walk::{Entry, LoginEvent, Past, Sighting, Site};

/// Why no login covers a push: the rows of lints.md 3.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing logs in to this host.
    Nowhere,
    /// The job's own `before_script` replaces the one that logs in.
    Lost {
        /// That login.
        login: Span,
        /// The key that replaces it.
        key: Span,
    },
    /// Another job logs in.
    OtherJob {
        /// That login.
        login: Span,
        /// That job.
        job: String,
    },
    /// The login comes after the push.
    Later {
        /// That login.
        login: Span,
    },
    /// `logout` comes between.
    LoggedOut {
        /// The login.
        login: Span,
        /// The logout.
        logout: Span,
    },
    /// Only some paths log in.
    SomePaths {
        /// The login on the others.
        login: Span,
    },
    /// The job logs in to another host.
    OtherHost {
        /// That login.
        login: Span,
        /// Its host, as a person would write it.
        host: String,
    },
    /// The files override `CI_REGISTRY`, and `$CI_REGISTRY_IMAGE` keeps the server's host.
    Overridden {
        /// The login.
        login: Span,
        /// The definition.
        definition: Span,
    },
    /// Another tool's login, or one in another store.
    OtherStore {
        /// That login.
        login: Span,
        /// The store that it writes.
        written: String,
        /// The store that the push reads.
        read: String,
    },
}

/// A kind of doubt about a missing login (lints.md 3.1), each counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// An include or an `extends` target that could not be read may log in.
    UnreadInclude,
    /// A script, Makefile or other file that could not be read runs before.
    UnreadCall,
    /// Half a job: a template's, or one that patches what an unread include defines.
    HalfJob,
    /// Other paths through the job log in.
    SomePaths,
    /// The job pulls from the same repository before, unguarded.
    Pulled,
    /// `tags:` without `image:`: a shell runner keeps logins.
    ShellRunner,
    /// `tags:`: the runner may be logged in to a registry of its own.
    Tagged,
    /// An image that may bring credentials.
    OddImage,
    /// No login to that host stands anywhere in the files.
    HostNowhere,
    /// The job pulls from that host before.
    PulledThere,
    /// The definition may be what the server has anyway.
    Override,
    /// The host may be this GitLab's registry, for which the client finds the job credential by itself.
    OwnHost,
    /// Two of GitLab's own hosts may be one.
    ServerHost,
}

/// What covers a push in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// This login.
    Login(usize),
    /// The client's own look at `CI_REGISTRY_*`, as no store holds a credential for the host.
    Helper,
    /// Something that cannot be told may.
    Maybe,
    /// Nothing; the stores of the job hold no credential for the host.
    Missing,
}

/// The logins of all jobs: those that they make, and those that they lose.
pub(super) struct Logins {
    pub made: Elsewhere,
    pub lost: Elsewhere,
}

/// All that a question about a push needs.
pub(super) struct Case<'a> {
    pub ground: &'a Ground,
    pub pipeline: &'a Pipeline,
    pub job: &'a Job,
    pub traces: &'a [Trace],
    pub logins: &'a Logins,
    pub trace: &'a Trace,
    pub site: &'a Site,
    pub reference: &'a Reference,
    pub host: &'a Text,
}

impl Case<'_> {
    /// What covers the push in a state.
    pub fn cover(&self, sighting: &Sighting) -> Cover {
        let mut maybe = false;
        for store in &self.site.upload.reads {
            for entry in sighting.credentials.iter().rev().filter(|entry| entry.removed.is_none()) {
                let same = same_store(&entry.store, store);
                if same == Some(false) {
                    continue;
                }
                let event = &self.trace.walk.logins[entry.login];
                match if self.to_override(event, sighting) { Some(false) } else { self.fits(event) } {
                    Some(true) if same == Some(true) => return Cover::Login(entry.login),
                    Some(false) => {}
                    _ => maybe = true,
                }
            }
        }
        let silenced = sighting.may_have_logged_in();
        if maybe || silenced || self.given_stores() || self.ground.is_logged_in(self.host) {
            return Cover::Maybe;
        }
        if self.helped(sighting) == Some(true) { Cover::Helper } else { Cover::Missing }
    }

    /// Whether the client finds a credential for the host in `CI_REGISTRY_*`. It looks there last (kaniko's
    /// `pkg/creds/creds.go`); where the files override `CI_REGISTRY`, that is another host.
    pub fn helped(&self, sighting: &Sighting) -> Option<bool> {
        let overridden = sighting.overridden_registry.is_some() && self.host.as_symbol().is_some();
        let helps = self.site.upload.gitlab_helper.is_some() && !overridden;
        if helps { self.ground.is_gitlab(self.host) } else { Some(false) }
    }

    /// The login goes to the host with which the files override `CI_REGISTRY`, the push to the server's own.
    pub fn to_override(&self, event: &LoginEvent, sighting: &Sighting) -> bool {
        let Some(variable) = &sighting.overridden_registry else { return false };
        let host = host::of_server(&variable.text);
        self.host.as_symbol().is_some()
            && event.host().is_some_and(|to| to == host && !self.ground.is_own_registry(&to))
    }

    /// A store that the settings name: somebody put a credential there.
    fn given_stores(&self) -> bool {
        let given = |store: &Store| store.path.symbols().any(|symbol| symbol.setting_name().is_some());
        self.site.upload.reads.iter().any(given)
    }

    /// Whether a login is for the push's host, and for its path where it is only for one.
    pub fn fits(&self, event: &LoginEvent) -> Option<bool> {
        if let Some(scope) = &event.login.scope {
            return below(&self.reference.text, scope);
        }
        match &event.login.host {
            LoginHost::Any => None,
            LoginHost::Suffixes(ends) => match self.host.as_literal() {
                Some(name) => Some(ends.iter().any(|end| name.ends_with(end))),
                // `$CI_REGISTRY/x` may be a cloud's, where the settings override the variable.
                None if matches!(self.reference.below_home(), Below::Home { .. } | Below::Glued) => Some(false),
                None if host::elsewhere(self.host) => Some(ends.iter().any(|end| self.host.shown().ends_with(end))),
                None => None,
            },
            LoginHost::DockerHub => self.ground.same_host(self.host, &Text::literal("docker.io")),
            LoginHost::Host(host) => self.ground.same_host(self.host, host),
        }
    }

    /// Why nothing covers the push, seen from a state in which nothing does.
    pub fn missing(&self, sighting: &Sighting) -> Missing {
        self.in_world(sighting)
            .or_else(|| self.in_job(sighting))
            .or_else(|| self.lost())
            .or_else(|| self.other_host(sighting, true))
            .or_else(|| self.other_job())
            .or_else(|| self.other_host(sighting, false))
            .unwrap_or(Missing::Nowhere)
    }

    /// The job's stores hold it, but not so that it counts.
    fn in_world(&self, sighting: &Sighting) -> Option<Missing> {
        let fitting = |entry: &&Entry| self.fits(&self.trace.walk.logins[entry.login]) == Some(true);
        let entry = sighting.credentials.iter().rev().find(fitting)?;
        let login = self.trace.walk.logins[entry.login].login.at;
        if let Some(logout) = entry.removed {
            return Some(Missing::LoggedOut { login, logout });
        }
        let read = self.site.upload.reads.first().map(|store| store.path.shown()).unwrap_or_default();
        Some(Missing::OtherStore { login, written: entry.store.path.shown(), read })
    }

    /// The job logs in, but elsewhere in its script.
    fn in_job(&self, sighting: &Sighting) -> Option<Missing> {
        let at = self.trace.walk.logins.iter().position(|event| self.fits(event) == Some(true))?;
        let login = self.trace.walk.logins[at].login.at;
        Some(if at >= sighting.logins_met { Missing::Later { login } } else { Missing::SomePaths { login } })
    }

    /// A `before_script` that was replaced logs in.
    fn lost(&self) -> Option<Missing> {
        let (event, key) = self.trace.walk.lost.iter().find(|(event, _)| self.fits(event) == Some(true))?;
        Some(Missing::Lost { login: event.login.at, key: *key })
    }

    fn other_job(&self) -> Option<Missing> {
        let candidates = self.logins.made.candidates(self.ground, self.host);
        let fitting = candidates.filter(|(trace, login)| {
            let trace = &self.traces[*trace];
            trace.job != self.trace.job && self.fits(&trace.walk.logins[*login]) == Some(true)
        });
        let (trace, login) = fitting.min()?;
        let trace = &self.traces[trace];
        let job = self.pipeline.jobs[trace.job].name.clone();
        Some(Missing::OtherJob { login: trace.walk.logins[login].login.at, job })
    }

    /// The job logs in, but to another host; `misdirected`: with the job credential, which is for this GitLab.
    fn other_host(&self, sighting: &Sighting, misdirected: bool) -> Option<Missing> {
        let mut events = sighting.credentials.iter().rev().map(|entry| &self.trace.walk.logins[entry.login]);
        let event = events.find(|event| !misdirected || event.credential == Credential::Job)?;
        let login = event.login.host_at;
        if let Some(variable) = &sighting.overridden_registry
            && self.to_override(event, sighting)
        {
            let definition = variable.from.last().copied().unwrap_or(login);
            return Some(Missing::Overridden { login, definition });
        }
        let host = match event.host() {
            Some(host) if host.as_literal() == Some("docker.io") => "Docker Hub".to_owned(),
            Some(host) => host.shown(),
            None => "another registry".to_owned(),
        };
        Some(Missing::OtherHost { login, host })
    }

    /// The kinds of doubt that a state leaves.
    pub fn doubts(&self, sighting: &Sighting, why: &Missing, some_paths: bool) -> Vec<Doubt> {
        let gitlab = self.ground.is_gitlab(self.host) == Some(true);
        let has = |wanted: &dyn Fn(&Past) -> bool| sighting.past.iter().any(wanted);
        let pulled =
            |same_repository: bool| has(&|past| matches!(past, Past::Pull(text) if self.pulls(text, same_repository)));
        let unread_include = self.job.unread_base
            || (!self.pipeline.unread_includes.is_empty()
                && self
                    .job
                    .before_script
                    .as_ref()
                    .is_none_or(|field| field.via.iter().any(|step| step.kind == crate::value::StepKind::Default)));
        let no_image = self.job.image.is_none();
        let mut doubts = Vec::new();
        let mut doubt = |is: bool, kind: Doubt| {
            if is {
                doubts.push(kind);
            }
        };
        doubt(unread_include, Doubt::UnreadInclude);
        let completed_elsewhere = self.pipeline.template || !self.pipeline.unread_includes.is_empty();
        let half = self.job.before_script.is_none() && (no_image || self.job.bare);
        doubt(completed_elsewhere && half, Doubt::HalfJob);
        doubt(has(&|past| matches!(past, Past::Unread { .. })), Doubt::UnreadCall);
        doubt(some_paths || matches!(why, Missing::SomePaths { .. }), Doubt::SomePaths);
        doubt(gitlab && pulled(true), Doubt::Pulled);
        doubt(self.job.has_tags && no_image, Doubt::ShellRunner);
        doubt(matches!(why, Missing::Overridden { .. }), Doubt::Override);
        doubt(matches!(why, Missing::OtherHost { host, .. } if host.contains("CI_SERVER")), Doubt::ServerHost);
        doubt(self.helped(sighting).is_none(), Doubt::OwnHost);
        if !gitlab {
            doubt(self.job.has_tags, Doubt::Tagged);
            doubt(!self.stock_image(), Doubt::OddImage);
            doubt(!self.host_is_logged_in_to(), Doubt::HostNowhere);
            doubt(pulled(false), Doubt::PulledThere);
        }
        doubts
    }

    fn pulls(&self, text: &Text, same_repository: bool) -> bool {
        let pulled = Reference::parse(text, self.site.upload.family);
        if same_repository {
            return pulled.path == self.reference.path;
        }
        pulled.host.is_some_and(|host| self.ground.same_host(&host, self.host) != Some(false))
    }

    fn host_is_logged_in_to(&self) -> bool {
        let candidates = |logins: &Elsewhere| logins.candidates(self.ground, self.host).collect::<Vec<_>>();
        let made = candidates(&self.logins.made);
        let lost = candidates(&self.logins.lost);
        made.iter().any(|(trace, login)| self.fits(&self.traces[*trace].walk.logins[*login]) == Some(true))
            || lost.iter().any(|(trace, login)| self.fits(&self.traces[*trace].walk.lost[*login].0) == Some(true))
    }

    /// A client's own image, which brings no credentials.
    fn stock_image(&self) -> bool {
        self.job.image.as_ref().is_some_and(|image| clients::is_own_image(image_repository(&image.value.name)))
    }
}

fn same_store(one: &Store, other: &Store) -> Option<bool> {
    if one == other {
        return Some(true);
    }
    let known = |store: &Store| store.path.as_literal().is_some();
    let fresh = |store: &Store| {
        let first = store.path.symbols().next().map(|symbol| &symbol.data().shown);
        first.is_some_and(|shown| shown.starts_with("$(mktemp"))
    };
    let apart = known(one) && known(other) || fresh(one) && known(other) || known(one) && fresh(other);
    apart.then_some(false)
}

/// Whether a reference lies at or below a login's path.
fn below(reference: &Text, scope: &Text) -> Option<bool> {
    if let (Some(reference), Some(scope)) = (reference.as_literal(), scope.as_literal()) {
        let rest = reference.strip_prefix(scope);
        return Some(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '@'])));
    }
    let shared = reference.parts().iter().zip(scope.parts()).filter(|(one, other)| one == other).count();
    if shared == scope.parts().len() { Some(true) } else { None }
}
