//! Source texts and the places in them: [`Source`], [`Span`], and [`Mapped`], a text that knows
//! where each of its bytes was written. Nothing here knows what the texts mean.

mod encoding;

use std::ops::Range;

pub use encoding::{decode, is_undecoded};

/// A file of one analysis, by its number in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A piece of a file: bytes `start..end` of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end` of `file`. Files are at most 16 MiB, so `u32` always holds an offset.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file, start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The bytes of the file that the span covers.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both; `self` where they are in different files.
    #[must_use]
    pub fn join(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// One text that was read, with its path and an index of its lines.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the analysis' root, with `/`.
    pub path: String,
    /// The text, as [`decode`] gives it.
    pub text: String,
    lines: Vec<u32>,
}

impl Source {
    /// A source from its text.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(starts.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect();
        Source { path: path.into(), text, lines }
    }

    /// The 1-based line of a byte offset.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= offset.min(self.text.len())).max(1)
    }

    /// Line and column of a byte offset: both 1-based, the column counted in characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.lines.get(line - 1).map_or(0, |start| *start as usize);
        let column = self.text.get(start..offset).map_or(offset - start, |text| text.chars().count());
        (line, column + 1)
    }

    /// The bytes of a 1-based line, without its line break; empty past the end.
    #[must_use]
    pub fn line(&self, line: usize) -> Range<usize> {
        let Some(start) = line.checked_sub(1).and_then(|index| self.lines.get(index)) else {
            return self.text.len()..self.text.len();
        };
        let start = *start as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |next| *next as usize);
        let text = &self.text[start..end];
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// The number of lines.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }
}

/// All texts of one analysis.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a source; one that is there already keeps its id, so that its places are the same ones.
    pub fn add(&mut self, source: Source) -> FileId {
        if let Some((known, _)) = self.iter().find(|(_, known)| known.path == source.path && known.text == source.text)
        {
            return known;
        }
        self.files.push(source);
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The source of an id of this set.
    #[must_use]
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// The text that a span covers; empty where the span is not of this set.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.files.get(span.file.0 as usize).and_then(|source| source.text.get(span.range())).unwrap_or("")
    }

    /// Every file, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }
}

/// Part of a [`Mapped`] text: the bytes from `start` to the next segment's start were written at `span`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First byte in the mapped text.
    pub start: u32,
    /// Where it was written.
    pub span: Span,
    /// Byte for byte: offset `start + n` was written at `span.start + n`. Otherwise the whole
    /// segment comes from the whole span (an escape, a folded line break).
    pub exact: bool,
}

/// A text that knows where each of its bytes was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    text: String,
    segments: Segments,
}

/// Segments in order. Most texts have one, which needs no memory of its own.
#[derive(Clone, Debug)]
enum Segments {
    One(Segment),
    Any(Vec<Segment>),
}

impl Segments {
    fn as_slice(&self) -> &[Segment] {
        match self {
            Segments::One(segment) => std::slice::from_ref(segment),
            Segments::Any(segments) => segments,
        }
    }

    fn push(&mut self, segment: Segment) {
        *self = match std::mem::take(self) {
            Segments::One(first) => Segments::Any(vec![first, segment]),
            Segments::Any(segments) if segments.is_empty() => Segments::One(segment),
            Segments::Any(mut segments) => {
                segments.push(segment);
                Segments::Any(segments)
            }
        }
    }
}

impl Default for Segments {
    fn default() -> Self {
        Segments::Any(Vec::new())
    }
}

impl PartialEq for Segments {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Segments {}

impl Mapped {
    /// A text written byte for byte at `span.start`.
    #[must_use]
    pub fn exact(text: impl Into<String>, span: Span) -> Self {
        Mapped::whole(text.into(), span, true)
    }

    /// A text of which only the whole place is known.
    #[must_use]
    pub fn coarse(text: impl Into<String>, span: Span) -> Self {
        Mapped::whole(text.into(), span, false)
    }

    fn whole(text: String, span: Span, exact: bool) -> Self {
        if text.is_empty() {
            return Mapped::default();
        }
        Mapped { text, segments: Segments::One(Segment { start: 0, span, exact }) }
    }

    /// Appends text that stands byte for byte at the start of `span`.
    pub fn push_exact(&mut self, text: &str, span: Span) {
        self.push(text, span, true);
    }

    /// Appends text that `span` as a whole produced.
    pub fn push_coarse(&mut self, text: &str, span: Span) {
        self.push(text, span, false);
    }

    fn push(&mut self, text: &str, span: Span, exact: bool) {
        if text.is_empty() {
            return;
        }
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.segments.push(Segment { start, span, exact });
        self.text.push_str(text);
    }

    /// Appends another mapped text.
    pub fn append(&mut self, other: &Mapped) {
        let base = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        for segment in other.segments() {
            self.segments.push(Segment { start: segment.start + base, ..*segment });
        }
        self.text.push_str(&other.text);
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The segments, in order of `start`.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        self.segments.as_slice()
    }

    /// Bytes `range` of the text, still mapped. Bounds are moved into the text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Mapped {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let mut mapped = Mapped::default();
        for (segment, covered) in self.covering(start, end) {
            let (from, to) = (covered.start.max(start), covered.end.min(end));
            let skipped = u32::try_from(from - covered.start).unwrap_or(0);
            let span =
                if segment.exact { Span { start: segment.span.start + skipped, ..segment.span } } else { segment.span };
            mapped.push(self.text.get(from..to).unwrap_or(""), span, segment.exact);
        }
        mapped
    }

    /// Where bytes `range` of the text were written; `None` for an empty text.
    /// A range over several files gives the part in the first one.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let end = range.end.max(range.start + 1);
        let mut found: Option<Span> = None;
        for (segment, covered) in self.covering(range.start, end) {
            let (from, to) = (covered.start.max(range.start), covered.end.min(end));
            let offset = segment.span.start as usize;
            let span = if segment.exact {
                let to = if range.end <= range.start { from } else { to };
                Span::new(segment.span.file, offset + from - covered.start, offset + to - covered.start)
            } else {
                segment.span
            };
            found = Some(found.map_or(span, |first| first.join(span)));
        }
        found.or_else(|| self.segments().last().map(|segment| Span { start: segment.span.end, ..segment.span }))
    }

    /// The segments that touch `start..end`, each with the bytes of the text that it covers.
    fn covering(&self, start: usize, end: usize) -> impl Iterator<Item = (&Segment, Range<usize>)> {
        let segments = self.segments();
        let first = segments.partition_point(|segment| segment.start as usize <= start).saturating_sub(1);
        (first..segments.len())
            .map(move |index| {
                let next = segments.get(index + 1).map_or(self.text.len(), |next| next.start as usize);
                (&segments[index], segments[index].start as usize..next)
            })
            .take_while(move |(_, covered)| covered.start < end)
            .filter(move |(_, covered)| covered.end > start)
    }
}
