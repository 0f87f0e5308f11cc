//! A parser of sh and bash that keeps byte ranges, recovers from errors and bounds its depth.
//! Knows nothing of GitLab.

pub mod ast;
