//! One unknown value: [`Symbol`], and what is known of it all the same.

use std::fmt;
use std::sync::Arc;

use crate::scenario::Scenarios;

/// How a value differs between runs, from the least unique to the most (facts B3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The same in every run.
    Constant,
    /// The same in every run for one branch, tag or merge request.
    PerRef,
    /// One git tag.
    PerTag,
    /// One commit.
    PerCommit,
    /// One pipeline.
    PerPipeline,
    /// One job; new on a retry.
    PerJob,
}

/// What characters a value may hold. `true` means "may", never "does".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// It may be the empty string in a scenario in which it is set.
    pub empty: bool,
    /// `/`
    pub slash: bool,
    /// `A`–`Z`
    pub upper: bool,
    /// `:` or `+` or another character that a tag cannot hold (but not `/`).
    pub colon: bool,
    /// White space: unquoted, it splits.
    pub space: bool,
}

impl Form {
    /// A word of `[a-z0-9_.-]`, never empty.
    pub const SAFE: Form = Form { empty: false, slash: false, upper: false, colon: false, space: false };
    /// Anything.
    pub const ANY: Form = Form { empty: true, slash: true, upper: true, colon: true, space: true };
}

impl Form {
    /// Takes in what another value beside it may hold; emptiness apart.
    pub fn add(&mut self, other: Form) {
        self.slash |= other.slash;
        self.upper |= other.upper;
        self.colon |= other.colon;
        self.space |= other.space;
    }

    /// Takes in the characters of a known text.
    pub fn add_literal(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '/' => self.slash = true,
                'A'..='Z' => self.upper = true,
                char if char.is_whitespace() => self.space = true,
                'a'..='z' | '0'..='9' | '_' | '.' | '-' => {}
                _ => self.colon = true,
            }
        }
    }
}

/// Where a symbol's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// GitLab sets it; the row of `predefined.rs`.
    Predefined(&'static str),
    /// A variable that the files do not define: settings, the runner, the image may.
    Setting(String),
    /// The output of a command, as written.
    Command(String),
    /// A variable that an unread script, a dotenv report or `read` may have set.
    Unread(String),
    /// `$[[ … ]]`.
    Input(String),
    /// A matrix variable.
    Matrix(String),
    /// A PowerShell variable that does not exist, because its name took in the `:` behind it: as written.
    Swallowed(String),
    /// Something that pushlint does not follow: arithmetic, a glob, a bound that was reached.
    Opaque(String),
}

/// What the keys of values in lower case end with.
const LOWERED: &str = ",,";

/// The longest key that is kept as it is: values made from values would double it again and again.
const LONGEST_KEY: usize = 1 << 12;

/// A short key in the place of a long one; the same for the same.
fn digest(key: &str) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(key, &mut hasher);
    format!("#{:016x}", std::hash::Hasher::finish(&hasher))
}

/// One unknown value.
#[derive(Clone)]
pub struct Symbol(Arc<SymbolData>);

/// What is known of a symbol.
#[derive(Clone, Debug)]
pub struct SymbolData {
    /// Identity: equal keys are equal values.
    pub key: String,
    /// As a person would write it: `$CI_COMMIT_SHA`, `${CI_COMMIT_TAG#v}`, `$(cat VERSION)`.
    pub shown: String,
    /// Where it comes from; for a derived value, where its source comes from.
    pub origin: Origin,
    /// How it differs between runs; `None`: unknown.
    pub class: Option<Class>,
    /// What it may hold.
    pub form: Form,
    /// The scenarios in which it is surely unset or empty.
    pub unset_in: Scenarios,
}

impl Symbol {
    /// A symbol.
    #[must_use]
    pub fn new(mut data: SymbolData) -> Self {
        if data.key.len() > LONGEST_KEY {
            data.key = digest(&data.key);
        }
        Symbol(Arc::new(data))
    }

    /// A variable that the files do not define.
    #[must_use]
    pub fn setting(name: &str) -> Self {
        Symbol::new(SymbolData {
            key: format!("${name}"),
            shown: format!("${name}"),
            origin: Origin::Setting(name.to_owned()),
            class: None,
            form: Form::ANY,
            unset_in: Scenarios::NONE,
        })
    }

    /// A variable of PowerShell that took in a `:` and does not exist: it is always empty.
    #[must_use]
    pub fn swallowed(written: &str) -> Self {
        Symbol::new(SymbolData {
            key: format!("${written}"),
            shown: format!("${written}"),
            origin: Origin::Swallowed(written.to_owned()),
            class: None,
            form: Form::SAFE,
            unset_in: Scenarios::ALL,
        })
    }

    /// A value of which nothing is known. `key` decides what it is equal to.
    #[must_use]
    pub fn unknown(key: impl Into<String>, shown: impl Into<String>, origin: Origin) -> Self {
        Symbol::new(SymbolData {
            key: key.into(),
            shown: shown.into(),
            origin,
            class: None,
            form: Form::ANY,
            unset_in: Scenarios::NONE,
        })
    }

    /// Bytes that GitLab may read, or drop; equal where their characters are
    /// ([`is_undecoded`](crate::source::is_undecoded)).
    #[must_use]
    pub fn undecoded(char: char) -> Self {
        let shown = char::REPLACEMENT_CHARACTER.to_string();
        Symbol::unknown(char, shown.clone(), Origin::Opaque(shown))
    }

    /// `$[[ … ]]` that was not filled in: equal where its text is, white space apart.
    #[must_use]
    pub fn input(written: &str) -> Self {
        let key: String = written.chars().filter(|char| !char.is_whitespace()).collect();
        Symbol::unknown(key.clone(), written, Origin::Input(key))
    }

    /// A value made from this one; `suffix` names the operation and is part of its identity.
    #[must_use]
    pub fn derived(&self, suffix: &str, shown: String, change: impl FnOnce(&mut SymbolData)) -> Self {
        let mut data = SymbolData { key: format!("{}{suffix}", self.0.key), shown, ..(*self.0).clone() };
        change(&mut data);
        Symbol::new(data)
    }

    /// The value in lower case, as a script writes it; one that holds no capitals is itself.
    #[must_use]
    pub fn lower_case(&self, written: Option<&str>) -> Self {
        if !self.0.form.upper {
            return self.clone();
        }
        let is_word = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let name = self.0.shown.strip_prefix('$').filter(is_word);
        let shown = name.map_or_else(|| self.0.shown.clone(), |name| format!("${{{name}{LOWERED}}}"));
        let shown = written.map_or(shown, str::to_owned);
        self.derived(LOWERED, shown, |data| data.form.upper = false)
    }

    /// What is known of it.
    #[must_use]
    pub fn data(&self) -> &SymbolData {
        &self.0
    }

    /// The scenarios among `all` in which it may be empty, though it is not surely unset there.
    #[must_use]
    pub fn may_be_empty_in(&self, all: Scenarios) -> Scenarios {
        let data = self.data();
        if !data.form.empty {
            return Scenarios::NONE;
        }
        // What only the kind of ref decides is there in the rest.
        let of_ref = !data.unset_in.is_empty()
            && [Scenarios::SCHEDULES, Scenarios::OTHERS].iter().all(|pair| data.unset_in.and(*pair) != *pair);
        if of_ref { Scenarios::NONE } else { all.without(data.unset_in) }
    }

    /// The predefined variable that it is, unchanged.
    #[must_use]
    pub fn predefined(&self) -> Option<&'static str> {
        match self.0.origin {
            Origin::Predefined(name) if self.0.key.strip_prefix('$') == Some(name) => Some(name),
            _ => None,
        }
    }

    /// The predefined variable that it is, unchanged or in lower case.
    #[must_use]
    pub fn predefined_in_any_case(&self) -> Option<&'static str> {
        let Origin::Predefined(name) = self.0.origin else { return None };
        let key = self.0.key.strip_suffix(LOWERED).unwrap_or(&self.0.key);
        (key.strip_prefix('$') == Some(name)).then_some(name)
    }

    /// The settings variable that it is, unchanged.
    #[must_use]
    pub fn setting_name(&self) -> Option<&str> {
        match &self.0.origin {
            Origin::Setting(name) if self.0.key.strip_prefix('$') == Some(name) => Some(name),
            _ => None,
        }
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.key == other.0.key
    }
}

impl Eq for Symbol {}

impl std::hash::Hash for Symbol {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.shown)
    }
}
