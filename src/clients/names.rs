//! The names of clients in words that are not read as command lines.

use super::is_client;

/// Parts of words without which nobody pushes or logs in: with a tool held in a variable, in a script's
/// name, in a file of credentials.
const REGISTRIES: [&str; 9] =
    ["docker", "podman", "kaniko", "push", "login", "compose", "config.json", "auth.json", "jib"];

/// What tells whether an image is in its registry, and the words with which it does.
const ASKING: [&str; 6] = ["docker", "podman", "skopeo", "crane", "regctl", "buildah"];
const ASKED: [&str; 4] = ["inspect", "pull", "manifest", "digest"];

/// What pushes images that a file names, the longer names first.
const OF_FILES: [&str; 8] =
    ["docker-compose", "podman-compose", "manifest-tool", "earthly", "executor", "docker", "podman", "make"];

/// Parts of the paths of folders in which a `config.json` holds credentials.
const FOLDERS: [&str; 3] = ["docker", "kaniko", "DOCKER"];

/// Whether a word names a client, or speaks of pushing or logging in.
#[must_use]
pub fn speaks_of_registries(word: &str) -> bool {
    is_client(word) || REGISTRIES.iter().any(|part| word.contains(part))
}

/// Whether a command asks if an image is in its registry: `docker manifest inspect`, `docker pull`, …
#[must_use]
pub fn asks_for_image(command: &str) -> bool {
    let has = |names: &[&str]| command.split_whitespace().any(|word| names.contains(&word));
    has(&ASKING) && has(&ASKED)
}

/// The name for a program that pushes images which a file names; what is not known is a script.
#[must_use]
pub fn pusher_of_files(program: &str) -> &'static str {
    OF_FILES.into_iter().find(|client| program.ends_with(client)).unwrap_or("script")
}

/// Whether a client looks for credentials in the `config.json` at a path.
#[must_use]
pub fn reads_credentials_at(path: &str) -> bool {
    path.ends_with("/config.json") && FOLDERS.iter().any(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_asked_for_by_a_client_and_a_word() {
        assert!(asks_for_image("docker manifest inspect $IMAGE"));
        assert!(asks_for_image("crane digest a:1"));
        assert!(!asks_for_image("docker push a:1"));
        assert!(!asks_for_image("git pull"));
    }

    #[test]
    fn who_pushes_what_a_file_names_has_the_longer_name() {
        assert_eq!(pusher_of_files("/usr/bin/docker-compose"), "docker-compose");
        assert_eq!(pusher_of_files("./deploy.sh"), "script");
    }
}
