//! What pushlint says that a script does.

use std::fmt;

use pushlint::analysis::analyse;
use pushlint::clients::Secret;
use pushlint::facts::Facts;
use pushlint::files::Memory;
use pushlint::text::Text;
use pushlint::walk::Atom;

use crate::Events;
use crate::generate::{FILES, Script, VARIABLES};

/// What the walk tells.
#[derive(Default)]
pub struct Walked {
    /// What surely happens.
    sure: Events,
    /// What happens if a client's command fails, which the stand-ins never do.
    perhaps: Events,
    /// A bound was reached: the walk says itself that it does not know all.
    pub cut: bool,
}

impl Walked {
    /// Whether this is what happened.
    pub fn agrees(&self, real: &Events) -> bool {
        let told = |event| self.sure.contains(event) || self.perhaps.contains(event);
        self.sure.is_subset(real) && (self.cut || real.iter().all(told))
    }
}

impl fmt::Display for Walked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sure.iter().try_for_each(|event| writeln!(out, "{event}"))?;
        self.perhaps.iter().try_for_each(|event| writeln!(out, "perhaps {event}"))
    }
}

/// The file with the script as one item or as many.
pub fn configuration(script: &Script) -> String {
    let mut yaml = String::from("variables:\n");
    VARIABLES.iter().for_each(|(name, value)| yaml += &format!("  {name}: '{value}'\n"));
    yaml += "judged:\n  script:\n";
    for item in script.items() {
        yaml += "    - |\n";
        item.lines().for_each(|line| yaml += &if line.is_empty() { "\n".into() } else { format!("      {line}\n") });
    }
    yaml
}

fn shown(text: &Text) -> String {
    text.as_literal().map_or_else(|| format!("{} (unknown)", text.shown()), str::to_owned)
}

fn secret(secret: &Secret) -> String {
    if let Secret::Given(text, _) = secret { shown(text) } else { String::new() }
}

/// Follows the script.
pub fn walk(script: &Script) -> Walked {
    let yaml = configuration(script);
    let mut files = vec![(".gitlab-ci.yml", yaml.as_str())];
    files.extend(FILES);
    let analysis = analyse(&Memory::new(&files), &[".gitlab-ci.yml".to_owned()], &Facts::default());
    let mut walked = Walked::default();
    for trace in analysis.pipelines.iter().flat_map(|checked| &checked.traces.jobs) {
        walked.cut |= trace.walk.bound_reached;
        for push in &trace.pushes {
            let reference = push.reference.as_ref().map_or_else(String::new, |reference| shown(&reference.text));
            let about_client = |atom: &Atom| matches!(atom, Atom::Command(text) if ["docker", "podman", "crane"].iter().any(|name| text.contains(name)));
            let certain = push.sightings.iter().any(|seen| !seen.atoms.iter().any(|(atom, _)| about_client(atom)));
            let kind = if certain { &mut walked.sure } else { &mut walked.perhaps };
            kind.insert(format!("push {reference}"));
        }
        for event in &trace.walk.logins {
            let host = event.host().as_ref().map(shown).unwrap_or_default();
            let line = format!("login {host} as {} with {}", secret(&event.login.user), secret(&event.login.password));
            walked.sure.insert(line);
        }
    }
    walked
}
