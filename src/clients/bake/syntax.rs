//! What bake files say, whatever language they are written in: blocks, attributes, expressions.

use std::rc::Rc;

use crate::clients::filled::Filled;
use crate::source::Span;

/// A file's content, or a block's.
#[derive(Default)]
pub struct Body {
    /// `name = value`, in order.
    pub attributes: Vec<(String, Rc<Expression>)>,
    /// `kind "label" { … }`, in order.
    pub blocks: Vec<Block>,
}

/// A block.
pub struct Block {
    /// `target`, `group`, `variable`, `function`.
    pub kind: String,
    /// The first label.
    pub label: String,
    /// What stands in it.
    pub body: Body,
}

/// An expression and its place.
pub struct Expression {
    /// Where.
    pub at: Span,
    /// What.
    pub kind: Kind,
}

/// The expressions, as far as references need them.
pub enum Kind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A text without anything to fill in, a number.
    Text(Filled),
    /// `"…${…}…"`.
    Template(Vec<Expression>),
    /// `[…]`.
    List(Vec<Rc<Expression>>),
    /// `{…}`.
    Map(Vec<(Expression, Expression)>),
    /// A variable.
    Name(String),
    /// `condition ? yes : no`.
    Choice(Box<[Expression; 3]>),
    /// A function with its arguments; the last one is spread out.
    Call(String, Vec<Expression>, bool),
    /// `of.name`, `of[index]`.
    Part(Box<[Expression; 2]>),
    /// `[for item in over : value if condition]`, or a map with keys.
    Each(Box<Each>),
    /// `!a`.
    Not(Box<Expression>),
    /// `a == b`, `a != b`, `a && b`, `a || b`.
    Operation(Operator, Box<[Expression; 2]>),
    /// Anything else.
    Other,
}

/// `for` in an expression.
pub struct Each {
    /// The name for a position or key.
    pub key: Option<String>,
    /// The name for an item.
    pub item: String,
    /// What is gone through.
    pub over: Expression,
    /// What an item becomes.
    pub value: Expression,
    /// Which items are taken.
    pub condition: Option<Expression>,
}

/// Operators.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `&&`
    And,
    /// `||`
    Or,
}

impl Body {
    /// The value of an attribute, the last one.
    pub fn attribute(&self, name: &str) -> Option<&Rc<Expression>> {
        self.attributes.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}
