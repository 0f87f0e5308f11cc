//! helm: charts on a registry (facts D2, E6). The chart's name is appended to the destination.

use super::common::{at_home, docker_store, unknown_part, unknown_subcommand, upload, variable, word, words};
use super::grammar::{Grammar, Line};
use super::login::{Words, login_host};
use super::words::{secret, with_text};
use super::{Action, Arg, Call, Login, LoginFault, LoginHost, Upload};
use crate::registry::{Family, Store};
use crate::text::Text;

const COMMAND: Grammar = Grammar {
    values: &[
        "-u --username",
        "-p --password",
        "--registry-config",
        "--ca-file",
        "--cert-file",
        "--key-file",
        "-n --namespace",
        "--kubeconfig",
        "--kube-context",
        "--kube-token",
        "--kube-as-user",
        "--kube-as-group",
        "--kube-apiserver",
        "--kube-ca-file",
        "--kube-tls-server-name",
        "--content-cache",
        "--burst-limit",
        "--qps",
        "--color --colour",
        "--repository-cache",
        "--repository-config",
    ],
    flags: &["--password-stdin", "--insecure", "--plain-http", "--debug"],
};

/// What a helm command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call));
    let at = |index: usize| line.positionals.get(index);
    let Some(first) = at(0) else { return Vec::new() };
    match (word(first), at(1).map_or("", word)) {
        ("registry", "login") => login(call),
        ("registry", "logout") => {
            let host = at(2).map_or(LoginHost::DockerHub, |arg| login_host(&arg.text));
            vec![Action::Logout { host, store: own_store(call, &line) }]
        }
        ("push", _) => push(call, &line).into_iter().collect(),
        _ => unknown_subcommand("helm", first),
    }
}

fn own_store(call: &Call, line: &Line) -> Store {
    if let Some(file) = line.text("--registry-config").cloned().or_else(|| variable(call, "HELM_REGISTRY_CONFIG")) {
        return Store::at(&file);
    }
    let folder = |name: &str, rest: &str| Some(Store::in_folder(&variable(call, name)?, rest));
    folder("HELM_CONFIG_HOME", "registry/config.json")
        .or_else(|| folder("XDG_CONFIG_HOME", "helm/registry/config.json"))
        .unwrap_or_else(|| at_home(call, ".config/helm/registry/config.json"))
}

fn login(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call)).behind(2);
    let server = line.at_most(1).first().copied();
    let (store, without_host) = (own_store(call, &line), Err(LoginFault::NoHost));
    let made = Words { tool: "helm registry login", line: &line, server, store, without_host }.login(call);
    // helm leaves what stands behind the host alone
    let fault = made.fault.filter(|fault| *fault != LoginFault::TooManyWords);
    vec![Action::Login(Login { fault, ..made })]
}

fn push(call: &Call, line: &Line) -> Option<Action> {
    let (chart, to) = (line.positionals.get(1)?, line.positionals.get(2)?);
    let plain = to.text.strip_prefix("oci://")?;
    let mut text = plain.strip_suffix("/").unwrap_or(plain);
    let (name, version) = name_and_version(chart);
    text.push_str("/");
    text.push_text(&name);
    text.push_str(":");
    text.push_text(&version);
    let reads = [own_store(call, line), docker_store(call, None)];
    let inline = line.value("--password").map(|password| (secret(line.value("--username")), secret(Some(password))));
    let made = upload("helm", call, Some(&with_text(to, text)), Family::Explicit, &reads);
    Some(Action::Push(Upload { inline, ..made }))
}

/// `name-1.2.3.tgz`; both are unknown where the file's name is.
fn name_and_version(chart: &Arg) -> (Text, Text) {
    let file = chart.text.as_literal().filter(|file| !file.contains(['*', '?', '[']));
    let stem = file.and_then(|file| file.rsplit('/').next()).and_then(|file| file.strip_suffix(".tgz"));
    let split = stem.and_then(|stem| {
        let at = stem.match_indices('-').find(|(at, _)| stem[at + 1..].starts_with(|char: char| char.is_ascii_digit()));
        at.map(|(at, _)| (&stem[..at], &stem[at + 1..]))
    });
    match split {
        // a `+` in the version becomes `_` on the registry
        Some((name, version)) => (Text::literal(name), Text::literal(version.replace('+', "_"))),
        None => (unknown_part("<chart>", chart), unknown_part("<version>", chart)),
    }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    #[test]
    fn a_chart_is_pushed_below_its_destination() {
        let store = "~/.config/helm/registry/config.json";
        for (line, words) in [
            ("helm push app-1.2.3.tgz oci://$CI_REGISTRY_IMAGE", "push helm $CI_REGISTRY_IMAGE/app:1.2.3 READS"),
            ("helm push $CHART oci://$CI_REGISTRY/g/p/", "push helm $CI_REGISTRY/g/p/<chart>:<version> READS"),
            ("helm push *.tgz oci://r.io/a", "push helm r.io/a/<chart>:<version> READS"),
            ("helm push --username u --password $P a-1.tgz oci://r.io", "push helm r.io/a:1 READS inline=u:$P"),
            ("helm push x.tgz chartmuseum", ""),
            ("helm package .", ""),
            ("helm registry login -u u -p p r.io", "login helm registry login host=r.io user=u password=p STORE"),
            ("helm registry login -u u -p p r.io x", "login helm registry login host=r.io user=u password=p STORE"),
            ("helm registry logout r.io", "logout host=r.io STORE"),
        ] {
            let words = words.replace("READS", &format!("reads={store},~/.docker/config.json"));
            check(&[(line, &words.replace("STORE", &format!("store={store}")))]);
        }
        let moved = In::default().variable("XDG_CONFIG_HOME", "/c");
        moved.check(&[("helm registry logout r.io", "logout host=r.io store=/c/helm/registry/config.json")]);
        let set = In::default().variable("HELM_REGISTRY_CONFIG", "/h.json");
        set.check(&[("helm registry logout r.io", "logout host=r.io store=/h.json")]);
    }
}
