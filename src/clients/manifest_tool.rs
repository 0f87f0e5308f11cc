//! manifest-tool (facts D2, E6).

use super::common::{docker_store, upload, word, words};
use super::grammar::Grammar;
use super::words::{comma_list, secret, with_text};
use super::{Action, Arg, Call, Upload};
use crate::registry::{Family, repository};

const COMMAND: Grammar = Grammar {
    values: &[
        "--username",
        "--password",
        "--docker-cfg",
        "--platforms",
        "--template",
        "--target",
        "--tags",
        "--type",
        "--annotations",
    ],
    flags: &["--ignore-missing", "--insecure", "--plain-http", "--debug"],
};

/// What a manifest-tool command does.
pub fn actions(call: &Call) -> Vec<Action> {
    let line = COMMAND.read(words(call));
    let at = |index: usize| line.positionals.get(index).map_or("", word);
    match (at(0), at(1)) {
        ("push", "from-args") => {
            let inline =
                line.value("--password").map(|password| (secret(line.value("--username")), secret(Some(password))));
            let reads = [docker_store(call, line.text("--docker-cfg"))];
            let target = line.value("--target");
            let more = target.zip(line.value("--tags")).map_or(Vec::new(), |(target, tags)| beside(target, tags));
            let push = |reference: Option<&Arg>| {
                let made = upload("manifest-tool", call, reference, Family::Docker, &reads);
                Action::Push(Upload { inline: inline.clone(), ..made })
            };
            std::iter::once(push(target)).chain(more.iter().map(|name| push(Some(name)))).collect()
        }
        ("push", "from-spec") => {
            let file = line.positionals.get(2).map_or(String::new(), |file| format!(" {}", file.text.shown()));
            vec![Action::Unread { what: format!("the manifest file{file}"), may_login: false, may_push: true }]
        }
        _ => Vec::new(),
    }
}

/// The same image under more tags.
fn beside(target: &Arg, tags: &Arg) -> Vec<Arg> {
    let named = |tag: &crate::text::Text| {
        let mut text = repository(&target.text);
        text.push_str(":");
        text.push_text(tag);
        with_text(tags, text)
    };
    comma_list(&tags.text).iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn the_target_is_pushed() {
        check(&[
            (
                "manifest-tool --username u --password $P push from-args --platforms x --template y --target a/b:1",
                "push manifest-tool a/b:1 inline=u:$P",
            ),
            (
                "manifest-tool push from-args --platforms x --template y --target a/b:1 --tags 2,3",
                "push manifest-tool a/b:1; push manifest-tool a/b:2; push manifest-tool a/b:3",
            ),
            ("manifest-tool push from-spec x.yml", "unread the manifest file x.yml push"),
        ]);
    }
}
