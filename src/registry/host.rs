//! Hosts: which are surely no GitLab's registry, which names mean one host, what a login's server
//! argument becomes.

use crate::predefined;
use crate::text::{Origin, Part, Symbol, Text};

/// Registries that are no GitLab's, by their whole name.
const ELSEWHERE: &[&str] = &[
    "docker.io",
    "public.ecr.aws",
    "ghcr.io",
    "docker.pkg.github.com",
    "quay.io",
    "gcr.io",
    "mcr.microsoft.com",
    "registry.digitalocean.com",
    "registry.heroku.com",
    "registry.fly.io",
    "registry.redhat.io",
    "registry.access.redhat.com",
    "registry.k8s.io",
    "k8s.gcr.io",
    "cgr.dev",
    "nvcr.io",
    "dhi.io",
    "icr.io",
    "ttl.sh",
    "codeberg.org",
    "dtr.docker.com",
];

/// Registries that are no GitLab's, by the end of their name.
const ELSEWHERE_BELOW: &[&str] = &[
    ".docker.io",
    ".docker.com",
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".gcr.io",
    ".pkg.dev",
    ".azurecr.io",
    ".azurecr.cn",
    ".azurecr.us",
    ".ocir.io",
    ".ocir.oraclecloud.com",
    ".icr.io",
    ".jfrog.io",
    ".quay.io",
    ".scw.cloud",
    ".vultrcr.com",
    ".aliyuncs.com",
    ".cr.yandex",
    ".tencentyun.com",
    ".tencentcloudcr.com",
    ".myhuaweicloud.com",
    ".ovh.net",
    ".cloudsmith.io",
    ".packages.cloud.ibm.com",
    ".ecr.aws",
    ".redhat.io",
];

/// Docker Hub under the names that docker takes for one. Its other hosts have keys of their own.
const HUB: &[&str] = &["docker.io", "index.docker.io"];

/// Predefined variables that are a host.
const HOSTS: &[&str] = &[
    "CI_REGISTRY",
    "CI_DEPENDENCY_PROXY_SERVER",
    "CI_TEMPLATE_REGISTRY_HOST",
    "CI_SERVER_HOST",
    "CI_SERVER_FQDN",
    "CI_PAGES_DOMAIN",
];

/// Another registry for sure: one of a fixed list, whatever GitLab this is.
#[must_use]
pub fn elsewhere(host: &Text) -> bool {
    if let Some(name) = host.as_literal() {
        let name = name.to_ascii_lowercase();
        let name = name.split(':').next().unwrap_or("");
        return name == "cr.yandex"
            || ELSEWHERE.contains(&name)
            || HUB.contains(&name)
            || ELSEWHERE_BELOW.iter().any(|end| name.ends_with(end));
    }
    let Some(Part::Lit(last)) = host.parts().last() else { return false };
    let last = last.to_ascii_lowercase();
    let last = last.split(':').next().unwrap_or("");
    ELSEWHERE_BELOW.iter().any(|end| last.ends_with(end))
}

/// What people call registries that are no GitLab's, in the names of scripts and targets.
const CALLED: &[&str] = &["dockerhub", "ecr", "gcr", "ghcr", "quay", "acr"];

/// Whether a name speaks of another registry: `push-to-docker-hub`, `push_ecr.sh`.
#[must_use]
pub fn called_elsewhere(name: &str) -> bool {
    let words: Vec<String> =
        name.split(|char: char| !char.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    words.iter().any(|word| CALLED.contains(&word.as_str())) || words.windows(2).any(|pair| pair == ["docker", "hub"])
}

/// Docker Hub's other names become `docker.io`; every other host stays.
#[must_use]
pub fn canonical(host: &Text) -> Text {
    match host.as_literal() {
        Some(name) if HUB.contains(&name) => Text::literal("docker.io"),
        _ => host.clone(),
    }
}

/// What docker makes of a login's server: no scheme, nothing from the first `/` on.
#[must_use]
pub fn of_server(text: &Text) -> Text {
    let plain = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = plain.unwrap_or_else(|| text.clone());
    if let Some(Part::Sym(symbol)) = plain.parts().first()
        && let Some(host) = of_prefix(symbol)
    {
        return host;
    }
    match plain.split_once('/') {
        Some((host, _)) => canonical(&host),
        None => canonical(&plain),
    }
}

/// Needs no login: this machine.
#[must_use]
pub fn local(host: &Text) -> bool {
    let prefix = host.literal_prefix();
    let name = prefix.split(':').next().unwrap_or("");
    let ends = prefix.contains(':') || host.as_literal().is_some();
    prefix.starts_with("127.")
        || prefix.starts_with("[::1]")
        || (ends && (name == "localhost" || name.ends_with(".localhost")))
}

/// The host at the start of a value that holds host and path: `$CI_REGISTRY_IMAGE`.
#[must_use]
pub fn of_prefix(symbol: &Symbol) -> Option<Text> {
    let server = match symbol.data().origin {
        Origin::Predefined("CI_REGISTRY_IMAGE") => "CI_REGISTRY",
        Origin::Predefined(
            "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX" | "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
        ) => "CI_DEPENDENCY_PROXY_SERVER",
        _ => return None,
    };
    // what was cut from the end or turned to lower case still begins with the host
    let keeps_start = operator(symbol).is_some_and(|operator| operator.starts_with('%') || operator.starts_with("/%"));
    if symbol.predefined_in_any_case().is_none() && !keeps_start {
        return None;
    }
    predefined::symbol(server).map(Text::symbol)
}

/// Whether a value is one that GitLab sets, whole or without its end, so that it is known which path it names.
#[must_use]
pub fn is_part_of_predefined(symbol: &Symbol) -> bool {
    // Paths surely hold a `/`; whether there is another mark to cut at is not known.
    let is_cut = operator(symbol).is_some_and(|operator| operator.starts_with("%/") || operator.starts_with("%%/"));
    matches!(symbol.data().origin, Origin::Predefined(_)) && (symbol.predefined_in_any_case().is_some() || is_cut)
}

/// What `${NAME…}` does to its variable, from the operator on.
fn operator(symbol: &Symbol) -> Option<&str> {
    let inner = symbol.data().shown.strip_prefix("${")?;
    Some(inner.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '_'))
}

/// Whether a first part with symbols in it may be a host.
#[must_use]
pub fn possible(first: &Text) -> bool {
    if certain(first) {
        return true;
    }
    first.symbols().all(|symbol| {
        let data = symbol.data();
        !matches!(data.origin, Origin::Predefined(_)) && (data.form.colon || data.form.slash)
    })
}

/// Whether a text that stands where a host stands is surely one.
#[must_use]
pub fn certain(host: &Text) -> bool {
    if host.as_literal().is_some() {
        return true;
    }
    let predefined = host.symbols().next().and_then(Symbol::predefined);
    predefined.is_some_and(|name| HOSTS.contains(&name))
        || host.parts().iter().any(|part| matches!(part, Part::Lit(text) if text.contains(['.', ':'])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SymbolData;
    use crate::text::testing::text;

    #[test]
    fn known_registries_are_elsewhere() {
        for host in ["docker.io", "1.dkr.ecr.eu.amazonaws.com", "quay.io", "eu.gcr.io", "eu-docker.pkg.dev"] {
            assert!(elsewhere(&text(host)), "{host}");
        }
        assert!(elsewhere(&text("$ACCT.dkr.ecr.eu-west-1.amazonaws.com")));
        for host in ["$CI_REGISTRY", "registry.gitlab.com", "registry.example.com", "notquay.io", "$HOST"] {
            assert!(!elsewhere(&text(host)), "{host}");
        }
    }

    #[test]
    fn a_server_is_reduced_to_its_host() {
        for (server, host) in [
            ("https://$CI_REGISTRY", "$CI_REGISTRY"),
            ("$CI_REGISTRY/group", "$CI_REGISTRY"),
            ("$CI_REGISTRY_IMAGE", "$CI_REGISTRY"),
            ("https://index.docker.io/v1/", "docker.io"),
            ("reg.io:5000/a", "reg.io:5000"),
        ] {
            assert_eq!(of_server(&text(server)), text(host), "{server}");
        }
    }

    #[test]
    fn names_of_scripts_speak_of_registries() {
        for name in ["push-to-docker-hub", "ci/push_ecr.sh", "push:ghcr", "./PushTo/DockerHub-push.sh", "push-quay"] {
            assert!(called_elsewhere(name), "{name}");
        }
        for name in ["push", "docker-push", "push-hub", "push-image.sh", "secret-push", "docker-github"] {
            assert!(!called_elsewhere(name), "{name}");
        }
    }

    #[test]
    fn this_machine_is_local() {
        for host in ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "localhost:$PORT"] {
            assert!(local(&text(host)), "{host}");
        }
        assert!(!local(&text("localhost.example.com")));
        assert!(!local(&text("$HOST")));
    }

    #[test]
    fn a_value_whose_end_is_replaced_names_no_known_path() {
        let derived = |shown: &str| {
            let home = predefined::symbol("CI_REGISTRY_IMAGE").expect("a row");
            let shown = shown.to_owned();
            Symbol::new(SymbolData { key: shown.clone(), shown, ..home.data().clone() })
        };
        for (shown, begins, known) in [
            ("${CI_REGISTRY_IMAGE%/*}", true, true),
            ("${CI_REGISTRY_IMAGE%%:*}", true, false),
            ("${IMAGE/%-dev/-$NAME}", true, false),
            ("${IMAGE/a%b/c}", false, false),
            ("${IMAGE/old/new}", false, false),
            ("$(echo $IMAGE | ./rename.sh)", false, false),
        ] {
            let symbol = derived(shown);
            assert_eq!(of_prefix(&symbol).is_some(), begins, "{shown}");
            assert_eq!(is_part_of_predefined(&symbol), known, "{shown}");
        }
    }
}
