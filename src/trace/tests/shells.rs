//! What the shell's own words do: jobs whose pushes depend on them.

use super::{after_login, alone};

fn pushes(script: &str) -> Vec<String> {
    let told = alone(script, &[]);
    told.iter().map(|line| line.split(' ').nth(1).unwrap_or(line).to_owned()).collect()
}

#[test]
fn arithmetic_sets_variables() {
    let script = "I=1\n(( I += 2 )) && docker push r/a:$I\nlet I++\ndocker push r/b:$((I = I > 3 ? 7 : 8))-$I";
    assert_eq!(pushes(script), ["r/a:3", "r/b:7-7"]);
    assert_eq!(pushes("for ((I = 2; I; I--)); do docker push r/a:$I; done"), ["r/a:2", "r/a:1"]);
    // what it makes of an unknown value is unknown
    assert_eq!(pushes("I=1\n(( I = N + 1 )) || true\ndocker push r/a:$I"), ["r/a:$I"]);
}

#[test]
fn getopts_takes_options_one_at_a_time() {
    let script = "set -- -vt one -n x\nwhile getopts vnt: OPT; do\n  docker push r/a:$OPT${OPTARG:+-$OPTARG}\ndone\nshift $((OPTIND - 1))\ndocker push r/rest:$1";
    assert_eq!(pushes(script), ["r/a:v", "r/a:t-one", "r/a:n", "r/rest:x"]);
}

#[test]
fn lines_and_groups_fill_arrays() {
    let script = "mapfile -t A <<< $'x\\ny'\nA[2]=z\ndocker push r/a:${A[1]}-${#A[@]}-${A[2]}";
    assert_eq!(pushes(script), ["r/a:y-3-z"]);
    let script = "[[ v1.2 =~ ^v([0-9]+).([0-9]+)$ ]] && docker push r/a:${BASH_REMATCH[1]}-${BASH_REMATCH[2]}";
    assert_eq!(pushes(script), ["r/a:1-2"]);
}

#[test]
fn other_shells_keep_their_own_state() {
    assert_eq!(pushes("A=1\nA=2 &\nwait\ndocker push r/a:$A"), ["r/a:1"]);
    assert_eq!(pushes("A=1\n{ A=2; echo x; } | { read B; docker push r/a:$A$B; }"), ["r/a:1x"]);
    assert_eq!(pushes("trap 'docker push r/b' EXIT\nexec docker push r/a\ndocker push r/c"), ["r/a"]);
    assert_eq!(pushes("sh -ec 'false; docker push r/b' || docker push r/a"), ["r/a"]);
    assert_eq!(pushes("trap 'docker push r/a; false; docker push r/b' EXIT"), ["r/a"]);
    assert_eq!(pushes("( trap 'docker push r/a; false; docker push r/b' 0 ) || true"), ["r/a"]);
}

#[test]
fn printenv_prints_variables_and_fails_without_them() {
    assert_eq!(
        pushes("A=1\ndocker push r/a:$(printenv A)-$(/usr/bin/printenv CI_COMMIT_SHA)"),
        ["r/a:1-$CI_COMMIT_SHA"]
    );
    assert_eq!(
        pushes("A=1\nprintenv A && docker push r/a:$A\nunset A\nprintenv A || docker push r/b"),
        ["r/a:1", "r/b"]
    );
    assert_eq!(pushes("A=1; B=2\nfor I in $(printenv A B); do docker push r/a:$I; done"), ["r/a:1", "r/a:2"]);
    assert_eq!(pushes("docker push r/a:$(env | cut -c1-3)"), ["r/a:$(env"]);
}

#[test]
fn echo_reads_escapes_where_it_is_told_to() {
    assert_eq!(pushes("echo -e 'r/a\\nr/b' | while read -r I; do docker push $I; done"), ["r/a", "r/b"]);
    assert_eq!(pushes("docker push \"$(printf 'r/a:%02d' 3)\""), ["r/a:03"]);
}

#[test]
fn a_program_s_here_document_sets_nothing_and_a_loop_behind_a_pipe_runs_no_trap() {
    let script = "EMPTY=\ncat <<E\n${EMPTY:=web}\nE\ndocker push \"$CI_REGISTRY_IMAGE:${EMPTY:-none}\"";
    assert!(alone(script, &[])[0].contains("$CI_REGISTRY_IMAGE:none "), "{:?}", alone(script, &[]));
    let script = "EMPTY=\nread x <<E\n${EMPTY:=web}\nE\ndocker push \"$CI_REGISTRY_IMAGE:${EMPTY:-none}\"";
    assert!(alone(script, &[])[0].contains("$CI_REGISTRY_IMAGE:web "), "{:?}", alone(script, &[]));
    let trap = |side: &str| alone(&format!("echo a | {side}"), &[]).len();
    assert_eq!(trap("{ trap 'docker push $CI_REGISTRY_IMAGE:a' EXIT; }"), 1);
    assert_eq!(trap("while read x; do trap 'docker push $CI_REGISTRY_IMAGE:a' EXIT; done"), 0);
}

#[test]
fn what_a_ref_decides_outlives_many_questions() {
    let questions = "A=${A:-d}\nB=${B:-d}\nC=${C:-d}\nD=${D:-d}\nif [ -n \"$E\" ]; then E=x; fi";
    let told = |then: &str| after_login(&format!("{questions}\n{then}"), &[]);
    let tag = told("if [ -n \"$CI_COMMIT_TAG\" ]; then docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_TAG; fi");
    assert!(tag[0].ends_with("$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG job"), "{tag:?}");
    let branches = "case $CI_COMMIT_BRANCH in a) X=1;; b) X=2;; *) X=3;; esac";
    let lost = told(&format!("{branches}\n[ $X = 1 ] && docker push $CI_REGISTRY/a:x"));
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].ends_with("$CI_REGISTRY/a:x job"), "which branch it was is no more known: {lost:?}");
}

#[test]
fn a_host_is_put_in_front_where_it_is_not_there() {
    let told = |script: &str| after_login(&format!("{script}\ndocker push $IMG"), &[]);
    let one = |script: &str, reference: &str| {
        let told = told(script);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with(&format!(" {reference} job")), "{told:?}");
    };
    let add = "IMG=$CI_REGISTRY_IMAGE/$IMG";
    let app = "$CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA";
    one(&format!("IMG=app:$CI_COMMIT_SHA\n[[ $IMG == \"$CI_REGISTRY_IMAGE/\"* ]] || {add}"), app);
    one(&format!("IMG=app:$CI_COMMIT_SHA\ncase $IMG in */*) ;; *) {add};; esac"), app);
    one(&format!("IMG={app}\n[[ $IMG =~ ^$CI_REGISTRY/ ]] || {add}"), app);
    one("IMG=${CI_REGISTRY_IMAGE%/}/app:$CI_COMMIT_SHA", app);
    one("IMG=$(echo $CI_REGISTRY_IMAGE/App:$CI_COMMIT_SHA | tr A-Z a-z)", app);
    let both = told("if ./check; then IMG=app:x; else IMG=$CI_REGISTRY_IMAGE:x; fi");
    assert!(both.iter().any(|line| line.ends_with(" app:x none push-outside-project")), "{both:?}");
}

#[test]
fn what_a_printed_variable_is_not_is_not_printed() {
    let script = "P=$(printenv IMAGE_TAG || echo dev)\ndocker push r/a:$P";
    assert_eq!(pushes(script), ["r/a:$IMAGE_TAG", "r/a:dev"]);
    let guarded = "if printenv CI_COMMIT_TAG; then docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_TAG; fi";
    assert!(after_login(guarded, &[])[0].ends_with("$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG job"));
}

#[test]
fn states_that_became_one_blur_only_what_rests_on_them() {
    let many = |number: usize| format!("if [ -n \"$V{number}\" ]; then X{number}=a; else X{number}=b; fi\n");
    let many: String = (0..7).map(many).collect();
    let told = |script: &str| after_login(&format!("{many}{script}"), &[]);
    let option = told("if [ \"$X3\" = a ]; then A=--all; fi\ndocker push $CI_REGISTRY_IMAGE-x:1");
    assert!(option[0].ends_with(" push-outside-project"), "{option:?}");
    let guarded = told("if [ \"$X3\" = a ]; then docker push $CI_REGISTRY_IMAGE-x:1; fi");
    assert!(guarded[0].ends_with(" job"), "{guarded:?}");
}
