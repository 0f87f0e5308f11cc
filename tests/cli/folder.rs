//! A folder with files, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Draws one warning from any version: a comment that names no lint.
pub const WARNED: &str = "build:\n  script:\n    - make # pushlint: ignore[nothing]\n";
pub const SILENT: &str = "build:\n  script:\n    - make\n";
/// Pushes without a login, unless a default brings one.
pub const PUSH: &str = "push:\n  script:\n    - docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA\n";

/// A folder of its own, removed in the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Folder(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(folder.0.join(".git")).unwrap();
        for (path, text) in files {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "", &[])
    }

    pub fn run_with(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushlint"));
        command.args(arguments).current_dir(&self.0).env_clear().envs(variables.iter().copied());
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        // A run that reads no standard input may be over before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::of(&child.wait_with_output().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How it ended, and what it wrote.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Folder {
    /// The findings in one line each, and how the run ended.
    pub fn told(&self, arguments: &[&str]) -> (i32, Vec<String>) {
        let run = self.run(&[arguments, &["--format", "concise", "--isolated", "--quiet"]].concat());
        assert!(run.code < 2, "{arguments:?}: {run:?}");
        let told =
            run.out.lines().map(|line| line.split(": ").next().unwrap().rsplitn(3, ':').last().unwrap().to_owned());
        (run.code, told.collect())
    }
}
