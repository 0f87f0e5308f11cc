//! manifest-tool (facts D2, E6).

use super::common::{docker_store, upload, word, words};
use super::grammar::Grammar;
use super::words::secret;
use super::{Action, Call, Upload};
use crate::registry::Family;

const COMMAND: Grammar = Grammar {
    values: &["--username", "--password", "--docker-cfg", "--platforms", "--template", "--target", "--tags", "--type"],
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
            let made = upload("manifest-tool", call, line.value("--target"), Family::Docker, &reads);
            vec![Action::Push(Upload { inline, ..made })]
        }
        ("push", "from-spec") => {
            let file = line.positionals.get(2).map_or(String::new(), |file| format!(" {}", file.text.shown()));
            vec![Action::Unread { what: format!("the manifest file{file}"), may_login: false, may_push: true }]
        }
        _ => Vec::new(),
    }
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
            ("manifest-tool push from-spec x.yml", "unread the manifest file x.yml push"),
        ]);
    }
}
