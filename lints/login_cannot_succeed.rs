#![doc = include_str!("login_cannot_succeed.md")]

use pushlint::clients::LoginFault;
use pushlint::finding::{Cause, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{Denial, LoginDefect, LoginEvent, Trace, Traces};

/// A login that fails by itself.
pub static LINT: Lint =
    Lint { id: "login-cannot-succeed", level: Level::Error, page: include_str!("login_cannot_succeed.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let mut findings = Vec::new();
    for trace in &traces.jobs {
        for (event, defect) in trace.walk.logins.iter().zip(&trace.defects) {
            findings
                .extend(defect.as_ref().map(|defect| finding(&pipeline.jobs[trace.job].name, trace, event, defect)));
        }
    }
    findings
}

fn finding(job: &str, trace: &Trace, event: &LoginEvent, defect: &LoginDefect) -> Finding {
    let (message, label, help, kind) = words(defect);
    let at = place(event, defect);
    let denied =
        trace.pushes.iter().filter(|push| matches!(&push.denial, Some(Denial::Login(other)) if other == defect));
    Finding {
        message,
        at,
        label,
        help: Some(help),
        certainty: defect.certainty(),
        labels: denied
            .take(3)
            .map(|push| Label { at: push.at, message: "this push will be refused".to_owned() })
            .collect(),
        jobs: vec![job.to_owned()],
        scenarios: event.scenarios,
        cause: Cause { at, kind },
    }
}

fn place(event: &LoginEvent, defect: &LoginDefect) -> Span {
    match defect {
        LoginDefect::Fault(_) => event.login.at,
        LoginDefect::HereString(at) | LoginDefect::Misspelt { at, .. } | LoginDefect::WrongUser { at, .. } => *at,
    }
}

fn words(defect: &LoginDefect) -> (String, String, String, &'static str) {
    let told =
        |message: &str, label: &str, help: &str, kind| (message.to_owned(), label.to_owned(), help.to_owned(), kind);
    match defect {
        LoginDefect::Fault(fault) => fault_words(*fault),
        LoginDefect::HereString(_) => told(
            "`<<<` is a syntax error in this image, whose shell is busybox",
            "only bash knows this",
            "pipe the password: `echo \"$CI_REGISTRY_PASSWORD\" | docker login … --password-stdin`",
            "here-string",
        ),
        LoginDefect::Misspelt { name, meant, removed, .. } => {
            let what = if *removed { "GitLab removed in 16.0" } else { "GitLab does not set" };
            (
                format!("login with `${name}`, which {what}"),
                format!("use `${meant}`"),
                format!(
                    "write `${meant}`; unquoted and empty, the variable also shifts the words behind it, and the login goes elsewhere"
                ),
                "misspelt",
            )
        }
        LoginDefect::WrongUser { user, .. } => (
            format!("login with the job token as `{user}`"),
            "the job token needs the user `gitlab-ci-token`".to_owned(),
            "write `-u gitlab-ci-token` or `-u \"$CI_REGISTRY_USER\"`".to_owned(),
            "wrong-user",
        ),
    }
}

fn fault_words(fault: LoginFault) -> (String, String, String, &'static str) {
    let (message, label, help, kind) = file_fault(fault).unwrap_or_else(|| command_fault(fault));
    (message.to_owned(), label.to_owned(), help.to_owned(), kind)
}

/// Message, label, help and kind.
type Words = (&'static str, &'static str, &'static str, &'static str);

/// What is wrong in a hand-written configuration file.
fn file_fault(fault: LoginFault) -> Option<Words> {
    Some(match fault {
        LoginFault::WrappedBase64 => (
            "`base64` wraps long secrets, and a line break makes the configuration file invalid JSON",
            "wraps after 76 characters",
            "add `| tr -d '\\n'` (or `base64 -w 0` where the image has it)",
            "wrapped-base64",
        ),
        LoginFault::WrongHubKey => (
            "Docker Hub's key in a configuration file must be `https://index.docker.io/v1/`",
            "no tool looks under this key",
            "write `https://index.docker.io/v1/`",
            "wrong-hub-key",
        ),
        LoginFault::Unexpanded => (
            "the variables stand in single quotes and are never expanded",
            "written as it stands",
            "use double quotes and escape the inner ones",
            "unexpanded",
        ),
        _ => return None,
    })
}

/// How a password is given.
const PIPE: &str = "pipe the password in: `echo \"$CI_REGISTRY_PASSWORD\" | docker login … --password-stdin`";

/// What is wrong in a login's command line.
fn command_fault(fault: LoginFault) -> Words {
    match fault {
        LoginFault::EmptyStdin => (
            "login reads the password from standard input, which is empty in a job",
            "nothing is piped in",
            PIPE,
            "empty-stdin",
        ),
        LoginFault::NoUser => {
            ("`--password-stdin` without a user name", "no `-u`", "add `-u \"$CI_REGISTRY_USER\"`", "no-user")
        }
        LoginFault::NoPassword => {
            ("login without a password, and a job has no terminal to ask at", "no password", PIPE, "no-password")
        }
        LoginFault::NoHost => (
            "login without a registry, which this tool needs",
            "no registry",
            "name the registry: `$CI_REGISTRY`",
            "no-host",
        ),
        LoginFault::RemovedCommand => (
            "`aws ecr get-login` was removed in version 2 of the AWS CLI",
            "removed command",
            "use `aws ecr get-login-password | docker login -u AWS --password-stdin HOST`",
            "removed-command",
        ),
        _ => words_fault(fault),
    }
}

/// What is wrong with the words that are no options.
fn words_fault(fault: LoginFault) -> Words {
    match fault {
        LoginFault::BareUser => (
            "login takes no other word than the registry, and the user name stands there without its `-u`",
            "no `-u`",
            "write `-u` before the user name",
            "bare-user",
        ),
        LoginFault::BarePassword => (
            "login takes no other word than the registry, and the password stands there too",
            "no `-p`",
            PIPE,
            "bare-password",
        ),
        _ => (
            "login takes no other word than one registry",
            "too many words",
            "leave out what is neither an option nor the registry",
            "too-many-words",
        ),
    }
}
