//! Every script item of the shared corpus: brush-parser and pushlint's shell give the same verdict and
//! the same simple commands; where they differ, `bash -n` decides.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use brush_parser::ast::{
    AndOr, AndOrList, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, Pipeline, SimpleCommand,
};
use pushlint::shell::{self, ast};
use serde::Deserialize;
use serde_yaml::Value;

/// One command as its words' raw text.
type Words = Vec<String>;

fn shared() -> Option<PathBuf> {
    let given = std::env::var_os("PUSHLINT_SHARED").map(PathBuf::from);
    let path = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    Some(path.join("corpus")).filter(|corpus| corpus.is_dir())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            found.push(path);
        }
    }
}

/// Strings under `script` and its kin, wherever those stand.
fn collect(value: &Value, script: bool, found: &mut Vec<String>) {
    match value {
        Value::String(text) if script => found.push(mask(text)),
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, script, found)),
        Value::Mapping(map) => {
            for (key, value) in map {
                let script = matches!(key.as_str(), Some("script" | "before_script" | "after_script"));
                collect(value, script, found);
            }
        }
        Value::Tagged(tagged) if tagged.tag != "!reference" => collect(&tagged.value, script, found),
        _ => {}
    }
}

/// `$[[ … ]]` is no shell: letters of the same length.
fn mask(text: &str) -> String {
    let mut masked = text.to_owned();
    while let Some(start) = masked.find("$[[") {
        let Some(length) = masked[start..].find("]]") else { break };
        masked.replace_range(start..start + length + 2, &"x".repeat(length + 2));
    }
    masked
}

fn bash_accepts(script: &str) -> bool {
    let mut bash = Process::new("bash")
        .args(["-O", "extglob", "-n"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("bash is installed");
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    bash.wait().unwrap().success()
}

/// Without line continuations; brush-parser writes arrays with blanks of its own and leaves process
/// substitutions out.
fn plain(word: &str) -> String {
    let word = word.replace("\\\n", "");
    if word.contains("=(") {
        return word.split_whitespace().collect();
    }
    let process = word.find("<(").or_else(|| word.find(">("));
    let process = process.filter(|at| *at == 0 || word[..*at].ends_with('='));
    process.map_or(word.clone(), |at| word[..at].to_owned())
}

/// What brush-parser says; `None` if it refuses.
fn brush(text: &str) -> Option<Vec<Words>> {
    let options = brush_parser::ParserOptions::default();
    let program = brush_parser::Parser::new(Cursor::new(text), &options).parse_program().ok()?;
    let mut found = Vec::new();
    program.complete_commands.iter().for_each(|list| brush_list(list, &mut found));
    Some(found)
}

fn brush_list(list: &CompoundList, found: &mut Vec<Words>) {
    for item in &list.0 {
        let AndOrList { first, additional } = &item.0;
        brush_pipeline(first, found);
        for rest in additional {
            let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = rest;
            brush_pipeline(pipeline, found);
        }
    }
}

fn brush_pipeline(pipeline: &Pipeline, found: &mut Vec<Words>) {
    for command in &pipeline.seq {
        match command {
            Command::Simple(simple) => found.push(brush_words(simple)),
            Command::Compound(compound, _) => brush_compound(compound, found),
            Command::Function(function) => brush_compound(&function.body.0, found),
            Command::ExtendedTest(..) => {}
        }
    }
}

fn brush_compound(compound: &CompoundCommand, found: &mut Vec<Words>) {
    match compound {
        CompoundCommand::Arithmetic(_) | CompoundCommand::Coprocess(_) => {}
        CompoundCommand::ArithmeticForClause(each) => brush_list(&each.body.list, found),
        CompoundCommand::BraceGroup(group) => brush_list(&group.list, found),
        CompoundCommand::Subshell(group) => brush_list(&group.list, found),
        CompoundCommand::ForClause(each) => brush_list(&each.body.list, found),
        CompoundCommand::CaseClause(case) => {
            case.cases.iter().filter_map(|arm| arm.cmd.as_ref()).for_each(|list| brush_list(list, found));
        }
        CompoundCommand::IfClause(clause) => {
            brush_list(&clause.condition, found);
            brush_list(&clause.then, found);
            for other in clause.elses.iter().flatten() {
                other.condition.iter().for_each(|list| brush_list(list, found));
                brush_list(&other.body, found);
            }
        }
        CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
            brush_list(&clause.0, found);
            brush_list(&clause.1.list, found);
        }
    }
}

fn brush_words(simple: &SimpleCommand) -> Words {
    let prefix = simple.prefix.iter().flat_map(|prefix| &prefix.0);
    let suffix = simple.suffix.iter().flat_map(|suffix| &suffix.0);
    let text = |item: &CommandPrefixOrSuffixItem| match item {
        CommandPrefixOrSuffixItem::Word(word) | CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
            Some(plain(&word.value))
        }
        _ => None,
    };
    let name = simple.word_or_name.iter().map(|word| plain(&word.value));
    let all = prefix.filter_map(text).chain(name).chain(suffix.filter_map(text));
    all.filter(|word| !word.is_empty()).collect()
}

/// What pushlint says.
fn ours(text: &str) -> Option<Vec<Words>> {
    let script = shell::parse(text);
    let mut found = Vec::new();
    our_list(text, &script.list, &mut found);
    script.faults.is_empty().then_some(found)
}

fn our_list(text: &str, list: &ast::List, found: &mut Vec<Words>) {
    for item in &list.items {
        for pipeline in std::iter::once(&item.first).chain(item.rest.iter().map(|rest| &rest.1)) {
            pipeline.commands.iter().for_each(|command| our_command(text, command, found));
        }
    }
}

fn our_command(text: &str, command: &ast::Command, found: &mut Vec<Words>) {
    use ast::CommandKind as Kind;
    match &command.kind {
        Kind::Simple(simple) => {
            let assignments = simple.assignments.iter().map(|assignment| assignment.at);
            let mut all: Vec<_> = assignments.chain(simple.words.iter().map(|word| word.at)).collect();
            all.sort();
            let words = all.into_iter().map(|at| plain(&text[at.range()]));
            found.push(words.filter(|word| !word.is_empty()).collect());
        }
        Kind::Brace(body) | Kind::Subshell(body) | Kind::ArithmeticFor { body, .. } | Kind::For { body, .. } => {
            our_list(text, body, found);
        }
        Kind::If { branches, otherwise } => {
            for (condition, body) in branches {
                our_list(text, condition, found);
                our_list(text, body, found);
            }
            otherwise.iter().for_each(|body| our_list(text, body, found));
        }
        Kind::While { condition, body, .. } => {
            our_list(text, condition, found);
            our_list(text, body, found);
        }
        Kind::Case { arms, .. } => arms.iter().for_each(|arm| our_list(text, &arm.body, found)),
        Kind::Function { body, .. } => our_command(text, body, found),
        Kind::Test(_) | Kind::Arithmetic | Kind::Broken => {}
    }
}

/// Whether pushlint is right about an item; if not, what is wrong.
fn judge(item: &str) -> Result<bool, String> {
    let (ours, brush) = (ours(item), brush(item));
    if ours == brush {
        return Ok(true);
    }
    if ours.is_some() != brush.is_some() {
        let bash = bash_accepts(item);
        let right = bash == ours.is_some();
        let said = format!("pushlint {:?}, bash {bash}", shell::parse(item).faults);
        return if right { Ok(false) } else { Err(said) };
    }
    let (ours, brush) = (ours.unwrap_or_default(), brush.unwrap_or_default());
    let first = ours.iter().zip(&brush).find(|(ours, brush)| ours != brush);
    Err(format!("{} and {} commands; first difference {first:?}", ours.len(), brush.len()))
}

#[test]
fn corpus_scripts_are_read_alike() {
    let Some(corpus) = shared() else {
        println!("skipped: no shared corpus; set PUSHLINT_SHARED");
        return;
    };
    let mut paths = Vec::new();
    files(&corpus, &mut paths);
    let mut items = Vec::new();
    for path in paths {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        for document in serde_yaml::Deserializer::from_str(&text) {
            let Ok(value) = Value::deserialize(document) else { break };
            collect(&value, false, &mut items);
        }
    }
    let (mut agreed, mut decided) = (0_usize, 0_usize);
    for item in &items {
        match judge(item) {
            Ok(true) => agreed += 1,
            Ok(false) => decided += 1,
            Err(difference) => println!("--- {difference}\n{item}"),
        }
    }
    let share = 100.0 * (agreed + decided) as f64 / items.len().max(1) as f64;
    println!("{} items: {agreed} agree, {decided} decided by bash for pushlint, {share:.3} %", items.len());
    assert!(share >= 99.9, "only {share:.3} % agree");
}
