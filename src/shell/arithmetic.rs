//! `((…))`, `$((…))` and `[…]`: finding where they end, without looking into them.

use super::cursor::Parser;

impl Parser<'_> {
    /// Where the `((` at `open` ends, after `))`; `None` if it is two parentheses of commands.
    pub fn arithmetic_end(&mut self, open: usize) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let inner = self.scan(open + 2, b'(', b')');
        match inner {
            Ok(inner) if inner < self.end && self.bytes[inner] == b')' => Some(inner + 1),
            Ok(stopped) | Err(stopped) => {
                self.budget = self.budget.saturating_sub(stopped - open);
                None
            }
        }
    }

    /// Where the bracket opened before `from` is closed, one past it; what was read in vain is paid for.
    pub fn bracket_end(&mut self, from: usize) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let found = self.scan(from, b'[', b']');
        if let Err(stopped) = found {
            self.budget = self.budget.saturating_sub(stopped - from);
        }
        found.ok()
    }

    /// One past the `close` that matches an `open` before `from`, quotes skipped; or where the text ended.
    fn scan(&self, from: usize, open: u8, close: u8) -> Result<usize, usize> {
        let mut depth = 1_usize;
        let mut index = from;
        while index < self.end {
            let byte = self.bytes[index];
            match byte {
                b'\\' => index += 1,
                b'\'' | b'"' | b'`' => index = self.quote_end(index, byte),
                _ if byte == open => depth += 1,
                _ if byte == close => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(index + 1);
                    }
                }
                _ => {}
            }
            index += 1;
        }
        Err(self.end)
    }

    /// The closing quote of the one at `index`, or the end.
    fn quote_end(&self, index: usize, quote: u8) -> usize {
        let mut index = index + 1;
        while index < self.end && self.bytes[index] != quote {
            index += if self.bytes[index] == b'\\' && quote != b'\'' { 2 } else { 1 };
        }
        index
    }
}
