//! The shell as the judge of the walk: random scripts run in bash and dash, with stand-ins for the
//! registry clients that write down how they were called, and the trace must tell the same pushes
//! and logins, no more and no fewer. `JUDGE_SCRIPTS` says how many, `JUDGE_SEED` where to begin.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

mod generate;
mod shells;
mod shrink;
mod walk;

use std::collections::BTreeSet;
use std::path::Path;

use generate::Script;

/// Scripts that one process of the shell runs.
const BATCH: usize = 200;

/// What a script did, one line for each push and login; a set, for the walk tells each once.
pub type Events = BTreeSet<String>;

/// What the shells and the walk say of a script.
pub struct Verdict {
    /// What really happened; `None`: the script is no fair question.
    pub real: Option<Events>,
    pub walked: walk::Walked,
}

impl Verdict {
    /// Whether the walk is wrong.
    pub fn differs(&self) -> bool {
        self.real.as_ref().is_some_and(|real| !self.walked.agrees(real))
    }
}

/// Asks both sides of all scripts.
pub fn ask(scripts: &[Script]) -> Vec<Verdict> {
    let real = shells::run(scripts);
    let both = scripts.iter().zip(real);
    both.map(|(script, real)| Verdict { real, walked: walk::walk(script) }).collect()
}

fn tell(name: &str, script: &Script, verdict: &Verdict) -> String {
    let real = verdict.real.clone().unwrap_or_default();
    format!(
        "--- {name} ({})\n{}--- happened\n{}\n--- walked\n{}\n",
        if script.bash { "bash" } else { "sh" },
        script.text(),
        real.into_iter().collect::<Vec<_>>().join("\n"),
        verdict.walked
    )
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn the_walk_tells_what_random_scripts_do() {
    let (first, count, most) = (number("JUDGE_SEED", 1), number("JUDGE_SCRIPTS", 300), number("JUDGE_FAILURES", 3));
    let (mut asked, mut busy, mut cut, mut different) = (0, 0, 0, 0);
    let mut told = Vec::new();
    let seeds: Vec<u64> = (first..first + count).collect();
    for seeds in seeds.chunks(BATCH) {
        let scripts: Vec<Script> = seeds.iter().map(|seed| generate::script(*seed)).collect();
        for ((seed, script), verdict) in seeds.iter().zip(&scripts).zip(ask(&scripts)) {
            asked += usize::from(verdict.real.is_some());
            busy += usize::from(verdict.real.as_ref().is_some_and(|real| !real.is_empty()));
            cut += usize::from(verdict.real.is_some() && verdict.walked.cut);
            if verdict.differs() {
                different += 1;
                if told.len() < usize::try_from(most).unwrap() {
                    let (script, verdict) = shrink::shrink(script.clone(), verdict);
                    told.push(tell(&format!("seed {seed}"), &script, &verdict));
                }
            }
        }
    }
    println!(
        "{count} scripts, {asked} compared, {busy} of them with events, {cut} too large for the walk, {different} differ"
    );
    assert!(cut * 100 <= asked, "{cut} of {asked} scripts are too large for the walk");
    assert!(different == 0, "{different} of {asked} scripts differ\n{}", told.join("\n"));
}

#[test]
fn what_was_once_walked_wrongly_stays_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("judged");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let scripts: Vec<Script> =
        paths.iter().map(|path| generate::fixed(&std::fs::read_to_string(path).unwrap())).collect();
    let mut wrong = Vec::new();
    for ((path, script), verdict) in paths.iter().zip(&scripts).zip(ask(&scripts)) {
        if verdict.real.is_none() || verdict.differs() {
            wrong.push(tell(&path.display().to_string(), script, &verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
