//! Local files that are missing because the project begins elsewhere: in a folder of this repository,
//! or in another repository for which a sample is kept here. Nobody can tell, so it is a note.

use std::collections::BTreeSet;

use crate::files::{Files, join};
use crate::load::Loaded;
use crate::model::{Fault, Note, NoteKind};
use crate::repository::{CONFIG, is_config};
use crate::source::{Sources, Span};

/// Makes notes of the missing includes of a root, or of a child pipeline that it starts.
pub(super) fn excuse(loaded: &mut Loaded, root: &str, files: &dyn Files, sources: &Sources) {
    let lost: BTreeSet<Span> = loaded.unread_includes.iter().map(|include| include.at).collect();
    for fault in std::mem::take(&mut loaded.faults) {
        match Some(&fault).filter(|fault| lost.contains(&fault.at)).and_then(|it| missing(it, root, files, sources)) {
            Some(note) => loaded.notes.push(note),
            None => loaded.faults.push(fault),
        }
    }
}

/// What to note of a local file that is missing; `None`: it is a fault.
pub(super) fn missing(fault: &Fault, root: &str, files: &dyn Files, sources: &Sources) -> Option<Note> {
    if root == CONFIG {
        return None;
    }
    let written = sources.slice(fault.at).trim_matches(['"', '\'']);
    let there = beside(root, written, files);
    if there.is_none() && !is_config(root) {
        return None;
    }
    let hint = there.map(|path| format!(", but `{path}` does: `--root` says where the project begins"));
    let message = fault.message.clone() + &hint.unwrap_or_default();
    Some(Note { kind: NoteKind::UnresolvedInclude, at: Some(fault.at), message })
}

/// Where the file is if a folder above `root` is the project's.
fn beside(root: &str, written: &str, files: &dyn Files) -> Option<String> {
    let mut folders = root.match_indices('/').map(|(end, _)| &root[..end]).rev();
    folders.find_map(|folder| join(folder, written.trim_start_matches('/')).filter(|path| files.read(path).is_ok()))
}
