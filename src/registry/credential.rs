//! Whose a credential is, by its user and its password.

use super::Credential;
use crate::text::{Origin, Text};

/// The job token's password under its names, and its users.
const JOB: &[&str] = &[
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
    "CI_DEPENDENCY_PROXY_PASSWORD",
    "CI_REGISTRY_USER",
    "CI_DEPENDENCY_PROXY_USER",
];
const DEPLOY: &[&str] = &["CI_DEPLOY_PASSWORD", "CI_DEPLOY_USER"];

/// The credential of a user and a password; either may be absent or not known (`None`).
/// The password decides: GitLab looks a token up by its value, whatever the user is called.
#[must_use]
pub fn credential(user: Option<&Text>, password: Option<&Text>) -> Credential {
    match (user.map(of), password.map(of)) {
        // A personal token works under these names as well (facts C1).
        (Some(Credential::Job | Credential::Deploy), Some(_)) if password.is_some_and(is_printed) => {
            Credential::Unknown
        }
        (None, None) => Credential::None,
        (_, Some(known)) if known != Credential::Unknown => known,
        (Some(known), _) => known,
        (None, Some(unknown)) => unknown,
    }
}

fn of(text: &Text) -> Credential {
    if text.as_literal() == Some("gitlab-ci-token") {
        return Credential::Job;
    }
    let named = |names: &[&str]| {
        text.symbols().any(|symbol| matches!(symbol.data().origin, Origin::Predefined(name) if names.contains(&name)))
    };
    if named(JOB) {
        Credential::Job
    } else if text.symbols().any(|symbol| symbol.setting_name() == Some("CI_BUILD_TOKEN")) {
        // the job token's name before GitLab 16.0
        Credential::Job
    } else if named(DEPLOY) {
        Credential::Deploy
    } else if text.symbols().any(|symbol| !is_own(&symbol.data().origin)) {
        Credential::Unknown
    } else {
        Credential::Own
    }
}

/// The output of a command, which may be anybody's secret.
fn is_printed(text: &Text) -> bool {
    text.as_symbol().is_some_and(|symbol| matches!(symbol.data().origin, Origin::Command(_)))
}

fn is_own(origin: &Origin) -> bool {
    matches!(
        origin,
        Origin::Setting(_) | Origin::Predefined(_) | Origin::Matrix(_) | Origin::Input(_) | Origin::Command(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Symbol;
    use crate::text::testing::text;

    #[test]
    fn the_password_decides_and_the_user_helps_out() {
        for (user, password, expected) in [
            ("$CI_REGISTRY_USER", "$CI_REGISTRY_PASSWORD", Credential::Job),
            ("gitlab-ci-token", "$CI_JOB_TOKEN", Credential::Job),
            ("$CI_DEPLOY_USER", "$CI_DEPLOY_PASSWORD", Credential::Deploy),
            ("$CI_REGISTRY_USER", "$MY_TOKEN", Credential::Own),
            ("me", "secret", Credential::Own),
        ] {
            assert_eq!(credential(Some(&text(user)), Some(&text(password))), expected, "{user} {password}");
        }
        assert_eq!(credential(Some(&text("$CI_REGISTRY_USER")), None), Credential::Job);
        let command = "vault read token";
        let printed = Text::symbol(Symbol::unknown(command, command, Origin::Command(command.to_owned())));
        for (user, expected) in [
            (Some("gitlab-ci-token"), Credential::Unknown),
            (Some("$CI_DEPLOY_USER"), Credential::Unknown),
            (Some("$ROBOT"), Credential::Own),
            (None, Credential::Own),
        ] {
            assert_eq!(credential(user.map(text).as_ref(), Some(&printed)), expected, "{user:?}");
        }
        assert_eq!(credential(None, None), Credential::None);
    }
}
