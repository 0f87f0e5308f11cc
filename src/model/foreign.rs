//! Whether a job runs in PowerShell or cmd, whose scripts are not read.
//!
//! Three signs count: a runner tag with the word `windows`, `powershell` or `pwsh`; an image that
//! exists for Windows or PowerShell only; and a script line that no POSIX shell would be given:
//! `$env:NAME` as a word of its own, an assignment `$name = …`, a cmdlet such as `Write-Host`.
//! A line that calls `pwsh` or `powershell` itself is a shell's.

use super::{Image, Item};

/// What names an image for Windows or PowerShell.
const IMAGES: [&str; 5] = ["windows", "nanoserver", "servercore", "powershell", "pwsh"];
/// Words of runner tags.
const TAGS: [&str; 3] = ["windows", "powershell", "pwsh"];
/// The verbs of the cmdlets that scripts begin lines with.
const VERBS: [&str; 16] = [
    "Write", "Get", "Set", "New", "Remove", "Invoke", "Start", "Stop", "Import", "Copy", "Move", "Test", "Expand",
    "Compress", "Out", "Install",
];

/// The reason to think so; `None`: a POSIX shell.
pub(super) fn shell(image: Option<&Image>, tags: &[String], scripts: &[&[Item]]) -> Option<String> {
    if let Some(tag) = tags.iter().find(|tag| has_word(tag, &TAGS)) {
        return Some(format!("the runner tag `{tag}`"));
    }
    if let Some(image) = image {
        let shown = image.name.shown();
        if has_word(&shown, &IMAGES) {
            return Some(format!("the image `{shown}`"));
        }
    }
    let mut lines = scripts.iter().flat_map(|items| items.iter()).flat_map(|item| item.text.text().lines());
    let line = lines.find(|line| is_powershell(line.trim_start()))?;
    let line: String = line.trim().chars().take(60).collect();
    Some(format!("the line `{line}`"))
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

fn is_powershell(line: &str) -> bool {
    let calls_it = || line.contains("pwsh") || line.contains("powershell");
    match line.as_bytes().first() {
        Some(b'$') if is_assignment(line) => true,
        Some(b'A'..=b'Z') if is_cmdlet(line) => true,
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

/// `$env:NAME` as a word: `image-$env:latest` is a shell's variable `env`.
fn has_environment(line: &str) -> bool {
    let at_word = |at: usize| line[..at].chars().next_back().is_none_or(|char| " \t\"(=,;{|".contains(char));
    line.match_indices("$env:").any(|(at, found)| {
        let name = &line[at + found.len()..];
        at_word(at) && name.starts_with(|char: char| char.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_lines_are_recognised() {
        for line in ["$env:PATH", "docker push \"$env:CI_REGISTRY_IMAGE\"", "$x = 1", "$env:A = 'b'", "Write-Host hi"] {
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
        assert!(has_word("mcr.microsoft.com/windows/servercore:ltsc2019", &IMAGES));
        assert!(has_word("x/windowsservercore:1", &IMAGES));
        assert!(!has_word("xwindows", &TAGS));
    }
}
