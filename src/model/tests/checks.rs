//! The model's tests: what GitLab rejects in single jobs.
use super::*;

#[test]
fn a_stage_must_be_one_of_the_stages() {
    let built = build_text(
        "stages: [build, deploy]\na: {stage: biuld, script: [x]}\nb: {script: [x]}\nc: {stage: .pre, script: [x]}\n",
    );
    assert_eq!(
        built.faults(),
        [
            "a job: chosen stage biuld does not exist; available stages are .pre, build, deploy, .post @biuld",
            "b job: chosen stage test does not exist; available stages are .pre, build, deploy, .post @b",
        ]
    );
    assert_eq!(built.faults[0].help.as_deref(), Some("did you mean `build`?"));
}

#[test]
fn needs_and_dependencies_must_be_jobs() {
    let built = build_text(
        "build: {script: [x], parallel: {matrix: [{A: [x, y]}]}}\na: {script: [x], needs: [biuld, {job: b, optional: true}, {job: z, project: p, ref: r, artifacts: true}, 'build: [x]'], dependencies: [c]}\n",
    );
    assert_eq!(built.faults(), ["a job: undefined need: biuld @biuld", "a job: undefined dependency: c @c"]);
    assert_eq!(built.faults[0].help.as_deref(), Some("did you mean `build`?"));
}

#[test]
fn conditions_must_be_expressions() {
    let built = build_text(
        "workflow: {rules: [{if: '$A ='}]}\n.r: {rules: [{if: '$B = \"x\"'}, {if: $C}]}\na: {extends: .r, script: [x]}\nb: {extends: .r, script: [x]}\n",
    );
    assert_eq!(
        built.faults(),
        [
            "workflow:rules:rule if invalid expression syntax @'$A ='",
            "jobs:a:rules:rule if invalid expression syntax @'$B = \"x\"'",
        ]
    );
}

#[test]
fn names_have_at_most_255_characters() {
    let name = |length: usize| "n".repeat(length);
    assert!(build_text(&format!("{}: {{script: [x]}}\n", name(255))).faults.is_empty());
    assert_eq!(build_text(&format!("{}: {{script: [x]}}\n", name(256))).faults.len(), 1);
}

#[test]
fn what_may_be_elsewhere_is_not_missed() {
    let built = build_files(&[(
        ".gitlab-ci.yml",
        "include: {project: a/b, file: c.yml}\na: {stage: s, script: [x], needs: [b]}\n",
    )]);
    assert_eq!(built.faults(), [""; 0]);
}
