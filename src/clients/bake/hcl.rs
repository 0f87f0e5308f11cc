//! HCL to [`Body`]. The only file that knows `hcl-edit`, which bounds the nesting of what it reads.

use std::ops::Range;
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{BinaryOperator, Expression as Hcl, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::expr::{Object, UnaryOperator};
use hcl_edit::structure::{Body as HclBody, Structure};
use hcl_edit::template::{Element, Template};

use super::syntax::{Block, Body, Each, Expression, Kind, Operator};
use crate::clients::filled::Filled;
use crate::clients::sealed::Sealed;
use crate::source::Span;
use crate::text::Text;

/// The largest file that is read, in bytes: some of what the parser does grows with the square.
const LARGEST: usize = 1 << 16;

/// Where a file's text stands.
pub struct Place<'a> {
    /// Its unknown values.
    pub sealed: &'a Sealed,
    /// The text, or the command that wrote it.
    pub at: Span,
    /// `at` is the text itself.
    pub exact: bool,
}

/// Reads a file; `None` where it is no HCL.
pub fn read(place: &Place) -> Option<Body> {
    let text = place.sealed.text();
    let body: HclBody = (text.len() <= LARGEST).then(|| text.parse().ok()).flatten()?;
    Some(place.body(&body))
}

/// Reads the text of a JSON string, which is a template as well.
pub fn template(text: &str, sealed: &Sealed, at: Span) -> Expression {
    let place = Place { sealed, at, exact: false };
    match text.parse::<Template>() {
        Ok(template) if text.len() <= LARGEST => place.template(&template, None),
        _ => Expression { at, kind: Kind::Other },
    }
}

impl Place<'_> {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        match range {
            Some(range) if self.exact => Span::new(self.at.file, range.start, range.end),
            _ => self.at,
        }
    }

    fn body(&self, body: &HclBody) -> Body {
        let mut made = Body::default();
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => {
                    made.attributes.push((attribute.key.to_string(), Rc::new(self.expression(&attribute.value))));
                }
                Structure::Block(block) => made.blocks.push(Block {
                    kind: block.ident.to_string(),
                    label: block.labels.first().map(|label| label.as_str().to_owned()).unwrap_or_default(),
                    body: self.body(&block.body),
                }),
            }
        }
        made
    }

    fn text(&self, text: &str) -> Kind {
        Kind::Text(Filled::plain(self.sealed.open(text)))
    }

    fn boxed(&self, one: &Hcl, other: &Hcl) -> Box<[Expression; 2]> {
        Box::new([self.expression(one), self.expression(other)])
    }

    fn expression(&self, hcl: &Hcl) -> Expression {
        let kind = match hcl {
            Hcl::Null(_) => Kind::Null,
            Hcl::Bool(value) => Kind::Bool(*value.as_ref()),
            Hcl::Number(number) => self.text(&number.to_string()),
            Hcl::String(text) => self.text(text.as_str()),
            Hcl::Array(array) => Kind::List(array.iter().map(|item| Rc::new(self.expression(item))).collect()),
            Hcl::Object(object) => self.object(object),
            Hcl::StringTemplate(template) => return self.elements(template.iter(), hcl.span()),
            Hcl::HeredocTemplate(document) => return self.template(&document.template, hcl.span()),
            Hcl::Parenthesis(inner) => return self.expression(inner.inner()),
            Hcl::Variable(name) => Kind::Name(name.to_string()),
            Hcl::Conditional(choice) => Kind::Choice(Box::new([
                self.expression(&choice.cond_expr),
                self.expression(&choice.true_expr),
                self.expression(&choice.false_expr),
            ])),
            Hcl::FuncCall(call) => self.call(call),
            Hcl::Traversal(traversal) => return self.traversal(traversal, hcl.span()),
            Hcl::UnaryOp(operation) => match operation.operator.as_ref() {
                UnaryOperator::Not => Kind::Not(Box::new(self.expression(&operation.expr))),
                UnaryOperator::Neg => Kind::Other,
            },
            Hcl::BinaryOp(operation) => match operator(*operation.operator.as_ref()) {
                Some(operator) => Kind::Operation(operator, self.boxed(&operation.lhs_expr, &operation.rhs_expr)),
                None => Kind::Other,
            },
            Hcl::ForExpr(each) => self.each(each),
        };
        Expression { at: self.span(hcl.span()), kind }
    }

    fn object(&self, object: &Object) -> Kind {
        let key = |key: &ObjectKey| match key {
            ObjectKey::Ident(name) => Expression { at: self.at, kind: self.text(name.as_str()) },
            ObjectKey::Expression(Hcl::Variable(name)) => Expression { at: self.at, kind: self.text(name.as_str()) },
            ObjectKey::Expression(expression) => self.expression(expression),
        };
        Kind::Map(object.iter().map(|(name, value)| (key(name), self.expression(value.expr()))).collect())
    }

    fn call(&self, call: &FuncCall) -> Kind {
        if call.name.is_namespaced() {
            return Kind::Other;
        }
        let arguments = call.args.iter().map(|argument| self.expression(argument)).collect();
        Kind::Call(call.name.name.to_string(), arguments, call.args.expand_final())
    }

    fn traversal(&self, traversal: &Traversal, range: Option<Range<usize>>) -> Expression {
        let at = self.span(range);
        let mut made = self.expression(&traversal.expr);
        for operator in &traversal.operators {
            let part = match operator.as_ref() {
                TraversalOperator::GetAttr(name) => Expression { at, kind: self.text(name.as_str()) },
                TraversalOperator::Index(index) => self.expression(index),
                TraversalOperator::LegacyIndex(index) => Expression { at, kind: self.text(&index.to_string()) },
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    return Expression { at, kind: Kind::Other };
                }
            };
            made = Expression { at, kind: Kind::Part(Box::new([made, part])) };
        }
        made
    }

    fn each(&self, each: &ForExpr) -> Kind {
        if each.key_expr.is_some() || each.grouping {
            return Kind::Other;
        }
        Kind::Each(Box::new(Each {
            key: each.intro.key_var.as_ref().map(ToString::to_string),
            item: each.intro.value_var.to_string(),
            over: self.expression(&each.intro.collection_expr),
            value: self.expression(&each.value_expr),
            condition: each.cond.as_ref().map(|condition| self.expression(&condition.expr)),
        }))
    }

    fn template(&self, template: &Template, range: Option<Range<usize>>) -> Expression {
        self.elements(template.iter(), range)
    }

    fn elements<'e>(&self, elements: impl Iterator<Item = &'e Element>, range: Option<Range<usize>>) -> Expression {
        let at = self.span(range);
        let piece = |element: &Element| match element {
            Element::Literal(text) => Expression { at, kind: self.text(text.as_str()) },
            Element::Interpolation(inner) => self.expression(&inner.expr),
            Element::Directive(_) => Expression { at, kind: Kind::Other },
        };
        let pieces: Vec<Expression> = elements.map(piece).collect();
        let kind = if pieces.is_empty() { Kind::Text(Filled::plain(Text::empty())) } else { Kind::Template(pieces) };
        Expression { at, kind }
    }
}

fn operator(operator: BinaryOperator) -> Option<Operator> {
    match operator {
        BinaryOperator::Eq => Some(Operator::Equal),
        BinaryOperator::NotEq => Some(Operator::NotEqual),
        BinaryOperator::And => Some(Operator::And),
        BinaryOperator::Or => Some(Operator::Or),
        _ => None,
    }
}
