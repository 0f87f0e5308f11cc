//! `package.json`: the commands under `scripts`, which npm, yarn and pnpm run by name.

use crate::source::Mapped;
use crate::yaml::{self, NodeKind};

/// The scripts of a package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    scripts: Vec<(String, Mapped)>,
}

impl Package {
    /// Reads the scripts; none where the text is no `package.json`.
    #[must_use]
    pub fn read(text: &Mapped) -> Package {
        let whole = text.span(0..text.text().len()).filter(|whole| whole.range().len() == text.text().len());
        let Some(whole) = whole else { return Package::default() };
        // JSON is YAML, but for tabs; and in its texts a tab cannot stand.
        let spaced = text.text().replace('\t', " ");
        let Ok(document) = yaml::parse(&spaced, whole.file, whole.start as usize) else { return Package::default() };
        let scripts = entries(&document.root.kind)
            .iter()
            .find(|(key, _)| scalar(&key.kind).is_some_and(|key| key.text() == "scripts"));
        let Some((_, scripts)) = scripts else { return Package::default() };
        let script = |(key, value): &(yaml::Node, yaml::Node)| {
            Some((scalar(&key.kind)?.text().to_owned(), scalar(&value.kind)?.clone()))
        };
        Package { scripts: entries(&scripts.kind).iter().filter_map(script).collect() }
    }

    /// The commands that running a script runs: itself between its `pre` and `post`, if it has them.
    /// `None`: there is no such script.
    #[must_use]
    pub fn run(&self, name: &str) -> Option<Vec<(bool, &Mapped)>> {
        let own = self.script(name)?;
        let (before, after) = (self.script(&format!("pre{name}")), self.script(&format!("post{name}")));
        let around = |script: Option<_>| script.map(|script| (false, script));
        Some(around(before).into_iter().chain([(true, own)]).chain(around(after)).collect())
    }

    fn script(&self, name: &str) -> Option<&Mapped> {
        self.scripts.iter().rev().find(|(known, _)| known == name).map(|(_, script)| script)
    }
}

fn entries(kind: &NodeKind) -> &[(yaml::Node, yaml::Node)] {
    if let NodeKind::Mapping(entries) = kind { entries } else { &[] }
}

fn scalar(kind: &NodeKind) -> Option<&Mapped> {
    if let NodeKind::Scalar(scalar) = kind { Some(&scalar.text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn package(text: &str) -> Package {
        Package::read(&Mapped::exact(text, Span::new(FileId(0), 0, text.len())))
    }

    #[test]
    fn a_script_runs_between_its_pre_and_post() {
        let text = "{\n\t\"name\": \"x\",\n\t\"scripts\": {\"prea\": \"one\", \"a\": \"say \\\"two\\\"\", \"b\": \"three\"}\n}";
        let package = package(text);
        let run = |name: &str| -> Vec<String> {
            package.run(name).unwrap_or_default().iter().map(|(_, script)| script.text().to_owned()).collect()
        };
        assert_eq!(run("a"), ["one", "say \"two\""]);
        assert_eq!(run("b"), ["three"]);
        assert!(package.run("c").is_none());
        let one = package.run("a").unwrap()[0].1.span(0..3).unwrap();
        assert_eq!(&text[one.range()], "one");
    }

    #[test]
    fn what_is_no_package_has_no_scripts() {
        for text in ["", "[]", "{", "{\"scripts\": []}", "{\"scripts\": {\"a\": {}}}"] {
            assert!(package(text).run("a").is_none(), "{text}");
        }
    }
}
