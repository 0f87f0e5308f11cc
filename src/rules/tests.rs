//! When jobs run, as tables. A reach is told as letters: the scenario (Default branch, Branch, Tag,
//! Merge request, Schedule, Other), `=names`, `~pattern`, `+` protected, `*` manual, `?why`.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::source::{FileId, Mapped};
use crate::value::Entry;

fn at() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn value(json: &Json) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(it) => Kind::Bool(*it),
        Json::Number(it) => Kind::Number(it.to_string()),
        Json::String(it) => Kind::Text(Arc::new(Mapped::coarse(it.as_str(), at()))),
        Json::Array(list) => Kind::List(Arc::new(list.iter().map(value).collect())),
        Json::Object(_) => Kind::Map(Arc::new(map(json))),
    };
    Value::new(at(), kind)
}

fn map(json: &Json) -> Map {
    let mut map = Map::default();
    for (key, inner) in json.as_object().unwrap() {
        map.insert(Entry { key: key.as_str().into(), key_at: at(), value: value(inner) });
    }
    map
}

fn lookup(name: &str) -> Lookup {
    match name {
        "KNOWN" => Lookup::Known("yes".to_owned()),
        "EMPTY" => Lookup::Known(String::new()),
        "PATTERN" => Lookup::Known("/^y/".to_owned()),
        "FOGGY" => Lookup::Unknown,
        _ => Lookup::Undefined,
    }
}

fn ways(job: &Json, workflow: Option<&Json>) -> Vec<Reach> {
    let (job, workflow) = (map(job), workflow.map(map));
    reach(&Conditions { job: &job, workflow: workflow.as_ref(), lookup: &lookup })
}

fn told(ways: &[Reach]) -> String {
    ways.iter().map(letters).collect::<Vec<_>>().join(" ")
}

fn letters(way: &Reach) -> String {
    let branch = match &way.branch {
        Branch::Any => String::new(),
        Branch::Named(names) => format!("={}", names.join(",")),
        Branch::Matching(pattern) => format!("~{pattern}"),
        Branch::Protected => "+".to_owned(),
    };
    let why = way.undecided.iter().map(|why| match why {
        Why::Decision(name, _) => format!("?{name}"),
        Why::Changes(_) | Why::Exists(_) => "?files".to_owned(),
        Why::Unread(_) => "?unread".to_owned(),
    });
    let letter = match way.scenario {
        Scenario::TagSchedule => "s".to_owned(),
        Scenario::TagOther => "o".to_owned(),
        other => other.name()[..1].to_uppercase(),
    };
    format!("{letter}{branch}{}{}", if way.manual { "*" } else { "" }, why.collect::<String>())
}

#[track_caller]
fn job(job: Json, expected: &str) {
    assert_eq!(told(&ways(&job, None)), expected, "{job}");
}

#[track_caller]
fn with_workflow(workflow: Json, job: Json, expected: &str) {
    assert_eq!(told(&ways(&job, Some(&workflow))), expected, "{workflow} {job}");
}

/// A job with this one condition.
fn when(condition: &str) -> String {
    told(&ways(&json!({"rules": [{"if": condition}]}), None))
}

/// Small letters: on a git tag.
const ALL: &str = "D B T M S s O o";

#[test]
fn conditions_on_the_kind_of_pipeline() {
    for (condition, expected) in [
        ("$CI_PIPELINE_SOURCE == \"merge_request_event\"", "M"),
        ("$CI_PIPELINE_SOURCE == 'push'", "D B T"),
        ("'push' == $CI_PIPELINE_SOURCE", "D B T"),
        ("$CI_PIPELINE_SOURCE == \"schedule\"", "S s"),
        ("$CI_PIPELINE_SOURCE != \"schedule\"", "D B T M O o"),
        ("$CI_PIPELINE_SOURCE == \"web\"", "O o"),
        ("$CI_PIPELINE_SOURCE == \"web\" || $CI_PIPELINE_SOURCE == \"push\"", "D B T O o"),
        ("$CI_PIPELINE_SOURCE =~ /^(push|web)$/", "D B T O o"),
        ("$CI_PIPELINE_SOURCE =~ /^merge/", "M"),
        ("$CI_PIPELINE_SOURCE == \"nonsense\"", ""),
        ("$CI_MERGE_REQUEST_IID", "M"),
        ("$CI_MERGE_REQUEST_ID == null", "D B T S s O o"),
        ("$CI_MERGE_REQUEST_EVENT_TYPE == 'merge_train'", "M"),
        ("!$CI_MERGE_REQUEST_IID", "D B T S s O o"),
        ("$GITLAB_CI == 'true'", ALL),
        ("$CI_JOB_ID", ""),
    ] {
        assert_eq!(when(condition), expected, "{condition}");
    }
}

#[test]
fn conditions_on_the_ref() {
    for (condition, expected) in [
        ("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "D S=$CI_DEFAULT_BRANCH O=$CI_DEFAULT_BRANCH"),
        ("$CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH", "D S=$CI_DEFAULT_BRANCH O=$CI_DEFAULT_BRANCH"),
        ("$CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH", "B T M S s O o"),
        ("$CI_COMMIT_BRANCH", "D B S O"),
        ("$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH", "B S O"),
        ("$CI_COMMIT_TAG", "T s o"),
        ("$CI_COMMIT_TAG == null", "D B M S O"),
        ("$CI_COMMIT_TAG && $CI_COMMIT_BRANCH == 'main'", ""),
        ("$CI_COMMIT_TAG || $CI_COMMIT_BRANCH", "D B T S s O o"),
        ("$CI_COMMIT_TAG && $CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH", ""),
        ("$CI_COMMIT_TAG == $CI_COMMIT_REF_NAME", "T s o"),
        ("$CI_COMMIT_TAG == \"\"", ""),
        ("$CI_COMMIT_TAG != null", "T s o"),
        ("$CI_COMMIT_TAG != \"\"", "D B T M S s O o"),
        ("$CI_COMMIT_BRANCH == 'main'", "D=main B=main S=main O=main"),
        ("$CI_COMMIT_BRANCH == 'main' || $CI_COMMIT_BRANCH == 'dev'", "D=main,dev B=main,dev S=main,dev O=main,dev"),
        ("$CI_COMMIT_BRANCH == 'main' && $CI_COMMIT_BRANCH == 'dev'", ""),
        ("$CI_COMMIT_BRANCH != 'main'", ALL),
        ("!($CI_COMMIT_BRANCH != 'main')", "D=main B=main S=main O=main"),
        ("$CI_COMMIT_BRANCH =~ /^release-/", "D~^release- B~^release- S~^release- O~^release-"),
        ("$CI_COMMIT_BRANCH =~ /^a\\/b/i", "D~(?i)^a/b B~(?i)^a/b S~(?i)^a/b O~(?i)^a/b"),
        ("$CI_COMMIT_BRANCH !~ /^release-/", ALL),
        ("$CI_COMMIT_TAG =~ /^v/", "T~^v s~^v o~^v"),
        ("$CI_COMMIT_REF_PROTECTED == \"true\"", "D+ B+ T+ M+ S+ s+ O+ o+"),
        ("$CI_COMMIT_REF_PROTECTED != \"false\"", "D+ B+ T+ M+ S+ s+ O+ o+"),
        ("$CI_COMMIT_REF_PROTECTED == true", ""),
        ("$CI_MERGE_REQUEST_TARGET_BRANCH_NAME == $CI_DEFAULT_BRANCH", "M"),
        ("$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME == 'x'", "M=x"),
        ("$CI_COMMIT_BRANCH =~ $PATTERN", "D~^y B~^y S~^y O~^y"),
    ] {
        assert_eq!(when(condition), expected, "{condition}");
    }
}

#[test]
fn conditions_on_other_variables() {
    for (condition, expected) in [
        ("$KNOWN", ALL),
        ("$KNOWN == \"yes\"", ALL),
        ("$KNOWN == \"no\"", ""),
        ("$KNOWN =~ /^y/", ALL),
        ("$KNOWN =~ $PATTERN", ALL),
        ("$KNOWN !~ /^y/", ""),
        ("$EMPTY", ""),
        ("$EMPTY == \"\"", ALL),
        ("$EMPTY == null", ""),
        ("$DEPLOY == \"1\"", "D?DEPLOY B?DEPLOY T?DEPLOY M?DEPLOY S?DEPLOY s?DEPLOY O?DEPLOY o?DEPLOY"),
        ("$DEPLOY", "D?DEPLOY B?DEPLOY T?DEPLOY M?DEPLOY S?DEPLOY s?DEPLOY O?DEPLOY o?DEPLOY"),
        ("$DEPLOY != \"1\"", ALL),
        ("$DEPLOY == null", ALL),
        ("$CI_COMMIT_TAG && $DEPLOY", "T?DEPLOY s?DEPLOY o?DEPLOY"),
        ("$CI_PIPELINE_SOURCE == 'schedule' && $FOGGY == 'x'", "S?FOGGY s?FOGGY"),
        ("$CI_PIPELINE_SOURCE == 'schedule' && $FOGGY != 'x'", "S?FOGGY s?FOGGY"),
        ("$CI_PIPELINE_SOURCE == 'schedule' && $CI_COMMIT_MESSAGE =~ /x/", "S?CI_COMMIT_MESSAGE s?CI_COMMIT_MESSAGE"),
        ("$CI_COMMIT_MESSAGE !~ /skip/", ALL),
        ("$CI_PROJECT_PATH == 'a/b'", ALL),
        ("$CI_PROJECT_PATH != 'a/b'", ALL),
        ("$KNOWN == 'no' || $CI_COMMIT_TAG && $CI_PIPELINE_SOURCE == 'push'", "T"),
        ("($KNOWN == 'yes' || $CI_COMMIT_TAG) && $CI_PIPELINE_SOURCE == 'schedule'", "S s"),
    ] {
        assert_eq!(when(condition), expected, "{condition}");
    }
}

#[test]
fn what_cannot_be_read_keeps_both_sides() {
    let unread = "D?unread B?unread T?unread M?unread S?unread s?unread O?unread o?unread";
    for condition in ["$A = 'x'", "", "$", "${A}", "(", "$A &&", "'x", "$A == 'x' )", "$KNOWN =~ /(/", "$KNOWN =~ 'x'"]
    {
        assert_eq!(when(condition), unread, "{condition}");
    }
    let long = vec!["$CI_COMMIT_TAG"; 60].join(" || ");
    assert_eq!(when(&long), unread);
}

#[test]
fn the_first_rule_that_matches_decides() {
    job(json!({"rules": [{"when": "always"}]}), ALL);
    job(json!({"rules": [{"when": "never"}]}), "");
    job(json!({"rules": [{"if": "$CI_COMMIT_TAG", "when": "never"}, {"when": "on_success"}]}), "D B M S O");
    job(json!({"rules": [{"if": "$CI_COMMIT_TAG", "when": "manual"}]}), "T* s* o*");
    job(json!({"when": "manual", "rules": [{"if": "$CI_MERGE_REQUEST_IID"}]}), "M*");
    job(json!({"when": "manual", "rules": [{"if": "$CI_MERGE_REQUEST_IID", "when": "on_success"}]}), "M");
    job(json!({"rules": [{"if": "$CI_MERGE_REQUEST_IID", "when": "delayed", "start_in": "1 hour"}]}), "M");
    job(json!({"rules": [[[{"if": "$CI_MERGE_REQUEST_IID"}]], {"when": "never"}]}), "M");
    job(
        json!({"rules": [{"if": "$CI_COMMIT_BRANCH != 'main'", "when": "never"}, {"when": "always"}]}),
        "D=main B=main S=main O=main",
    );
    job(json!({"rules": [{"if": "$SKIP", "when": "never"}, {"if": "$CI_MERGE_REQUEST_IID"}]}), "M");
    job(json!({"rules": ["broken"]}), "D?unread B?unread T?unread M?unread S?unread s?unread O?unread o?unread");
    job(json!({"rules": []}), "D B T S s O o");
}

#[test]
fn the_rule_that_lets_a_job_run_is_told() {
    let found = ways(&json!({"rules": [{"if": "$CI_COMMIT_TAG"}, [{"if": "$CI_PIPELINE_SOURCE == 'push'"}]]}), None);
    let rule = |scenario| found.iter().find(|way| way.scenario == scenario).and_then(|way| way.rule);
    assert_eq!(rule(Scenario::Tag), Some(0));
    assert_eq!(rule(Scenario::Branch), Some(1));
}

#[test]
fn ways_that_tell_nothing_new_are_left_out() {
    let branch = json!({"if": "$CI_COMMIT_BRANCH"});
    job(json!({"rules": [{"if": "$CI_COMMIT_TAG"}, branch]}), "D B T S s O o");
    let setting = json!({"if": "$CI_COMMIT_TAG", "variables": {"A": "b"}});
    job(json!({"rules": [setting, branch]}), "D B T S s O o");
    job(json!({"rules": [{"changes": ["a"]}, branch]}), "D B T?files M?files S s?files O o?files");
}

#[test]
fn changed_files_are_not_decided() {
    job(json!({"rules": [{"if": "$CI_MERGE_REQUEST_IID", "changes": ["a"]}]}), "M?files");
    job(json!({"rules": [{"changes": ["a"], "when": "never"}, {"if": "$CI_MERGE_REQUEST_IID"}]}), "M");
    job(
        json!({"rules": [{"if": "$CI_MERGE_REQUEST_IID", "exists": ["a"], "when": "never"}, {"if": "$CI_MERGE_REQUEST_IID"}]}),
        "M?files",
    );
}

#[test]
fn a_job_without_conditions_runs_on_branches_and_tags() {
    job(json!({"script": "x"}), "D B T S s O o");
    job(json!({"script": "x", "when": "manual"}), "D* B* T* S* s* O* o*");
    job(json!({"script": "x", "when": "delayed"}), "D B T S s O o");
    job(json!({"script": "x", "when": "never"}), "");
}

#[test]
fn only_and_except() {
    job(json!({"only": ["branches"]}), "D B S O");
    job(json!({"only": "tags"}), "T s o");
    job(json!({"only": ["merge_requests"]}), "M");
    job(json!({"only": ["pushes"]}), "D B T");
    job(json!({"only": ["schedules", "web"]}), "S s O o");
    job(json!({"only": ["main"]}), "D=main B=main S=main O=main");
    job(json!({"only": ["main", "dev"]}), "D=main,dev B=main,dev S=main,dev O=main,dev");
    job(json!({"only": ["/^v.*/"]}), "D~^v.* B~^v.* T~^v.* S~^v.* s~^v.* O~^v.* o~^v.*");
    job(json!({"only": ["/^v.*/"], "except": ["branches"]}), "T~^v.* s~^v.* o~^v.*");
    job(json!({"only": ["main", "merge_requests"]}), "D=main B=main M S=main O=main");
    job(json!({"except": ["tags"]}), "D B S O");
    job(json!({"except": ["schedules"]}), "D B T O o");
    job(json!({"except": ["main"]}), "D B T S s O o");
    job(json!({"only": {"refs": ["merge_requests"], "changes": ["a"]}}), "M?files");
    job(json!({"only": {"variables": ["$KNOWN == 'no'", "$CI_COMMIT_TAG"]}}), "T s o");
    job(json!({"only": {"variables": ["$DEPLOY"], "refs": ["tags"]}}), "T?DEPLOY s?DEPLOY o?DEPLOY");
    job(json!({"except": {"variables": ["$CI_COMMIT_TAG"]}}), "D B S O");
    job(json!({"only": {"refs": ["tags"], "kubernetes": "active"}}), "T?unread s?unread o?unread");
    job(json!({"only": ["branches@a/b"]}), "D B S O");
    job(json!({"except": ["branches@a/b"]}), "D B T S s O o");
    job(json!({"only": [["tags"], [["merge_requests"]]]}), "T M s o");
    job(json!({"only": []}), "");
}

#[test]
fn workflow_rules_come_first() {
    let mr = json!({"rules": [{"if": "$CI_PIPELINE_SOURCE == 'merge_request_event'"}]});
    with_workflow(mr.clone(), json!({"script": "x"}), "M");
    with_workflow(mr.clone(), json!({"only": ["tags"]}), "");
    with_workflow(json!({"name": "x"}), json!({"script": "x"}), "D B T S s O o");
    with_workflow(
        json!({"rules": [{"if": "$CI_COMMIT_TAG", "when": "never"}, {"when": "always"}]}),
        json!({}),
        "D B M S O",
    );
    with_workflow(
        json!({"rules": [{"if": "$RUN", "when": "always"}]}),
        json!({"only": ["pushes"]}),
        "D?RUN B?RUN T?RUN",
    );
    with_workflow(
        json!({"rules": [{"if": "$CI_COMMIT_BRANCH =~ /^rel/"}]}),
        json!({"rules": [{"if": "$CI_COMMIT_BRANCH == 'main' || $CI_COMMIT_BRANCH == 'rel-1'"}]}),
        "D=rel-1 B=rel-1 S=rel-1 O=rel-1",
    );
}

#[test]
fn the_usual_workflows() {
    let branches = json!({"rules": [{"if": "$CI_COMMIT_TAG"}, {"if": "$CI_COMMIT_BRANCH"}]});
    with_workflow(branches, json!({}), "D B T S s O o");
    let merge_requests = json!({"rules": [
        {"if": "$CI_MERGE_REQUEST_IID"}, {"if": "$CI_COMMIT_TAG"}, {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"},
    ]});
    with_workflow(merge_requests, json!({}), "D T M S=$CI_DEFAULT_BRANCH s O=$CI_DEFAULT_BRANCH o");
    let switching = json!({"rules": [
        {"if": "$CI_PIPELINE_SOURCE == 'merge_request_event'"},
        {"if": "$CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS", "when": "never"},
        {"if": "$CI_COMMIT_BRANCH"},
    ]});
    with_workflow(switching, json!({}), "D B M S O");
}

#[test]
fn a_job_can_be_confined_to_a_project() {
    let confined = |job: Json| {
        let job = map(&job);
        confined_project(&Conditions { job: &job, workflow: None, lookup: &lookup })
    };
    let path = Some("a/b".to_owned());
    assert_eq!(confined(json!({"rules": [{"if": "$CI_PROJECT_PATH == 'a/b' && $CI_COMMIT_TAG"}]})), path);
    assert_eq!(
        confined(json!({"rules": [{"if": "$CI_PROJECT_PATH != 'a/b'", "when": "never"}, {"when": "always"}]})),
        path
    );
    assert_eq!(confined(json!({"rules": [{"if": "$CI_PROJECT_PATH == 'a/b'"}, {"when": "manual"}]})), None);
    assert_eq!(confined(json!({"only": ["main@a/b", "tags@a/b"]})), path);
    assert_eq!(confined(json!({"only": ["main@a/b", "tags"]})), None);
    assert_eq!(confined(json!({})), None);
}

#[test]
fn patterns_that_match_ordinary_branches_confine_nothing() {
    for pattern in [".*", "^feature/", "fix", "^[a-z-]+", "(", "^(?!x)"] {
        assert!(matches_feature_names(pattern), "{pattern}");
    }
    for pattern in ["^release-", "^v\\d+", "^(main|master)$", "^\\d+\\.\\d+$"] {
        assert!(!matches_feature_names(pattern), "{pattern}");
    }
}

#[test]
fn invalid_expressions_are_found() {
    let broken = |json: Json| invalid_expressions(&map(&json)).len();
    assert_eq!(broken(json!({"rules": [{"if": "$A = 'x'"}, {"if": "$A"}, [{"if": "$B ="}]]})), 2);
    assert_eq!(broken(json!({"only": {"variables": ["$A ="]}})), 1);
    assert_eq!(broken(json!({"rules": [{"if": "$A == 'x' && ($B =~ /a/ || $C != null)"}]})), 0);
}

proptest! {
    #[test]
    fn any_expression_is_read_without_panic(text in "[$A-Z_a-c()!=~&|'\"/\\\\ é\\[\\].*]{0,60}") {
        when(&text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        when(&text);
        told(&ways(&json!({"only": [text.clone()], "except": {"variables": [text]}}), None));
    }
}
