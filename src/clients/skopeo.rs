//! skopeo: copies between transports; the destination comes second (facts E5).

use super::common::{unknown_part, unknown_subcommand, upload, word, words};
use super::containers::{inline, login, logout, reads, target};
use super::grammar::{Grammar, Line};
use super::words::with_text;
use super::{Action, Arg, Call, LoginFault, Secret, Upload, Uploaded};
use crate::registry::{Family, repository};

const GLOBALS: Grammar = Grammar {
    values: &[
        "--command-timeout",
        "--override-arch",
        "--override-os",
        "--override-variant",
        "--policy",
        "--registries.d",
        "--tls-details",
        "--tmpdir",
        "--user-agent-prefix",
    ],
    flags: &["--debug", "--insecure-policy"],
};

const COPY: Grammar = Grammar {
    values: &[
        "--additional-tag",
        "--authfile",
        "--src-authfile",
        "--dest-authfile",
        "--src-creds --screds",
        "--dest-creds --dcreds",
        "--src-username",
        "--src-password",
        "--dest-username",
        "--dest-password",
        "--src-registry-token",
        "--dest-registry-token",
        "--src-cert-dir",
        "--dest-cert-dir",
        "--cert-dir",
        "--src-daemon-host",
        "--dest-daemon-host",
        "--src-shared-blob-dir",
        "--dest-shared-blob-dir",
        "--digestfile",
        "--encrypt-layer",
        "--encryption-key",
        "--decryption-key",
        "-f --format",
        "--multi-arch",
        "--retry-times",
        "--retry-delay",
        "--sign-by",
        "--sign-by-sigstore",
        "--sign-by-sigstore-private-key",
        "--sign-by-sq-fingerprint",
        "--sign-passphrase-file",
        "--sign-identity",
        "--dest-compress-format",
        "--dest-compress-level",
        "--image-parallel-copies",
        "-s --src",
        "-d --dest",
        "--creds",
        "--username",
        "--password",
        "--registry-token",
        "--daemon-host",
        "--shared-blob-dir",
        "--append-suffix",
    ],
    flags: &["-a --all", "-q --quiet", "--dest-no-creds", "--no-creds", "--dry-run", "--scoped", "--dest-tls-verify"],
};

/// What a skopeo command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = GLOBALS.head(words(call)).1 else { return Vec::new() };
    let line = COPY.read(args);
    match word(command) {
        "login" => login(call, "skopeo login", args, Err(LoginFault::NoHost)),
        "logout" => logout(call, args),
        "copy" => copy(call, &line),
        "sync" => sync(call, &line),
        "inspect" => line.positionals.first().and_then(pulled).into_iter().collect(),
        _ => unknown_subcommand("skopeo", command),
    }
}

fn pulled(source: &Arg) -> Option<Action> {
    target(source).map(|(reference, _)| Action::Pull { reference })
}

fn destination(call: &Call, line: &Line, reference: &Arg, family: Family) -> Upload {
    let authfile = line.text("--dest-authfile").or_else(|| line.text("--authfile"));
    let anonymous = line.is_on("--dest-no-creds").then_some((Secret::Absent, Secret::Absent));
    let names = ["--dcreds", "--dest-username", "--dest-password", "--dest-registry-token"];
    Upload {
        inline: anonymous.or_else(|| inline(line, names)),
        ..upload("skopeo", call, Some(reference), family, &reads(call, authfile))
    }
}

fn copy(call: &Call, line: &Line) -> Vec<Action> {
    let words = line.at_most(2);
    let (Some(from), Some(to)) = (words.first(), words.get(1)) else { return Vec::new() };
    let mut actions: Vec<Action> = pulled(from).into_iter().collect();
    let Some((reference, family)) = target(to) else { return actions };
    actions.push(Action::Push(destination(call, line, &reference, family)));
    for more in line.values("--additional-tag") {
        // a whole reference, or a tag beside the destination's
        let text = if more.text.split_once(':').is_some() || more.text.split_once('/').is_some() {
            more.text.clone()
        } else {
            let mut text = repository(&reference.text);
            text.push_str(":");
            text.push_text(&more.text);
            text
        };
        actions.push(Action::Push(destination(call, line, &with_text(more, text), Family::Docker)));
    }
    actions
}

/// `sync` copies many tags; the image's name is put behind the destination.
fn sync(call: &Call, line: &Line) -> Vec<Action> {
    let to_registry = line.text("--dest").and_then(|kind| kind.as_literal()).is_none_or(|kind| kind == "docker");
    let words = line.at_most(2);
    let (true, false, &[from, to, ..]) = (to_registry, line.is_on("--dry-run"), words.as_slice()) else {
        return Vec::new();
    };
    let mut text = to.text.clone();
    text.push_str("/");
    text.push_text(&unknown_part("<image>", from));
    let push = destination(call, line, &with_text(to, text), Family::Docker);
    vec![Action::Push(Upload { what: Uploaded::AllTags, ..push })]
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn the_second_word_is_the_destination() {
        let reads = "reads=/run/containers/0/auth.json,~/.config/containers/auth.json,~/.docker/config.json";
        for (line, words) in [
            ("skopeo copy docker://a/b:1 docker://r.io/c:1", "pull a/b:1; push skopeo r.io/c:1 READS"),
            ("skopeo --override-os linux copy docker-archive:x docker://r.io/c", "push skopeo r.io/c READS"),
            ("skopeo copy docker://a/b oci:x", "pull a/b"),
            ("skopeo copy --dest-creds $U:$P dir:x docker://r.io/c", "push skopeo r.io/c READS inline=$U:$P"),
            ("skopeo copy --dest-creds=$C dir:x docker://r.io/c", "push skopeo r.io/c READS inline=?:?"),
            (
                "skopeo copy --dest-username u --dest-password $P dir:x docker://r.io/c",
                "push skopeo r.io/c READS inline=u:$P",
            ),
            ("skopeo copy --dest-registry-token $T dir:x docker://r.io/c", "push skopeo r.io/c READS inline=?:$T"),
            ("skopeo copy --dest-no-creds dir:x docker://r.io/c", "push skopeo r.io/c READS inline=-:-"),
            ("skopeo copy --dest-authfile /x dir:x docker://r.io/c", "push skopeo r.io/c reads=/x"),
            (
                "skopeo copy --additional-tag 2 dir:x docker://r.io/c:1",
                "push skopeo r.io/c:1 READS; push skopeo r.io/c:2 READS",
            ),
            ("skopeo copy --retry-times 3 -a dir:x docker://r.io/c", "push skopeo r.io/c READS"),
            (
                "skopeo sync --src docker --dest docker a/b $CI_REGISTRY_IMAGE",
                "push skopeo $CI_REGISTRY_IMAGE/<image> all-tags READS",
            ),
            ("skopeo sync --src docker --dest dir a/b x", ""),
            ("skopeo inspect docker://a/b", "pull a/b"),
            ("skopeo delete docker://a/b", ""),
        ] {
            check(&[(line, &words.replace("READS", reads))]);
        }
    }
}
