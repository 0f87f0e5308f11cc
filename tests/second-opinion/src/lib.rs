//! Other parsers' opinions on what pushlint reads.
