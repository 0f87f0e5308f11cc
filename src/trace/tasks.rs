//! `npm run x` and its kin: scripts of a `package.json`, each in a shell of its own.

use super::calls::{Shell, leave_subshell};
use super::folders::resolve;
use super::simple::Call;
use super::splice::Splice;
use super::walker::{Walker, unknown, with_status};
use super::world::{Status, World, join};
use crate::clients::Arg;
use crate::recipes::{Package, Piece, Value};
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
        let body = self.body(text, at);
        let ends = self.run_body(inner, &body, Some(Vec::new()), Shell::Own { errexit: false });
        ends.into_iter().map(|end| leave_subshell(end, &world)).collect()
    }
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
