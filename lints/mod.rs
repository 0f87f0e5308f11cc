//! The list of all lints, sorted by id. Each is a pair: `x.rs` with the question, `x.md` with the promise.

use pushlint::finding::Label;
use pushlint::lint::Lint;
use pushlint::trace::{Open, Push};

mod cross_project_push;
mod docker_daemon_mismatch;
mod hard_coded_image_path;
mod ignored_push_failure;
mod immutable_tag;
mod invalid_image_reference;
mod login_cannot_succeed;
mod mutable_tag;
mod overridden_registry_variable;
mod password_on_command_line;
mod per_ref_tag;
mod protected_tag;
mod push_outside_project;
mod push_without_login;
mod pushed_image_missing;
mod racing_pushes;
mod unreadable_config;
mod unused_suppression;

/// The commands that lead to a push which stands in a script, a function or a file that they read.
fn callers(push: &Push) -> impl Iterator<Item = Label> {
    let words = |at| if at == push.upload.at { "this command pushes it" } else { "called from here" };
    push.called_from.iter().map(move |at| Label::new(*at, words(*at)))
}

/// The files that a branch or merge request must change to make the push.
fn changes(open: Open) -> Option<Label> {
    open.changes.map(|at| Label::new(at, "only where these files change"))
}

/// All lints, sorted by id.
pub const ALL: &[&Lint] = &[
    &cross_project_push::LINT,
    &docker_daemon_mismatch::LINT,
    &hard_coded_image_path::LINT,
    &ignored_push_failure::LINT,
    &immutable_tag::LINT,
    &invalid_image_reference::LINT,
    &login_cannot_succeed::LINT,
    &mutable_tag::LINT,
    &overridden_registry_variable::LINT,
    &password_on_command_line::LINT,
    &per_ref_tag::LINT,
    &protected_tag::LINT,
    &push_outside_project::LINT,
    &push_without_login::LINT,
    &pushed_image_missing::LINT,
    &racing_pushes::LINT,
    &unreadable_config::LINT,
    &unused_suppression::LINT,
];
