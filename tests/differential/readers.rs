//! The two readers: what each makes of a root file, as JSON.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use pushlint::files::Disk;
use pushlint::load::{Loader, Outside};
use pushlint::model;
use pushlint::report::expand;
use pushlint::source::Sources;
use pushlint::value::Map;
use serde_json::Value;

use crate::cases::Case;

/// What we make of it: the text that `pushlint expand` prints.
pub enum Ours {
    /// It includes what is not here.
    OutOfReach,
    /// It has no job that runs.
    NoPipeline,
    /// GitLab rejects it, and why.
    Rejected(String),
    /// The pipeline.
    Read(Value),
}

pub fn ours(case: &Case) -> Ours {
    let (files, mut sources) = (Disk::new(case.folder.clone()), Sources::default());
    let outside = Outside { project: Some("acme/app".to_owned()), settings: Map::default() };
    let loaded = Loader::new(&files).knowing(outside).load(&case.file, &mut sources);
    if !loaded.unread_includes.is_empty() {
        return Ours::OutOfReach;
    }
    let (pipeline, faults, _) = model::build(loaded);
    if let Some(fault) = faults.first() {
        return Ours::Rejected(fault.message.clone());
    }
    if pipeline.template {
        return Ours::NoPipeline;
    }
    let mut out = Vec::new();
    expand::write_json(&mut out, &pipeline.expanded()).unwrap();
    Ours::Read(serde_json::from_slice(&out).unwrap())
}

/// The other reader.
pub struct Theirs {
    modules: PathBuf,
}

impl Theirs {
    /// Where it is installed, if it is, and git with it.
    pub fn find() -> Option<Theirs> {
        let modules = PathBuf::from(std::env::var_os("GITLAB_CI_LOCAL")?).join("node_modules");
        let theirs = Theirs { modules: modules.canonicalize().ok()? };
        let git = Command::new("git").arg("--version").output().is_ok_and(|done| done.status.success());
        (git && theirs.node().is_file() && theirs.program().is_file()).then_some(theirs)
    }

    fn node(&self) -> PathBuf {
        self.modules.join(".bin/node")
    }

    fn program(&self) -> PathBuf {
        self.modules.join(".bin/gitlab-ci-local")
    }

    /// The pipeline, or the end of what it complains of. `strict`: it looks at GitLab's schema too.
    pub fn read(&self, case: &Case, strict: bool) -> Result<Value, String> {
        let home = case.folder.with_extension("home");
        let mut command = Command::new(self.node());
        command.current_dir(&case.folder).arg(self.program()).args(["--preview", "--no-color", "--file", &case.file]);
        command.args([OsStr::new("--home"), home.as_os_str()]);
        // It calls itself no GitLab, so that files would include themselves otherwise than there.
        command.args(["--variable", "GITLAB_CI=true"]);
        if !strict {
            command.arg("--no-json-schema-validation");
        }
        let done = command.stdin(Stdio::null()).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        if !done.status.success() {
            return Err(err.trim_end().lines().last().unwrap_or_default().to_owned());
        }
        // Warnings come first.
        let start = out.find("---\n").unwrap_or(out.len());
        serde_yaml::from_str(&out[start..]).map_err(|error| format!("its output is no YAML: {error}"))
    }
}
