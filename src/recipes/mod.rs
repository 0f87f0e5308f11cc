//! Files that name commands and are run by name: Makefiles, and the tasks of `package.json`, justfiles
//! and Taskfiles. A reader turns one into commands with places; what the commands do is for the trace.

pub mod just;
pub mod make;
mod package;
mod pieces;
mod run;
pub mod task;

pub use package::Package;
pub use pieces::{Piece, Value, spaced, words};
pub use run::{Change, Outside, Plan, Step};
