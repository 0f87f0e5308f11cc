//! Only reads a file and steps through its YAML events: what checking it is measured against.
//! `cargo run --release --example floor -- large.yml`

use std::process::ExitCode;

use saphyr_parser::Parser;

fn main() -> ExitCode {
    let Some(text) = std::env::args().nth(1).and_then(|path| std::fs::read_to_string(path).ok()) else {
        return ExitCode::FAILURE;
    };
    let events = Parser::new_from_str(&text).take_while(Result::is_ok).count();
    if events > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
