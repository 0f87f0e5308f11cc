//! `make`: its command line; and for all readers of recipes, the lines that they run, each in a shell of its own.

use super::Unread;
use super::around::Around;
use super::body::Language;
use super::calls::{Shell, leave_subshell};
use super::dispatch::assignment;
use super::folders::resolve;
use super::simple::Call;
use super::splice::Splice;
use super::walker::{Walker, unknown, with_status};
use super::world::{Past, Status, Variable, World, join};
use crate::clients::Arg;
use crate::model::NoteKind;
use crate::recipes::make;
use crate::recipes::{Plan, Step, Value};
use crate::source::{Mapped, Span};
use crate::text::Text;

/// The files that make looks for.
const FILES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];
/// Options with a value of their own.
const VALUES: [&str; 9] = ["-I", "-o", "-W", "-E", "--include-dir", "--old-file", "--what-if", "--eval", "--new-file"];

/// What a command line of make asks for.
#[derive(Default)]
struct Line {
    folder: Option<Text>,
    /// Several are read as one.
    files: Vec<Text>,
    /// It brings lines of its own, which are not read.
    evals: bool,
    overrides: Vec<(String, Value)>,
    goals: Vec<Text>,
    /// It only prints or asks.
    dry: bool,
    ignores_failures: bool,
    silent: bool,
}

impl Walker<'_> {
    /// Runs a task of a file that names commands; `None`: the command runs none, or its file is not read.
    pub(super) fn recipe(&mut self, world: &World, call: &Call, base: &str) -> Option<Vec<World>> {
        match base {
            "make" | "gmake" => self.make(world, call),
            "just" => self.just(world, call),
            "task" | "go-task" => self.task(world, call),
            "npm" | "yarn" | "pnpm" | "bun" => self.package_script(world, call, base),
            _ => None,
        }
    }

    fn make(&mut self, world: &World, call: &Call) -> Option<Vec<World>> {
        let line = read_line(&call.args[1..]);
        if line.dry {
            return Some(vec![with_status(world.clone(), unknown(&call.source, false))]);
        }
        let mut inner = world.clone();
        if let Some(folder) = &line.folder {
            inner.folder = Some(resolve(world.folder.as_deref(), folder)?);
        }
        let file = self.makefile(&inner, &line)?;
        let goals: Vec<String> =
            line.goals.iter().map(|goal| goal.as_literal().map(str::to_owned)).collect::<Option<_>>()?;
        let outer = self.overrides.len();
        self.overrides.extend(line.overrides.iter().cloned());
        let called = make::Call { overrides: self.overrides.clone(), goals };
        let planned = self.each(vec![inner], |walker, inner| {
            let mut around = Around { walker, world: inner, owed: 0 };
            make::plan(&file, &called, &mut around)
        });
        let mut ends = Vec::new();
        for (inner, plan) in planned {
            for end in self.planned(inner, &plan, (line.ignores_failures, line.silent), (call, "make")) {
                ends.push(leave_subshell(end, world));
            }
        }
        self.overrides.truncate(outer);
        Some(self.bounded(join(ends)))
    }

    /// What make reads; `None`: a file of it cannot be read.
    fn makefile(&mut self, world: &World, line: &Line) -> Option<Mapped> {
        if line.evals {
            return None;
        }
        let mut files = line.files.iter();
        let Some(first) = files.next() else {
            return FILES.iter().find_map(|file| self.repository_text(world, &Text::literal(*file)));
        };
        let mut whole = self.repository_text(world, first)?;
        for file in files {
            let next = self.repository_text(world, file)?;
            whole.push_coarse("\n", next.span(0..next.text().len())?);
            whole.append(&next);
        }
        Some(whole)
    }

    /// Runs what a recipe's file says; `tool` read it.
    pub(super) fn planned(
        &mut self,
        mut world: World,
        plan: &Plan,
        (ignores_failures, silent): (bool, bool),
        (call, tool): (&Call, &str),
    ) -> Vec<World> {
        self.walk.bound_reached |= plan.exhausted;
        for (name, at) in &plan.unread {
            self.not_read(&mut world, name, at.unwrap_or(call.at));
        }
        let before = world.capture.clone();
        let mut ends = self.steps(vec![world], &plan.steps, ignores_failures, call);
        // The file may be another one by now: the job brought it, or it came from elsewhere.
        let speaks = |name: &String| super::script::speaks_of_login(name) || super::script::speaks_of_push(name);
        let is_unread = !plan.unknown.is_empty() || plan.missing.iter().any(speaks);
        if !plan.missing.is_empty() {
            ends = ends.into_iter().map(|end| with_status(end, unknown(&call.source, false))).collect();
        }
        let loud = !silent && plan.steps.iter().any(|step| !step.silent);
        for end in &mut ends {
            if loud && before.is_some() {
                end.capture.clone_from(&before);
                super::output::print_unknown(end, call);
            }
        }
        if !is_unread {
            return ends;
        }
        let may_login = plan.unknown.iter().chain(&plan.missing).any(|name| super::script::speaks_of_login(name));
        let told = |mut end: World| {
            end.happened(Past::Unread { may_login });
            self.unread(end, call, tool)
        };
        ends.into_iter().map(told).collect()
    }

    /// Runs command lines one after another; the first that fails ends them.
    fn steps(&mut self, worlds: Vec<World>, steps: &[Step], ignores_failures: bool, call: &Call) -> Vec<World> {
        let start = |world| with_status(world, Status::Success);
        let (mut going, mut ended): (Vec<World>, Vec<World>) = (worlds.into_iter().map(start).collect(), Vec::new());
        let mut sure = true;
        for step in steps {
            if going.is_empty() || self.is_spent() {
                break;
            }
            let ignores = ignores_failures || step.ignores_failure;
            let ran: Vec<World> = going.into_iter().flat_map(|world| self.step(world, step, ignores)).collect();
            going = Vec::new();
            for mut world in self.bounded(join(ran)) {
                sure &= !matches!(world.status, Status::Unknown { .. });
                if world.status == Status::Failure && !ignores {
                    ended.push(world);
                    continue;
                }
                world.status = Status::Success;
                going.push(world);
            }
        }
        let settle = |world: World| if sure { world } else { with_status(world, unknown(&call.source, false)) };
        ended.extend(going.into_iter().map(settle));
        ended
    }

    /// One command line, in a shell of its own.
    fn step(&mut self, world: World, step: &Step, ignores_failure: bool) -> Vec<World> {
        let mut inner = world.clone();
        if let Some(folder) = &step.folder {
            inner.folder = resolve(world.folder.as_deref(), folder);
        }
        for (name, value) in step.environment.iter() {
            inner.set(name, Variable::new(value.text.clone(), value.from.clone()));
        }
        let text = Splice::of(&mut inner, &step.line);
        let Some(at) = text.span(0..text.text().len()) else { return vec![world] };
        let body = self.body(text, Language::Posix, at);
        let shell = Shell::Own { errexit: step.errexit };
        let ends = self.under(ignores_failure, |walker| walker.run_body(inner, &body, Some(Vec::new()), shell));
        ends.into_iter().map(|end| leave_subshell(end, &world)).collect()
    }

    /// A file that something needs and that cannot be read.
    fn not_read(&mut self, world: &mut World, name: &str, at: Span) {
        world.happened(Past::Unread { may_login: super::script::speaks_of_login(name) });
        let unread = Unread { kind: NoteKind::UnreadScript, at, name: name.to_owned() };
        if !self.walk.unread.contains(&unread) {
            self.walk.unread.push(unread);
        }
    }
}

fn read_line(args: &[Arg]) -> Line {
    let mut line = Line::default();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        at += 1;
        if let Some((name, text)) = assignment(&arg.text) {
            let name = name.trim_end_matches(['?', '+', ':']).to_owned();
            let mut from = arg.from.clone();
            from.push(arg.at);
            line.overrides.push((name, Value { text, from }));
        } else if arg.text.literal_prefix().starts_with('-') {
            at += option(&mut line, arg, args.get(at));
        } else if !(arg.vanishes && arg.text.as_symbol().is_some()) {
            line.goals.push(arg.text.clone());
        }
    }
    line
}

/// Reads an option; gives the number of words that it takes besides its own.
fn option(line: &mut Line, arg: &Arg, next: Option<&Arg>) -> usize {
    let long = |name: &str| arg.text.strip_prefix(name).and_then(|rest| rest.strip_prefix("="));
    let given = |short: &str, longs: &[&str]| {
        if let Some(value) = longs.iter().find_map(|name| long(name)) {
            return Some((value, 0));
        }
        let word = arg.text.as_literal();
        if word == Some(short) || longs.iter().any(|name| word == Some(name)) {
            return next.map(|next| (next.text.clone(), 1));
        }
        arg.text.strip_prefix(short).filter(|rest| !rest.is_empty()).map(|value| (value, 0))
    };
    if let Some((value, used)) = given("-C", &["--directory"]) {
        let joined = line.folder.take().map_or_else(|| value.clone(), |folder| below(&folder, &value));
        line.folder = Some(joined);
        return used;
    }
    if let Some((value, used)) = given("-f", &["--file", "--makefile"]) {
        line.files.push(value);
        return used;
    }
    let Some(word) = arg.text.as_literal() else { return 0 };
    line.evals |= word == "-E" || word.starts_with("--eval");
    if VALUES.contains(&word) {
        return 1;
    }
    let number = next.and_then(|next| next.text.as_literal()).is_some_and(|next| next.parse::<f32>().is_ok());
    if matches!(word, "-j" | "-l" | "--jobs" | "--load-average") {
        return usize::from(number);
    }
    let has = |short: char, long: &str| word == long || (!word.starts_with("--") && word.contains(short));
    let few = word.len() <= 4 && !word.starts_with("-j") && !word.starts_with("-O");
    line.dry |= few
        && (has('n', "--dry-run") || has('q', "--question") || has('t', "--touch") || has('v', "--version"))
        || matches!(word, "--just-print" | "--recon" | "--dry-run" | "--question" | "--version" | "--help");
    line.ignores_failures |= few && has('i', "--ignore-errors") || word == "--ignore-errors";
    line.silent |= few && has('s', "--silent") || matches!(word, "--silent" | "--quiet");
    0
}

fn below(folder: &Text, path: &Text) -> Text {
    if path.literal_prefix().starts_with('/') {
        return path.clone();
    }
    let mut joined = folder.clone();
    joined.push_str("/");
    joined.push_text(path);
    joined
}
