//! PowerShell's syntax tree with byte ranges into the parsed text. Only what is written: nothing is
//! expanded. Chains of operators and members are lists, so that only brackets make the tree deep.

pub use crate::shell::ast::{At, Connector, Fault};

/// A parsed script.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The statements.
    pub block: Block,
    /// Syntax errors, in order.
    pub faults: Vec<Fault>,
}

/// Statements one after another.
pub type Block = Vec<Statement>;

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole statement.
    pub at: At,
}

/// The kinds of statements.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `a | b && c || d`
    Chain(Chain),
    /// `$x = …`, `$x += …`
    Assignment {
        /// The left side.
        target: Expression,
        /// `=`, `+=`, `-=`, …
        operator: String,
        /// The right side, any statement.
        value: Box<Statement>,
    },
    /// `if (…) {…} elseif (…) {…} else {…}`
    If {
        /// Condition and body of `if` and each `elseif`.
        branches: Vec<(Statement, Block)>,
        /// `else`.
        otherwise: Option<Block>,
    },
    /// `foreach ($x in …) {…}`
    ForEach {
        /// The variable.
        variable: Variable,
        /// What it runs over.
        items: Box<Statement>,
        /// The body.
        body: Block,
    },
    /// `while (…) {…}`, `for (…; …; …) {…}`
    While {
        /// What runs before: the first part of `for`.
        first: Option<Box<Statement>>,
        /// The condition; `for (;;)` has none.
        condition: Option<Box<Statement>>,
        /// The body; the last part of `for` stands at its end.
        body: Block,
    },
    /// `do {…} while (…)`, `do {…} until (…)`: the condition is not looked at.
    Do(Block),
    /// `switch (…) { … }`
    Switch {
        /// The subject.
        subject: Box<Statement>,
        /// `-Wildcard`, `-Regex`; empty: equal.
        option: String,
        /// Patterns and bodies; no pattern: `default`.
        arms: Vec<(Option<Expression>, Block)>,
    },
    /// `try {…} catch {…} finally {…}`
    Try {
        /// The body.
        body: Block,
        /// The `catch` blocks.
        catches: Vec<Block>,
        /// `finally`.
        finally: Option<Block>,
    },
    /// `function name {…}`
    Function {
        /// The name, as written.
        name: String,
        /// The parameters.
        parameters: Vec<Parameter>,
        /// The body.
        body: Block,
    },
    /// `exit`, `return`, `break`, `continue`, `throw` with what follows.
    Flow(String, Option<Box<Statement>>),
    /// `begin {…}`, `process {…}`, `end {…}`
    Block(Block),
    /// `param (…)`
    Parameters(Vec<Parameter>),
    /// Nothing that runs: `class …`, `using …`.
    Nothing,
    /// Text that is no PowerShell, skipped to the end of its line.
    Broken,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `[switch]`: takes no value.
    pub switch: bool,
    /// `= …`
    pub default: Option<Expression>,
}

/// `a | b && c || d`
#[derive(Clone, Debug)]
pub struct Chain {
    /// The first pipeline.
    pub first: Vec<Command>,
    /// The others, with the operator before each.
    pub rest: Vec<(Connector, Vec<Command>)>,
    /// Ended by `&`.
    pub background: bool,
}

/// One element of a pipeline.
#[derive(Clone, Debug)]
pub struct Command {
    /// What it is.
    pub kind: CommandKind,
    /// Its redirections.
    pub redirects: Vec<Redirect>,
    /// The whole element.
    pub at: At,
}

/// The kinds of elements.
#[derive(Clone, Debug)]
pub enum CommandKind {
    /// An expression, whose value goes down the pipeline.
    Expression(Expression),
    /// A command with its arguments.
    Call {
        /// `.` in front: in this scope.
        dotted: bool,
        /// The name first.
        words: Vec<Expression>,
    },
}

/// A redirection.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// Which stream; 0: all (`*>`).
    pub stream: u32,
    /// `>>`
    pub append: bool,
    /// The file; `None`: into another stream (`2>&1`).
    pub file: Option<Expression>,
    /// The whole redirection.
    pub at: At,
}

/// An expression, or an argument of a command.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// The whole expression.
    pub at: At,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// Text that nothing looks at again.
    Text(String),
    /// A number, as written.
    Number(String),
    /// `-Name` of a command; nothing in it is expanded.
    Option(String),
    /// `"…"`, and an argument with variables in it.
    Expandable(Vec<Expression>),
    /// `$x`
    Variable(Variable),
    /// `@x` as an argument: its elements.
    Splat(Variable),
    /// `$( … )`
    Sub(Block),
    /// `( … )`
    Paren(Box<Statement>),
    /// `@( … )`
    Array(Block),
    /// `a, b`
    List(Vec<Expression>),
    /// `{ … }`
    ScriptBlock(Block),
    /// `[type]`
    Type(String),
    /// `-not a`, `! a`, `-a`, `-join a`: the operator without its dash.
    Unary(String, Box<Expression>),
    /// `[type] a`
    Cast(Box<Expression>),
    /// `a -op b -op c`, operators of one rank.
    Binary(Box<Expression>, Vec<(Operator, Expression)>),
    /// `a.b`, `a.b(c)`, `a::b`, `a[b]`
    Postfix(Box<Expression>, Vec<Step>),
    /// Something that is not looked into: `@{ … }`.
    Other,
}

/// An operator between two expressions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// In lower case, without dash and without the letter for the case: `eq`, `+`, `replace`.
    pub name: String,
    /// `-ceq`: capitals matter.
    pub exact: bool,
}

/// What is done with a value on its left.
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`, `::name`, and the arguments of a call.
    Member(String, Option<Vec<Expression>>),
    /// `[ … ]`
    Index(Expression),
}

/// A variable as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The drive or scope before the first `:`, in lower case; empty: none.
    pub drive: String,
    /// The rest. It may hold `:` and be empty: `$env:A:b` is the variable `A:b` of `env`.
    pub name: String,
    /// `${…}`
    pub braced: bool,
    /// The whole variable.
    pub at: At,
}
