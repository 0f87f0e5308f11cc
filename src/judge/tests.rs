//! What the judge promises, with lints made for the purpose.

use super::{Reported, Wanted, judge};
use crate::analysis::{Analysis, Checked};
use crate::finding::{Cause, Certainty, Finding, Label};
use crate::lint::{Level, Lint};
use crate::model::{Fault, Job, Pipeline};
use crate::scenario::{Scenario, Scenarios};
use crate::source::{FileId, Source, Span};
use crate::trace::Traces;
use crate::value::Map;

const FILE: FileId = FileId(0);

/// Says something at each definition that the pipeline holds: the tests put places there.
fn everywhere(pipeline: &Pipeline, _: &Traces) -> Vec<Finding> {
    let found = pipeline.defined.iter().map(|(job, at)| Finding {
        message: "odd".to_owned(),
        at: *at,
        label: "this".to_owned(),
        help: None,
        certainty: if job.starts_with("sure") { Certainty::Certain } else { Certainty::Likely },
        labels: Vec::new(),
        jobs: vec![job.clone()],
        scenarios: Scenarios::of(&[if job.len() > 4 { Scenario::Tag } else { Scenario::Branch }]),
        cause: Cause { at: if job.ends_with('+') { Span::new(FILE, 0, 1) } else { *at }, kind: "odd" },
    });
    found.collect()
}

const fn lint(id: &'static str, level: Level, check: fn(&Pipeline, &Traces) -> Vec<Finding>) -> Lint {
    Lint { id, level, page: "", check }
}

static ODD: Lint = lint("odd-thing", Level::Error, everywhere);
static MILD: Lint = lint("mild-thing", Level::Advice, everywhere);
static UNREADABLE: Lint = lint("unreadable-config", Level::Error, |_, _| Vec::new());
static UNUSED: Lint = lint("unused-suppression", Level::Warning, |_, _| Vec::new());

/// An analysis in which the lints speak of each `word` that stands in the text, for the job named there.
fn with(text: &str, places: &[(&str, &str)]) -> Analysis {
    let mut analysis = Analysis::default();
    analysis.sources.add(Source::new("a.yml", text));
    let mut defined = Vec::new();
    for (job, word) in places {
        let mut from = 0;
        while let Some(at) = text[from..].find(word) {
            defined.push(((*job).to_owned(), Span::new(FILE, from + at, from + at + word.len())));
            from += at + word.len();
        }
    }
    let pipeline = Pipeline {
        root: FILE,
        jobs: Vec::new(),
        unread_includes: Vec::new(),
        inputs: crate::text::Inputs::default(),
        defined,
        template: false,
        children: Vec::new(),
        config: Map::default(),
    };
    analysis.pipelines.push(Checked { pipeline, traces: Traces::default(), files: [FILE].into(), top: FILE });
    analysis
}

fn job(name: &str) -> Job {
    let nowhere = Span::new(FILE, 0, 0);
    Job {
        bare: false,
        name: name.to_owned(),
        name_at: nowhere,
        at: nowhere,
        image: None,
        services: Vec::new(),
        has_tags: false,
        before_script: None,
        script: None,
        after_script: None,
        lost_before_script: None,
        environments: Vec::new(),
        reach: Vec::new(),
        unread_base: false,
        shell: pushlint::model::Shell::Posix,
        confined_to: None,
        own_rules: false,
    }
}

fn told(analysis: &Analysis, wanted: Wanted) -> Vec<Reported> {
    judge(analysis, &[&MILD, &ODD, &UNREADABLE, &UNUSED], wanted)
}

/// What is told as `line lint message`.
fn lines(text: &str, places: &[(&str, &str)]) -> Vec<String> {
    let analysis = with(text, places);
    let line = |one: &Reported| analysis.sources.get(FILE).line_of(one.finding.at.range().start);
    let told = told(&analysis, Wanted::default());
    told.iter().map(|one| format!("{} {} {}", line(one), one.lint, one.finding.message)).collect()
}

#[test]
fn a_comment_silences_its_line_the_line_below_and_inside_a_block_scalar() {
    for text in [
        "a:\n  - x PUSH # pushlint: ignore[odd-thing] reason\n",
        "a:\n  # pushlint: ignore[odd-thing]\n  # and why\n  - x PUSH\n",
        "a:\n  - |\n    # pushlint:ignore[mild-thing, odd-thing]\n    x PUSH\n",
        "# pushlint: ignore-file[odd-thing]\n\n---\na:\n  - x PUSH\n",
        "# pushlint: ignore[odd-thing]\na:\n  script:\n\n  - x\n  # c\n  - x PUSH\nb: c\n",
    ] {
        let told = lines(text, &[("job", "PUSH")]);
        assert!(told.is_empty(), "{text}{told:?}");
    }
}

#[test]
fn a_comment_that_silences_nothing_is_told() {
    let unused = "unused-suppression this comment silences no `odd-thing`";
    assert_eq!(lines("a: b # pushlint: ignore[odd-thing]\n", &[]), [format!("1 {unused}")]);
    let other_line = "a:\n  # pushlint: ignore[odd-thing]\n  - x\n  - PUSH\n";
    assert_eq!(lines(other_line, &[("job", "PUSH")]), [format!("2 {unused}"), "4 odd-thing odd".to_owned()]);
    let other_job = "# pushlint: ignore[odd-thing]\na:\n  - x\nb:\n  - PUSH\n";
    assert_eq!(lines(other_job, &[("job", "PUSH")]), [format!("1 {unused}"), "5 odd-thing odd".to_owned()]);
    assert_eq!(
        lines("a:\n  b # pushlint: ignore-file[odd-thing]\n", &[]),
        ["2 unused-suppression `ignore-file` works at the top of a file only"]
    );
    assert_eq!(lines("a # pushlint: ignore\n", &[]), ["1 unused-suppression this comment names no lint"]);
    assert_eq!(lines("a # pushlint: ignore[od-thing]\n", &[]), ["1 unused-suppression there is no lint `od-thing`"]);
    assert!(lines("a#pushlint: ignore[x]\nb \"pushlint: ignore[x]\"\n", &[]).is_empty());
}

#[test]
fn a_comment_above_a_job_silences_that_jobs_part_of_what_is_told_elsewhere() {
    let text = "variables: PUSH\n# pushlint: ignore[odd-thing]\nbuild:\n  script: x\n";
    let mut analysis = with(text, &[("build", "PUSH"), ("test+", "PUSH")]);
    let at = Span::new(FILE, 46, 51);
    assert_eq!(analysis.sources.slice(at), "build");
    analysis.pipelines[0].pipeline.jobs.push(Job { name_at: at, at, ..job("build") });
    let told = told(&analysis, Wanted::default());
    let told: Vec<_> = told.iter().map(|one| (one.lint, one.finding.jobs.as_slice())).collect();
    assert_eq!(told, [("odd-thing", &["test+".to_owned()][..])]);
}

#[test]
fn a_useless_comment_can_be_silenced_itself() {
    assert!(lines("a # pushlint: ignore[odd-thing,unused-suppression]\n", &[]).is_empty());
    let useless = "unused-suppression this comment silences no `unused-suppression`";
    assert_eq!(lines("a # pushlint: ignore[unused-suppression]\n", &[]), [format!("1 {useless}")]);
}

#[test]
fn one_cause_is_told_once_at_the_surest_place_with_all_jobs_and_scenarios() {
    let analysis = with("? ONE TWO ONE", &[("may+", "ONE"), ("sure+", "TWO")]);
    let told = told(&analysis, Wanted::default());
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(analysis.sources.slice(one.finding.at), "TWO");
    assert_eq!(one.finding.certainty, Certainty::Certain);
    assert_eq!(one.finding.jobs, ["may+", "sure+"]);
    assert_eq!(one.finding.scenarios, Scenarios::of(&[Scenario::Branch, Scenario::Tag]));
    let also: Vec<(&str, &str)> = one
        .finding
        .labels
        .iter()
        .map(|Label { at, message }| (analysis.sources.slice(*at), message.as_str()))
        .collect();
    assert_eq!(also, [("ONE", "also here"), ("ONE", "also here")]);
}

#[test]
fn what_is_said_of_one_place_is_told_once_whatever_its_causes() {
    let one = with("? ONE", &[("node", "ONE"), ("go+", "ONE")]);
    let told = told(&one, Wanted::default());
    let told: Vec<_> = told.iter().map(|one| (one.finding.jobs.join(","), one.finding.labels.len())).collect();
    assert_eq!(told, [("node,go+".to_owned(), 0)]);
}

#[test]
fn a_place_has_one_label() {
    fn labelled(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
        let mut found = everywhere(pipeline, traces);
        let (at, elsewhere) = (found[0].at, Span::new(FILE, 0, 1));
        let labels = [(elsewhere, "first"), (at, "its own place"), (elsewhere, "second")];
        found[0].labels = labels.map(|(at, words)| Label::new(at, words)).to_vec();
        found
    }
    static LABELLED: Lint = lint("odd-thing", Level::Error, labelled);
    let told = judge(&with("? ONE", &[("job", "ONE")]), &[&LABELLED], Wanted::default());
    assert_eq!(told[0].finding.labels, [Label::new(Span::new(FILE, 0, 1), "first")]);
}

#[test]
fn advice_and_what_is_likely_are_told_when_asked_for() {
    let analysis = with("ONE TWO", &[("may", "ONE"), ("sure", "TWO")]);
    let ids = |wanted| told(&analysis, wanted).iter().map(|one| one.lint).collect::<Vec<_>>();
    assert_eq!(ids(Wanted::default()), ["odd-thing", "odd-thing"]);
    assert_eq!(ids(Wanted { certain_only: true, pedantic: false, ..Wanted::default() }), ["odd-thing"]);
    let all = ids(Wanted { certain_only: false, pedantic: true, ..Wanted::default() });
    assert_eq!(all, ["mild-thing", "odd-thing", "mild-thing", "odd-thing"]);
}

#[test]
fn faults_are_told_always_and_their_jobs_are_not_judged() {
    let mut analysis = with("# pushlint: ignore-file[unreadable-config,odd-thing]\nONE", &[("bad", "ONE")]);
    let at = Span::new(FILE, 55, 57);
    let fault = Fault { at, message: "no".to_owned(), help: None, labels: Vec::new(), job: Some("bad".to_owned()) };
    analysis.faults = vec![fault.clone(), fault];
    let told = told(&analysis, Wanted { certain_only: true, pedantic: false, ..Wanted::default() });
    let told: Vec<_> = told.iter().map(|one| (one.lint, one.finding.message.as_str())).collect();
    let cannot = ("unused-suppression", "`unreadable-config` cannot be silenced");
    assert_eq!(told, [cannot, ("unreadable-config", "no")]);
}

#[test]
fn a_fingerprint_survives_lines_above_and_tells_equal_places_apart() {
    let print = |text: &str| -> Vec<String> {
        told(&with(text, &[("a", "PUSH")]), Wanted::default()).into_iter().map(|one| one.fingerprint).collect()
    };
    let before = print("a:\n  script:\n    - PUSH\n    - PUSH\nb:\n  script: PUSH\n");
    let after =
        print("# new\nz: 1\na:\n  image: x\n  script:\n    - echo\n    - PUSH\n    - PUSH\nb:\n  script: PUSH\n");
    assert_eq!(before, after);
    assert_eq!(before.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    let in_block = print("a:\n  script:\n    - |\n      x: y\n      PUSH\n");
    assert_eq!(in_block, print("a:\n  script:\n    - |\n      other: y\n      PUSH\n"));
}
