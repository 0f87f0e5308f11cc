//! cosign: signatures and attestations go beside the image (facts E6).

use super::common::{unknown_subcommand, upload, variable, word, words};
use super::crane::{login, reads};
use super::grammar::{Grammar, Line};
use super::words::{secret, with_text};
use super::{Action, Arg, Call, Upload, Uploaded};
use crate::registry::Family;

const COMMAND: Grammar = Grammar {
    values: &[
        "-a --annotations",
        "--key",
        "--predicate",
        "--type",
        "--certificate",
        "--certificate-chain",
        "--certificate-identity",
        "--certificate-oidc-issuer",
        "--fulcio-url",
        "--rekor-url",
        "--oidc-issuer",
        "--oidc-client-id",
        "--oidc-provider",
        "--identity-token",
        "--output-signature",
        "--output-certificate",
        "--output-file",
        "--payload",
        "--signature",
        "--sbom",
        "--attestation",
        "--slot",
        "-t --timeout",
        "--platform",
        "--only",
        "--registry-username",
        "--registry-password",
        "--registry-token",
        "--timestamp-server-url",
        "--registry-referrers-mode",
        "--registry-cacert",
        "--registry-client-cert",
        "--registry-client-key",
        "--registry-server-name",
        "--bundle",
        "--dir",
        "--fulcio-auth-flow",
        "--oidc-client-secret-file",
        "--oidc-redirect-url",
        "--signing-config",
        "--statement",
        "--timestamp-client-cacert",
        "--timestamp-client-cert",
        "--timestamp-client-key",
        "--timestamp-server-name",
        "--trusted-root",
        "--attachment",
        "--attachment-tag-prefix",
        "--input-format",
        "--sk-slot",
    ],
    flags: &["--upload", "--no-upload", "-y --yes", "-r --recursive", "-f --force", "-d --verbose"],
};
/// `upload blob -f FILE REF`.
const UPLOAD: Grammar = Grammar { values: &["-f --files", "--ct", "-a --annotation"], flags: &[] };

/// What a cosign command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let Some((command, args)) = Grammar::NONE.head(words(call)).1 else { return Vec::new() };
    let line = COMMAND.read(args);
    match word(command) {
        "login" => login(call, "cosign login", args),
        "sign" | "attest"
            if !line.is_on("--no-upload") && (line.has("--upload").is_none() || line.is_on("--upload")) =>
        {
            beside(call, &line, 0)
        }
        "sign" | "attest" => Vec::new(),
        "attach" => beside(call, &line, 1),
        "upload" => {
            let to = UPLOAD.read(args).behind(1).positionals.into_iter().next();
            to.map(|to| push(call, &line, &to, Uploaded::Image)).into_iter().collect()
        }
        "load" => line.positionals.first().map(|to| push(call, &line, to, Uploaded::Image)).into_iter().collect(),
        "copy" => line.positionals.get(1).map(|to| push(call, &line, to, Uploaded::Image)).into_iter().collect(),
        _ => unknown_subcommand("cosign", command),
    }
}

/// A signature beside each image; `COSIGN_REPOSITORY` puts them elsewhere.
fn beside(call: &Call, line: &Line, skipped: usize) -> Vec<Action> {
    let elsewhere = variable(call, "COSIGN_REPOSITORY");
    let images = line.positionals.iter().skip(skipped);
    images
        .map(|image| match &elsewhere {
            Some(place) => push(call, line, &with_text(image, place.clone()), Uploaded::Signature),
            None => push(call, line, image, Uploaded::Signature),
        })
        .collect()
}

fn push(call: &Call, line: &Line, reference: &Arg, what: Uploaded) -> Action {
    let password = line.value("--registry-password").or_else(|| line.value("--registry-token"));
    let inline = password.map(|password| (secret(line.value("--registry-username")), secret(Some(password))));
    Action::Push(Upload { inline, what, ..upload("cosign", call, Some(reference), Family::Crane, &reads(call)) })
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn signatures_go_beside_the_image() {
        for (line, words) in [
            ("cosign sign --yes --key k $CI_REGISTRY_IMAGE:1", "push cosign $CI_REGISTRY_IMAGE:1 signature READS"),
            ("cosign sign --upload=false a/b", ""),
            ("cosign attest --predicate x --type t a/b:1", "push cosign a/b:1 signature READS"),
            ("cosign attach sbom --sbom x a/b:1", "push cosign a/b:1 signature READS"),
            ("cosign copy -f a/b:1 c/d:1", "push cosign c/d:1 READS"),
            ("cosign upload blob -f x a/b:1", "push cosign a/b:1 READS"),
            ("cosign load --dir x a/b:1", "push cosign a/b:1 READS"),
            ("cosign sign --oidc-redirect-url x a/b", "push cosign a/b signature READS"),
            ("cosign copy a/b:1 c/d:1", "push cosign c/d:1 READS"),
            (
                "cosign sign --registry-username u --registry-password $P a/b",
                "push cosign a/b signature READS inline=u:$P",
            ),
            ("cosign login r.io -u u -p p", "login cosign login host=r.io user=u password=p"),
            ("cosign verify a/b", ""),
        ] {
            let reads = "reads=~/.docker/config.json,/run/containers/0/auth.json";
            check(&[(line, &words.replace("READS", reads))]);
        }
    }
}
