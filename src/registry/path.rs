//! Paths of references: their components, and where they lie seen from the project (facts C4).

use crate::text::{Part, Text};

/// How many levels below a project GitLab accepts.
pub const LEVELS: usize = 2;

/// Where a path lies, by `$CI_REGISTRY_IMAGE` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Below {
    /// `$CI_REGISTRY_IMAGE` and so many levels below it; `more`: an unknown part may add some.
    Home {
        /// The levels that are surely there.
        levels: usize,
        /// There may be more.
        more: bool,
    },
    /// Known characters follow `$CI_REGISTRY_IMAGE` directly: another project's name.
    Glued,
    /// An unknown value follows `$CI_REGISTRY_IMAGE` directly.
    GluedUnknown,
    /// `$CI_REGISTRY_IMAGE` stands behind a host, and so its own host is part of the path.
    Behind,
    /// The path does not begin with `$CI_REGISTRY_IMAGE`.
    Other,
}

/// The parts between the slashes that are known.
#[must_use]
pub fn components(path: &Text) -> Vec<Text> {
    let mut found = vec![Text::empty()];
    for part in path.parts() {
        match part {
            Part::Sym(symbol) => last(&mut found).push_symbol(symbol.clone()),
            Part::Lit(text) => {
                for (index, piece) in text.split('/').enumerate() {
                    if index > 0 {
                        found.push(Text::empty());
                    }
                    last(&mut found).push_str(piece);
                }
            }
        }
    }
    found
}

fn last(texts: &mut Vec<Text>) -> &mut Text {
    if texts.is_empty() {
        texts.push(Text::empty());
    }
    let at = texts.len() - 1;
    &mut texts[at]
}

/// Where a reference's path lies.
#[must_use]
pub fn below_home(path: &Text) -> Below {
    let mut parts = path.parts().iter();
    match parts.next() {
        Some(Part::Sym(symbol)) if symbol.predefined_in_any_case() == Some("CI_REGISTRY_IMAGE") => {}
        _ => return Below::Other,
    }
    match parts.next() {
        None => return Below::Home { levels: 0, more: false },
        Some(Part::Sym(_)) => return Below::GluedUnknown,
        Some(Part::Lit(text)) if !text.starts_with('/') => return Below::Glued,
        Some(Part::Lit(_)) => {}
    }
    let rest = components(path);
    let levels = rest.iter().skip(1).filter(|part| part.surely_not_empty()).count();
    let more = path.symbols().skip(1).any(|symbol| symbol.data().form.slash);
    Below::Home { levels, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::text;

    #[test]
    fn levels_are_counted_below_the_project() {
        let home = |levels, more| Below::Home { levels, more };
        for (path, expected) in [
            ("$CI_REGISTRY_IMAGE", home(0, false)),
            ("$CI_REGISTRY_IMAGE/a/b/c", home(3, false)),
            ("$CI_REGISTRY_IMAGE/a/$CI_COMMIT_REF_SLUG", home(2, false)),
            ("$CI_REGISTRY_IMAGE/$X", home(0, true)),
            ("$CI_REGISTRY_IMAGE-x", Below::Glued),
            ("$CI_REGISTRY_IMAGE$X", Below::GluedUnknown),
            ("group/project", Below::Other),
        ] {
            assert_eq!(below_home(&text(path)), expected, "{path}");
        }
    }

    #[test]
    fn components_stand_between_known_slashes() {
        let shown: Vec<String> = components(&text("a/$X-b/c")).iter().map(Text::shown).collect();
        assert_eq!(shown, ["a", "$X-b", "c"]);
    }
}
