//! Logins of clouds and third parties (facts D5): the credential is somebody's own.

use super::common::{docker_store, unknown_subcommand, upload, word, words};
use super::grammar::Grammar;
use super::{Action, Arg, Call, Login, LoginFault, LoginHost, Secret};
use crate::registry::{Family, Store};
use crate::text::Text;

const AMAZON: &[&str] = &["amazonaws.com", "amazonaws.com.cn", "public.ecr.aws"];
const GOOGLE: &[&str] = &["gcr.io"];
const GOOGLE_HELPER: &[&str] = &["gcr.io", "pkg.dev"];
const AZURE: &[&str] = &["azurecr.io", "azurecr.cn", "azurecr.us"];

/// The hosts that a credential helper knows, by its name in a docker file.
pub fn helper_hosts(helper: &str) -> LoginHost {
    match helper {
        "ecr-login" => LoginHost::Suffixes(AMAZON),
        "gcr" | "gcloud" => LoginHost::Suffixes(GOOGLE_HELPER),
        "acr-env" | "acr-linux" | "acr" => LoginHost::Suffixes(AZURE),
        _ => LoginHost::Any,
    }
}

/// A login by a cloud's own means into docker's file.
fn login(call: &Call, tool: &'static str, host: LoginHost, host_at: Option<&Arg>) -> Action {
    Action::Login(Login {
        at: call.at,
        host_at: host_at.map_or(call.at, |arg| arg.at),
        host,
        user: Secret::Unknown,
        password: Secret::Unknown,
        store: docker_store(call, None),
        tool,
        scope: None,
        fault: None,
        cloud: true,
        exposed: None,
    })
}

/// The words of a command without options: `auth configure-docker`, and those behind them.
fn plain<'a>(
    call: &'a Call,
    path: &[&str],
    values: &'static [&'static str],
) -> Option<(super::grammar::Line, &'a [Arg])> {
    let line = Grammar { values, flags: &[] }.read(words(call));
    let fits = path.iter().enumerate().all(|(at, name)| line.positionals.get(at).is_some_and(|arg| word(arg) == *name));
    fits.then_some((line, words(call)))
}

/// Logs in where the words are these, whatever the options.
fn fixed(call: &Call, path: &[&str], tool: &'static str, host: LoginHost) -> Vec<Action> {
    plain(call, path, GLOBALS).map(|_| login(call, tool, host, None)).into_iter().collect()
}

/// Options with values that may stand in front of the words, whichever the tool.
const GLOBALS: &[&str] = &[
    // doctl
    "-t --access-token",
    "-u --api-url",
    "-c --config",
    "--context",
    "-o --output",
    // oc
    "-n --namespace",
    "--kubeconfig",
    "--server",
    "--token",
    // scw, yc
    "-p --profile",
    "--cloud-id",
    "--folder-id",
    "--endpoint",
    // fly
    "-a --app",
];

/// `aws`: prints passwords and logs nobody in by itself; may be told to push nothing.
pub fn aws(_: &Call) -> Vec<Action> {
    Vec::new()
}

/// `$(aws ecr get-login)`.
pub fn aws_output(call: &Call) -> Option<Vec<Action>> {
    const VALUES: &[&str] = &["--region", "--profile", "--registry-ids", "--output", "--endpoint-url"];
    plain(call, &["ecr", "get-login"], VALUES)?;
    let Action::Login(made) = login(call, "aws ecr get-login", LoginHost::Suffixes(AMAZON), None) else { return None };
    Some(vec![Action::Login(Login { fault: Some(LoginFault::RemovedCommand), ..made })])
}

/// `gcloud auth configure-docker [HOSTS]`, `gcloud builds submit --tag`.
pub fn gcloud(call: &Call) -> Vec<Action> {
    const VALUES: &[&str] = &["--project", "--account", "--verbosity", "--format", "--configuration"];
    let Some((line, _)) = plain(call, &["auth", "configure-docker"], VALUES) else { return Vec::new() };
    let Some(hosts) = line.positionals.get(2) else {
        return vec![login(call, "gcloud auth configure-docker", LoginHost::Suffixes(GOOGLE), None)];
    };
    let named = |host| login(call, "gcloud auth configure-docker", LoginHost::Host(host), Some(hosts));
    super::words::comma_list(&hosts.text).into_iter().map(named).collect()
}

/// `docker-credential-gcr configure-docker`.
pub fn gcr(call: &Call) -> Vec<Action> {
    fixed(call, &["configure-docker"], "docker-credential-gcr", LoginHost::Suffixes(GOOGLE_HELPER))
}

/// `az acr login -n NAME`.
pub fn az(call: &Call) -> Vec<Action> {
    const VALUES: &[&str] = &[
        "-n --name",
        "-g --resource-group",
        "--subscription",
        "-u --username",
        "-p --password",
        "--suffix",
        "-o --output",
        "--query",
    ];
    let Some((line, args)) = plain(call, &["acr", "login"], VALUES) else { return Vec::new() };
    if args.iter().any(|arg| arg.text.literal_prefix().starts_with("--expose-token")) {
        return Vec::new();
    }
    let Some(name) = line.value("--name") else {
        return vec![login(call, "az acr login", LoginHost::Suffixes(AZURE), None)];
    };
    let mut host = name.text.clone();
    if host.as_literal().is_none_or(|name| !name.contains('.')) {
        host.push_str(".azurecr.io");
    }
    vec![login(call, "az acr login", LoginHost::Host(host), Some(name))]
}

/// `doctl registry login`.
pub fn doctl(call: &Call) -> Vec<Action> {
    fixed(call, &["registry", "login"], "doctl registry login", known("registry.digitalocean.com"))
}

/// `ibmcloud cr login`.
pub fn ibmcloud(call: &Call) -> Vec<Action> {
    fixed(call, &["cr", "login"], "ibmcloud cr login", LoginHost::Suffixes(&["icr.io"]))
}

/// `heroku container:login`, `heroku container:push TYPE -a APP`.
pub fn heroku(call: &Call) -> Vec<Action> {
    const APP: Grammar =
        Grammar { values: &["-a --app", "--context-path", "--arg", "-r --remote"], flags: &["--recursive"] };
    let line = APP.read(words(call));
    match line.positionals.first().map_or("", word) {
        "container:login" => vec![login(call, "heroku container:login", known("registry.heroku.com"), None)],
        "container:push" => {
            let mut text = Text::literal("registry.heroku.com/");
            let Some(app) = line.value("--app") else { return Vec::new() };
            text.push_text(&app.text);
            text.push_str("/");
            let kinds = line.positionals.iter().skip(1).map(|kind| {
                let mut text = text.clone();
                text.push_text(&kind.text);
                super::words::with_text(kind, text)
            });
            let reads = [docker_store(call, None)];
            kinds.map(|name| Action::Push(upload("heroku", call, Some(&name), Family::Docker, &reads))).collect()
        }
        _ => Vec::new(),
    }
}

/// `oc registry login`: the cluster's own registry, or the one that is named, into docker's file or another.
pub fn openshift(call: &Call) -> Vec<Action> {
    const VALUES: &[&str] =
        &["--registry", "-a --registry-config --to", "--auth-basic", "-z --service-account", "-n --namespace"];
    let Some((line, _)) = plain(call, &["registry", "login"], VALUES) else { return Vec::new() };
    let host = line.value("--registry");
    let named = host.map_or(LoginHost::Any, |host| super::login::login_host(&host.text));
    let Action::Login(made) = login(call, "oc registry login", named, host) else { return Vec::new() };
    let store = line.text("--to").map(Store::at);
    vec![Action::Login(Login { store: store.unwrap_or(made.store.clone()), ..made })]
}

/// `fly auth docker`.
pub fn fly(call: &Call) -> Vec<Action> {
    fixed(call, &["auth", "docker"], "fly auth docker", known("registry.fly.io"))
}

/// `jf docker login HOST`, `jf docker push REF`: docker behind another name.
pub fn jfrog(call: &Call) -> Vec<Action> {
    let args = words(call);
    let first = Grammar::NONE.head(args).1;
    match first {
        Some((tool, rest)) if matches!(word(tool), "docker" | "rt" | "podman") => {
            let Some((command, _)) = Grammar::NONE.head(rest).1 else { return Vec::new() };
            match word(command) {
                "login" => {
                    let line = super::login::LOGIN.read(rest);
                    let server = line.positionals.get(1);
                    let host =
                        server.map_or(LoginHost::Suffixes(&["jfrog.io"]), |arg| super::login::login_host(&arg.text));
                    vec![login(call, "jf docker login", host, server)]
                }
                "push" | "docker-push" | "dp" => {
                    let line =
                        Grammar { values: &["--build-name", "--build-number", "--server-id"], flags: &[] }.read(rest);
                    let reference = line.positionals.get(1);
                    let reads = [docker_store(call, None)];
                    let made = upload("jf", call, reference, Family::Docker, &reads);
                    vec![Action::Push(super::Upload { inline: Some((Secret::Unknown, Secret::Unknown)), ..made })]
                }
                _ => Vec::new(),
            }
        }
        Some((command, _)) => unknown_subcommand("jf", command),
        None => Vec::new(),
    }
}

/// `glab auth configure-docker`: GitLab's registry by glab's own token.
pub fn glab(call: &Call) -> Vec<Action> {
    fixed(call, &["auth", "configure-docker"], "glab auth configure-docker", LoginHost::Any)
}

/// `scw registry login`.
pub fn scaleway(call: &Call) -> Vec<Action> {
    fixed(call, &["registry", "login"], "scw registry login", LoginHost::Suffixes(&["scw.cloud"]))
}

/// `yc container registry configure-docker`.
pub fn yandex(call: &Call) -> Vec<Action> {
    fixed(
        call,
        &["container", "registry", "configure-docker"],
        "yc configure-docker",
        LoginHost::Suffixes(&["cr.yandex"]),
    )
}

fn known(host: &str) -> LoginHost {
    LoginHost::Host(Text::literal(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::Stdin;
    use crate::clients::testing::{In, args, check};
    use crate::source::{FileId, Span};

    #[test]
    fn clouds_log_in_by_their_own_means() {
        check(&[
            ("gcloud auth configure-docker", "login gcloud auth configure-docker ends=gcr.io cloud"),
            (
                "gcloud auth configure-docker $REGION-docker.pkg.dev,gcr.io --quiet",
                "login gcloud auth configure-docker host=$REGION-docker.pkg.dev cloud; login gcloud auth configure-docker host=gcr.io cloud",
            ),
            ("gcloud auth login", ""),
            ("az acr login -n $NAME", "login az acr login host=$NAME.azurecr.io cloud"),
            ("az acr login --name x --expose-token", ""),
            ("doctl registry login", "login doctl registry login host=registry.digitalocean.com cloud"),
            ("ibmcloud cr login", "login ibmcloud cr login ends=icr.io cloud"),
            ("heroku container:login", "login heroku container:login host=registry.heroku.com cloud"),
            ("heroku container:push web -a app", "push heroku registry.heroku.com/app/web"),
            ("docker-credential-gcr configure-docker", "login docker-credential-gcr ends=gcr.io,pkg.dev cloud"),
            ("oc registry login", "login oc registry login any cloud"),
            (
                "oc registry login --registry=r.io --to=/x/auth.json",
                "login oc registry login host=r.io store=/x/auth.json cloud",
            ),
            ("fly auth docker", "login fly auth docker host=registry.fly.io cloud"),
            ("doctl -t $T registry login", "login doctl registry login host=registry.digitalocean.com cloud"),
            ("jf docker login x.jfrog.io", "login jf docker login host=x.jfrog.io cloud"),
            ("jf docker push x.jfrog.io/a:1", "push jf x.jfrog.io/a:1 inline=?:?"),
            ("glab auth configure-docker", "login glab auth configure-docker any cloud"),
            ("scw registry login", "login scw registry login ends=scw.cloud cloud"),
            ("yc container registry configure-docker", "login yc configure-docker ends=cr.yandex cloud"),
            ("aws ecr get-login-password --region x", ""),
        ]);
    }

    #[test]
    fn the_output_of_get_login_is_a_removed_command() {
        let words = args("aws --region x ecr get-login --no-include-email");
        let (stdin, environment) = (Stdin::Null, In::default());
        let at = Span::new(FileId(0), 0, 1);
        let call = Call { args: &words, stdin: &stdin, environment: &environment, at };
        let found = crate::clients::output(&call).unwrap();
        assert!(matches!(&found[..], [Action::Login(made)] if made.fault == Some(LoginFault::RemovedCommand)));
    }
}
