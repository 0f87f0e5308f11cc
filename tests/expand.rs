//! The pipeline as it is printed: every tree ends, in the same text each time, whatever the order of keys
//! that mean nothing, and no faster than its input grows.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use proptest::prelude::*;
use pushlint::files::Memory;
use pushlint::load;
use pushlint::model::{self, Fault, Pipeline};
use pushlint::report::expand::{is_writable, write_json};
use pushlint::source::Sources;

const ROOT: &str = ".gitlab-ci.yml";

fn build(files: &[(&str, &str)]) -> (Pipeline, Vec<Fault>) {
    let (pipeline, faults, _) = model::build(load::load(&Memory::new(files), ROOT, &mut Sources::default()));
    (pipeline, faults)
}

fn printed(files: &[(&str, &str)]) -> String {
    let mut out = Vec::new();
    write_json(&mut out, &build(files).0.expanded()).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    let faults = build(&[(ROOT, text)]).1;
    assert!(faults.is_empty(), "{faults:?}: {text}");
    serde_json::from_str(&printed(&[(ROOT, text)])).unwrap()
}

#[test]
fn nested_lists_of_rules_needs_and_stages_are_laid_flat() {
    let text = "stages: [[a, b], c]\n.x: {rules: [{if: $A}], needs: [p]}\np: {stage: a, script: p}\nj:\n  stage: b\n  script: x\n  rules: [!reference [.x, rules], {when: never}]\n  needs: [!reference [.x, needs]]\n";
    let read = json(text);
    assert_eq!(read["stages"], serde_json::json!(["a", "b", "c"]));
    assert_eq!(read["j"]["rules"], serde_json::json!([{"if": "$A"}, {"when": "never"}]));
    assert_eq!(read["j"]["needs"], serde_json::json!(["p"]));
}

#[test]
fn what_doubles_at_every_step_is_not_printed() {
    let mut text = ".a0: {r: [x]}\n".to_owned();
    for step in 1..40 {
        let before = step - 1;
        text += &format!(".a{step}: {{r: [!reference [.a{before}, r], !reference [.a{before}, r]]}}\n");
    }
    text += "j: {script: x, rules: !reference [.a39, r], tags: !reference [.a39, r]}\n";
    assert!(!is_writable(&build(&[(ROOT, &text)]).0.expanded()));
    assert!(is_writable(&build(&[(ROOT, "j: {script: x}\n")]).0.expanded()));
}

/// Whether a job is hidden, and its lines, in an order of no meaning.
type Job = (bool, Vec<String>);

fn keywords() -> impl Strategy<Value = Vec<String>> {
    let base = (0_u8..4).prop_map(|n| format!(".base{n}"));
    let bases = prop::collection::vec(base.clone(), 0..3);
    let extends = bases.clone().prop_map(|names| format!("extends: [{}]", names.join(", ")));
    let script = bases.prop_map(|names| {
        let items: String = names.iter().map(|name| format!(", !reference [{name}, script]")).collect();
        format!("script: [x{items}]")
    });
    let variables = prop::collection::btree_map("[A-D]", "[a-z$]{0,3}", 0..4).prop_map(|map| {
        let pairs: Vec<String> = map.iter().map(|(name, value)| format!("{name}: '{value}'")).collect();
        format!("variables: {{{}}}", pairs.join(", "))
    });
    let reference = base.prop_map(|name| format!("tags: !reference [{name}, tags]"));
    let rest = prop::sample::select(vec!["image: i", "before_script: []", "tags: [a]", "inherit: {default: false}"]);
    let rest = prop_oneof![reference, rest.prop_map(str::to_owned)];
    (extends, script, variables, rest).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

fn jobs() -> impl Strategy<Value = Vec<Job>> {
    prop::collection::vec((any::<bool>(), keywords()), 1..7)
}

fn named(number: usize, (hidden, lines): &Job) -> String {
    let name = if *hidden { format!(".j{number}") } else { format!("j{number}") };
    let body: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("{name}:\n{body}")
}

/// What the jobs rest on; without it they would be rejected, and what is rejected has no meaning to compare.
const SHARED: &str = "default: {before_script: [login], image: base}
other: {script: x}
.base0: {script: [base], tags: [b], variables: {A: base}}
.base1: {extends: .base0, script: [first, !reference [.base0, script]]}
.base2: {extends: [.base1, .base0], image: {name: i}, variables: {B: 'b$A'}}
.base3: {extends: .base2, before_script: [!reference [.base1, script]], variables: !reference [.base0, variables]}
";

fn file(jobs: &[Job]) -> String {
    jobs.iter().enumerate().map(|(number, job)| named(number, job)).collect::<String>() + SHARED
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_files_give_the_same_text(jobs in jobs()) {
        let file = file(&jobs);
        prop_assert_eq!(printed(&[(ROOT, &file)]), printed(&[(ROOT, &file)]));
    }

    /// `serde_json` sorts the keys of what it reads, so that only the values are compared.
    #[test]
    fn the_order_of_jobs_and_of_their_keys_means_nothing(jobs in jobs(), seed in any::<prop::sample::Index>()) {
        let mut parts: Vec<String> = jobs.iter().enumerate().map(|(number, (hidden, lines))| {
            let mut lines = lines.clone();
            let by = seed.index(lines.len());
            lines.rotate_left(by);
            named(number, &(*hidden, lines))
        }).collect();
        parts.reverse();
        let by = seed.index(parts.len());
        parts.rotate_left(by);
        prop_assert_eq!(json(&file(&jobs)), json(&(SHARED.to_owned() + &parts.concat())));
    }

    /// A file that includes its jobs is the file that holds them.
    #[test]
    fn jobs_may_stand_in_an_included_file(jobs in jobs()) {
        let (file, root) = (file(&jobs), "include: other.yml\n");
        let included = printed(&[(ROOT, root), ("other.yml", &file)]);
        let read: serde_json::Value = serde_json::from_str(&included).unwrap();
        prop_assert_eq!(json(&file), read);
    }

    /// Twice the jobs are twice the text: what a job becomes does not depend on how many there are.
    #[test]
    fn the_text_grows_as_the_jobs_do(jobs in jobs()) {
        let once = file(&jobs);
        let again = once.replace(SHARED, "again: {script: x}\n").replace('j', "k");
        let one = json(&once).as_object().map_or(0, |map| map.values().map(|job| job.to_string().len()).sum::<usize>());
        let both = json(&(once + &again));
        let two = both.as_object().map_or(0, |map| map.values().map(|job| job.to_string().len()).sum::<usize>());
        prop_assert_eq!(2 * one, two);
    }
}
