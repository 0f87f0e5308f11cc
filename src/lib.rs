//! pushlint: will this GitLab pipeline's image pushes be accepted, and will they overwrite what they
//! should not? The rooms, from the ground up; imports look down only.

extern crate self as pushlint;

// 1: the words that everything else uses
pub mod facts;
pub mod files;
pub mod nearest;
pub mod predefined;
pub mod scenario;
pub mod source;
pub mod text;
// 2: languages and the field, each alone
pub mod finding;
pub mod powershell;
pub mod registry;
pub mod shell;
pub mod yaml;
// 3: small readers on top of them
pub mod clients;
pub mod recipes;
pub mod rules;
pub mod value;
// 4, 5: the pipeline
pub mod load;
pub mod model;
// 6: what the jobs do
pub mod trace;
pub mod walk;
// 7: what to say about it
pub mod lint;
// 8: the questions
#[path = "../lints/mod.rs"]
pub mod lints;
// 9: the whole, and what comes of it
pub mod analysis;
pub mod config;
pub mod judge;
pub mod report;
pub mod repository;
