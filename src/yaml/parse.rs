//! The parser's events to a tree, without recursion. The only file that knows `saphyr-parser`; its
//! marks count characters and leave gaps, which `place` and `scalar` fill.

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::node::{Document, Node, NodeKind, Scalar, Style, YamlError};
use super::place::{self, Cursor, Properties};
use super::scalar::{self, Header, Raw};
use crate::source::FileId;

/// GitLab refuses more than 150 levels; beyond this one the tree is not built either.
const DEEPEST: usize = 200;

/// The most closing brackets at the start of a line that are brought into their flow collection.
const MENDED: usize = 32;

/// Parses one document: `text` is the part of the file that starts at byte `base`. A second
/// document in it is not read.
///
/// # Errors
/// The first thing that is no YAML.
pub fn parse(text: &str, file: FileId, base: usize) -> Result<Document, YamlError> {
    let (text, base) =
        text.strip_prefix('\u{feff}').map_or((text, base), |rest| (rest, base + text.len() - rest.len()));
    // libyaml lets a tab separate a key from its value, this parser does not always.
    let mut mended = text.contains(":\t").then(|| text.replace(":\t", ": "));
    for _ in 0..MENDED {
        let raw = match &mended {
            Some(mended) => Raw { text: mended, original: Some(text), file, base },
            None => Raw { text, original: None, file, base },
        };
        let error = match attempt(raw) {
            Ok(document) => return Ok(document),
            Err(error) => error,
        };
        let read = mended.as_deref().unwrap_or(text);
        let Some(closed) = place::close_up(read, (error.span.start as usize).saturating_sub(base)) else {
            return Err(error);
        };
        mended = Some(closed);
    }
    attempt(Raw { text: mended.as_deref().unwrap_or(text), original: mended.as_ref().map(|_| text), file, base })
}

/// Parses one document as it is.
fn attempt(raw: Raw<'_>) -> Result<Document, YamlError> {
    if let Some((at, char)) = place::unprintable(raw.text) {
        let message = format!("control character U+{:04X} is not allowed", u32::from(char));
        return Err(YamlError::new(raw.span(at..at + char.len_utf8()), message));
    }
    let mut builder = Builder::new(raw);
    for event in Parser::new_from_str(raw.text) {
        let (event, span) = event.map_err(|error| builder.refused(&error))?;
        let marks =
            Marks { start: builder.cursor.byte(span.start.index()), end: span.end.index(), empty: span.is_empty() };
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.take(event, marks)?;
    }
    Ok(builder.finish())
}

/// An event's place: bytes at the start, characters at the end, which is rarely asked for.
#[derive(Clone, Copy)]
struct Marks {
    start: usize,
    end: usize,
    empty: bool,
}

/// A collection whose end is still to come.
struct Open {
    start: usize,
    anchor: Option<(usize, Arc<str>)>,
    tag: Option<Arc<str>>,
    items: Items,
}

enum Items {
    Sequence(Vec<Node>),
    Mapping { pairs: Vec<(Node, Node)>, key: Option<Node> },
}

struct Builder<'t> {
    raw: Raw<'t>,
    cursor: Cursor<'t>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: Vec<Node>,
    /// Where the parser's number of an anchor is among `anchors`, once its node has ended.
    numbers: Vec<Option<usize>>,
    /// The end of what has been read, white space and comments behind it left out.
    last_end: usize,
}

impl<'t> Builder<'t> {
    fn new(raw: Raw<'t>) -> Self {
        Builder {
            raw,
            cursor: Cursor::new(raw.text),
            open: Vec::new(),
            root: None,
            anchors: Vec::new(),
            numbers: Vec::new(),
            last_end: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, marks: Marks) -> Result<(), YamlError> {
        match event {
            Event::DocumentStart(true) => self.last_end = self.cursor.byte(marks.end),
            Event::Alias(number) => return self.alias(number, marks),
            Event::Scalar(value, style, number, tag) => self.scalar(value, style, number, tag.as_deref(), marks),
            Event::SequenceStart(number, tag) => {
                return self.begin(Items::Sequence(Vec::new()), number, tag.as_deref(), marks);
            }
            Event::MappingStart(number, tag) => {
                return self.begin(Items::Mapping { pairs: Vec::new(), key: None }, number, tag.as_deref(), marks);
            }
            Event::SequenceEnd => self.end(b']', marks),
            Event::MappingEnd => self.end(b'}', marks),
            _ => {}
        }
        Ok(())
    }

    fn properties(&self, number: usize, tag: Option<&Tag>, marks: Marks) -> Properties<'t> {
        place::properties(self.raw.text, marks.start, usize::from(number > 0) + usize::from(tag.is_some()))
    }

    fn begin(&mut self, items: Items, number: usize, tag: Option<&Tag>, marks: Marks) -> Result<(), YamlError> {
        let properties = self.properties(number, tag, marks);
        if self.open.len() >= DEEPEST {
            let message = format!("nested more than {DEEPEST} levels deep");
            return Err(YamlError::new(self.raw.span(properties.content..properties.content), message));
        }
        let anchor = self.anchor(number, &properties);
        let bare = number == 0 && tag.is_none();
        let below = if bare { self.list_below(&items) } else { None };
        let start = below.unwrap_or(properties.content);
        self.last_end = start;
        self.open.push(Open { start, anchor, tag: tag.map(written), items });
        Ok(())
    }

    /// Where a list starts that may stand at its key's own indentation.
    fn list_below(&self, items: &Items) -> Option<usize> {
        match (items, self.open.last().map(|open| &open.items)) {
            (Items::Sequence(_), Some(Items::Mapping { key, .. })) => {
                place::list_below(self.raw.text, self.last_end, if key.is_some() { b':' } else { b'?' })
            }
            _ => None,
        }
    }

    fn end(&mut self, bracket: u8, marks: Marks) {
        let Some(open) = self.open.pop() else { return };
        if !marks.empty && self.raw.text.as_bytes().get(marks.start) == Some(&bracket) {
            self.last_end = marks.start + 1;
        }
        let kind = match open.items {
            Items::Sequence(nodes) => NodeKind::Sequence(Arc::new(nodes)),
            Items::Mapping { pairs, .. } => NodeKind::Mapping(Arc::new(pairs)),
        };
        let span = self.raw.span(open.start..self.last_end);
        let (number, anchor) = open.anchor.unzip();
        self.add(Node { span, anchor, tag: open.tag, kind }, number);
    }

    fn alias(&mut self, number: usize, marks: Marks) -> Result<(), YamlError> {
        let range = place::alias(self.raw.text, marks.start);
        let Some(target) = self.numbers.get(number).copied().flatten() else {
            let message = format!("alias `{}` stands inside its own anchor", &self.raw.text[range.clone()]);
            return Err(YamlError::new(self.raw.span(range), message));
        };
        self.last_end = range.end;
        self.add(Node { span: self.raw.span(range), anchor: None, tag: None, kind: NodeKind::Alias(target) }, None);
        Ok(())
    }

    fn scalar(&mut self, value: Cow<'_, str>, style: ScalarStyle, number: usize, tag: Option<&Tag>, marks: Marks) {
        let properties = self.properties(number, tag, marks);
        let anchor = self.anchor(number, &properties);
        let bare = number == 0 && tag.is_none();
        let (range, scalar) = match style {
            ScalarStyle::Plain if value.is_empty() => self.absent(bare, &properties, marks.start),
            ScalarStyle::Plain => {
                let end = self.cursor.byte(marks.end);
                scalar::plain(self.raw, properties.content..end.max(properties.content), value.into_owned())
            }
            ScalarStyle::SingleQuoted => {
                scalar::quoted(self.raw, properties.content, Style::Single, value.into_owned())
            }
            ScalarStyle::DoubleQuoted => {
                scalar::quoted(self.raw, properties.content, Style::Double, value.into_owned())
            }
            ScalarStyle::Literal => self.block(bare, properties.content, Style::Literal, value.into_owned()),
            ScalarStyle::Folded => self.block(bare, properties.content, Style::Folded, value.into_owned()),
        };
        self.last_end = range.end;
        let (number, anchor) = anchor.unzip();
        let kind = NodeKind::Scalar(scalar);
        self.add(Node { span: self.raw.span(range), anchor, tag: tag.map(written), kind }, number);
    }

    /// A value that is not written.
    fn absent(&self, bare: bool, properties: &Properties<'_>, start: usize) -> (std::ops::Range<usize>, Scalar) {
        let behind = |indicator| place::behind(self.raw.text, self.last_end, indicator).unwrap_or(self.last_end);
        let at = match self.open.last().map(|open| &open.items) {
            _ if !bare => properties.end,
            None => self.last_end,
            Some(Items::Sequence(_)) => behind(b'-'),
            Some(Items::Mapping { key: Some(_), .. }) => behind(b':'),
            Some(Items::Mapping { .. }) if self.raw.text.as_bytes().get(start) == Some(&b':') => start,
            Some(Items::Mapping { .. }) => behind(b'?'),
        };
        (at..at, Scalar { text: Arc::default(), style: Style::Plain })
    }

    /// The parser marks a block scalar at its first content character; without content, at what
    /// follows it, or at its header where nothing does; with an anchor or tag, at that.
    fn block(&self, bare: bool, start: usize, style: Style, value: String) -> (std::ops::Range<usize>, Scalar) {
        let no_content = value.bytes().all(|byte| byte == b'\n');
        let indicator = matches!(self.raw.text.as_bytes().get(start), Some(b'|' | b'>'));
        let header = if !bare || (no_content && indicator) { Header::At(start) } else { Header::Above(start) };
        scalar::block(self.raw, header, style, value)
    }

    fn anchor(&mut self, number: usize, properties: &Properties<'_>) -> Option<(usize, Arc<str>)> {
        (number > 0).then(|| (number, properties.anchor.unwrap_or("").into()))
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, number: Option<usize>) {
        if let Some(number) = number {
            if self.numbers.len() <= number {
                self.numbers.resize(number + 1, None);
            }
            self.numbers[number] = Some(self.anchors.len());
            self.anchors.push(node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::Sequence(nodes)) => nodes.push(node),
            Some(Items::Mapping { pairs, key }) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None => *key = Some(node),
            },
        }
    }

    fn finish(self) -> Document {
        let at = self.raw.span(self.last_end..self.last_end);
        let root = self.root.unwrap_or_else(|| Node {
            span: at,
            anchor: None,
            tag: None,
            kind: NodeKind::Scalar(Scalar { text: Arc::default(), style: Style::Plain }),
        });
        Document { root, anchors: self.anchors }
    }

    fn refused(&mut self, error: &ScanError) -> YamlError {
        let text = self.raw.text;
        let start = self.cursor.byte(error.marker().index());
        if error.info().ends_with("unknown anchor") {
            let range = place::alias(text, start);
            let name = text[range.clone()].trim_start_matches('*');
            let message = format!("unknown alias: {name}");
            return YamlError { unknown_alias: true, ..YamlError::new(self.raw.span(range), message) };
        }
        let length = text[start..].chars().next().map_or(0, char::len_utf8);
        YamlError::new(self.raw.span(start..start + length), plain_words(error.info()))
    }
}

/// The tag, its handle resolved.
fn written(tag: &Tag) -> Arc<str> {
    format!("{}{}", tag.handle, tag.suffix).into()
}

/// The parser's reason, in words for a person where its own are those of a scanner.
fn plain_words(info: &str) -> String {
    let known = WORDS.iter().find(|(theirs, _)| *theirs == info).map(|(_, ours)| *ours);
    let message = known.unwrap_or(info).trim_end_matches('.');
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

const WORDS: &[(&str, &str)] = &[
    ("simple key expected", "expected `:` after this key"),
    ("simple key expect ':'", "expected `:` after this key"),
    ("tabs disallowed within this context (block indentation)", "a tab cannot be used as indentation"),
    ("tabs disallowed in this context", "a tab cannot be used as indentation"),
    ("tab cannot be used as indentation", "a tab cannot be used as indentation"),
    ("while scanning a quoted scalar, found unexpected end of stream", "this quote is never closed"),
    ("invalid trailing content after double-quoted scalar", "text behind a closing quote"),
    ("invalid indentation", "this line's indentation matches no line above it"),
    ("while parsing a flow mapping, did not find expected ',' or '}'", "expected `,` or `}`"),
    ("while parsing a flow sequence, expected ',' or ']'", "expected `,` or `]`"),
    ("while parsing a node, did not find expected node content", "expected a value"),
    ("the handle wasn't declared", "this tag's handle was not declared with `%TAG`"),
    ("recursion limit exceeded", "brackets are nested too deeply"),
];
