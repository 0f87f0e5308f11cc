//! One compose file: its services as they are written, before variables are filled in.

use std::rc::Rc;

use crate::clients::sealed::Sealed;
use crate::clients::{Arg, File};
use crate::source::Span;
use crate::text::Text;
use crate::value::{StepKind, Value, resolve};
use crate::yaml;

use super::variables::Variables;

/// A file that was read.
pub struct Document {
    /// Its path, as the command finds it.
    pub path: Text,
    root: Value,
    sealed: Sealed,
    at: Span,
    exact: bool,
}

/// A value in a file.
#[derive(Clone)]
pub struct Word {
    document: Rc<Document>,
    value: Value,
}

/// A service, as far as pushes go.
#[derive(Clone, Default)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// `image:`.
    pub image: Option<Word>,
    /// Whether it has a `build:`.
    pub built: bool,
    /// `build.tags`.
    pub tags: Vec<Word>,
    /// `build.cache_to`.
    pub caches: Vec<Word>,
    /// `build.x-bake`: more tags, and where `bake` puts the image.
    pub bake_tags: Vec<Word>,
    /// See [`Service::bake_tags`].
    pub bake_outputs: Vec<Word>,
    /// `profiles:`; without any it is always there.
    pub profiles: Vec<Word>,
    /// `depends_on:`.
    pub needs: Vec<String>,
    /// `extends:`: the service, and the file where it is another one.
    pub base: Option<(String, Option<Word>)>,
}

impl Document {
    /// Reads a file; `None` where it is no compose file that is understood to the end: it may hold
    /// services that the tree does not show.
    pub fn read(path: &Text, file: File) -> Option<Rc<Document>> {
        let File::Found { text, at, exact } = file else { return None };
        let sealed = Sealed::new(&text)?;
        let held = sealed.text();
        // tags that say how files are merged, and further documents
        if held.contains("!reset") || held.contains("!override") || has_more_documents(held) {
            return None;
        }
        let root = resolve(yaml::parse(held, at.file, 0).ok()?).ok()?;
        root.as_map()?.get("services")?.as_map()?;
        Some(Rc::new(Document { path: path.clone(), root, sealed, at, exact }))
    }

    /// Its services, at most `most`.
    pub fn services(self: &Rc<Self>, most: usize) -> Vec<Service> {
        let services = own(&self.root, "services").and_then(Value::as_map);
        let entries = services.map(|map| map.iter()).into_iter().flatten();
        entries.filter_map(|entry| self.service(&entry.key, &entry.value)).take(most).collect()
    }

    /// The service of a name.
    pub fn service_of(self: &Rc<Self>, name: &str) -> Option<Service> {
        self.service(name, own(&self.root, "services")?.as_map()?.get(name)?)
    }

    /// The paths of `include:`, where they are plain.
    pub fn includes(self: &Rc<Self>) -> Vec<Option<Word>> {
        let Some(list) = own(&self.root, "include") else { return Vec::new() };
        let paths = list.as_list().unwrap_or(std::slice::from_ref(list)).iter();
        let plain = |value: &Value| value.as_text().is_some();
        paths.map(|value| plain(value).then(|| self.word(value))).collect()
    }

    fn word(self: &Rc<Self>, value: &Value) -> Word {
        Word { document: self.clone(), value: value.clone() }
    }

    fn words(self: &Rc<Self>, value: Option<&Value>) -> Vec<Word> {
        let Some(value) = value else { return Vec::new() };
        let items = value.as_list().unwrap_or(std::slice::from_ref(value));
        items.iter().filter(|item| item.scalar().is_some()).map(|item| self.word(item)).collect()
    }

    fn service(self: &Rc<Self>, name: &str, value: &Value) -> Option<Service> {
        let build = own(value, "build").filter(|build| !build.is_null());
        let bake = build.and_then(|build| own(build, "x-bake"));
        let base = own(value, "extends").and_then(|base| match own(base, "service") {
            Some(service) => Some((service.scalar()?, own(base, "file").map(|file| self.word(file)))),
            None => base.scalar().map(|service| (service, None)),
        });
        let needs = own(value, "depends_on").map_or(Vec::new(), |needs| match (needs.as_map(), needs.as_list()) {
            (Some(map), _) => map.iter().map(|entry| entry.key.to_string()).collect(),
            (_, Some(list)) => list.iter().filter_map(Value::scalar).collect(),
            _ => Vec::new(),
        });
        value.as_map()?;
        Some(Service {
            name: name.to_owned(),
            image: own(value, "image").filter(|image| image.scalar().is_some()).map(|image| self.word(image)),
            built: build.is_some(),
            tags: self.words(build.and_then(|build| own(build, "tags"))),
            caches: self.words(build.and_then(|build| own(build, "cache_to"))),
            bake_tags: self.words(bake.and_then(|bake| own(bake, "tags"))),
            bake_outputs: self.words(bake.and_then(|bake| own(bake, "output"))),
            profiles: self.words(own(value, "profiles")),
            needs,
            base,
        })
    }
}

/// The value of a key. Compose knows no order between a map's own keys and those that `<<` merges in:
/// the own ones win.
fn own<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let value = value.as_map()?.get(key)?;
    let merged = |value: &Value| value.via.iter().any(|step| step.kind == StepKind::Anchor);
    if merged(value) {
        let written = value.shadowed.iter().rfind(|shadowed| !merged(shadowed));
        return Some(written.map_or(value, |written| written));
    }
    Some(value)
}

fn has_more_documents(text: &str) -> bool {
    let lines = text.lines().map(str::trim_end);
    let content = lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
    content.skip(1).any(|line| line == "---" || line.starts_with("--- "))
}

impl Word {
    /// The word with its variables filled in.
    pub fn filled(&self, variables: &Variables) -> Arg {
        let written = self.value.scalar().unwrap_or_default();
        let filled = variables.fill(&self.document.sealed, &written);
        let at = if self.document.exact { self.value.at } else { self.document.at };
        Arg { text: filled.text, at, from: filled.from, vanishes: false }
    }

    /// The file in which it stands.
    pub fn path(&self) -> &Text {
        &self.document.path
    }
}

impl Service {
    /// What another file, or the service that extends this one, lays over it.
    pub fn overlay(&mut self, over: Service) {
        self.image = over.image.or(self.image.take());
        self.built |= over.built;
        self.tags.extend(over.tags);
        self.caches.extend(over.caches);
        self.bake_tags.extend(over.bake_tags);
        self.bake_outputs.extend(over.bake_outputs);
        self.profiles.extend(over.profiles);
        self.needs.extend(over.needs);
        self.base = over.base.or(self.base.take());
    }
}
