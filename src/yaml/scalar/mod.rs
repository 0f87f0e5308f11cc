//! A scalar's value, each byte with the place where it was written. The parser gives the value; here
//! the raw text is decoded a second time, led by that value. Where the two differ, the whole scalar
//! stands for each of its bytes.

mod block;
mod flow;
mod runs;

use std::ops::Range;
use std::sync::Arc;

use super::node::{Scalar, Style};
use crate::source::{FileId, Mapped, Span};

pub(super) use block::Header;

/// The text of one document and where it stands in its file.
#[derive(Clone, Copy)]
pub(super) struct Raw<'t> {
    /// As the parser reads it.
    pub(super) text: &'t str,
    /// As it is, where that differs: of the same length.
    pub(super) original: Option<&'t str>,
    pub(super) file: FileId,
    pub(super) base: usize,
}

impl Raw<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }

    /// A scalar of the text as it is.
    fn scalar(&self, decoded: Mapped, style: Style) -> Scalar {
        let Some(original) = self.original else { return Scalar { text: Arc::new(decoded), style } };
        let mut text = Mapped::default();
        for (index, segment) in decoded.segments().iter().enumerate() {
            let next = decoded.segments().get(index + 1).map_or(decoded.text().len(), |next| next.start as usize);
            let piece = &decoded.text()[segment.start as usize..next];
            let start = segment.span.start as usize - self.base;
            match original.get(start..start + piece.len()) {
                Some(written) if segment.exact => text.push_exact(written, segment.span),
                _ => text.push_coarse(piece, segment.span),
            }
        }
        Scalar { text: Arc::new(text), style }
    }
}

/// A plain scalar at `range`.
pub(super) fn plain(raw: Raw<'_>, range: Range<usize>, value: String) -> (Range<usize>, Scalar) {
    let text = if raw.text.get(range.clone()) == Some(value.as_str()) {
        Mapped::exact(value, raw.span(range.clone()))
    } else {
        let decoded = flow::decode(raw, range.clone(), Style::Plain);
        checked(raw, &range, value, Some(decoded))
    };
    (range, raw.scalar(text, Style::Plain))
}

/// A quoted scalar whose first quote is at `start`.
pub(super) fn quoted(raw: Raw<'_>, start: usize, style: Style, value: String) -> (Range<usize>, Scalar) {
    let range = start..flow::closing_quote(raw.text, start, style);
    let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
    let written = raw.text.get(inner.clone()).unwrap_or("");
    let text = if written == value && !written.contains('\\') {
        Mapped::exact(value, raw.span(inner))
    } else {
        let decoded = flow::decode(raw, inner, style);
        checked(raw, &range, value, Some(decoded))
    };
    (range, raw.scalar(text, style))
}

/// A block scalar. A text that ends inside it without a line break gives none, as in libyaml.
pub(super) fn block(raw: Raw<'_>, header: Header, style: Style, mut value: String) -> (Range<usize>, Scalar) {
    let decoded = block::decode(raw, block::body(raw.text, header), &value);
    if decoded.unwritten {
        value.pop();
    }
    let text = checked(raw, &decoded.range, value, decoded.text);
    (decoded.range, raw.scalar(text, style))
}

/// The decoded text if it is the parser's value.
fn checked(raw: Raw<'_>, range: &Range<usize>, value: String, decoded: Option<Mapped>) -> Mapped {
    match decoded {
        Some(decoded) if decoded.text() == value => decoded,
        _ => Mapped::coarse(value, raw.span(range.clone())),
    }
}
