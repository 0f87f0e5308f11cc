#![doc = include_str!("docker_daemon_mismatch.md")]

use pushlint::finding::{Cause, Certainty, Finding, Label};
use pushlint::lint::{Level, Lint};
use pushlint::model::{Environment, Job, Pipeline, Variable};
use pushlint::scenario::Scenarios;
use pushlint::source::Span;
use pushlint::trace::{Trace, Traces};

/// A `DOCKER_HOST` that contradicts the job's services or its TLS folder.
pub static LINT: Lint = Lint {
    id: "docker-daemon-mismatch",
    level: Level::Warning,
    page: include_str!("docker_daemon_mismatch.md"),
    check,
};

fn check(pipeline: &Pipeline, traces: &Traces) -> Vec<Finding> {
    let docker = |trace: &&Trace| trace.pushes.iter().any(|push| push.upload.client == "docker");
    let jobs = traces.jobs.iter().filter(docker).map(|trace| (&pipeline.jobs[trace.job], trace));
    let found = jobs.filter_map(|(job, trace)| {
        let contradiction = job.environments.iter().find_map(|environment| contradiction(job, environment))?;
        let scenarios = trace.pushes.iter().fold(Scenarios::NONE, |all, push| all.or(push.scenarios));
        Some(finding(job, contradiction, scenarios))
    });
    found.collect()
}

/// What contradicts what.
struct Contradiction {
    at: Span,
    message: String,
    help: &'static str,
    label: Option<(Span, &'static str)>,
    kind: &'static str,
}

fn contradiction(job: &Job, environment: &Environment) -> Option<Contradiction> {
    let variable = environment.variables.get("DOCKER_HOST")?;
    let (host, port) = address(variable)?;
    // What the daemon's own container is told decides there.
    let told = job.services.iter().flat_map(|service| &service.variables).any(|name| name == "DOCKER_TLS_CERTDIR");
    if let Some(found) = tls(environment, variable, port).filter(|_| !told) {
        return Some(found);
    }
    let served = job.services.iter().any(|service| service.hosts.iter().any(|name| name == host));
    let known = job.services.iter().all(|service| service.name.as_literal().is_some());
    let (true, false, Some(service)) =
        (known, served || host == "localhost" || host.starts_with("127."), job.services.first())
    else {
        return None;
    };
    Some(Contradiction {
        at: variable.at,
        message: format!("`DOCKER_HOST` names `{host}`, which is no service of the job"),
        help: "give the service this name with `alias:`, or name the service's own host",
        label: Some((service.at, "the service has another name")),
        kind: "no-service",
    })
}

/// Port 2375 is plain, 2376 is TLS.
fn tls(environment: &Environment, host: &Variable, port: u16) -> Option<Contradiction> {
    let folder = environment.variables.get("DOCKER_TLS_CERTDIR")?;
    let (message, help) = match (port, folder.text.as_literal()?) {
        (2375, path) if !path.is_empty() => (
            "`DOCKER_HOST` uses the plain port 2375, but `DOCKER_TLS_CERTDIR` turns TLS on",
            "use port 2376, or set `DOCKER_TLS_CERTDIR: \"\"`",
        ),
        (2376, "") => (
            "`DOCKER_HOST` uses the TLS port 2376, but `DOCKER_TLS_CERTDIR` turns TLS off",
            "use port 2375, or set `DOCKER_TLS_CERTDIR: /certs`",
        ),
        _ => return None,
    };
    let label = Some((folder.at, "decides whether the daemon speaks TLS"));
    Some(Contradiction { at: host.at, message: message.to_owned(), help, label, kind: "tls" })
}

/// Host and port of `tcp://host:port`.
fn address(variable: &Variable) -> Option<(&str, u16)> {
    let address = variable.text.as_literal()?.strip_prefix("tcp://")?.trim_end_matches('/');
    let (host, port) = address.split_once(':')?;
    Some((host, port.parse().ok()?))
}

fn finding(job: &Job, found: Contradiction, scenarios: Scenarios) -> Finding {
    Finding {
        message: found.message,
        at: found.at,
        label: "the docker client looks here".to_owned(),
        help: Some(found.help.to_owned()),
        certainty: Certainty::Likely,
        labels: found.label.map(|(at, message)| Label::new(at, message)).into_iter().collect(),
        jobs: vec![job.name.clone()],
        scenarios,
        cause: Cause { at: found.at, kind: found.kind },
    }
}
