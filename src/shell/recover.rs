//! Going on after an error, and the budget that keeps going back linear.

use super::ast::{Command, CommandKind, Item, Pipeline};
use super::cursor::{ARM, PAREN, Parser, Trouble, at};

impl Parser<'_> {
    /// Takes `bytes` from the budget of what may be read twice.
    pub fn pay(&mut self, bytes: usize) -> bool {
        let paid = bytes <= self.budget;
        if paid {
            self.budget -= bytes;
        }
        paid
    }

    /// Records the trouble and skips what cannot be parsed: the rest of the line on which it began, or
    /// up to what closes the list. `start` is where the command began.
    pub fn broken(&mut self, start: usize, trouble: &Trouble) -> Item {
        let back_to = trouble.start.max(start).min(self.at);
        // An unclosed quote has run to the end of the text: go back to its line, if that is still paid for.
        if self.pay(self.at - back_to) {
            self.at = back_to;
            let cut = at(back_to, back_to).start;
            // From the back only: looking through all of them each time would not be linear.
            while self.faults.last().is_some_and(|fault| fault.at.start >= cut) {
                self.faults.pop();
            }
            while self.pending.last().is_some_and(|pending| pending.start >= cut) {
                self.pending.pop();
            }
        }
        self.fault(trouble.start, trouble.end, trouble.message);
        self.skip_line();
        let at = self.span(start);
        let command = Command { kind: CommandKind::Broken, redirects: Vec::new(), at };
        let first = Pipeline { negated: false, commands: vec![command], at };
        Item { first, rest: Vec::new(), background: false }
    }

    /// To the end of the line (continued lines are one), or to a `)` or `;;` that a list around waits for.
    fn skip_line(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => return,
                b'\\' => self.at += self.continuation().saturating_sub(1),
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b')' if self.closers & PAREN != 0 => return,
                b';' if self.closers & ARM != 0 && self.byte(1) == Some(b';') => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}
