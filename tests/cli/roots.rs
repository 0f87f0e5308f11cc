//! Which files a run judges, and in which role: roots in any folder, fragments, child pipelines, components.

use crate::folder::{Folder, PUSH, SILENT};

const LOGIN: &str = "  before_script:\n    - docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY\n";

/// The same push in a job of another name.
fn named(name: &str) -> String {
    PUSH.replacen("push:", &format!("{name}:"), 1)
}

#[test]
fn a_folder_stands_for_every_configuration_below_it() {
    let folder = Folder::with(&[
        (".gitlab-ci.yml", "include: in/.gitlab-ci.yml\nt:\n  trigger: {include: child/.gitlab-ci.yml}\n"),
        ("in/.gitlab-ci.yml", &named("in")),
        ("child/.gitlab-ci.yml", PUSH),
        ("alone/.gitlab-ci.yml", PUSH),
        ("alone/part.yml", PUSH),
        (".gitignore", "built/\n"),
        ("built/.gitlab-ci.yml", PUSH),
        ("node_modules/x/.gitlab-ci.yml", PUSH),
        ("other/.git/config", ""),
        ("other/.gitlab-ci.yml", PUSH),
    ]);
    let all = ["alone/.gitlab-ci.yml", "child/.gitlab-ci.yml", "in/.gitlab-ci.yml"].map(str::to_owned).to_vec();
    assert_eq!(folder.told(&["check", "."]), (1, all.clone()));
    assert_eq!(folder.told(&["."]), (1, all));
    assert_eq!(folder.told(&["child"]), (1, vec!["child/.gitlab-ci.yml".to_owned()]));
    assert_eq!(folder.told(&["built"]), (1, vec!["built/.gitlab-ci.yml".to_owned()]), "it was asked for by name");
    assert_eq!(folder.told(&["other"]), (1, vec!["other/.gitlab-ci.yml".to_owned()]));
    assert!(folder.run(&["."]).err.contains("`other` is a repository of its own: skipped"));
    assert_eq!(folder.told(&[]).1, ["child/.gitlab-ci.yml", "in/.gitlab-ci.yml"], "without PATH: the root alone");
    assert_eq!(folder.run(&["pushes", ".", "--isolated"]).out.matches("$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA").count(), 3);
    let expanded = folder.run(&["expand", ".", "--isolated"]);
    let documents: Vec<&str> = expanded.out.lines().filter(|line| line.starts_with("---")).collect();
    assert_eq!(documents, ["--- # .gitlab-ci.yml", "--- # alone/.gitlab-ci.yml"], "{expanded:?}");
    let json = folder.run(&["expand", ".", "--isolated", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(json["alone/.gitlab-ci.yml"]["push"]["script"].is_array(), "{json}");
}

#[test]
fn a_fragment_is_judged_through_every_root_that_leads_to_it() {
    let default = format!("default:\n{LOGIN}");
    let folder = Folder::with(&[
        (".gitlab-ci.yml", &format!("include: [ci/good.yml, ci/both.yml]\n{default}")),
        ("services/.gitlab-ci.yml", "include: ci/both.yml\nown:\n  script: make\n"),
        (".gitlab/.gitlab-ci.yml", "t:\n  trigger: {include: [{local: ci/pipeline.yml}]}\n"),
        ("ci/pipeline.yml", &format!("include: ci/nested.yml\n{}", named("direct"))),
        ("ci/nested.yml", "include: ci/deep.yml\n"),
        ("ci/deep.yml", PUSH),
        ("ci/good.yml", &named("good")),
        ("ci/both.yml", &named("both")),
        ("ci/stray.yml", PUSH),
    ]);
    let only = |path: &str| (1, vec![path.to_owned()]);
    assert_eq!(folder.told(&["ci/good.yml"]), (0, vec![]), "its root logs in");
    assert_eq!(folder.told(&["ci/both.yml"]), only("ci/both.yml"), "one of its roots does not");
    assert_eq!(folder.told(&["ci/deep.yml"]), only("ci/deep.yml"), "through a child pipeline");
    assert_eq!(folder.told(&["ci/pipeline.yml"]), only("ci/pipeline.yml"), "and only what touches it");
    assert_eq!(folder.told(&["ci/stray.yml"]), only("ci/stray.yml"), "no root: alone");
    let mixed = ["ci/both.yml", "ci/deep.yml"].map(str::to_owned).to_vec();
    assert_eq!(folder.told(&["ci/good.yml", "ci/deep.yml", "services/.gitlab-ci.yml"]), (1, mixed));
    let input = ["-", "--stdin-filename", "ci/good.yml", "--format", "concise", "--isolated"];
    assert_eq!(folder.run_with(&input, PUSH, &[]).out, "");
    let lost = format!("{PUSH}  before_script: [make]\n");
    assert!(folder.run_with(&input, &lost, &[]).out.starts_with("ci/good.yml:3:"), "what it replaces is the root's");
}

#[test]
fn what_several_roots_say_of_a_fragment_is_said_once() {
    let folder = Folder::with(&[
        ("a/.gitlab-ci.yml", "include: ci/push.yml\n"),
        ("b/.gitlab-ci.yml", "include: ci/push.yml\n"),
        ("ci/push.yml", "push:\n  script: ./push.sh\n"),
        ("push.sh", "docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\n"),
    ]);
    assert_eq!(folder.told(&["."]), (1, vec!["push.sh".to_owned()]));
    let run = folder.run(&[".", "--format", "json", "--isolated"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        document["files"],
        serde_json::json!(["a/.gitlab-ci.yml", "ci/push.yml", "b/.gitlab-ci.yml", "push.sh"])
    );
    assert_eq!(document["findings"][0]["jobs"], serde_json::json!(["push"]));
}

#[test]
fn a_fragment_of_a_broken_root_draws_the_roots_fault() {
    let folder = Folder::with(&[(".gitlab-ci.yml", "include: ci/a.yml\nx: [\n"), ("ci/a.yml", SILENT)]);
    assert_eq!(folder.told(&["ci/a.yml"]), (1, vec![".gitlab-ci.yml".to_owned()]));
    let folder = Folder::with(&[(".gitlab-ci.yml", "include: ci/a.yml\n"), ("ci/a.yml", "x: [\n")]);
    assert_eq!(folder.told(&["ci/a.yml"]), (1, vec!["ci/a.yml".to_owned()]));
}

#[test]
fn a_file_that_something_may_include_is_doubted() {
    let root = "t:\n  trigger: {include: [{local: $SERVICE/.gitlab-ci.yml}]}\n";
    let files = [(".gitlab-ci.yml", root), ("a/.gitlab-ci.yml", PUSH), ("docs/sample.yml", "x: 1\n")];
    let run =
        |files: &[(&str, &str)]| Folder::with(files).run(&["a/.gitlab-ci.yml", "--format", "concise", "--isolated"]);
    assert!(run(&files[1..]).out.contains("never logs in") && !run(&files[1..]).out.contains("(likely)"));
    assert!(run(&files).out.lines().all(|line| line.ends_with("(likely)")), "{:?}", run(&files));
}

#[test]
fn a_sample_of_another_repository_is_not_blamed_for_files_that_are_there() {
    let folder = Folder::with(&[(".gitlab-ci.yml", SILENT), ("sample/.gitlab-ci.yml", "include: ci/theirs.yml\n")]);
    assert_eq!(folder.told(&["."]), (0, vec![]));
    assert!(folder.run(&[".", "--verbose"]).err.contains("does not exist"));
}

#[test]
fn components_are_judged_as_templates() {
    let component = format!("spec:\n  inputs:\n    tag:\n---\n{}", PUSH.replace("$CI_COMMIT_SHA", "$[[ inputs.tag ]]"));
    let folder = Folder::with(&[("templates/push/template.yml", &component), ("templates/test.yml", SILENT)]);
    assert_eq!(folder.told(&["."]), (1, vec!["templates/push/template.yml".to_owned()]));
    assert_eq!(folder.told(&["templates/push/template.yml"]).0, 1);
    let hidden = Folder::with(&[("lib/.gitlab-ci.yml", &PUSH.replacen("push:", ".push:", 1))]);
    assert_eq!(hidden.told(&["."]), (1, vec!["lib/.gitlab-ci.yml".to_owned()]), "hidden jobs of a template");
}

#[test]
fn files_of_two_repositories_are_not_mixed() {
    let folder = Folder::with(&[
        (".gitlab-ci.yml", SILENT),
        ("sub/.git/config", ""),
        ("sub/.gitlab-ci.yml", SILENT),
        ("sub/folder/x", ""),
    ]);
    for arguments in [&[".gitlab-ci.yml", "sub/.gitlab-ci.yml"][..], &["sub/.gitlab-ci.yml", "."]] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.err.lines().count()), (2, 1), "{run:?}");
        assert!(run.err.contains("different repositories"), "{run:?}");
    }
    let run = folder.run(&["sub/folder"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("there is no .gitlab-ci.yml in `folder` or below"), "{run:?}");
}

#[test]
fn a_folder_of_fragments_is_judged_through_their_roots() {
    let folder =
        Folder::with(&[(".gitlab-ci.yml", "include: ci/push.yml\n"), ("ci/push.yml", PUSH), ("x/a.yml", PUSH)]);
    assert_eq!(folder.told(&["ci"]), (1, vec!["ci/push.yml".to_owned()]));
    assert_eq!(folder.run(&["x"]).code, 2);
}

#[test]
fn what_is_excluded_is_no_root() {
    let folder = Folder::with(&[
        (".gitlab-ci.yml", SILENT),
        (".pushlint.yml", "exclude: ['old/**']\n"),
        ("old/.gitlab-ci.yml", "include: ci/vars.yml\n"),
        ("ci/vars.yml", PUSH),
    ]);
    let run = folder.run(&[".", "old/.gitlab-ci.yml", "--format", "concise", "--verbose"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert!(run.err.contains("`old/.gitlab-ci.yml` is excluded by the configuration"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_where_they_are_named_and_stay_in_the_root() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[("a/.gitlab-ci.yml", PUSH), ("a/.git/config", ""), ("secret.yml", PUSH)]);
    let root = folder.0.join("a");
    symlink(".gitlab-ci.yml", root.join("link.yml")).unwrap();
    symlink("../secret.yml", root.join("out.yml")).unwrap();
    symlink("/dev/zero", root.join(".gitignore")).unwrap();
    symlink(&root, root.join("circle")).unwrap();
    assert_eq!(folder.told(&["a"]).1, ["a/.gitlab-ci.yml"]);
    assert_eq!(folder.told(&["a/link.yml"]).1, ["a/link.yml"]);
    assert_eq!(folder.told(&["a/circle"]).1, ["a/.gitlab-ci.yml"]);
    let out = folder.run(&["a/out.yml"]);
    assert_eq!(out.code, 2, "{out:?}");
    assert!(out.err.contains("cannot read `out.yml`: it lies outside the root"), "{out:?}");
}
