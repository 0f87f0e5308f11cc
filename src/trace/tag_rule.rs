//! The project's rules for tags (facts C3), as somebody declares them, and the pushes that they
//! refuse: [`TagRule`].

use regex::Regex;

use super::open;
use super::place::Ground;
use super::push::Push;
use super::verdict::literal_path;
use crate::clients::Uploaded;
use crate::facts::Facts;
use crate::finding::Certainty;
use crate::model::Job;
use crate::registry::{Credential, Place, TagClass};
use crate::scenario::Scenarios;
use crate::text::{Class, Part, Text};

/// A rule that refuses a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRule {
    /// What it asks for.
    pub kind: TagRuleKind,
    /// Its pattern, as declared.
    pub pattern: String,
    /// The scenarios in which it refuses.
    pub scenarios: Scenarios,
    /// How sure.
    pub certainty: Certainty,
}

/// What a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagRuleKind {
    /// Only some roles may push the tag; a deploy token has none, and is not asked.
    Protected,
    /// Nobody may push it again.
    Immutable,
}

impl TagRuleKind {
    /// The id of the lint that says so.
    pub(super) fn lint(self) -> &'static str {
        match self {
            TagRuleKind::Protected => "protected-tag",
            TagRuleKind::Immutable => "immutable-tag",
        }
    }
}

/// The rules of the project.
pub(super) struct TagRules {
    protected: Vec<Regex>,
    immutable: Vec<Regex>,
}

/// Values that an unknown part of a tag can have: a rule concerns a tag if it matches with each of them.
const SAMPLES: [&str; 6] = ["feature-x", "fix-1", "main", "7", "1a2b3c4d", "Release_2.0"];

impl TagRules {
    /// The rules that are declared.
    pub fn of(facts: &Facts) -> Self {
        let compiled = |patterns: &[String]| patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
        TagRules { protected: compiled(&facts.protected_tags), immutable: compiled(&facts.immutable_tags) }
    }

    /// The rule that refuses a push. GitLab asks the protected ones first.
    pub fn refusing(&self, push: &Push, job: &Job, ground: &Ground) -> Option<TagRule> {
        if self.protected.is_empty() && self.immutable.is_empty() {
            return None;
        }
        let tag = tag(push)?;
        let rule = |rules: &[Regex]| rules.iter().find(|rule| matches_always(rule, &tag)).map(Regex::to_string);
        let made = |kind, pattern, scenarios, certainty| TagRule { kind, pattern, scenarios, certainty };
        if let (Some(pattern), Some(open)) = (rule(&self.protected), push.open)
            && push.credential == Credential::Job
        {
            // The person who starts the pipeline may be a Maintainer.
            return Some(made(TagRuleKind::Protected, pattern, open.scenarios, Certainty::Likely));
        }
        let pattern = rule(&self.immutable)?;
        let scenarios = overwritten(push, job, &tag);
        let hearsay = ground.project(job).is_some_and(|(_, remote)| remote);
        let literal = push.reference.as_ref().is_some_and(|reference| literal_path(reference).is_some());
        let certainty = if hearsay && literal { Certainty::Likely } else { Certainty::Certain };
        (!scenarios.is_empty()).then(|| made(TagRuleKind::Immutable, pattern, scenarios, certainty))
    }
}

/// The tag of a push to the project's own registry, where the rules hold.
fn tag(push: &Push) -> Option<Text> {
    let reference = push.reference.as_ref()?;
    let own = push.place == Place::OwnProject && push.upload.what == Uploaded::Image && !push.blurred;
    if !own || reference.digest.is_some() || reference.hides_tag() {
        return None;
    }
    Some(reference.tag.clone().unwrap_or_else(|| Text::literal("latest")))
}

/// Whether a rule, which is not anchored, matches whatever is not known of the tag.
fn matches_always(rule: &Regex, tag: &Text) -> bool {
    let fill = |value: &str| tag.parts().iter().fold(String::new(), |all, part| all + filled(part, value));
    if let Some(known) = tag.as_literal() {
        return rule.is_match(known);
    }
    let empty = tag.symbols().any(|symbol| symbol.data().form.empty).then_some("");
    SAMPLES.into_iter().chain(empty).all(|value| rule.is_match(&fill(value)))
}

fn filled<'a>(part: &'a Part, value: &'a str) -> &'a str {
    match part {
        Part::Lit(text) => text,
        Part::Sym(_) => value,
    }
}

/// The scenarios in which a second run writes the tag again. A version that the files spell out is
/// raised with each release: it is written again where the push runs by itself.
fn overwritten(push: &Push, job: &Job, tag: &Text) -> Scenarios {
    if push.upload.spares {
        return Scenarios::NONE;
    }
    match push.tag_class() {
        TagClass::Constant => {
            let version = tag.as_literal().is_some_and(|tag| tag.contains(|char: char| char.is_ascii_digit()));
            open::repeated(push, job, version)
        }
        TagClass::Varies(Class::PerRef) => open::repeated(push, job, false).without(Scenarios::TAGS),
        _ => Scenarios::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn a_rule_concerns_a_tag_whose_unknown_parts_do_not_matter() {
        for (pattern, tag, expected) in [
            ("^v\\d+", "v1.2.3", true),
            ("^v\\d+", "latest", false),
            ("release", "my-release-1", true),
            ("^release-", "release-$CI_COMMIT_REF_SLUG", true),
            ("^release-\\d", "release-$CI_COMMIT_REF_SLUG", false),
            ("^v\\d+", "$CI_COMMIT_TAG", false),
            ("^v", "v$VERSION", true),
            ("^v.", "v$VERSION", false),
            (".*", "$CI_COMMIT_REF_SLUG", true),
        ] {
            let rule = Regex::new(pattern).unwrap();
            assert_eq!(matches_always(&rule, &text(tag)), expected, "{pattern} {tag}");
        }
    }
}
