//! The push plan as a table that fits a terminal: cells of several lines, broken where references break.

use std::io::{self, Write};

use super::super::{Shown, position, printable};
use super::{Planned, all};
use crate::analysis::Analysis;
use crate::scenario::Scenarios;

/// The narrowest table, in characters.
const NARROWEST: usize = 60;
/// What the columns take besides the push itself: job, login, tag and scenarios, and what stands between.
const JOB: usize = 14;
const LOGIN: usize = 12;
const WHEN: usize = 15;
const GAP: &str = "  ";

/// Writes the plan in at most `width` characters a line.
///
/// # Errors
/// When `out` refuses.
pub fn write_table(out: &mut dyn Write, analysis: &Analysis, shown: Shown<'_>, width: usize) -> io::Result<()> {
    let widths = [JOB, width.max(NARROWEST) - JOB - LOGIN - WHEN - 3 * GAP.len(), LOGIN, WHEN];
    let planned = all(analysis);
    if planned.is_empty() {
        return writeln!(out, "no job pushes an image");
    }
    write_row(out, &["JOB", "PUSH", "LOGIN", "TAG, WHEN"].map(|head| vec![head.to_owned()]), widths)?;
    planned.iter().try_for_each(|row| write_row(out, &cells(analysis, row, shown), widths))
}

/// The lines of each cell, before they are broken.
fn cells(analysis: &Analysis, Planned { job, push, scenarios }: &Planned, shown: Shown<'_>) -> [Vec<String>; 4] {
    let (source, line, _) = position(&analysis.sources, push.at);
    let reference = push.reference.as_ref().map_or_else(|| "?".to_owned(), |it| it.text.shown());
    let place = format!("{}, {} at {}:{line}", push.place.name(), push.upload.client, shown(&source.path));
    let denied = push.denied_by().map(|lint| format!("refused: {lint}"));
    let unknown = push.unknown().into_iter().map(|why| format!("not known: {why}"));
    let login = push.login.map(|login| {
        let (file, line, _) = position(&analysis.sources, login);
        if file.path == source.path { format!("line {line}") } else { format!("{}:{line}", shown(&file.path)) }
    });
    [
        vec![job.name.clone()],
        [reference, place].into_iter().chain(denied).chain(unknown).collect(),
        [push.credential.name().to_owned()].into_iter().chain(login).collect(),
        vec![format!("{}{}", super::tag(push), if super::is_cache(push) { ", cache" } else { "" }), when(*scenarios)],
    ]
}

/// `all`, `all but tag`, or a list.
fn when(scenarios: Scenarios) -> String {
    let names = scenarios.names();
    let missing: Vec<&str> = Scenarios::ALL.names().into_iter().filter(|name| !names.contains(name)).collect();
    match missing.len() {
        0 => "all".to_owned(),
        1 | 2 => format!("all but {}", missing.join(", ")),
        _ => names.join(", "),
    }
}

fn write_row(out: &mut dyn Write, cells: &[Vec<String>; 4], widths: [usize; 4]) -> io::Result<()> {
    let broken: [Vec<String>; 4] = std::array::from_fn(|column| {
        let lines = cells[column].iter().enumerate();
        lines.flat_map(|(index, line)| broken(&printable(line), widths[column], index > 0)).collect()
    });
    let height = broken.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let cell = |column: usize| broken[column].get(line).map_or("", String::as_str);
        let padded: Vec<String> = (0..4).map(|column| format!("{:1$}", cell(column), widths[column])).collect();
        writeln!(out, "{}", padded.join(GAP).trim_end())?;
    }
    Ok(())
}

/// Breaks a line behind spaces, `/`, `:`, `-` and `,`, and elsewhere only where nothing else fits; what
/// follows is indented. `under`: the line itself says more of the one above it.
fn broken(line: &str, width: usize, under: bool) -> Vec<String> {
    let mut lines = vec![if under { "  ".to_owned() } else { String::new() }];
    for piece in line.split_inclusive([' ', '/', ':', '-', ',']) {
        let mut piece: Vec<char> = piece.chars().collect();
        loop {
            let last = lines.len() - 1;
            let room = width.saturating_sub(lines[last].chars().count());
            let visible = piece.iter().collect::<String>().trim_end().chars().count();
            if visible <= room {
                lines[last].extend(&piece);
                break;
            }
            // A piece longer than a whole line is cut.
            if visible > width - 2 && room > 0 {
                lines[last].extend(piece.drain(..room));
            }
            lines.push("  ".to_owned());
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn lines_break_where_references_do() {
        assert_eq!(broken("$CI_REGISTRY_IMAGE/api:latest", 20, false), ["$CI_REGISTRY_IMAGE/", "  api:latest"]);
        assert_eq!(broken("a, b", 20, true), ["  a, b"]);
        assert_eq!(broken("", 20, false), [""]);
    }

    #[test]
    fn what_has_no_place_to_break_is_cut() {
        let long = "x".repeat(50);
        let lines = broken(&long, 20, false);
        assert!(lines.iter().all(|line| line.chars().count() <= 20), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.trim()).collect::<String>(), long);
    }
}
