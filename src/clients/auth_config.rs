//! `DOCKER_AUTH_CONFIG` in the environment: docker's command line reads it since 28.3, in front of its
//! file (facts D1). GitLab's runner reads it for the job's images, which is why it is there.

use super::common::variable;
use super::{Action, Call, Login, config_file};
use crate::registry::Store;
use crate::text::Text;

const NAME: &str = "DOCKER_AUTH_CONFIG";
/// The version that reads it first.
const SINCE: (u64, u64) = (28, 3);

/// The pushes of a docker command, with the credentials of the environment in front of them.
pub fn with(call: &Call, mut actions: Vec<Action>) -> Vec<Action> {
    if !actions.iter().any(|action| matches!(action, Action::Push(_))) || !is_read(call.environment.image()) {
        return actions;
    }
    let Some(text) = variable(call, NAME) else { return actions };
    let store = Store { path: Text::literal(format!("${NAME}")) };
    for action in &mut actions {
        if let Action::Push(upload) = action {
            upload.reads.insert(0, store.clone());
        }
    }
    let at = call.environment.written(NAME).last().copied().unwrap_or(call.at);
    let found = config_file::logins(&text, &store, at).into_iter();
    let logins = found.map(|login| Action::Login(Login { tool: NAME, fault: None, ..login }));
    logins.chain(actions).collect()
}

/// Whether the docker in an image reads it; one whose version does not show is taken for current.
fn is_read(image: Option<&Text>) -> bool {
    let Some((name, tag)) = image.and_then(|image| image.rsplit_once(':')) else { return true };
    let is_docker = name.as_literal() == Some("docker") || name.strip_suffix("/docker").is_some();
    let Some(tag) = tag.as_literal().filter(|_| is_docker) else { return true };
    let mut numbers = tag.split('-').next().unwrap_or("").split('.').map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= SINCE,
        (Some(Ok(major)), _) => major >= SINCE.0,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::In;
    use crate::text::testing::text;

    #[test]
    fn the_version_decides() {
        for (image, reads) in [
            ("docker:27.5.1-cli", false),
            ("docker:28.2", false),
            ("r.io/mirror/docker:20-dind", false),
            ("docker:28.3.0-cli", true),
            ("docker:28", true),
            ("docker:cli", true),
            ("docker", true),
            ("docker:$VERSION", true),
            ("alpine:3.2", true),
        ] {
            assert_eq!(is_read(Some(&text(image))), reads, "{image}");
        }
    }

    #[test]
    fn the_environment_is_read_before_the_file() {
        let set = || In::default().variable(NAME, r#"{"auths":{"$CI_REGISTRY":{"auth":"$A"}}}"#);
        set().image("docker:28").check(&[
            (
                "docker push a",
                "login DOCKER_AUTH_CONFIG host=$CI_REGISTRY user=? password=$A store=$DOCKER_AUTH_CONFIG; push docker a reads=$DOCKER_AUTH_CONFIG,~/.docker/config.json local",
            ),
            ("docker pull a", "pull a"),
        ]);
        set().image("docker:27-cli").check(&[("docker push a", "push docker a local")]);
        set().check(&[("crane push x a", "push crane a reads=~/.docker/config.json,/run/containers/0/auth.json")]);
    }
}
