//! Whose credential a push uses: what files hold, what the clients find by themselves, what commands print.

use super::{after_login, alone, walked};

/// What `alone` tells, without the places.
fn told(lines: Vec<String>) -> Vec<String> {
    lines.iter().map(|line| line.split_once(' ').map_or(line.as_str(), |(_, rest)| rest).to_owned()).collect()
}

/// What kaniko of a version does with the last push after these lines.
fn kaniko(version: &str, lines: &str, reference: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("      {line}\n")).collect();
    let text = format!(
        "a:\n  image: gcr.io/kaniko-project/executor:{version}\n  script:\n    - |\n{lines}      /kaniko/executor --destination {reference}\n"
    );
    told(walked(&[(".gitlab-ci.yml", &text)])).pop().unwrap_or_default().replace(&format!("{reference} "), "")
}

/// Writes kaniko's file for a host.
fn written(host: &str, user: &str, password: &str) -> String {
    format!(
        r#"echo "{{\"auths\":{{\"{host}\":{{\"username\":\"{user}\",\"password\":\"{password}\"}}}}}}" > /kaniko/.docker/config.json"#
    )
}

#[test]
fn kaniko_asks_its_file_before_gitlabs_variables() {
    let glued = "$CI_REGISTRY_IMAGE-x:1";
    let deploy = written("$CI_REGISTRY", "$CI_DEPLOY_USER", "$CI_DEPLOY_PASSWORD");
    let job = written("$CI_REGISTRY", "$CI_REGISTRY_USER", "$CI_REGISTRY_PASSWORD");
    let hub = written("https://index.docker.io/v1/", "$HUB_USER", "$HUB_PASSWORD");
    let encoded = "cat > /kaniko/.docker/config.json <<EOF\n{\"auths\":{\"$CI_REGISTRY\":{\"auth\":\"$(printf %s:%s \"$U\" \"$TOKEN\" | base64 -w0)\"}}}\nEOF";
    for version in ["debug", "v1.9.0-debug", "v1.8.1-debug"] {
        assert_eq!(kaniko(version, &deploy, glued), "deploy", "{version}");
        assert_eq!(kaniko(version, &job, glued), "job push-outside-project", "{version}");
        assert_eq!(kaniko(version, encoded, glued), "own", "{version}");
        for unknown in ["cat \"$CFG\"", "echo \"$DOCKER_AUTH_CONFIG\""] {
            let lines = format!("{unknown} > /kaniko/.docker/config.json");
            assert_eq!(kaniko(version, &lines, glued), "unknown", "{version} {unknown}");
        }
    }
    // nothing for the host stands there
    for lines in ["", "mkdir -p /kaniko/.docker", &hub, &format!("{deploy}\nrm /kaniko/.docker/config.json")] {
        assert_eq!(kaniko("debug", lines, glued), "job push-outside-project", "{lines}");
    }
    // a cloud's helper has nothing for GitLab
    let cloud = "echo '{\"credsStore\":\"ecr-login\"}' > /kaniko/.docker/config.json";
    assert_eq!(kaniko("debug", cloud, glued), "job push-outside-project");
    assert_eq!(kaniko("debug", cloud, "$ECR/app:1"), "own");
    assert_eq!(kaniko("v1.8.1-debug", cloud, "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"), "none push-without-login");
    assert_eq!(kaniko("v1.8.1-debug", &hub, "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"), "none push-without-login");
}

#[test]
fn what_kaniko_may_find_is_not_missing() {
    let home = "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
    let deploy = written("$CI_REGISTRY", "$CI_DEPLOY_USER", "$CI_DEPLOY_PASSWORD");
    // some states write the file
    assert_eq!(kaniko("debug", &format!("if [ -n \"$X\" ]; then {deploy}; fi"), home), "unknown");
    let job = written("$CI_REGISTRY", "$CI_REGISTRY_USER", "$CI_REGISTRY_PASSWORD");
    assert_eq!(kaniko("debug", &format!("if [ -n \"$X\" ]; then {job}; fi"), home), "job");
    // GitLab.com's registry, where the project is there
    assert_eq!(kaniko("debug", "", "registry.gitlab.com/g/p:1"), "unknown");
    // its variables, with other values
    let own = "export CI_REGISTRY_USER=$U CI_REGISTRY_PASSWORD=$P";
    assert_eq!(kaniko("debug", own, "$CI_REGISTRY_IMAGE-x:1"), "own");
    // a file that cannot be read as JSON ends the push, whatever the variables say
    let wrapped = r#"echo "{\"auths\":{\"$CI_REGISTRY\":{\"auth\":\"$(echo -n $CI_REGISTRY_USER:$CI_REGISTRY_PASSWORD | base64)\"}}}" > /kaniko/.docker/config.json"#;
    assert_eq!(kaniko("debug", wrapped, home), "job login-cannot-succeed");
}

/// The credential of a push behind a login with this command line.
fn logged_in(login: &str) -> String {
    told(alone(&format!("{login}\ndocker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"), &[])).join("; ")
}

#[test]
fn a_printed_password_is_read_or_anybody_s() {
    let to = "--password-stdin $CI_REGISTRY";
    for (login, credential) in [
        (format!("printenv CI_REGISTRY_PASSWORD | docker login -u $CI_REGISTRY_USER {to}"), "job"),
        (format!("printenv CI_DEPLOY_PASSWORD | docker login -u $U {to}"), "deploy"),
        (format!("printenv TOKEN | docker login -u gitlab-ci-token {to}"), "own"),
        (format!("A=$CI_JOB_TOKEN; printenv A | docker login -u gitlab-ci-token {to}"), "job"),
        (format!("vault read token | docker login -u $CI_REGISTRY_USER {to}"), "unknown"),
        (format!("vault read token | docker login -u $ROBOT {to}"), "own"),
        (format!("env | docker login -u $ROBOT {to}"), "own"),
        (format!("unset A; printenv A | docker login -u $CI_REGISTRY_USER {to}"), "job login-cannot-succeed"),
    ] {
        assert_eq!(logged_in(&login), format!("$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA {credential}"), "{login}");
    }
}

#[test]
fn a_reference_without_a_host_goes_to_docker_hub_where_the_client_says_so() {
    for script in [
        "docker push acme/app:1",
        "regctl image copy r.io/a:1 acme/app:1",
        "crane copy r.io/a:1 acme/app:1",
        "skopeo copy dir:a docker://acme/app:1",
        "podman push a acme/app:1",
        "buildah push a acme/app:1",
    ] {
        assert_eq!(told(after_login(script, &[])), ["acme/app:1 none push-outside-project"], "{script}");
    }
    for (script, expected) in [
        ("podman push acme/app:1", "acme/app:1 unknown"),
        ("oras cp r.io/a:1 acme/app:1", "acme/app:1 unknown"),
        ("skopeo sync --src dir --dest docker a r.io", "r.io/<image> unknown"),
        ("skopeo sync --src dir --dest docker a acme", "acme/<image> none push-outside-project"),
        ("skopeo sync --src dir --dest docker a $CI_REGISTRY/acme", "$CI_REGISTRY/acme/<image> job"),
        ("regctl registry login -u u -p p docker.io\nregctl image copy r.io/a:1 acme/app:1", "acme/app:1 own"),
    ] {
        assert_eq!(told(after_login(script, &[])), [expected], "{script}");
    }
}
