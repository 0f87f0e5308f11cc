#![doc = include_str!("invalid_image_reference.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::registry::Defect;
use pushlint::trace::{Flaw, FlawKind, Push, Traces};

/// A reference that every client refuses.
pub static LINT: Lint = Lint {
    id: "invalid-image-reference",
    level: Level::Error,
    page: include_str!("invalid_image_reference.md"),
    check,
};

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let flawed = traces.pushes().filter_map(|(trace, push)| {
        let flaw = push.flaw.as_ref()?;
        Some(finding(&pipeline.jobs[trace.job].name, push, flaw))
    });
    flawed.collect()
}

fn finding(job: &str, push: &Push, flaw: &Flaw) -> Finding {
    let definition = flaw.kind.variable().and_then(|name| push.written_at(name));
    let mut labels: Vec<Label> =
        definition.map(|at| Label::new(at, "the reference comes from here")).into_iter().collect();
    labels.extend(super::callers(push));
    let (message, label, help) = words(&flaw.kind);
    let certainty = if flaw.certain { Certainty::Certain } else { Certainty::Likely };
    Finding {
        message,
        at: flaw.at,
        label: label.to_owned(),
        help: Some(help),
        certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: flaw.scenarios,
        cause: Cause { at: definition.unwrap_or(flaw.at), kind: flaw.kind.name() },
    }
}

/// Message, label and help of a flaw.
fn words(kind: &FlawKind) -> (String, &'static str, String) {
    let (message, label, help) = match kind {
        FlawKind::Swallowed { name, meant } => {
            let message = format!("PowerShell reads `{name}` as one variable, which does not exist");
            return (
                message,
                "empty: the `:` belongs to the variable's name",
                format!("end the name with braces: `{meant}`"),
            );
        }
        FlawKind::NoReference => ("push without an image".to_owned(), "names no image", "name the image to push"),
        FlawKind::LostOption => (
            "the option never reaches the push: the line before does not end in `\\`".to_owned(),
            "a command of its own",
            "end the line before in `\\`, or use a folded block (`>`)",
        ),
        FlawKind::Defect(defect) => defect_words(*defect),
        FlawKind::Unset { name, in_path, pushes_latest } => unset_words(name, *in_path, *pushes_latest),
        FlawKind::RawRef { name, in_path: false } => {
            (format!("`{name}` may hold a `/`, which a tag may not"), "fails for a branch like `feature/x`", SLUG)
        }
        FlawKind::RawRef { name, .. } => {
            (format!("`{name}` may hold capitals, which a path may not"), "fails for a branch like `Feature`", SLUG)
        }
        FlawKind::Time { name } => (
            format!("`${name}` holds `:`, which a tag may not"),
            "a time is no tag",
            "use `$CI_PIPELINE_ID`, or `$CI_JOB_STARTED_AT_SLUG`",
        ),
        FlawKind::NoDollar { name } => {
            (format!("`{name}` without `$` is not the variable"), "written as it stands", "put a `$` in front")
        }
        FlawKind::Misspelt { name, meant } => (
            format!("`${name}` is defined nowhere; `${meant}` is"),
            "probably another name is meant",
            "use the name that the files define",
        ),
    };
    (message, label, help.to_owned())
}

/// What to use in place of a branch's name.
const SLUG: &str = "use `$CI_COMMIT_REF_SLUG`, which is made for tags";

fn unset_words(name: &str, in_path: bool, pushes_latest: bool) -> (String, &'static str, &'static str) {
    let message = match (in_path, pushes_latest) {
        (false, true) => {
            format!("`{name}` is empty here, so the tag is empty, and kaniko may push `latest` instead")
        }
        (false, false) => format!("`{name}` is empty here, which leaves the tag empty"),
        (true, _) => format!("`{name}` is empty here, which leaves a part of the path empty"),
    };
    let help =
        "confine the job with `rules: - if: $CI_COMMIT_TAG` or the like, or give another value where it is not set";
    (message, "invalid reference", help)
}

fn defect_words(defect: Defect) -> (String, &'static str, &'static str) {
    let (message, label, help) = match defect {
        Defect::Scheme => ("a reference has no `https://`", "no reference", "leave the scheme out"),
        Defect::UpperCase => {
            ("a reference's path has no capitals", "capitals in the path", "write the path in lower case")
        }
        Defect::TagCharacter => (
            "the tag holds a character that a tag may not",
            "invalid tag",
            "a tag is letters, digits, `_`, `.` and `-`",
        ),
        Defect::TagLength => ("the tag is longer than 128 characters", "too long", "shorten it"),
        Defect::EmptyTag => {
            ("nothing follows the `:` of the tag", "the tag is empty", "give a tag, or leave the `:` out")
        }
        Defect::EmptyPart => ("a part of the path is empty", "empty part", "remove the extra `/`"),
    };
    (message.to_owned(), label, help)
}
