#![doc = include_str!("push_without_login.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{Denial, Doubt, Missing, Push, Traces};

/// A push that no login reaches.
pub static LINT: Lint =
    Lint { id: "push-without-login", level: Level::Error, page: include_str!("push_without_login.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let denied = traces.pushes().filter_map(|(trace, push)| match &push.denial {
        Some(Denial::NotLoggedIn { why, certainty }) => Some((trace, push, why, *certainty)),
        _ => None,
    });
    denied.map(|(trace, push, why, certainty)| finding(&pipeline.jobs[trace.job].name, push, why, certainty)).collect()
}

fn finding(job: &str, push: &Push, why: &Missing, certainty: Certainty) -> Finding {
    let host = host(push);
    let told = tell(why, &host);
    let mut labels = told.labels;
    labels.extend(
        push.from
            .last()
            .filter(|at| **at != push.at)
            .map(|at| Label { at: *at, message: "the reference comes from here".to_owned() }),
    );
    Finding {
        message: told.message,
        at: push.at,
        label: format!("pushes to {host} without a login"),
        help: Some(help(push, why, told.help, &host)),
        certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause: Cause { at: told.cause.unwrap_or(push.at), kind: told.kind },
    }
}

/// The words for one shape.
struct Told {
    message: String,
    help: String,
    labels: Vec<Label>,
    kind: &'static str,
    cause: Option<Span>,
}

fn tell(why: &Missing, host: &str) -> Told {
    let label = |at: &Span, message: &str| Label { at: *at, message: message.to_owned() };
    let told = |message: String, help: &str, labels: Vec<Label>, kind| Told {
        message,
        help: help.to_owned(),
        cause: None,
        labels,
        kind,
    };
    match why {
        Missing::Nowhere => told(
            format!("push to {host}, but the job never logs in to it"),
            "log in before the push",
            Vec::new(),
            "nowhere",
        ),
        Missing::Lost { login, key } => Told {
            cause: Some(*key),
            ..told(
                format!("push to {host}, but `before_script` replaces the one that logs in"),
                "repeat the login here, or bring it in with `!reference`",
                vec![label(login, "this login does not run in the job"), label(key, "replaced by this key")],
                "lost",
            )
        },
        Missing::OtherJob { login, job } => told(
            format!("push to {host}, but only another job logs in to it"),
            &format!(
                "log in in this job too: it starts with a clean configuration, whatever it `needs`; `{job}` shows how"
            ),
            vec![label(login, "this login is in another job")],
            "other-job",
        ),
        Missing::Later { login } => told(
            format!("push to {host} before the login"),
            "log in before the push",
            vec![label(login, "the login comes after the push")],
            "later",
        ),
        Missing::LoggedOut { login, logout } => told(
            format!("push to {host} after the logout"),
            "push before the logout",
            vec![label(login, "logs in"), label(logout, "logs out again")],
            "logged-out",
        ),
        Missing::SomePaths { login } => told(
            format!("push to {host}, but only some paths through the job log in"),
            "log in on every path that pushes, or push only where the job logged in",
            vec![label(login, "this login may be passed by")],
            "some-paths",
        ),
        Missing::OtherHost { login, host: other } => told(
            format!("push to {host}, but the job logs in to {other}"),
            "log in to the registry that the reference names",
            vec![label(login, &format!("logs in to {other}"))],
            "other-host",
        ),
        Missing::Overridden { login, definition } => told(
            format!("push to {host}, but the login goes to the host that overrides `CI_REGISTRY`"),
            "`$CI_REGISTRY_IMAGE` does not follow an overridden `CI_REGISTRY`: give the other registry a variable of its own",
            vec![label(definition, "overrides the predefined variable"), label(login, "logs in to the override")],
            "overridden",
        ),
        Missing::OtherStore { login, written, read } => told(
            format!("push to {host}, but its tool does not read the login"),
            &format!("write the credential to `{read}`, which the push reads"),
            vec![label(login, &format!("writes `{written}`"))],
            "other-store",
        ),
    }
}

fn host(push: &Push) -> String {
    let host = push.reference.as_ref().and_then(|reference| reference.host.as_ref());
    match host.map(pushlint::text::Text::shown) {
        Some(host) if host == "docker.io" => "Docker Hub".to_owned(),
        Some(host) => host,
        None => "a registry".to_owned(),
    }
}

fn help(push: &Push, why: &Missing, help: String, host: &str) -> String {
    let lacks =
        matches!(why, Missing::Nowhere | Missing::Lost { .. } | Missing::OtherJob { .. } | Missing::OtherHost { .. });
    let command = match (host, push.upload.client) {
        ("$CI_REGISTRY", "docker") if lacks => {
            ": `echo \"$CI_REGISTRY_PASSWORD\" | docker login -u \"$CI_REGISTRY_USER\" --password-stdin \"$CI_REGISTRY\"`"
        }
        _ => "",
    };
    let unless: Vec<&str> = push.doubts.iter().map(unless).collect();
    let unless = if unless.is_empty() { String::new() } else { format!("; fine only if {}", unless.join(" and ")) };
    format!("{help}{command}{unless}")
}

/// What would make the push right after all.
fn unless(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::UnreadInclude => "an include that is not read logs in",
        Doubt::UnreadCall => "a script that is not read logs in",
        Doubt::SomePaths => "the push never runs on the other paths",
        Doubt::Pulled => "the pull before it shows that the runner is logged in",
        Doubt::ShellRunner => "a shell runner is logged in",
        Doubt::Tagged => "the tagged runner is logged in",
        Doubt::OddImage => "the image brings a credential",
        Doubt::HostNowhere => "the runner is logged in to that registry",
        Doubt::PulledThere => "the pull before it shows that the runner is logged in",
        Doubt::Override => "the override names the server's own registry",
        Doubt::ServerHost => "the registry shares GitLab's own host name",
    }
}
