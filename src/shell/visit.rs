//! Finds the simple commands of a script, wherever they stand.

use super::ast::{
    AssignedValue, Command, CommandKind, Condition, List, Operation, Pipeline, RedirectKind, Script, Simple, Word,
    WordPart,
};

/// Every simple command in the order written: those in substitutions after the command that holds
/// them, those in functions where the function is defined.
#[must_use]
pub fn simple_commands(script: &Script) -> Vec<&Simple> {
    let mut found = Vec::new();
    list(&script.list, &mut found);
    found
}

fn list<'s>(list: &'s List, found: &mut Vec<&'s Simple>) {
    for item in &list.items {
        pipeline(&item.first, found);
        item.rest.iter().for_each(|(_, rest)| pipeline(rest, found));
    }
}

fn pipeline<'s>(pipeline: &'s Pipeline, found: &mut Vec<&'s Simple>) {
    pipeline.commands.iter().for_each(|each| command(each, found));
}

fn command<'s>(command: &'s Command, found: &mut Vec<&'s Simple>) {
    kind(&command.kind, found);
    for redirect in &command.redirects {
        match &redirect.kind {
            RedirectKind::Read(target)
            | RedirectKind::Write(target)
            | RedirectKind::Append(target)
            | RedirectKind::WriteBoth(target)
            | RedirectKind::AppendBoth(target)
            | RedirectKind::ReadWrite(target)
            | RedirectKind::DuplicateOut(target)
            | RedirectKind::DuplicateIn(target)
            | RedirectKind::HereDocument { body: target, .. }
            | RedirectKind::HereString(target) => word(target, found),
        }
    }
}

fn kind<'s>(kind: &'s CommandKind, found: &mut Vec<&'s Simple>) {
    match kind {
        CommandKind::Simple(simple) => inside(simple, found),
        CommandKind::Brace(body) | CommandKind::Subshell(body) | CommandKind::ArithmeticFor { body, .. } => {
            list(body, found);
        }
        CommandKind::If { branches, otherwise } => {
            for (condition, body) in branches {
                list(condition, found);
                list(body, found);
            }
            otherwise.iter().for_each(|body| list(body, found));
        }
        CommandKind::For { words: among, body, .. } => {
            among.iter().flatten().for_each(|each| word(each, found));
            list(body, found);
        }
        CommandKind::While { condition, body, .. } => {
            list(condition, found);
            list(body, found);
        }
        CommandKind::Case { word: subject, arms } => {
            word(subject, found);
            for arm in arms {
                arm.patterns.iter().for_each(|each| word(each, found));
                list(&arm.body, found);
            }
        }
        CommandKind::Function { body, .. } => command(body, found),
        CommandKind::Test(test) => condition(test, found),
        CommandKind::Arithmetic | CommandKind::Broken => {}
    }
}

fn inside<'s>(simple: &'s Simple, found: &mut Vec<&'s Simple>) {
    found.push(simple);
    for assignment in &simple.assignments {
        assignment.index.iter().for_each(|index| word(index, found));
        match &assignment.value {
            AssignedValue::Word(value) => word(value, found),
            AssignedValue::Array(values) => values.iter().for_each(|value| word(value, found)),
        }
    }
    simple.words.iter().for_each(|each| word(each, found));
}

fn condition<'s>(test: &'s Condition, found: &mut Vec<&'s Simple>) {
    match test {
        Condition::And(a, b) | Condition::Or(a, b) => {
            condition(a, found);
            condition(b, found);
        }
        Condition::Not(inner) => condition(inner, found),
        Condition::Unary(_, operand) | Condition::Word(operand) => word(operand, found),
        Condition::Binary(a, _, b) => {
            word(a, found);
            word(b, found);
        }
    }
}

fn word<'s>(word: &'s Word, found: &mut Vec<&'s Simple>) {
    parts(&word.parts, found);
}

fn parts<'s>(parts: &'s [WordPart], found: &mut Vec<&'s Simple>) {
    for part in parts {
        match part {
            WordPart::Literal(..) | WordPart::Quoted(..) | WordPart::Arithmetic(_) => {}
            WordPart::Double(inner, _) => self::parts(inner, found),
            WordPart::Substitution(body, _) | WordPart::Process(body, _) => list(body, found),
            WordPart::Parameter(parameter) => match &parameter.operation {
                Operation::Test { word: inner, .. } | Operation::Trim { pattern: inner, .. } => word(inner, found),
                Operation::Replace { pattern, with, .. } => {
                    word(pattern, found);
                    word(with, found);
                }
                _ => {}
            },
        }
    }
}
