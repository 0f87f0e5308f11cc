//! What make runs for a job.

use super::{after_login, alone};

const HOME: &str = "$CI_REGISTRY_IMAGE";

fn made(script: &str, makefile: &str) -> Vec<String> {
    let makefile = makefile.replace("    ", "\t");
    after_login(script, &[("Makefile", &makefile)]).into_iter().map(|line| line.replace(HOME, "HOME")).collect()
}

#[test]
fn a_target_runs_after_its_prerequisites_and_each_once() {
    let makefile = "all: b a b\n    docker push $(CI_REGISTRY_IMAGE):all\na: b\n    docker push $(CI_REGISTRY_IMAGE):$@\nb:\n    docker push $(CI_REGISTRY_IMAGE):$@\n";
    let expected = ["Makefile:6 HOME:b job", "Makefile:4 HOME:a job", "Makefile:2 HOME:all job"];
    assert_eq!(made("make", makefile), expected);
    assert_eq!(made("make -j 4 b", makefile), expected[..1]);
    assert_eq!(made("make -n", makefile), Vec::<String>::new());
}

#[test]
fn the_command_line_beats_the_file_and_the_file_the_environment() {
    let makefile = "A = file\nB ?= file\nC = $(A)-$(B)\npush:\n    docker push $(CI_REGISTRY_IMAGE):$(C)\n";
    assert_eq!(made("export A=env B=env\nmake push", makefile), ["Makefile:5 HOME:file-env job"]);
    assert_eq!(made("export B=env\nmake push A=line", makefile), ["Makefile:5 HOME:line-env job"]);
}

#[test]
fn a_default_that_settings_may_replace_is_both() {
    let makefile = "TAG ?= latest\nREPO ?= $(CI_REGISTRY_IMAGE)\npush:\n    docker push $(REPO):$(TAG)\n";
    assert_eq!(made("make push", makefile), ["Makefile:4 HOME:$TAG job", "Makefile:4 HOME:latest job"]);
    assert_eq!(made("make push TAG=1", makefile), ["Makefile:4 HOME:1 job"]);
}

#[test]
fn make_calls_itself_with_its_overrides_and_in_other_folders() {
    let makefile = "push:\n    $(MAKE) -C sub one\n    cd sub && $(MAKE) one\n";
    let sub = "one:\n\tdocker push $(CI_REGISTRY_IMAGE):$(TAG)\n";
    let told = after_login("make push TAG=x", &[("Makefile", &makefile.replace("    ", "\t")), ("sub/Makefile", sub)]);
    assert_eq!(told, ["sub/Makefile:2 $CI_REGISTRY_IMAGE:x job"]);
}

#[test]
fn conditionals_are_decided_or_kept_open() {
    let makefile = "push:\nifdef CI\n    docker push $(CI_REGISTRY_IMAGE):ci\nendif\nifneq ($(CI_COMMIT_TAG),)\n    docker push $(CI_REGISTRY_IMAGE):$(CI_COMMIT_TAG)\nelse ifeq \"$(NAME)\" \"x\"\n    docker push $(CI_REGISTRY_IMAGE):x\nelse\n    docker push $(CI_REGISTRY_IMAGE):other\nendif\n";
    let expected = ["Makefile:3 HOME:ci job", "Makefile:6 HOME:$CI_COMMIT_TAG job", "Makefile:10 HOME:other job"];
    assert_eq!(made("export NAME=y\nmake push", makefile), expected);
}

#[test]
fn what_the_shell_expands_is_not_makes() {
    let makefile = "TAG = make\npush:\n    for t in a $(TAG); do docker push $(CI_REGISTRY_IMAGE):$$t; done\n    TAG=shell; docker push $(CI_REGISTRY_IMAGE):$$TAG\n    sh -c 'docker push $(CI_REGISTRY_IMAGE):$(TAG)-q'\n";
    let expected = [
        "Makefile:3 HOME:a job",
        "Makefile:3 HOME:make job",
        "Makefile:4 HOME:shell job",
        "Makefile:5 HOME:make-q job",
    ];
    assert_eq!(made("make push", makefile), expected);
}

#[test]
fn functions_and_canned_recipes_are_put_in() {
    let makefile = "TAGS := a b\nBRANCH = $(subst /,-,$(CI_COMMIT_REF_NAME))\ndefine send\n@echo $(1)\n@docker push $(CI_REGISTRY_IMAGE)/$(1):$(lastword $(TAGS))\nendef\npush:\n    $(foreach t,$(TAGS:%=x%),docker push $(CI_REGISTRY_IMAGE):$(t);)\n    $(call send,web)\n    docker push $(CI_REGISTRY_IMAGE):$(BRANCH)\n";
    let expected = [
        "Makefile:8 HOME:xa job",
        "Makefile:8 HOME:xb job",
        "Makefile:5 HOME/web:b job",
        "Makefile:10 HOME:$(subst /,-,$CI_COMMIT_REF_NAME) job",
    ];
    assert_eq!(made("make push", makefile), expected);
}

#[test]
fn pattern_rules_and_target_variables_hold_for_their_targets() {
    let makefile = "IMAGE = none\npush-web: IMAGE = www\npush-%: build-%\n    docker push $(CI_REGISTRY_IMAGE)/$*:$(IMAGE)\nbuild-%:\n    docker build -t $(CI_REGISTRY_IMAGE)/$*:$(IMAGE) .\n";
    assert_eq!(
        made("make push-web push-api", makefile),
        ["Makefile:4 HOME/web:www job", "Makefile:4 HOME/api:none job"]
    );
}

#[test]
fn a_failing_line_ends_the_recipe_unless_told_otherwise() {
    let makefile = "a:\n    false\n    docker push $(CI_REGISTRY_IMAGE):no\nb:\n    -false\n    false; docker push $(CI_REGISTRY_IMAGE):yes\n";
    assert_eq!(made("make a || true", makefile), Vec::<String>::new());
    assert_eq!(made("make b", makefile), ["Makefile:6 HOME:yes job"]);
    assert_eq!(made("make a && docker push $CI_REGISTRY_IMAGE:after", makefile), Vec::<String>::new());
}

#[test]
fn included_files_of_the_repository_are_read_and_others_noted() {
    let makefile = "-include .env\ninclude common.mk\ninclude lost.mk\npush:\n\tdocker push $(IMAGE)\n";
    let told = after_login("make push", &[("Makefile", makefile), ("common.mk", "IMAGE := $(CI_REGISTRY_IMAGE):c\n")]);
    assert_eq!(told, ["Makefile:5 $CI_REGISTRY_IMAGE:c job", "unread lost.mk"]);
}

#[test]
fn a_missing_file_or_target_is_told() {
    assert_eq!(alone("make push", &[]), [".gitlab-ci.yml:5 ? unknown", "unread make"]);
    assert_eq!(made("make other", "push:\n    docker push x\n"), ["unread make"]);
}

#[test]
fn a_push_of_a_recipe_without_a_login_is_refused_where_it_stands() {
    let told = alone("make push", &[("Makefile", "push:\n\tdocker push $(CI_REGISTRY_IMAGE):$(CI_COMMIT_SHA)\n")]);
    assert_eq!(told, ["Makefile:2 $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA none push-without-login"]);
}

#[test]
fn one_shell_runs_the_whole_recipe_where_the_file_says_so() {
    let makefile = ".ONESHELL:\n.SHELLFLAGS = -ec\npush:\n    TAG=one\n    docker push $(CI_REGISTRY_IMAGE):$$TAG\n    false\n    docker push $(CI_REGISTRY_IMAGE):never\n";
    assert_eq!(made("make push", makefile), ["Makefile:5 HOME:one job"]);
}

#[test]
fn what_make_prints_is_known_where_it_is_silent() {
    let makefile = "tag:\n    @echo from-make\n";
    let script = "docker push $CI_REGISTRY_IMAGE:$(make -s tag)";
    assert_eq!(made(script, makefile), [".gitlab-ci.yml:6 HOME:from-make job"]);
}

#[test]
fn makefiles_that_never_end_do() {
    for makefile in [
        "a: b\nb: a\n\tdocker push x\n",
        "A = $(A)\na:\n\techo $(A)\n",
        "A = $(B)$(B)\nB = $(C)$(C)\nC = $(D)$(D)\nD = $(E)$(E)\nE = $(A)\na:\n\techo $(A)\n",
        "include Makefile\na:\n\techo\n",
        "a:\n\t$(MAKE) a\n",
        "X = $(eval $(X))$(X)\na:\n\techo $(X)\n",
        "L = 1 2 3 4 5 6 7 8 9\nF = $(foreach a,$(L),$(foreach b,$(L),$(foreach c,$(L),$(foreach d,$(L),$(foreach e,$(L),$(foreach f,$(L),$(foreach g,$(L),x)))))))\na:\n\techo $(F)\n",
    ] {
        after_login("make a", &[("Makefile", makefile)]);
    }
}
