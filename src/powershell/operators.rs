//! The operators by rank, the loosest first (`about_Operator_Precedence`).

use super::ast::Operator;
use super::cursor::Parser;

/// The number of ranks.
pub(super) const RANKS: usize = 8;

const RANKED: [(usize, &[&str]); 3] =
    [(1, &["and", "or", "xor"]), (2, &["band", "bor", "bxor", "shl", "shr"]), (3, &["is", "isnot", "as", "join"])];

/// Comparisons, which have variants for the case: `-ceq`, `-ieq`.
const COMPARISONS: [&str; 16] = [
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "like",
    "notlike",
    "match",
    "notmatch",
    "contains",
    "notcontains",
    "in",
    "notin",
    "replace",
    "split",
];

impl Parser<'_> {
    /// Takes an operator of this rank.
    pub(super) fn operator(&mut self, rank: usize) -> Option<Operator> {
        let start = self.at;
        self.blanks();
        let found = self.symbol(rank).or_else(|| self.word(rank));
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn symbol(&mut self, rank: usize) -> Option<Operator> {
        let next = self.byte(1);
        let assigns = next == Some(b'=');
        let symbol = match (rank, self.peek()?) {
            (0, b'?') if next == Some(b'?') && self.byte(2) != Some(b'=') => "??",
            (4, b'+') if !assigns && next != Some(b'+') => "+",
            (4, b'-') if !assigns && next != Some(b'-') && !next.is_some_and(|byte| byte.is_ascii_alphabetic()) => "-",
            (5, b'*') if !assigns && next != Some(b'>') => "*",
            (5, b'/') if !assigns => "/",
            (5, b'%') if !assigns => "%",
            (7, b'.') if next == Some(b'.') => "..",
            _ => return None,
        };
        self.at += symbol.len();
        Some(Operator { name: symbol.to_owned(), exact: false })
    }

    fn word(&mut self, rank: usize) -> Option<Operator> {
        if self.peek() != Some(b'-') {
            return None;
        }
        let rest = &self.bytes[self.at + 1..self.bytes.len().min(self.at + 16)];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&rest[..length]).to_ascii_lowercase();
        let (found, exact) = if rank == 6 {
            (word == "f").then_some((word.as_str(), false))?
        } else if let Some((_, words)) = RANKED.iter().find(|(known, _)| *known == rank)
            && words.contains(&word.as_str())
        {
            (word.as_str(), false)
        } else if rank == 3 {
            let variant = word.strip_prefix(['c', 'i']).filter(|rest| COMPARISONS.contains(rest));
            match variant {
                Some(rest) if !COMPARISONS.contains(&word.as_str()) => (rest, word.starts_with('c')),
                _ => COMPARISONS.contains(&word.as_str()).then_some((word.as_str(), false))?,
            }
        } else {
            return None;
        };
        self.at += 1 + length;
        Some(Operator { name: found.to_owned(), exact })
    }
}
