//! What scripts really do: each in a folder of its own, run the way the runner does, by one process
//! for many scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Events;
use crate::generate::{FILES, Script, VARIABLES};

const CLIENTS: [&str; 3] = ["docker", "podman", "crane"];

/// Writes down its words and, where it is told to read it, its standard input.
const STAND_IN: &str = r#"#!/bin/sh
{
  printf '%s\037' "${0##*/}" "$@"
  case " $* " in *" --password-stdin "*) cat ;; esac
  printf '\036'
} >> "$JUDGE_LOG"
"#;

/// The runner's lines (a shell's standard input is empty, a failure ends the script).
const DRIVER: &str = r#"
for run in "$1"/run-*; do
  (
    cd "$run/work" || exit 1
    JUDGE_LOG=$run/log
    export JUDGE_LOG
    . ../../variables
    script=$(cat ../script)
    set -o errexit
    set +o noclobber
    ( eval "$script" ) < /dev/null
  ) > /dev/null 2> "$run/errors"
done
"#;

/// What each script did; `None` where it is no fair question: a shell complained, or two shells disagree.
pub fn run(scripts: &[Script]) -> Vec<Option<Events>> {
    let bash = run_in("bash", scripts);
    let sh: Vec<Script> = scripts.iter().filter(|script| !script.bash).cloned().collect();
    let mut sh = run_in("dash", &sh).into_iter();
    let both = scripts.iter().zip(bash);
    both.map(|(script, bash)| {
        if script.bash {
            return bash;
        }
        let sh = sh.next().flatten();
        bash.filter(|bash| sh.as_ref() == Some(bash))
    })
    .collect()
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn run_in(shell: &str, scripts: &[Script]) -> Vec<Option<Events>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("judge-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = Folder(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
    let root = &folder.0;
    for client in CLIENTS {
        write(&root.join("bin").join(client), STAND_IN);
        executable(&root.join("bin").join(client));
    }
    let set: String = VARIABLES.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    write(&root.join("variables"), &set);
    let pipefail = if shell == "bash" { "set -o pipefail\n" } else { "" };
    write(&root.join("driver"), &format!("{pipefail}{DRIVER}"));
    let runs: Vec<PathBuf> = (0..scripts.len()).map(|number| root.join(format!("run-{number:05}"))).collect();
    for (run, script) in runs.iter().zip(scripts) {
        write(&run.join("script"), &script.text());
        write(&run.join("log"), "");
        for (path, text) in FILES {
            write(&run.join("work").join(path), text);
            executable(&run.join("work").join(path));
        }
    }
    let path = format!("{}:/usr/bin:/bin", root.join("bin").display());
    let mut command = Command::new("timeout");
    command.arg("300").arg(shell).arg(root.join("driver")).arg(root).env_clear().env("PATH", path).env("HOME", "/");
    command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
    assert!(scripts.is_empty() || command.status().unwrap().code() != Some(124), "the scripts do not end");
    runs.iter().map(|run| events(run)).collect()
}

fn events(run: &Path) -> Option<Events> {
    let read = |name: &str| String::from_utf8(fs::read(run.join(name)).unwrap()).ok();
    if !read("errors")?.is_empty() {
        return None;
    }
    let log = read("log")?;
    log.split_terminator('\x1e')
        .map(|call| event(&call.split('\x1f').collect::<Vec<_>>()))
        .collect::<Option<Vec<_>>>()
        .map(|found| found.into_iter().flatten().collect())
}

/// What a call of a stand-in means; `None` where a real client would refuse it.
fn event(words: &[&str]) -> Option<Vec<String>> {
    let (input, words) = words.split_last()?;
    let push = |reference: &str| vec![format!("push {reference}")];
    Some(match words {
        ["docker" | "podman", "push", reference] if !reference.is_empty() => push(reference),
        ["crane", "push", "image.tar", reference] if !reference.is_empty() => push(reference),
        ["crane", "copy", _, reference] if !reference.is_empty() => push(reference),
        ["docker", "build", "-t", reference, "--push", "."] => push(reference),
        ["docker", "tag", _, _] => Vec::new(),
        [_, "login", "-u", user, "--password-stdin", host] => {
            vec![format!("login {host} as {user} with {}", input.trim_end_matches(['\r', '\n']))]
        }
        [_, "login", "-u", user, "-p", password, host] => vec![format!("login {host} as {user} with {password}")],
        [_, "logout", _] => Vec::new(),
        _ => return None,
    })
}
