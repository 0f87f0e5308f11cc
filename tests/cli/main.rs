//! The program as a user runs it: exit codes, formats, standard input, what goes where.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

mod folder;
mod roots;

use std::process::{Command, Stdio};

use folder::{Folder, PUSH, Run, SILENT, WARNED};

#[test]
fn nothing_to_say_is_zero_and_prints_nothing() {
    let run = Folder::with(&[(".gitlab-ci.yml", SILENT)]).run(&[]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
}

#[test]
fn findings_are_one_unless_the_level_is_below() {
    let folder = Folder::with(&[(".gitlab-ci.yml", WARNED)]);
    assert_eq!(folder.run(&[]).code, 1);
    assert_eq!(folder.run(&["check"]).code, 1);
    assert_eq!(folder.run(&["check", "."]).code, 1);
    assert_eq!(folder.run(&[".gitlab-ci.yml"]).code, 1);
    assert_eq!(folder.run(&["--fail-on", "error"]).code, 0);
    assert_eq!(folder.run(&["--fail-on", "never"]).code, 0);
    assert!(folder.run(&["--fail-on", "never"]).out.contains("unused-suppression"));
}

#[test]
fn what_cannot_be_looked_at_is_two_with_one_line_on_standard_error() {
    let folder = Folder::with(&[]);
    for arguments in [
        &[][..],
        &["missing.yml"],
        &["*.none"],
        &["."],
        &["--root", "missing"],
        &["-", "x"],
        &["--stdin-filename", "x"],
        &["explain", "no-such-lint"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {run:?}");
        assert_eq!(run.err.lines().count(), 1, "{arguments:?}: {run:?}");
    }
    assert_eq!(folder.run(&["--no-such-option"]).code, 2);
    assert_eq!(folder.run(&["--help"]).code, 0);
}

#[test]
fn concise_is_one_line_a_finding_seen_from_the_working_folder() {
    let folder = Folder::with(&[(".gitlab-ci.yml", WARNED), ("sub/empty", "")]);
    let line = ":3:31: warning[unused-suppression] there is no lint `nothing`\n";
    assert_eq!(folder.run(&["--format", "concise"]).out, format!(".gitlab-ci.yml{line}"));
    let inner = Folder(folder.0.join("sub"));
    assert_eq!(inner.run(&["--format", "concise"]).out, format!("../.gitlab-ci.yml{line}"));
}

#[test]
fn json_is_one_document_also_when_there_is_nothing_to_say() {
    let silent = Folder::with(&[(".gitlab-ci.yml", SILENT)]).run(&["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&silent.out).unwrap();
    assert_eq!(document["findings"], serde_json::json!([]));
    assert_eq!(document["files"], serde_json::json!([".gitlab-ci.yml"]));
    let folder = Folder::with(&[(".gitlab-ci.yml", WARNED)]);
    let warned = folder.run(&["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&warned.out).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["findings"][0]["start"], serde_json::json!({"line": 3, "column": 31, "offset": 47}));
    assert_eq!(folder.run(&["--format", "json"]).out, warned.out, "the same input gives the same bytes");
}

#[test]
fn standard_input_stands_in_the_place_of_its_file() {
    let folder = Folder::with(&[(".gitlab-ci.yml", SILENT)]);
    let run = folder.run_with(&["-", "--stdin-filename", ".gitlab-ci.yml", "--format", "concise"], WARNED, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.starts_with(".gitlab-ci.yml:3:31: "), "{run:?}");
    assert_eq!(folder.run_with(&["-"], WARNED, &[]).code, 1);
    let new = folder.run_with(&["-", "--stdin-filename", "ci/new.yml", "--format", "concise"], WARNED, &[]);
    assert!(new.out.starts_with("ci/new.yml:3:31: "), "{new:?}");
}

#[test]
fn a_file_that_is_no_pipeline_is_skipped_with_a_note() {
    let folder = Folder::with(&[("compose.yml", "services:\n  web:\n    image: x\n")]);
    let run = folder.run(&["compose.yml"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert!(run.err.contains("compose.yml") && run.err.lines().count() == 1, "{run:?}");
    assert_eq!(folder.run(&["--quiet", "compose.yml"]).err, "");
}

#[test]
fn a_pattern_that_the_shell_left_is_expanded() {
    let folder = Folder::with(&[("ci/a.gitlab-ci.yml", WARNED), ("ci/b.gitlab-ci.yml", WARNED)]);
    assert_eq!(folder.run(&["--format", "concise", "ci/*.yml"]).out.lines().count(), 2);
}

#[test]
fn colours_are_used_when_asked_for_only() {
    let folder = Folder::with(&[(".gitlab-ci.yml", WARNED)]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        folder.run_with(arguments, "", variables).out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("FORCE_COLOR", "1")]));
}

#[test]
fn a_reader_that_stops_reading_is_no_panic() {
    let folder = Folder::with(&[(".gitlab-ci.yml", &WARNED.repeat(3000))]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlint"));
    let child = command.current_dir(&folder.0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut child = child;
    drop(child.stdout.take());
    let run = Run::of(&child.wait_with_output().unwrap());
    assert!(!run.err.contains("panicked"), "{run:?}");
}

#[test]
fn control_characters_of_the_input_never_reach_the_terminal() {
    let text = "build:\n  script:\n    - \"\u{1b}[31m\u{9b}\u{202e}\" # pushlint: ignore[\u{1b}[2J]\n";
    let folder = Folder::with(&[(".gitlab-ci.yml", text)]);
    for format in ["full", "concise", "json"] {
        let run = folder.run(&["--format", format]);
        assert!(!run.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{format}: {run:?}");
    }
}

#[test]
fn explain_prints_the_page_or_the_list() {
    let folder = Folder::with(&[]);
    assert!(folder.run(&["explain"]).out.contains("unused-suppression"));
    assert!(folder.run(&["explain", "unused-suppression"]).out.starts_with("# unused-suppression\n"));
}

#[test]
fn expand_prints_the_merged_pipeline() {
    let folder = Folder::with(&[
        (
            ".gitlab-ci.yml",
            "include: ci/base.yml\ndefault: {image: docker}\nbuild:\n  extends: .base\n  stage: build\n",
        ),
        ("ci/base.yml", ".base:\n  script: [[make], 'true']\n"),
    ]);
    let run = folder.run(&["expand", "--isolated"]);
    let expected = "build:\n  image: docker\n  script:\n    - make\n    - 'true'\n  stage: build\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected), "{}", run.err);
    let json = folder.run(&["expand", "--isolated", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(read["build"]["script"], serde_json::json!(["make", "true"]));
}

#[test]
fn expand_does_not_print_what_doubles_at_every_step() {
    let mut text =
        ".a0: {r: [x]}\nj: {script: x, rules: !reference [.a60, r], tags: !reference [.a60, r]}\n".to_owned();
    for step in 1..=60 {
        let before = format!("!reference [.a{}, r]", step - 1);
        text += &format!(".a{step}: {{r: [{before}, {before}]}}\n");
    }
    let run = Folder::with(&[(".gitlab-ci.yml", &text)]).run(&["expand", "--isolated"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "pushlint: error: the pipeline is too big to print\n");
}

/// Pushes to a host to which nothing logs in.
const HARBOR: &str = "build:\n  image: docker\n  script:\n    - docker push harbor.example.com/a/b:latest\n    - docker login -u u -p p other.example.com\n";

#[test]
fn a_mistake_in_the_configuration_is_told_with_its_place() {
    let folder = Folder::with(&[(".gitlab-ci.yml", SILENT), (".pushlint.yml", "\nprojct: a/b\n")]);
    let run = folder.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "pushlint: error: .pushlint.yml:2:1: unknown key `projct`; did you mean `project`?\n");
    assert_eq!(folder.run(&["--isolated"]).code, 0);
    assert_eq!(folder.run(&["--config", "none.yml"]).code, 2);
}

#[test]
fn the_configuration_gives_levels_and_leaves_files_out() {
    let config =
        |text: &str| Folder::with(&[(".gitlab-ci.yml", WARNED), (".pushlint.yml", text)]).run(&["--format", "concise"]);
    assert!(config("").out.contains(" warning[unused-suppression]"));
    assert!(config("lints: {unused-suppression: error}").out.contains(" error[unused-suppression]"));
    assert_eq!(config("lints: {unused-suppression: off}").code, 0);
    assert_eq!(config("lints: {unused-suppression: advice}").code, 0);
    let left_out = config("exclude: ['*.yml']");
    assert_eq!((left_out.code, left_out.out.as_str()), (0, ""));
    assert!(left_out.err.contains("excluded by the configuration"), "{}", left_out.err);
}

#[test]
fn the_plan_has_one_row_for_what_is_shown_alike() {
    let script = "if [ -n \"$CI_COMMIT_TAG\" ]; then V=$(echo $RANDOM); else ./version; V=$RANDOM; fi";
    let build = format!("build:\n  script:\n    - '{script}'\n    - docker push $CI_REGISTRY_IMAGE:$V\n");
    let folder = Folder::with(&[(".gitlab-ci.yml", &build)]);
    let told: serde_json::Value = serde_json::from_str(&folder.run(&["pushes", "--format", "json"]).out).unwrap();
    let [row] = told["pushes"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(row["scenarios"], serde_json::json!(["default-branch", "branch", "tag", "schedule", "other"]));
    assert_eq!(folder.run(&["pushes"]).out.matches("$CI_REGISTRY_IMAGE").count(), 1);
}

#[test]
fn a_plan_without_pushes_is_a_line_of_its_own() {
    let run = Folder::with(&[(".gitlab-ci.yml", "include: {remote: https://example.com/x.yml}\na: {script: ls}\n")])
        .run(&["pushes"]);
    assert_eq!(run.out, "no job pushes an image\n");
    assert!(run.err.starts_with("pushlint: note: ") && run.err.ends_with('\n'), "{run:?}");
}

#[test]
fn declared_logins_and_variables_are_believed() {
    let config =
        |text: &str| Folder::with(&[(".gitlab-ci.yml", HARBOR), (".pushlint.yml", text)]).run(&["--format", "concise"]);
    assert!(config("").out.contains("[push-without-login]"));
    assert!(!config("logged-in: [harbor.example.com]").out.contains("[push-without-login]"));
    let variable = "build:\n  variables: {REPO: none}\n  script: docker push $REPO/app:1\n";
    let folder =
        Folder::with(&[(".gitlab-ci.yml", variable), (".pushlint.yml", "variables: {REPO: harbor.example.com/a}")]);
    assert!(folder.run(&["pushes"]).out.contains("harbor.example.com/a/app:1"));
}

#[test]
fn includes_of_other_projects_are_read_where_they_are_checked_out() {
    let theirs = format!("spec: {{inputs: {{job: }}}}\n---\n{}", WARNED.replace("build", "'$[[ inputs.job ]]'"));
    let folder = Folder::with(&[
        ("app/.gitlab-ci.yml", "include:\n- {project: acme/ci, file: a.yml, inputs: {job: j}}\n"),
        ("app/.git/config", ""),
        ("app/.pushlint.yml", "includes: {acme/ci: ../ci, acme/gone: ../gone}\n"),
        ("ci/a.yml", &theirs),
    ]);
    let run = folder.run(&["app", "--format", "concise", "--verbose"]);
    assert!(run.out.starts_with("ci/a.yml:5:"), "{run:?}");
    assert!(run.err.contains("`../gone`, the checkout of `acme/gone`, does not exist"), "{run:?}");
    assert!(folder.run(&["app", "--isolated"]).out.is_empty());
}

#[test]
fn options_give_levels_and_lift_silences() {
    let folder = Folder::with(&[(".gitlab-ci.yml", WARNED), (".pushlint.yml", "lints: {unused-suppression: error}")]);
    let level = |arguments: &[&str]| folder.run(&[arguments, &["--format", "concise"]].concat());
    assert_eq!(level(&["--allow", "unused-suppression"]).out, "");
    assert!(level(&["--warn", "mutable-tag,unused-suppression"]).out.contains(" warning[unused-suppression]"));
    assert!(level(&["--warn", "mutable-tag"]).out.contains(" error[unused-suppression]"));
    for (arguments, message) in [
        (&["--allow", "unreadable-config"][..], "`unreadable-config` cannot be switched off"),
        (&["--deny", "mutabel-tag"], "there is no lint `mutabel-tag`; did you mean `mutable-tag`?"),
        (&["--deny", "mutable-tag", "--allow", "mutable-tag"], "`mutable-tag` cannot have two levels"),
    ] {
        let run = level(arguments);
        assert_eq!((run.code, run.err), (2, format!("pushlint: error: {message}\n")));
    }
    let silenced = PUSH.replace("$CI_COMMIT_SHA\n", "$CI_COMMIT_SHA # pushlint: ignore[push-without-login]\n");
    let folder = Folder::with(&[(".gitlab-ci.yml", &silenced)]);
    assert_eq!(folder.told(&[]).0, 0);
    assert_eq!(folder.told(&["--no-ignores"]), (1, vec![".gitlab-ci.yml".to_owned()]));
}

#[cfg(unix)]
#[test]
fn a_makefile_lists_what_a_job_finds_in_its_copy() {
    use std::os::unix::fs::symlink;

    let makefile = "LIST := $(patsubst images/%/,%,$(wildcard images/*/))\npush: $(LIST)\n$(LIST):\n\tdocker push $(CI_REGISTRY_IMAGE)/$@:$(CI_COMMIT_SHA)\n";
    let folder = Folder::with(&[
        (".gitlab-ci.yml", "push:\n  image: docker:28\n  script: make push\n"),
        ("Makefile", makefile),
        ("images/api/Dockerfile", ""),
        ("images/web/Dockerfile", ""),
        ("images/README", ""),
        ("images/.gitignore", "built\n"),
        ("images/built/Dockerfile", ""),
    ]);
    symlink("/etc", folder.0.join("images/outside")).unwrap();
    symlink("web", folder.0.join("images/link")).unwrap();
    let told = folder.run(&["pushes", "--format", "json"]).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let told = told.to_string();
    for (name, expected) in
        [("api", true), ("web", true), ("link", true), ("built", false), ("outside", false), ("README", false)]
    {
        assert_eq!(told.contains(&format!("$CI_REGISTRY_IMAGE/{name}:$CI_COMMIT_SHA")), expected, "{name}: {told}");
    }
}
