//! The field's own words: [`Reference`], [`Place`], [`Credential`], [`Store`].

mod credential;
pub mod host;
pub mod likeness;
mod naming;
pub mod path;
mod reference;
mod tag;

pub use credential::credential;
pub use naming::same_image;
pub use reference::{Defect, Family, Reference, repository};
pub use tag::TagClass;

use crate::text::Text;

/// Where a reference points, seen from the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The project's own repository, or one below it.
    OwnProject,
    /// On this GitLab's registry, but not the project's own.
    OtherProject,
    /// Another registry for sure.
    OtherRegistry,
    /// Needs no login: `localhost`, a service of the job.
    Local,
    /// It cannot be told.
    Unknown,
}

impl Place {
    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Place::OwnProject => "own-project",
            Place::OtherProject => "other-project",
            Place::OtherRegistry => "other-registry",
            Place::Local => "local",
            Place::Unknown => "unknown",
        }
    }
}

/// Whose credential a login uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The job token, under any of its names.
    Job,
    /// `$CI_DEPLOY_USER` / `$CI_DEPLOY_PASSWORD`.
    Deploy,
    /// Anything else that somebody provides.
    Own,
    /// None is in sight.
    None,
    /// It cannot be told.
    Unknown,
}

impl Credential {
    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Credential::Job => "job",
            Credential::Deploy => "deploy",
            Credential::Own => "own",
            Credential::None => "none",
            Credential::Unknown => "unknown",
        }
    }
}

/// A file that holds credentials, by its path: `~/.docker/config.json`, `/kaniko/.docker/config.json`.
/// `/root`, `$HOME` and `~` are one folder: jobs in containers run as root.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Store {
    /// The normalised path.
    pub path: Text,
}

impl Store {
    /// The store at `path`, which may begin with `~`, `$HOME` or `/root` and hold `//` and `/./`.
    #[must_use]
    pub fn at(path: &Text) -> Self {
        let mut clean = Text::empty();
        for (index, part) in path.parts().iter().enumerate() {
            match part {
                crate::text::Part::Lit(text) => clean.push_str(&tidy(text, index == 0)),
                crate::text::Part::Sym(symbol) if index == 0 && symbol.setting_name() == Some("HOME") => {
                    clean.push_str("~")
                }
                crate::text::Part::Sym(symbol) => clean.push_symbol(symbol.clone()),
            }
        }
        Store { path: clean }
    }

    /// `file` in the folder `folder`.
    #[must_use]
    pub fn in_folder(folder: &Text, file: &str) -> Self {
        let mut path = folder.clone();
        path.push_str("/");
        path.push_str(file);
        Store::at(&path)
    }

    /// `~/.docker/config.json`.
    #[must_use]
    pub fn docker_default() -> Self {
        Store { path: Text::literal("~/.docker/config.json") }
    }

    /// Where podman, buildah and skopeo write as root without `XDG_RUNTIME_DIR`.
    #[must_use]
    pub fn containers_default() -> Self {
        Store { path: Text::literal("/run/containers/0/auth.json") }
    }

    /// Where kaniko's image looks.
    #[must_use]
    pub fn kaniko_default() -> Self {
        Store { path: Text::literal("/kaniko/.docker/config.json") }
    }
}

fn tidy(text: &str, first: bool) -> String {
    let mut text = text.replace("/./", "/");
    while text.contains("//") {
        text = text.replace("//", "/");
    }
    if first && (text == "/root" || text.starts_with("/root/")) {
        text = format!("~{}", &text["/root".len()..]);
    }
    text
}
