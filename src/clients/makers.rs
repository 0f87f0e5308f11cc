//! Commands that may make images in the daemon beside those that they name, or none do.

use super::Arg;

/// Build tools and runners whose own files decide what they make: plug-ins of Maven, Gradle and sbt, rules
/// of Bazel, tasks, and tools that turn a folder into an image.
const MAKERS: [&str; 48] = [
    "ansible-playbook",
    "ant",
    "bazel",
    "bazelisk",
    "buck2",
    "bundle",
    "cekit",
    "dagger",
    "devcontainer",
    "docker-slim",
    "docker-squash",
    "dotnet",
    "earthly",
    "fab",
    "gradle",
    "gradlew",
    "guix",
    "hatch",
    "inv",
    "invoke",
    "jupyter-repo2docker",
    "ko",
    "lein",
    "lerna",
    "mill",
    "molecule",
    "mvn",
    "mvnw",
    "nix",
    "nix-build",
    "nix-shell",
    "nixpacks",
    "nox",
    "npx",
    "nx",
    "packer",
    "pants",
    "pdm",
    "pipenv",
    "poetry",
    "rake",
    "repo2docker",
    "s2i",
    "sbt",
    "skaffold",
    "slim",
    "tox",
    "turbo",
];

/// Whether a command may make local images that its words do not name: a build tool, a container with the
/// daemon's socket or address, a service that compose builds before it runs.
#[must_use]
pub fn may_make_images(args: &[Arg]) -> bool {
    let Some((program, words)) = args.split_first() else { return false };
    let name = program.text.literal_prefix().rsplit('/').next().unwrap_or("");
    let says = |word: &str| words.iter().any(|arg| arg.text.as_literal() == Some(word));
    match name {
        "docker-compose" | "podman-compose" => says("run"),
        "docker" | "podman" | "nerdctl" => {
            let reaches = ["docker.sock", "DOCKER_HOST", "--env-file"];
            let handed = |arg: &Arg| reaches.iter().any(|word| arg.text.shown().contains(word));
            says("compose") && says("run") || words.iter().any(handed)
        }
        "skopeo" | "buildah" => words.iter().any(|arg| arg.text.literal_prefix().starts_with("docker-daemon:")),
        name => MAKERS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::args;

    #[test]
    fn tools_and_containers_with_the_daemon_may_make_images() {
        for line in [
            "./mvnw -B package",
            "s2i build . b app",
            "docker run -v /var/run/docker.sock:/s x",
            "docker compose run builder",
            "docker-compose run builder",
            "skopeo copy docker://a docker-daemon:b",
        ] {
            assert!(may_make_images(&args(line)), "{line}");
        }
        for line in
            ["docker run --rm x pytest", "docker compose push", "docker build -t a .", "npm ci", "kubectl apply -f x"]
        {
            assert!(!may_make_images(&args(line)), "{line}");
        }
    }
}
