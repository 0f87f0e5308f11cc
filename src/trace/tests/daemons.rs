//! Which images a job's own daemon surely lacks.

use super::traced;

/// The images that the lines of a job with a dind service push, and that are missing.
fn missing(lines: &[&str]) -> Vec<String> {
    let login = "docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY";
    let script: String = std::iter::once(&login).chain(lines).map(|line| format!("    - {line}\n")).collect();
    let job = format!("build:\n  image: docker:28\n  services: [docker:28-dind]\n  script:\n{script}");
    let (traces, _) = traced(&[(".gitlab-ci.yml", &job)]);
    let absent = traces.pushes().filter_map(|(_, push)| push.absent.as_ref());
    absent.map(|absent| absent.image.replace("$CI_REGISTRY_IMAGE", "HOME").replace("$CI_COMMIT_", "$")).collect()
}

const PUSH: &str = "docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";

#[test]
fn an_image_of_another_name_is_not_the_pushed_one() {
    for made in [
        "docker build -t app .",
        "docker build .",
        "docker build -t $CI_REGISTRY_IMAGE .",
        "docker build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA .",
        "docker build -t $CI_REGISTRY_IMAGE/front:$CI_COMMIT_SHA .",
        "docker pull alpine",
        "docker run --rm alpine true",
    ] {
        assert_eq!(missing(&[made, PUSH]), ["HOME:$SHA"], "{made}");
    }
}

#[test]
fn what_may_be_the_pushed_one_says_nothing() {
    for made in [
        "docker build -t $IMAGE .",
        "docker build -t $CI_REGISTRY_IMAGE:$VERSION .",
        "docker build -t $CI_REGISTRY/$CI_PROJECT_PATH:$CI_COMMIT_SHA .",
        "docker run --rm $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA true",
        "docker run -v /var/run/docker.sock:/var/run/docker.sock builder",
        "mvn spring-boot:build-image",
        "$BUILDER .",
        "docker load -i image.tar",
        "skopeo copy docker://alpine docker-daemon:app:1",
    ] {
        assert!(missing(&[made, PUSH]).is_empty(), "{made}");
    }
}

#[test]
fn a_tag_makes_what_its_source_allows() {
    let tag = |from: &str, to: &str| format!("docker tag {from} {to}");
    let home = "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA";
    let build = "docker build -t app .";
    for (made, from, to, absent) in [
        (build, "app", home, vec![]),
        (build, "app", "$TARGET", vec![]),
        (build, "app", "$CI_REGISTRY_IMAGE", vec!["HOME:$SHA"]),
        (build, "site", home, vec!["site"]),
        (build, "site", "$TARGET", vec!["HOME:$SHA"]),
        // by its id
        ("docker build --iidfile id .", "$(cat id)", home, vec![]),
        (build, "$(docker images -q app)", home, vec![]),
        ("docker info", "$(cat id)", home, vec!["$(cat id)"]),
        ("docker build .", "$ID:1", home, vec!["$ID:1"]),
    ] {
        assert_eq!(missing(&[made, &tag(from, to), PUSH]), absent, "{made}; {from} {to}");
    }
}

#[test]
fn a_circle_of_tags_makes_nothing_and_too_much_to_remember_may_be_anything() {
    let circle = ["docker tag a b", "docker tag b $CI_REGISTRY_IMAGE:1", "docker tag $CI_REGISTRY_IMAGE:1 a"];
    assert_eq!(missing(&[circle[0], circle[1], circle[2], "docker push $CI_REGISTRY_IMAGE:1"]), ["HOME:1"]);
    let many: Vec<String> = (0..220).map(|number| format!("docker build -t app:{number} .")).collect();
    let lines: Vec<&str> = many.iter().map(String::as_str).chain([PUSH]).collect();
    assert!(missing(&lines).is_empty());
    assert_eq!(missing(&lines[100..]), ["HOME:$SHA"]);
}
