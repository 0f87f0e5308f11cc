//! What podman, buildah and skopeo share: their stores, logins by path, transports, `--creds` (facts D2, D3, E5).

use super::common::{at_home, built, docker_store, upload, variable};
use super::grammar::{Grammar, Line};
use super::login::Words;
use super::words::{after, pair, secret};
use super::{Action, Arg, Call, Login, LoginFault, LoginHost, Secret, Upload};
use crate::registry::{Family, Store};
use crate::text::{Part, Text};

const LOGIN: Grammar = Grammar {
    values: &["-u --username", "-p --password", "--authfile", "--compat-auth-file", "--cert-dir", "--secret"],
    flags: &["--password-stdin", "--get-login", "-v --verbose", "--tls-verify"],
};
const LOGOUT: Grammar = Grammar { values: &["--authfile", "--compat-auth-file"], flags: &["-a --all", "--tls-verify"] };

/// The options of `push` and `manifest push`.
pub const PUSH: Grammar = Grammar {
    values: &[
        "--authfile",
        "--cert-dir",
        "--compression-format",
        "--compression-level",
        "--add-compression",
        "--creds",
        "--digestfile",
        "--encrypt-layer",
        "--encryption-key",
        "-f --format",
        "--retry",
        "--retry-delay",
        "--sign-by",
        "--sign-by-sigstore",
        "--sign-by-sigstore-private-key",
        "--sign-by-sq-fingerprint",
        "--sign-passphrase-file",
        "--signature-policy",
    ],
    flags: &["-q --quiet", "--all", "--rm", "--remove-signatures", "--tls-verify"],
};

/// Prefixes that are no registry.
const LOCAL: &[&str] = &[
    "dir:",
    "docker-archive:",
    "docker-daemon:",
    "oci:",
    "oci-archive:",
    "containers-storage:",
    "ostree:",
    "sif:",
    "tarball:",
    "atomic:",
];

/// The stores that are read, the first that knows the host decides.
pub fn reads(call: &Call, authfile: Option<&Text>) -> Vec<Store> {
    if let Some(only) = authfile.cloned().or_else(|| variable(call, "REGISTRY_AUTH_FILE")) {
        return vec![Store::at(&only)];
    }
    let config = match variable(call, "XDG_CONFIG_HOME") {
        Some(folder) => Store::in_folder(&folder, "containers/auth.json"),
        None => at_home(call, ".config/containers/auth.json"),
    };
    vec![runtime_store(call), config, docker_store(call, None)]
}

/// `auth.json` in the runtime folder, which jobs mostly do not set.
pub fn runtime_store(call: &Call) -> Store {
    match variable(call, "XDG_RUNTIME_DIR") {
        Some(folder) => Store::in_folder(&folder, "containers/auth.json"),
        None => Store::containers_default(),
    }
}

fn writes(call: &Call, line: &Line) -> Store {
    let file = line.text("--compat-auth-file").or_else(|| line.text("--authfile")).cloned();
    if let Some(file) = file.or_else(|| variable(call, "REGISTRY_AUTH_FILE")) {
        return Store::at(&file);
    }
    match variable(call, "DOCKER_CONFIG") {
        Some(folder) => Store::in_folder(&folder, "config.json"),
        None => runtime_store(call),
    }
}

/// `login`, whose host may have a path behind it: then it is good for that path only.
pub fn login(call: &Call, tool: &'static str, args: &[Arg], without: Result<LoginHost, LoginFault>) -> Vec<Action> {
    let line = LOGIN.read(args);
    if line.is_on("--get-login") {
        return Vec::new();
    }
    let server = line.at_most(1).first().copied();
    let words = Words { tool, line: &line, server, store: writes(call, &line), without_host: without };
    let made = words.login(call);
    let secret_file = line.has("--secret").is_some();
    let password = if secret_file { Secret::Unknown } else { made.password };
    let fault = made.fault.filter(|fault| !(secret_file && *fault == LoginFault::NoPassword));
    let scope = server.and_then(|server| scope(&server.text));
    vec![Action::Login(Login { password, fault, scope, ..made })]
}

/// The path that a login is limited to; a scheme drops it.
fn scope(server: &Text) -> Option<Text> {
    if server.literal_prefix().starts_with("http://") || server.literal_prefix().starts_with("https://") {
        return None;
    }
    let image =
        matches!(server.parts().first(), Some(Part::Sym(symbol)) if symbol.predefined() == Some("CI_REGISTRY_IMAGE"));
    let path = server.split_once('/').is_some_and(|(_, path)| !path.is_empty());
    (image || path).then(|| server.clone())
}

/// `logout`.
pub fn logout(call: &Call, args: &[Arg]) -> Vec<Action> {
    let line = LOGOUT.read(args);
    let store = writes(call, &line);
    let server = line.at_most(1).first().map(|arg| super::login::login_host(&arg.text));
    let host = if line.is_on("--all") { LoginHost::Any } else { server.unwrap_or(LoginHost::DockerHub) };
    vec![Action::Logout { host, store }]
}

/// The reference of a destination; `None` where it is no registry.
pub fn target(arg: &Arg) -> Option<(Arg, Family)> {
    let prefix = arg.text.literal_prefix();
    if prefix.starts_with("docker://") {
        return Some((after(arg, "docker://".len()), Family::Docker));
    }
    let local = LOCAL.iter().any(|transport| prefix.starts_with(transport));
    (!local).then(|| (arg.clone(), Family::Explicit))
}

/// The credential on the command line, by the names of its options.
pub fn inline(line: &Line, names: [&str; 4]) -> Option<(Secret, Secret)> {
    let [creds, user, password, token] = names;
    if let Some(creds) = line.value(creds) {
        return Some(pair(creds));
    }
    if line.value(user).is_some() {
        return Some((secret(line.value(user)), secret(line.value(password))));
    }
    line.value(token).map(|token| (Secret::Unknown, secret(Some(token))))
}

/// `push IMAGE [DESTINATION]`; `manifest push` needs no image of its first name.
pub fn push(client: &'static str, call: &Call, args: &[Arg], manifest: bool) -> Vec<Action> {
    let line = PUSH.read(args);
    let words = line.at_most(2);
    let Some(image) = words.first().copied() else {
        return vec![Action::Push(upload(client, call, None, Family::Explicit, &reads(call, line.text("--authfile"))))];
    };
    let destination = words.get(1).copied();
    let Some((reference, family)) = target(destination.unwrap_or(image)) else { return Vec::new() };
    // A destination without a transport is read as `docker://` (containers/common, `libimage/push.go`).
    let family = if destination.is_some() { Family::Docker } else { family };
    let source = target(image).map(|(source, _)| source);
    vec![Action::Push(Upload {
        inline: inline(&line, ["--creds", "", "", ""]),
        local: source.filter(|_| !manifest),
        ..upload(client, call, Some(&reference), family, &reads(call, line.text("--authfile")))
    })]
}

/// `pull`.
pub fn pull(args: &[Arg]) -> Vec<Action> {
    let grammar = Grammar {
        values: &[
            "--authfile",
            "--creds",
            "--arch",
            "--os",
            "--platform",
            "--variant",
            "--policy",
            "--retry",
            "--retry-delay",
            "--cert-dir",
            "--decryption-key",
            "--signature-policy",
            // those of `buildah from`
            "--name",
            "--cidfile",
            "--network",
            "--isolation",
            "--format",
            "--device",
            "--ulimit",
            "-v --volume",
            "-m --memory",
            "-c --cpu-shares",
        ],
        ..PUSH
    };
    let line = grammar.read(args);
    line.positionals.iter().filter_map(target).map(|(reference, _)| Action::Pull { reference }).collect()
}

/// Names of a build or commit: those with a transport are pushed, the others stay here.
pub fn named(client: &'static str, call: &Call, line: &Line, names: &[Arg]) -> Vec<Action> {
    let (pushed, local): (Vec<Arg>, Vec<Arg>) =
        names.iter().cloned().partition(|name| name.text.literal_prefix().starts_with("docker://"));
    let reads = reads(call, line.text("--authfile"));
    let mut actions = built(line, local);
    for (reference, family) in pushed.iter().filter_map(target) {
        let made = upload(client, call, Some(&reference), family, &reads);
        actions.push(Action::Push(Upload { inline: inline(line, ["--creds", "", "", ""]), ..made }));
    }
    actions
}

/// The options of `build` with short names or with values that matter.
pub const BUILD: Grammar = Grammar {
    values: &[
        "--authfile",
        "--creds",
        "-t --tag",
        "--manifest",
        "-f --file",
        "-v --volume",
        "-o --output",
        "-e --env",
        "-u --user",
        "-c --cpu-shares",
        "-m --memory",
        "--build-arg",
        "--build-context",
        "--label",
        "--annotation",
        "--cache-to",
        "--cache-from",
        "--platform",
        "--target",
        "--format",
        "--network",
        "--secret",
        "--ssh",
        "--isolation",
        "--jobs",
        "--from",
        "--farm",
    ],
    flags: &["-q --quiet"],
};

/// `build`: names, a manifest's name, a cache that is exported.
pub fn build(client: &'static str, call: &Call, args: &[Arg]) -> Vec<Action> {
    let line = BUILD.read(args);
    let names: Vec<Arg> = line.values("--tag").chain(line.values("--manifest")).cloned().collect();
    let mut actions = named(client, call, &line, &names);
    let base = upload(client, call, None, Family::Explicit, &reads(call, line.text("--authfile")));
    actions.extend(line.values("--cache-to").map(|to| super::common::cache(&base, to.clone())));
    actions
}
