//! Whether a script can matter at all, by the words in it: most jobs of most pipelines neither push
//! nor log in, and are not walked, or only for what they call.

use crate::clients;

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

/// What runs something that stands elsewhere: a script, a task, a text, a variable as a command.
const CALLS: [&str; 14] =
    ["./", ".sh", "/", "source", ". ", "make", "eval", "just", "task", "npm", "yarn", "pnpm", "sh ", "$"];

/// The concern of a text.
pub(super) fn of(text: &str) -> Concern {
    let words = text.split(|char: char| !(char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.')));
    let mut words = words.filter(|word| !word.is_empty());
    let names = |word: &str| clients::speaks_of_registries(word) || super::script::sends_images(word);
    if words.any(names) {
        Concern::Registries
    } else if CALLS.iter().any(|word| text.contains(word)) {
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
        assert_eq!(of("/kaniko/executor --destination a"), Concern::Registries);
        assert_eq!(of("./ci/push_image a"), Concern::Registries);
        assert_eq!(of("pack build a"), Concern::Registries);
        assert_eq!(of("release-image a"), Concern::Registries);
        assert_eq!(of("rake build:package # authenticated"), Concern::None);
    }
}
