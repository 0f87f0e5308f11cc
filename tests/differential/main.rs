//! Is the pipeline that `pushlint expand` prints the one that another reader of the same files prints,
//! `gitlab-ci-local --preview`? Job by job and keyword by keyword; what differs for a known reason is
//! explained in a table, anything else fails. Where the two differ, GitLab decides.
//!
//! `GITLAB_CI_LOCAL` names a folder with `node_modules` in which `node` and `gitlab-ci-local` are installed;
//! without it nothing is compared. `GITLAB_CI_LOCAL_CASES` names a folder of further projects, each a folder:
//! the test cases of gitlab-ci-local, say. `cargo test --test differential -- --nocapture` prints the figures.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "clippy knows the tests, not their helpers")]

mod cases;
mod explained;
mod normal;
mod outcome;
mod readers;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cases::Case;
use explained::EXPLAINED;
use outcome::{Figures, Outcome};
use readers::Theirs;

const SKIPPED: &str = "skipped: `GITLAB_CI_LOCAL` names no folder with node and gitlab-ci-local, or there is no git";

/// How many other readers run at once.
const AT_ONCE: usize = 3;

fn outcomes(theirs: &Theirs, cases: Vec<Case>) -> Vec<(Case, Outcome)> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = Outcome::of(case, theirs);
                    found.lock().unwrap().push((case.clone(), outcome));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by(|one, other| one.0.name.cmp(&other.0.name));
    found
}

#[test]
fn both_read_the_same_pipelines() {
    let Some(theirs) = Theirs::find() else { return println!("{SKIPPED}") };
    for (title, cases) in [("fixtures", cases::fixtures()), ("other projects", cases::elsewhere())] {
        let Some(cases) = cases else {
            println!("{title}: skipped, `GITLAB_CI_LOCAL_CASES` names no folder");
            continue;
        };
        let mut figures = Figures::default();
        outcomes(&theirs, cases).iter().for_each(|(case, outcome)| figures.add(case, outcome));
        println!("{title}: {figures}");
        assert_eq!(figures.unexplained, [""; 0], "differences without an explanation");
        assert!(figures.equal > 0, "nothing was compared");
    }
}

/// An explanation that explains nothing any more must go.
#[test]
fn each_explanation_is_needed() {
    let Some(theirs) = Theirs::find() else { return println!("{SKIPPED}") };
    for (case, outcome) in outcomes(&theirs, cases::examples()) {
        let row = EXPLAINED.iter().find(|row| case.name.ends_with(row.name)).unwrap();
        let Outcome::Compared { different, .. } = &outcome else { panic!("{}: {outcome:?}", row.name) };
        assert!(!different.is_empty(), "`{}` explains nothing: both read its example alike", row.name);
        for difference in different {
            assert!((row.explains)(&case, difference), "`{}` does not explain {difference}", row.name);
        }
    }
}
