//! Where a job's commands run: scripts, packages, other machines, the ends of shells.

use super::{after_login, alone, walked};

const PUSH: &str = "docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\n";
const SEEN: &str = "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";

/// The script finds the push of `ci/x.sh`.
fn finds_it(script: &str) {
    assert_eq!(after_login(script, &[("ci/x.sh", PUSH)]), [format!("ci/x.sh:1 {SEEN} job")], "{script}");
}

#[test]
fn scripts_are_found_however_they_are_called() {
    for script in [
        "./ci/x.sh",
        "chmod +x ci/x.sh && ci/x.sh",
        "sh -eux ci/x.sh a b",
        "bash -o pipefail -e ci/x.sh",
        ". ci/x.sh",
        "source ./ci/x.sh arg",
        "$CI_PROJECT_DIR/ci/x.sh",
        "\"${CI_PROJECT_DIR}/ci/x.sh\" arg",
        "bash $PWD/ci/x.sh",
        "bash \"$(pwd)/ci/x.sh\"",
        "cd ci\n./x.sh",
        "(cd ci && sh x.sh)",
        "cd ci && cd .. && ci/x.sh",
        "pushd ci\npopd\nci/x.sh",
        "pushd ci && ./x.sh",
        "cat ci/x.sh | bash",
        "bash < ci/x.sh",
        "bash -s -- a b < ci/x.sh",
        "sh -c 'ci/x.sh'",
        "exec ./ci/x.sh",
        "$(git rev-parse --show-toplevel)/ci/x.sh",
    ] {
        finds_it(script);
    }
}

#[test]
fn a_script_finds_what_lies_beside_it() {
    let outer = "#!/bin/sh\n. \"$(dirname \"$0\")/x.sh\"\n";
    let cd = "#!/bin/bash\ncd \"$(dirname \"${BASH_SOURCE[0]}\")\"\n./x.sh\n";
    for text in [outer, cd] {
        let told = after_login("./ci/outer.sh", &[("ci/outer.sh", text), ("ci/x.sh", PUSH)]);
        assert_eq!(told, [format!("ci/x.sh:1 {SEEN} job")], "{text}");
    }
}

#[test]
fn texts_on_a_shells_input_are_scripts() {
    for script in [
        "bash <<'EOF'\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\nEOF",
        "bash -s <<EOF\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\nEOF",
        "bash <<< 'docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA'",
        "echo 'docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA' | sh",
        "source <(echo 'docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA')",
    ] {
        let told = after_login(script, &[]);
        assert_eq!(told.len(), 1, "{script}: {told:?}");
        assert!(told[0].contains(SEEN) && told[0].ends_with(" job"), "{script}: {told:?}");
    }
}

#[test]
fn a_program_that_the_job_writes_is_followed_wherever_it_stands() {
    for script in [
        "printf '#!/bin/sh\\ndocker push \"$@\"\\n' > /opt/x\n/opt/x $CI_REGISTRY_IMAGE/a:1",
        "echo 'docker push \"$1\"' > /usr/local/bin/x\nx $CI_REGISTRY_IMAGE/a:1",
    ] {
        let told = after_login(script, &[]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with(" $CI_REGISTRY_IMAGE/a:1 job"), "{told:?}");
    }
}

#[test]
fn a_python_script_and_a_missing_one_are_told() {
    assert_eq!(after_login("./x.py", &[("x.py", "#!/usr/bin/env python3\n")]), ["unread ./x.py"]);
    assert_eq!(after_login("./lost.sh", &[]), ["unread ./lost.sh"]);
}

#[test]
fn errexit_is_that_of_the_shell_that_runs() {
    let script = "false\ndocker push $CI_REGISTRY_IMAGE:a\n";
    assert_eq!(after_login("sh x.sh", &[("x.sh", script)]), ["x.sh:2 $CI_REGISTRY_IMAGE:a job"]);
    assert_eq!(after_login("sh -e x.sh", &[("x.sh", script)]), Vec::<String>::new());
    let strict = format!("#!/bin/sh -e\n{script}");
    assert_eq!(after_login("./x.sh", &[("x.sh", &strict)]), Vec::<String>::new());
    assert_eq!(after_login("sh x.sh", &[("x.sh", &strict)]), ["x.sh:3 $CI_REGISTRY_IMAGE:a job"]);
}

#[test]
fn packages_run_their_scripts_by_name() {
    let package = "{\"scripts\": {\n\t\"prepublish-image\": \"docker push $CI_REGISTRY_IMAGE:pre\",\n\t\"publish-image\": \"docker push $CI_REGISTRY_IMAGE:$TAG\",\n\t\"tag\": \"docker push\"}}";
    let files = [("package.json", package), ("web/package.json", package)];
    let run = |script: &str| after_login(script, &files);
    let both = ["package.json:2 $CI_REGISTRY_IMAGE:pre job", "package.json:3 $CI_REGISTRY_IMAGE:1 job"];
    assert_eq!(run("TAG=1 npm run publish-image"), both);
    assert_eq!(run("TAG=1 yarn publish-image"), both);
    assert_eq!(run("npm run tag -- $CI_REGISTRY_IMAGE:x"), [".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE:x job"]);
    assert_eq!(run("pnpm -C web tag $CI_REGISTRY_IMAGE:x"), [".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE:x job"]);
    assert_eq!(run("npm ci"), Vec::<String>::new());
    assert_eq!(run("npm run other"), ["unread npm"]);
}

#[test]
fn a_fresh_container_has_no_login_of_the_job() {
    let refused = [format!(".gitlab-ci.yml:6 {SEEN} none push-without-login")];
    let run = "docker run --rm -e CI_REGISTRY_IMAGE -e CI_COMMIT_SHA -v /var/run/docker.sock:/var/run/docker.sock";
    let push = "docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
    assert_eq!(after_login(&format!("{run} docker:28 sh -c '{push}'"), &[]), refused);
    let login = "docker login -u gitlab-ci-token -p $CI_JOB_TOKEN $CI_REGISTRY";
    let inside = format!("{run} -e CI_JOB_TOKEN -e CI_REGISTRY docker:28 sh -c '{login} && {push}'");
    assert_eq!(alone(&inside, &[]), [format!(".gitlab-ci.yml:5 {SEEN} job")]);
    // A mounted store, an image of somebody's own: nobody knows.
    let shared = format!("{run} -v $HOME/.docker:/root/.docker docker:28 sh -c '{push}'");
    let odd = format!("{run} acme/tools sh -c '{push}'");
    for script in [shared, odd] {
        let told = after_login(&script, &[]);
        assert!(told.len() == 1 && !told[0].contains("push-"), "{script}: {told:?}");
    }
}

#[test]
fn a_login_inside_does_not_help_outside() {
    let script = "docker run --rm docker:28 docker login -u gitlab-ci-token -p $CI_JOB_TOKEN $CI_REGISTRY\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
    assert_eq!(alone(script, &[]), [format!(".gitlab-ci.yml:6 {SEEN} none push-without-login")]);
}

#[test]
fn a_host_keeps_its_own_logins() {
    for script in [
        "ssh deploy@host \"docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\"",
        "ssh host docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA",
        "ssh host <<EOF\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\nEOF",
        "ssh host bash -s <<EOF\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\nEOF",
        "kubectl exec -it pod -- docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA",
        "docker exec box docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA",
    ] {
        let told = alone(script, &[]);
        assert!(told.len() == 1 && told[0].contains(SEEN) && !told[0].contains("push-"), "{script}: {told:?}");
    }
    let told = alone("ssh host 'bash -s' < ci/x.sh", &[("ci/x.sh", PUSH)]);
    assert!(told.len() == 1 && told[0].starts_with("ci/x.sh:1") && !told[0].contains("push-"), "{told:?}");
}

#[test]
fn gitlabs_variables_are_not_there() {
    let told = after_login("ssh host 'docker push $CI_REGISTRY_IMAGE-x:$CI_COMMIT_SHA'", &[]);
    assert_eq!(told, [".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE-x:$CI_COMMIT_SHA unknown"]);
}

#[test]
fn jobs_in_the_background_and_files_of_processes_are_followed() {
    let both = "docker push $CI_REGISTRY_IMAGE:a &\n{ docker push $CI_REGISTRY_IMAGE:b; } &\nwait";
    let expected = [".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE:a job", ".gitlab-ci.yml:7 $CI_REGISTRY_IMAGE:b job"];
    assert_eq!(after_login(both, &[]), expected);
    let read = "while read -r tag; do docker push $CI_REGISTRY_IMAGE:$tag; done < <(printf 'a\\nb\\n')";
    let told = after_login(read, &[]);
    assert_eq!(told, expected.map(|line| line.replace(":7", ":6")));
    assert_eq!(after_login("printf 'a\\nb\\n' | xargs -I{} docker push $CI_REGISTRY_IMAGE:{}", &[]).len(), 2);
    let found = after_login("find . -name '*.tag' -exec docker push {} \\;", &[]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_shell_runs_its_trap_at_its_end() {
    let push = "trap 'docker push $CI_REGISTRY_IMAGE:$TAG' EXIT\nTAG=late\nexit 0";
    assert_eq!(after_login(push, &[]), [".gitlab-ci.yml:6 $CI_REGISTRY_IMAGE:late job"]);
    let cleared = "trap 'docker push $CI_REGISTRY_IMAGE:x' EXIT\ntrap - EXIT";
    assert_eq!(after_login(cleared, &[]), Vec::<String>::new());
    let script = "trap 'docker logout $CI_REGISTRY' EXIT\n";
    let told = after_login(&format!("sh x.sh\n{}", PUSH.trim()), &[("x.sh", script)]);
    assert_eq!(told, [format!(".gitlab-ci.yml:7 {SEEN} none push-without-login")]);
    let own = after_login(&format!("{script}{}", PUSH.trim()), &[]);
    assert_eq!(own, [format!(".gitlab-ci.yml:7 {SEEN} job")]);
}

#[test]
fn auto_devops_builds_and_pushes_in_a_script_of_its_own_image() {
    let job = |image: &str| format!("build:\n  image: {image}\n  script: [/build/build.sh]\n");
    let copy = job("registry.gitlab.com/acme/auto-build-image/master:1");
    assert_eq!(walked(&[(".gitlab-ci.yml", &copy)]), [".gitlab-ci.yml:3 ? unknown", "unread /build/build.sh"]);
    assert_eq!(walked(&[(".gitlab-ci.yml", &job("acme/builder"))]), ["unread /build/build.sh"]);
}

#[test]
fn what_a_template_leaves_empty_is_filled_in_later() {
    let job = |name: &str| {
        format!(
            "{name}:\n  variables: {{IMAGE: \"\"}}\n  script:\n    - if [ -z \"$IMAGE\" ]; then exit 1; fi\n    - \
             docker push \"$IMAGE\"\n"
        )
    };
    assert_eq!(walked(&[(".gitlab-ci.yml", &job(".push"))]), [".gitlab-ci.yml:5 $IMAGE none"]);
    assert!(walked(&[(".gitlab-ci.yml", &job("push"))]).is_empty());
}

#[test]
fn commands_run_the_command_behind_their_operands() {
    let push = |before: &str| alone(&format!("{before} {}", PUSH.trim()), &[]);
    for before in ["timeout $LIMIT", "timeout -k 5 60", "flock -w 10 /tmp/lock", "chronic", "setsid", "nice -n 5"] {
        assert_eq!(push(before), [format!(".gitlab-ci.yml:5 {SEEN} none push-without-login")], "{before}");
    }
    let script = format!("flock /tmp/lock -c '{}'", PUSH.trim());
    assert_eq!(alone(&script, &[]), [format!(".gitlab-ci.yml:5 {SEEN} none push-without-login")]);
}
