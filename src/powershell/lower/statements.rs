//! Statements as commands of the shell.

use super::super::ast::{Block, Expression, ExpressionKind, Statement, StatementKind, Step, Variable};
use super::{Lowerer, Named, Round, literal, nodes, only_expression};
use crate::shell::ast::{AssignedValue, At, Command, CommandKind, Condition, Connector, Item, List, Operation, Word};

/// Set where something was thrown.
const THROWN: &str = "$*thrown";

impl Lowerer {
    pub(super) fn statement(&mut self, statement: &Statement, items: &mut Vec<Item>) {
        let at = statement.at;
        let command = match &statement.kind {
            StatementKind::Nothing => return,
            StatementKind::Parameters(parameters) => return self.take_parameters(parameters, at, items),
            StatementKind::Chain(chain) => return self.chain(chain, at, items),
            StatementKind::Assignment { target, operator, value } => self.assignment(target, operator, value, at),
            StatementKind::If { branches, otherwise } => self.if_statement(branches, otherwise.as_ref(), at),
            StatementKind::ForEach { variable, items, body } => self.foreach(variable, items, body, at),
            StatementKind::While { first, condition, body } => {
                if let Some(first) = first {
                    self.statement(first, items);
                }
                let condition = match condition {
                    Some(condition) => self.condition(condition),
                    None => nodes::single(nodes::question(at)),
                };
                let body = self.inside(Round::Loop, |lowerer| lowerer.block(body));
                nodes::command(CommandKind::While { until: false, condition, body }, at)
            }
            StatementKind::Do(body) => {
                let body = self.inside(Round::Loop, |lowerer| lowerer.block(body));
                once(body, at)
            }
            StatementKind::Switch { subject, option, arms } => self.switch(subject, option, arms, at),
            StatementKind::Try { body, catches, finally } => {
                return self.try_statement(body, catches, finally.as_ref(), at, items);
            }
            StatementKind::Function { name, parameters, body } => self.function(name, parameters, body, at),
            StatementKind::Flow(word, value) => {
                return self.flow(word, value.as_deref(), at, items);
            }
            StatementKind::Block(body) => nodes::brace(self.block(body), at),
            StatementKind::Broken => nodes::question(at),
        };
        items.push(nodes::item(command));
    }

    /// Runs with one more round around.
    pub(super) fn inside<T>(&mut self, round: Round, run: impl FnOnce(&mut Self) -> T) -> T {
        self.rounds.push(round);
        let result = run(self);
        self.rounds.pop();
        result
    }

    fn if_statement(&mut self, branches: &[(Statement, Block)], otherwise: Option<&Block>, at: At) -> Command {
        let branches = branches.iter().map(|(condition, body)| (self.condition(condition), self.block(body))).collect();
        let otherwise = otherwise.map(|body| self.block(body));
        nodes::command(CommandKind::If { branches, otherwise }, at)
    }

    fn foreach(&mut self, variable: &Variable, items: &Statement, body: &Block, at: At) -> Command {
        let mut words = Vec::new();
        match only_expression(items) {
            Some(expression) => self.arguments(expression, &mut words),
            None => {
                let mut parts = Vec::new();
                self.statement_pieces(items, items.at, &mut parts);
                words.push(Word { parts, at: items.at });
            }
        }
        self.each(variable, words, body, at)
    }

    /// A loop over words.
    pub(super) fn each(&mut self, variable: &Variable, words: Vec<Word>, body: &Block, at: At) -> Command {
        let name = match self.named(variable) {
            Named::Parameter(name) => name,
            _ => format!("{}_", super::OWN),
        };
        let body = self.inside(Round::Loop, |lowerer| lowerer.block(body));
        let kind = CommandKind::For { name, name_at: variable.at, words: Some(words), body, select: false };
        nodes::command(kind, at)
    }

    fn assignment(&mut self, target: &Expression, operator: &str, value: &Statement, at: At) -> Command {
        let variable = match &target.kind {
            ExpressionKind::Variable(variable) => variable,
            ExpressionKind::Cast(inner) => match &inner.kind {
                ExpressionKind::Variable(variable) => variable,
                _ => return self.only_evaluated(value, at),
            },
            _ => return self.only_evaluated(value, at),
        };
        let Named::Parameter(name) = self.named(variable) else { return self.only_evaluated(value, at) };
        let list = only_expression(value).and_then(|value| self.list_of(value));
        let number = only_expression(value).is_some_and(|value| matches!(value.kind, ExpressionKind::Number(_)));
        if operator == "+=" && (list.is_some() || self.arrays.contains(&name)) {
            let words = list.unwrap_or_else(|| vec![self.statement_word(value)]);
            return nodes::assign(name, AssignedValue::Array(words), true, at);
        }
        if let ("=", Some(words)) = (operator, list) {
            self.arrays.insert(name.clone());
            return nodes::assign(name, AssignedValue::Array(words), false, at);
        }
        let mut value = self.statement_word(value);
        match operator {
            "=" => {}
            "+=" if !number => {
                let before = nodes::parameter(name.as_str(), Operation::None, variable.at);
                let mut parts = vec![before];
                parts.append(&mut value.parts);
                value = nodes::double(parts, value.at);
            }
            "??=" => {
                let operation = Operation::Test { colon: true, kind: '-', word: value };
                value = nodes::double(vec![nodes::parameter(name.as_str(), operation, at)], at);
            }
            _ => value = nodes::double(vec![nodes::unknown(at)], at),
        }
        self.arrays.remove(&name);
        nodes::set(name, value, at)
    }

    /// The elements of a list that is written out.
    fn list_of(&mut self, value: &Expression) -> Option<Vec<Word>> {
        let value = if let ExpressionKind::Cast(inner) = &value.kind { inner } else { value };
        if !matches!(value.kind, ExpressionKind::List(_) | ExpressionKind::Array(_)) {
            return None;
        }
        let mut words = Vec::new();
        self.arguments(value, &mut words);
        Some(words)
    }

    fn statement_word(&mut self, statement: &Statement) -> Word {
        let mut parts = Vec::new();
        self.statement_pieces(statement, statement.at, &mut parts);
        nodes::double(parts, statement.at)
    }

    fn only_evaluated(&mut self, value: &Statement, at: At) -> Command {
        let word = self.statement_word(value);
        nodes::nothing(vec![word], at)
    }

    /// `$x.Add(value)` on a list, `$x++`.
    pub(super) fn added(&mut self, expression: &Expression) -> Option<Command> {
        match &expression.kind {
            ExpressionKind::Unary(operator, inner) if matches!(operator.as_str(), "++" | "--") => {
                self.counted(inner, expression.at)
            }
            ExpressionKind::Postfix(first, steps) if matches!(steps.as_slice(), [Step::Member(name, None)] if name == "++") => {
                self.counted(first, expression.at)
            }
            ExpressionKind::Cast(inner) => self.added(inner),
            ExpressionKind::Postfix(first, steps) => {
                let (ExpressionKind::Variable(variable), [Step::Member(name, Some(arguments))]) =
                    (&first.kind, steps.as_slice())
                else {
                    return None;
                };
                let [argument] = arguments.as_slice() else { return None };
                let Named::Parameter(list) = self.named(variable) else { return None };
                name.eq_ignore_ascii_case("add").then(|| {
                    let word = self.word(argument);
                    nodes::assign(list, AssignedValue::Array(vec![word]), true, expression.at)
                })
            }
            _ => None,
        }
    }

    /// Arithmetic is not followed.
    fn counted(&mut self, target: &Expression, at: At) -> Option<Command> {
        let ExpressionKind::Variable(variable) = &target.kind else { return None };
        let Named::Parameter(name) = self.named(variable) else { return None };
        Some(nodes::set(name, nodes::double(vec![nodes::unknown(at)], at), at))
    }

    /// Every clause that fits runs in PowerShell; most often one does, and it is taken to be one.
    fn switch(&mut self, subject: &Statement, option: &str, arms: &[(Option<Expression>, Block)], at: At) -> Command {
        let subject = self.statement_word(subject);
        let (mut branches, mut otherwise) = (Vec::new(), None);
        for (pattern, body) in arms {
            let body = self.inside(Round::Switch, |lowerer| lowerer.block(body));
            match pattern {
                None => otherwise = Some(body),
                Some(pattern) => {
                    let known = !matches!(pattern.kind, ExpressionKind::ScriptBlock(_)) && option != "file";
                    let asked = if !known {
                        nodes::question(pattern.at)
                    } else if option == "regex" {
                        match literal(pattern) {
                            Some(regex) => nodes::test(
                                super::conditions::fits(subject.clone(), &regex, false, pattern.at),
                                pattern.at,
                            ),
                            None => nodes::question(pattern.at),
                        }
                    } else {
                        let operator = if option == "wildcard" { "-like" } else { "-ieq" };
                        let condition = Condition::Binary(subject.clone(), operator.to_owned(), self.word(pattern));
                        nodes::test(condition, pattern.at)
                    };
                    branches.push((nodes::single(asked), body));
                }
            }
        }
        if branches.is_empty() {
            return once(otherwise.unwrap_or_default(), at);
        }
        once(nodes::single(nodes::command(CommandKind::If { branches, otherwise }, at)), at)
    }

    /// The body as one round of a loop that `throw` breaks; a `catch` runs where something was thrown, and
    /// may run anyway: any cmdlet can throw.
    fn try_statement(
        &mut self,
        body: &Block,
        catches: &[Block],
        finally: Option<&Block>,
        at: At,
        items: &mut Vec<Item>,
    ) {
        items.push(nodes::item(nodes::set(THROWN, Word { parts: Vec::new(), at }, at)));
        let body = self.inside(Round::Try, |lowerer| lowerer.block(body));
        items.push(nodes::item(once(body, at)));
        if let Some(catch) = catches.first() {
            let thrown = nodes::double(vec![nodes::parameter(THROWN, Operation::None, at)], at);
            let thrown = nodes::test(Condition::Word(thrown), at);
            let mut asked = nodes::item(thrown);
            nodes::join(&mut asked, Connector::Or, nodes::question(at));
            let branches = vec![(nodes::list(vec![asked]), self.block(catch))];
            items.push(nodes::item(nodes::command(CommandKind::If { branches, otherwise: None }, at)));
        }
        if let Some(finally) = finally {
            items.append(&mut self.block(finally).items);
        }
    }

    pub(super) fn flow(&mut self, word: &str, value: Option<&Statement>, at: At, items: &mut Vec<Item>) {
        let wrapped = |round: &Round| *round == Round::Try;
        match word {
            "break" | "continue" => {
                let depth = 1 + self.rounds.iter().rev().take_while(|round| wrapped(round)).count();
                let words = vec![nodes::text(word, at), nodes::text(depth.to_string(), at)];
                items.push(nodes::item(nodes::call(words, at)));
            }
            "throw" => {
                if let Some(depth) = self.rounds.iter().rev().position(wrapped) {
                    items.push(nodes::item(nodes::set(THROWN, nodes::text("1", at), at)));
                    let words = vec![nodes::text("break", at), nodes::text((depth + 1).to_string(), at)];
                    items.push(nodes::item(nodes::call(words, at)));
                } else {
                    items.push(nodes::item(nodes::call(vec![nodes::text("exit", at), nodes::text("1", at)], at)));
                }
            }
            "exit" => {
                let mut words = vec![nodes::text("exit", at)];
                words.extend(value.map(|value| self.statement_word(value)));
                items.push(nodes::item(nodes::call(words, at)));
            }
            _ => {
                if let Some(value) = value {
                    self.statement(value, items);
                }
                items.push(nodes::item(nodes::call(vec![nodes::text("return", at), nodes::text("0", at)], at)));
            }
        }
    }
}

/// A list as a loop of one round, so that it can be left.
fn once(body: List, at: At) -> Command {
    let words = Some(vec![nodes::text("1", at)]);
    nodes::command(CommandKind::For { name: "$*once".to_owned(), name_at: at, words, body, select: false }, at)
}
