//! Small repositories, and the pushes that the walk finds in them.

mod credentials;
mod daemons;
mod makefiles;
mod places;
mod runners;
mod shells;

use super::Traces;
use crate::facts::Facts;
use crate::files::Memory;
use crate::load;
use crate::source::Sources;

fn traced(files: &[(&str, &str)]) -> (Traces, Sources) {
    let files = Memory::new(files);
    let mut sources = Sources::default();
    let loaded = load::load(&files, ".gitlab-ci.yml", &mut sources);
    let (pipeline, ..) = crate::model::build(loaded);
    (super::trace(&pipeline, &Facts::default(), &files, &mut sources), sources)
}

/// Each push: where it stands, its reference, its credential, what refuses it; then what was not read.
fn walked(files: &[(&str, &str)]) -> Vec<String> {
    let (traces, sources) = traced(files);
    let mut told = Vec::new();
    for trace in &traces.jobs {
        for push in &trace.pushes {
            let source = sources.get(push.at.file);
            let reference = push.reference.as_ref().map_or_else(|| "?".to_owned(), |it| it.text.shown());
            let (line, credential) = (source.line_of(push.at.start as usize), push.credential.name());
            let denied = push.denied_by().map(|lint| format!(" {lint}")).unwrap_or_default();
            told.push(format!("{}:{line} {reference} {credential}{denied}", source.path));
        }
        told.extend(trace.walk.unread.iter().map(|unread| format!("unread {}", unread.name)));
        told.extend(trace.walk.bound_reached.then(|| "bound reached".to_owned()));
    }
    told
}

/// What `walked` tells of a job with a login and this script, in a repository with these files.
fn after_login(script: &str, files: &[(&str, &str)]) -> Vec<String> {
    with_login(script, files, walked)
}

fn with_login<T>(script: &str, files: &[(&str, &str)], told: impl Fn(&[(&str, &str)]) -> T) -> T {
    let login = "docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY";
    let body: String = script.lines().map(|line| format!("      {line}\n")).collect();
    let text = format!("a:\n  image: docker:28\n  script:\n    - {login}\n    - |\n{body}");
    let mut all = vec![(".gitlab-ci.yml", text.as_str())];
    all.extend(files);
    told(&all)
}

/// The same without the login.
fn alone(script: &str, files: &[(&str, &str)]) -> Vec<String> {
    let body: String = script.lines().map(|line| format!("      {line}\n")).collect();
    let text = format!("a:\n  image: docker:28\n  script:\n    - |\n{body}");
    let mut all = vec![(".gitlab-ci.yml", text.as_str())];
    all.extend(files);
    walked(&all)
}
