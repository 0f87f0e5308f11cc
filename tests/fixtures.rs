//! The folders of `fixtures/`: what is clean stays silent, what is broken is told, and the reports of
//! incidents and of projects with many files stay as they were read and accepted.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The paths in a folder of `fixtures/`, sorted.
fn fixtures(folder: &str) -> Vec<String> {
    let folder = format!("fixtures/{folder}");
    let inside = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).unwrap();
    let mut paths: Vec<String> =
        inside.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap())).collect();
    paths.sort();
    paths
}

/// Exit code and all that is written.
fn run(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlint"));
    let command = command.args(arguments).arg("--isolated").current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[test]
fn what_is_clean_is_silent() {
    for path in fixtures("clean") {
        assert_eq!(run(&["check", "--root", "fixtures/clean", &path]), (0, String::new()), "{path}");
    }
}

#[test]
fn what_is_broken_is_told_and_never_a_panic() {
    let mut all = String::new();
    for path in fixtures("broken") {
        let (code, said) = run(&["check", "--root", "fixtures/broken", "--format", "concise", &path]);
        assert!((0..=1).contains(&code), "{path}: {said}");
        let (_, full) = run(&["check", "--root", "fixtures/broken", &path]);
        assert!(full.chars().all(|char| char == '\n' || !char.is_control()), "{path}: {full}");
        all.push_str(&format!("{}: exit {code}\n{said}\n", name(&path)));
    }
    insta::assert_snapshot!("broken", all);
}

#[test]
fn an_incident_is_found_and_its_correction_is_not() {
    for path in fixtures("incidents") {
        let (_, said) = run(&["check", "--root", "fixtures/incidents", &path]);
        insta::assert_snapshot!(format!("incident-{}", name(&path).trim_end_matches(".yml")), said);
    }
}

#[test]
fn projects_of_many_files_are_read_as_gitlab_reads_them() {
    for path in fixtures("projects") {
        let (_, said) = run(&["check", "--root", &path, &format!("{path}/.gitlab-ci.yml")]);
        let (_, plan) = run(&["pushes", "--root", &path, &format!("{path}/.gitlab-ci.yml")]);
        insta::assert_snapshot!(format!("project-{}", name(&path)), format!("{said}\n{plan}"));
    }
}
