//! Conditions: expressions as commands that succeed where they hold.

use super::super::ast::{CommandKind, Expression, ExpressionKind, Operator, Statement, StatementKind, Step, Variable};
use super::cmdlets::{self, Cmdlet};
use super::operations::items_of;
use super::{Lowerer, Named, literal, nodes, only_expression};
use crate::shell::ast::{At, Command, Condition, Connector, List, Operation, Word, WordPart};

impl Lowerer {
    /// The condition of `if` and its kin. A command holds where it prints something: where it succeeds.
    pub(super) fn condition(&mut self, statement: &Statement) -> List {
        match only_expression(statement) {
            Some(expression) => self.holds(expression),
            None => {
                if let Some(exists) = self.exists(statement) {
                    return nodes::single(exists);
                }
                let mut items = Vec::new();
                self.statement(statement, &mut items);
                nodes::list(items)
            }
        }
    }

    /// `Test-Path path`, which fails only where it is asked: alone it prints its answer.
    fn exists(&mut self, statement: &Statement) -> Option<Command> {
        let StatementKind::Chain(chain) = &statement.kind else { return None };
        let ([command], true) = (chain.first.as_slice(), chain.rest.is_empty()) else { return None };
        let CommandKind::Call { words, .. } = &command.kind else { return None };
        let name = words.first().and_then(literal)?;
        if cmdlets::find(&name) != Some(Cmdlet::Exists) {
            return None;
        }
        let at = command.at;
        let file = self.path(cmdlets::bound(words, &["path", "literalpath"], 0)?);
        Some(nodes::call(vec![nodes::text("[", at), nodes::text("-e", at), file, nodes::text("]", at)], at))
    }

    fn holds(&mut self, expression: &Expression) -> List {
        let at = expression.at;
        if let Some(condition) = self.test(expression) {
            return nodes::single(nodes::test(condition, at));
        }
        match &expression.kind {
            ExpressionKind::Paren(inner) => self.condition(inner),
            ExpressionKind::Sub(block) if block.len() == 1 => self.condition(&block[0]),
            ExpressionKind::Cast(inner) => self.holds(inner),
            ExpressionKind::Unary(operator, inner) if operator == "not" => {
                let inner = nodes::brace(self.holds(inner), at);
                nodes::list(vec![nodes::negated(inner)])
            }
            ExpressionKind::Binary(first, rest) => self.combined(first, rest, at),
            _ => nodes::single(nodes::question(at)),
        }
    }

    fn combined(&mut self, first: &Expression, rest: &[(Operator, Expression)], at: At) -> List {
        if let [(operator, value)] = rest
            && let Some(says) = boolean(value).filter(|_| matches!(operator.name.as_str(), "eq" | "ne"))
        {
            let inner = nodes::brace(self.holds(first), at);
            let as_is = says == (operator.name == "eq");
            return nodes::list(vec![if as_is { nodes::item(inner) } else { nodes::negated(inner) }]);
        }
        let mut chain = nodes::item(nodes::brace(self.holds(first), first.at));
        for (operator, value) in rest {
            let connector = match operator.name.as_str() {
                "and" => Connector::And,
                "or" => Connector::Or,
                _ => return nodes::single(nodes::question(at)),
            };
            nodes::join(&mut chain, connector, nodes::brace(self.holds(value), value.at));
        }
        nodes::list(vec![chain])
    }

    /// A question about texts.
    fn test(&mut self, expression: &Expression) -> Option<Condition> {
        match &expression.kind {
            ExpressionKind::Variable(variable) => Some(self.variable_holds(variable)),
            ExpressionKind::Text(_) | ExpressionKind::Expandable(_) => Some(Condition::Word(self.word(expression))),
            ExpressionKind::Number(text) => {
                let nought = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
                Some(Condition::Word(nodes::text(if nought { "" } else { text }, expression.at)))
            }
            ExpressionKind::Binary(first, rest) => match rest.as_slice() {
                [(operator, value)] => self.compared(first, operator, value, expression.at),
                _ => None,
            },
            ExpressionKind::Postfix(first, steps) => self.asked(first, steps, expression.at),
            _ => None,
        }
    }

    fn variable_holds(&mut self, variable: &Variable) -> Condition {
        let at = variable.at;
        let status = |says: &str| {
            let status = nodes::double(vec![nodes::parameter("?", Operation::None, at)], at);
            Condition::Binary(status, says.to_owned(), nodes::text("0", at))
        };
        match variable.name.to_ascii_lowercase().as_str() {
            "?" => return status("-eq"),
            "lastexitcode" => return status("-ne"),
            "false" => return Condition::Word(Word { parts: Vec::new(), at }),
            _ => {}
        }
        let parts = self.value(variable, Operation::None).into_iter().collect();
        Condition::Word(nodes::double(parts, at))
    }

    fn compared(&mut self, first: &Expression, operator: &Operator, value: &Expression, at: At) -> Option<Condition> {
        let negated = |condition| Some(Condition::Not(Box::new(condition)));
        let name = operator.name.as_str();
        let (equal, numeric) = match name {
            "eq" | "ne" => (true, false),
            "gt" | "ge" | "lt" | "le" => (false, true),
            "like" => return Some(Condition::Binary(self.word(first), "-like".to_owned(), self.word(value))),
            "notlike" => return negated(Condition::Binary(self.word(first), "-like".to_owned(), self.word(value))),
            "match" => return Some(fits(self.word(first), &literal(value)?, operator.exact, at)),
            "notmatch" => return negated(fits(self.word(first), &literal(value)?, operator.exact, at)),
            "in" => return self.one_of(first, value),
            "notin" => return negated(self.one_of(first, value)?),
            "contains" => return self.one_of(value, first),
            "notcontains" => return negated(self.one_of(value, first)?),
            _ => return None,
        };
        for (one, other) in [(first, value), (value, first)] {
            if let (true, ExpressionKind::Variable(variable)) = (equal, &one.kind)
                && matches!(self.named(variable), Named::Nothing)
            {
                return Some(Condition::Unary(if name == "eq" { "-z" } else { "-n" }.to_owned(), self.word(other)));
            }
        }
        if boolean(value).is_some() && !matches!(first.kind, ExpressionKind::Variable(_)) {
            return None;
        }
        let status = |expression: &Expression| match &expression.kind {
            ExpressionKind::Variable(variable) => variable.name.eq_ignore_ascii_case("lastexitcode"),
            _ => false,
        };
        let operator = match (name, numeric || status(first) || status(value), operator.exact) {
            (name, true, _) => format!("-{name}"),
            ("eq", false, true) => "-ceq".to_owned(),
            ("eq", ..) => "-ieq".to_owned(),
            (_, false, true) => {
                return negated(Condition::Binary(self.word(first), "-ceq".to_owned(), self.word(value)));
            }
            _ => return negated(Condition::Binary(self.word(first), "-ieq".to_owned(), self.word(value))),
        };
        Some(Condition::Binary(self.word(first), operator, self.word(value)))
    }

    /// `-in`, where the list is written out.
    fn one_of(&mut self, item: &Expression, list: &Expression) -> Option<Condition> {
        let items = items_of(list)?;
        let mut conditions = items.iter().take(64).map(|other| (self.word(item), self.word(other)));
        let equal = |(one, other): (Word, Word)| Condition::Binary(one, "-ieq".to_owned(), other);
        let first = equal(conditions.next()?);
        Some(conditions.map(equal).fold(first, |all, next| Condition::Or(Box::new(all), Box::new(next))))
    }

    /// `.StartsWith(…)` and its kin, `[string]::IsNullOrEmpty(…)`.
    fn asked(&mut self, first: &Expression, steps: &[Step], at: At) -> Option<Condition> {
        let [Step::Member(name, Some(arguments))] = steps else { return None };
        let argument = arguments.first()?;
        let name = name.to_ascii_lowercase();
        if let ExpressionKind::Type(kind) = &first.kind {
            let empty = matches!(name.as_str(), "isnullorempty" | "isnullorwhitespace");
            let string = kind.to_ascii_lowercase().ends_with("string");
            return (empty && string).then(|| Condition::Unary("-z".to_owned(), self.word(argument)));
        }
        let (before, after) = match name.as_str() {
            "startswith" => (false, true),
            "endswith" => (true, false),
            "contains" => (true, true),
            "equals" => (false, false),
            _ => return None,
        };
        let star = || WordPart::Literal("*".to_owned(), at);
        let mut parts = if before { vec![star()] } else { Vec::new() };
        parts.push(WordPart::Double(self.word(argument).parts, argument.at));
        parts.extend(after.then(star));
        Some(Condition::Binary(self.word(first), "==".to_owned(), Word { parts, at }))
    }
}

/// `-match`: part of the text fits.
pub(super) fn fits(word: Word, regex: &str, exact: bool, at: At) -> Condition {
    let regex = if exact { regex.to_owned() } else { format!("(?i){regex}") };
    let regex = Word { parts: vec![WordPart::Literal(regex, at)], at };
    Condition::Binary(word, "=~".to_owned(), regex)
}

/// `$true` or `$false`.
fn boolean(expression: &Expression) -> Option<bool> {
    let ExpressionKind::Variable(variable) = &expression.kind else { return None };
    match variable.name.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
