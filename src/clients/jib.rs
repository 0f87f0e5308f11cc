//! jib, by itself or as a plug-in of Maven and Gradle (facts E6).

use super::common::{docker_store, upload, word, words};
use super::containers::runtime_store;
use super::grammar::Grammar;
use super::words::{after, comma_list, secret, with_text};
use super::{Action, Arg, Call, Secret, Upload};
use crate::registry::{Family, repository};

/// What a jib command does.
pub fn actions(call: &Call) -> Vec<Action> {
    const COMMAND: Grammar = Grammar {
        values: &[
            "-t --target",
            "-b --build-file",
            "-c --context",
            "--additional-tags",
            "--to-username",
            "--to-password",
            "--username",
            "--password",
        ],
        flags: &[],
    };
    let line = COMMAND.read(words(call));
    if !matches!(line.positionals.first().map_or("", word), "build" | "jar" | "war") {
        return Vec::new();
    }
    let user = line.value("--to-username").or_else(|| line.value("--username"));
    let password = line.value("--to-password").or_else(|| line.value("--password"));
    let inline = password.map(|password| (secret(user), secret(Some(password))));
    pushes(call, line.value("--target"), line.value("--additional-tags"), inline)
}

/// What Maven or Gradle does where its words run jib; `None` for everything else.
pub fn build_tool(program: &str, call: &Call) -> Option<Vec<Action>> {
    let name = program.rsplit('/').next().unwrap_or(program);
    let runs = |goal: &str| match name {
        "mvn" | "mvnw" => goal == "jib:build" || (goal.contains("jib-maven-plugin") && goal.ends_with(":build")),
        "gradle" | "gradlew" => goal.rsplit(':').next() == Some("jib"),
        _ => false,
    };
    let args = words(call);
    args.iter().find(|arg| arg.text.as_literal().is_some_and(runs))?;
    let setting = |names: &[&str]| args.iter().rev().find_map(|arg| value(arg, names));
    let user = setting(&["-Djib.to.auth.username="]);
    let password = setting(&["-Djib.to.auth.password="]);
    let inline = password.map(|password| (secret(user.as_ref()), secret(Some(&password))));
    let image = setting(&["-Djib.to.image=", "-Dimage=", "--image="]);
    Some(pushes(call, image.as_ref(), setting(&["-Djib.to.tags="]).as_ref(), inline))
}

fn value(arg: &Arg, names: &[&str]) -> Option<Arg> {
    let name = names.iter().find(|name| arg.text.literal_prefix().starts_with(**name))?;
    Some(after(arg, name.len()))
}

/// The image and its other tags; without an image the build file decides.
fn pushes(call: &Call, image: Option<&Arg>, tags: Option<&Arg>, inline: Option<(Secret, Secret)>) -> Vec<Action> {
    let Some(image) = image else {
        return vec![Action::Unread { what: "the build file".to_owned(), may_login: true, may_push: true }];
    };
    if ["docker://", "tar://"].iter().any(|local| image.text.literal_prefix().starts_with(local)) {
        return Vec::new();
    }
    let image = match image.text.strip_prefix("registry://") {
        Some(text) => with_text(image, text),
        None => image.clone(),
    };
    let reads = [runtime_store(call), docker_store(call, None)];
    let push = |reference: &Arg| {
        let made = upload("jib", call, Some(reference), Family::Docker, &reads);
        Action::Push(Upload { inline: inline.clone(), ..made })
    };
    let mut actions = vec![push(&image)];
    for tag in tags.map_or(Vec::new(), |tags| comma_list(&tags.text)) {
        let mut text = repository(&image.text);
        text.push_str(":");
        text.push_text(&tag);
        actions.push(push(&with_text(tags.unwrap_or(&image), text)));
    }
    actions
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::check;

    #[test]
    fn jib_pushes_from_maven_gradle_and_by_itself() {
        for (line, words) in [
            ("mvn compile jib:build -Djib.to.image=$CI_REGISTRY_IMAGE:1", "push jib $CI_REGISTRY_IMAGE:1 READS"),
            (
                "./mvnw com.google.cloud.tools:jib-maven-plugin:3.4.0:build -Dimage=a/b -Djib.to.tags=1,2",
                "push jib a/b READS; push jib a/b:1 READS; push jib a/b:2 READS",
            ),
            (
                "mvn jib:build -Djib.to.image=a -Djib.to.auth.username=u -Djib.to.auth.password=$P",
                "push jib a READS inline=u:$P",
            ),
            ("./gradlew :app:jib --image=a/b:1", "push jib a/b:1 READS"),
            ("gradle jib", "unread the build file login push"),
            ("gradle jibDockerBuild", "no client"),
            ("mvn package", "no client"),
            ("jib build --target=a/b:1", "push jib a/b:1 READS"),
            ("jib jar --target docker://a x.jar", ""),
        ] {
            let reads = "reads=/run/containers/0/auth.json,~/.docker/config.json";
            check(&[(line, &words.replace("READS", reads))]);
        }
    }
}
