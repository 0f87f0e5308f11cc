//! Whether a script can matter at all, by the words in it: most jobs of most pipelines neither push
//! nor log in, and are not walked, or only for what they call.

/// What a script may do that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Concern {
    /// Nothing: it names no client of a registry and calls nothing that might.
    None,
    /// It calls something that may be read, or must be told of.
    Calls,
    /// It names a client, or speaks of pushing or logging in.
    Registries,
}

/// Clients, and words without which nobody pushes or logs in by other means.
const REGISTRIES: [&str; 27] = [
    "docker",
    "podman",
    "buildah",
    "kaniko",
    "executor",
    "skopeo",
    "crane",
    "regctl",
    "oras",
    "helm",
    "nerdctl",
    "buildctl",
    "cosign",
    "jib",
    "pack",
    "earthly",
    "werf",
    "manifest",
    "img",
    "ko ",
    "push",
    "login",
    "auth",
    "registry",
    "compose",
    "config.json",
    "REGISTRY",
];

/// What runs something that stands elsewhere: a script, a task, a text, a variable as a command.
const CALLS: [&str; 14] =
    ["./", ".sh", "/", "source", ". ", "make", "eval", "just", "task", "npm", "yarn", "pnpm", "sh ", "$"];

/// The concern of a text.
pub(super) fn of(text: &str) -> Concern {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&REGISTRIES) {
        Concern::Registries
    } else if has(&CALLS) {
        Concern::Calls
    } else {
        Concern::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_matters_by_its_words() {
        assert_eq!(of("cargo test"), Concern::None);
        assert_eq!(of("./deploy.sh"), Concern::Calls);
        assert_eq!(of("$RUN it"), Concern::Calls);
        assert_eq!(of("docker push a"), Concern::Registries);
        assert_eq!(of("$(aws ecr get-login)"), Concern::Registries);
    }
}
