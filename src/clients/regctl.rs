//! regctl (facts D2, E6).

use super::common::{at_home, docker_store, unknown_subcommand, upload, variable, word, words};
use super::grammar::{Grammar, Line};
use super::login::{Words, login_host};
use super::words::{comma_list, field, with_text};
use super::{Action, Arg, Call, LoginHost, Secret, Upload, Uploaded};
use crate::registry::{Family, Store, repository};

const COMMAND: Grammar = Grammar {
    values: &[
        "-v --verbosity",
        "--logopt",
        "--host",
        "--user-agent",
        "-p --platform",
        "--platforms",
        "--create",
        "-u --username --user",
        "--pass --password",
        "--subject",
        "--artifact-type",
        "--annotation",
        "--media-type",
        "-m --file-media-type",
        "-f --file",
        "--ref",
        "--digest",
        "--format",
        "--content-type",
        "-t --config-type",
        "--created",
        "--label",
        "--base",
        "--name",
        "--include",
        "--exclude",
        "--limit",
        "--algorithm",
        "--concurrent",
        "--referrers-src",
        "--referrers-tgt",
        "--refers",
        "--desc-annotation",
        "--desc-platform",
        "--path-prefix",
        "--external",
        // those of `image mod`
        "--annotation-base",
        "--buildarg-rm",
        "--config-cmd",
        "--config-entrypoint",
        "--config-platform",
        "--config-time",
        "--data-max",
        "--digest-algo",
        "--env",
        "--expose-add",
        "--expose-rm",
        "--file-tar-time",
        "--layer-add",
        "--layer-compress",
        "--layer-reproducible",
        "--layer-rm-created-by",
        "--layer-rm-index",
        "--layer-strip-file",
        "--layer-time",
        "--time",
        "--volume-add",
        "--volume-rm",
    ],
    flags: &["--pass-stdin --password-stdin", "--replace", "--digest-tags", "--referrers"],
};
const LOGIN: Grammar =
    Grammar { values: &["-u --user --username", "-p --pass --password"], flags: &["--pass-stdin --password-stdin"] };

/// What a regctl command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call));
    let at = |index: usize| line.positionals.get(index);
    let (group, command) = (at(0).map_or("", word), at(1).map_or("", word));
    match (group, command) {
        ("registry", "login") => login(call),
        ("registry", "logout") => {
            let host = at(2).map_or(LoginHost::DockerHub, |arg| login_host(&arg.text));
            vec![Action::Logout { host, store: own_store(call) }]
        }
        ("image", "copy" | "cp") => copy(call, &line),
        ("image", "mod") => modify(call, &line),
        ("repo", "copy" | "cp") => {
            let copied = copy(call, &line);
            copied.into_iter().map(all_tags).collect()
        }
        ("image", "create" | "import")
        | ("index", "create" | "add" | "put")
        | ("manifest", "put" | "push")
        | ("artifact", "put" | "push" | "create") => push(call, &line, at(2)).into_iter().collect(),
        ("image", "inspect" | "digest" | "manifest" | "get-file" | "export" | "config")
        | ("manifest", "get" | "head") => {
            at(2).map(|reference| Action::Pull { reference: reference.clone() }).into_iter().collect()
        }
        _ => at(0).map_or(Vec::new(), |word| unknown_subcommand("regctl", word)),
    }
}

fn own_store(call: &Call) -> Store {
    variable(call, "REGCTL_CONFIG").map_or_else(|| at_home(call, ".regctl/config.json"), |file| Store::at(&file))
}

fn login(call: &Call) -> Vec<Action> {
    let line = LOGIN.read(words(call)).behind(2);
    let server = line.at_most(1).first().copied();
    let (tool, without_host) = ("regctl registry login", Ok(LoginHost::DockerHub));
    vec![Action::Login(Words { tool, line: &line, server, store: own_store(call), without_host }.login(call))]
}

/// A push; a reference to a folder is none.
fn push(call: &Call, line: &Line, reference: Option<&Arg>) -> Option<Action> {
    if reference.is_some_and(|arg| arg.text.literal_prefix().starts_with("ocidir://")) {
        return None;
    }
    let host = line.value("--host").map(|host| comma_list(&host.text));
    let inline = host.filter(|fields| field(fields, "pass").is_some()).map(|_| (Secret::Unknown, Secret::Unknown));
    let reads = [own_store(call), docker_store(call, None)];
    Some(Action::Push(Upload { inline, ..upload("regctl", call, reference, Family::Docker, &reads) }))
}

fn copy(call: &Call, line: &Line) -> Vec<Action> {
    let (Some(from), Some(to)) = (line.positionals.get(2), line.positionals.get(3)) else { return Vec::new() };
    let pull = Action::Pull { reference: from.clone() };
    std::iter::once(pull).chain(push(call, line, Some(to))).collect()
}

/// A whole repository: every tag of it.
fn all_tags(action: Action) -> Action {
    match action {
        Action::Push(upload) => Action::Push(Upload { what: Uploaded::AllTags, ..upload }),
        other => other,
    }
}

/// `image mod REF --create NEW | --replace`; a bare NEW is a tag.
fn modify(call: &Call, line: &Line) -> Vec<Action> {
    let Some(image) = line.positionals.get(2) else { return Vec::new() };
    let made = match line.value("--create") {
        Some(new) if new.text.split_once(':').is_none() && new.text.split_once('/').is_none() => {
            let mut text = repository(&image.text);
            text.push_str(":");
            text.push_text(&new.text);
            Some(with_text(new, text))
        }
        Some(new) => Some(new.clone()),
        None => line.is_on("--replace").then(|| image.clone()),
    };
    made.and_then(|reference| push(call, line, Some(&reference))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn regctl_pushes_and_logs_in() {
        for (line, words) in [
            ("regctl image copy a:1 $CI_REGISTRY_IMAGE:1", "pull a:1; push regctl $CI_REGISTRY_IMAGE:1 READS"),
            ("regctl -v debug image cp --platform p a ocidir://x", "pull a"),
            ("regctl image import r.io/a:1 x.tar", "push regctl r.io/a:1 READS"),
            ("regctl image mod r.io/a:1 --create b", "push regctl r.io/a:b READS"),
            ("regctl image mod --label a=b --time set=x r.io/a:1 --create c", "push regctl r.io/a:c READS"),
            ("regctl repo copy r.io/a r.io/b", "pull r.io/a; push regctl r.io/b all-tags READS"),
            ("regctl image mod r.io/a:1 --replace", "push regctl r.io/a:1 READS"),
            ("regctl index create r.io/a:1 --ref r.io/a:x", "push regctl r.io/a:1 READS"),
            ("regctl manifest put r.io/a:1", "push regctl r.io/a:1 READS"),
            ("regctl artifact put r.io/a:1 -f x", "push regctl r.io/a:1 READS"),
            ("regctl --host reg=r.io,user=u,pass=$P image import r.io/a x", "push regctl r.io/a READS inline=?:?"),
            ("regctl tag delete r.io/a:1", ""),
            (
                "regctl registry login r.io -u u -p $P",
                "login regctl registry login host=r.io user=u password=$P store=~/.regctl/config.json",
            ),
            (
                "regctl registry login r.io -u u --pass-stdin",
                "login regctl registry login host=r.io user=u password=- store=~/.regctl/config.json fault=EmptyStdin",
            ),
        ] {
            check(&[(line, &words.replace("READS", "reads=~/.regctl/config.json,~/.docker/config.json"))]);
        }
    }
}
