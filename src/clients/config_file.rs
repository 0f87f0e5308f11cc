//! Hand-written credential files: `config.json`, `auth.json` (facts D1, D2).

use super::json::{Json, read};
use super::login::login_host;
use super::{Login, LoginFault, LoginHost, Secret, cloud};
use crate::predefined;
use crate::registry::{Store, host};
use crate::source::Span;
use crate::text::{Origin, Symbol, Text};

/// The key under which docker looks for Docker Hub.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// Last words of the names of variables that hold secrets.
const SECRETS: &[&str] = &["TOKEN", "PASS", "PASSWORD", "SECRET", "KEY"];

/// The logins that a file with this text holds. A text that cannot be read may hold any.
#[must_use]
pub fn logins(text: &Text, store: &Store, at: Span) -> Vec<Login> {
    let file = File { store, at };
    let Some(json @ Json::Object(_)) = read(text) else {
        return vec![file.login(LoginHost::Any, Secret::Unknown, Secret::Unknown)];
    };
    let mut found = Vec::new();
    match json.get("auths") {
        Some(Json::Object(entries)) => found.extend(entries.iter().filter_map(|(key, entry)| file.entry(key, entry))),
        Some(_) => found.push(file.login(LoginHost::Any, Secret::Unknown, Secret::Unknown)),
        None => {}
    }
    let helpers = json.get("credHelpers").map_or(&[][..], Json::entries);
    found.extend(helpers.iter().map(|(key, _)| file.helped(login_host(key))));
    match json.get("credsStore") {
        Some(Json::Text(helper)) if helper.is_empty() => {}
        Some(Json::Text(helper)) => found.push(file.helped(cloud::helper_hosts(helper.as_literal().unwrap_or("")))),
        _ => {}
    }
    found
}

struct File<'a> {
    store: &'a Store,
    at: Span,
}

impl File<'_> {
    fn login(&self, host: LoginHost, user: Secret, password: Secret) -> Login {
        Login {
            at: self.at,
            host_at: self.at,
            host,
            user,
            password,
            store: self.store.clone(),
            tool: if self.is_containers() { "a written auth.json" } else { "a written config.json" },
            scope: None,
            fault: None,
            cloud: false,
            exposed: None,
        }
    }

    fn helped(&self, host: LoginHost) -> Login {
        Login { cloud: true, ..self.login(host, Secret::Unknown, Secret::Unknown) }
    }

    /// podman's file, where keys may have a path and Docker Hub is `docker.io`.
    fn is_containers(&self) -> bool {
        self.store.path.strip_suffix("auth.json").is_some()
    }

    /// One key of `auths`; an entry without any credential is none.
    fn entry(&self, key: &Text, entry: &Json) -> Option<Login> {
        let (user, password, wrapped) = match entry {
            Json::Object(fields) if fields.is_empty() => return None,
            Json::Object(_) => self.credential(entry),
            _ => (Secret::Unknown, Secret::Unknown, false),
        };
        let host = if key.as_symbol().is_some_and(is_opaque) { LoginHost::Any } else { login_host(key) };
        let made = self.login(host, user, password);
        let path = self.is_containers() && !key.literal_prefix().starts_with("http") && *key != host::of_server(key);
        Some(Login { fault: self.fault(key, entry, wrapped), scope: path.then(|| key.clone()), ..made })
    }

    fn fault(&self, key: &Text, entry: &Json, wrapped: bool) -> Option<LoginFault> {
        let literal_dollar = |text: &Text| text.as_literal().is_some_and(names_a_variable);
        let hub = login_host(key) == LoginHost::DockerHub;
        let values = || entry.entries().iter().filter_map(|(_, value)| value.text());
        if literal_dollar(key) || values().any(literal_dollar) {
            Some(LoginFault::Unexpanded)
        } else if hub && !self.is_containers() && key.as_literal().is_some_and(|key| key != HUB_KEY) {
            Some(LoginFault::WrongHubKey)
        } else {
            wrapped.then_some(LoginFault::WrappedBase64)
        }
    }

    /// User, password, and whether plain `base64` wraps them.
    fn credential(&self, entry: &Json) -> (Secret, Secret, bool) {
        let given = |name: &str| entry.get(name).and_then(Json::text).filter(|text| !text.is_empty());
        let secret = |text: Option<&Text>| text.map_or(Secret::Absent, |text| Secret::Given(text.clone(), self.at));
        let token = given("identitytoken").or_else(|| given("registrytoken"));
        if let Some(password) = given("password").or(token) {
            return (secret(given("username")), secret(Some(password)), false);
        }
        let Some(auth) = given("auth") else { return (Secret::Unknown, Secret::Unknown, false) };
        let Some(symbol) = auth.as_symbol() else { return (Secret::Unknown, Secret::Unknown, false) };
        if symbol.setting_name().is_some() {
            return (Secret::Unknown, secret(Some(auth)), false);
        }
        let shown = &symbol.data().shown;
        let names = variables(shown);
        let known = |name: &&str| Text::symbol(predefined::symbol(name).unwrap_or_else(|| Symbol::setting(name)));
        let password = names.iter().rev().find(|name| is_secret(name)).map(known);
        let user = names.iter().find(|name| !is_secret(name)).map(known);
        let user = user.or_else(|| shown.contains("gitlab-ci-token").then(|| Text::literal("gitlab-ci-token")));
        let wrapped = password.is_some() && encodes_plainly(shown);
        let or_unknown = |text: Option<Text>| text.map_or(Secret::Unknown, |text| Secret::Given(text, self.at));
        (or_unknown(user), or_unknown(password), wrapped)
    }
}

/// A key that is the output of something: it may be any host.
fn is_opaque(symbol: &Symbol) -> bool {
    matches!(symbol.data().origin, Origin::Command(_) | Origin::Unread(_) | Origin::Opaque(_))
}

/// Text in which the shell left a variable alone.
fn names_a_variable(text: &str) -> bool {
    text.split('$').skip(1).any(|rest| {
        let name = rest.strip_prefix('{').unwrap_or(rest);
        name.starts_with(|char: char| char.is_ascii_uppercase() || char == '_')
    })
}

/// The names of the variables in a command, in order.
fn variables(command: &str) -> Vec<&str> {
    let names = command.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        // PowerShell's
        let rest = rest.strip_prefix("env:").unwrap_or(rest);
        let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(rest.len());
        &rest[..end]
    });
    names.filter(|name| name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')).collect()
}

fn is_secret(name: &str) -> bool {
    name.rsplit('_').next().is_some_and(|last| SECRETS.contains(&last.to_ascii_uppercase().as_str()))
}

/// Whether a command ends in `base64` with nothing that keeps its output in one line.
fn encodes_plainly(command: &str) -> bool {
    let last = command.rsplit('|').next().unwrap_or("");
    let last = last.trim_start_matches(['$', '(', '`']).trim_end_matches([')', '`', '"']).trim();
    let last = last.split("<<<").next().unwrap_or("").trim();
    matches!(last, "base64" | "base64 -" | "openssl base64" | "openssl enc -base64" | "openssl base64 -e")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::login;
    use crate::source::FileId;
    use crate::text::testing::text;

    fn shown(file: &Text, store: &str) -> String {
        let store = Store::at(&text(store));
        let found = logins(file, &store, Span::new(FileId(0), 0, 1));
        let found: Vec<String> = found.iter().map(|made| login(made).replace("login a written ", "")).collect();
        found.join("; ")
    }

    fn docker(file: &str) -> String {
        shown(&text(file), "~/.docker/config.json")
    }

    fn auth(command: &str) -> String {
        let mut file = text("{\"auths\":{\"$CI_REGISTRY\":{\"auth\":\"");
        file.push_symbol(Symbol::unknown(command, command, Origin::Command(command.to_owned())));
        file.push_str("\"}}}");
        shown(&file, "~/.docker/config.json")
    }

    #[test]
    fn every_key_is_a_login() {
        for (file, expected) in [
            (
                r#"{"auths":{"$CI_REGISTRY":{"username":"$CI_REGISTRY_USER","password":"$CI_REGISTRY_PASSWORD"}}}"#,
                "config.json host=$CI_REGISTRY user=$CI_REGISTRY_USER password=$CI_REGISTRY_PASSWORD",
            ),
            (r#"{"auths":{"https://r.io/v2/":{"auth":"$AUTH"}}}"#, "config.json host=r.io user=? password=$AUTH"),
            (r#"{"auths":{"https://index.docker.io/v1/":{"auth":"$A"}}}"#, "config.json hub user=? password=$A"),
            (r#"{"auths":{"docker.io":{"auth":"$A"}}}"#, "config.json hub user=? password=$A fault=WrongHubKey"),
            (r#"{"credHelpers":{"r.io":"x"},"auths":{"a.io":{}}}"#, "config.json host=r.io cloud"),
            (r#"{"credsStore":"ecr-login"}"#, "config.json ends=amazonaws.com,amazonaws.com.cn,public.ecr.aws cloud"),
            ("$DOCKER_AUTH_CONFIG", "config.json any user=? password=?"),
            ("{}", ""),
        ] {
            assert_eq!(docker(file), expected, "{file}");
        }
    }

    #[test]
    fn a_variable_in_single_quotes_does_not_expand() {
        let file = Text::literal(r#"{"auths":{"$CI_REGISTRY":{"auth":"x"}}}"#);
        assert!(shown(&file, "~/.docker/config.json").ends_with("fault=Unexpanded"));
    }

    #[test]
    fn plain_base64_wraps_long_secrets() {
        let job = "config.json host=$CI_REGISTRY user=$CI_REGISTRY_USER password=$CI_REGISTRY_PASSWORD";
        let command = |tail: &str| format!("$(echo -n \"$CI_REGISTRY_USER:${{CI_REGISTRY_PASSWORD}}\" | {tail})");
        assert_eq!(auth(&command("base64")), format!("{job} fault=WrappedBase64"));
        assert_eq!(auth(&command("base64 -w 0")), job);
        assert_eq!(auth(&command("base64 | tr -d '\\n'")), job);
        assert_eq!(
            auth("$(printf gitlab-ci-token:$CI_JOB_TOKEN | base64 -w0)"),
            "config.json host=$CI_REGISTRY user=gitlab-ci-token password=$CI_JOB_TOKEN"
        );
    }

    #[test]
    fn podmans_keys_may_have_a_path() {
        let file = text(r#"{"auths":{"$CI_REGISTRY_IMAGE":{"auth":"$A"},"docker.io":{"auth":"$B"}}}"#);
        let store = "store=/run/containers/0/auth.json";
        assert_eq!(
            shown(&file, "/run/containers/0/auth.json"),
            format!(
                "auth.json host=$CI_REGISTRY user=? password=$A {store} scope=$CI_REGISTRY_IMAGE; auth.json hub user=? password=$B {store}"
            )
        );
    }
}
