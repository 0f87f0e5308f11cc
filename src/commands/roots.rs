//! From the files and folders that were asked for to the roots through which they are judged: each
//! file in its own role, as a root, as a part of one, as a child pipeline, or alone.

use std::collections::BTreeSet;

use pushlint::analysis::{Aim, Analysis, Scope, read};
use pushlint::facts::Facts;
use pushlint::files::{Files, is_below};
use pushlint::model::{Note, NoteKind};
use pushlint::repository::{CONFIG, Mentions, configurations, is_config, looks_like_pipeline};
use pushlint::source::{FileId, Span};

use super::Trouble;

/// The most roots of one run.
const MOST: usize = 1_000;

/// What was asked for, as paths from the root.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) files: Vec<String>,
    pub(super) folders: Vec<String>,
}

/// What is to be read.
struct Plan<'a> {
    files: &'a dyn Files,
    facts: &'a Facts,
    /// Whether a path is left out.
    excludes: &'a dyn Fn(&str) -> bool,
    aim: Aim,
    /// Roots of which only parts may have been asked for.
    context: Vec<String>,
    /// Folders that hold no configuration of their own.
    bare: Vec<String>,
    notes: Vec<Note>,
}

/// Analyses what was asked for.
pub(super) fn analysis(
    files: &dyn Files,
    asked: Asked,
    excludes: &dyn Fn(&str) -> bool,
    facts: &Facts,
) -> Result<Analysis, Trouble> {
    let (excluded, wanted): (Vec<String>, Vec<String>) = asked.files.into_iter().partition(|file| excludes(file));
    let aim = Aim { files: wanted.into_iter().collect(), folders: asked.folders };
    let notes = excluded.iter().map(|file| skipped(format!("`{file}` is excluded by the configuration: skipped")));
    let notes = notes.collect();
    let mut plan = Plan { files, facts, excludes, aim, context: Vec::new(), bare: Vec::new(), notes };
    for folder in plan.aim.folders.clone() {
        plan.look_into(&folder);
    }
    plan.judge()
}

impl Plan<'_> {
    /// Adds the configurations of a folder.
    fn look_into(&mut self, folder: &str) {
        let mut found = configurations(self.files, folder);
        let own = if folder.is_empty() { CONFIG.to_owned() } else { format!("{folder}/{CONFIG}") };
        // It counts even where git ignores it, or where it is a link.
        if !found.yaml.contains(&own) && self.files.read(&own).is_ok() {
            found.yaml.insert(0, own);
        }
        if found.yaml.is_empty() {
            self.bare.push(folder.to_owned());
            self.context.extend(configurations(self.files, "").yaml.into_iter().filter(|path| is_config(path)));
        }
        found.yaml.retain(|path| !(self.excludes)(path));
        self.bound(found.cut || found.yaml.len() > MOST);
        self.aim.files.extend(found.yaml.into_iter().take(MOST));
        let configured =
            found.repositories.iter().filter(|inner| self.files.read(&format!("{inner}/{CONFIG}")).is_ok());
        self.notes.extend(configured.map(|inner| skipped(format!("`{inner}` is a repository of its own: skipped"))));
    }

    fn bound(&mut self, is_reached: bool) {
        let message = "the repository is too large: some of its configurations are not read".to_owned();
        let note = Note { kind: NoteKind::BoundReached, at: None, message };
        if is_reached && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn judge(mut self) -> Result<Analysis, Trouble> {
        let mentions = self.mentions();
        let mut roots = self.roots(&mentions);
        let mut analysis = read(self.files, &roots, &BTreeSet::new(), self.facts);
        let useless = self.useless(&analysis);
        let unsure = unsure(&analysis, &mentions);
        if !useless.is_empty() || !unsure.is_empty() {
            roots.retain(|root| !useless.contains(root));
            analysis = read(self.files, &roots, &unsure, self.facts);
        }
        analysis.follow(self.files, self.facts);
        self.look_for_unread(&analysis)?;
        let scope = Scope::of(&analysis, &self.aim);
        analysis.narrow(scope);
        analysis.notes.append(&mut self.notes);
        Ok(analysis)
    }

    /// Says what was asked for and is part of no pipeline.
    fn look_for_unread(&mut self, analysis: &Analysis) -> Result<(), Trouble> {
        let files = analysis.pipelines.iter().flat_map(|checked| &checked.files);
        let read: BTreeSet<&str> = files.map(|file| path(analysis, *file)).collect();
        let is_empty = |folder: &&String| !read.iter().any(|path| is_below(folder, path));
        if let Some(folder) = self.bare.iter().find(is_empty).filter(|_| analysis.faults.is_empty()) {
            let folder = if folder.is_empty() { "." } else { folder };
            return Err(Trouble::new(format!("there is no {CONFIG} in `{folder}` or below")));
        }
        let others = self.aim.files.iter().filter(|file| !read.contains(file.as_str()));
        let message = |file| format!("`{file}` has neither a job nor `include` nor `spec`: skipped");
        self.notes.extend(others.map(|file| skipped(message(file))));
        Ok(())
    }

    /// What leads where. The root alone is led to by nothing.
    fn mentions(&mut self) -> Mentions {
        let wanted = &self.aim.files;
        if wanted.iter().all(|file| file == CONFIG) && self.context.is_empty() {
            return Mentions::default();
        }
        let also: Vec<String> = wanted.iter().cloned().collect();
        let mentions = Mentions::read(self.files, &also);
        self.bound(mentions.cut);
        mentions
    }

    /// All that may lead to what is wanted, in the order in which it leads.
    fn roots(&mut self, mentions: &Mentions) -> Vec<String> {
        let wanted: Vec<String> = self.aim.files.iter().chain(&self.context).cloned().collect();
        let mut roots = mentions.leading_to(&wanted);
        roots.retain(|path| {
            let looks = is_config(path) || self.files.read(path).is_ok_and(|text| looks_like_pipeline(&text));
            looks && !(self.excludes)(path)
        });
        self.bound(roots.len() > MOST);
        roots.truncate(MOST);
        roots
    }

    /// The roots that lead to nothing that was asked for, though they mention it. One that GitLab
    /// rejects may lead anywhere.
    fn useless(&self, analysis: &Analysis) -> BTreeSet<String> {
        let scope = Scope::of(analysis, &self.aim);
        let mut tops: BTreeSet<FileId> = analysis.pipelines.iter().map(|checked| checked.top).collect();
        let rejected: BTreeSet<FileId> = rejected(analysis).map(|at| at.file).collect();
        for checked in &analysis.pipelines {
            if scope.holds(checked) || !checked.files.is_disjoint(&rejected) {
                tops.remove(&checked.top);
            }
        }
        tops.into_iter().map(|top| path(analysis, top).to_owned()).collect()
    }
}

/// Where GitLab rejects a configuration as a whole.
fn rejected(analysis: &Analysis) -> impl Iterator<Item = Span> {
    analysis.faults.iter().filter(|fault| fault.job.is_none()).map(|fault| fault.at)
}

fn path(analysis: &Analysis, file: FileId) -> &str {
    &analysis.sources.get(file).path
}

fn skipped(message: String) -> Note {
    Note { kind: NoteKind::SkippedFile, at: None, message }
}

/// The roots, other than the repository's own, that a file mentions of which something could not be read.
fn unsure(analysis: &Analysis, mentions: &Mentions) -> BTreeSet<String> {
    let unresolved = analysis.notes.iter().filter(|note| note.kind == NoteKind::UnresolvedInclude);
    let places = unresolved.filter_map(|note| note.at).chain(rejected(analysis));
    let unread: BTreeSet<&str> = places.map(|at| path(analysis, at.file)).collect();
    let tops = analysis.pipelines.iter().map(|checked| path(analysis, checked.top)).filter(|top| *top != CONFIG);
    let led = tops.filter(|top| mentions.of(top).any(|leader| unread.contains(leader)));
    led.map(str::to_owned).collect()
}
