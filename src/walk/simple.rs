//! Simple commands: expansion, redirections, and who is asked what the command does.

use std::sync::Arc;

use super::Input;
use super::body::Body;
use super::expand::Asked;
use super::walker::{Walker, with_status};
use super::world::{Status, Variable, World};
use crate::clients::Arg;
use crate::shell::ast::{
    AssignedValue, Assignment, Command, Operation, Redirect, RedirectKind, Simple, Word, WordPart,
};
use crate::source::Span;
use crate::text::Text;

/// A command, expanded in one world.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub args: Vec<Arg>,
    /// `A=1` in front of it.
    pub assigned: Vec<(String, Variable)>,
    pub input: Input,
    pub output: Output,
    pub at: Span,
    /// How an assignment alone ends: as the last command substituted in it.
    pub outcome: Status,
    /// The command as written.
    pub source: Arc<str>,
}

/// Where standard output goes.
#[derive(Clone, Debug)]
pub(super) enum Output {
    Inherited,
    /// `/dev/null`, standard error.
    Elsewhere,
    File {
        path: Text,
        append: bool,
    },
}

/// Words after which assignments are arguments that the shell does not split.
const DECLARATIONS: [&str; 5] = ["export", "local", "declare", "readonly", "typeset"];

impl Walker<'_> {
    /// Runs a simple command.
    pub(super) fn simple(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        command: &Command,
        simple: &Simple,
        input: &Input,
    ) -> Vec<World> {
        let (said, worlds): (Vec<_>, Vec<_>) =
            worlds.into_iter().partition(|world| is_only_said(world, command, simple));
        let said = said.into_iter().map(|world| World { clock: world.clock + 1, status: Status::Success, ..world });
        let mut calls = self.each(worlds, |walker, world| walker.prepare(world, body, command, simple, input));
        let mut run = |(world, call): (World, Call)| {
            self.with_output(world, &call.output.clone(), call.at, |walker, world| walker.invoke(world, call))
        };
        let ends: Vec<World> = match calls.pop() {
            Some(only) if calls.is_empty() => run(only),
            last => calls.into_iter().chain(last).flat_map(run).collect(),
        };
        said.chain(ends).collect()
    }

    /// A compound command with its redirections.
    pub(super) fn redirected(
        &mut self,
        worlds: Vec<World>,
        body: &Arc<Body>,
        command: &Command,
        input: &Input,
    ) -> Vec<World> {
        if command.redirects.is_empty() && *input == Input::Inherited {
            return self.compound(worlds, body, command);
        }
        let at = body.span(command.at);
        let planned = self.each(worlds, |walker, world| walker.redirections(world, body, &command.redirects, input));
        let run = |(world, (input, output)): (World, (Input, Output))| {
            self.with_output(world, &output, at, |walker, world| {
                walker.with_input(world, input, |walker, world| walker.compound(vec![world], body, command))
            })
        };
        planned.into_iter().flat_map(run).collect()
    }

    /// Runs something whose commands share a standard input.
    pub(super) fn with_input(
        &mut self,
        mut world: World,
        input: Input,
        run: impl FnOnce(&mut Self, World) -> Vec<World>,
    ) -> Vec<World> {
        if input == Input::Inherited {
            return run(self, world);
        }
        let outer = std::mem::replace(&mut world.stdin, input);
        let mut ends = run(self, world);
        ends.iter_mut().for_each(|end| end.stdin.clone_from(&outer));
        ends
    }

    fn prepare(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        command: &Command,
        simple: &Simple,
        input: &Input,
    ) -> Asked<Call> {
        world.clock += 1;
        self.substituted = Status::Success;
        let mut assigned = Vec::new();
        for assignment in &simple.assignments {
            assigned.push((assignment.name.clone(), self.assigned(world, body, assignment)?));
            if simple.words.is_empty() {
                let (name, variable) = &assigned[assigned.len() - 1];
                world.set(name, variable.clone());
            }
        }
        let outcome = self.substituted.clone();
        let args = self.arguments(world, body, &simple.words)?;
        let before = world.variables.clone();
        let (input, output) = self.redirections(world, body, &command.redirects, input)?;
        if args.first().is_some_and(|name| is_program(world, &name.text)) {
            // A program's here-document is put together in its own process: `${X:=y}` there sets nothing here.
            world.variables = before;
        }
        let (at, source) = (body.span(command.at), body.source(command.at).into());
        Ok(Call { args, assigned, input, output, at, outcome, source })
    }

    fn arguments(&mut self, world: &mut World, body: &Arc<Body>, words: &[Word]) -> Asked<Vec<Arg>> {
        let mut args: Vec<Arg> = Vec::new();
        for word in words {
            let declares =
                args.first().and_then(|arg| arg.text.as_literal()).is_some_and(|name| DECLARATIONS.contains(&name));
            if declares {
                let value = self.text(world, body, word)?;
                args.push(Arg { text: value.text, at: body.span(word.at), from: value.from, vanishes: false });
            } else {
                args.extend(self.fields(world, body, word)?);
            }
        }
        Ok(args)
    }

    fn assigned(&mut self, world: &mut World, body: &Arc<Body>, assignment: &Assignment) -> Asked<Variable> {
        let at = body.span(assignment.at);
        let old = world.variable(&assignment.name);
        let mut variable = match &assignment.value {
            AssignedValue::Word(word) => {
                let mut value = self.text(world, body, word)?;
                if assignment.append {
                    let whole = assignment.index.is_none() && world.is_set(&assignment.name);
                    let mut text = if whole { old.text } else { Text::empty() };
                    text.push_text(&value.text);
                    value.text = text;
                    value.from.splice(0..0, old.from);
                }
                value
            }
            AssignedValue::Array(words) => {
                let mut items = if assignment.append {
                    old.items.map(|items| items.to_vec()).unwrap_or_default()
                } else {
                    Vec::new()
                };
                let mut from = Vec::new();
                for word in words {
                    for arg in self.fields(world, body, word)? {
                        items.push(arg.text);
                        from.extend(arg.from);
                    }
                }
                Variable { text: items.first().cloned().unwrap_or_default(), items: Some(Arc::new(items)), from }
            }
        };
        variable.from.push(at);
        let Some(index) = &assignment.index else { return Ok(variable) };
        // `name[index]+=value` is not followed.
        let index = if assignment.append { Text::empty() } else { self.text(world, body, index)?.text };
        Ok(with_element(world, &assignment.name, &index, variable))
    }

    fn redirections(
        &mut self,
        world: &mut World,
        body: &Arc<Body>,
        redirects: &[Redirect],
        input: &Input,
    ) -> Asked<(Input, Output)> {
        let (mut input, mut output) = (input.clone(), Output::Inherited);
        for redirect in redirects {
            let out = redirect.fd.is_none_or(|fd| fd == 1);
            match &redirect.kind {
                RedirectKind::Read(word) => input = self.read_from(world, body, word)?,
                RedirectKind::HereDocument { body: text, .. } => {
                    input = Input::Text(self.text(world, body, text)?.text)
                }
                RedirectKind::HereString(word) => {
                    let mut text = self.text(world, body, word)?.text;
                    text.push_str("\n");
                    input = Input::HereString(text, body.span(redirect.at));
                }
                RedirectKind::Write(word) | RedirectKind::WriteBoth(word) if out => {
                    output = file(self.text(world, body, word)?.text, false);
                }
                RedirectKind::Append(word) | RedirectKind::AppendBoth(word) if out => {
                    output = file(self.text(world, body, word)?.text, true);
                }
                RedirectKind::DuplicateOut(_) if out => output = Output::Elsewhere,
                _ => {}
            }
        }
        Ok((input, output))
    }

    fn read_from(&mut self, world: &mut World, body: &Arc<Body>, word: &Word) -> Asked<Input> {
        let path = self.text(world, body, word)?.text;
        if path.as_literal() == Some("/dev/null") {
            return Ok(Input::Text(Text::empty()));
        }
        Ok(match world.written(&path) {
            Some(written) => Input::Text(written.text.clone()),
            None => match super::folders::resolve(world.folder.as_deref(), &path) {
                Some(path) => Input::File(super::folders::project_path(&path)),
                None => Input::Unknown,
            },
        })
    }

    /// Runs something whose output goes where `output` says.
    fn with_output(
        &mut self,
        mut world: World,
        output: &Output,
        at: Span,
        run: impl FnOnce(&mut Self, World) -> Vec<World>,
    ) -> Vec<World> {
        if matches!(output, Output::Inherited) {
            return run(self, world);
        }
        let outer = world.capture.replace(Text::empty());
        let mut ends = run(self, world);
        for end in &mut ends {
            let printed = std::mem::replace(&mut end.capture, outer.clone()).unwrap_or_default();
            if let Output::File { path, append } = output {
                self.write_file(end, path, &printed, *append, at);
            }
        }
        ends
    }

    /// Sets the assignments in front of a command for its time.
    fn invoke(&mut self, mut world: World, call: Call) -> Vec<World> {
        if call.args.is_empty() {
            return vec![with_status(world, call.outcome)];
        }
        let declares = call.args[0].text.as_literal().is_some_and(|name| DECLARATIONS.contains(&name));
        let hidden = world.hidden.len();
        for (name, variable) in &call.assigned {
            if declares {
                world.set(name, variable.clone());
            } else {
                world.set_meanwhile(name, variable.clone());
            }
        }
        let shared = call.input == Input::Inherited && world.stdin != Input::Inherited;
        let mut call = call;
        if shared {
            call.input = world.stdin.clone();
        }
        let rest = shared.then(|| left_over(&world, &call)).flatten();
        self.called_from.push(call.at);
        let mut ends = self.dispatch(world, call);
        self.called_from.pop();
        if let Some(rest) = rest {
            ends.iter_mut().for_each(|end| end.stdin = rest.clone());
        }
        ends.iter_mut().filter(|_| !declares).for_each(|end| end.end_command(hidden));
        ends
    }
}

/// The array after `name[index]=value`; one that is not followed holds something unknown.
fn with_element(world: &World, name: &str, index: &Text, value: Variable) -> Variable {
    let known = world.overridden(name);
    let single = |text: &Text| Arc::new(if world.is_set(name) { vec![text.clone()] } else { Vec::new() });
    let old = known.map(|old| old.items.unwrap_or_else(|| single(&old.text)));
    let mut items = old.map(|items| items.to_vec()).unwrap_or_default();
    let at = index.as_literal().and_then(|text| super::arithmetic::evaluate(world, text));
    match at.and_then(|at| usize::try_from(at).ok()) {
        Some(at) if at < items.len() => items[at] = value.text,
        Some(at) if at == items.len() => items.push(value.text),
        _ => return Variable { text: world.opaque(&format!("${name}")), ..value },
    }
    Variable { text: items.first().cloned().unwrap_or_default(), items: Some(Arc::new(items)), from: value.from }
}

/// What the shell does by itself, of that which reads its input.
const OWN: [&str; 12] =
    [":", ".", "[", "echo", "eval", "exec", "mapfile", "printf", "read", "readarray", "source", "test"];

/// Whether a name is surely a program's.
fn is_program(world: &World, name: &Text) -> bool {
    name.as_literal().is_some_and(|name| !OWN.contains(&name) && !world.functions.contains_key(name))
}

/// Whether a command only tells the reader of the log something: no question is asked for the sake of that.
fn is_only_said(world: &World, command: &Command, simple: &Simple) -> bool {
    let name = simple.words.first().and_then(|word| match word.parts.as_slice() {
        [WordPart::Literal(name, _)] => Some(name.as_str()),
        _ => None,
    });
    let says = name.is_some_and(|name| matches!(name, "echo" | "printf") && !world.functions.contains_key(name));
    // `printf -v NAME` sets a variable.
    let options = simple.words.get(1).and_then(|word| word.parts.first());
    let sets = name == Some("printf") && matches!(options, Some(WordPart::Literal(text, _)) if text.starts_with("-v"));
    let unread = world.capture.is_none() && command.redirects.is_empty() && simple.assignments.is_empty();
    says && !sets && unread && simple.words.iter().flat_map(|word| &word.parts).all(is_plain)
}

/// Whether expanding a part does nothing but give a text.
fn is_plain(part: &WordPart) -> bool {
    match part {
        WordPart::Literal(..) | WordPart::Quoted(..) => true,
        WordPart::Double(parts, _) => parts.iter().all(is_plain),
        WordPart::Parameter(parameter) => matches!(parameter.operation, Operation::None),
        WordPart::Substitution(..) | WordPart::Arithmetic(_) | WordPart::Process(..) => false,
    }
}

/// What a command leaves of the input that it shares; `None`: it takes nothing.
fn left_over(world: &World, call: &Call) -> Option<Input> {
    let word = |arg: &Arg| arg.text.as_literal().unwrap_or("").to_owned();
    let name = word(call.args.first()?);
    match &call.input {
        _ if world.functions.contains_key(&name) => None,
        Input::Text(text) | Input::HereString(text, _) if name == "read" => {
            Some(Input::Text(text.split_once('\n').map(|(_, rest)| rest).unwrap_or_default()))
        }
        _ if name == "read" => None,
        _ if super::output::reads_all(&name) || call.args.iter().any(|arg| word(arg) == "--password-stdin") => {
            Some(Input::Text(Text::empty()))
        }
        _ => None,
    }
}

fn file(path: Text, append: bool) -> Output {
    match path.as_literal() {
        Some("/dev/null" | "/dev/stderr") => Output::Elsewhere,
        Some("/dev/stdout") => Output::Inherited,
        _ => Output::File { path, append },
    }
}
