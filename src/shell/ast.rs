//! The shell's syntax tree (sh and bash) with byte ranges into the parsed text.
//! Only what is written: nothing is expanded, nothing is known of GitLab.

/// Bytes `start..end` of the parsed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl At {
    /// As a range.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A parsed script. What could not be parsed is [`CommandKind::Broken`] and a [`Fault`]; all
/// before it and, after recovery at the next line, what follows is there.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The commands.
    pub list: List,
    /// Syntax errors, in order.
    pub faults: Vec<Fault>,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: At,
    /// The reason, in lower case, without a full stop.
    pub message: String,
}

/// Commands one after another.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The items, each ended by a newline, `;` or `&`.
    pub items: Vec<Item>,
}

/// `a && b || c`, perhaps in the background.
#[derive(Clone, Debug)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others, with the operator before each.
    pub rest: Vec<(Connector, Pipeline)>,
    /// Ended by `&`.
    pub background: bool,
}

/// `&&` or `||`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// `! a | b |& c`.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// `!` in front (an even number of them is none).
    pub negated: bool,
    /// The commands, at least one. `time` in front is dropped; `|&` counts as `|`.
    pub commands: Vec<Command>,
    /// The whole pipeline.
    pub at: At,
}

/// One command of a pipeline.
#[derive(Clone, Debug)]
pub struct Command {
    /// What it is.
    pub kind: CommandKind,
    /// Its redirections, in order (those of a simple command too).
    pub redirects: Vec<Redirect>,
    /// The whole command with its redirections, without the bodies of here-documents.
    pub at: At,
}

/// The kinds of commands.
#[derive(Clone, Debug)]
pub enum CommandKind {
    /// `A=1 name args`.
    Simple(Simple),
    /// `{ …; }`
    Brace(List),
    /// `( … )`
    Subshell(List),
    /// `if …; then …; elif …; else …; fi`
    If {
        /// Condition and body of `if` and each `elif`.
        branches: Vec<(List, List)>,
        /// `else`.
        otherwise: Option<List>,
    },
    /// `for x in words; do …; done`; also `select` (which never ends by itself).
    For {
        /// The variable.
        name: String,
        /// Where the name stands.
        name_at: At,
        /// The words; `None` without `in`: the positional parameters.
        words: Option<Vec<Word>>,
        /// The body.
        body: List,
        /// `select` in place of `for`.
        select: bool,
    },
    /// `for ((a; b; c)); do …; done`
    ArithmeticFor {
        /// `((a; b; c))`: not looked into.
        head: At,
        /// The body.
        body: List,
    },
    /// `while …; do …; done`, `until …`.
    While {
        /// `until`.
        until: bool,
        /// The condition.
        condition: List,
        /// The body.
        body: List,
    },
    /// `case word in (pattern|pattern) list ;; esac`
    Case {
        /// The subject.
        word: Word,
        /// The arms.
        arms: Vec<Arm>,
    },
    /// `name() compound` or `function name …`.
    Function {
        /// The name.
        name: String,
        /// The body, any compound command.
        body: Box<Command>,
    },
    /// `[[ … ]]`
    Test(Condition),
    /// `(( … ))`: not looked into.
    Arithmetic,
    /// Text that is no shell, skipped to the end of its line.
    Broken,
}

/// A simple command: assignments, then words; either may be empty, not both unless there are redirections.
#[derive(Clone, Debug, Default)]
pub struct Simple {
    /// `A=1` in front. After a declaration word (`export`, `local`, `declare`, `readonly`,
    /// `typeset`) assignments are words, except arrays, which are kept here too.
    pub assignments: Vec<Assignment>,
    /// The words, the command's name first.
    pub words: Vec<Word>,
}

/// `name=value`, `name+=value`, `name[index]=value`, `name=(…)`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The whole assignment.
    pub at: At,
    /// `+=`.
    pub append: bool,
    /// `[index]`.
    pub index: Option<Word>,
    /// The value.
    pub value: AssignedValue,
}

/// The right side of an assignment.
#[derive(Clone, Debug)]
pub enum AssignedValue {
    /// One word (empty for `A=`).
    Word(Word),
    /// `( … )`; an element's `[index]=` is dropped.
    Array(Vec<Word>),
}

/// One arm of a `case`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The patterns.
    pub patterns: Vec<Word>,
    /// The body.
    pub body: List,
    /// How it ends.
    pub end: ArmEnd,
}

/// How a `case` arm ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmEnd {
    /// `;;` or `esac`.
    Break,
    /// `;&`: run the next body too.
    FallThrough,
    /// `;;&`: test the next patterns too.
    TestNext,
}

/// Inside `[[ … ]]`.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `a && b`
    And(Box<Condition>, Box<Condition>),
    /// `a || b`
    Or(Box<Condition>, Box<Condition>),
    /// `! a`
    Not(Box<Condition>),
    /// `-n word`
    Unary(String, Word),
    /// `a == b`, `a =~ b`, `a -eq b`, …
    Binary(Word, String, Word),
    /// A word alone: true if not empty.
    Word(Word),
}

/// A redirection.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The number (or `{name}`, dropped) in front.
    pub fd: Option<u32>,
    /// Which one.
    pub kind: RedirectKind,
    /// The whole redirection.
    pub at: At,
}

/// The kinds of redirections.
#[derive(Clone, Debug)]
pub enum RedirectKind {
    /// `< file`
    Read(Word),
    /// `> file`, `>| file`
    Write(Word),
    /// `>> file`
    Append(Word),
    /// `&> file`, `>& file`
    WriteBoth(Word),
    /// `&>> file`
    AppendBoth(Word),
    /// `<> file`
    ReadWrite(Word),
    /// `>&1`, `2>&1`, `>&-`
    DuplicateOut(Word),
    /// `<&0`
    DuplicateIn(Word),
    /// `<<END`, `<<-END`
    HereDocument {
        /// The body as a word: literal where the delimiter was quoted; leading tabs removed for `<<-`.
        body: Word,
        /// The delimiter was quoted: nothing is expanded.
        quoted: bool,
    },
    /// `<<< word`
    HereString(Word),
}

/// A word before expansion.
#[derive(Clone, Debug)]
pub struct Word {
    /// The parts; none for an empty text such as the value of `A=`.
    pub parts: Vec<WordPart>,
    /// The whole word, quotes included.
    pub at: At,
}

/// A piece of a word.
#[derive(Clone, Debug)]
pub enum WordPart {
    /// Unquoted text, or text inside [`WordPart::Double`]; escapes and line continuations are
    /// removed. Unquoted `~`, `*`, `{a,b}` stay as text: the word's reader knows what they do.
    Literal(String, At),
    /// `\x`, `'…'`, `$'…'`: text that nothing in the shell looks at again.
    Quoted(String, At),
    /// `"…"`, `$"…"`.
    Double(Vec<WordPart>, At),
    /// `$x`, `${x…}`.
    Parameter(Box<Parameter>),
    /// `$( … )` or backquotes.
    Substitution(List, At),
    /// `$(( … ))`, `$[ … ]`: not looked into.
    Arithmetic(At),
    /// `<( … )`, `>( … )`.
    Process(List, At),
}

/// `$name` or `${…}`.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name: a variable, a digit, or one of `@*#?-$!`.
    pub name: String,
    /// `[index]`, as written: `@`, `*`, `0`, …
    pub index: Option<String>,
    /// `${!name}`.
    pub indirect: bool,
    /// What is done with the value.
    pub operation: Operation,
    /// The whole expansion, `$` included.
    pub at: At,
}

/// What `${…}` does with its value.
#[derive(Clone, Debug)]
pub enum Operation {
    /// `$x`, `${x}`
    None,
    /// `${#x}`
    Length,
    /// `${x:-word}` and its kin.
    Test {
        /// With `:`, an empty value counts as unset.
        colon: bool,
        /// `-`, `=`, `?` or `+`.
        kind: char,
        /// The word.
        word: Word,
    },
    /// `${x#pattern}`, `##`, `%`, `%%`
    Trim {
        /// `%` in place of `#`.
        suffix: bool,
        /// Doubled.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
    /// `${x/pattern/with}`
    Replace {
        /// `//`
        all: bool,
        /// `#` or `%` after the slash.
        anchor: Option<char>,
        /// The pattern.
        pattern: Word,
        /// The replacement; empty where there is none.
        with: Word,
    },
    /// `${x:offset}`, `${x:offset:length}`; both as text.
    Slice {
        /// The offset.
        offset: String,
        /// The length.
        length: Option<String>,
    },
    /// `${x^}`, `^^`, `,`, `,,`
    Case {
        /// `^`
        upper: bool,
        /// Doubled.
        all: bool,
    },
    /// `${x@Q}`, `${!prefix*}` and what this parser does not know.
    Other,
}
