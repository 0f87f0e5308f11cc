//! What people see, drawn without colours.

use super::pretty::{self, Style};
use crate::finding::{Cause, Certainty, Finding, Label};
use crate::judge::Reported;
use crate::lint::Level;
use crate::scenario::Scenarios;
use crate::source::{FileId, Source, Sources, Span};

/// A report at the words of these texts, the first one leading.
fn report(sources: &Sources, words: &[(u32, &str)]) -> Reported {
    let at = |(file, word): &(u32, &str)| {
        let file = FileId(*file);
        let start = sources.get(file).text.find(word).unwrap();
        Span::new(file, start, start + word.len())
    };
    let labels = words[1..].iter().map(|word| Label { at: at(word), message: "and this".to_owned() }).collect();
    let finding = Finding {
        message: "something is odd".to_owned(),
        at: at(&words[0]),
        label: "this".to_owned(),
        help: Some("do better".to_owned()),
        certainty: Certainty::Likely,
        labels,
        jobs: vec!["build".to_owned(), "test".to_owned()],
        scenarios: Scenarios::ALL,
        cause: Cause { at: at(&words[0]), kind: "odd" },
    };
    Reported { lint: "odd-thing", level: Level::Error, finding, fingerprint: String::new() }
}

fn drawn(files: &[(&str, &str)], words: &[(u32, &str)]) -> String {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(Source::new(*path, *text));
    }
    let mut out = Vec::new();
    let style = Style { color: false, width: Some(100) };
    let reported = [report(&sources, words)];
    pretty::write(&mut out, &sources, &reported, &|path| format!("../{path}"), style).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_shows_lint_certainty_places_help_and_jobs() {
    let text = "a:\n  script:\n    - docker push x\nb: c\n";
    insta::assert_snapshot!(drawn(&[("a.yml", text)], &[(0, "docker push"), (0, "b")]));
}

#[test]
fn places_in_several_files_each_have_their_own_header() {
    let far = format!("{}include: x\n", "# line\n".repeat(20));
    let files = [("a.yml", "a: ONE\n"), ("b.yml", far.as_str()), ("c.yml", "TWO")];
    insta::assert_snapshot!(drawn(&files, &[(1, "include"), (0, "ONE"), (2, "TWO")]));
}

#[test]
fn a_long_line_is_cut_around_the_place_and_keeps_its_column() {
    let line = format!("{}PUSH{}", "ä".repeat(3000), "b".repeat(3000));
    let shown = drawn(&[("a.yml", &line)], &[(0, "PUSH")]);
    assert!(shown.contains("a.yml:1:3001"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() < 500), "{shown}");
    assert!(shown.contains("PUSH"), "{shown}");
}

#[test]
fn any_place_in_any_text_can_be_drawn() {
    for text in ["", "\n", "\r\n", "a\r\nb\rc", "ä", "a\u{1b}b\u{9b}c\u{202e}", "\t\t- a\n"] {
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let mut sources = Sources::default();
                let file = sources.add(Source::new("a.yml", text));
                let mut reported = report(&sources, &[(0, "")]);
                reported.finding.at = Span::new(file, start, end);
                let (mut out, style) = (Vec::new(), Style { color: false, width: None });
                pretty::write(&mut out, &sources, &[reported], &str::to_owned, style).unwrap();
                let shown = String::from_utf8(out).unwrap();
                assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown:?}");
                assert!(!shown.contains("Failed to read"), "{text:?} {start}..{end}: {shown}");
            }
        }
    }
}

#[test]
fn the_plan_fits_a_terminal_and_a_chart_shows_where_jobs_push() {
    let text = "\
build \"it\":
  services: [docker:dind]
  script:
    - docker login -u gitlab-ci-token -p $CI_JOB_TOKEN $CI_REGISTRY
    - docker build -t $CI_REGISTRY_IMAGE/api:$CI_COMMIT_SHORT_SHA .
    - docker push $CI_REGISTRY_IMAGE/api:$CI_COMMIT_SHORT_SHA
    - docker push $CI_REGISTRY_IMAGE/api
    - docker buildx build --cache-to type=registry,ref=$CI_REGISTRY_IMAGE/cache:x .
    - docker push $CI_REGISTRY_IMAGE-x:1
    - docker push registry.example.com/a-long-group/and-a-long-project/with-an-image:$VERSION
";
    let analysis = crate::analysis::analyse(
        &crate::files::Memory::new(&[(".gitlab-ci.yml", text)]),
        &[".gitlab-ci.yml".to_owned()],
        &crate::facts::Facts::default(),
    );
    let mut out = Vec::new();
    super::pushes::write_table(&mut out, &analysis, &str::to_owned, 80).unwrap();
    super::pushes::write_mermaid(&mut out, &analysis).unwrap();
    let plan = String::from_utf8(out).unwrap();
    let (table, _) = plan.split_once("flowchart").unwrap();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{plan}");
    insta::assert_snapshot!(plan);
}
