//! How a reference's tag differs between runs (facts B3): [`TagClass`].

use super::Reference;
use crate::text::{Class, Text};

/// Does a push of the reference overwrite what another run pushed?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagClass {
    /// Every run writes the same tag.
    Constant,
    /// Differs as this class says.
    Varies(Class),
    /// It cannot be told.
    Unknown,
}

impl TagClass {
    /// The name in the JSON contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TagClass::Constant => "constant",
            TagClass::Unknown => "unknown",
            TagClass::Varies(Class::Constant) => "constant",
            TagClass::Varies(Class::PerRef) => "per-ref",
            TagClass::Varies(Class::PerTag) => "per-tag",
            TagClass::Varies(Class::PerCommit) => "per-commit",
            TagClass::Varies(Class::PerPipeline) => "per-pipeline",
            TagClass::Varies(Class::PerJob) => "per-job",
        }
    }
}

impl Reference {
    /// The class of tag and path together: the most unique part decides; an unknown part of the
    /// repository before a constant tag does not matter (lints.md 3.4).
    #[must_use]
    pub fn tag_class(&self) -> TagClass {
        if self.digest.is_some() || self.hides_tag() {
            return self.unique().map_or(TagClass::Unknown, TagClass::Varies);
        }
        let path = known_class(&self.path);
        match self.tag.as_ref().map_or(Some(Class::Constant), Text::class) {
            Some(tag) => match path.map_or(tag, |path| path.max(tag)) {
                Class::Constant => TagClass::Constant,
                class => TagClass::Varies(class),
            },
            None => self.unique().map_or(TagClass::Unknown, TagClass::Varies),
        }
    }

    /// A part that is unique per commit or more, whatever else is not known.
    fn unique(&self) -> Option<Class> {
        let tag = self.tag.as_ref().and_then(known_class);
        known_class(&self.path).max(tag).filter(|class| *class >= Class::PerCommit)
    }

    /// No tag is written, and the unknown value at the end may hold one.
    #[must_use]
    pub fn hides_tag(&self) -> bool {
        let last = self.path.parts().last();
        let unknown = matches!(last, Some(crate::text::Part::Sym(symbol)) if symbol.predefined().is_none() && symbol.data().form.colon);
        self.tag.is_none() && unknown
    }
}

/// The most unique class among the parts that have one.
fn known_class(text: &Text) -> Option<Class> {
    text.symbols().filter_map(|symbol| symbol.data().class).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Family;
    use crate::text::testing::text;

    #[test]
    fn the_most_unique_part_decides() {
        for (line, expected) in [
            ("$CI_REGISTRY_IMAGE", "constant"),
            ("$CI_REGISTRY_IMAGE:latest", "constant"),
            ("$CI_REGISTRY_IMAGE/$CI_COMMIT_REF_SLUG:latest", "per-ref"),
            ("$CI_REGISTRY_IMAGE/$CI_COMMIT_SHA:latest", "per-commit"),
            ("$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA", "per-commit"),
            ("$CI_REGISTRY_IMAGE:$VERSION", "unknown"),
            ("$CI_REGISTRY_IMAGE:$VERSION-$CI_PIPELINE_IID", "per-pipeline"),
            ("$IMAGE:latest", "constant"),
            ("$IMAGE", "unknown"),
            ("app", "constant"),
        ] {
            assert_eq!(Reference::parse(&text(line), Family::Docker).tag_class().name(), expected, "{line}");
        }
    }
}
