//! The model's tests: jobs.
use super::*;
use crate::rules::Branch;
use crate::scenario::Scenario;
use crate::value::StepKind::{Anchor, Default, Extends, Include, Reference};

#[test]
fn extends_merges_maps_and_replaces_lists() {
    let built = build_text(
        ".a: {variables: {A: a, X: a}, script: [a], before_script: [login]}\n.b: {variables: {X: b}}\nj: {extends: [.a, .b], script: [j]}\n",
    );
    let job = built.job("j");
    assert_eq!(texts(job.script.as_ref()), ["j"]);
    assert_eq!(texts(job.before_script.as_ref()), ["login"]);
    assert_eq!(kinds(job.before_script.as_ref()), [Extends]);
    let script = job.script.as_ref().expect("script");
    assert_eq!(script.shadowed[0].value[0].text.text(), "a");
    assert_eq!((built.variable("j", "A"), built.variable("j", "X")), ("a".to_owned(), "b".to_owned()));
}

#[test]
fn null_unsets_and_an_empty_map_does_not_clear() {
    let built = build_text(
        "default: {image: d}\n.a: {image: a, variables: {A: a}, services: [s]}\nj: {extends: .a, image: null, variables: {}, services: [], script: [x]}\n",
    );
    let job = built.job("j");
    assert_eq!(job.image.as_ref().map(|image| image.value.name.shown()).as_deref(), Some("d"));
    assert_eq!(built.variable("j", "A"), "a");
    assert!(job.services.is_empty());
}

#[test]
fn extends_goes_through_several_levels_and_files() {
    let built = build_files(&[
        (".gitlab-ci.yml", "include: a.yml\nj: {extends: .b}\n"),
        ("a.yml", ".c: &c {script: [c]}\n.b: {extends: .a, <<: *c}\n.a: {before_script: [a]}\n"),
    ]);
    let job = built.job("j");
    assert_eq!(kinds(job.before_script.as_ref()), [Include, Extends, Extends]);
    assert_eq!(kinds(job.script.as_ref()), [Anchor, Include, Extends]);
}

#[test]
fn eleven_levels_of_extends_are_the_most() {
    let chain = |length: usize| {
        let mut text = ".l0: {script: [x]}\n".to_owned();
        for level in 1..length {
            text.push_str(&format!(".l{level}: {{extends: .l{}}}\n", level - 1));
        }
        build_text(&format!("{text}j: {{extends: .l{}}}\n", length - 1))
    };
    assert!(chain(11).faults().is_empty());
    assert_eq!(chain(12).faults(), ["j: nesting too deep in `extends` @j"]);
}

#[test]
fn unknown_targets_are_faults_with_the_nearest_name() {
    let built = build_text(".build: {script: [x]}\nj: {extends: .biuld}\nk: {script: [k]}\n");
    assert_eq!(built.faults(), ["j: unknown keys in `extends` (.biuld) @.biuld"]);
    assert_eq!(built.faults[0].help.as_deref(), Some("did you mean `.build`?"));
    assert_eq!(built.pipeline.jobs.len(), 1);
}

#[test]
fn unknown_targets_are_no_faults_where_an_include_is_unread() {
    let built = build_text(
        "include: {template: T}\nj: {extends: .x, script: [x]}\nk: {extends: j}\nsast: {variables: {A: b}}\n",
    );
    assert!(built.faults().is_empty());
    assert!(built.job("j").unread_base && built.job("k").unread_base && built.job("sast").unread_base);
}

#[test]
fn circles_and_bases_that_are_no_maps_are_faults() {
    let built = build_text(
        "a: {extends: b}\nb: {extends: a}\nc: {extends: b, script: [x]}\n.l: [x]\nd: {extends: .l, script: [x]}\n",
    );
    assert_eq!(
        built.faults(),
        ["a: circular dependency detected in `extends` @a", "d: invalid base hashes in `extends` (.l) @.l"]
    );
    assert!(built.pipeline.jobs.is_empty());
}

#[test]
fn references_see_extended_targets_and_nest() {
    let built = build_text(
        ".a: {script: [a]}\n.b: {extends: .a}\n.c: {script: [c, !reference [.b, script]]}\nj:\n  script:\n    - !reference [.c, script]\n    - j\n  before_script: !reference [.b, script]\n",
    );
    assert_eq!(texts(built.job("j").script.as_ref()), ["c", "a", "j"]);
    assert_eq!(kinds(built.job("j").before_script.as_ref()), [Extends, Reference]);
}

#[test]
fn a_reference_is_a_scalar_for_extends() {
    let built = build_text(
        ".v: {variables: {A: a}}\n.b: {variables: !reference [.v, variables]}\nj: {extends: .b, variables: {X: x}, script: [x]}\n",
    );
    assert_eq!((built.variable("j", "A"), built.variable("j", "X")), ("-".to_owned(), "x".to_owned()));
}

#[test]
fn a_reference_can_name_one_variable() {
    let built =
        build_text(".v: {variables: {A: a}}\nj: {variables: {B: !reference [.v, variables, A]}, script: [x]}\n");
    assert_eq!(built.variable("j", "B"), "a");
}

#[test]
fn missing_and_circular_references_are_faults() {
    let built = build_text(
        "a: {script: [!reference [.x, script]]}\nb: {script: [!reference [c, script]]}\nc: {script: [!reference [b, script]]}\n",
    );
    let faults = built.faults();
    assert_eq!(faults[0], "!reference [\".x\", \"script\"] could not be found @[.x, script]");
    assert!(faults[1].contains("is part of a circular chain"), "{faults:?}");
    assert!(built.pipeline.jobs.is_empty());
    let built = build_text("include: {template: T}\na: {script: [!reference [.x, script], a]}\n");
    assert!(built.faults().is_empty() && built.job("a").unread_base);
    assert_eq!(texts(built.job("a").script.as_ref()), ["a"]);
}

#[test]
fn a_jobs_own_before_script_loses_the_default() {
    let built = build_text(
        "default: {before_script: [login]}\na: {script: [a]}\nb: {script: [b], before_script: []}\nc: {script: [c], inherit: {default: false}}\nd: {script: [d], inherit: {default: [image]}}\ne: {script: [e], inherit: {default: [before_script]}}\n",
    );
    assert_eq!(texts(built.job("a").before_script.as_ref()), ["login"]);
    assert_eq!(kinds(built.job("a").before_script.as_ref()), [Default]);
    assert!(built.job("a").lost_before_script.is_none());
    let lost = |name: &str| {
        let (items, by) = built.job(name).lost_before_script.clone().expect("lost");
        format!("{} by {}", items[0].text.text(), built.sources.slice(by))
    };
    assert_eq!(lost("b"), "login by before_script");
    assert!(built.job("b").before_script.as_ref().is_some_and(|field| field.value.is_empty()));
    assert_eq!(lost("c"), "login by default");
    assert!(built.job("c").before_script.is_none());
    assert_eq!(lost("d"), "login by default");
    assert_eq!(texts(built.job("e").before_script.as_ref()), ["login"]);
}

#[test]
fn deprecated_top_level_keywords_are_defaults() {
    let built = build_text("image: top\nbefore_script: [login]\nj: {script: [x]}\n");
    assert_eq!(built.job("j").image.as_ref().map(|image| image.value.name.shown()).as_deref(), Some("top"));
    assert_eq!(texts(built.job("j").before_script.as_ref()), ["login"]);
    let twice = build_text("image: top\ndefault: {image: d}\nj: {script: [x]}\n");
    assert_eq!(twice.faults(), ["image is defined in top-level and `default:` entry @image"]);
}

#[test]
fn kinds_of_jobs() {
    let built = build_text(
        "a: {script: x}\nb: {trigger: g/p}\nc: {needs: [{pipeline: x}]}\n.h: {script: [x]}\ndefault: {script: [d]}\npages: {script: [p]}\n",
    );
    let names: Vec<&str> = built.pipeline.jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "default", "pages"]);
    assert_eq!(texts(built.job("a").script.as_ref()), ["x"]);
    assert!(built.job("b").script.is_none());
    assert!(!built.pipeline.template);
}

#[test]
fn what_is_no_job_is_a_fault() {
    let built = build_text(
        "a: {stage: x}\nb: [x]\nc: {script: }\nd: {script: []}\ne: {script: [{echo a: b}]}\nok: {script: [x], unknown: y}\n",
    );
    assert_eq!(
        built.faults(),
        [
            "jobs:a config should implement the script:, run:, or trigger: keyword @a",
            "jobs:b config should implement the script:, run:, or trigger: keyword @b",
            "jobs:c:script config can't be blank @script",
            "jobs:d:script config can't be blank @script",
            "jobs:e:script config should be a string or a nested array of strings up to 10 levels deep @{echo a: b}",
        ]
    );
    assert_eq!(built.pipeline.jobs.len(), 1);
}

#[test]
fn scripts_nest_ten_levels_and_no_deeper() {
    let nested = |levels: usize| format!("j: {{script: {}x{}}}\n", "[".repeat(levels), "]".repeat(levels));
    assert!(build_text(&nested(10)).faults().is_empty());
    assert_eq!(build_text(&nested(11)).faults().len(), 1);
}

/// Ruby raises unless there is a value, and `false` is none.
#[test]
fn a_reference_to_false_could_not_be_found() {
    let text = "j: {script: x, interruptible: false}\nk: {script: x, interruptible: !reference [j, interruptible]}\n";
    assert_eq!(
        build_text(text).faults(),
        ["!reference [\"j\", \"interruptible\"] could not be found @[j, interruptible]"]
    );
}

#[test]
fn a_template_judges_its_hidden_jobs() {
    let built =
        build_text("variables: {A: a}\n.x: {script: [x]}\n.y: {image: i}\n.z: {extends: .elsewhere, script: [z]}\n");
    assert!(built.pipeline.template && built.faults().is_empty());
    let names: Vec<&str> = built.pipeline.jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, [".x", ".z"]);
    assert!(built.job(".z").unread_base);
}

#[test]
fn jobs_that_share_a_script_share_its_text() {
    let built = build_text(".b: {script: [x]}\na: {extends: .b}\nb: {extends: .b}\n");
    let text = |name: &str| built.job(name).script.as_ref().map(|script| script.value[0].text.clone()).expect("script");
    assert!(Arc::ptr_eq(&text("a"), &text("b")));
}

#[test]
fn images_services_and_tags() {
    let built = build_text(
        "variables: {V: '24'}\nj:\n  image: {name: 'docker:$V'}\n  services: ['docker:$V-dind', {name: x/y, alias: 'a, b'}]\n  tags: [t]\n  script: [x]\n",
    );
    let job = built.job("j");
    assert_eq!(job.image.as_ref().map(|image| image.value.name.shown()).as_deref(), Some("docker:24"));
    assert_eq!(job.services[0].hosts, ["docker"]);
    assert_eq!(job.services[1].hosts, ["a", "b", "x__y", "x-y"]);
    assert!(job.has_tags && job.shell == Shell::Posix);
}

#[test]
fn windows_jobs_say_why() {
    let built = build_text(
        "a: {tags: [windows], script: [x]}\nb: {script: ['Write-Host \"$env:HOME\"']}\nc: {script: ['echo x/$env:latest']}\n\
         d: {image: 'x/windows/nanoserver:1', script: [x]}\ne: {tags: [windows], script: ['docker push %CI_REGISTRY%']}\n\
         f: {image: 'x/powershell:1', script: [x]}\ng: {script: ['Write-Host a', 'export A=b']}\n",
    );
    let unread = |job: &str| matches!(built.job(job).shell, Shell::Unread(_));
    assert!(unread("a") && unread("e") && unread("f") && unread("g"));
    assert!(built.job("b").shell == Shell::PowerShell && built.job("d").shell == Shell::PowerShell);
    assert!(built.job("c").shell == Shell::Posix);
}

#[test]
fn run_steps_are_items() {
    let built = build_text("j:\n  run:\n    - {name: a, script: docker push x}\n    - {name: b, step: y}\n");
    assert_eq!(texts(built.job("j").script.as_ref()), ["(\ndocker push x\n)"]);
}

#[test]
fn places_are_those_of_the_file() {
    let built = build_text("j:\n  script:\n    - echo a\n");
    let job = built.job("j");
    let script = job.script.as_ref().expect("script");
    assert_eq!(built.slices(&[job.name_at, script.key_at, script.value[0].at]), ["j", "script", "echo a"]);
    assert!(built.sources.slice(job.at).starts_with("j:\n  script:"));
}

#[test]
fn a_default_that_is_no_script_is_one_fault() {
    let built = build_text("default: {before_script: {a: b}}\na: {script: [a]}\nb: {script: [b]}\n");
    assert_eq!(built.faults().len(), 1);
    assert_eq!(built.pipeline.jobs.len(), 2);
}

#[test]
fn a_chain_that_is_far_too_deep_is_one_fault() {
    let chain: String = (1..20_000).map(|level| format!(".l{level}: {{extends: .l{}}}\n", level - 1)).collect();
    let built = build_text(&format!(".l0: {{script: [x]}}\n{chain}j: {{script: [x]}}\n"));
    assert_eq!(built.faults(), [".l12: nesting too deep in `extends` @.l12"]);
    assert_eq!(built.pipeline.jobs.len(), 1);
}

#[test]
fn a_default_that_could_not_be_read_leaves_every_job_in_doubt() {
    let built =
        build_text("include: {template: T}\ndefault: {before_script: [!reference [.x, script]]}\nj: {script: [x]}\n");
    assert!(built.job("j").unread_base);
}

#[test]
fn a_missing_include_may_bring_anything() {
    let built = build_text("include: x.yml\nj: {extends: .x}\n");
    assert_eq!(built.faults(), ["local file `x.yml` does not exist @x.yml"]);
    assert_eq!(built.pipeline.unread_includes.len(), 1);
}

#[test]
fn job_inputs_are_their_defaults() {
    let built = build_text(
        "j:\n  inputs: {tag: {default: latest}, n: {type: number, default: 3}}\n  image: 'docker:${{job.inputs.n}}'\n  script:\n  - 'push app:${{ job.inputs.tag }} ${{ job.inputs.none }}'\n",
    );
    let job = built.job("j");
    assert_eq!(texts(job.script.as_ref()), ["push app:latest ${{ job.inputs.none }}"]);
    assert_eq!(job.image.as_ref().map(|image| image.value.name.shown()).as_deref(), Some("docker:3"));
    let item = &job.script.as_ref().expect("a script").value[0];
    assert_eq!(built.slices(&[item.text.span(9..15).expect("a place")]), ["${{ job.inputs.tag }}"]);
}

#[test]
fn each_step_has_a_shell_of_its_own() {
    let built = build_text(
        "j:\n  run:\n  - {name: a, script: 'echo 1', env: {A: \"it's\"}}\n  - {name: b, step: ./ci/login}\n  - {name: c, script: 'echo 2'}\n",
    );
    let expected = ["(\nexport A='it'\\''s'\necho 1\n)", "./ci/login", "(\necho 2\n)"];
    assert_eq!(texts(built.job("j").script.as_ref()), expected);
}

#[test]
fn a_service_may_have_variables_of_its_own() {
    let built =
        build_text("j: {script: [x], services: [{name: 'docker:dind', variables: {DOCKER_TLS_CERTDIR: ''}}]}\n");
    assert_eq!(built.job("j").services[0].variables, ["DOCKER_TLS_CERTDIR"]);
}

/// The scenarios in which a job runs, and the names that it is confined to.
fn ways(built: &Built, job: &str) -> Vec<(Scenario, Branch)> {
    built.job(job).reach.iter().map(|way| (way.scenario, way.branch.clone())).collect()
}

#[test]
fn a_job_is_only_in_the_pipelines_that_its_include_is_in() {
    let built = build_files(&[
        (
            ".gitlab-ci.yml",
            "include:\n- {local: tag.yml, rules: [{if: $CI_COMMIT_TAG}]}\n- {local: main.yml, rules: [{if: '$CI_COMMIT_BRANCH == \"main\"'}]}\n- {local: some.yml, rules: [{if: $DEPLOY}]}\nshared: {script: [x]}\nown: {script: [x]}\n",
        ),
        ("tag.yml", "include: deep.yml\nrelease: {script: [x]}\nshared: {stage: test}\n"),
        ("deep.yml", "deep: {script: [x]}\n"),
        ("main.yml", "edge: {script: [x]}\n"),
        ("some.yml", "some: {script: [x]}\nedge: {variables: {A: a}}\n"),
    ]);
    assert_eq!(built.faults(), [""; 0]);
    for job in ["release", "deep"] {
        let scenarios: Vec<Scenario> = ways(&built, job).into_iter().map(|(scenario, _)| scenario).collect();
        assert_eq!(scenarios, [Scenario::Tag, Scenario::TagSchedule, Scenario::TagOther], "{job}");
    }
    assert_eq!(ways(&built, "shared"), ways(&built, "own"));
    let named = Branch::Named(vec!["main".to_owned()]);
    assert!(ways(&built, "edge").contains(&(Scenario::Branch, named)));
    assert!(built.job("some").reach.iter().all(|way| way.is_decided()));
}
