//! A compose project: which files it is made of, and the services that they make together
//! (compose-go's `cli` and `loader`).

use std::rc::Rc;

use super::document::{Document, Service, Word};
use super::variables::Variables;
use crate::clients::grammar::Line;
use crate::clients::{Arg, Call, File};
use crate::text::Text;

/// The names of the file; the first wins.
pub const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// The names of a file that is laid over it.
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// How far up the file is looked for.
const UPWARDS: usize = 16;
/// How many services may extend one another, and how many a project may have.
const DEPTH: usize = 16;
const SERVICES: usize = 256;

/// A project.
pub struct Project<'a> {
    /// Its variables.
    pub variables: Variables<'a>,
    /// Its services.
    pub services: Vec<Service>,
    /// Files that cannot be read: there may be more services, and other images, than are known.
    pub unread: Vec<String>,
    call: &'a Call<'a>,
}

impl<'a> Project<'a> {
    /// The project of a command, by its global options.
    pub fn new(call: &'a Call<'a>, globals: &Line) -> Self {
        let variables = Variables::new(call.environment);
        let mut project = Project { variables, services: Vec::new(), unread: Vec::new(), call };
        let given: Vec<Text> = globals.values("--file").map(|file| file.text.clone()).collect();
        let env_files: Vec<Text> = globals.values("--env-file").map(|file| file.text.clone()).collect();
        for file in &env_files {
            project.read_variables(file);
        }
        let folder = globals.text("--project-directory").cloned();
        let first = folder.clone().unwrap_or_else(|| given.first().map_or(Text::empty(), folder_of));
        if env_files.is_empty() {
            project.read_variables(&within(&first, ".env"));
        }
        let files = if given.is_empty() { project.files(&first) } else { given };
        let home = folder.unwrap_or_else(|| files.first().map_or(Text::empty(), folder_of));
        if env_files.is_empty() && home != first {
            project.read_variables(&within(&home, ".env"));
        }
        project.read(&files);
        project
    }

    /// The project of some files, as `bake` reads them.
    pub fn of_files(call: &'a Call<'a>, files: Vec<Rc<Document>>) -> Self {
        let variables = Variables::new(call.environment);
        let mut project = Project { variables, services: Vec::new(), unread: Vec::new(), call };
        project.read_variables(&Text::literal(".env"));
        files.iter().for_each(|file| project.take(file));
        project.finish();
        project
    }

    /// The services that a command is about: those that are named, else all that no profile keeps out.
    /// `None` where the names cannot be told.
    pub fn selected(&self, globals: &Line, names: &[Arg]) -> Option<Vec<&Service>> {
        if names.is_empty() {
            let enabled = self.enabled(globals)?;
            let fits = |word: &Word| {
                let profile = word.filled(&self.variables).text;
                profile.as_literal().map(|profile| enabled.iter().any(|known| known == profile || known == "*"))
            };
            let is_in = |service: &&Service| {
                service.profiles.is_empty() || service.profiles.iter().any(|word| fits(word) == Some(true))
            };
            return Some(self.services.iter().filter(is_in).collect());
        }
        let names: Option<Vec<&str>> = names.iter().map(|name| name.text.as_literal()).collect();
        let names = names?;
        Some(self.services.iter().filter(|service| names.contains(&service.name.as_str())).collect())
    }

    /// The services that these need, with themselves.
    pub fn with_needed<'s>(&'s self, selected: Vec<&'s Service>) -> Vec<&'s Service> {
        let mut found = selected;
        let mut at = 0;
        while let Some(service) = found.get(at) {
            let needed = self.services.iter().filter(|other| service.needs.contains(&other.name));
            let new: Vec<&Service> =
                needed.filter(|other| !found.iter().any(|known| known.name == other.name)).collect();
            found.extend(new);
            at += 1;
        }
        found
    }

    fn enabled(&self, globals: &Line) -> Option<Vec<String>> {
        let given: Vec<Text> = globals.values("--profile").map(|profile| profile.text.clone()).collect();
        let set = if given.is_empty() { self.variables.value("COMPOSE_PROFILES") } else { None };
        let mut enabled = Vec::new();
        for list in given.iter().chain(&set) {
            enabled.extend(list.as_literal()?.split(',').map(|name| name.trim().to_owned()));
        }
        Some(enabled)
    }

    fn read_variables(&mut self, path: &Text) {
        let file = self.call.environment.file(path);
        self.variables.read(path, file);
    }

    /// The files that `COMPOSE_FILE` names, or those with the usual names, here or further up.
    fn files(&mut self, folder: &Text) -> Vec<Text> {
        if let Some(list) = self.variables.value("COMPOSE_FILE") {
            let separator = self.variables.value("COMPOSE_PATH_SEPARATOR");
            let separator = separator.as_ref().map_or(Some(":"), Text::as_literal);
            let (Some(list), Some(separator)) = (list.as_literal(), separator) else { return vec![list] };
            return list.split(separator).map(Text::literal).collect();
        }
        let mut folder = folder.clone();
        for _ in 0..UPWARDS {
            if let Some(file) = self.first(&folder, &NAMES) {
                let over = self.first(&folder, &OVERRIDES);
                return std::iter::once(file).chain(over).collect();
            }
            folder = within(&folder, "..");
            if self.call.environment.file(&within(&folder, NAMES[0])) == File::Unknown {
                break;
            }
        }
        self.unread.push(String::new());
        Vec::new()
    }

    fn first(&self, folder: &Text, names: &[&str]) -> Option<Text> {
        let paths = names.iter().map(|name| within(folder, name));
        paths.into_iter().find(|path| self.call.environment.file(path) != File::Missing)
    }

    fn read(&mut self, files: &[Text]) {
        for path in files {
            match Document::read(path, self.call.environment.file(path)) {
                Some(document) => self.take(&document),
                None => self.unread.push(path.shown()),
            }
        }
        self.finish();
    }

    /// Lays a file over what is known so far.
    fn take(&mut self, document: &Rc<Document>) {
        for include in document.includes() {
            let path = include.map(|word| beside(&document.path, &word.filled(&self.variables).text));
            let read = path.as_ref().and_then(|path| Document::read(path, self.call.environment.file(path)));
            match read {
                // an included file has variables and includes of its own
                Some(included) if included.includes().is_empty() => self.lay_over(&included),
                _ => self.unread.push(path.unwrap_or_else(|| document.path.clone()).shown()),
            }
        }
        self.lay_over(document);
    }

    fn lay_over(&mut self, document: &Rc<Document>) {
        for service in document.services(SERVICES + 1) {
            let service = self.extended(document, service, 0);
            match self.services.iter().position(|known| known.name == service.name) {
                Some(at) => self.services[at].overlay(service),
                None if self.services.len() < SERVICES => self.services.push(service),
                None => self.unread.push(document.path.shown()),
            }
        }
    }

    /// A service with what it extends below it.
    fn extended(&mut self, document: &Rc<Document>, mut service: Service, depth: usize) -> Service {
        let Some((name, file)) = service.base.take() else { return service };
        let other = match &file {
            Some(word) => {
                let path = beside(word.path(), &word.filled(&self.variables).text);
                Document::read(&path, self.call.environment.file(&path))
            }
            None => Some(document.clone()),
        };
        let base = other.as_ref().filter(|_| depth < DEPTH).and_then(|other| {
            let base = other.service_of(&name)?;
            Some((other.clone(), base))
        });
        let Some((other, base)) = base else {
            self.unread
                .push(file.map_or_else(|| document.path.shown(), |word| word.filled(&self.variables).text.shown()));
            return service;
        };
        let mut whole = self.extended(&other, base, depth + 1);
        whole.name.clone_from(&service.name);
        whole.overlay(service);
        whole
    }

    fn finish(&mut self) {
        self.unread.dedup();
    }
}

/// The folder of a path.
fn folder_of(path: &Text) -> Text {
    path.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default()
}

/// `name` in `folder`; the empty folder is the current one.
fn within(folder: &Text, name: &str) -> Text {
    let mut path = folder.clone();
    if !path.is_empty() {
        path.push_str("/");
    }
    path.push_str(name);
    path
}

/// A path as seen from another file.
fn beside(file: &Text, path: &Text) -> Text {
    if path.literal_prefix().starts_with('/') {
        return path.clone();
    }
    let mut whole = within(&folder_of(file), "");
    whole.push_text(path);
    whole
}
