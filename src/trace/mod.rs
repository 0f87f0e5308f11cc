//! What each job does to registries, decided once: the heart of the product. `verdict` judges every
//! push that the walk met, and every lint asks it.

mod coverage;
mod credential;
mod elsewhere;
mod flaw;
mod hard_coded;
mod ignored;
mod local;
mod login_fault;
mod open;
mod place;
mod push;
mod race;
mod stray;
mod tag_rule;
#[cfg(test)]
mod tests;
mod traces;
mod verdict;

pub use coverage::{Doubt, Missing};
pub use flaw::{Flaw, FlawKind};
pub use hard_coded::HardCoded;
pub use local::Absent;
pub use login_fault::LoginDefect;
pub use open::Open;
pub use push::Push;
pub use race::{Between, Race, races};
pub use tag_rule::{TagRule, TagRuleKind};
pub use traces::{Trace, Traces};
pub use verdict::{Denial, Stray};

pub use crate::walk::{Ignored, LoginEvent};

use crate::facts::Facts;
use crate::files::Files;
use crate::model::Pipeline;
use crate::source::Sources;

/// Walks every job of a pipeline and decides each push. Scripts of the repository that are read are
/// added to `sources`.
#[must_use]
pub fn trace(pipeline: &Pipeline, facts: &Facts, files: &dyn Files, sources: &mut Sources) -> Traces {
    let (walks, scripts) = crate::walk::walk(pipeline, files, sources);
    verdict::decide(pipeline, facts, walks, scripts, sources)
}
