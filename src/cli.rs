//! The command line as clap reads it, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Will this GitLab pipeline's image pushes be accepted, and will they overwrite what they should not?
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// The command; `check` where none is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `check`.
    #[command(flatten)]
    pub check: Check,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lint (the default command)
    Check(Check),
    /// Show the push plan: every push of every job, where it goes and with which credential
    Pushes(Pushes),
    /// Print the pipeline as GitLab would see it: includes, extends, references and defaults applied
    Expand(Expand),
    /// Print a lint's page, or the list of all lints
    Explain(Explain),
}

/// `pushlint check`.
#[derive(Args, Debug, Default)]
pub struct Check {
    /// What to read, and what is known.
    #[command(flatten)]
    pub input: Input,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Say advice too
    #[arg(long)]
    pub pedantic: bool,
    /// Say only what follows from the files
    #[arg(long)]
    pub certain: bool,
    /// Switch lints off
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Make lints warnings
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub warn: Vec<String>,
    /// Make lints errors
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Say also what comments silence
    #[arg(long)]
    pub no_ignores: bool,
    /// The least level that makes the exit code 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t)]
    pub fail_on: FailOn,
    /// Colours; auto: on a terminal (NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE are heard)
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: Color,
}

/// `pushlint pushes`.
#[derive(Args, Debug)]
pub struct Pushes {
    /// What to read, and what is known.
    #[command(flatten)]
    pub input: Input,
    /// How the plan is written
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
}

/// `pushlint expand`.
#[derive(Args, Debug)]
pub struct Expand {
    /// What to read, and what is known.
    #[command(flatten)]
    pub input: Input,
    /// How the pipeline is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Tree,
}

/// `pushlint explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// The lint's name
    pub lint: Option<String>,
}

/// What to read, and what is known besides.
#[derive(Args, Debug, Default)]
pub struct Input {
    /// Files, folders (every .gitlab-ci.yml below) or patterns; `-` is standard input; none: the
    /// .gitlab-ci.yml found upwards
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The file in whose place standard input is read
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
    /// The project's folder, for local includes, scripts and the paths in reports
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The project's path, such as acme/app
    #[arg(long, value_name = "PATH")]
    pub project: Option<String>,
    /// This GitLab's registry, such as registry.gitlab.com
    #[arg(long, value_name = "HOST")]
    pub registry: Option<String>,
    /// The configuration; default: .pushlint.yml in the root
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Look at no configuration, no environment variable and no git remote
    #[arg(long)]
    pub isolated: bool,
    /// Say nothing about what could not be read
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say everything that could not be read
    #[arg(long, short)]
    pub verbose: bool,
}

/// The formats of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines of the files
    #[default]
    Full,
    /// path:line:col: level[lint] message
    Concise,
    /// The stable JSON contract
    Json,
}

/// The formats of the push plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    #[default]
    Table,
    /// The stable JSON contract
    Json,
    /// A Mermaid flowchart: jobs and the repositories that they push to
    Mermaid,
}

/// The formats of a configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Tree {
    /// As GitLab reads it
    #[default]
    Yaml,
    /// For programs
    Json,
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    #[default]
    Warning,
    /// Anything that is said
    Advice,
    /// Nothing
    Never,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
