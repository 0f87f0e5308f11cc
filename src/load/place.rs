//! Where an included file lies: below the analysis' root, or in a checkout of another project, which
//! is a root of its own.

use crate::files::{Checkout, Files};

/// A root: the analysis' own, or the checkout of this number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Place(Option<usize>);

/// What an include names that may be checked out.
pub(super) struct Wanted {
    /// Where.
    pub place: Place,
    /// Its paths there, of which the first that exists is meant.
    pub paths: Vec<String>,
}

impl Place {
    /// The analysis' own root.
    pub(super) const HOME: Place = Place(None);

    fn checkout(self, home: &dyn Files) -> Option<&Checkout> {
        home.checkouts().get(self.0?)
    }

    /// The files of this place.
    pub(super) fn files(self, home: &dyn Files) -> &dyn Files {
        match self.checkout(home) {
            Some(checkout) => &*checkout.files,
            None => home,
        }
    }

    /// A path of this place as seen from the analysis' root.
    pub(super) fn shown(self, home: &dyn Files, path: &str) -> String {
        match self.checkout(home).map(|checkout| checkout.folder.trim_end_matches('/')) {
            None | Some("" | ".") => path.to_owned(),
            Some(folder) => format!("{folder}/{path}"),
        }
    }

    /// Whether local includes mean files of this place: a remote file stands alone.
    pub(super) fn is_project(self, home: &dyn Files) -> bool {
        self.checkout(home).is_none_or(|checkout| checkout.file.is_none())
    }
}

/// What the project's own path is called: files of any version of it are read where it is checked out.
const OWN: [&str; 2] = ["$CI_PROJECT_PATH", "${CI_PROJECT_PATH}"];

/// The checkout of this name; the project that holds the include is the analysis' own root.
fn named(home: &dyn Files, name: &str) -> Option<Place> {
    let name = name.trim_matches('/');
    if OWN.contains(&name) {
        return Some(Place::HOME);
    }
    let is = |checkout: &Checkout| checkout.name.trim_matches('/').eq_ignore_ascii_case(name);
    home.checkouts().iter().position(is).map(|at| Place(Some(at)))
}

/// `path` of the project `name`.
pub(super) fn project(home: &dyn Files, name: &str, path: &str) -> Option<Wanted> {
    let place = named(home, name)?;
    Some(Wanted { place, paths: vec![path.trim_start_matches('/').to_owned()] })
}

/// `https://host/path/x.yml`: named as it is, or below a folder's name.
pub(super) fn remote(home: &dyn Files, url: &str) -> Option<Wanted> {
    if let Some(wanted) = single(home, url) {
        return Some(wanted);
    }
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.match_indices('/').rev().find_map(|(at, _)| project(home, &path[..at], &path[at..]))
}

/// A template that GitLab brings: named as it is, or in GitLab's own repository.
pub(super) fn template(home: &dyn Files, name: &str) -> Option<Wanted> {
    let own = || project(home, "gitlab-org/gitlab", &format!("lib/gitlab/ci/templates/{name}"));
    single(home, name).or_else(own)
}

/// `host/group/project/name@version`: `templates/name.yml` or `templates/name/template.yml` of that
/// project. The host is often a variable.
pub(super) fn component(home: &dyn Files, address: &str) -> Option<Wanted> {
    let path = address.split('@').next().unwrap_or(address);
    let (project, name) = path.rsplit_once('/')?;
    let place = named(home, project).or_else(|| named(home, project.split_once('/')?.1))?;
    Some(Wanted { place, paths: vec![format!("templates/{name}.yml"), format!("templates/{name}/template.yml")] })
}

/// A checkout that is a single file.
fn single(home: &dyn Files, name: &str) -> Option<Wanted> {
    let place = named(home, name)?;
    let file = place.checkout(home)?.file.clone()?;
    Some(Wanted { place, paths: vec![file] })
}
