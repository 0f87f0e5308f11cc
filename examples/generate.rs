//! Prints a `.gitlab-ci.yml` of about as many lines as the first argument says, the same one every
//! time: input for measuring. `cargo run --example generate -- 20000 > large.yml`

use std::fmt::Write;
use std::io::Write as _;

const HEAD: &str = r#"# A large configuration, as grown over the years.
stages: [test, build, deploy]

variables:
  DOCKER_TLS_CERTDIR: "/certs"
  IMAGE_NAME: $CI_REGISTRY_IMAGE/app
  PLATFORMS: "linux/amd64,linux/arm64"

default:
  image: docker:27.1
  before_script: &login
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY

.rules: &rules
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
    - if: $CI_COMMIT_TAG =~ /^v\d+/
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      when: never

.build:
  stage: build
  services:
    - docker:27.1-dind
  variables:
    CONTEXT: .
    DOCKERFILE: Dockerfile
  script:
    - docker build --pull -t "$CI_REGISTRY_IMAGE/base:$CI_COMMIT_SHORT_SHA" -f $DOCKERFILE $CONTEXT
    - docker push "$CI_REGISTRY_IMAGE/base:$CI_COMMIT_SHORT_SHA"
"#;

const JOBS: [&str; 8] = [
    r#"
# Builds service @.
build service @:
  extends: .build
  variables:
    CONTEXT: services/s@
    TAG: $CI_COMMIT_SHORT_SHA
  <<: *rules
  script:
    - docker build --pull --build-arg VERSION=$CI_COMMIT_TAG -t $CI_REGISTRY_IMAGE/s@:$TAG $CONTEXT
    - docker push $CI_REGISTRY_IMAGE/s@:$TAG
    - if [ "$CI_COMMIT_BRANCH" = "$CI_DEFAULT_BRANCH" ]; then docker tag $CI_REGISTRY_IMAGE/s@:$TAG $CI_REGISTRY_IMAGE/s@:latest; docker push $CI_REGISTRY_IMAGE/s@:latest; fi
"#,
    r#"
test service @:
  stage: test
  image: python:3.12-slim
  before_script:
    - pip install -r services/s@/requirements.txt   # pinned
  script:
    - cd services/s@
    - |
      set -e
      for suite in unit integration contract; do
        echo "running $suite"
        python -m pytest "tests/$suite" --junitxml="report-$suite.xml"
      done
  artifacts:
    when: always
    reports:
      junit: services/s@/report-*.xml
  only:
    - branches
    - merge_requests
"#,
    r#"
image @:
  stage: build
  before_script:
    - docker info
    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY
  script:
    - export IMAGE="$IMAGE_NAME-@:${CI_COMMIT_TAG:-$CI_COMMIT_REF_SLUG}"
    - docker build --cache-from "$IMAGE" -t "$IMAGE" .
    - docker push "$IMAGE"
  only:
    - main
    - tags
  tags: [docker]
"#,
    r#"
kaniko @:
  stage: build
  image:
    name: gcr.io/kaniko-project/executor:v1.23.2-debug
    entrypoint: [""]
  before_script:
    - mkdir -p /kaniko/.docker
    - echo "{\"auths\":{\"$CI_REGISTRY\":{\"username\":\"$CI_REGISTRY_USER\",\"password\":\"$CI_REGISTRY_PASSWORD\"}}}" > /kaniko/.docker/config.json
  script:
    - >-
      /kaniko/executor
      --context "$CI_PROJECT_DIR/k@"
      --dockerfile "$CI_PROJECT_DIR/k@/Dockerfile"
      --destination "$CI_REGISTRY_IMAGE/k@:$CI_COMMIT_SHA"
  rules:
    - if: $CI_COMMIT_TAG
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      changes:
        - k@/**/*
"#,
    r#"
deploy @:
  stage: deploy
  image: alpine/helm:3.15.2
  environment:
    name: production/@
    url: https://s@.example.com
  before_script: []
  script:
    - 'helm upgrade --install s@ charts/s@ --set image.tag=$CI_COMMIT_SHORT_SHA --namespace prod'
    - curl --fail --silent "https://s@.example.com/health" || exit 1
  needs: ["build service @"]
  when: manual
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
"#,
    r#"
# Multi-platform image of tool @.
tool @:
  stage: build
  extends: .build
  before_script:
    - *login
    - docker buildx create --use --name builder-@
  script:
    - |
      if [ -n "$CI_COMMIT_TAG" ]; then
        TAG="$CI_COMMIT_TAG"
      else
        TAG="$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA"
      fi
      docker buildx build --platform "$PLATFORMS" --push -t "$CI_REGISTRY_IMAGE/tool@:$TAG" tools/t@
  after_script:
    - docker buildx rm builder-@
"#,
    r#"
mirror @:
  stage: deploy
  image: quay.io/skopeo/stable:v1.15
  variables:
    SOURCE: $CI_REGISTRY_IMAGE/s@:$CI_COMMIT_SHORT_SHA
    TARGET: registry.example.com/mirror/s@
  before_script:
    - skopeo login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"
    - skopeo login -u "$MIRROR_USER" -p "$MIRROR_PASSWORD" registry.example.com
  script:
    - skopeo copy "docker://$SOURCE" "docker://$TARGET:$CI_COMMIT_SHORT_SHA"
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      variables:
        TARGET: registry.example.com/main/s@
    - if: $CI_COMMIT_TAG
"#,
    r#"
lint @:
  stage: test
  image: node:22-alpine
  cache: &cache@
    key: npm-@
    paths:
      - web/w@/node_modules/
  before_script:
    - npm ci --prefix web/w@
  script:
    - npm --prefix web/w@ run lint
    - npm --prefix web/w@ run build -- --mode production
  artifacts:
    paths: [web/w@/dist]
    expire_in: 1 week
  except:
    - schedules
"#,
];

fn main() -> std::io::Result<()> {
    let wanted: usize = std::env::args().nth(1).and_then(|lines| lines.parse().ok()).unwrap_or(20_000);
    let mut text = HEAD.to_owned();
    let mut lines = text.lines().count();
    for number in 0.. {
        if lines >= wanted {
            break;
        }
        let job = JOBS[number % JOBS.len()].replace('@', &(number / JOBS.len()).to_string());
        lines += job.lines().count();
        let _ = write!(text, "{job}");
    }
    std::io::stdout().write_all(text.as_bytes())
}
