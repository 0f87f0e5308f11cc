//! docker, and nerdctl, which reads the same command lines (facts E2).

use super::common::{docker_store, unknown_subcommand, upload, word, words};
use super::grammar::Grammar;
use super::login::{LOGIN, Words, logout};
use super::{Action, Arg, Call, LoginHost, Upload, Uploaded, auth_config, bake, compose, docker_build};
use crate::registry::{Family, Store};

const GLOBALS: Grammar = Grammar {
    values: &[
        "--config",
        "-c --context",
        "-H --host",
        "-l --log-level",
        "--tlscacert",
        "--tlscert",
        "--tlskey",
        // nerdctl's
        "-n --namespace",
        "-a --address",
        "--snapshotter",
        "--hosts-dir",
        "--cgroup-manager",
        "--data-root",
        "--storage-driver",
        "--host-gateway-ip",
        "--userns-remap",
        "--cni-path",
        "--cni-netconfpath",
    ],
    flags: &["-D --debug", "--tls", "--tlsverify"],
};

const PUSH: Grammar = Grammar {
    values: &["--platform", "--sign", "--cosign-key", "--notation-key-name", "--ipfs-address", "--soci-span-size"],
    flags: &["-a --all-tags", "-q --quiet"],
};
const PULL: Grammar = Grammar { values: &["--platform", "--verify", "--cosign-key", "--unpack"], flags: &[] };
const COMMIT: Grammar = Grammar { values: &["-a --author", "-c --change", "-m --message"], flags: &["-p --pause"] };
const IMPORT: Grammar = Grammar { values: &["-c --change", "-m --message", "--platform"], flags: &[] };

/// One docker-like tool at work.
pub struct Docker<'a> {
    /// The command.
    pub call: &'a Call<'a>,
    /// The tool's name in findings.
    pub client: &'static str,
    /// The store that it reads and writes.
    pub store: Store,
}

impl Docker<'_> {
    /// A push of a reference.
    pub fn push(&self, reference: Option<&Arg>) -> Upload {
        upload(self.client, self.call, reference, Family::Docker, std::slice::from_ref(&self.store))
    }
}

/// What a docker command does.
pub fn actions(call: &Call) -> Vec<Action> {
    auth_config::with(call, run(call, "docker", "docker login"))
}

/// What a nerdctl command does.
pub fn nerdctl(call: &Call) -> Vec<Action> {
    run(call, "nerdctl", "nerdctl login")
}

/// What an img command does.
pub fn img(call: &Call) -> Vec<Action> {
    run(call, "img", "img login")
}

fn run(call: &Call, client: &'static str, tool: &'static str) -> Vec<Action> {
    let (globals, rest) = GLOBALS.head(words(call));
    let Some((command, args)) = rest else { return Vec::new() };
    let docker = Docker { call, client, store: docker_store(call, globals.text("--config")) };
    match word(command) {
        "login" => vec![login(&docker, tool, args)],
        "logout" => logout(args, docker.store),
        "image" | "plugin" | "container" | "builder" => match Grammar::NONE.head(args).1 {
            Some((sub, args)) => image(&docker, (word(command), word(sub)), args),
            None => Vec::new(),
        },
        "buildx" => docker_build::subcommand(&docker, args),
        "bake" => bake::bake(&docker, args),
        "manifest" => manifest(&docker, args),
        "compose" => compose::subcommand(&docker, args),
        plain => {
            let found = image(&docker, ("", plain), args);
            if found.is_empty() { unknown_subcommand(client, command) } else { found }
        }
    }
}

fn login(docker: &Docker, tool: &'static str, args: &[Arg]) -> Action {
    let line = LOGIN.read(args);
    let server = line.at_most(1).first().copied();
    let store = docker.store.clone();
    Action::Login(Words { tool, line: &line, server, store, without_host: Ok(LoginHost::DockerHub) }.login(docker.call))
}

/// Commands that stand alone or behind `image`, `container`, `builder`, `plugin`.
fn image(docker: &Docker, command: (&str, &str), args: &[Arg]) -> Vec<Action> {
    match command {
        ("plugin", "push") => {
            let line = PUSH.read(args);
            vec![Action::Push(docker.push(line.at_most(1).first().copied()))]
        }
        ("" | "image", "push") => vec![push(docker, args)],
        ("" | "image", "pull") => PULL
            .read(args)
            .at_most(1)
            .first()
            .map(|arg| Action::Pull { reference: (*arg).clone() })
            .into_iter()
            .collect(),
        ("" | "image", "tag") => tag(args),
        ("" | "image" | "builder", "build") => docker_build::build(docker, args),
        ("" | "image", "load") => vec![Action::Loads],
        ("" | "container", "commit") => built(COMMIT.read(args).at_most(2).get(1).copied()),
        ("" | "image", "import") => built(IMPORT.read(args).at_most(2).get(1).copied()),
        _ => Vec::new(),
    }
}

fn push(docker: &Docker, args: &[Arg]) -> Action {
    let line = PUSH.read(args);
    let reference = line.at_most(1).first().copied();
    let what = if line.is_on("--all-tags") { Uploaded::AllTags } else { Uploaded::Image };
    Action::Push(Upload { local: reference.cloned(), what, ..docker.push(reference) })
}

/// `tag SRC DST…`; docker takes one name, podman and buildah several.
pub fn tag(args: &[Arg]) -> Vec<Action> {
    let line = Grammar::NONE.read(args);
    let Some((from, names)) = line.positionals.split_first() else { return Vec::new() };
    names.iter().map(|to| Action::Tag { from: from.clone(), to: to.clone() }).collect()
}

/// A local image of one name.
pub fn built(name: Option<&Arg>) -> Vec<Action> {
    vec![Action::Build { names: name.cloned().into_iter().collect() }]
}

fn manifest(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(args).1 else { return Vec::new() };
    let line = Grammar::NONE.read(args);
    match word(command) {
        "push" => vec![Action::Push(docker.push(line.at_most(1).first().copied()))],
        "inspect" => {
            let reference = line.positionals.last().cloned();
            reference.map(|reference| Action::Pull { reference }).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    const DEFAULT: &str = "~/.docker/config.json";

    #[test]
    fn pushes_name_one_reference_and_need_it_locally() {
        check(&[
            ("docker push $CI_REGISTRY_IMAGE:1", "push docker $CI_REGISTRY_IMAGE:1 local"),
            ("/usr/bin/docker image push -q a/b", "push docker a/b local"),
            ("docker push $OPTIONS $CI_REGISTRY_IMAGE:1", "push docker $CI_REGISTRY_IMAGE:1 local"),
            ("docker push -a a/b", "push docker a/b all-tags local"),
            ("docker push --all-tags=false a/b", "push docker a/b local"),
            ("docker push", "push docker -"),
            ("docker --config /x -H tcp://d push a", "push docker a reads=/x/config.json local"),
            ("docker plugin push a/p", "push docker a/p"),
            ("docker manifest create a:1 a:2 a:3", ""),
            ("docker manifest push -p $X/a:1", "push docker $X/a:1"),
            ("nerdctl -n k8s.io push a/b", "push nerdctl a/b local"),
        ]);
    }

    #[test]
    fn local_commands_make_and_name_images() {
        check(&[
            ("docker tag a $CI_REGISTRY_IMAGE", "tag a $CI_REGISTRY_IMAGE"),
            ("docker image tag a b", "tag a b"),
            ("docker pull --platform linux/arm64 a:1", "pull a:1"),
            ("docker load -i x.tar", "loads"),
            ("docker commit -m x c a:1", "build a:1"),
            ("docker import x.tar a:1", "build a:1"),
            ("docker run --rm a sh -c docker", ""),
            ("docker info", ""),
            ("docker $COMMAND x", "unread the words of docker in $COMMAND login push"),
        ]);
    }

    #[test]
    fn logins_store_the_host() {
        check(&[
            (
                "docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY",
                "login docker login host=$CI_REGISTRY user=$CI_REGISTRY_USER password=$CI_REGISTRY_PASSWORD",
            ),
            ("docker login https://$CI_REGISTRY/x -ua -pb", "login docker login host=$CI_REGISTRY user=a password=b"),
            ("docker login $CI_REGISTRY_IMAGE -u a -p b", "login docker login host=$CI_REGISTRY user=a password=b"),
            ("docker login -u a -p b", "login docker login hub user=a password=b"),
            ("docker login -u a -p b docker.io", "login docker login hub user=a password=b"),
            ("docker login -u a -p b r.io x", "login docker login host=r.io user=a password=b fault=TooManyWords"),
            ("docker login a -p b r.io", "login docker login host=a user=- password=b fault=BareUser"),
            ("docker login -u a p r.io", "login docker login host=p user=a password=- fault=BarePassword"),
            ("docker logout $CI_REGISTRY", "logout host=$CI_REGISTRY"),
            ("docker logout", "logout hub"),
        ]);
    }

    #[test]
    fn passwords_come_from_standard_input() {
        let secret = In::default().stdin("$CI_JOB_TOKEN\n");
        secret.check(&[
            (
                "docker login -u u --password-stdin $CI_REGISTRY",
                "login docker login host=$CI_REGISTRY user=u password=$CI_JOB_TOKEN",
            ),
            ("docker login -u u -p - r.io", "login docker login host=r.io user=u password=$CI_JOB_TOKEN"),
            (
                "docker login --password-stdin r.io",
                "login docker login host=r.io user=- password=$CI_JOB_TOKEN fault=NoUser",
            ),
        ]);
        check(&[
            (
                "docker login -u u --password-stdin r.io",
                "login docker login host=r.io user=u password=- fault=EmptyStdin",
            ),
            ("docker login -u u r.io", "login docker login host=r.io user=u password=- fault=NoPassword"),
            ("docker login r.io", "login docker login host=r.io user=- password=-"),
        ]);
    }

    #[test]
    fn the_store_follows_the_environment() {
        let set = In::default().variable("DOCKER_CONFIG", "/cfg");
        set.check(&[
            ("docker push a/b", "push docker a/b reads=/cfg/config.json local"),
            ("docker logout r.io", "logout host=r.io store=/cfg/config.json"),
        ]);
        let home = In::default().variable("HOME", "/home/x");
        home.check(&[("docker push a/b", "push docker a/b reads=/home/x/.docker/config.json local")]);
        assert_eq!(crate::registry::Store::docker_default().path.shown(), DEFAULT);
    }
}
