//! oras (facts D2, E6): a name may carry several tags, `name:a,b`.

use super::common::{docker_store, unknown_subcommand, upload, word, words};
use super::grammar::{Grammar, Line};
use super::login::{Words, login_host};
use super::words::{comma_list, secret, with_text};
use super::{Action, Arg, Call, LoginFault, LoginHost, Upload, Uploaded};
use crate::registry::{Family, Store, repository};

const COMMAND: Grammar = Grammar {
    values: &[
        "-u --username",
        "-p --password",
        "--identity-token",
        "--ca-file",
        "--cert-file",
        "--key-file",
        "--registry-config --to-registry-config",
        "--from-registry-config",
        "--to-username",
        "--to-password",
        "--from-username",
        "--from-password",
        "--artifact-type",
        "-a --annotation",
        "--annotation-file",
        "--config",
        "--concurrency",
        "--export-manifest",
        "--format",
        "--image-spec",
        "--media-type",
        "--platform",
        "--resolve",
        "--size",
        "-o --output",
        "--annotation-platform",
        "--artifact-platform",
        "--depth",
        "--distribution-spec",
        "-H --header",
        "--from-header",
        "--to-header",
        "--from-identity-token",
        "--to-identity-token",
        "--from-ca-file",
        "--to-ca-file",
        "--from-resolve",
        "--to-resolve",
        "--from-distribution-spec",
        "--to-distribution-spec",
        "--from-oci-layout-path",
        "--to-oci-layout-path",
        "--oci-layout-path",
        "--input",
        "--add",
        "--merge",
        "--remove",
        "--tag",
        "--template",
    ],
    flags: &[
        "--password-stdin",
        "--dry-run",
        "--oci-layout",
        "--to-oci-layout",
        "-r --recursive",
        "--insecure",
        "--plain-http",
    ],
};

/// What an oras command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call));
    let at = |index: usize| line.positionals.get(index);
    let Some(first) = at(0) else { return Vec::new() };
    match (word(first), at(1).map_or("", word), at(2).map_or("", word)) {
        ("login", ..) => login(call),
        ("logout", ..) => {
            let host = at(1).map_or(LoginHost::DockerHub, |arg| login_host(&arg.text));
            vec![Action::Logout { host, store: store(call, &line) }]
        }
        ("restore", ..) if line.is_on("--dry-run") => Vec::new(),
        ("push" | "restore", ..) => pushes(call, &line, at(1), Uploaded::Image),
        ("attach", ..) => pushes(call, &line, at(1), Uploaded::Signature),
        ("cp" | "copy", ..) => {
            let pull = at(1).map(|reference| Action::Pull { reference: reference.clone() });
            pull.into_iter().chain(pushes(call, &line, at(2), Uploaded::Image)).collect()
        }
        ("tag", ..) => tag(call, &line),
        ("manifest", "push", _) => pushes(call, &line, at(2), Uploaded::Image),
        ("manifest", "index", "create" | "update") => pushes(call, &line, at(3), Uploaded::Image),
        ("pull", ..) => at(1).map(|reference| Action::Pull { reference: reference.clone() }).into_iter().collect(),
        // a blob alone has no tag and overwrites nothing
        ("blob", "push", _) => pushes(call, &line, at(2), Uploaded::Signature),
        _ => unknown_subcommand("oras", first),
    }
}

fn store(call: &Call, line: &Line) -> Store {
    line.text("--to-registry-config").map_or_else(|| docker_store(call, None), Store::at)
}

fn login(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call)).behind(1);
    let server = line.at_most(1).first().copied();
    let (store, without_host) = (store(call, &line), Err(LoginFault::NoHost));
    vec![Action::Login(Words { tool: "oras login", line: &line, server, store, without_host }.login(call))]
}

fn push(call: &Call, line: &Line, reference: Option<&Arg>, what: Uploaded) -> Action {
    let user = line.value("--to-username").or_else(|| line.value("--username"));
    let password = line.value("--to-password").or_else(|| line.value("--password"));
    let inline = password.map(|password| (secret(user), secret(Some(password))));
    let made = upload("oras", call, reference, Family::Explicit, &[store(call, line)]);
    Action::Push(Upload { inline, what, ..made })
}

/// A push for each tag of the name.
fn pushes(call: &Call, line: &Line, name: Option<&Arg>, what: Uploaded) -> Vec<Action> {
    let to_path = line.has("--to-oci-layout-path").or(line.has("--oci-layout-path"));
    if line.is_on("--oci-layout") || line.is_on("--to-oci-layout") || to_path.is_some() {
        return Vec::new();
    }
    let Some(name) = name else { return vec![push(call, line, None, what)] };
    let mut tags = comma_list(&name.text).into_iter();
    let Some(first) = tags.next() else { return Vec::new() };
    let base = repository(&first);
    let more = tags.map(|tag| {
        let mut text = base.clone();
        text.push_str(":");
        text.push_text(&tag);
        text
    });
    std::iter::once(first.clone())
        .chain(more)
        .map(|text| push(call, line, Some(&with_text(name, text)), what))
        .collect()
}

fn tag(call: &Call, line: &Line) -> Vec<Action> {
    let Some(name) = line.positionals.get(1).filter(|_| !line.is_on("--oci-layout")) else { return Vec::new() };
    let tags = line.positionals.iter().skip(2).map(|tag| {
        let mut text = repository(&name.text);
        text.push_str(":");
        text.push_text(&tag.text);
        push(call, line, Some(&with_text(tag, text)), Uploaded::Image)
    });
    tags.collect()
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn oras_pushes_every_tag_of_a_name() {
        check(&[
            (
                "oras push $CI_REGISTRY_IMAGE:1,b x.txt",
                "push oras $CI_REGISTRY_IMAGE:1; push oras $CI_REGISTRY_IMAGE:b",
            ),
            ("oras push -u u -p $P r.io/a:1 x", "push oras r.io/a:1 inline=u:$P"),
            ("oras push --oci-layout x:1 y", ""),
            ("oras cp r.io/a:1 r.io/b:2", "pull r.io/a:1; push oras r.io/b:2"),
            ("oras cp --from-oci-layout x:1 --to-header a:b r.io/b:2", "pull x:1; push oras r.io/b:2"),
            ("oras cp r.io/a:1 --to-oci-layout-path x b:2", "pull r.io/a:1"),
            ("oras restore --input x r.io/a:1,2", "push oras r.io/a:1; push oras r.io/a:2"),
            ("oras restore --input x --dry-run r.io/a:1", ""),
            ("oras attach --artifact-type x r.io/a:1 y", "push oras r.io/a:1 signature"),
            ("oras tag r.io/a:1 2 3", "push oras r.io/a:2; push oras r.io/a:3"),
            ("oras manifest push r.io/a:1 x.json", "push oras r.io/a:1"),
            ("oras manifest index create r.io/a:1 x y", "push oras r.io/a:1"),
            ("oras login -u u -p p r.io", "login oras login host=r.io user=u password=p"),
            ("oras login -u u -p p", "login oras login any user=u password=p fault=NoHost"),
            ("oras --registry-config /c login -u u -p p r.io", "login oras login host=r.io user=u password=p store=/c"),
            ("oras logout r.io", "logout host=r.io"),
        ]);
    }
}
