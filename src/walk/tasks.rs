//! `npm run x` and its kin: scripts of a `package.json`, each in a shell of its own; `just x`, `task x`.

use super::around::Around;
use super::body::Language;
use super::calls::{Shell, leave_subshell};
use super::dispatch::assignment;
use super::folders::resolve;
use super::simple::Call;
use super::splice::Splice;
use super::walker::{Walker, unknown, with_status};
use super::world::{Status, World, join};
use crate::clients::Arg;
use crate::recipes::{Package, Piece, Plan, Value, just, spaced, task};
use crate::source::Mapped;
use crate::text::Text;

/// Options with a value of their own.
const VALUES: [&str; 10] =
    ["--prefix", "-C", "--dir", "--cwd", "-w", "--workspace", "--filter", "-F", "--loglevel", "--userconfig"];
/// Options that choose other packages than the one here.
const CHOOSE: [&str; 9] =
    ["-w", "--workspace", "--workspaces", "-ws", "--filter", "-F", "-r", "--recursive", "workspace"];
/// Scripts that npm runs without `run`.
const BARE: [&str; 5] = ["test", "start", "stop", "restart", "t"];

/// The files that just and task look for.
const JUSTFILES: [&str; 3] = ["justfile", "Justfile", ".justfile"];
const TASKFILES: [&str; 4] = ["Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml"];
/// Options with which just and task run nothing.
const DRY: [&str; 11] = [
    "-n",
    "--dry-run",
    "--dry",
    "-l",
    "--list",
    "--list-all",
    "--summary",
    "--show",
    "--version",
    "--help",
    "--evaluate",
];

/// What a command line asks for.
struct Line<'a> {
    folder: Option<Text>,
    script: String,
    arguments: &'a [Arg],
}

impl Walker<'_> {
    /// Runs a script of a package; `None`: the command runs none, or none that can be read.
    pub(super) fn package_script(&mut self, world: &World, call: &Call, base: &str) -> Option<Vec<World>> {
        let line = read_line(base, &call.args[1..])?;
        let mut inner = world.clone();
        if let Some(folder) = &line.folder {
            inner.folder = Some(resolve(world.folder.as_deref(), folder)?);
        }
        let package = Package::read(&self.repository_text(&inner, &Text::literal("package.json"))?);
        let commands = package.run(&line.script)?;
        let (mut going, mut ended) = (vec![with_status(inner, Status::Success)], Vec::new());
        let mut sure = true;
        for (own, command) in commands {
            let mut after = Vec::new();
            for world in std::mem::take(&mut going) {
                let arguments = if own { line.arguments } else { &[] };
                for end in self.package_command(world, command, arguments, call) {
                    sure &= !matches!(end.status, Status::Unknown { .. });
                    if end.status == Status::Failure { ended.push(end) } else { after.push(end) }
                }
            }
            going = self.bounded(join(after));
        }
        let key = unknown(&call.source, false);
        ended.extend(going.into_iter().map(|end| with_status(end, if sure { Status::Success } else { key.clone() })));
        Some(ended.into_iter().map(|end| leave_subshell(end, world)).collect())
    }

    fn package_command(&mut self, world: World, command: &Mapped, arguments: &[Arg], call: &Call) -> Vec<World> {
        let mut inner = world.clone();
        let mut pieces = vec![Piece::Written(command.clone())];
        for arg in arguments {
            pieces.push(Piece::Written(Mapped::coarse(" ", arg.at)));
            pieces.push(Piece::Value(Value { text: arg.text.clone(), from: arg.from.clone() }, arg.at));
        }
        let text = Splice::of(&mut inner, &pieces);
        let at = command.span(0..command.text().len()).unwrap_or(call.at);
        let body = self.body(text, Language::Posix, at);
        let ends = self.run_body(inner, &body, Some(Vec::new()), Shell::Own { errexit: false });
        ends.into_iter().map(|end| leave_subshell(end, &world)).collect()
    }
}

impl Walker<'_> {
    /// Runs recipes of a justfile; `None`: it cannot be read.
    pub(super) fn just(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let mut asked = just::Call::default();
        let (mut folder, mut file, mut at, args) = (None, None, 0, &call.args[1..]);
        while let Some(arg) = args.get(at) {
            at += 1;
            let next = args.get(at).map(|next| next.text.clone());
            match arg.text.as_literal() {
                Some("-f" | "--justfile") => (file, at) = (next, at + 1),
                Some("-d" | "--working-directory") => (folder, at) = (next, at + 1),
                Some("--set") => {
                    let name = next.and_then(|name| name.as_literal().map(str::to_owned))?;
                    asked.overrides.push((name, given(args.get(at + 1)?)));
                    at += 2;
                }
                Some(word) if DRY.contains(&word) => return Some(vec![with_status(world.clone(), Status::Success)]),
                Some(word) if word.starts_with('-') && asked.words.is_empty() => {}
                _ => match assignment(&arg.text).filter(|_| asked.words.is_empty()) {
                    Some((name, text)) => asked.overrides.push((name, Value { text, ..given(arg) })),
                    None => asked.words.push(given(arg)),
                },
            }
        }
        let names = file.map_or_else(|| JUSTFILES.map(Text::literal).to_vec(), |file| vec![file]);
        let (mut inner, text) = self.found_upwards(world, &names)?;
        if let Some(folder) = folder {
            inner.folder = Some(resolve(world.folder.as_deref(), &folder)?);
        }
        let planned = self.each(vec![inner], |walker, inner| {
            just::plan(&text, &asked, &mut Around { walker, world: inner, owed: 0 })
        });
        Some(self.all_planned(planned, world, (call, "just")))
    }

    /// Runs tasks of a Taskfile; `None`: it cannot be read.
    pub(super) fn task(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let mut asked = task::Call::default();
        let (mut folder, mut file, mut at, args) = (None, None, 0, &call.args[1..]);
        while let Some(arg) = args.get(at) {
            at += 1;
            let next = args.get(at).map(|next| next.text.clone());
            match arg.text.as_literal() {
                Some("--") => {
                    let texts: Vec<Text> = args[at..].iter().map(|arg| arg.text.clone()).collect();
                    asked.arguments = Value::of(spaced(&texts));
                    break;
                }
                Some("-t" | "--taskfile") => (file, at) = (next, at + 1),
                Some("-d" | "--dir") => (folder, at) = (next, at + 1),
                Some("-o" | "--output" | "-C" | "--concurrency" | "-I" | "--interval") => at += 1,
                Some(word) if DRY.contains(&word) => return Some(vec![with_status(world.clone(), Status::Success)]),
                Some(word) if word.starts_with('-') => {}
                word => match (assignment(&arg.text), word) {
                    (Some((name, text)), _) => asked.variables.push((name, Value { text, ..given(arg) })),
                    (None, word) => asked.tasks.push(word?.to_owned()),
                },
            }
        }
        let names = file.map_or_else(|| TASKFILES.map(Text::literal).to_vec(), |file| vec![file]);
        let mut start = world.clone();
        if let Some(folder) = folder {
            start.folder = Some(resolve(world.folder.as_deref(), &folder)?);
        }
        let (inner, text) = self.found_upwards(&start, &names)?;
        let planned = self.each(vec![inner], |walker, inner| {
            task::plan(&text, &asked, &mut Around { walker, world: inner, owed: 0 })
        });
        Some(self.all_planned(planned, world, (call, "task")))
    }

    fn all_planned(&mut self, planned: Vec<(World, Plan)>, world: &World, (call, tool): (&Call, &str)) -> Vec<World> {
        let mut ends = Vec::new();
        for (inner, plan) in planned {
            let ran = self.planned(inner, &plan, (false, true), (call, tool));
            ends.extend(ran.into_iter().map(|end| leave_subshell(end, world)));
        }
        self.bounded(join(ends))
    }

    /// The first of these files in the folder or one above it, and the state in its folder.
    fn found_upwards(&mut self, world: &World, names: &[Text]) -> Option<(World, Mapped)> {
        let mut inner = world.clone();
        loop {
            if let Some(text) = names.iter().find_map(|name| self.repository_text(&inner, name)) {
                return Some((inner, text));
            }
            let folder = inner.folder.filter(|folder| !folder.is_empty())?;
            inner.folder = Some(folder.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned()));
        }
    }
}

fn given(arg: &Arg) -> Value {
    Value { text: arg.text.clone(), from: arg.from.iter().copied().chain([arg.at]).collect() }
}

fn read_line<'a>(base: &str, args: &'a [Arg]) -> Option<Line<'a>> {
    let (mut folder, mut at, mut run) = (None, 0, false);
    while let Some(arg) = args.get(at) {
        at += 1;
        let word = arg.text.as_literal()?;
        let name = word.split('=').next().unwrap_or(word);
        if CHOOSE.contains(&name) {
            return None;
        }
        if matches!(name, "--prefix" | "-C" | "--dir" | "--cwd") {
            let inline = arg.text.split_once('=').map(|(_, value)| value);
            folder = inline.or_else(|| args.get(at).map(|next| next.text.clone()));
        }
        if word.starts_with('-') {
            at += usize::from(VALUES.contains(&word));
            continue;
        }
        if !run && matches!(word, "run" | "run-script") {
            run = true;
            continue;
        }
        if !run && base == "npm" && !BARE.contains(&word) {
            return None;
        }
        let script = if word == "t" { "test" } else { word }.to_owned();
        let dashes = args[at..].iter().position(|arg| arg.text.as_literal() == Some("--"));
        let arguments = match (base, dashes) {
            (_, Some(dashes)) => &args[at + dashes + 1..],
            ("npm", None) => &[],
            (_, None) => &args[at..],
        };
        return Some(Line { folder, script, arguments });
    }
    None
}
