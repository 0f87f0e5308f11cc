//! Pipelines and commands.

use super::super::ast::{
    self, Chain, CommandKind as Kind, Expression, ExpressionKind, Redirect as Written, Statement, StatementKind, Step,
    Variable,
};
use super::cmdlets::{self, Cmdlet};
use super::{Lowerer, literal, nodes};
use crate::shell::ast::{At, Command, Item, Pipeline, Redirect, RedirectKind, Word, WordPart};

/// The stages of a pipeline in which a loop is followed: each lies inside the next.
const STAGES: usize = 16;

impl Lowerer {
    pub(super) fn chain(&mut self, chain: &Chain, at: At, items: &mut Vec<Item>) {
        if let ([only], true) = (chain.first.as_slice(), chain.rest.is_empty()) {
            return self.only_command(only, chain.background, items);
        }
        let first = self.pipeline(&chain.first, at);
        let rest = chain.rest.iter().map(|(connector, commands)| (*connector, self.pipeline(commands, at))).collect();
        items.push(Item { first, rest, background: chain.background });
    }

    /// A command alone: what changes the flow does so here.
    fn only_command(&mut self, command: &ast::Command, background: bool, items: &mut Vec<Item>) {
        let first = self.pipeline(std::slice::from_ref(command), command.at);
        items.push(Item { first, rest: Vec::new(), background });
        if let Kind::Call { words, .. } = &command.kind {
            let own = words.first().and_then(literal).is_some_and(|name| cmdlets::find(&name) == Some(Cmdlet::Filter));
            // A function that is given a script block is most often there to run it.
            for word in words.iter().skip(1).filter(|_| !own) {
                if let ExpressionKind::ScriptBlock(block) = &word.kind {
                    items.append(&mut self.block(block).items);
                }
            }
        }
    }

    fn pipeline(&mut self, commands: &[ast::Command], at: At) -> Pipeline {
        let mut done: Vec<Command> = Vec::new();
        for (index, command) in commands.iter().enumerate() {
            match &command.kind {
                Kind::Expression(expression) => done.push(self.put_out(expression, command)),
                Kind::Call { dotted, words } => {
                    let name = words.first().and_then(literal).filter(|_| !dotted);
                    let cmdlet = name.as_deref().and_then(cmdlets::find);
                    let taken = index > 0
                        && match cmdlet {
                            Some(Cmdlet::ForEach) if index <= STAGES => {
                                self.for_each(commands, index, words, &mut done, command.at)
                            }
                            Some(cmdlet) => self.takes(cmdlet, words, &mut done, command.at),
                            None => false,
                        };
                    if !taken {
                        done.push(self.call(*dotted, words, cmdlet, command));
                    }
                }
            }
        }
        Pipeline { negated: false, commands: done, at }
    }

    /// A cmdlet behind a `|` that sends on, drops or writes what it is given; `false`: it is none.
    fn takes(&mut self, cmdlet: Cmdlet, words: &[Expression], done: &mut Vec<Command>, at: At) -> bool {
        let file = match cmdlet {
            Cmdlet::Print | Cmdlet::Pass => return true,
            Cmdlet::Drop | Cmdlet::Say => nodes::text("/dev/null", at),
            Cmdlet::Write { .. } => match cmdlets::bound(words, &["filepath", "literalpath", "path"], 0) {
                Some(path) => self.path(path),
                None => return false,
            },
            _ => return false,
        };
        let append = matches!(cmdlet, Cmdlet::Write { append: true }) || cmdlets::has(words, "append");
        let before = std::mem::take(done);
        let command = match <[Command; 1]>::try_from(before) {
            Ok([only]) => only,
            Err(before) => nodes::brace(nodes::list(vec![nodes::pipeline(before, at)]), at),
        };
        done.push(nodes::into_file(command, file, append, at));
        true
    }

    /// `… | ForEach-Object { … }`: a loop over what was put out, line by line.
    fn for_each(
        &mut self,
        commands: &[ast::Command],
        index: usize,
        words: &[Expression],
        done: &mut Vec<Command>,
        at: At,
    ) -> bool {
        let block = words.iter().skip(1).rev().find_map(|word| match &word.kind {
            ExpressionKind::ScriptBlock(block) => Some(block),
            _ => None,
        });
        let Some(block) = block else { return false };
        let mut over = Vec::new();
        match &commands[0].kind {
            Kind::Expression(expression) if index == 1 => self.arguments(expression, &mut over),
            _ => {
                let list = nodes::list(vec![nodes::pipeline(std::mem::take(done), at)]);
                over.push(Word { parts: vec![WordPart::Substitution(list, at)], at });
            }
        }
        done.clear();
        let item = Variable { drive: String::new(), name: "_".to_owned(), braced: false, at };
        done.push(self.each(&item, over, block, at));
        true
    }

    /// An expression whose value goes down the pipeline.
    fn put_out(&mut self, expression: &Expression, command: &ast::Command) -> Command {
        let at = expression.at;
        let mut made = match &expression.kind {
            ExpressionKind::Paren(inner) if !matches!(inner.kind, StatementKind::Assignment { .. }) => {
                self.inline(std::slice::from_ref(inner.as_ref()), at)
            }
            ExpressionKind::Sub(block) | ExpressionKind::Array(block) => self.inline(block, at),
            ExpressionKind::Paren(inner) => self.inline(std::slice::from_ref(inner.as_ref()), at),
            ExpressionKind::ScriptBlock(_) => nodes::nothing(Vec::new(), at),
            _ => match self.added(expression).or_else(|| self.effect(expression)) {
                Some(command) => command,
                None => {
                    let mut words = Vec::new();
                    self.arguments(expression, &mut words);
                    nodes::print(words, at)
                }
            },
        };
        made.redirects.extend(self.redirects(&command.redirects));
        made
    }

    fn inline(&mut self, statements: &[Statement], at: At) -> Command {
        nodes::brace(self.block(statements), at)
    }

    /// Calls of .NET that write a file or an environment variable.
    fn effect(&mut self, expression: &Expression) -> Option<Command> {
        let at = expression.at;
        let ExpressionKind::Postfix(first, steps) = &expression.kind else { return None };
        let (ExpressionKind::Type(kind), [Step::Member(name, Some(arguments))]) = (&first.kind, steps.as_slice())
        else {
            return None;
        };
        let (kind, name) = (kind.to_ascii_lowercase(), name.to_ascii_lowercase());
        let [one, other, ..] = arguments.as_slice() else { return None };
        if kind.ends_with("environment") && name == "setenvironmentvariable" {
            let value = self.word(other);
            return literal(one).map(|name| nodes::set(super::environment(&name), value, at));
        }
        let append = name == "appendalltext";
        (kind.ends_with("io.file") && (append || name == "writealltext")).then(|| {
            let (path, text) = (self.path(one), self.word(other));
            let format = vec![nodes::text("printf", at), nodes::text("%s", at), text];
            nodes::into_file(nodes::call(format, at), path, append, at)
        })
    }

    pub(super) fn redirects(&mut self, written: &[Written]) -> Vec<Redirect> {
        let mut made = Vec::new();
        for redirect in written {
            let at = redirect.at;
            let fd = (redirect.stream > 1).then_some(redirect.stream);
            let Some(file) = &redirect.file else { continue };
            let nothing =
                matches!(&file.kind, ExpressionKind::Variable(variable) if variable.name.eq_ignore_ascii_case("null"));
            let file = if nothing { nodes::text("/dev/null", at) } else { self.path(file) };
            let kind = if redirect.append { RedirectKind::Append(file) } else { RedirectKind::Write(file) };
            made.push(Redirect { fd, kind, at });
        }
        made
    }
}
