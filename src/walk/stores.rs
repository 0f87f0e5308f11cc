//! Files that clients read: stores of credentials, compose and bake files. What writes them, copies
//! them, takes them away, and what may have changed them in ways that are not followed.

use std::sync::Arc;

use super::expand::printed;
use super::simple::Call;
use super::walker::Walker;
use super::world::{Past, World};
use super::written::Written;
use crate::clients::{self, Arg, File, Upload};
use crate::registry::Store;
use crate::source::Span;
use crate::text::{Form, Text};

/// Endings of the files whose texts clients read.
const READ: [&str; 5] = [".yml", ".yaml", ".hcl", ".json", ".env"];
/// Commands that name a file and leave it as it is.
const READERS: [&str; 12] =
    ["ls", "stat", "chown", "file", "wc", "md5sum", "sha256sum", "kubectl", "du", "hadolint", "yamllint", "shellcheck"];
/// Interpreters whose argument may be a program.
const INTERPRETERS: [&str; 6] = ["python", "python3", "ruby", "perl", "node", "php"];
/// Options of `cp`, `mv`, `ln` and `install` whose value is the next word.
const VALUES: [&str; 8] = ["-m", "--mode", "-o", "--owner", "-g", "--group", "-S", "--suffix"];
/// The most files whose texts are kept, and the longest text.
const FILES: usize = 64;
const LONGEST: usize = 65_536;

impl Walker<'_> {
    /// `cp a b`: `b` holds what `a` held; after `mv`, `a` holds nothing.
    pub(super) fn copy(&mut self, world: &mut World, call: &Call, base: &str) {
        let (operands, folder) = operands(call);
        let (sources, target) = match (folder, operands.split_last()) {
            (Some(folder), _) => (operands.as_slice(), folder),
            (None, Some((target, sources))) if !sources.is_empty() => (sources, *target),
            _ => return,
        };
        let into = folder.is_some() || sources.len() > 1 || is_folder(world, &target.text);
        for source in sources {
            let copy = self.file_to_copy(world, &source.text, call.at);
            let name = basename(&source.text);
            let path = if into { within(&target.text, &name) } else { target.text.clone() };
            let folder = if is_store_folder(world, &path) {
                Some(&path)
            } else {
                Some(&target.text).filter(|target| is_store_folder(world, target) && !is_store_name(&name))
            };
            match folder {
                Some(folder) => self.may_hold(world, &Store::in_folder(folder, "config.json"), call.at),
                None => self.put_file(world, &path, copy, call.at),
            }
            if base == "mv" {
                take_away(world, &source.text, call.at);
            }
        }
    }

    /// `rm`: what is removed holds no credentials.
    pub(super) fn remove(&mut self, world: &mut World, call: &Call) {
        for operand in operands(call).0 {
            take_away(world, &operand.text, call.at);
        }
    }

    /// A file: what the script wrote, or one of the repository that a client may read.
    fn file_to_copy(&mut self, world: &World, path: &Text, at: Span) -> Written {
        self.held(world, path, at).unwrap_or_else(|| Written::by(unknown_text(path), at))
    }

    fn held(&mut self, world: &World, path: &Text, at: Span) -> Option<Written> {
        if let Some(written) = world.written(path) {
            return Some(written.clone());
        }
        match is_read(path).then(|| self.reading().find(world, path, at)) {
            Some(File::Found { text, at, exact: true }) => Some(Written::copy(text, at)),
            Some(File::Found { text, at, exact: false }) => Some(Written::by(text, at)),
            _ => None,
        }
    }

    /// Writes a file: a store of credentials, or a text that may be read again.
    pub(super) fn write_file(&mut self, world: &mut World, path: &Text, text: &Text, append: bool, at: Span) {
        let mut whole = append.then(|| self.held(world, path, at)).flatten().unwrap_or_default();
        whole.append(text, at);
        self.put_file(world, path, whole, at);
    }

    fn put_file(&mut self, world: &mut World, path: &Text, written: Written, at: Span) {
        let store = Store::at(&placed(world, path));
        if is_store(world, &store) || speaks_of_credentials(&written.text) {
            self.store_written(world, &store, &written.text, at);
        }
        keep(world, path, written);
    }

    /// `sed -i`, `yq -i`: the file that they name holds something else then.
    pub(super) fn changed_in_place(&mut self, world: &mut World, call: &Call, base: &str) {
        let in_place = |arg: &Arg| {
            let option = arg.text.literal_prefix();
            option.starts_with("--in-place")
                || option.starts_with("--inplace")
                || matches!(option, "-out" | "-o")
                || option
                    .strip_prefix('-')
                    .is_some_and(|flags| !flags.starts_with('-') && flags.contains('i') && base != "grep")
        };
        if !call.args[1..].iter().any(in_place) {
            return;
        }
        let Some(file) = call.args.last().filter(|_| base == "sed") else { return self.may_change(world, call) };
        let held = self.file_to_copy(world, &file.text, call.at).text;
        let words: Vec<Option<&str>> = call.args[1..call.args.len() - 1]
            .iter()
            .filter(|arg| !in_place(arg))
            .map(|arg| arg.text.as_literal())
            .collect();
        match held.as_literal().and_then(|text| super::filters::apply("sed", text, &words)) {
            Some(made) => self.write_file(world, &file.text, &Text::literal(made), false, call.at),
            None => self.may_change(world, call),
        }
    }

    /// A command that is not followed may write each file that it names.
    pub(super) fn may_change(&mut self, world: &mut World, call: &Call) {
        let Some((program, args)) = call.args.split_first() else { return };
        let name = program.text.as_literal().and_then(|name| name.rsplit('/').next()).unwrap_or("");
        if READERS.contains(&name) {
            return;
        }
        for arg in args {
            let text = match arg.text.split_once('=') {
                Some((option, value)) if option.literal_prefix().starts_with('-') => value,
                _ => arg.text.clone(),
            };
            let code = INTERPRETERS.contains(&name) && text.literal_prefix().contains(char::is_whitespace);
            if code && ["config.json", "auth.json", ".docker"].iter().any(|file| text.shown().contains(file)) {
                world.happened(Past::Unread { may_login: true });
            }
            let local = if text.literal_prefix().contains("://") { basename(&text) } else { text };
            let store = Store::at(&placed(world, &local));
            if is_store(world, &store) {
                self.may_hold(world, &store, call.at);
            } else if is_read(&local) && !local.literal_prefix().starts_with('-') {
                keep(world, &local, Written::by(unknown_text(&local), call.at));
            }
        }
    }

    /// A store that may hold anything from here on.
    fn may_hold(&mut self, world: &mut World, store: &Store, at: Span) {
        let before = world.credentials.clone();
        self.store_written(world, store, &unknown_text(&store.path), at);
        let lost = before.iter().filter(|entry| entry.store == *store).cloned();
        Arc::make_mut(&mut world.credentials).splice(0..0, lost);
    }

    /// The stores of a push that no login wrote: a file of the script or the repository, by whatever name.
    pub(super) fn stores_found(&mut self, world: &mut World, upload: &Upload) {
        for store in &upload.reads {
            if world.credentials.iter().any(|entry| entry.store == *store) {
                continue;
            }
            if let File::Found { text, at, exact } = self.reading().find(world, &store.path, upload.at) {
                self.store_written(world, store, &text, if exact { upload.at } else { at });
            }
        }
    }
}

/// The words that are no options, and the folder of `-t`.
fn operands(call: &Call) -> (Vec<&Arg>, Option<&Arg>) {
    let (mut found, mut folder) = (Vec::new(), None);
    let mut args = call.args.iter().skip(1);
    while let Some(arg) = args.next() {
        match arg.text.as_literal() {
            Some("-t" | "--target-directory") => folder = args.next(),
            Some(option) if VALUES.contains(&option) => drop(args.next()),
            _ if arg.text.literal_prefix().starts_with('-') => {}
            _ => found.push(arg),
        }
    }
    (found, folder)
}

/// The last part of a path.
fn basename(path: &Text) -> Text {
    let path = path.strip_suffix("/").unwrap_or_else(|| path.clone());
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn within(folder: &Text, name: &Text) -> Text {
    let mut path = folder.clone();
    path.push_str(if folder.strip_suffix("/").is_some() { "" } else { "/" });
    path.push_text(name);
    path
}

/// A path below a folder that is known, or below one that nothing is known of.
fn placed(world: &World, path: &Text) -> Text {
    let relative = path.as_literal().is_some_and(|path| !path.starts_with(['/', '~']));
    if !relative || world.folder.is_some() || !is_store_name(&basename(path)) {
        return path.clone();
    }
    within(&Text::symbol(printed("pwd", None, Form::ANY)), path)
}

fn is_store_name(name: &Text) -> bool {
    matches!(name.as_literal(), Some("config.json" | "auth.json"))
}

fn is_read(path: &Text) -> bool {
    READ.iter().any(|ending| path.strip_suffix(ending).is_some()) || basename(path).literal_prefix().starts_with(".env")
}

fn is_folder(world: &World, path: &Text) -> bool {
    path.strip_suffix("/").is_some()
        || matches!(path.as_literal(), Some("." | ".." | "~"))
        || path.as_symbol().is_some_and(|symbol| symbol.setting_name() == Some("HOME"))
        || is_store_folder(world, path)
}

/// A folder in which clients look for a store.
fn is_store_folder(world: &World, path: &Text) -> bool {
    let path = path.strip_suffix("/").unwrap_or_else(|| path.clone());
    let named = world.overridden("DOCKER_CONFIG").is_some_and(|variable| variable.text == path && !path.is_empty());
    named || path.strip_suffix("/.docker").is_some() || path.as_literal() == Some(".docker")
}

/// Whether a path is one that clients read credentials from.
fn is_store(world: &World, store: &Store) -> bool {
    let ends = |suffix: &str| store.path.strip_suffix(suffix).is_some();
    let set = |name: &str| world.overridden(name).map(|variable| variable.text).filter(|text| !text.is_empty());
    let folder = set("DOCKER_CONFIG").map(|folder| Store::in_folder(&folder, "config.json"));
    folder.is_some_and(|known| known == *store)
        || set("REGISTRY_AUTH_FILE").is_some_and(|file| Store::at(&file) == *store)
        || clients::reads_credentials_at(&store.path.shown())
        || ends("containers/auth.json")
        || ends(".docker/config")
        || ends("/.dockercfg")
        || store.path.as_literal() == Some("auth.json")
        || store.path.as_literal().is_none() && (ends("/config.json") || ends("/auth.json")) && world.folder.is_none()
}

/// A text that no other file than a store of credentials holds.
fn speaks_of_credentials(text: &Text) -> bool {
    let literal = |part: &crate::text::Part| match part {
        crate::text::Part::Lit(text) => {
            ["\"auths\"", "\"credHelpers\"", "\"credsStore\""].iter().any(|key| text.contains(key))
        }
        crate::text::Part::Sym(_) => false,
    };
    text.parts().iter().any(literal)
}

/// What a file holds that nothing is known of.
fn unknown_text(path: &Text) -> Text {
    Text::symbol(printed(&format!("cat {}", path.identity()), None, Form::ANY))
}

fn keep(world: &mut World, path: &Text, written: Written) {
    if world.files.len() < FILES && written.text.identity().len() < LONGEST {
        let key = world.file_key(path);
        Arc::make_mut(&mut world.files).insert(key, written);
    }
}

/// The file at a path, and all that lies below it, is no longer there.
fn take_away(world: &mut World, path: &Text, at: Span) {
    let gone = Store::at(path).path;
    let gone = gone.strip_suffix("/").unwrap_or(gone);
    let below = |store: &Store| match (gone.as_literal(), store.path.as_literal()) {
        (Some(gone), Some(path)) => {
            path.strip_prefix(gone).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        _ => store.path == gone,
    };
    if world.credentials.iter().any(|entry| below(&entry.store) && entry.removed.is_none()) {
        for entry in Arc::make_mut(&mut world.credentials).iter_mut().filter(|entry| below(&entry.store)) {
            entry.removed = entry.removed.or(Some(at));
        }
    }
    let key = world.file_key(path);
    if world.files.contains_key(&key) {
        Arc::make_mut(&mut world.files).remove(&key);
    }
}
