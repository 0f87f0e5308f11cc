//! What a job's scripts are written in: a POSIX shell, PowerShell, or something that cannot be told.
//!
//! A script line says most: one that no POSIX shell would be given (`$env:NAME` as a word of its own, an
//! assignment `$name = …`, a cmdlet such as `Write-Host`, `& command`, `. script.ps1`), one that only cmd is given (`%CI_REGISTRY%`), one
//! that only a POSIX shell is given (`export A=b`). An image that exists for Windows only runs in PowerShell:
//! the runner has no other shell for it. A runner tag with the word `windows`, `powershell` or `pwsh`, or an
//! image with PowerShell in it, only says that it may be none of the usual.

use super::{Image, Item};

/// What a job's scripts are written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash.
    Posix,
    /// PowerShell.
    PowerShell,
    /// cmd, or what cannot be told: the reason to think so. Scripts are not followed.
    Unread(String),
}

/// What names an image for Windows, and one that has PowerShell.
const WINDOWS: [&str; 3] = ["windows", "nanoserver", "servercore"];
const WITH_POWERSHELL: [&str; 2] = ["powershell", "pwsh"];
/// Words of runner tags.
const TAGS: [&str; 3] = ["windows", "powershell", "pwsh"];
/// The verbs of the cmdlets that scripts begin lines with.
const VERBS: [&str; 16] = [
    "Write", "Get", "Set", "New", "Remove", "Invoke", "Start", "Stop", "Import", "Copy", "Move", "Test", "Expand",
    "Compress", "Out", "Install",
];

/// How lines begin that only a POSIX shell is given.
const POSIX: [&str; 12] =
    ["export ", "if [", "[ ", "[[ ", "set -e", "set -x", "set -u", "local ", "source ", "#!/bin/", "until ", "case "];
/// Lines that only a POSIX shell is given.
const CLOSERS: [&str; 4] = ["fi", "done", "esac", "then"];

/// What the scripts are written in.
pub(super) fn shell(image: Option<&Image>, tags: &[String], scripts: &[&[Item]]) -> Shell {
    let lines = || scripts.iter().flat_map(|items| items.iter()).flat_map(|item| item.text.text().lines());
    let reason = |line: &str| format!("the line `{}`", line.trim().chars().take(60).collect::<String>());
    let shown = image.map(|image| image.name.shown());
    let image_has = |words: &[&str]| shown.as_deref().is_some_and(|shown| has_word(shown, words));
    let of_windows = image_has(&WINDOWS);
    let by_tag = tags.iter().find(|tag| has_word(tag, &TAGS)).map(|tag| format!("the runner tag `{tag}`"));
    let by_image = (of_windows || image_has(&WITH_POWERSHELL)).then(|| shown.clone().unwrap_or_default());
    let sign = by_tag.or(by_image.map(|shown| format!("the image `{shown}`")));
    let own = lines().find(|line| is_powershell(line.trim_start()));
    if let Some(batch) = lines().find(|line| is_batch(line)) {
        return Shell::Unread(reason(batch));
    }
    let posix = || lines().any(|line| is_posix(line.trim()));
    match (own, sign) {
        (None, None) => Shell::Posix,
        (Some(line), sign) if posix() => Shell::Unread(sign.unwrap_or_else(|| reason(line))),
        (Some(_), _) => Shell::PowerShell,
        (None, Some(sign)) if !of_windows || posix() => Shell::Unread(sign),
        (None, Some(_)) => Shell::PowerShell,
    }
}

fn has_word(text: &str, words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    let letters = |text: &str| text.chars().all(|char| !char.is_ascii_alphabetic());
    words.iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let before = &lower[..at];
            let boundary = before.chars().next_back().is_none_or(|char| !char.is_ascii_alphabetic());
            let after = &lower[at + word.len()..];
            boundary && (letters(after.get(..1).unwrap_or("")) || after.starts_with("server"))
        })
    })
}

/// `%CI_REGISTRY%`
fn is_batch(line: &str) -> bool {
    line.match_indices("%CI_").any(|(at, found)| {
        let rest = line[at + found.len()..].trim_start_matches(|char: char| char.is_ascii_uppercase() || char == '_');
        rest.starts_with('%')
    })
}

fn is_posix(line: &str) -> bool {
    let name = line.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '_');
    let assigns = name.len() < line.len() && name.starts_with('=');
    assigns || CLOSERS.contains(&line.trim_end_matches(';')) || POSIX.iter().any(|word| line.starts_with(word))
}

fn is_powershell(line: &str) -> bool {
    let calls_it = || line.contains("pwsh") || line.contains("powershell");
    match line.as_bytes().first() {
        Some(b'$') if is_assignment(line) => true,
        Some(b'A'..=b'Z') if is_cmdlet(line) => true,
        Some(b'&' | b'(') if line.starts_with("& ") || line.starts_with("(& ") => true,
        Some(b'.') if line.starts_with(". ") && line.trim_end().ends_with(".ps1") => true,
        Some(b'#') | None => false,
        _ => has_environment(line) && !calls_it(),
    }
}

/// `$name = …`, `$env:NAME = …`.
fn is_assignment(line: &str) -> bool {
    let rest = line[1..].trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '_' || char == ':');
    rest.len() + 1 < line.len() && rest.strip_prefix(" = ").is_some_and(|value| !value.is_empty())
}

fn is_cmdlet(line: &str) -> bool {
    let Some((verb, noun)) = line.split_once('-') else { return false };
    VERBS.contains(&verb) && noun.starts_with(|char: char| char.is_ascii_uppercase())
}

/// `$env:NAME` as a word: `image-$env:latest` is a shell's variable `env`; `${env:NAME}`.
fn has_environment(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let named = |name: &str| name.starts_with(|char: char| char.is_ascii_uppercase());
    if lower.match_indices("${env:").any(|(at, found)| named(&line[at + found.len()..])) {
        return true;
    }
    let at_word = |at: usize| line[..at].chars().next_back().is_none_or(|char| " \t\"(=,;{|".contains(char));
    lower.match_indices("$env:").any(|(at, found)| at_word(at) && named(&line[at + found.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_lines_are_recognised() {
        for line in [
            "$env:PATH",
            "docker push \"$env:CI_REGISTRY_IMAGE\"",
            "$x = 1",
            "$env:A = 'b'",
            "Write-Host hi",
            "& 'x' y",
            ". ./a.ps1",
        ] {
            assert!(is_powershell(line), "{line}");
        }
    }

    #[test]
    fn shell_lines_are_not() {
        for line in [
            "docker push $REG/$env:latest",
            "docker push image-$env:$TAG",
            "$CMD = x",
            "pwsh -c \"echo $env:HOME\"",
            "# $env:PATH",
            "X=$env:latest",
            "Get-it",
        ] {
            assert_eq!(is_powershell(line), line == "$CMD = x", "{line}");
        }
    }

    #[test]
    fn tags_and_images_are_read_by_word() {
        assert!(has_word("saas-windows-medium-amd64", &TAGS));
        assert!(has_word("mcr.microsoft.com/windows/servercore:ltsc2019", &WINDOWS));
        assert!(has_word("x/windowsservercore:1", &WINDOWS));
        assert!(!has_word("xwindows", &TAGS));
    }
}
