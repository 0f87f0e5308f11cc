//! What the parser promises.
