//! `login` and `logout` as docker and its kin read them (facts D1, D3).

use super::grammar::{Grammar, Line};
use super::words::secret;
use super::{Action, Arg, Call, Login, LoginFault, LoginHost, Secret, Stdin};
use crate::registry::{Store, host};
use crate::source::Span;
use crate::text::{Part, Text};

/// The options of `docker login`; others add to them.
pub const LOGIN: Grammar =
    Grammar { values: &["-u --username", "-p --password", "-e --email"], flags: &["--password-stdin"] };

/// What a login's command line says, whatever the tool.
pub struct Words<'a> {
    /// The tool.
    pub tool: &'static str,
    /// The options.
    pub line: &'a Line,
    /// The host's word.
    pub server: Option<&'a Arg>,
    /// The store that is written.
    pub store: Store,
    /// What is assumed where no host is given.
    pub without_host: Result<LoginHost, LoginFault>,
}

impl Words<'_> {
    /// The login.
    pub fn login(self, call: &Call) -> Login {
        let user = secret(self.line.value("--username"));
        let password = password(call, self.line);
        let (host, fault) = match self.server.filter(|server| !server.text.is_empty()) {
            Some(server) => (login_host(&server.text), None),
            None => match self.without_host {
                Ok(host) => (host, None),
                Err(fault) => (LoginHost::Any, Some(fault)),
            },
        };
        Login {
            at: call.at,
            host_at: self.server.map_or(call.at, |server| server.at),
            host,
            fault: fault.or_else(|| words_fault(self.line)).or_else(|| credential_fault(call, self.line)),
            user,
            password,
            store: self.store,
            tool: self.tool,
            scope: None,
            cloud: false,
            exposed: exposed(self.line),
        }
    }
}

/// The host that a server argument names.
pub fn login_host(server: &Text) -> LoginHost {
    let host = host::of_server(server);
    if host.as_literal() == Some("docker.io") { LoginHost::DockerHub } else { LoginHost::Host(host) }
}

/// `docker logout [SERVER]`.
pub fn logout(args: &[Arg], store: Store) -> Vec<Action> {
    let line = Grammar::NONE.read(args);
    let server = line.at_most(1).first().map(|arg| arg.text.clone()).filter(|text| !text.is_empty());
    vec![Action::Logout { host: server.map_or(LoginHost::DockerHub, |text| login_host(&text)), store }]
}

/// Where the password is said to come from standard input.
fn from_stdin(line: &Line) -> Option<Span> {
    let dash = line.value("--password").filter(|value| value.text.as_literal() == Some("-"));
    let flag = line.has("--password-stdin").filter(|_| line.is_on("--password-stdin"));
    dash.map(|value| value.at).or(flag)
}

/// Where a password stands on the command line.
fn exposed(line: &Line) -> Option<Span> {
    let given = line.value("--password").filter(|value| !value.text.is_empty() && value.text.as_literal() != Some("-"));
    given.filter(|_| from_stdin(line).is_none()).map(|value| value.at)
}

fn password(call: &Call, line: &Line) -> Secret {
    let Some(at) = from_stdin(line) else { return secret(line.value("--password")) };
    match call.stdin {
        Stdin::Null => Secret::Absent,
        Stdin::Text(text) => Secret::Given(without_newline(text), at),
        Stdin::Unknown(_) => Secret::Unknown,
    }
}

/// More words than the host, and which one lacks its option.
fn words_fault(line: &Line) -> Option<LoginFault> {
    if line.at_most(1).len() < 2 {
        return None;
    }
    let password = line.has("--password").is_some() || from_stdin(line).is_some();
    Some(match (line.has("--username").is_some(), password) {
        (false, true) => LoginFault::BareUser,
        (true, false) => LoginFault::BarePassword,
        _ => LoginFault::TooManyWords,
    })
}

fn credential_fault(call: &Call, line: &Line) -> Option<LoginFault> {
    let unknown_words = line.at_most(1).len() < line.positionals.len();
    let user = line.has("--username").is_some();
    if from_stdin(line).is_some() {
        if *call.stdin == Stdin::Null {
            return Some(LoginFault::EmptyStdin);
        }
        return (!user && !unknown_words).then_some(LoginFault::NoUser);
    }
    let password = line.value("--password").is_some_and(|value| !value.text.is_empty());
    let none = user && !password && *call.stdin == Stdin::Null && line.positionals.len() < 2;
    none.then_some(LoginFault::NoPassword)
}

fn without_newline(text: &Text) -> Text {
    match text.parts().last() {
        Some(Part::Lit(last)) if last.ends_with('\n') => {
            let plain = last.trim_end_matches(['\n', '\r']);
            let end = last[plain.len()..].to_owned();
            text.strip_suffix(&end).unwrap_or_else(|| text.clone())
        }
        _ => text.clone(),
    }
}
