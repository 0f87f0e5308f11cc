//! What is known besides the files: options first, then the configuration, a CI job's environment, then a git remote.

use std::path::Path;

use pushlint::facts::{Fact, FactSource, Facts};

use super::configuration::Configuration;
use super::remote;
use crate::cli::Input;

pub(super) fn facts(options: &Input, configuration: Option<&Configuration>, root: &Path) -> Facts {
    let option = |value: &Option<String>| value.clone().map(|value| Fact { value, from: FactSource::Option });
    let mut facts =
        Facts { project: option(&options.project), registry: option(&options.registry), ..Facts::default() };
    if let Some(configuration) = configuration {
        configuration.declare(&mut facts);
    }
    if options.isolated {
        return facts;
    }
    if std::env::var("GITLAB_CI").is_ok_and(|value| value == "true") {
        facts.project = facts.project.or_else(|| variable("CI_PROJECT_PATH"));
        facts.registry = facts.registry.or_else(|| variable("CI_REGISTRY"));
    }
    if facts.project.is_some() && facts.registry.is_some() {
        return facts;
    }
    if let Some(remote) = remote::find(root) {
        let fact = |value: String| Fact { value, from: FactSource::Remote };
        facts.project = facts.project.or_else(|| Some(fact(remote.project)));
        facts.registry = facts.registry.or_else(|| remote.registry.map(fact));
    }
    facts
}

fn variable(name: &str) -> Option<Fact> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(Fact { value, from: FactSource::Environment })
}
