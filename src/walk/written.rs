//! A file that the script wrote: what it holds, and where each of its lines comes from.

use std::sync::Arc;

use crate::source::Span;
use crate::text::{Part, Text};

/// The most commands that are remembered of one file.
const COMMANDS: usize = 64;

/// The file.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// What it holds.
    pub text: Text,
    /// The first line, counted from 0, that a place gave, and the place.
    places: Arc<Vec<(usize, Span)>>,
    /// The first place is a text of the repository, byte for byte.
    copied: bool,
}

/// Two states in which a file holds the same go on alike, whoever wrote it.
impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Written {
    /// What a command wrote.
    pub fn by(text: Text, at: Span) -> Self {
        Written { text, places: Arc::new(vec![(0, at)]), copied: false }
    }

    /// The copy of a file of the repository, which is this place.
    pub fn copy(text: Text, at: Span) -> Self {
        Written { copied: text.as_literal().is_some(), ..Written::by(text, at) }
    }

    /// Adds what a command appends.
    pub fn append(&mut self, text: &Text, at: Span) {
        let line = line_breaks(&self.text);
        self.text.push_text(text);
        let places = Arc::make_mut(&mut self.places);
        if places.len() == COMMANDS {
            places.clear();
            self.copied = false;
        }
        places.push((line, at));
    }

    /// Where each line was written; `None`: not remembered.
    pub fn lines(&self) -> Vec<Option<Span>> {
        let mut lines = Vec::new();
        let ends = self.places.iter().skip(1).map(|(line, _)| *line).chain([line_breaks(&self.text) + 1]);
        for (index, ((first, at), end)) in self.places.iter().zip(ends).enumerate() {
            lines.resize(*first, None);
            if index == 0 && self.copied {
                lines.extend(self.copied_lines(*at).take(end).map(Some));
            }
            lines.resize(end, Some(*at));
        }
        lines
    }

    /// The lines of the repository's file at `at`.
    fn copied_lines(&self, at: Span) -> impl Iterator<Item = Span> {
        let text = self.text.literal_prefix();
        let within = text.get(..at.range().len()).unwrap_or(text);
        within.split_inclusive('\n').scan(at.range().start, move |start, line| {
            let span = Span::new(at.file, *start, *start + line.trim_end().len());
            *start += line.len();
            Some(span)
        })
    }
}

fn line_breaks(text: &Text) -> usize {
    let breaks = |part: &Part| match part {
        Part::Lit(text) => text.matches('\n').count(),
        Part::Sym(_) => 0,
    };
    text.parts().iter().map(breaks).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    const TEMPLATE: FileId = FileId(1);

    fn command(number: usize) -> Option<Span> {
        Some(Span::new(FileId(0), number * 10, number * 10 + 9))
    }

    fn append(written: &mut Written, text: &str, number: usize) {
        written.append(&Text::literal(text), command(number).unwrap());
    }

    #[test]
    fn each_line_knows_the_command_that_wrote_it() {
        let mut written = Written::by(Text::literal("A=1\nB=2\n"), command(1).unwrap());
        append(&mut written, "C=3\n", 2);
        assert_eq!(written.lines()[..3], [command(1), command(1), command(2)]);
    }

    #[test]
    fn a_copied_file_keeps_its_own_places() {
        let held = "A=1\n\nB=2";
        let mut written = Written::copy(Text::literal(held), Span::new(TEMPLATE, 0, held.len()));
        append(&mut written, "\nC=3\n", 2);
        let at = |start, end| Some(Span::new(TEMPLATE, start, end));
        // The last line of the copy did not end, and is the next command's too.
        assert_eq!(written.lines()[..4], [at(0, 3), at(4, 4), command(2), command(2)]);
    }

    #[test]
    fn of_many_commands_the_last_ones_are_remembered() {
        let mut written = Written::default();
        (0..COMMANDS + 3).for_each(|number| append(&mut written, "A=1\n", number));
        let lines = written.lines();
        assert_eq!(lines[COMMANDS - 1..=COMMANDS], [None, command(COMMANDS)]);
    }
}
