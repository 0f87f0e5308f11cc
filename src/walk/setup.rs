//! What sets up a shell for a tool and nothing else: nobody has to read it to know that it logs in nowhere.

/// Files that are sourced, by the end of their paths.
const FILES: [&str; 16] = [
    "bin/activate",
    "/activate",
    ".cargo/env",
    "nvm.sh",
    "sdkman-init.sh",
    "rvm/scripts/rvm",
    "asdf.sh",
    "conda.sh",
    ".bashrc",
    ".zshrc",
    ".profile",
    ".bash_profile",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/os-release",
    "/etc/lsb-release",
];

/// Programs whose output is evaluated.
const PROGRAMS: [&str; 14] = [
    "ssh-agent",
    "dbus-launch",
    "gpg-agent",
    "pyenv",
    "rbenv",
    "nodenv",
    "goenv",
    "fnm",
    "mise",
    "opam",
    "direnv",
    "conda",
    "micromamba",
    "luarocks",
];

/// Whether a sourced file, or the evaluated output of a command (as written: `$(ssh-agent -s)`), only sets
/// up a tool.
pub(super) fn is_of_a_tool(name: &str) -> bool {
    let command = name.strip_prefix("$(").or_else(|| name.strip_prefix('`'));
    match command.map(|command| command.split(|char: char| char.is_whitespace() || matches!(char, ')' | '`'))) {
        Some(mut words) => words.next().is_some_and(|program| PROGRAMS.contains(&program)),
        None => FILES.iter().any(|end| name.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_a_tool;

    #[test]
    fn tools_are_known_by_file_and_program() {
        for name in
            ["$(ssh-agent -s)", "`ssh-agent`", "$(ssh-agent)", ".venv/bin/activate", "$HOME/.cargo/env", "~/.bashrc"]
        {
            assert!(is_of_a_tool(name), "{name}");
        }
        for name in ["$(aws ecr get-login)", "$(./ssh-agent.sh)", "ci/env.sh", "build.env", "$(cat ssh-agent)"] {
            assert!(!is_of_a_tool(name), "{name}");
        }
    }
}
