//! What is known of `$[[ … ]]` that nobody filled in: where it means something, and which values it
//! can take.

use std::collections::{BTreeMap, BTreeSet};

use super::{Form, Origin, Symbol, SymbolData};
use crate::scenario::Scenarios;
use crate::source::FileId;

/// The blocks of a pipeline's files.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The files with a header: elsewhere a block is text like any other.
    files: BTreeSet<FileId>,
    /// For a block without its white space, the texts that it can become; `None`: any.
    choices: BTreeMap<String, Option<Vec<String>>>,
}

impl Inputs {
    /// A file has a header.
    pub fn add_file(&mut self, file: FileId) {
        self.files.insert(file);
    }

    /// Whether blocks mean something in this file.
    #[must_use]
    pub fn has(&self, file: FileId) -> bool {
        self.files.contains(&file)
    }

    /// A block stays open: it becomes one of these texts, or any. Blocks of several files that read
    /// alike can become what any of them can.
    pub fn add_choices(&mut self, block: &str, texts: Option<Vec<String>>) {
        let known = self.choices.entry(without_space(block)).or_insert_with(|| Some(Vec::new()));
        match (known, texts) {
            (Some(known), Some(texts)) => {
                known.extend(texts);
                known.sort();
                known.dedup();
            }
            (known, _) => *known = None,
        }
    }

    /// All of both.
    pub fn join(&mut self, other: Inputs) {
        self.files.extend(other.files);
        for (block, texts) in other.choices {
            self.add_choices(&block, texts);
        }
    }

    /// The value of a block. Where all that it can become is known, so is its form; how it differs
    /// between runs is up to who chooses, as with a variable of the settings.
    #[must_use]
    pub fn symbol(&self, block: &str) -> Symbol {
        let key = without_space(block);
        let known = self.choices.get(&key).and_then(Option::as_ref);
        // A variable in an option is put in later.
        let Some(texts) = known.filter(|texts| !texts.iter().any(|text| text.contains(['$', '%']))) else {
            return Symbol::input(block);
        };
        let mut form = Form { empty: texts.iter().any(String::is_empty), ..Form::SAFE };
        texts.iter().for_each(|text| form.add_literal(text));
        Symbol::new(SymbolData {
            key: key.clone(),
            shown: block.to_owned(),
            origin: Origin::Input(key),
            class: None,
            form,
            unset_in: Scenarios::NONE,
        })
    }
}

fn without_space(block: &str) -> String {
    block.chars().filter(|char| !char.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(texts: &[&str]) -> Option<Vec<String>> {
        Some(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn known_choices_tell_the_form() {
        let mut inputs = Inputs::default();
        inputs.add_choices("$[[ inputs.x ]]", some(&["dev", "prod"]));
        let symbol = inputs.symbol("$[[inputs.x]]");
        assert_eq!(symbol.data().form, Form::SAFE);
        assert_eq!(symbol, Symbol::input("$[[ inputs.x ]]"));
    }

    #[test]
    fn what_one_file_leaves_open_is_open() {
        let mut inputs = Inputs::default();
        inputs.add_choices("$[[ inputs.x ]]", some(&["dev"]));
        inputs.add_choices("$[[ inputs.x ]]", some(&["a/B"]));
        assert!(inputs.symbol("$[[ inputs.x ]]").data().form.slash);
        inputs.add_choices("$[[ inputs.x ]]", None);
        assert_eq!(inputs.symbol("$[[ inputs.x ]]").data().form, Form::ANY);
    }

    #[test]
    fn a_choice_that_names_a_variable_is_not_known() {
        let mut inputs = Inputs::default();
        inputs.add_choices("$[[ inputs.x ]]", some(&["dev", "$CI_COMMIT_SHA"]));
        assert_eq!(inputs.symbol("$[[ inputs.x ]]").data().form, Form::ANY);
    }
}
