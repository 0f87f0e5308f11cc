//! Taskfiles (Task, version 3): tasks with commands, dependencies and variables in `{{.NAME}}`.

use std::collections::HashSet;
use std::rc::Rc;

use super::pieces::join;
use super::{Change, Outside, Piece, Plan, Step, Value};
use crate::source::Mapped;
use crate::text::Text;
use crate::yaml::{self, Document, Node, NodeKind};

/// Tasks within tasks, and files within files.
const DEPTH: usize = 32;

/// How task was called.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `NAME=value`.
    pub variables: Vec<(String, Value)>,
    /// The tasks; none: `default`.
    pub tasks: Vec<String>,
    /// What stands behind `--`: `{{.CLI_ARGS}}`.
    pub arguments: Value,
}

/// What task would run.
///
/// # Errors
/// A question that the world must answer first.
pub fn plan<O: Outside>(text: &Mapped, call: &Call, outside: &mut O) -> Result<Plan, O::Question> {
    let mut plan = Plan { exhausted: !outside.spend(text.text().len()), ..Plan::default() };
    let whole = text.span(0..text.text().len()).filter(|whole| whole.range().len() == text.text().len());
    let document = whole.and_then(|whole| yaml::parse(text.text(), whole.file, whole.start as usize).ok());
    let Some(document) = document else {
        plan.unknown.push("task".to_owned());
        return Ok(plan);
    };
    let mut variables: Vec<(String, Value)> = vec![("CLI_ARGS".to_owned(), call.arguments.clone())];
    variables.extend(call.variables.iter().cloned());
    let mut task = Task { outside, document: &document, plan, scopes: vec![variables], done: HashSet::new(), depth: 0 };
    if let Some(includes) = task.get(&document.root, "includes") {
        task.plan.unread.push(("a Taskfile that is included".to_owned(), Some(includes.span)));
    }
    let given = call.variables.len();
    task.declare(&document.root, "vars", given > 0)?;
    let names = if call.tasks.is_empty() { &["default".to_owned()][..] } else { &call.tasks };
    for name in names {
        task.run(name, &[])?;
    }
    Ok(task.plan)
}

/// task at work.
struct Task<'a, O> {
    outside: &'a mut O,
    document: &'a Document,
    plan: Plan,
    /// Variables, the innermost scope last.
    scopes: Vec<Vec<(String, Value)>>,
    /// Tasks that ran as dependencies.
    done: HashSet<String>,
    depth: usize,
}

impl<'a, O: Outside> Task<'a, O> {
    /// The value of a key, aliases followed.
    fn get(&self, node: &'a Node, key: &str) -> Option<&'a Node> {
        let found =
            entries(self.plain(node)).iter().find(|(name, _)| text(name).is_some_and(|name| name.text() == key));
        found.map(|(_, value)| self.plain(value))
    }

    fn plain(&self, node: &'a Node) -> &'a Node {
        match &node.kind {
            NodeKind::Alias(at) => self.document.anchors.get(*at).unwrap_or(node),
            _ => node,
        }
    }

    fn task(&self, name: &str) -> Option<&'a Node> {
        let tasks = self.get(&self.document.root, "tasks")?;
        self.get(tasks, name).or_else(|| {
            let named = |task: &&'a Node| {
                let aliases = self.get(task, "aliases").map(items).unwrap_or_default();
                aliases.iter().any(|alias| text(alias).is_some_and(|alias| alias.text() == name))
            };
            entries(tasks).iter().map(|(_, task)| self.plain(task)).find(named)
        })
    }

    fn run(&mut self, name: &str, variables: &[(String, Value)]) -> Result<(), O::Question> {
        let Some(task) = self.task(name) else {
            self.plan.unknown.push(name.to_owned());
            return Ok(());
        };
        self.plan.exhausted |= self.depth > DEPTH || !self.outside.spend(name.len());
        if self.plan.exhausted {
            return Ok(());
        }
        self.depth += 1;
        self.scopes.push(variables.to_vec());
        self.declare(task, "vars", !variables.is_empty())?;
        for dependency in self.get(task, "deps").map(items).unwrap_or_default() {
            let dependency = self.plain(dependency);
            let key = format!("{} {:?}", self.called(dependency).unwrap_or_default(), dependency.span);
            if self.done.insert(key) {
                self.call(dependency)?;
            }
        }
        self.commands(task)?;
        self.scopes.pop();
        self.depth -= 1;
        Ok(())
    }

    /// The commands of a task: `cmds`, `cmd`, or the task itself where it is a text or a list.
    fn commands(&mut self, task: &'a Node) -> Result<(), O::Question> {
        let listed = self.get(task, "cmds").or_else(|| self.get(task, "cmd"));
        let commands = listed.unwrap_or(task);
        let environment = Rc::new(self.environment(task)?);
        let folder = match self.get(task, "dir").and_then(text) {
            Some(folder) => Some(self.value(folder)?.text),
            None => None,
        };
        let ignores_failure = self.get(task, "ignore_error").is_some();
        let silent = self.get(task, "silent").is_some();
        let whole = Step { line: Vec::new(), ignores_failure, silent, environment, errexit: false, folder };
        let list = if let NodeKind::Sequence(list) = &commands.kind { list } else { std::slice::from_ref(commands) };
        let mut deferred = Vec::new();
        for command in list {
            self.command(self.plain(command), &whole, &mut deferred)?;
        }
        self.plan.steps.extend(deferred.into_iter().rev());
        self.plan.exhausted |= self.plan.steps.len() > 4096;
        Ok(())
    }

    fn command(&mut self, command: &'a Node, whole: &Step, deferred: &mut Vec<Step>) -> Result<(), O::Question> {
        let later = self.get(command, "defer");
        let Some(line) = later.or_else(|| self.get(command, "cmd")).or(Some(command)).and_then(text) else {
            return if self.called(command).is_some() { self.call(command) } else { Ok(()) };
        };
        let Some(line) = self.line(line)? else {
            self.plan.unknown.push("a template in a Taskfile".to_owned());
            return Ok(());
        };
        let ignores_failure = whole.ignores_failure || self.get(command, "ignore_error").is_some();
        let step = Step { line, ignores_failure, ..whole.clone() };
        if later.is_some() {
            deferred.push(step)
        } else {
            self.plan.steps.push(step)
        }
        Ok(())
    }

    /// The task that a dependency or command names.
    fn called(&self, node: &'a Node) -> Option<String> {
        let name = self.get(node, "task").and_then(text).or_else(|| text(node))?;
        Some(name.text().to_owned())
    }

    fn call(&mut self, node: &'a Node) -> Result<(), O::Question> {
        let Some(name) = self.called(node) else { return Ok(()) };
        let mut variables = Vec::new();
        for (name, value) in self.get(node, "vars").map(entries).unwrap_or_default() {
            let (Some(name), Some(value)) = (text(name), text(self.plain(value))) else { continue };
            variables.push((name.text().to_owned(), self.value(value)?));
        }
        self.run(name.trim_start_matches(':'), &variables)
    }

    /// Adds the variables under a key; those that are given win where `given`.
    fn declare(&mut self, node: &'a Node, key: &str, given: bool) -> Result<(), O::Question> {
        for (name, value) in self.get(node, key).map(entries).unwrap_or_default() {
            let Some(name) = text(name).map(|name| name.text().to_owned()) else { continue };
            if given && self.scopes.last().is_some_and(|scope| scope.iter().any(|(known, _)| *known == name)) {
                continue;
            }
            let made = self.declared(self.plain(value), &name)?;
            if let Some(scope) = self.scopes.last_mut() {
                scope.push((name, made));
            }
        }
        Ok(())
    }

    /// A variable's value: a text, or `sh: command`.
    fn declared(&mut self, value: &'a Node, name: &str) -> Result<Value, O::Question> {
        if let Some(command) = self.get(value, "sh").and_then(text) {
            let Some(pieces) = self.line(command)? else { return Ok(self.unknown(name)) };
            return Ok(Value::of(self.outside.shell(&pieces, Some(value.span))?));
        }
        match text(value) {
            Some(written) => {
                let mut made = self.value(written)?;
                made.from.push(value.span);
                Ok(made)
            }
            None => Ok(self.unknown(name)),
        }
    }

    fn environment(&mut self, task: &'a Node) -> Result<Vec<(String, Value)>, O::Question> {
        let mut found = Vec::new();
        let whole = [&self.document.root, task];
        let given: Vec<&'a (Node, Node)> =
            whole.into_iter().filter_map(|node| self.get(node, "env")).flat_map(entries).collect();
        for (name, value) in given {
            let Some(name) = text(name).map(|name| name.text().to_owned()) else { continue };
            // What the environment has already stays.
            if !self.outside.is_set(&name) {
                let value = self.declared(self.plain(value), &name)?;
                found.push((name, value));
            }
        }
        Ok(found)
    }

    fn value(&mut self, written: &Mapped) -> Result<Value, O::Question> {
        Ok(match self.line(written)? {
            Some(pieces) => join(&pieces),
            None => self.unknown(written.text()),
        })
    }

    fn unknown(&self, shown: &str) -> Value {
        Value::of(self.outside.derived(&Text::empty(), shown, Change::Other))
    }

    /// A text with its `{{…}}` put in; `None`: one of them decides what stands around it.
    fn line(&mut self, line: &Mapped) -> Result<Option<Vec<Piece>>, O::Question> {
        let text = line.text();
        let (mut pieces, mut at) = (Vec::new(), 0);
        while let Some(start) = text[at..].find("{{").map(|found| at + found) {
            let end = text[start..].find("}}").map_or(text.len(), |found| start + found);
            let action = text[(start + 2).min(end)..end].trim_matches(['-', ' ']);
            let first = action.split_whitespace().next().unwrap_or("");
            if matches!(first, "if" | "else" | "end" | "range" | "with" | "define" | "template" | "block") {
                return Ok(None);
            }
            pieces.push(Piece::Written(line.slice(at..start)));
            at = (end + 2).min(text.len());
            let value = self.action(action)?;
            if let (false, Some(span)) = (value.text.is_empty(), line.span(start..at)) {
                pieces.push(Piece::Value(value, span));
            }
        }
        pieces.push(Piece::Written(line.slice(at..text.len())));
        pieces.retain(|piece| !matches!(piece, Piece::Written(text) if text.text().is_empty()));
        Ok(Some(pieces))
    }

    /// `.NAME`, `.NAME | default "x"`, `default "x" .NAME`, `"text"`; anything else is unknown.
    fn action(&mut self, action: &str) -> Result<Value, O::Question> {
        let quoted = |text: &str| text.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        let (name, default) = match (action.split_once('|'), action.strip_prefix("default ")) {
            (Some((name, rest)), _) => (name.trim(), rest.trim().strip_prefix("default ").and_then(quoted)),
            (None, Some(rest)) => match rest.rsplit_once(' ') {
                Some((default, name)) => (name, quoted(default)),
                None => (rest, None),
            },
            (None, None) => (action, None),
        };
        let plain =
            name.strip_prefix('.').filter(|name| name.chars().all(|char| char.is_alphanumeric() || char == '_'));
        let piped = action.contains('|') || action.starts_with("default ");
        let Some(name) = plain.filter(|_| !piped || default.is_some()) else { return Ok(self.unknown(action)) };
        let known = self.scopes.iter().rev().find_map(|scope| scope.iter().rev().find(|(known, _)| known == name));
        if let Some((_, value)) = known
            && !(value.text.is_empty() && default.is_some())
        {
            return Ok(value.clone());
        }
        match default.map(Value::literal) {
            Some(default) if !self.outside.sets(name)? => {
                Ok(self.outside.instead(name, &default.text)?.unwrap_or(default))
            }
            _ if name == "ROOT_DIR" || name == "TASKFILE_DIR" => Ok(Value::of(self.outside.folder())),
            _ => Ok(self.outside.variable(name)),
        }
    }
}

fn entries(node: &Node) -> &[(Node, Node)] {
    if let NodeKind::Mapping(entries) = &node.kind { entries } else { &[] }
}

fn items(node: &Node) -> &[Node] {
    if let NodeKind::Sequence(items) = &node.kind { items } else { &[] }
}

fn text(node: &Node) -> Option<&Mapped> {
    if let NodeKind::Scalar(scalar) = &node.kind { Some(&scalar.text) } else { None }
}
