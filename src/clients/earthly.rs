//! earthly and werf: their own files decide what is pushed (facts E6).

use super::common::{docker_store, upload, variable, word, words};
use super::grammar::{Grammar, Line};
use super::login::{LOGIN, Words};
use super::words::with_text;
use super::{Action, Arg, Call, Login, LoginFault, LoginHost, Secret};
use crate::registry::{Family, repository};
use crate::text::{Form, Origin, Symbol, Text};

const WERF: Grammar = Grammar {
    values: &["--to --repo", "--env", "--config", "--dir", "--tag", "--from", "--add-custom-tag", "--namespace"],
    flags: &["--skip-build", "--require-built-images", "-Z", "--dev"],
};

/// What an earthly command does.
pub fn earthly(call: &Call) -> Vec<Action> {
    let line = Grammar { values: &[], flags: &["--push"] }.read(words(call));
    if line.is_on("--push") { vec![unread("the Earthfile")] } else { Vec::new() }
}

/// What a werf command does.
pub fn werf(call: &Call) -> Vec<Action> {
    let Some((first, rest)) = Grammar::NONE.head(words(call)).1 else { return Vec::new() };
    let sub = Grammar::NONE.head(rest).1;
    match (word(first), sub.map_or("", |(sub, _)| word(sub))) {
        ("cr", "login") => {
            let line = LOGIN.read(sub.map_or(&[], |(_, args)| args));
            let server = line.at_most(1).first().copied();
            let (store, without_host) = (docker_store(call, None), Err(LoginFault::NoHost));
            vec![Action::Login(Words { tool: "werf cr login", line: &line, server, store, without_host }.login(call))]
        }
        // prints what to source, and logs in to the registry with GitLab's own variables on the way
        ("ci-env", "gitlab") => vec![Action::Login(by_variables(call))],
        ("build" | "converge", _) | ("bundle", "publish") => vec![werf_push(call, &WERF.read(rest))],
        ("export", _) | ("bundle", "copy") => vec![unread("werf.yaml")],
        _ => Vec::new(),
    }
}

/// The login of `werf ci-env`, to `$CI_REGISTRY`; it may choose a folder of its own for it.
fn by_variables(call: &Call) -> Login {
    Login {
        at: call.at,
        host_at: call.at,
        host: LoginHost::Any,
        user: Secret::Unknown,
        password: Secret::Unknown,
        store: docker_store(call, None),
        tool: "werf ci-env",
        scope: None,
        fault: None,
        cloud: false,
        exposed: None,
    }
}

/// The images of `werf.yaml`, each under a tag made of its content.
fn werf_push(call: &Call, line: &Line) -> Action {
    let set = variable(call, "WERF_REPO").map(|text| Arg { text, at: call.at, from: Vec::new(), vanishes: false });
    let Some(repo) = line.value("--repo").cloned().or(set) else { return unread("werf.yaml") };
    let mut text = repository(&repo.text);
    text.push_str(":");
    let key = format!("tag of {}", repo.text.shown());
    let symbol = Symbol::unknown(key.clone(), "<content>", Origin::Opaque(key));
    text.push_text(&Text::symbol(symbol.derived("", "<content>".to_owned(), |data| data.form = Form::SAFE)));
    Action::Push(upload("werf", call, Some(&with_text(&repo, text)), Family::Docker, &[docker_store(call, None)]))
}

fn unread(what: &str) -> Action {
    Action::Unread { what: what.to_owned(), may_login: false, may_push: true }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn their_files_decide() {
        check(&[
            ("earthly --push +build", "unread the Earthfile push"),
            ("earthly +build", ""),
            ("werf build", "unread werf.yaml push"),
            ("werf converge --env x --repo $CI_REGISTRY_IMAGE", "push werf $CI_REGISTRY_IMAGE:<content>"),
            ("werf bundle publish --repo=r.io/a --tag 1", "push werf r.io/a:<content>"),
            ("werf ci-env gitlab --as-file", "login werf ci-env any user=? password=?"),
            ("werf cr login -u u -p p r.io", "login werf cr login host=r.io user=u password=p"),
        ]);
    }
}
