//! crane, gcrane, krane (facts D2, E6).

use super::common::{by_digest, docker_store, unknown_subcommand, upload, variable, word, words};
use super::containers::runtime_store;
use super::grammar::{Grammar, Line};
use super::login::{LOGIN, Words, logout};
use super::{Action, Arg, Call, LoginFault, Upload, Uploaded};
use crate::registry::{Family, Store, repository};

const GLOBALS: Grammar = Grammar { values: &["--platform"], flags: &["--insecure", "-v --verbose"] };

const COMMAND: Grammar = Grammar {
    values: &[
        "--platform",
        "-t --new_tag --tag",
        "-b --base",
        "-f --new_layer",
        "-o --output",
        "-j --jobs",
        "--repo",
        "-a --annotation",
        "-l --label",
        "-e --env",
        "-u --user",
        "-w --workdir",
        "--entrypoint",
        "--cmd",
        "--append",
        "--exposed-ports",
        "--set-platform",
        "--old_base",
        "--new_base",
        "--rebased",
        "--original",
        "--image-refs",
        "-m --manifest",
        "--format",
        "-c --cache_path",
        "--tarball",
    ],
    flags: &["--insecure", "-v --verbose", "-n --no-clobber", "--index", "--all-tags"],
};
/// `copy` has `-a` for all tags; gcrane's `-r` copies all that is below.
const COPY: Grammar = Grammar {
    values: &["--platform", "-j --jobs"],
    flags: &["-a -r --recursive --all-tags", "-n --no-clobber", "-v --verbose"],
};

/// Where tools of this family look: docker's store, then podman's.
pub fn reads(call: &Call) -> Vec<Store> {
    let second = match variable(call, "REGISTRY_AUTH_FILE") {
        Some(file) => Store::at(&file),
        None => runtime_store(call),
    };
    vec![docker_store(call, None), second]
}

/// What a crane command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(words(call)).1 else { return Vec::new() };
    let line = COMMAND.read(args);
    let first = line.positionals.first();
    match word(command) {
        "auth" => auth(call, args),
        "push" => vec![push(call, line.at_most(2).get(1).copied())],
        "copy" | "cp" => copy(call, &COPY.read(args)),
        "tag" => tag(call, &line),
        "append" | "flatten" | "rebase" | "mutate" => tagged(call, &line, first.or(line.value("--original"))),
        "index" => {
            let (sub, rest) = (first.map_or("", word), line.positionals.get(1));
            if matches!(sub, "append" | "filter") { tagged(call, &line, rest) } else { Vec::new() }
        }
        "pull" | "digest" | "manifest" | "config" | "export" => {
            first.map(|reference| Action::Pull { reference: reference.clone() }).into_iter().collect()
        }
        _ => unknown_subcommand("crane", command),
    }
}

fn push(call: &Call, reference: Option<&Arg>) -> Action {
    Action::Push(upload("crane", call, reference, Family::Crane, &reads(call)))
}

fn copy(call: &Call, line: &Line) -> Vec<Action> {
    let words = line.at_most(2);
    let (Some(from), Some(to)) = (words.first(), words.get(1)) else { return Vec::new() };
    let what = if line.is_on("--all-tags") { Uploaded::AllTags } else { Uploaded::Image };
    let spares = line.is_on("--no-clobber");
    let push = Upload { what, spares, ..upload("crane", call, Some(to), Family::Crane, &reads(call)) };
    vec![Action::Pull { reference: (*from).clone() }, Action::Push(push)]
}

/// `tag IMAGE TAG`: a bare tag beside the image's.
fn tag(call: &Call, line: &Line) -> Vec<Action> {
    let words = line.at_most(2);
    let (Some(image), Some(tag)) = (words.first(), words.get(1)) else { return Vec::new() };
    let mut text = repository(&image.text);
    text.push_str(":");
    text.push_text(&tag.text);
    let from = image.from.iter().chain(&tag.from).copied().collect();
    let reference = Arg { text, from, ..(*tag).clone() };
    vec![Action::Pull { reference: (*image).clone() }, push(call, Some(&reference))]
}

/// Commands that put their result at `-t`, at `--repo`, or beside their image by digest.
fn tagged(call: &Call, line: &Line, image: Option<&Arg>) -> Vec<Action> {
    if line.has("--output").is_some() && line.value("--tag").is_none() {
        return Vec::new();
    }
    if let Some(tag) = line.value("--tag") {
        return vec![push(call, Some(tag))];
    }
    let Some(image) = line.value("--repo").or(image) else { return Vec::new() };
    vec![push(call, Some(&by_digest(image)))]
}

fn auth(call: &Call, args: &[Arg]) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(args).1 else { return Vec::new() };
    match word(command) {
        "login" => login(call, "crane auth login", args),
        "logout" => logout(args, docker_store(call, None)),
        _ => Vec::new(),
    }
}

/// A login that writes docker's file and needs a host; cosign's and ko's are the same.
pub fn login(call: &Call, tool: &'static str, args: &[Arg]) -> Vec<Action> {
    let line = LOGIN.read(args);
    let server = line.at_most(1).first().copied();
    let without_host = Err(LoginFault::NoHost);
    let words = Words { tool, line: &line, server, store: docker_store(call, None), without_host };
    vec![Action::Login(words.login(call))]
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    #[test]
    fn crane_pushes_by_many_commands() {
        let reads = "reads=~/.docker/config.json,/run/containers/0/auth.json";
        for (line, words) in [
            ("crane push x.tar $CI_REGISTRY_IMAGE:1", "push crane $CI_REGISTRY_IMAGE:1 READS"),
            ("gcrane cp a:1 b:1", "pull a:1; push crane b:1 READS"),
            ("crane copy -a a b", "pull a; push crane b all-tags READS"),
            ("crane --insecure copy --platform linux/amd64 a b", "pull a; push crane b READS"),
            ("crane tag r.io/a:1 $CI_COMMIT_TAG", "pull r.io/a:1; push crane r.io/a:$CI_COMMIT_TAG READS"),
            (
                "crane tag $CI_REGISTRY_IMAGE@sha256:a x/y",
                "pull $CI_REGISTRY_IMAGE@sha256:a; push crane $CI_REGISTRY_IMAGE:x/y READS",
            ),
            ("gcrane cp -r a b", "pull a; push crane b all-tags READS"),
            ("crane append -b a -f l.tar -t b", "push crane b READS"),
            ("crane append -b a -f l.tar --new_tag b", "push crane b READS"),
            ("crane mutate a:1 -t b", "push crane b READS"),
            ("crane mutate a:1", "push crane a@sha256:<digest> READS"),
            ("crane mutate a:1 --repo r.io/b", "push crane r.io/b@sha256:<digest> READS"),
            ("crane flatten -t b a", "push crane b READS"),
            ("crane rebase a --old_base x --new_base y -t b", "push crane b READS"),
            ("crane index append -m a -t b", "push crane b READS"),
            ("crane index filter a --platform linux/amd64 -t b", "push crane b READS"),
            ("crane digest a", "pull a"),
            ("crane ls a", ""),
        ] {
            check(&[(line, &words.replace("READS", reads))]);
        }
    }

    #[test]
    fn a_copy_may_leave_a_tag_alone() {
        assert!(In::default().shown("crane cp --no-clobber a:1 b:1").ends_with(" spares"));
        assert!(!In::default().shown("crane cp -a a b").contains("spares"));
    }

    #[test]
    fn crane_logs_in_for_docker_too() {
        check(&[
            ("crane auth login -u u -p p $CI_REGISTRY", "login crane auth login host=$CI_REGISTRY user=u password=p"),
            ("crane auth login -u u -p p", "login crane auth login any user=u password=p fault=NoHost"),
            ("crane auth logout r.io", "logout host=r.io"),
        ]);
    }
}
