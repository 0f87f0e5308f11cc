//! The model's tests: child pipelines.
use super::*;
use crate::load::Loader;
use crate::scenario::Scenario;

/// The child pipeline of the first trigger job.
fn child(files: &[(&str, &str)]) -> Built {
    let memory = Memory::new(files);
    let mut sources = Sources::default();
    let mut loader = Loader::new(&memory);
    let (pipeline, faults, _) = build(loader.load(".gitlab-ci.yml", &mut sources));
    let trigger = pipeline.children.first().unwrap_or_else(|| panic!("no child: {faults:?}"));
    match trigger.load(&mut loader, &memory, &mut sources) {
        Ok(loaded) => {
            let (pipeline, faults, _) = build_child(loaded, &trigger.parent);
            Built { pipeline, faults, sources }
        }
        Err(fault) => Built { pipeline, faults: vec![fault], sources },
    }
}

fn scenarios(job: &Job) -> Vec<Scenario> {
    job.reach.iter().map(|way| way.scenario).collect()
}

#[test]
fn a_child_has_the_trigger_jobs_variables_above_its_own() {
    let built = child(&[
        (
            ".gitlab-ci.yml",
            "variables: {A: top, B: top}\nt: {variables: {B: job, C: '$A-$CI_COMMIT_SHA'}, trigger: {include: c.yml}}\n",
        ),
        ("c.yml", "variables: {A: child, D: 'd-$A'}\nj: {variables: {B: child, E: '$C'}, script: [x]}\n"),
    ]);
    let values = ["A", "B", "C", "D", "E"].map(|name| built.variable("j", name));
    assert_eq!(values, ["top", "job", "top-$CI_COMMIT_SHA", "d-top", "top-$CI_COMMIT_SHA"]);
}

#[test]
fn forward_lets_variables_through_or_not() {
    let built = child(&[
        (
            ".gitlab-ci.yml",
            "variables: {A: top}\nt: {trigger: {include: {local: /c.yml}, forward: {yaml_variables: false}}}\n",
        ),
        ("c.yml", "variables: {A: child}\nj: {script: [x]}\n"),
    ]);
    assert_eq!(built.variable("j", "A"), "child");
}

#[test]
fn inherit_decides_what_the_trigger_job_has_to_forward() {
    let built = child(&[
        (
            ".gitlab-ci.yml",
            "variables: {A: top, B: top}\nt: {inherit: {variables: [B]}, trigger: {include: [c.yml]}}\n",
        ),
        ("c.yml", "j: {script: [x]}\n"),
    ]);
    assert_eq!((built.variable("j", "A"), built.variable("j", "B")), ("-".to_owned(), "top".to_owned()));
}

#[test]
fn a_childs_job_runs_where_both_jobs_run() {
    let built = child(&[
        (
            ".gitlab-ci.yml",
            "t: {trigger: {include: c.yml}, rules: [{if: $CI_COMMIT_TAG}, {if: $CI_COMMIT_BRANCH == \"main\"}]}\n",
        ),
        (
            "c.yml",
            "all: {script: [x]}\ntag: {script: [x], rules: [{if: $CI_COMMIT_TAG}]}\npush: {script: [x], rules: [{if: '$CI_PIPELINE_SOURCE == \"push\"'}]}\nchild: {script: [x], rules: [{if: '$CI_PIPELINE_SOURCE == \"parent_pipeline\"', when: manual}]}\nmr: {script: [x], rules: [{if: $CI_MERGE_REQUEST_IID}]}\n",
        ),
    ]);
    assert!(!scenarios(built.job("all")).contains(&Scenario::MergeRequest));
    assert!(!scenarios(built.job("tag")).contains(&Scenario::Branch));
    assert!(built.job("push").reach.is_empty());
    assert!(built.job("mr").reach.is_empty());
    let way = built.job("child").reach.iter().find(|way| way.scenario == Scenario::Branch).expect("a branch");
    assert!(way.manual);
    assert_eq!(way.branch, crate::rules::Branch::Named(vec!["main".to_owned()]));
}

#[test]
fn what_the_trigger_jobs_rules_set_differs_by_scenario() {
    let built = child(&[
        (
            ".gitlab-ci.yml",
            "variables: {TAG: latest}\nt:\n  trigger: {include: c.yml}\n  rules: [{if: $CI_COMMIT_TAG, variables: {TAG: $CI_COMMIT_TAG}}, {if: $CI_COMMIT_BRANCH}]\n",
        ),
        ("c.yml", "j: {script: [x]}\nk: {script: [x], rules: [{if: '$TAG == \"latest\"'}]}\n"),
    ]);
    let tag = |scenario: Scenario| {
        let of =
            |job: &Job| job.environments.iter().find(|it| it.scenarios.has(scenario)).map(|it| it.variables.clone());
        of(built.job("j")).and_then(|variables| Some(variables.get("TAG")?.text.shown())).unwrap_or_default()
    };
    assert_eq!((tag(Scenario::Tag), tag(Scenario::Branch)), ("$CI_COMMIT_TAG".to_owned(), "latest".to_owned()));
    assert!(built.job("k").reach.iter().all(|way| !way.undecided.is_empty()));
}

#[test]
fn several_files_are_one_configuration() {
    let built = child(&[
        (".gitlab-ci.yml", "t: {trigger: {include: [a.yml, {local: b.yml}]}}\n"),
        ("a.yml", ".base: {script: [a]}\nj: {extends: .base, image: a}\n"),
        ("b.yml", "j: {image: b}\n"),
    ]);
    assert_eq!(built.faults(), [""; 0]);
    assert_eq!(texts(built.job("j").script.as_ref()), ["a"]);
    assert_eq!(built.job("j").image.as_ref().map(|image| image.value.name.shown()).as_deref(), Some("b"));
}

#[test]
fn a_file_that_is_not_there_is_a_fault_of_the_trigger_job() {
    let built = child(&[(".gitlab-ci.yml", "t: {trigger: {include: ci/biuld.yml}}\n"), ("ci/build.yml", "")]);
    assert_eq!(built.faults(), ["local file `ci/biuld.yml` does not exist @ci/biuld.yml"]);
    assert_eq!(built.faults[0].help.as_deref(), Some("did you mean `ci/build.yml`?"));
}

#[test]
fn what_cannot_be_read_is_a_note() {
    let mut sources = Sources::default();
    let memory = Memory::new(&[(
        ".gitlab-ci.yml",
        "t: {trigger: {include: [{artifact: x.yml, job: g}]}}\nu: {trigger: group/project}\nv: {trigger: {project: a/b}}\ng: {script: [x]}\n",
    )]);
    let (pipeline, _, notes) = build(load::load(&memory, ".gitlab-ci.yml", &mut sources));
    assert!(pipeline.children.is_empty());
    let messages: Vec<&str> = notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(messages, ["the artifact include `x.yml` of a child pipeline is not read"]);
}

#[test]
fn a_child_gets_the_inputs_of_its_include_or_of_its_trigger() {
    let header = "spec: {inputs: {tag: {regex: '^v'}}}\n---\nj: {script: ['push $[[ inputs.tag ]]']}\n";
    let script = |trigger: &str| {
        let root = format!("t: {{trigger: {trigger}}}\n");
        let built = child(&[(".gitlab-ci.yml", root.as_str()), ("c.yml", header)]);
        let faults = built.faults();
        let job = built.pipeline.jobs.first();
        (texts(job.and_then(|job| job.script.as_ref())).join(""), faults)
    };
    assert_eq!(script("{include: [{local: c.yml, inputs: {tag: v1}}]}"), ("push v1".to_owned(), vec![]));
    assert_eq!(script("{include: c.yml, inputs: {tag: v2}}"), ("push v2".to_owned(), vec![]));
    let (_, faults) = script("{include: c.yml}");
    assert_eq!(faults, ["`tag` input: required value has not been provided @c.yml"]);
    let (_, faults) = script("{include: [{local: c.yml, inputs: {tag: x1}}]}");
    assert_eq!(faults, ["`tag` input: provided value does not match required RegEx pattern @x1"]);
}

#[test]
fn children_with_other_inputs_are_not_alike() {
    let trigger = |tag: &str| format!("{{trigger: {{include: [{{local: c.yml, inputs: {{tag: {tag}}}}}]}}}}");
    let built = build_text(&format!("a: {}\nb: {}\nc: {}\n", trigger("x"), trigger("x"), trigger("y")));
    let [a, b, c] = built.pipeline.children.as_slice() else { panic!("three children") };
    assert!(a.is_like(b) && !a.is_like(c));
}

#[test]
fn the_rules_of_a_childs_includes_do_not_confine_it() {
    let built = child(&[
        (".gitlab-ci.yml", "t: {trigger: {include: c.yml}}\n"),
        ("c.yml", "include: {local: d.yml, rules: [{if: '$CI_PIPELINE_SOURCE == \"web\"'}]}\nj: {script: [x]}\n"),
        ("d.yml", "k: {script: [x]}\n"),
    ]);
    assert_eq!(scenarios(built.job("k")), scenarios(built.job("j")));
}
