//! Walks a finished tree to change it: bodies of here-documents are put in, ranges are moved.

use std::collections::HashMap;

use super::ast::{
    AssignedValue, At, Command, CommandKind, Condition, List, Operation, Pipeline, Redirect, RedirectKind, Simple,
    Word, WordPart,
};

/// A change.
pub(super) trait Edit {
    /// Each range, once.
    fn at(&mut self, _at: &mut At) {}
    /// Each redirection, before what is in it.
    fn redirect(&mut self, _redirect: &mut Redirect) {}
}

/// Puts the bodies where their redirections start.
pub(super) fn fill_bodies(tree: &mut List, bodies: &mut HashMap<u32, Word>) {
    struct Fill<'a>(&'a mut HashMap<u32, Word>);
    impl Edit for Fill<'_> {
        fn redirect(&mut self, redirect: &mut Redirect) {
            if let RedirectKind::HereDocument { body, .. } = &mut redirect.kind
                && let Some(read) = self.0.remove(&redirect.at.start)
            {
                *body = read;
            }
        }
    }
    list(tree, &mut Fill(bodies));
}

/// Changes a list.
pub(super) fn list<E: Edit>(list: &mut List, edit: &mut E) {
    for item in &mut list.items {
        pipeline(&mut item.first, edit);
        item.rest.iter_mut().for_each(|(_, rest)| pipeline(rest, edit));
    }
}

fn pipeline<E: Edit>(pipeline: &mut Pipeline, edit: &mut E) {
    edit.at(&mut pipeline.at);
    pipeline.commands.iter_mut().for_each(|each| command(each, edit));
}

fn command<E: Edit>(command: &mut Command, edit: &mut E) {
    edit.at(&mut command.at);
    kind(&mut command.kind, edit);
    for redirect in &mut command.redirects {
        edit.redirect(redirect);
        edit.at(&mut redirect.at);
        word(redirect_word(&mut redirect.kind), edit);
    }
}

fn redirect_word(kind: &mut RedirectKind) -> &mut Word {
    match kind {
        RedirectKind::Read(word)
        | RedirectKind::Write(word)
        | RedirectKind::Append(word)
        | RedirectKind::WriteBoth(word)
        | RedirectKind::AppendBoth(word)
        | RedirectKind::ReadWrite(word)
        | RedirectKind::DuplicateOut(word)
        | RedirectKind::DuplicateIn(word)
        | RedirectKind::HereDocument { body: word, .. }
        | RedirectKind::HereString(word) => word,
    }
}

fn kind<E: Edit>(kind: &mut CommandKind, edit: &mut E) {
    match kind {
        CommandKind::Simple(simple) => inside(simple, edit),
        CommandKind::Brace(body) | CommandKind::Subshell(body) | CommandKind::ArithmeticFor { body, .. } => {
            list(body, edit);
        }
        CommandKind::If { branches, otherwise } => {
            for (condition, body) in branches {
                list(condition, edit);
                list(body, edit);
            }
            otherwise.iter_mut().for_each(|body| list(body, edit));
        }
        CommandKind::For { name_at, words: among, body, .. } => {
            edit.at(name_at);
            among.iter_mut().for_each(|among| words(among, edit));
            list(body, edit);
        }
        CommandKind::While { condition, body, .. } => {
            list(condition, edit);
            list(body, edit);
        }
        CommandKind::Case { word: subject, arms } => {
            word(subject, edit);
            for arm in arms {
                words(&mut arm.patterns, edit);
                list(&mut arm.body, edit);
            }
        }
        CommandKind::Function { body, .. } => command(body, edit),
        CommandKind::Test(test) => condition(test, edit),
        CommandKind::Arithmetic | CommandKind::Broken => {}
    }
}

fn inside<E: Edit>(simple: &mut Simple, edit: &mut E) {
    for assignment in &mut simple.assignments {
        edit.at(&mut assignment.at);
        assignment.index.iter_mut().for_each(|index| word(index, edit));
        match &mut assignment.value {
            AssignedValue::Word(value) => word(value, edit),
            AssignedValue::Array(values) => words(values, edit),
        }
    }
    words(&mut simple.words, edit);
}

fn condition<E: Edit>(test: &mut Condition, edit: &mut E) {
    match test {
        Condition::And(a, b) | Condition::Or(a, b) => {
            condition(a, edit);
            condition(b, edit);
        }
        Condition::Not(inner) => condition(inner, edit),
        Condition::Unary(_, operand) | Condition::Word(operand) => word(operand, edit),
        Condition::Binary(a, _, b) => {
            word(a, edit);
            word(b, edit);
        }
    }
}

fn words<E: Edit>(words: &mut [Word], edit: &mut E) {
    words.iter_mut().for_each(|each| word(each, edit));
}

fn word<E: Edit>(word: &mut Word, edit: &mut E) {
    edit.at(&mut word.at);
    parts(&mut word.parts, edit);
}

fn parts<E: Edit>(parts: &mut [WordPart], edit: &mut E) {
    for each in parts {
        part(each, edit);
    }
}

fn part<E: Edit>(part: &mut WordPart, edit: &mut E) {
    match part {
        WordPart::Literal(_, at) | WordPart::Quoted(_, at) | WordPart::Arithmetic(at) => edit.at(at),
        WordPart::Double(inner, at) => {
            edit.at(at);
            parts(inner, edit);
        }
        WordPart::Substitution(body, at) | WordPart::Process(body, at) => {
            edit.at(at);
            list(body, edit);
        }
        WordPart::Parameter(parameter) => {
            edit.at(&mut parameter.at);
            match &mut parameter.operation {
                Operation::Test { word: inner, .. } | Operation::Trim { pattern: inner, .. } => word(inner, edit),
                Operation::Replace { pattern, with, .. } => {
                    word(pattern, edit);
                    word(with, edit);
                }
                _ => {}
            }
        }
    }
}
