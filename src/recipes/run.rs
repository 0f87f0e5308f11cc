//! What readers of recipes have in common: what they ask of the world, and the plan that they make.

use super::{Piece, Value};
use crate::source::{Mapped, Span};
use crate::text::Text;

/// What a reader asks of the world around it.
pub trait Outside {
    /// A question about an unknown value.
    type Question;
    /// The value of a variable of the environment, be it unset.
    fn variable(&self, name: &str) -> Value;
    /// Whether the environment surely sets it.
    fn is_set(&self, name: &str) -> bool;
    /// Whether the environment sets it in this state.
    ///
    /// # Errors
    /// The question, where it cannot be told.
    fn sets(&mut self, name: &str) -> Result<bool, Self::Question>;
    /// The value that settings may give in place of a default (`?=`); `None`: the default stands.
    ///
    /// # Errors
    /// The question, where both may be.
    fn instead(&mut self, name: &str, default: &Text) -> Result<Option<Value>, Self::Question>;
    /// The working folder, as a path.
    fn folder(&self) -> Text;
    /// The text of a file; `None`: it cannot be read.
    fn read(&mut self, path: &Text) -> Option<Mapped>;
    /// The paths that fit a pattern with `*`, sorted; `None`: it cannot be told.
    fn matching(&mut self, pattern: &Text) -> Option<Vec<Text>>;
    /// Whether a text is not empty.
    ///
    /// # Errors
    /// The question, where it cannot be told.
    fn not_empty(&mut self, text: &Text) -> Result<bool, Self::Question>;
    /// Whether two texts are equal.
    ///
    /// # Errors
    /// The question, where it cannot be told.
    fn equal(&mut self, one: &Text, other: &Text) -> Result<bool, Self::Question>;
    /// What a shell command prints, without newlines at the end.
    ///
    /// # Errors
    /// A question that the command asks.
    fn shell(&mut self, command: &[Piece], at: Option<Span>) -> Result<Text, Self::Question>;
    /// What a function makes of an unknown text.
    fn derived(&self, text: &Text, shown: &str, change: Change) -> Text;
    /// Takes the price of so many bytes; `false`: nothing is left.
    fn spend(&mut self, bytes: usize) -> bool;
}

/// What a function does to a text that is only partly known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// Puts one text for another.
    Replace(&'a str, &'a str),
    /// Cuts the folders off.
    Name,
    /// Anything else.
    Other,
}

/// A command line that is handed to a shell.
#[derive(Clone, Debug)]
pub struct Step {
    /// The line.
    pub line: Vec<Piece>,
    /// `-` in front: a failure does not matter.
    pub ignores_failure: bool,
    /// `@` in front: the line itself is not printed.
    pub silent: bool,
    /// What the shell's environment holds besides that of the whole.
    pub environment: std::rc::Rc<Vec<(String, Value)>>,
    /// The shell is called with `-e`.
    pub errexit: bool,
    /// The folder in which it runs, where that is another one.
    pub folder: Option<Text>,
}

/// What runs, in order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The command lines, in order.
    pub steps: Vec<Step>,
    /// Files that are included and cannot be read.
    pub unread: Vec<(String, Option<Span>)>,
    /// Names of which it cannot be told what they run, and lines of which it cannot be told whether they run.
    pub unknown: Vec<String>,
    /// What was asked for and nothing makes: it is there already, or the tool fails.
    pub missing: Vec<String>,
    /// More than can be followed.
    pub exhausted: bool,
}
