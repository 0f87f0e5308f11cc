//! What make runs for a job.

use super::{after_login, alone, traced, with_login};

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
fn a_variable_that_is_set_where_it_is_empty_is_a_default() {
    for condition in [
        "ifeq ($(IMAGE),)",
        "ifeq (,$(IMAGE))",
        "ifeq (\"$(IMAGE)\", \"\")",
        "ifeq ($(strip ${IMAGE}),)",
        "ifndef IMAGE",
        "ifdef CI_NOT_THERE\nelse ifeq '' '$(IMAGE)'",
    ] {
        let set = "IMAGE := $(REGISTRY)/tool\nendif";
        let makefile =
            format!("REGISTRY ?= $(CI_REGISTRY_IMAGE)\n{condition}\n{set}\npush:\n    docker push $(IMAGE):a\n");
        let line = makefile.lines().count();
        let script = "export CI_NOT_THERE=\nmake push";
        assert_eq!(made(script, &makefile), [format!("Makefile:{line} HOME/tool:a job")], "{condition}");
        let script = "export CI_NOT_THERE= IMAGE=$CI_REGISTRY_IMAGE/own\nmake push";
        assert_eq!(made(script, &makefile), [format!("Makefile:{line} HOME/own:a job")], "{condition}");
    }
    let knob = "ifeq ($(TAG),)\nTAG := latest\nLATE :=\nelse\nLATE := -late\nendif\npush:\n    docker push $(CI_REGISTRY_IMAGE):$(TAG)$(LATE)\n";
    assert_eq!(made("make push", knob), ["Makefile:8 HOME:$TAG-late job", "Makefile:8 HOME:latest job"]);
    // What else the branches do hangs on the same question.
    for (branches, tags) in [
        ("W := x\nT := a\nelse\nT := b", ["a", "b"]),
        ("W := x\nelse\nT := b", ["$T", "b"]),
        ("W := x\nT := a", ["$T", "a"]),
    ] {
        let makefile = format!("ifndef W\n{branches}\nendif\npush:\n\tdocker push $(CI_REGISTRY_IMAGE):0$(T)\n");
        let line = makefile.lines().count();
        let expected = tags.map(|tag| format!("Makefile:{line} HOME:0{tag} job"));
        let mut told = made("make push", &makefile);
        told.sort();
        assert_eq!(told, expected, "{branches}");
    }
}

#[test]
fn a_question_whose_answers_come_to_the_same_is_none() {
    for makefile in [
        "ifeq ($(VERBOSE),)\nQ := @\nendif\npush:\n\t$(Q)docker push $(CI_REGISTRY_IMAGE):a\n",
        "ifdef VERBOSE\nelse\nQ := @\nendif\npush:\n\t$(Q)docker push $(CI_REGISTRY_IMAGE):a\n",
        "A = $(if $(B),,$(error B is not set))\npush: $(A)\n\tdocker push $(CI_REGISTRY_IMAGE):a$(A)\n",
    ] {
        let (traces, _) = with_login("make push", &[("Makefile", makefile)], traced);
        let [push] = &*traces.jobs[0].pushes else { panic!("{makefile}") };
        assert!(push.open.is_some(), "{makefile}");
    }
    let apart = "X := $(if $(A),$(eval T := a),$(eval T := b))\npush:\n    docker push $(CI_REGISTRY_IMAGE):$(T)\n";
    assert_eq!(made("make push", apart), ["Makefile:3 HOME:a job", "Makefile:3 HOME:b job"]);
    let sent = "push:\n    @echo $(if $(A),$(shell docker push $(CI_REGISTRY_IMAGE):a >/dev/null))\n";
    let (traces, _) = with_login("make push", &[("Makefile", &sent.replace("    ", "\t"))], traced);
    let [push] = &*traces.jobs[0].pushes else { panic!("{sent}") };
    assert!(push.open.is_none());
    let login = "$(if $(A),$(shell docker login -u $(CI_REGISTRY_USER) -p $(CI_REGISTRY_PASSWORD) $(CI_REGISTRY) >/dev/null))\npush:\n\tdocker push $(CI_REGISTRY_IMAGE):$(CI_COMMIT_SHA)\n";
    let told = alone("make push", &[("Makefile", login)]);
    assert_eq!(told, ["Makefile:3 $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA job push-without-login"]);
}

#[test]
fn a_wildcard_finds_what_the_repository_holds() {
    let push = "push:\n\tdocker push $(CI_REGISTRY_IMAGE):$(TAG)\n";
    let services = "LIST := $(notdir $(wildcard services/*))\npublish: $(LIST)\n.PHONY: $(LIST)\n$(LIST):\n\t$(MAKE) -C services/$@ push TAG=$@\n";
    let found = |services: &str, other: &str| {
        let files = [
            ("sub/Makefile", services),
            ("sub/services/b/Makefile", push),
            ("sub/services/a/Makefile", push),
            ("sub/services/.hidden/Makefile", push),
            ("sub/services/README", ""),
            (other, ""),
        ];
        let told = after_login("make -C sub publish", &files[..]);
        told.into_iter().map(|line| line.replace(HOME, "HOME")).collect::<Vec<_>>()
    };
    let both = ["sub/services/a/Makefile:2 HOME:a job", "sub/services/b/Makefile:2 HOME:b job"];
    for pattern in ["services/*/", "services/[ab]", "./services/?", "services//*/.", "$(CURDIR)/services/[!R]*"] {
        let written = services.replace("notdir", "subst services/,,").replace("services/*)", &format!("{pattern})"));
        let written = written
            .replace("subst services/,,", "notdir $(patsubst %/,%,$(patsubst %/.,%,")
            .replace("))\npub", "))))\npub");
        assert_eq!(found(&written, "sub/x"), both, "{pattern}");
    }
    // README is no folder with a Makefile: make fails there.
    let told = found(services, "sub/x");
    assert!(told.contains(&both[0].to_owned()) && told.contains(&"unread make".to_owned()), "{told:?}");
    // What is not there may be made by the job.
    let lost = services.replace("services/*", "made/*");
    assert_eq!(found(&lost, "sub/x"), ["unread make"]);
    let unknown = services.replace("services/*", "$(WHERE)/*");
    assert_eq!(found(&unknown, "sub/x"), ["unread make"]);
    let outside = services.replace("services/*", "../../*");
    assert_eq!(found(&outside, "sub/x"), ["unread make"]);
}

#[test]
fn a_list_of_files_decides_what_is_there() {
    let makefile = "include parts/*.mk\nifneq ($(wildcard VERSION),)\nTAG := $(firstword $(wildcard a* c))\nendif\npush:\n    docker push $(IMAGE):$(TAG)\n".replace("    ", "\t");
    let files = [
        ("Makefile", makefile.as_str()),
        ("VERSION", ""),
        ("a2", ""),
        ("a1", ""),
        ("parts/one.mk", "IMAGE = $(CI_REGISTRY_IMAGE)/$(NAME)\n"),
        ("parts/two.mk", "NAME = n\n"),
    ];
    assert_eq!(after_login("make push", &files), ["Makefile:6 $CI_REGISTRY_IMAGE/n:a1 job"]);
}

#[test]
fn a_target_that_is_nowhere_is_not_made() {
    let push = "push:\n    docker push $(CI_REGISTRY_IMAGE):a\n";
    assert_eq!(made("make docker", push), Vec::<String>::new());
    assert_eq!(made("make docker", ""), Vec::<String>::new());
    // The job may have brought another Makefile.
    assert_eq!(made("make docker-push", push), [".gitlab-ci.yml:6 ? unknown", "unread make"]);
    assert_eq!(made("make", "X = 1\n"), Vec::<String>::new());
    assert_eq!(made("make push", &push.replace("push:", "push: bin/app")), ["Makefile:2 HOME:a job"]);
    let beside = |makefile: &str| {
        let files = [("Makefile", makefile), ("mk", "")];
        after_login("make docker", &files)
    };
    for more in [
        "-include local.mk",
        "include mk*",
        "include $(wildcard mk*)",
        "M := $(wildcard mk*)\ninclude $(M)",
        "$(shell find .):",
        ".DEFAULT:",
        "a\\%b%:",
    ] {
        assert_eq!(beside(&format!("all:\n{more}\n")), ["unread make"], "{more}");
    }
    assert_eq!(made("export MAKEFILES=more.mk\nmake docker", push), ["unread make"]);
    let many: Vec<String> = (0..80).map(|number| number.to_string()).collect();
    let many = format!("$(foreach n,{} docker,$(n)-push): push\n{push}", many.join(" "));
    assert_eq!(made("make docker-push", &many), [".gitlab-ci.yml:6 ? unknown", "unread make"]);
    let later = format!("L = docker\n.SECONDEXPANSION:\nall: $$(L)\ndocker: push\n\t:\n{push}");
    assert_eq!(made("make all", &later), ["unread make"]);
    assert_eq!(made("make docker-push", &push.replace("push:", "%-push:")), ["Makefile:2 HOME:a job"]);
}

#[test]
fn several_makefiles_are_read_as_one() {
    let one = "T = a\n\nfirst: push\n";
    let files = [("a.mk", one), ("b.mk", "push:\n\tdocker push $(CI_REGISTRY_IMAGE):$(T)\n")];
    let expected = ["b.mk:2 $CI_REGISTRY_IMAGE:a job"];
    assert_eq!(after_login("make -f a.mk -f b.mk", &files), expected);
    assert_eq!(after_login("make --file=b.mk -f a.mk first", &files), expected);
    assert_eq!(after_login("make -f a.mk first", &files), ["unread make"]);
    assert_eq!(after_login("make -f b.mk --eval='x: y' x", &files), ["unread make"]);
}

#[test]
fn a_list_of_targets_that_is_not_known_is_told() {
    let makefile = "LIST := $(shell ./list.sh)\nall: $(addsuffix -image,$(LIST)) $(shell find src)\n$(addsuffix -image,$(LIST)): %-image:\n    docker push $(CI_REGISTRY_IMAGE):$*\n";
    assert_eq!(made("make all", makefile).last().unwrap(), "unread make");
    assert_eq!(made("make", makefile).last().unwrap(), "unread make");
    assert_eq!(made("make all", &makefile.replace("$(addsuffix -image,$(LIST)):", "x:")), ["unread ./list.sh"]);
    // A pattern rule may be meant.
    let login = "\tdocker login -u $(CI_REGISTRY_USER) -p $(CI_REGISTRY_PASSWORD) $(CI_REGISTRY)\n";
    let script = "make setup\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
    let told = |rule: &str| {
        let makefile = format!("LIST := $(shell ls $(WHERE))\nsetup: $(LIST:%=in-%)\n{rule}:\n{login}");
        alone(script, &[("Makefile", &makefile)])
    };
    let pushed = ".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA none";
    assert_eq!(told("in-%"), [pushed, "unread make"]);
    assert_eq!(told("out-%"), [format!("{pushed} push-without-login")]);
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
fn a_missing_file_is_told() {
    assert_eq!(alone("make push", &[]), [".gitlab-ci.yml:5 ? unknown", "unread make"]);
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

#[test]
fn a_name_is_what_make_takes_it_for() {
    let push = "    docker push $(CI_REGISTRY_IMAGE):a\n";
    for (goal, rule) in [
        ("docker:push", "docker\\:push:"),
        ("docker:push", "docker\\:login docker\\:push:: x"),
        ("all", "all: docker\\:push\ndocker\\:push:"),
        ("a#b", "a\\#b:"),
        ("a%b", "a\\%b:"),
        ("push", ".//push:"),
        ("././push", "push:"),
        ("all", "all: ./push\n\npush:"),
        ("push", "push: ./push-a\npush-%:"),
    ] {
        let makefile = format!("{rule}\n{push}");
        let line = makefile.lines().count();
        assert_eq!(made(&format!("make {goal}"), &makefile), [format!("Makefile:{line} HOME:a job")], "{rule}");
    }
}
