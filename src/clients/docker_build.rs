//! `docker build` and `docker buildx` (facts E2).

use super::bake::bake;
use super::common::{built, by_digest, cache, docker_store, nameless, word, words};
use super::docker::Docker;
use super::grammar::{Grammar, Line};
use super::words::{comma_list, field, with_text};
use super::{Action, Arg, Call};
use crate::text::Text;

const BUILDX: Grammar = Grammar { values: &["--builder"], flags: &["-D --debug"] };

const BUILD: Grammar = Grammar {
    values: &[
        "--add-host",
        "--allow",
        "--annotation",
        "--attest",
        "--build-arg",
        "--build-context",
        "--builder",
        "--cache-from",
        "--cache-to",
        "--call",
        "--cgroup-parent",
        "-f --file",
        "--iidfile",
        "--label",
        "--metadata-file",
        "--network",
        "--no-cache-filter",
        "-o --output",
        "--platform",
        "--policy",
        "--progress",
        "--provenance",
        "--resource",
        "--sbom",
        "--secret",
        "--shm-size",
        "--ssh",
        "-t --tag",
        "--target",
        "--ulimit",
        "--cpu-period",
        "--cpu-quota",
        "--cpuset-cpus",
        "--cpuset-mems",
        "-c --cpu-shares",
        "-m --memory",
        "--memory-swap",
        "--isolation",
        "--security-opt",
    ],
    flags: &["--push", "--load", "-q --quiet", "-D --debug", "--pull", "--no-cache"],
};

const IMAGETOOLS: Grammar = Grammar {
    values: &["-t --tag", "-f --file", "--annotation", "--builder", "--platform", "--progress", "--metadata-file"],
    flags: &["--append", "--dry-run", "-D --debug", "--prefer-index"],
};

/// `docker-buildx …`, the plugin called by its own name.
pub fn buildx(call: &Call) -> Vec<Action> {
    let found = subcommand(&Docker { call, client: "docker", store: docker_store(call, None) }, words(call));
    super::auth_config::with(call, found)
}

/// The words behind `docker buildx`.
pub fn subcommand(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = BUILDX.head(args).1 else { return Vec::new() };
    match word(command) {
        "build" | "b" => build(docker, args),
        "bake" | "f" => bake(docker, args),
        "imagetools" => imagetools(docker, args),
        _ => Vec::new(),
    }
}

/// `docker build`.
pub fn build(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let line = BUILD.read(args);
    if line.is_on("--call") && line.text("--call").and_then(Text::as_literal) != Some("build") {
        return Vec::new();
    }
    let mut names: Vec<Arg> = line.values("--tag").cloned().collect();
    let (mut pushes, mut untagged) = (line.is_on("--push"), false);
    for output in line.values("--output") {
        let fields = comma_list(&output.text);
        pushes |= output_pushes(&fields, &output.text);
        untagged |= pushes_by_digest(&fields);
        if let Some(more) = field(&fields, "name") {
            names.extend(comma_list(&more).into_iter().map(|name| with_text(output, name)));
        }
    }
    let mut actions = built(&line, names.clone());
    if pushes {
        let push = |name: &Arg| Action::Push(docker.push(Some(&if untagged { by_digest(name) } else { name.clone() })));
        actions.extend(names.iter().map(push));
        if names.is_empty() {
            actions.push(nameless(docker.push(None), &line));
        }
    }
    actions.extend(caches(docker, &line));
    actions
}

/// `type=registry`, or `type=image` with `push=true`.
pub fn output_pushes(fields: &[Text], whole: &Text) -> bool {
    let kind = field(fields, "type");
    let kind = kind.as_ref().and_then(Text::as_literal);
    let push = field(fields, "push").is_some_and(|push| push.as_literal() != Some("false"));
    whole.as_literal() == Some("registry") || kind == Some("registry") || (kind == Some("image") && push)
}

/// `push-by-digest=true`: no tag is written.
pub fn pushes_by_digest(fields: &[Text]) -> bool {
    field(fields, "push-by-digest").is_some_and(|set| set.as_literal() != Some("false"))
}

fn caches(docker: &Docker, line: &Line) -> Vec<Action> {
    let upload = docker.push(None);
    line.values("--cache-to").filter_map(|value| Some(cache(&upload, cache_reference(value)?))).collect()
}

/// The reference that a cache export names; a value without `=` is one itself.
pub fn cache_reference(value: &Arg) -> Option<Arg> {
    let fields = comma_list(&value.text);
    if fields.iter().all(|field| field.split_once('=').is_none()) {
        return (!value.text.is_empty()).then(|| value.clone());
    }
    let kind = field(&fields, "type")?;
    (kind.as_literal() == Some("registry")).then(|| field(&fields, "ref")).flatten().map(|text| with_text(value, text))
}

fn imagetools(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = BUILDX.head(args).1 else { return Vec::new() };
    let line = IMAGETOOLS.read(args);
    let pull = |reference: &Arg| Action::Pull { reference: reference.clone() };
    match word(command) {
        "create" if line.is_on("--dry-run") => Vec::new(),
        "create" => {
            let pushes = line.values("--tag").map(|name| Action::Push(docker.push(Some(name))));
            line.positionals.iter().map(pull).chain(pushes).collect()
        }
        "inspect" => line.at_most(1).into_iter().map(pull).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn a_build_pushes_only_when_told_to() {
        check(&[
            ("docker build -t a -t b .", "build a b"),
            ("docker build --push -t a -t b .", "build a b; push docker a; push docker b"),
            ("docker buildx build --push=false -t a .", "build a"),
            ("docker buildx --builder x b --tag=a --push .", "build a; push docker a"),
            ("docker image build -ta .", "build a"),
            ("docker builder build -t a .", "build a"),
            ("docker build --push .", "build; push docker -"),
            ("docker build --push $TAGS .", "build; loads; unread the options in $TAGS push"),
            ("docker build -t a -o type=registry .", "build a; push docker a"),
            ("docker build -t a -o type=image .", "build a"),
            ("docker build -t a --output=type=local,dest=x .", "build a"),
            (
                "docker buildx build --output type=image,\"name=$A/x,$A/y\",push=true .",
                "build $A/x $A/y; push docker $A/x; push docker $A/y",
            ),
            (
                "docker buildx build --output type=image,name=$A/x,push-by-digest=true,push=true .",
                "build $A/x; push docker $A/x@sha256:<digest>",
            ),
            ("docker buildx create --use", ""),
        ]);
    }

    #[test]
    fn an_unknown_word_besides_the_context_may_name_images() {
        check(&[
            ("docker build -t a $CONTEXT", "build a"),
            ("docker build -t a $OPTIONS .", "build a; loads"),
            ("docker build $OPTIONS", "build; loads"),
            ("docker build -t $IMAGE --build-arg $X .", "build $IMAGE"),
            ("docker build -t a $CI_PROJECT_DIR/x", "build a"),
        ]);
    }

    #[test]
    fn a_cache_export_is_a_push() {
        check(&[
            (
                "docker build --push -t a --cache-to type=registry,ref=$CI_REGISTRY_IMAGE:cache,mode=max .",
                "build a; push docker a; push docker $CI_REGISTRY_IMAGE:cache cache",
            ),
            ("docker build --cache-to type=inline --cache-from b -t a .", "build a"),
            ("docker build --cache-to a/b:cache .", "build; push docker a/b:cache cache"),
        ]);
    }

    #[test]
    fn imagetools_name_their_references() {
        check(&[
            (
                "docker buildx imagetools create -t $CI_REGISTRY_IMAGE:1 $CI_REGISTRY_IMAGE:a $CI_REGISTRY_IMAGE:b",
                "pull $CI_REGISTRY_IMAGE:a; pull $CI_REGISTRY_IMAGE:b; push docker $CI_REGISTRY_IMAGE:1",
            ),
            ("docker buildx imagetools create --dry-run -t a b", ""),
            ("docker buildx imagetools inspect a", "pull a"),
        ]);
    }
}
