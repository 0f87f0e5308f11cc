//! The list of all lints, sorted by id. Each is a pair: `x.rs` with the question, `x.md` with the promise.

use pushlint::lint::Lint;

mod cross_project_push;
mod docker_daemon_mismatch;
mod immutable_tag;
mod invalid_image_reference;
mod login_cannot_succeed;
mod mutable_tag;
mod overridden_registry_variable;
mod protected_tag;
mod push_outside_project;
mod push_without_login;
mod pushed_image_missing;
mod unreadable_config;
mod unused_suppression;

/// All lints, sorted by id.
pub const ALL: &[&Lint] = &[
    &cross_project_push::LINT,
    &docker_daemon_mismatch::LINT,
    &immutable_tag::LINT,
    &invalid_image_reference::LINT,
    &login_cannot_succeed::LINT,
    &mutable_tag::LINT,
    &overridden_registry_variable::LINT,
    &protected_tag::LINT,
    &push_outside_project::LINT,
    &push_without_login::LINT,
    &pushed_image_missing::LINT,
    &unreadable_config::LINT,
    &unused_suppression::LINT,
];
