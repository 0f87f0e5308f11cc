//! What several clients share: the stores that they read and write, and plain pushes.

use super::grammar::Line;
use super::words::with_text;
use super::{Action, Arg, Call, Upload, Uploaded};
use crate::registry::{Family, Store, repository};
use crate::text::{Form, Origin, Symbol, Text};

/// A variable that is set and not surely empty.
pub fn variable(call: &Call, name: &str) -> Option<Text> {
    call.environment.get(name).filter(|value| !value.is_empty())
}

/// `rest` below the home folder.
pub fn at_home(call: &Call, rest: &str) -> Store {
    let home = variable(call, "HOME").unwrap_or_else(|| Text::literal("~"));
    Store::in_folder(&home, rest)
}

/// Docker's store: `--config`, `$DOCKER_CONFIG`, `~/.docker`.
pub fn docker_store(call: &Call, config: Option<&Text>) -> Store {
    match config.cloned().or_else(|| variable(call, "DOCKER_CONFIG")) {
        Some(folder) => Store::in_folder(&folder, "config.json"),
        None => at_home(call, ".docker/config.json"),
    }
}

/// A command line behind a program's name.
pub fn words<'a>(call: &'a Call) -> &'a [Arg] {
    call.args.get(1..).unwrap_or(&[])
}

/// A push of an image that the command itself makes or copies.
pub fn upload(client: &'static str, call: &Call, reference: Option<&Arg>, family: Family, reads: &[Store]) -> Upload {
    Upload {
        client,
        at: call.at,
        reference: reference.cloned(),
        family,
        reads: reads.to_vec(),
        inline: None,
        what: Uploaded::Image,
        local: None,
        gitlab_helper: None,
        spares: false,
    }
}

/// The reference without a tag, under the digest of what is pushed: it overwrites nothing.
pub fn by_digest(image: &Arg) -> Arg {
    let mut text = repository(&image.text);
    text.push_str("@sha256:");
    let key = format!("digest of {}", image.text.shown());
    text.push_symbol(Symbol::unknown(key.clone(), "<digest>", Origin::Opaque(key)));
    with_text(image, text)
}

/// A part of a reference that a file or another reference gives, and that is not known.
pub fn unknown_part(shown: &str, giver: &Arg) -> Text {
    let key = format!("{shown} of {}", giver.text.shown());
    let symbol = Symbol::unknown(key.clone(), shown, Origin::Opaque(key));
    Text::symbol(symbol.derived("", shown.to_owned(), |data| data.form = Form::SAFE))
}

/// The push of a build cache.
pub fn cache(upload: &Upload, reference: Arg) -> Action {
    Action::Push(Upload { reference: Some(reference), what: Uploaded::Cache, local: None, ..upload.clone() })
}

/// A push that names no reference, unless an unknown word may name one.
pub fn nameless(upload: Upload, line: &Line) -> Action {
    match line.unknown_word() {
        Some(word) => {
            let what = format!("the options in {}", word.text.shown());
            Action::Unread { what, may_login: false, may_push: true }
        }
        None => Action::Push(Upload { reference: None, ..upload }),
    }
}

/// The images of a build. An unknown word that is not the context may hold more names.
pub fn built(line: &Line, names: Vec<Arg>) -> Vec<Action> {
    let may_name = line.unknown_word().is_some() && (names.is_empty() || line.positionals.len() > 1);
    let mut actions = vec![Action::Build { names }];
    actions.extend(may_name.then_some(Action::Loads));
    actions
}

/// The word of a subcommand.
pub fn word(arg: &Arg) -> &str {
    arg.text.as_literal().unwrap_or("")
}

/// A subcommand that an unknown value decides.
pub fn unknown_subcommand(client: &str, arg: &Arg) -> Vec<Action> {
    if arg.text.as_literal().is_some() {
        return Vec::new();
    }
    let what = format!("the words of {client} in {}", arg.text.shown());
    vec![Action::Unread { what, may_login: true, may_push: true }]
}
