//! Whatever the bytes, the whole program comes to an end, panics nowhere and points into its files.

use proptest::prelude::*;
use pushlint::analysis::{Analysis, analyse};
use pushlint::facts::Facts;
use pushlint::files::{Files, ReadError};
use pushlint::judge::{self, Reported, Wanted};
use pushlint::lints;
use pushlint::report::{concise, json, pretty};
use pushlint::source::Span;

const ROOT: &str = ".gitlab-ci.yml";

/// One file; and a script that calls itself.
struct One(Vec<u8>);

impl Files for One {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match path {
            ROOT => Ok(self.0.clone()),
            "self.sh" => Ok(b". ./self.sh; ./self.sh; sh self.sh".to_vec()),
            _ => Err(ReadError::Missing),
        }
    }

    fn list(&self) -> Vec<String> {
        vec![ROOT.to_owned(), "self.sh".to_owned()]
    }
}

fn check(bytes: &[u8]) -> Analysis {
    let analysis = analyse(&One(bytes.to_vec()), &[ROOT.to_owned()], &Facts::default());
    let reported =
        judge::judge(&analysis, lints::ALL, Wanted { pedantic: true, certain_only: false, ..Wanted::default() });
    reported.iter().for_each(|one| stands_in_its_file(&analysis, one));
    let shown = |path: &str| path.to_owned();
    let style = || pretty::Style { color: false, width: Some(100) };
    let mut out = Vec::new();
    pretty::write(&mut out, &analysis.sources, &reported, &shown, style()).expect("memory takes everything");
    concise::write(&mut out, &analysis.sources, &reported, &shown).expect("memory takes everything");
    json::write(&mut out, &analysis, &reported, "").expect("memory takes everything");
    analysis
}

fn stands_in_its_file(analysis: &Analysis, one: &Reported) {
    let finding = &one.finding;
    let places = [finding.at, finding.cause.at].into_iter().chain(finding.labels.iter().map(|label| label.at));
    places.for_each(|at| inside(analysis, at));
}

fn inside(analysis: &Analysis, at: Span) {
    let text = &analysis.sources.get(at.file).text;
    assert!(text.get(at.range()).is_some(), "{at:?} is no piece of a text of {} bytes", text.len());
}

/// A job with this script.
fn job(script: &str) -> String {
    let lines: String = script.lines().map(|line| format!("      {line}\n")).collect();
    format!("job:\n  script:\n    - |\n{lines}")
}

/// A job in PowerShell with this script.
fn powershell(script: &str) -> String {
    format!("{}  image: x/windows/nanoserver:1\n", job(script))
}

const PUSH: &str = "docker push $CI_REGISTRY_IMAGE/x:latest";

/// What the job does is known only in part, so that nothing is said of its pushes.
fn is_too_much(script: &str) {
    let analysis = check(job(&format!("{script}\n{PUSH}")).as_bytes());
    let traces = &analysis.pipelines[0].traces;
    assert!(traces.jobs.iter().any(|trace| trace.walk.bound_reached), "the bound is not reached");
    assert!(traces.pushes().all(|(_, push)| push.blurred && push.denial.is_none()), "a push is judged");
    assert_eq!(analysis.notes.len(), 1, "one note");
}

fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn loops_in_loops_end() {
    for depth in [3, 5, 16] {
        let words = repeated(64, |word| word.to_string()).replace('\n', " ");
        let open = repeated(depth, |at| format!("for a{at} in {words}; do"));
        is_too_much(&format!("{open}\ndocker push r/$a0/$a1:$a2\n{}", "done\n".repeat(depth)));
    }
}

#[test]
fn functions_that_call_themselves_end() {
    is_too_much("f() { f; f; }\nf");
    is_too_much("f() { for i in 1 2 3 4 5 6 7 8; do f; done; }\nf");
    is_too_much("A='eval \"$A\"; eval \"$A\"'\neval \"$A\"");
    is_too_much(". ./self.sh");
}

#[test]
fn jobs_that_do_too_much_leave_work_for_a_push() {
    let words = repeated(30, |word| word.to_string()).replace('\n', " ");
    let open = repeated(3, |at| format!("for a{at} in {words}; do"));
    let script = format!("{open}\necho $a0$a1$a2\n{}", "done\n".repeat(3));
    let jobs: String = (0..16).map(|number| job(&script).replacen("job:", &format!("lint{number}:"), 1)).collect();
    let analysis = check(format!("{jobs}{}", job(PUSH)).as_bytes());
    let (_, push) = analysis.pipelines[0].traces.pushes().next().expect("the push is seen");
    assert!(!push.blurred && push.denial.is_some(), "the push is not judged");
    assert_eq!(analysis.notes.len(), 16, "a note for each job that was cut");
}

#[test]
fn texts_that_double_end() {
    for start in ["A=aaaaaaaaaa", "A=$X$Y", "A=(a b)"] {
        is_too_much(&format!("{start}\n{}", "A=$A$A\nA=(\"${A[@]}\" \"${A[@]}\")\n".repeat(60)));
    }
    is_too_much(&format!("set -- a b\n{}", "set -- \"$@\" \"$@\"\n".repeat(60)));
    is_too_much(&format!("A=$X\n{}", "A=$(echo $A$A)\n".repeat(60)));
    check(job(&format!("A=aaaa\n{}{PUSH}", "A=${A//a/aaaaaaaaaa}\n".repeat(60))).as_bytes());
    check(job(&format!("A=$X\n{}{PUSH}", "A=$(echo \"$A$A\" | sed s/a/b/)\n".repeat(60))).as_bytes());
}

#[test]
fn states_that_multiply_end() {
    for script in [
        repeated(40, |at| format!("if [ -n \"$X{at}\" ]; then Y{at}=a; docker login -u u -p p host{at}; fi")),
        repeated(40, |at| format!("[ -n \"$X{at}\" ] && Y{at}=a || Z{at}=b")),
        repeated(60, |at| format!("cmd{at} || Y{at}=1")),
        repeated(1_000, |at| format!("V{at}=x$V{at}")),
        repeated(60, |at| format!("case $X{at} in a) Y{at}=1;; *) Y{at}=2;; esac")),
    ] {
        check(job(&format!("{script}\n{PUSH}")).as_bytes());
    }
}

#[test]
fn deep_nests_end() {
    for (open, close) in [
        ("$(", ")"),
        ("${a:-", "}"),
        ("\"$(", ")\""),
        ("while x; do ", "; done"),
        ("if x; then ", "; fi"),
        ("{ ", "; }"),
        ("(", ")"),
        ("[[ ( ", " ) ]]"),
    ] {
        for depth in [150, 3_000] {
            check(job(&format!("echo {}x{}\n{PUSH}", open.repeat(depth), close.repeat(depth))).as_bytes());
            check(job(&format!("{}x{}\n{PUSH}", open.repeat(depth), close.repeat(depth))).as_bytes());
            check(job(&format!("{}\n{PUSH}", open.repeat(depth))).as_bytes());
        }
    }
}

#[test]
fn deep_nests_of_powershell_end() {
    for (open, close) in [
        ("$(", ")"),
        ("(", ")"),
        ("\"$(", ")\""),
        ("& { ", " }"),
        ("if ($a) { ", " }"),
        ("foreach ($b in $a) { ", " }"),
        ("try { ", " } catch { }"),
        ("switch ($a) { a { ", " } }"),
        ("function f { ", " }"),
        ("$a = ", ""),
        ("$a | % { $_ } ", ""),
        ("$a -replace 'b', 'c' ", ""),
    ] {
        for depth in [20, 60, 3_000] {
            let nest = format!("{}$x{}", open.repeat(depth), close.repeat(depth));
            check(powershell(&format!("{nest}\n{PUSH}")).as_bytes());
            check(powershell(&format!("if ({nest}) {{ {PUSH} }}\ndocker push \"$({nest})\"")).as_bytes());
        }
    }
}

#[test]
fn aliases_that_double_end() {
    let bomb = |leaf: &str, next: fn(usize) -> String| {
        let lines = repeated(60, |at| if at == 0 { leaf.to_owned() } else { next(at) });
        check(format!("{lines}\njob: {{script: *a59}}\n").as_bytes());
    };
    bomb(".a0: &a0 [docker push x]", |at| format!(".a{at}: &a{at} [*a{0}, *a{0}]", at - 1));
    bomb(".a0: &a0 {k: v}", |at| format!(".a{at}: &a{at} {{x: *a{0}, y: *a{0}}}", at - 1));
    bomb(".a0: {script: [docker push x]}", |at| {
        format!(".a{at}: {{script: [!reference [.a{0}, script], !reference [.a{0}, script]]}}", at - 1)
    });
}

#[test]
fn jobs_that_share_a_long_script_end() {
    let before = repeated(1_000, |at| format!("    - echo {at}"));
    let jobs = repeated(1_000, |at| format!("job{at}: {{script: [docker push a/x{at}:latest]}}"));
    check(format!("default:\n  before_script:\n{before}\n{jobs}\n").as_bytes());
}

/// Pieces of configurations and scripts, so that random input is seldom refused at its first byte.
const PIECES: [&str; 40] = [
    "job:\n",
    "  script:\n",
    "    - ",
    "    - |\n      ",
    "\n",
    "\n      ",
    " ",
    "docker push ",
    "docker login ",
    "-u $CI_REGISTRY_USER ",
    "-p $X ",
    "$CI_REGISTRY",
    "$CI_REGISTRY_IMAGE",
    "/",
    ":",
    "latest",
    "a",
    "é",
    "$(",
    ")",
    "${x:-",
    "}",
    "\"",
    "'",
    "if [ -n \"$A\" ]; then ",
    "fi",
    "; ",
    " && ",
    " || ",
    " | ",
    "for i in a b; do ",
    "done",
    "<<EOF\n",
    "EOF\n",
    "# pushlint: ignore\n",
    "  variables: {A: b}\n",
    "  rules:\n    - if: $A\n",
    "&a ",
    "*a",
    "!reference [job, script]",
];

/// Pieces of PowerShell.
const POWERSHELL: [&str; 36] = [
    "docker push ",
    "docker login -u $env:CI_REGISTRY_USER --password-stdin ",
    "$env:CI_REGISTRY_PASSWORD | ",
    "${env:CI_REGISTRY_IMAGE}",
    ":$tag",
    "$tag",
    " = ",
    " += ",
    "@(",
    "$(",
    "(",
    ")",
    "{ ",
    " }",
    "if ($a -eq 'b') { ",
    " else { ",
    "foreach ($t in $tag) { ",
    "try { ",
    " catch { ",
    "switch ($a) { ",
    "function f { param($x) ",
    "f -x ",
    "throw ",
    "break\n",
    "exit 1",
    " | % { ",
    " | Out-File a",
    " | Out-Null",
    ".ToLower()",
    " -replace '/', '-'",
    " -f $a",
    "'a', \"b\"",
    "iex \"docker push $a\"",
    "cmd /c ",
    "; ",
    "\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_text_as_script(script in "\\PC{0,200}") {
        check(job(&script).as_bytes());
    }

    #[test]
    fn any_pieces(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        check(text.as_bytes());
        check(job(&text).as_bytes());
        check(format!("job:\n  script:\n    - {text}").as_bytes());
    }

    #[test]
    fn any_pieces_of_powershell(pieces in proptest::collection::vec(0..POWERSHELL.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|at| POWERSHELL[at]).collect();
        check(powershell(&text).as_bytes());
    }

    #[test]
    fn any_cut_of_a_configuration(from in 0usize..2_000, length in 0usize..2_000, byte in any::<u8>()) {
        let mut bytes = include_bytes!("../examples/generate.rs").to_vec();
        bytes = bytes[600.min(bytes.len())..].to_vec();
        let start = from.min(bytes.len());
        bytes.drain(..start);
        bytes.truncate(length);
        if let Some(middle) = bytes.get_mut(length / 2) {
            *middle = byte;
        }
        check(&bytes);
    }
}
