//! `.pushlint.yml`: facts, levels, and what to leave out. Read with the rooms that read pipelines, so
//! that its mistakes have places and near names too.

use std::collections::BTreeMap;

use glob::Pattern;
use regex::Regex;

use crate::facts::Setting;
use crate::lint::{Level, Levels};
use crate::nearest::nearest;
use crate::source::{FileId, Source, Span};
use crate::value::{Entry, Kind, Value, resolve};
use crate::yaml;

/// What a configuration says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The project's full path.
    pub project: Option<String>,
    /// This GitLab's registry.
    pub registry: Option<String>,
    /// Hosts to which the runners are logged in.
    pub logged_in: Vec<String>,
    /// Patterns of protected tags.
    pub protected_tags: Vec<String>,
    /// Patterns of immutable tags.
    pub immutable_tags: Vec<String>,
    /// Variables of the project's settings.
    pub variables: Vec<Setting>,
    /// Where an included project, component or remote file is checked out: name and path.
    pub includes: Vec<(String, String)>,
    /// The levels of lints.
    pub levels: Levels,
    /// Files that are left out.
    pub exclude: Vec<Pattern>,
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, in bytes of its text.
    pub at: std::ops::Range<usize>,
    /// What.
    pub message: String,
    /// The nearest name, or what else to do.
    pub help: Option<String>,
}

impl Mistake {
    fn new(at: Span, message: impl Into<String>) -> Self {
        Mistake { at: at.range(), message: message.into(), help: None }
    }

    fn nearest<'n>(mut self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        self.help = nearest(name, known).map(|known| format!("did you mean `{known}`?"));
        self
    }

    /// In one line: place, reason, help.
    #[must_use]
    pub fn shown(&self, source: &Source) -> String {
        let (line, column) = source.position(self.at.start);
        let help = self.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}:{line}:{column}: {}{help}", source.path, self.message)
    }
}

/// The keys of a configuration.
const KEYS: [&str; 9] = [
    "project",
    "registry",
    "logged-in",
    "protected-tags",
    "immutable-tags",
    "variables",
    "includes",
    "lints",
    "exclude",
];

/// Reads a configuration; `lints`: the ids of all lints.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn read(text: &str, lints: &[&str]) -> Result<Config, Vec<Mistake>> {
    let part = yaml::documents(text).first().cloned().unwrap_or(0..0);
    let start = part.start;
    let document = yaml::parse(&text[part], FileId(0), start)
        .map_err(|error| vec![Mistake::new(error.span, error.message.clone())])?;
    let value = resolve(document).map_err(|error| vec![Mistake::new(error.at, error.message())])?;
    let mut reader = Reader { config: Config::default(), mistakes: Vec::new(), lints };
    match &value.kind {
        Kind::Null => {}
        Kind::Map(map) => map.iter().for_each(|entry| reader.entry(entry)),
        _ => reader.wrong(&value, "the configuration", "a map of keys"),
    }
    if reader.mistakes.is_empty() { Ok(reader.config) } else { Err(reader.mistakes) }
}

struct Reader<'l> {
    config: Config,
    mistakes: Vec<Mistake>,
    lints: &'l [&'l str],
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry) {
        let (key, value) = (&*entry.key, &entry.value);
        if !KEYS.contains(&key) {
            let mistake = Mistake::new(entry.key_at, format!("unknown key `{key}`"));
            self.mistakes.push(mistake.nearest(key, KEYS));
            return;
        }
        if value.is_null() {
            return;
        }
        match key {
            "project" => self.config.project = self.text(value, key),
            "registry" => self.config.registry = self.host(value, key),
            "logged-in" => self.config.logged_in = self.list(value, key, Reader::host),
            "protected-tags" => self.config.protected_tags = self.list(value, key, Reader::pattern),
            "immutable-tags" => self.config.immutable_tags = self.list(value, key, Reader::pattern),
            "exclude" => self.config.exclude = self.list(value, key, Reader::glob),
            "variables" => self.variables(value),
            "includes" => self.includes(value),
            _ => self.levels(value),
        }
    }

    fn wrong(&mut self, value: &Value, key: &str, wanted: &str) {
        self.mistakes.push(Mistake::new(value.at, format!("{key} must be {wanted}")));
    }

    fn text(&mut self, value: &Value, key: &str) -> Option<String> {
        let text = value.as_text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(value, &format!("`{key}`"), "a text");
        }
        text.map(str::to_owned)
    }

    /// `host[:port]`.
    fn host(&mut self, value: &Value, key: &str) -> Option<String> {
        let text = self.text(value, key)?;
        if text.contains(['/', ' ', '@']) {
            self.wrong(value, &format!("`{key}`"), "`host` or `host:port`, without scheme and path");
            return None;
        }
        Some(text.to_ascii_lowercase())
    }

    fn pattern(&mut self, value: &Value, key: &str) -> Option<String> {
        let text = self.text(value, key)?;
        if let Err(error) = Regex::new(&text) {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            self.mistakes.push(Mistake::new(value.at, format!("`{text}` is no valid pattern: {reason}")));
            return None;
        }
        Some(text)
    }

    fn glob(&mut self, value: &Value, key: &str) -> Option<Pattern> {
        let text = self.text(value, key)?;
        match Pattern::new(&text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.mistakes.push(Mistake::new(value.at, format!("`{text}` is no valid pattern: {}", error.msg)));
                None
            }
        }
    }

    /// A list of texts, or one text.
    fn list<T>(&mut self, value: &Value, key: &str, read: fn(&mut Self, &Value, &str) -> Option<T>) -> Vec<T> {
        match &value.kind {
            Kind::List(items) => items.iter().filter_map(|item| read(self, item, key)).collect(),
            Kind::Text(_) => read(self, value, key).into_iter().collect(),
            _ => {
                self.wrong(value, &format!("`{key}`"), "a list of texts");
                Vec::new()
            }
        }
    }

    fn map<'v>(&mut self, value: &'v Value, key: &str, wanted: &str) -> Vec<&'v Entry> {
        match value.as_map() {
            Some(map) => map.iter().collect(),
            None => {
                self.wrong(value, &format!("`{key}`"), wanted);
                Vec::new()
            }
        }
    }

    fn variables(&mut self, value: &Value) {
        for entry in self.map(value, "variables", "a map of names and values") {
            let name = entry.key.to_string();
            let is_name = !name.starts_with(|first: char| first.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_name || name.is_empty() {
                self.mistakes.push(Mistake::new(entry.key_at, format!("`{name}` is no name of a variable")));
            } else if let Some(text) = entry.value.scalar() {
                let (name_at, value_at) = (entry.key_at.range(), entry.value.at.range());
                self.config.variables.push(Setting { name, name_at, value: text, value_at });
            } else {
                self.wrong(&entry.value, &format!("the value of `{name}`"), "a text");
            }
        }
    }

    fn includes(&mut self, value: &Value) {
        for entry in self.map(value, "includes", "a map of projects and folders") {
            if let Some(path) = self.text(&entry.value, &entry.key) {
                self.config.includes.push((entry.key.to_string(), path));
            }
        }
    }

    fn levels(&mut self, value: &Value) {
        let mut levels = BTreeMap::new();
        for entry in self.map(value, "lints", "a map of lints and levels") {
            let id = &*entry.key;
            if !self.lints.contains(&id) {
                let mistake = Mistake::new(entry.key_at, format!("there is no lint `{id}`"));
                self.mistakes.push(mistake.nearest(id, self.lints.iter().copied()));
                continue;
            }
            let word = match &entry.value.kind {
                // `off` is `false` to YAML.
                Kind::Bool(false) => "off".to_owned(),
                _ => entry.value.scalar().unwrap_or_default(),
            };
            match Level::named(&word).map(Some).or_else(|| (word == "off").then_some(None)) {
                None => {
                    let message = format!("`{word}` is no level: off, advice, warning or error");
                    let mistake = Mistake::new(entry.value.at, message);
                    self.mistakes.push(mistake.nearest(&word, ["off", "advice", "warning", "error"]));
                }
                Some(None) if id == crate::judge::UNREADABLE => {
                    let message = format!("`{id}` cannot be switched off");
                    self.mistakes.push(Mistake::new(entry.value.at, message));
                }
                Some(level) => {
                    levels.insert(id.to_owned(), level);
                }
            }
        }
        self.config.levels = levels;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        let source = Source::new(".pushlint.yml", text);
        let found = read(text, &["mutable-tag", "unreadable-config"]).err().unwrap_or_default();
        found.iter().map(|mistake| mistake.shown(&source)).collect()
    }

    #[test]
    fn all_keys_are_read() {
        let text = "project: acme/app\nregistry: Registry.example.com:5050\nlogged-in: [harbor.example.com]\n\
                    protected-tags: ['^release-']\nimmutable-tags: '^v\\d+'\nvariables: {BASE: reg/x, N: 1.10}\n\
                    includes: {acme/ci: ../ci}\nlints: {mutable-tag: off}\nexclude: ['vendor/**']\n";
        let config = read(text, &["mutable-tag"]).expect("a valid configuration");
        assert_eq!(config.project.as_deref(), Some("acme/app"));
        assert_eq!(config.registry.as_deref(), Some("registry.example.com:5050"));
        assert_eq!(config.logged_in, ["harbor.example.com"]);
        assert_eq!((config.protected_tags.len(), config.immutable_tags.len()), (1, 1));
        assert_eq!(config.variables[0].value, "reg/x");
        assert_eq!(&text[config.variables[0].value_at.clone()], "reg/x");
        assert_eq!(config.includes, [("acme/ci".to_owned(), "../ci".to_owned())]);
        assert_eq!(config.levels.get("mutable-tag"), Some(&None));
        assert!(config.exclude[0].matches("vendor/a/b.yml"));
    }

    #[test]
    fn an_empty_configuration_says_nothing() {
        assert!(mistakes("").is_empty() && mistakes("# nothing\n").is_empty() && mistakes("lints:\n").is_empty());
    }

    #[test]
    fn each_mistake_has_its_place_and_the_nearest_name() {
        assert_eq!(mistakes("\nprojct: a/b\n"), [".pushlint.yml:2:1: unknown key `projct`; did you mean `project`?"]);
        assert_eq!(mistakes("project: [a]"), [".pushlint.yml:1:10: `project` must be a text"]);
        assert_eq!(
            mistakes("lints: {mutabel-tag: off}"),
            [".pushlint.yml:1:9: there is no lint `mutabel-tag`; did you mean `mutable-tag`?"]
        );
        assert_eq!(
            mistakes("lints: {mutable-tag: warn}"),
            [".pushlint.yml:1:22: `warn` is no level: off, advice, warning or error"]
        );
        assert_eq!(
            mistakes("lints: {unreadable-config: off}"),
            [".pushlint.yml:1:28: `unreadable-config` cannot be switched off"]
        );
        assert_eq!(
            mistakes("registry: https://x.example.com"),
            [".pushlint.yml:1:11: `registry` must be `host` or `host:port`, without scheme and path"]
        );
        assert_eq!(mistakes("variables: {1A: x}"), [".pushlint.yml:1:13: `1A` is no name of a variable"]);
        assert_eq!(mistakes("variables: {A: [x]}"), [".pushlint.yml:1:16: the value of `A` must be a text"]);
        assert_eq!(mistakes("- a"), [".pushlint.yml:1:1: the configuration must be a map of keys"]);
        assert_eq!(mistakes("a: [").len(), 1);
    }

    #[test]
    fn patterns_must_be_valid() {
        assert_eq!(mistakes("protected-tags: ['(']"), [".pushlint.yml:1:18: `(` is no valid pattern: unclosed group"]);
        assert!(mistakes("exclude: ['a***']")[0].contains("is no valid pattern"));
    }
}
