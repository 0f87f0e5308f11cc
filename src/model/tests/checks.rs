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

#[test]
fn keywords_that_exclude_each_other_are_refused() {
    let built = build_text(
        "a: {script: [x], rules: [{if: $X}], only: [main]}\nb: {script: [x], trigger: g/p}\nc: {script: [x], rules: [{if: $X}], only: }\n",
    );
    assert_eq!(
        built.faults(),
        [
            "jobs:a config key may not be used with `rules`: only @only",
            "jobs:b config these keys cannot be used together: script, trigger @trigger",
        ]
    );
    assert_eq!(built.slices(&[built.faults[0].labels[0].0]), ["rules"]);
}

#[test]
fn parallel_is_bounded() {
    let faults = |parallel: &str| build_text(&format!("a: {{script: [x], parallel: {parallel}}}\n")).faults();
    for fine in ["1", "200", "{matrix: [{A: [x, y], B: z}]}", "", "'$[[ inputs.x ]]'"] {
        assert_eq!(faults(fine), [""; 0], "{fine}");
    }
    assert_eq!(faults("0"), ["jobs:a:parallel config must be greater than or equal to 1 @0"]);
    assert_eq!(faults("-1"), ["jobs:a:parallel config must be greater than or equal to 1 @-1"]);
    assert_eq!(faults("201"), ["jobs:a:parallel config must be less than or equal to 200 @201"]);
    assert_eq!(faults("1.5"), ["jobs:a:parallel config must be an integer @1.5"]);
    assert_eq!(faults("{matrix: {A: [x]}}"), ["jobs:a:parallel:matrix config should be an array of hashes @{A: [x]}"]);
    let list = format!("[{}]", vec!["v"; 15].join(", "));
    let faults = faults(&format!("{{matrix: [{{A: {list}, B: {list}}}]}}"));
    assert!(faults[0].starts_with("jobs:a:parallel:matrix config generates too many jobs (maximum is 200) @["));
}

#[test]
fn keywords_of_the_wrong_type_are_refused() {
    let built = build_text(
        "variables: [a]\nstages: test\nworkflow: {rules: {if: $X}}\na: {script: [x], image: [y], services: docker, variables: {A: [b], B: {value: x, description: y}}}\nb: {script: [x], rules: {if: $X}}\nc: {script: [x], rules: [always, {when: allways, variables: {A: {value: b}}}]}\n",
    );
    assert_eq!(
        built.faults(),
        [
            "variables config should be a hash @[a]",
            "stages config should be an array of strings @test",
            "workflow:rules config should be an array @{if: $X}",
            "jobs:a:image config should be a hash or a string @[y]",
            "jobs:a:services config should be an array @docker",
            "jobs:a:variables:A config variable definition must be either a string or a hash @[b]",
            "jobs:a:variables:B config uses invalid data keys: description @description",
            "jobs:b:rules config should be an array @{if: $X}",
            "jobs:c:rules:rule config should be a hash @always",
            "jobs:c:rules:rule when unknown value: allways @allways",
            "jobs:c:rules:rule:variables:A config must be a string @{value: b}",
        ]
    );
    assert_eq!(built.faults[9].help.as_deref(), Some("did you mean `always`?"));
}

#[test]
fn a_job_that_only_needs_must_wait_for_a_pipeline() {
    let built = build_text("a: {script: [x]}\nb: {needs: [a]}\nc: {needs: [{pipeline: g/p}]}\n");
    assert_eq!(built.faults(), ["jobs:b config should contain either a trigger or a needs:pipeline @needs"]);
    let patch = build_text("include: {template: Jobs/Build.gitlab-ci.yml}\na: {script: [x]}\nbuild: {needs: [a]}\n");
    assert_eq!(patch.faults(), [""; 0]);
}

#[test]
fn shapes_of_later_versions_are_not_refused() {
    let text = "stages: [[build, [test]], deploy]\nvariables: {A: 1.10, B: {value: x, options: [x], shade: 1}}\na: {stage: build, script: [x], when: whenever, colour: red, retry: {max: 9}, tags: x}\n";
    assert_eq!(build_text(text).faults(), [""; 0]);
}

#[test]
fn what_several_jobs_share_is_refused_once() {
    let built = build_text(".r: {parallel: 500}\na: {extends: .r, script: [x]}\nb: {extends: .r, script: [x]}\n");
    assert_eq!(built.faults(), ["jobs:a:parallel config must be less than or equal to 200 @500"]);
}
