//! The house: pairs, order, directions of `use`, sizes, and the tables that are made from the list.
#![allow(clippy::unwrap_used, reason = "clippy knows the tests, not their helpers")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pushlint::lint::Level;
use pushlint::lints::ALL;
use regex::Regex;

/// The rooms from the ground up; a room imports only from rooms before it.
const ROOMS: &[&str] = &[
    "source",
    "files",
    "nearest",
    "scenario",
    "text",
    "predefined",
    "facts",
    "finding",
    "registry",
    "shell",
    "powershell",
    "yaml",
    "value",
    "clients",
    "recipes",
    "rules",
    "load",
    "model",
    "walk",
    "trace",
    "lint",
    "lints",
    "repository",
    "analysis",
    "judge",
    "config",
    "report",
    "lib",
    "cli",
    "commands",
    "main",
];

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// All code files below these folders, as paths from the project's own folder, with their texts.
fn code(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| rust_files(&home().join(folder), &mut found));
    found.sort();
    let name = |path: &Path| path.strip_prefix(home()).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn room(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

fn rank(room: &str) -> usize {
    ROOMS.iter().position(|known| *known == room).unwrap_or_else(|| panic!("`{room}` is no room of this house"))
}

/// What a text says outside its tests and comments.
fn body(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a text names after `crate::` or `pushlint::`.
fn imports(text: &str) -> BTreeSet<String> {
    let single = Regex::new(r"\b(?:crate|pushlint)::(\w+)").unwrap();
    let mut names: BTreeSet<String> = single.captures_iter(text).map(|found| found[1].to_owned()).collect();
    for opened in Regex::new(r"\b(?:crate|pushlint)::\{").unwrap().find_iter(text) {
        let mut depth = 0;
        let mut name = String::new();
        for char in text[opened.end() - 1..].chars() {
            match char {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => drop(names.insert(std::mem::take(&mut name))),
                char if depth == 1 && !char.is_whitespace() => name.push(char),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        names.insert(name);
    }
    names.iter().map(|name| name.split("::").next().unwrap().to_owned()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_room_imports_only_from_rooms_below_it() {
    for (file, text) in code(&["src", "lints"]) {
        if file.ends_with("tests.rs") || file == "src/lib.rs" {
            continue;
        }
        let own = room(&file);
        for import in imports(&body(&text)).iter().filter(|import| *import != own) {
            assert!(rank(import) < rank(own), "{file} imports {import}, which is not below {own}");
        }
    }
}

#[test]
fn a_lint_uses_the_words_of_its_floor_only() {
    let allowed = ["finding", "lint", "trace", "model", "registry", "source", "text", "scenario", "value", "rules"];
    let allowed = [&allowed[..], &["clients", "predefined", "facts", "lints"]].concat();
    for (file, text) in code(&["lints"]) {
        for import in imports(&body(&text)) {
            assert!(allowed.contains(&import.as_str()), "{file} imports {import}");
        }
        assert!(!body(&text).contains("std::fs") && !body(&text).contains("println!"), "{file}");
    }
}

#[test]
fn each_outside_thing_has_one_door() {
    for (file, text) in code(&["src", "lints"]) {
        let text = body(&text);
        let names = |word: &str| Regex::new(&format!(r"\b{word}\b")).unwrap().is_match(&text);
        assert!(!names("miette::") && !names("use miette") || file == "src/report/pretty.rs", "{file} knows miette");
        assert!(!names("saphyr_parser") || file.starts_with("src/yaml/parse"), "{file} knows saphyr");
        assert!(!names("hcl_edit") || file == "src/clients/bake/hcl.rs", "{file} knows hcl-edit");
        let opens = room(&file) == "files" || room(&file) == "commands";
        assert!(!names("std::fs") || opens, "{file} opens files");
    }
}

#[test]
fn no_file_is_longer_than_four_hundred_lines_and_each_says_what_it_is() {
    for (file, text) in code(&["src", "lints", "tests"]) {
        let lines = text.split("#[cfg(test)]").next().unwrap().lines().count();
        assert!(lines <= 400, "{file} has {lines} lines");
        assert!(text.starts_with("//!") || text.starts_with("#![doc"), "{file} does not say what it is");
    }
}

#[test]
fn the_list_is_sorted_and_each_lint_has_its_pair() {
    assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id), "the list is not sorted by id");
    let listed: BTreeSet<String> = ALL.iter().map(|lint| lint.id.replace('-', "_")).collect();
    for ending in ["rs", "md"] {
        let files = fs::read_dir(home().join("lints")).unwrap().map(|entry| entry.unwrap().path());
        let here = files.filter(|path| path.extension().is_some_and(|found| found == ending));
        let mut names: BTreeSet<String> = here.map(|path| path.file_stem().unwrap().to_string_lossy().into()).collect();
        names.remove("mod");
        assert_eq!(names, listed, "lints/*.{ending} and the list differ");
    }
    for lint in ALL {
        let file = home().join("lints").join(format!("{}.md", lint.id.replace('-', "_")));
        assert_eq!(fs::read_to_string(&file).unwrap(), lint.page, "{}", file.display());
        assert!(lint.page.starts_with(&format!("# {}\n", lint.id)), "{} does not begin with its name", file.display());
    }
}

/// The first sentence of a page.
fn promise(page: &str) -> String {
    let text = page.lines().skip(1).skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let text = text.collect::<Vec<_>>().join(" ");
    text.split_inclusive(". ").next().unwrap_or("").trim_end().replace('|', "\\|")
}

#[test]
fn the_table_in_the_readme_is_that_of_the_pages() {
    const MARK: (&str, &str) = ("<!-- lints -->\n", "<!-- /lints -->");
    let mut table = "| lint | level | what it finds |\n| --- | --- | --- |\n".to_owned();
    for lint in ALL {
        let level = if lint.level == Level::Advice { "advice (`--pedantic`)" } else { lint.level.name() };
        let file = format!("lints/{}.md", lint.id.replace('-', "_"));
        table.push_str(&format!("| [`{}`]({file}) | {level} | {} |\n", lint.id, promise(lint.page)));
    }
    let path = home().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(MARK.0).expect("README.md holds the first mark");
    let (_, after) = rest.split_once(MARK.1).expect("README.md holds the second mark");
    let wanted = format!("{before}{}{table}{}{after}", MARK.0, MARK.1);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).unwrap();
    } else {
        assert_eq!(readme, wanted, "run `UPDATE=1 cargo test --test house`");
    }
}
