//! earthly and werf: their own files decide what is pushed (facts E6).

use super::common::{docker_store, word, words};
use super::grammar::Grammar;
use super::login::{LOGIN, Words};
use super::{Action, Call, LoginFault};

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
        ("build" | "converge" | "export", _) | ("bundle", "publish" | "copy") => vec![unread("werf.yaml")],
        _ => Vec::new(),
    }
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
            ("werf build --repo r.io/a", "unread werf.yaml push"),
            ("werf cr login -u u -p p r.io", "login werf cr login host=r.io user=u password=p"),
        ]);
    }
}
