//! The model's tests: variables.
use super::*;
use crate::scenario::{Scenario, Scenarios};
use crate::text::{Class, Origin};

#[test]
fn the_job_beats_the_top_level() {
    let built = build_text("variables: {A: top, B: top}\nj: {variables: {A: job}, script: [x]}\n");
    assert_eq!((built.variable("j", "A"), built.variable("j", "B")), ("job".to_owned(), "top".to_owned()));
}

#[test]
fn top_level_values_follow_what_the_job_overrides() {
    let built = build_text(
        "variables: {A: top, B: 'b-$A', C: 'c-$B'}\nj: {variables: {A: job}, script: [x]}\nk: {script: [x]}\n",
    );
    assert_eq!((built.variable("j", "C"), built.variable("k", "C")), ("c-b-job".to_owned(), "c-b-top".to_owned()));
}

#[test]
fn inherit_variables_selects() {
    let built = build_text(
        "variables: {A: a, B: b}\nj: {inherit: {variables: false}, script: [x]}\nk: {inherit: {variables: [B]}, script: [x]}\n",
    );
    assert_eq!((built.variable("j", "A"), built.variable("j", "B")), ("-".to_owned(), "-".to_owned()));
    assert_eq!((built.variable("k", "A"), built.variable("k", "B")), ("-".to_owned(), "b".to_owned()));
}

#[test]
fn values_are_scalars_or_maps() {
    let built = build_text(
        "variables:\n  A: {value: a, description: d, options: [a]}\n  B: {description: d}\n  C: {value: '$A', expand: false}\n  D: 1.10\n  E: 012\n  F: true\n  G:\nj: {script: [x]}\n",
    );
    let values: Vec<String> =
        ["A", "B", "C", "D", "E", "F", "G"].iter().map(|name| built.variable("j", name)).collect();
    assert_eq!(values, ["a", "", "$A", "1.1", "10", "true", ""]);
}

#[test]
fn order_does_not_matter_and_definitions_are_remembered() {
    let built =
        build_text("variables: {IMAGE: '$REPO:$TAG', REPO: '$CI_REGISTRY_IMAGE/app', TAG: v1}\nj: {script: [x]}\n");
    assert_eq!(built.variable("j", "IMAGE"), "$CI_REGISTRY_IMAGE/app:v1");
    let image = built.job("j").environments[0].variables.get("IMAGE").expect("IMAGE");
    assert_eq!(built.slices(&image.from), ["'$CI_REGISTRY_IMAGE/app'", "v1"]);
    assert_eq!(built.slices(&[image.key_at, image.at]), ["IMAGE", "'$REPO:$TAG'"]);
    let symbol = image.text.symbols().next().expect("symbol");
    assert_eq!(symbol.predefined(), Some("CI_REGISTRY_IMAGE"));
}

#[test]
fn self_references_mean_what_is_outside() {
    let built = build_text(
        "variables: {CI_REGISTRY_IMAGE: '$CI_REGISTRY_IMAGE/x', A: '$B', B: '$A', P: '$P:/x'}\nj: {script: [x]}\n",
    );
    assert_eq!(built.variable("j", "CI_REGISTRY_IMAGE"), "$CI_REGISTRY_IMAGE/x");
    assert_eq!(built.variable("j", "P"), "$P:/x");
    assert!(built.variable("j", "A").starts_with('$'));
}

#[test]
fn shell_operators_vanish_and_commands_stay() {
    let built = build_text("variables: {A: 'a${X:-y}', B: '$$HOME', C: '$(date)'}\nj: {script: [x]}\n");
    assert_eq!(built.variable("j", "A"), "a");
    assert_eq!(built.job("j").environments[0].variables.get("B").and_then(|b| b.text.as_literal()), Some("$HOME"));
    assert_eq!(built.variable("j", "C"), "$(date)");
}

#[test]
fn a_yaml_value_overrides_a_predefined_one() {
    let built = build_text("variables: {CI_REGISTRY: docker.io, I: '$CI_REGISTRY/x'}\nj: {script: [x]}\n");
    assert_eq!(built.variable("j", "I"), "docker.io/x");
}

#[test]
fn inputs_are_symbols_by_their_text() {
    let built = build_text(
        "spec: {inputs: {a: }}\n---\nj: {variables: {A: '$[[ inputs.a ]]', B: 'x$[[inputs.a]]'}, script: [x]}\n",
    );
    let variables = &built.job("j").environments[0].variables;
    let a = variables.get("A").and_then(|a| a.text.as_symbol().cloned()).expect("symbol");
    assert_eq!(variables.get("B").and_then(|b| b.text.symbols().next().cloned()), Some(a.clone()));
    assert!(matches!(a.data().origin, Origin::Input(_)));
}

#[test]
fn rules_variables_make_environments() {
    let built = build_text(
        "variables: {TAG: none}\nj:\n  script: [x]\n  rules:\n    - if: $CI_COMMIT_TAG\n      variables: {TAG: $CI_COMMIT_TAG}\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n      variables: {TAG: latest}\n",
    );
    let job = built.job("j");
    let in_scenario = |scenario: Scenario| {
        let environment = job.environments.iter().find(|environment| environment.scenarios.has(scenario)).expect("one");
        environment.variables.get("TAG").map(|tag| tag.text.shown()).unwrap_or_default()
    };
    assert_eq!(in_scenario(Scenario::Tag), "$CI_COMMIT_TAG");
    assert_eq!(in_scenario(Scenario::DefaultBranch), "latest");
}

#[test]
fn workflow_variables_lie_between_top_level_and_job() {
    let built = build_text(
        "variables: {A: top, B: top}\nworkflow: {rules: [{when: always, variables: {A: flow, B: flow}}]}\nj: {variables: {B: job}, script: [x]}\nk: {inherit: {variables: [B]}, script: [x]}\n",
    );
    assert_eq!((built.variable("j", "A"), built.variable("j", "B")), ("flow".to_owned(), "job".to_owned()));
    assert_eq!((built.variable("k", "A"), built.variable("k", "B")), ("-".to_owned(), "flow".to_owned()));
}

#[test]
fn one_environment_where_nothing_differs() {
    let built =
        build_text("variables: {A: a}\nj: {script: [x], rules: [{if: $CI_COMMIT_TAG}, {if: $CI_COMMIT_BRANCH}]}\n");
    assert_eq!(built.job("j").environments.len(), 1);
    assert_eq!(built.job("j").environments[0].scenarios, Scenarios::ALL);
    assert!(built.job("j").own_rules);
}

#[test]
fn each_combination_of_a_matrix_is_an_environment() {
    let built = build_text(
        "variables: {I: '$A-$B'}\nj:\n  variables: {A: job}\n  script: [x]\n  parallel:\n    matrix:\n      - {A: [x, y], B: [p, q]}\n      - {A: w}\n",
    );
    let values: Vec<String> = (0..5).map(|number| in_environment(&built, number, "I")).collect();
    assert_eq!(values, ["x-p", "x-q", "y-p", "y-q", "w-$B"]);
    let nodes = ["CI_NODE_INDEX", "CI_NODE_TOTAL"].map(|name| in_environment(&built, 3, name));
    assert_eq!(nodes, ["4", "5"]);
    assert_eq!(built.job("j").environments.len(), 5);
}

fn in_environment(built: &Built, number: usize, name: &str) -> String {
    let variables = &built.job("j").environments[number].variables;
    variables.get(name).map_or_else(String::new, |variable| variable.text.shown())
}

#[test]
fn rules_beat_the_matrix_and_conditions_do_not_see_it() {
    let built = build_text(
        "j:\n  script: [x]\n  parallel: {matrix: [{A: [x, y], B: b}]}\n  rules:\n    - if: $A == \"x\"\n    - {when: always, variables: {B: rule}}\n",
    );
    let values: Vec<(String, String)> =
        (0..4).map(|number| (in_environment(&built, number, "A"), in_environment(&built, number, "B"))).collect();
    let texts = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(values, [texts("x", "b"), texts("y", "b"), texts("x", "rule"), texts("y", "rule")]);
}

#[test]
fn a_number_of_parallel_jobs_sets_the_node() {
    let built = build_text("j: {script: [x], parallel: 3}\n");
    assert_eq!(in_environment(&built, 0, "CI_NODE_TOTAL"), "3");
    assert_eq!(in_environment(&built, 0, "CI_NODE_INDEX"), "$CI_NODE_INDEX");
    assert_eq!(built.job("j").environments.len(), 1);
}

#[test]
fn a_variable_of_a_large_matrix_is_a_constant_with_the_form_of_its_values() {
    let many = (0..20).map(|number| format!("v{number}")).collect::<Vec<_>>().join(", ");
    let built = build_text(&format!(
        "j:\n  variables: {{A: job}}\n  script: [x]\n  parallel:\n    matrix:\n      - {{A: [x, Y/z, {many}], ONE: only}}\n      - {{A: w, ONE: only}}\n",
    ));
    assert_eq!(built.variable("j", "ONE"), "only");
    let a =
        built.job("j").environments[0].variables.get("A").and_then(|a| a.text.as_symbol().cloned()).expect("symbol");
    assert_eq!(a.data().class, Some(Class::Constant));
    assert_eq!(a.data().origin, Origin::Matrix("A".to_owned()));
    let form = a.data().form;
    assert!(form.slash && form.upper && !form.empty && !form.colon && !form.space);
}

#[test]
fn conditions_know_the_files_variables() {
    let built = build_text(
        "variables: {GO: 'yes', NO_GO: 'no'}\na: {script: [x], rules: [{if: '$GO == \"yes\"'}]}\nb: {script: [x], rules: [{if: '$NO_GO == \"yes\"'}]}\n",
    );
    assert!(built.job("a").reach.iter().all(|way| way.undecided.is_empty()));
    assert!(built.job("b").reach.is_empty());
}

#[test]
fn defined_lists_every_name_once() {
    let built = build_text(
        "variables: {A: a}\nj: {variables: {A: b, B: b}, script: [x], rules: [{when: always, variables: {C: c}}]}\n",
    );
    let names: Vec<&str> = built.pipeline.defined.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
}

#[test]
fn chains_and_doublings_end() {
    let chain: String = (0..5000).map(|n| format!("  V{n}: '$V{}'\n", n + 1)).collect();
    build_text(&format!("variables:\n{chain}j: {{script: [x]}}\n"));
    let doubling: String = (0..60).map(|n| format!("  V{n}: 'x$V{0}$V{0}'\n", n + 1)).collect();
    build_text(&format!("variables:\n{doubling}  V60: y\nj: {{script: [x]}}\n"));
}

#[test]
fn each_layer_beats_the_one_below() {
    let names = ["A", "B", "C", "D", "E", "F"];
    let layer = |text: &str, from: usize| {
        let set: Vec<String> = names[from..].iter().map(|name| format!("{name}: {text}")).collect();
        format!("{{{}}}", set.join(", "))
    };
    let built = build_text(&format!(
        "variables: {}\nworkflow: {{rules: [{{when: always, variables: {}}}]}}\np: {{stage: build, script: ['echo \"F=x\" >> build.env'], artifacts: {{reports: {{dotenv: build.env}}}}}}\nj:\n  variables: {}\n  script: [x]\n  parallel: {{matrix: [{}]}}\n  rules: [{{when: always, variables: {}}}]\n",
        layer("top", 0),
        layer("flow", 1),
        layer("job", 2),
        layer("matrix", 3),
        layer("rule", 4),
    ));
    let values = names.map(|name| built.variable("j", name));
    assert_eq!(values, ["top", "flow", "job", "matrix", "rule", "$F"]);
    let dotenv = &built.job("j").environments[0].variables.get("F").expect("F").text;
    assert!(dotenv.symbols().all(|symbol| symbol.data().origin == Origin::Unread("F".to_owned())));
}

#[test]
fn a_dotenv_report_reaches_those_that_take_its_artifacts() {
    let built = build_text(
        "variables: {TAG: top, OTHER: top}\np:\n  stage: build\n  script:\n    - |\n      cat > out/build.env <<EOF\n      TAG=$(date)\n      EOF\n    - OTHER=x make\n  artifacts: {reports: {dotenv: out/build.env}}\nlater: {script: [x]}\nsame: {stage: build, script: [x]}\nneeds: {stage: build, needs: [p], script: [x]}\nrefuses: {needs: [{job: p, artifacts: false}], script: [x]}\nnone: {dependencies: [], script: [x]}\n",
    );
    let tags = ["later", "same", "needs", "refuses", "none"].map(|job| built.variable(job, "TAG"));
    assert_eq!(tags, ["$TAG", "top", "$TAG", "top", "top"]);
    assert_eq!(built.variable("later", "OTHER"), "top");
}

#[test]
fn variables_in_a_circle_refuse_the_jobs_that_get_them() {
    let circle = |text: &str| build_text(text).faults();
    let found = circle("variables: {A: $B, B: 'x$A'}\nj: {script: [x]}\nk: {script: [x]}\n");
    assert_eq!(found, ["j: circular variable reference detected: [\"A\", \"B\"] @$B"]);
    let found = circle("variables: {A: $B}\nj: {variables: {B: $C, C: '%A%'}, script: [x]}\n");
    assert_eq!(found, ["j: circular variable reference detected: [\"B\", \"C\", \"A\"] @$C"]);
    for fine in [
        "variables: {A: x$A}\nj: {script: [x]}\n",
        "variables: {A: $B, B: $A}\nj: {variables: {B: x}, script: [x]}\n",
        "variables: {A: $B, B: $A}\nj: {inherit: {variables: false}, script: [x]}\n",
        "variables: {A: $B, B: $A}\nj: {inherit: {variables: [A]}, script: [x]}\n",
        "variables: {A: $B, B: {value: $A, expand: false}}\nj: {script: [x]}\n",
        "variables: {A: $B, B: $$A}\nj: {script: [x]}\n",
        "variables: {A: $B, B: $A}\nj: {script: [x], parallel: {matrix: [{A: [x, y]}]}}\n",
        "variables: {A: $B, B: $A}\nj: {script: [x], rules: [{when: never}]}\n",
        "include: {project: a/b, file: c.yml}\nvariables: {A: $B, B: $A}\nj: {script: [x]}\n",
    ] {
        assert_eq!(circle(fine), [""; 0], "{fine}");
    }
}

#[test]
fn long_chains_of_variables_end() {
    let chain: String = (0..5_000).map(|n| format!("  V{n}: $V{}\n", (n + 1) % 5_000)).collect();
    let built = build_text(&format!("variables:\n{chain}j: {{script: [x]}}\n"));
    assert!(built.faults.len() <= 1);
}

#[test]
fn secrets_beat_what_the_files_say_and_tokens_do_not() {
    let text = "variables: {A: top, B: top}\nj:\n  script: [x]\n  variables: {C: own}\n  secrets: {A: {vault: a/b}, C: {vault: a/c}}\n  id_tokens: {B: {aud: x}, D: {aud: x}}\n";
    let built = build_text(text);
    let values = ["A", "B", "C", "D"].map(|name| built.variable("j", name));
    assert_eq!(values, ["$A", "top", "$C", "$D"]);
    assert!(built.pipeline.defined.iter().any(|(name, _)| name == "D"));
}

#[test]
fn a_secret_in_a_predefined_name_is_not_the_predefined_value() {
    let built = build_text("j: {script: [x], secrets: {CI_REGISTRY_PASSWORD: {vault: a/b}}}\n");
    let text = &built.job("j").environments[0].variables.get("CI_REGISTRY_PASSWORD").expect("the variable").text;
    assert!(text.as_symbol().expect("a symbol").predefined().is_none());
    assert_ne!(text.as_symbol(), crate::predefined::symbol("CI_REGISTRY_PASSWORD").as_ref());
}
