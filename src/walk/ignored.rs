//! Failures that the job does not see: `|| true`, `&` (lints.md 3.10). Read off the tree: a command that
//! cannot fail stands where the failure goes.

use super::body::Body;
use super::events::Ignored;
use crate::shell::ast::{Command, CommandKind, Connector, Item, List, Pipeline, RedirectKind, Word, WordPart};

/// Commands that cannot fail and tell nobody but the reader of the log.
const HARMLESS: [&str; 5] = ["true", ":", "echo", "printf", "/bin/true"];

/// What becomes of a failure in the pipeline number `from` of an item.
pub(super) fn goes_on(body: &Body, item: &Item, from: usize) -> Option<Ignored> {
    let (_, handler) = item.rest[from..]
        .iter()
        .find(|(connector, _)| *connector == Connector::Or)
        .map_or_else(|| (Connector::Or, None), |(connector, pipeline)| (*connector, Some(pipeline)));
    match handler {
        Some(pipeline) if is_harmless(pipeline) => Some(Ignored::Or(body.span(pipeline.at))),
        Some(_) => None,
        None => item.background.then_some(Ignored::Background),
    }
}

fn is_harmless(pipeline: &Pipeline) -> bool {
    !pipeline.negated && matches!(pipeline.commands.as_slice(), [command] if cannot_fail(command))
}

fn cannot_fail(command: &Command) -> bool {
    // what is written into a file may be read again
    let told = command.redirects.iter().any(|redirect| !matches!(redirect.kind, RedirectKind::DuplicateOut(_)));
    let all = |list: &List| {
        list.items.iter().all(|item| item.rest.is_empty() && !item.background && is_harmless(&item.first))
    };
    match &command.kind {
        CommandKind::Simple(simple) => !told && simple.assignments.is_empty() && says_so(&simple.words),
        CommandKind::Brace(list) | CommandKind::Subshell(list) => !told && !list.items.is_empty() && all(list),
        _ => false,
    }
}

fn says_so(words: &[Word]) -> bool {
    let literal = |word: &Word| match word.parts.as_slice() {
        [WordPart::Literal(text, _)] => Some(text.clone()),
        _ => None,
    };
    let Some(name) = words.first().and_then(literal) else { return false };
    let succeeds = || words.get(1).and_then(literal).as_deref() == Some("0");
    HARMLESS.contains(&name.as_str()) || (name == "exit" && succeeds())
}
