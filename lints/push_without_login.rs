#![doc = include_str!("push_without_login.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::Pipeline;
use pushlint::source::Span;
use pushlint::trace::{Denial, Doubt, Missing, Push, Trace, Traces};

/// A push that no login reaches.
pub static LINT: Lint =
    Lint { id: "push-without-login", level: Level::Error, page: include_str!("push_without_login.md"), check };

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let denied = traces.pushes().filter_map(|(trace, push)| match &push.denial {
        Some(Denial::NotLoggedIn { why, certainty }) => Some((trace, push, why, *certainty)),
        _ => None,
    });
    denied
        .map(|(trace, push, why, certainty)| {
            let cause = Cause { at: cause(trace, push, why), kind: kind(why) };
            finding(&pipeline.jobs[trace.job].name, push, why, (certainty, cause))
        })
        .collect()
}

/// Several pushes of one job that lack the same login have one cause, and so have several jobs that share them.
fn cause(trace: &Trace, push: &Push, why: &Missing) -> Span {
    if let Missing::Lost { key, .. } = why {
        return *key;
    }
    let host = |push: &Push| push.reference.as_ref().and_then(|reference| reference.host.clone());
    let alike = |other: &&Push| match &other.denial {
        Some(Denial::NotLoggedIn { why: because, .. }) => kind(because) == kind(why) && host(other) == host(push),
        _ => false,
    };
    trace.pushes.iter().find(alike).map_or(push.at, |first| first.at)
}

fn finding(job: &str, push: &Push, why: &Missing, (certainty, cause): (Certainty, Cause)) -> Finding {
    let host = host(push);
    let mut labels = labels(why);
    labels.extend(super::callers(push));
    Finding {
        message: message(why, &host),
        at: push.at,
        label: format!("pushes to {host} without a login"),
        help: Some(help(push, why, &host)),
        certainty,
        labels,
        jobs: vec![job.to_owned()],
        scenarios: push.scenarios,
        cause,
    }
}

fn message(why: &Missing, host: &str) -> String {
    match why {
        Missing::Nowhere => format!("push to {host}, but the job never logs in to it"),
        Missing::Lost { .. } => format!("push to {host}, but `before_script` replaces the one that logs in"),
        Missing::OtherJob { .. } => format!("push to {host}, but only another job logs in to it"),
        Missing::Later { .. } => format!("push to {host} before the login"),
        Missing::LoggedOut { .. } => format!("push to {host} after the logout"),
        Missing::SomePaths { .. } => format!("push to {host}, but only some paths through the job log in"),
        Missing::OtherHost { host: other, .. } => format!("push to {host}, but the job logs in to {other}"),
        Missing::Overridden { .. } => {
            format!("push to {host}, but the login goes to the host that overrides `CI_REGISTRY`")
        }
        Missing::OtherStore { .. } => format!("push to {host}, but its tool does not read the login"),
    }
}

fn advice(why: &Missing) -> String {
    let advice = match why {
        Missing::Nowhere | Missing::Later { .. } => "log in before the push",
        Missing::Lost { .. } => "repeat the login here, or bring it in with `!reference`",
        Missing::OtherJob { job, .. } => {
            return format!(
                "log in in this job too: it starts with a clean configuration, whatever it `needs`; `{job}` shows how"
            );
        }
        Missing::LoggedOut { .. } => "push before the logout",
        Missing::SomePaths { .. } => "log in on every path that pushes, or push only where the job logged in",
        Missing::OtherHost { .. } => "log in to the registry that the reference names",
        Missing::Overridden { .. } => {
            "`$CI_REGISTRY_IMAGE` does not follow an overridden `CI_REGISTRY`: give the other registry a variable of its own"
        }
        Missing::OtherStore { read, .. } => return format!("write the credential to `{read}`, which the push reads"),
    };
    advice.to_owned()
}

/// The other places that matter.
fn labels(why: &Missing) -> Vec<Label> {
    let label = |at: &Span, message: &str| Label { at: *at, message: message.to_owned() };
    match why {
        Missing::Nowhere => Vec::new(),
        Missing::Lost { login, key } => {
            vec![label(login, "this login does not run in the job"), label(key, "replaced by this key")]
        }
        Missing::OtherJob { login, .. } => vec![label(login, "this login is in another job")],
        Missing::Later { login } => vec![label(login, "the login comes after the push")],
        Missing::LoggedOut { login, logout } => vec![label(login, "logs in"), label(logout, "logs out again")],
        Missing::SomePaths { login } => vec![label(login, "this login may be passed by")],
        Missing::OtherHost { login, host } => vec![label(login, &format!("logs in to {host}"))],
        Missing::Overridden { login, definition } => {
            vec![label(definition, "overrides the predefined variable"), label(login, "logs in to the override")]
        }
        Missing::OtherStore { login, written, .. } => vec![label(login, &format!("writes `{written}`"))],
    }
}

fn kind(why: &Missing) -> &'static str {
    match why {
        Missing::Nowhere => "nowhere",
        Missing::Lost { .. } => "lost",
        Missing::OtherJob { .. } => "other-job",
        Missing::Later { .. } => "later",
        Missing::LoggedOut { .. } => "logged-out",
        Missing::SomePaths { .. } => "some-paths",
        Missing::OtherHost { .. } => "other-host",
        Missing::Overridden { .. } => "overridden",
        Missing::OtherStore { .. } => "other-store",
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

fn help(push: &Push, why: &Missing, host: &str) -> String {
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
    format!("{}{command}{unless}", advice(why))
}

/// What would make the push right after all.
fn unless(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::UnreadInclude => "an include that is not read logs in",
        Doubt::UnreadCall => "a script that is not read logs in",
        Doubt::HalfJob => "what completes this job logs in",
        Doubt::SomePaths => "the push never runs on the other paths",
        Doubt::Pulled => "the pull before it shows that the runner is logged in",
        Doubt::ShellRunner => "a shell runner is logged in",
        Doubt::Tagged => "the tagged runner is logged in",
        Doubt::OddImage => "the image brings a credential",
        Doubt::HostNowhere => "the runner is logged in to that registry",
        Doubt::PulledThere => "the pull before it shows that the runner is logged in",
        Doubt::Override => "the override names the server's own registry",
        Doubt::OwnHost => "the registry is this GitLab's own, for which the tool finds the job token by itself",
        Doubt::ServerHost => "the registry shares GitLab's own host name",
    }
}
