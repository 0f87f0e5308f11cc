//! docker compose, docker-compose, podman-compose: the compose file decides what they push (facts E2).

mod document;
mod project;
mod variables;

use super::common::{cache, docker_store, word, words};
use super::containers::reads;
use super::docker::Docker;
use super::docker_build::cache_reference;
use super::grammar::{Grammar, Line};
use super::{Action, Arg, Call, Upload};

pub use document::{Document, Word};
pub use project::{NAMES, Project};

const GLOBALS: Grammar = Grammar {
    values: &[
        "--ansi",
        "--env-file",
        "-f --file",
        "--parallel",
        "--profile",
        "--progress",
        "--project-directory",
        "-p --project-name",
        "-H --host",
        "-c --context",
        "--tlscacert",
        "--tlscert",
        "--tlskey",
        // docker-compose 1
        "--log-level",
        // podman-compose
        "--podman-args",
        "--podman-build-args",
        "--podman-path",
        "--podman-push-args",
    ],
    flags: &["--dry-run", "--verbose", "--compatibility", "--all-resources"],
};

const COMMAND: Grammar = Grammar {
    values: &[
        "--build-arg",
        "--builder",
        "-m --memory",
        "--progress",
        "--ssh",
        "--provenance",
        "--sbom",
        "--oci-version",
    ],
    flags: &["--push", "--dry-run", "--build", "--include-deps", "--with-dependencies", "--print", "--check"],
};

/// `docker-compose …`.
pub fn actions(call: &Call) -> Vec<Action> {
    super::auth_config::with(call, plain(call))
}

fn plain(call: &Call) -> Vec<Action> {
    subcommand(&Docker { call, client: "compose", store: docker_store(call, None) }, words(call))
}

/// `podman-compose …`, which runs `podman push`.
pub fn podman(call: &Call) -> Vec<Action> {
    let mut found = plain(call);
    for action in &mut found {
        if let Action::Push(upload) = action {
            upload.reads = reads(call, None);
        }
    }
    found
}

/// The words behind `docker compose`.
pub fn subcommand(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let (globals, rest) = GLOBALS.head(args);
    let Some((command, args)) = rest else { return Vec::new() };
    let line = COMMAND.read(args);
    if ["--dry-run", "--print", "--check"].iter().any(|idle| globals.is_on(idle) || line.is_on(idle)) {
        return Vec::new();
    }
    let made = |pushes: Vec<Action>| std::iter::once(Action::Loads).chain(pushes).collect();
    match word(command) {
        "push" => pushes(docker, &globals, &line, true),
        "build" if line.is_on("--push") => made(pushes(docker, &globals, &line, false)),
        "build" | "pull" | "up" | "run" | "create" => vec![Action::Loads],
        "publish" => vec![Action::Push(docker.push(line.at_most(1).first().copied()))],
        "alpha" if line.positionals.first().is_some_and(|sub| word(sub) == "publish") => {
            vec![Action::Push(docker.push(line.positionals.get(1)))]
        }
        _ => Vec::new(),
    }
}

/// The images of the services that are built; `local`: they are here already.
fn pushes(docker: &Docker, globals: &Line, line: &Line, local: bool) -> Vec<Action> {
    let project = Project::new(docker.call, globals);
    let mut actions: Vec<Action> = project.unread.iter().map(|file| unread(file)).collect();
    let Some(mut services) = project.selected(globals, &line.positionals) else {
        actions.push(unread(""));
        return actions;
    };
    if line.is_on("--include-deps") || line.is_on("--with-dependencies") {
        services = project.with_needed(services);
    }
    for service in services.into_iter().filter(|service| service.built) {
        let Some(image) = &service.image else { continue };
        for name in std::iter::once(image).chain(&service.tags) {
            let name = name.filled(&project.variables);
            let local = local.then(|| name.clone());
            actions.push(Action::Push(Upload { local, ..docker.push(Some(&name)) }));
        }
        if !local {
            let caches = service.caches.iter().filter_map(|to| cache_reference(&to.filled(&project.variables)));
            actions.extend(caches.map(|reference| cache(&docker.push(None), reference)));
        }
    }
    actions
}

fn unread(file: &str) -> Action {
    let name = if file.is_empty() { String::new() } else { format!(" {file}") };
    Action::Unread { what: format!("the compose file{name}"), may_login: false, may_push: true }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    const TWO: &str = "services:\n  web:\n    build: .\n    image: $R/web:${TAG:-latest}\n  db:\n    image: postgres\n";

    #[test]
    fn what_cannot_be_read_may_push() {
        check(&[
            ("docker compose push web", "unread the compose file push"),
            ("docker-compose -f ci.yml push", "unread the compose file ci.yml push"),
            ("docker compose -p x build --pull", "loads"),
            ("docker compose build --push", "loads; unread the compose file push"),
            ("docker compose --dry-run push", ""),
            ("docker compose publish a/b:1", "push docker a/b:1"),
            ("docker compose alpha publish a/b:1", "push docker a/b:1"),
            ("docker compose down", ""),
        ]);
        for odd in
            ["a: [", "services: []\n", "services:\n  a: {build: ., image: !reset x}\n", "web: {build: ., image: x}\n"]
        {
            In::default()
                .file("compose.yml", odd)
                .check(&[("docker compose push", "unread the compose file compose.yml push")]);
        }
    }

    #[test]
    fn services_that_are_built_are_pushed() {
        let files = In::default().file("docker-compose.yml", TWO).variable("R", "r.io").variable("TAG", "1");
        files.check(&[
            ("docker compose push", "push docker r.io/web:1 local"),
            ("docker-compose push -q web", "push compose r.io/web:1 local"),
            ("docker compose push db", ""),
            ("docker compose push $WHICH", "unread the compose file push"),
            ("docker compose build --push web", "loads; push docker r.io/web:1"),
            ("docker compose build --push --print", ""),
            ("docker compose --project-directory x -f docker-compose.yml push", "push docker r.io/web:1 local"),
            (
                "podman-compose push",
                "push compose r.io/web:1 reads=/run/containers/0/auth.json,~/.config/containers/auth.json,~/.docker/config.json local",
            ),
        ]);
    }

    #[test]
    fn later_files_lie_over_earlier_ones() {
        let files = In::default()
            .file("compose.yaml", "services: {a: {image: one, build: {context: ., tags: [t1]}}, b: {image: two}}")
            .file("compose.override.yml", "services: {a: {build: {tags: [t2]}}, b: {build: .}}")
            .file("ci.yml", "services: {a: {image: three}}")
            .file("sub/compose.yml", "services: {c: {build: ., image: \"four:$V\"}}")
            .file("sub/.env", "V=5")
            .file(".env", "V=4");
        files.check(&[
            ("docker compose push a", "push docker one local; push docker t1 local; push docker t2 local"),
            ("docker compose push b", "push docker two local"),
            ("docker compose -f compose.yaml -f ci.yml push", "push docker three local; push docker t1 local"),
            ("docker compose -f sub/compose.yml push", "push docker four:5 local"),
            ("docker compose --env-file .env -f sub/compose.yml push", "push docker four:4 local"),
            ("docker compose --project-directory . -f sub/compose.yml push", "push docker four:4 local"),
        ]);
        let named = files.variable("COMPOSE_FILE", "compose.yaml:ci.yml");
        named.check(&[("docker compose push", "push docker three local; push docker t1 local")]);
    }

    #[test]
    fn services_build_on_others() {
        let files = In::default()
            .file("compose.yml", "x-base: &base {build: ., image: base}\nservices:\n  a:\n    image: a\n    <<: *base\n  b:\n    extends: a\n    image: b\n  c:\n    extends: {file: common.yml, service: c}\n  d:\n    extends: d\n    image: d\n    build: .\n  e:\n    extends: {file: nowhere.yml, service: e}\n")
            .file("common.yml", "services: {c: {image: c, build: ., profiles: [ci]}}");
        files.check(&[
            ("docker compose push a b c", "unread the compose file compose.yml push; unread the compose file nowhere.yml push; push docker a local; push docker b local; push docker c local"),
            ("docker compose push d", "unread the compose file compose.yml push; unread the compose file nowhere.yml push; push docker d local"),
        ]);
    }

    #[test]
    fn profiles_and_includes_decide_what_is_there() {
        let files = In::default()
            .file("compose.yml", "include: [more.yml]\nservices:\n  a: {build: ., image: a, profiles: [ci, x]}\n  b: {build: ., image: b, depends_on: [a]}\n")
            .file("more.yml", "services: {c: {build: ., image: c}}");
        files.check(&[
            ("docker compose push", "push docker c local; push docker b local"),
            ("docker compose --profile ci push", "push docker c local; push docker a local; push docker b local"),
            ("docker compose push a", "push docker a local"),
            ("docker compose push --include-deps b", "push docker b local; push docker a local"),
        ]);
        let set = files.variable("COMPOSE_PROFILES", "x,y");
        set.check(&[("docker compose push", "push docker c local; push docker a local; push docker b local")]);
        let gone = In::default().file("compose.yml", "include: [more.yml]\nservices: {b: {build: ., image: b}}\n");
        gone.check(&[("docker compose push", "unread the compose file more.yml push; push docker b local")]);
    }

    #[test]
    fn many_services_are_a_bound() {
        let mut many = "services:\n".to_owned();
        for number in 0..3000 {
            many.push_str(&format!("  s{number}: {{build: ., image: i, extends: s{}}}\n", number + 1));
        }
        let shown = In::default().file("compose.yml", &many).shown("docker compose push s1");
        assert!(shown.starts_with("unread the compose file compose.yml push"), "{shown}");
    }

    #[test]
    fn files_of_the_script_may_hold_unknown_values() {
        let files = In::default().written(
            "compose.yml",
            "services:\n  web:\n    build: .\n    image: \"$CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA\"\n",
        );
        files.check(&[("docker compose push", "push docker $CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA local")]);
        let whole = In::default().written("compose.yml", "$WHOLE");
        whole.check(&[("docker compose push", "unread the compose file compose.yml push")]);
    }
}
