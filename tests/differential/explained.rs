//! What gitlab-ci-local reads otherwise than GitLab does, each with the reason and with a pipeline that
//! shows it. An explanation looks at what differs, so that it hides nothing else.

use regex::Regex;
use serde_json::{Value, json};

use crate::cases::Case;
use crate::normal::normal;
use crate::outcome::Difference;

/// One known difference.
pub struct Explained {
    /// What gitlab-ci-local does not do.
    pub name: &'static str,
    /// A project that shows it.
    pub example: &'static [(&'static str, &'static str)],
    /// Whether it is what differs here.
    pub explains: fn(&Case, &Difference) -> bool,
}

const ROOT: &str = ".gitlab-ci.yml";

/// All of them. GitLab's own code is named where its pages do not say it.
pub const EXPLAINED: &[Explained] = &[
    // Ruby's Psych reads YAML 1.1, js-yaml the core schema of 1.2.
    Explained {
        name: "YAML 1.1",
        example: &[(ROOT, "j: {script: x, variables: {A: yes, B: 012, C: Off}}\n")],
        explains: |_, found| pair(found).is_some_and(|(ours, theirs)| is_yaml_1_1(ours, theirs)),
    },
    // It says so itself: functions are "a no-op".
    Explained {
        name: "functions of inputs",
        example: &[(
            ROOT,
            "spec: {inputs: {a: {default: abcdef}}}\n---\nj: {script: 'echo $[[ inputs.a | truncate(0,3) ]]'}\n",
        )],
        explains: |case, found| {
            let function = Regex::new(r"\$\[\[[^\]]*\|").unwrap();
            pair(found).is_some() && found.keyword != "stages" && function.is_match(&case.texts)
        },
    },
    // `default:` holds more keywords than it hands on.
    Explained {
        name: "keywords of default",
        example: &[(
            ROOT,
            "default: {tags: [a], retry: 1, timeout: 1h, interruptible: true, hooks: {pre_get_sources_script: [x]}, id_tokens: {T: {aud: x}}}\nj: {script: x}\n",
        )],
        explains: |_, found| {
            let keywords = ["tags", "retry", "timeout", "interruptible", "hooks", "id_tokens", "identity"];
            keywords.contains(&found.keyword.as_str()) && found.theirs.is_none()
        },
    },
    // A trigger job runs nothing: `Entry::Bridge` has neither scripts nor images.
    Explained {
        name: "defaults in trigger jobs",
        example: &[(
            ROOT,
            "default: {before_script: [x], after_script: [y], image: i, services: [s], cache: {paths: [p]}, artifacts: {paths: [p]}}\nj: {trigger: acme/other}\nk: {script: x}\n",
        )],
        explains: |_, found| {
            let keywords = ["before_script", "after_script", "image", "services", "cache", "artifacts"];
            let bridge = found.around.get("trigger").is_some();
            bridge && keywords.contains(&found.keyword.as_str()) && found.ours.is_none()
        },
    },
    // `extends` comes first, while a reference is one opaque value (`Gitlab::Ci::Config#expand_config`).
    Explained {
        name: "extends merges into a reference",
        example: &[(
            ROOT,
            ".a: {variables: {A: a}}\n.b: {variables: !reference [.a, variables]}\nj: {extends: .b, script: x, variables: {B: b}}\n",
        )],
        explains: |case, found| {
            let written = case.texts.contains("!reference") && case.texts.contains("extends:");
            written && pair(found).is_some_and(|(ours, theirs)| holds_all_of(theirs, ours))
        },
    },
    // `Yaml::Tags::Reference#valid?`: strings only.
    Explained {
        name: "a number in a reference",
        example: &[(ROOT, ".a: {services: [s, t]}\nj: {script: x, services: [!reference [.a, services, 0]]}\n")],
        explains: |_, found| found.ours == Some(json!("`!reference` must be a list of strings")),
    },
    // Variables are put into each other where a job starts, which its preview does not do.
    Explained {
        name: "variables in a circle",
        example: &[(ROOT, "variables: {A: $B, B: $A}\nj: {script: x}\n")],
        explains: |_, found| {
            let said = found.ours.as_ref().and_then(Value::as_str);
            said.is_some_and(|said| said.contains("circular variable reference detected"))
        },
    },
    // It prints the needs of the rule that matches in the working folder.
    Explained {
        name: "needs of a rule",
        example: &[(
            ROOT,
            "a: {script: x}\nb: {script: x}\nj: {stage: deploy, script: x, needs: [a], rules: [{if: $CI_COMMIT_BRANCH, needs: [b]}, {when: always}]}\n",
        )],
        explains: |_, found| {
            let rules = found.around.get("rules").and_then(Value::as_array).into_iter().flatten();
            let mut needs = rules.filter_map(|rule| normal("needs", rule.get("needs")?));
            found.keyword == "needs" && needs.any(|needs| Some(&needs) == found.theirs.as_ref())
        },
    },
    // It puts the variables of the workflow's rule that matches there among those of the pipeline.
    Explained {
        name: "variables of the workflow",
        example: &[(
            ROOT,
            "workflow: {rules: [{if: $CI_COMMIT_BRANCH, variables: {A: b}}, {when: always}]}\nvariables: {B: b}\nj: {script: x}\n",
        )],
        explains: |_, found| found.keyword == "variables" && found.job.is_empty() && is_of_workflow(found),
    },
    // What is included in a tag's pipeline only is printed by us, who see all pipelines.
    Explained {
        name: "rules of includes",
        example: &[
            (ROOT, "include: [{local: tag.yml, rules: [{if: $CI_COMMIT_TAG}]}]\nj: {script: x}\n"),
            ("tag.yml", "k: {script: x}\n"),
        ],
        explains: |case, found| {
            is_only_ours(found) && has_include_with(&case.texts, |include| include.get("rules").is_some())
        },
    },
    // `Repository#search_files_by_wildcard_path`: `**/` is any folders, or none.
    Explained {
        name: "stars for no folder",
        example: &[
            (ROOT, "include: 'ci/**/*.yml'\nj: {script: x}\n"),
            ("ci/a.yml", "k: {script: x}\n"),
            ("ci/b/c.yml", "l: {script: x}\n"),
        ],
        explains: |case, found| {
            let path =
                |include: &serde_yaml::Value| include.get("local").unwrap_or(include).as_str().map(str::to_owned);
            is_only_ours(found)
                && has_include_with(&case.texts, |include| path(include).is_some_and(|path| path.contains("**/")))
        },
    },
];

fn pair(found: &Difference) -> Option<(&Value, &Value)> {
    Some((found.ours.as_ref()?, found.theirs.as_ref()?))
}

fn is_only_ours(found: &Difference) -> bool {
    found.keyword.is_empty() && !found.job.is_empty() && found.theirs.is_none()
}

/// Whether the values are the same but for scalars that YAML 1.1 reads otherwise.
fn is_yaml_1_1(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| is_yaml_1_1(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            let alike = |(key, ours)| theirs.get(key).is_some_and(|theirs| is_yaml_1_1(ours, theirs));
            ours.len() == theirs.len() && ours.iter().all(alike)
        }
        _ if ours == theirs => true,
        _ => is_word_of_1_1(&text(ours), &text(theirs)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_word_of_1_1(ours: &str, theirs: &str) -> bool {
    let octal = |number: u64| format!("{number:o}");
    match theirs.to_ascii_lowercase().as_str() {
        "yes" | "on" => ours == "true",
        "no" | "off" => ours == "false",
        theirs => ours.parse().is_ok_and(|number| octal(number) == theirs),
    }
}

/// Whether a map has all that another one has, and more.
fn holds_all_of(map: &Value, less: &Value) -> bool {
    let (Some(map), Some(less)) = (map.as_object(), less.as_object()) else { return false };
    map.len() > less.len() && less.iter().all(|(key, value)| map.get(key) == Some(value))
}

/// Whether every variable that differs is one of the workflow's rules, with its value.
fn is_of_workflow(found: &Difference) -> bool {
    let rules = found.around.get("workflow").and_then(|workflow| workflow.get("rules")?.as_array());
    let given: Vec<Value> =
        rules.into_iter().flatten().filter_map(|rule| normal("variables", rule.get("variables")?)).collect();
    let theirs = found.theirs.as_ref().and_then(Value::as_object).into_iter().flatten();
    let ours = |name: &str| found.ours.as_ref().and_then(|ours| ours.get(name));
    let mut other = theirs.filter(|(name, value)| ours(name) != Some(value));
    other.all(|(name, value)| given.iter().any(|given| given.get(name) == Some(value)))
}

/// Whether one of these files has such an include.
fn has_include_with(texts: &str, holds: impl Fn(&serde_yaml::Value) -> bool) -> bool {
    use serde::Deserialize;
    let documents =
        serde_yaml::Deserializer::from_str(texts).filter_map(|part| serde_yaml::Value::deserialize(part).ok());
    documents.filter_map(|document| document.get("include").cloned()).any(|include| match include.as_sequence() {
        Some(list) => list.iter().any(&holds),
        None => holds(&include),
    })
}
