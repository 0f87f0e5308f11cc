//! What just and task run for a job.

use super::after_login;

const JUSTFILE: &str = "
registry := env('CI_REGISTRY_IMAGE')
tag := env_var_or_default('TAG', `git rev-parse HEAD`)
export REPO := registry / 'app'
alias p := push

default: build

# builds
build:
    docker build -t {{registry}} .

push name version=tag *rest: build && done
    @echo pushing {{name}}
    docker push {{registry}}/{{name}}:{{version}}
    docker push $REPO:{{ if version == 'x' { 'yes' } else { 'no' } }}

done:
    #!/usr/bin/env bash
    set -e
    for t in a b; do
      docker push $REPO:$t
    done

py:
    #!/usr/bin/env python3
    print()
";

fn just(script: &str) -> Vec<String> {
    let told = after_login(script, &[("justfile", JUSTFILE), ("sub/x", "")]);
    told.into_iter().map(|line| line.replace("$CI_REGISTRY_IMAGE", "HOME")).collect()
}

#[test]
fn a_recipe_runs_with_its_arguments_between_its_dependencies() {
    let expected = [
        "justfile:15 HOME/web:x job",
        "justfile:16 HOME/app:yes job",
        "justfile:22 HOME/app:a job",
        "justfile:22 HOME/app:b job",
    ];
    assert_eq!(just("just push web x"), expected);
    assert_eq!(just("cd sub && just p web x"), expected);
    assert_eq!(just("TAG=t just push web")[..2], ["justfile:15 HOME/web:t job", "justfile:16 HOME/app:no job"]);
    assert_eq!(just("just push web")[0], "justfile:15 HOME/web:$(git rev-parse HEAD) job");
    assert_eq!(just("just --list"), Vec::<String>::new());
    assert_eq!(just("just py"), ["unread just"]);
    assert_eq!(just("just other"), ["unread just"]);
}

const TASKFILE: &str = "
version: '3'
vars:
  IMAGE: '{{.CI_REGISTRY_IMAGE}}/app'
  SHA: {sh: git rev-parse HEAD}
env:
  REPO: $CI_REGISTRY_IMAGE/env
tasks:
  default: task push
  push:
    deps: [build]
    vars: {TAG: '{{.TAG | default \"latest\"}}'}
    cmds:
      - docker push {{.IMAGE}}:{{.TAG}}
      - task: one
        vars: {NAME: n}
      - cmd: docker push $CI_REGISTRY_IMAGE:{{.SHA}}
  one: docker push {{.IMAGE}}:{{.NAME}}{{.CLI_ARGS}}
  build:
    dir: sub
    cmds: [./x.sh]
  odd:
    cmds: ['{{if .X}}docker push a{{end}}']
";

fn task(script: &str) -> Vec<String> {
    let files = [("Taskfile.yml", TASKFILE), ("sub/x.sh", "docker push $CI_REGISTRY_IMAGE:x")];
    after_login(script, &files).into_iter().map(|line| line.replace("$CI_REGISTRY_IMAGE", "HOME")).collect()
}

#[test]
fn a_task_runs_after_its_dependencies_with_its_variables() {
    let expected = [
        "sub/x.sh:1 HOME:x job",
        "Taskfile.yml:14 HOME/app:t job",
        "Taskfile.yml:18 HOME/app:n job",
        "Taskfile.yml:17 HOME:$(git rev-parse HEAD) job",
    ];
    assert_eq!(task("task push TAG=t"), expected);
    assert_eq!(task("task one NAME=a -- -b"), ["Taskfile.yml:18 HOME/app:a-b job"]);
    assert_eq!(task("task odd"), ["unread task"]);
    assert_eq!(task("task other"), ["unread task"]);
}

#[test]
fn files_that_never_end_do() {
    let justfile = "a: b\n    just a\nb: a\n    {{x}}\nx := y\ny := x\n";
    after_login("just a", &[("justfile", justfile)]);
    let taskfile = "tasks:\n  a:\n    deps: [b]\n    cmds: [{task: a}, {task: b}]\n  b: [{task: a}, task a]\n";
    after_login("task a", &[("Taskfile.yml", taskfile)]);
}

/// Texts of these words in an order that is the same in each run.
fn shuffled(words: &[&str], count: usize) -> Vec<String> {
    let mut seed = 7_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    (0..count).map(|_| (0..40).map(|_| words[next() % words.len()]).collect()).collect()
}

/// Pieces of all these languages, apart by `~`.
const PIECES: &str = "a~b~:~=~:=~?=~+=~\n~\n\t~\\\n~$~$(~${~)~}~$$~$@~$(a)~#~%~ifeq (~ifdef a\n~else\n~endif\n~define a\n~\
    endef\n~include ~$(foreach a,b,~$(call a,~$(eval ~$(shell echo ~,~;~é~\u{a0}~'~\"~{{~}}~`~  ~a:\n\tdocker push ~\
    if a == b { c } else ~(~+~/~tasks:\n  a:\n    cmds:\n      - ~|~&&~@-";

#[test]
fn any_text_is_read_without_a_panic() {
    let words: Vec<&str> = PIECES.split('~').collect();
    for text in shuffled(&words, 400) {
        let makefile = format!("a:\n\techo\n{text}");
        let justfile = format!("a:\n    echo\n{text}");
        let taskfile = format!("tasks:\n  a:\n    cmds:\n      - {text}");
        let files =
            [("Makefile", makefile), ("justfile", justfile), ("Taskfile.yml", taskfile), ("package.json", text)];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        for tool in ["make", "just", "task", "npm run"] {
            after_login(&format!("{tool} a"), &files);
        }
    }
}
