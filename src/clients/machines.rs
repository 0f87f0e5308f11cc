//! Commands that run another command on another machine: `docker run`, `docker exec`, `docker compose
//! run`, `kubectl exec`, `ssh`. What runs there, with which variables, and what of this machine it sees.

use super::Arg;
use super::grammar::{Grammar, Line};
use crate::registry::repository;
use crate::text::Text;

/// A command on another machine.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// How it got there, for people: `docker run`.
    pub tool: &'static str,
    /// The command's words; for [`Inside::joined`] those that a shell there reads as one text.
    pub command: Vec<Arg>,
    /// A shell there reads the words, joined (`ssh`).
    pub joined: bool,
    /// The image of a container that this command starts; `None`: the machine is there already.
    pub image: Option<Text>,
    /// Variables of its environment; without a value: that of this one.
    pub variables: Vec<(String, Option<Arg>)>,
    /// It may see this machine's credentials: its home folder, a store or unknown variables are handed in.
    pub shares: bool,
    /// Its standard input is this command's.
    pub reads: bool,
    /// The folders of this machine that it sees, and where.
    pub mounts: Vec<(Text, Text)>,
    /// The folder in which it runs.
    pub folder: Option<Text>,
}

const RUN: Grammar = Grammar {
    values: &[
        "-a --attach",
        "--add-host",
        "--annotation",
        "--blkio-weight",
        "--blkio-weight-device",
        "--cap-add",
        "--cap-drop",
        "--cgroup-parent",
        "--cgroupns",
        "--cidfile",
        "--cpu-count",
        "--cpu-percent",
        "--cpu-period",
        "--cpu-quota",
        "--cpu-rt-period",
        "--cpu-rt-runtime",
        "-c --cpu-shares",
        "--cpus",
        "--cpuset-cpus",
        "--cpuset-mems",
        "--detach-keys",
        "--device",
        "--device-cgroup-rule",
        "--device-read-bps",
        "--device-read-iops",
        "--device-write-bps",
        "--device-write-iops",
        "--dns",
        "--dns-option",
        "--dns-search",
        "--domainname",
        "--entrypoint",
        "-e --env",
        "--env-file",
        "--expose",
        "--gpus",
        "--group-add",
        "--health-cmd",
        "--health-interval",
        "--health-retries",
        "--health-start-period",
        "--health-timeout",
        "-h --hostname",
        "--ip",
        "--ip6",
        "--ipc",
        "--isolation",
        "--kernel-memory",
        "-l --label",
        "--label-file",
        "--link",
        "--link-local-ip",
        "--log-driver",
        "--log-opt",
        "--mac-address",
        "-m --memory",
        "--memory-reservation",
        "--memory-swap",
        "--memory-swappiness",
        "--mount",
        "--name",
        "--network",
        "--net",
        "--network-alias",
        "--oom-score-adj",
        "--pid",
        "--pids-limit",
        "--platform",
        "-p --publish",
        "--pull",
        "--restart",
        "--runtime",
        "--security-opt",
        "--shm-size",
        "--stop-signal",
        "--stop-timeout",
        "--storage-opt",
        "--sysctl",
        "--tmpfs",
        "--ulimit",
        "-u --user",
        "--userns",
        "--uts",
        "-v --volume",
        "--volume-driver",
        "--volumes-from",
        "-w --workdir",
        "--authfile",
        "--arch",
        "--secret",
        "--env-from-file",
    ],
    flags: &["-i --interactive"],
};
const EXEC: Grammar = Grammar {
    values: &["--detach-keys", "-e --env", "--env-file", "-u --user", "-w --workdir", "--index"],
    flags: &["-i --interactive"],
};
const DOCKER: Grammar = Grammar {
    values: &["--config", "-c --context", "-H --host", "-l --log-level", "--tlscacert", "--tlscert", "--tlskey"],
    flags: &[],
};
const COMPOSE: Grammar = Grammar {
    values: &[
        "-f --file",
        "-p --project-name",
        "--profile",
        "--env-file",
        "--project-directory",
        "--ansi",
        "--progress",
        "--parallel",
        "-c --context",
        "-H --host",
        "--log-level",
    ],
    flags: &[],
};
const KUBECTL: Grammar = Grammar {
    values: &[
        "-n --namespace",
        "--context",
        "--kubeconfig",
        "--cluster",
        "--user",
        "-s --server",
        "--token",
        "--as",
        "--as-group",
        "--certificate-authority",
        "--client-certificate",
        "--client-key",
        "--request-timeout",
        "-c --container",
        "-f --filename",
        "--pod-running-timeout",
        "-v --v",
    ],
    flags: &["-i --stdin"],
};
const SSH: Grammar = Grammar {
    values: &[
        "-B", "-b", "-c", "-D", "-E", "-e", "-F", "-I", "-i", "-J", "-L", "-l", "-m", "-O", "-o", "-P", "-p", "-Q",
        "-R", "-S", "-W", "-w",
    ],
    flags: &["-n", "-N"],
};

/// The programs that clients' images run with the words behind the image.
const ENTRYPOINTS: [(&str, &str); 9] = [
    ("gcr.io/kaniko-project/executor", "executor"),
    ("martizih/kaniko", "executor"),
    ("ghcr.io/osscontainertools/kaniko", "executor"),
    ("gcr.io/go-containerregistry/crane", "crane"),
    ("gcr.io/go-containerregistry/gcrane", "gcrane"),
    ("quay.io/skopeo/stable", "skopeo"),
    ("ghcr.io/oras-project/oras", "oras"),
    ("ghcr.io/regclient/regctl", "regctl"),
    ("alpine/helm", "helm"),
];

/// What a command line runs on another machine; `None`: nothing, or nothing that it names.
#[must_use]
pub fn inside(args: &[Arg]) -> Option<Inside> {
    let found = machine(args)?;
    (!found.command.is_empty() || found.joined).then_some(found)
}

/// The image of which a command line starts a container: the daemon downloads it where it has none.
#[must_use]
pub fn started_image(args: &[Arg]) -> Option<Text> {
    machine(args)?.image
}

fn machine(args: &[Arg]) -> Option<Inside> {
    let (program, words) = args.split_first()?;
    let program = program.text.as_literal()?;
    match program.rsplit('/').next().unwrap_or(program) {
        "docker" => docker("docker", words),
        "podman" | "nerdctl" => docker("podman", words),
        "docker-compose" | "podman-compose" => compose(words),
        "kubectl" | "oc" => kubectl(words),
        "ssh" => ssh(words),
        _ => None,
    }
}

fn docker(tool: &'static str, words: &[Arg]) -> Option<Inside> {
    let (globals, rest) = DOCKER.head(words);
    let (command, rest) = rest?;
    match command.text.as_literal()? {
        "run" => run(if tool == "docker" { "docker run" } else { "podman run" }, rest),
        "exec" => exec(if tool == "docker" { "docker exec" } else { "podman exec" }, rest),
        "container" => {
            let (command, rest) = rest.split_first()?;
            match command.text.as_literal()? {
                "run" => run("docker run", rest),
                "exec" => exec("docker exec", rest),
                _ => None,
            }
        }
        "compose" => compose(rest),
        _ => None,
    }
    .map(|found| Inside { shares: found.shares || globals.value("--host").is_some(), ..found })
}

fn run(tool: &'static str, words: &[Arg]) -> Option<Inside> {
    let (line, rest) = RUN.head(words);
    let (image, rest) = rest?;
    let mut found = Inside { tool, image: Some(image.text.clone()), ..started(&line) };
    let entrypoint = match line.value("--entrypoint") {
        Some(given) => Some(given.clone()).filter(|given| !given.text.is_empty()),
        None => entrypoint(image),
    };
    found.command = entrypoint.into_iter().chain(rest.iter().cloned()).collect();
    Some(found)
}

fn exec(tool: &'static str, words: &[Arg]) -> Option<Inside> {
    let (line, rest) = EXEC.head(words);
    Some(Inside { tool, command: rest?.1.to_vec(), ..started(&line) })
}

fn compose(words: &[Arg]) -> Option<Inside> {
    let (_, rest) = COMPOSE.head(words);
    let (command, rest) = rest?;
    let tool = match command.text.as_literal()? {
        "run" => "docker compose run",
        "exec" => "docker compose exec",
        _ => return None,
    };
    let (line, rest) = if tool.ends_with("run") { RUN.head(rest) } else { EXEC.head(rest) };
    let entrypoint = line.value("--entrypoint").cloned();
    let command = entrypoint.into_iter().chain(rest?.1.iter().cloned()).collect();
    // It reads its standard input without `-i`, and the compose file says what it sees.
    Some(Inside { tool, command, shares: true, reads: true, ..started(&line) })
}

fn kubectl(words: &[Arg]) -> Option<Inside> {
    let (globals, rest) = KUBECTL.head(words);
    let (command, rest) = rest?;
    if command.text.as_literal() != Some("exec") {
        return None;
    }
    let dashes = rest.iter().position(|arg| arg.text.as_literal() == Some("--"))?;
    let line = KUBECTL.read(&rest[..dashes]);
    let reads = line.is_on("--stdin") || globals.is_on("--stdin");
    Some(Inside {
        tool: "kubectl exec",
        command: rest[dashes + 1..].to_vec(),
        shares: true,
        reads,
        ..Inside::default()
    })
}

/// `ssh [options] host [options] [command]`: the words are one text to the shell there.
fn ssh(words: &[Arg]) -> Option<Inside> {
    let (before, rest) = SSH.head(words);
    let (between, after) = SSH.head(rest?.1);
    let command = after.map(|(first, rest)| std::iter::once(first).chain(rest).cloned().collect()).unwrap_or_default();
    let silent = |line: &Line| line.is_on("-n") || line.is_on("-N");
    let reads = !silent(&before) && !silent(&between);
    Some(Inside { tool: "ssh", command, joined: true, shares: true, reads, ..Inside::default() })
}

/// What the options of `run` and `exec` hand in.
fn started(line: &Line) -> Inside {
    let mut variables = Vec::new();
    let mut shares = line.value("--env-file").is_some() || line.value("--volumes-from").is_some();
    for arg in line.values("--env") {
        match arg.text.split_once('=') {
            Some((name, text)) => {
                let Some(name) = name.as_literal() else { continue };
                variables.push((name.to_owned(), Some(Arg { text, ..arg.clone() })));
            }
            None => match arg.text.as_literal() {
                Some(name) => variables.push((name.to_owned(), None)),
                None => shares = true,
            },
        }
    }
    let stores = ["DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"];
    shares |= variables.iter().any(|(name, _)| stores.contains(&name.as_str()));
    let mut mounts = Vec::new();
    for arg in line.values("--volume") {
        let Some((from, to)) = arg.text.split_once(':') else { continue };
        let to = to.split_once(':').map_or_else(|| to.clone(), |(to, _)| to);
        shares |= holds_stores(&from) || holds_stores(&to);
        mounts.push((from, to));
    }
    shares |= line.values("--mount").any(|arg| holds_stores(&arg.text));
    let (reads, folder) = (line.is_on("--interactive"), line.text("--workdir").cloned());
    Inside { variables, shares, reads, mounts, folder, ..Inside::default() }
}

/// Whether a mounted path may hold credentials: a home folder, a client's own folder.
fn holds_stores(path: &Text) -> bool {
    let shown = path.shown();
    let home = ["~", "/root", "$HOME", "/home", "/"].contains(&shown.trim_end_matches('/')) || shown == "/";
    let named = [".docker", "config.json", "auth.json", "DOCKER_CONFIG", "containers", "kaniko", "creds", "secret"];
    home || named.iter().any(|word| shown.contains(word))
}

fn entrypoint(image: &Arg) -> Option<Arg> {
    let name = repository(&image.text);
    let (_, program) = ENTRYPOINTS.iter().find(|(known, _)| name.as_literal() == Some(*known))?;
    Some(Arg { text: Text::literal(*program), ..image.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::args;

    fn shown(line: &str) -> Option<String> {
        let found = inside(&args(line))?;
        let command: Vec<String> = found.command.iter().map(|arg| arg.text.shown()).collect();
        let names: Vec<&str> = found.variables.iter().map(|(name, _)| name.as_str()).collect();
        let shares = if found.shares { " shares" } else { "" };
        Some(format!("{}: {} [{}]{shares}", found.tool, command.join(" "), names.join(" ")))
    }

    #[test]
    fn the_command_behind_the_machine_is_found() {
        for (line, expected) in [
            ("docker run --rm -e A=1 -e B -v $PWD:/w -w /w alpine:3 sh -c x", Some("docker run: sh -c x [A B]")),
            ("docker run -it --entrypoint sh docker:28 -c x", Some("docker run: sh -c x []")),
            ("docker run gcr.io/go-containerregistry/crane:debug push a b", Some("docker run: crane push a b []")),
            (
                "docker run -v $HOME/.docker:/root/.docker docker docker push x",
                Some("docker run: docker push x [] shares"),
            ),
            ("docker run --rm hello-world", None),
            ("docker exec -i box docker push x", Some("docker exec: docker push x []")),
            ("docker compose -f a.yml run --rm app make push", Some("docker compose run: make push [] shares")),
            ("kubectl -n x exec -it pod -c c -- docker push x", Some("kubectl exec: docker push x [] shares")),
            ("ssh -o A=b -p 22 me@host docker push x", Some("ssh: docker push x [] shares")),
            ("ssh host -p 22 bash -s", Some("ssh: bash -s [] shares")),
            ("ssh host", Some("ssh:  [] shares")),
            ("docker push x", None),
        ] {
            assert_eq!(shown(line).as_deref(), expected, "{line}");
        }
    }
}
