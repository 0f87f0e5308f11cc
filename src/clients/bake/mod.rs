//! `docker buildx bake`: the files that it reads decide what it pushes, and `--set` has the last word
//! (facts E2).

mod definition;
mod evaluate;
mod functions;
mod hcl;
mod json;
mod syntax;

use self::definition::{Definition, Override, Untold};
use self::evaluate::Evaluator;
use self::hcl::Place;
use self::syntax::Body;
use super::common::{cache, variable};
use super::compose::{Document, NAMES, Project};
use super::docker::Docker;
use super::docker_build::{cache_reference, output_pushes};
use super::grammar::{Grammar, Line};
use super::sealed::Sealed;
use super::words::{comma_list, field, with_text};
use super::{Action, Arg, File, Stdin};
use crate::text::Text;

const BAKE: Grammar = Grammar {
    values: &[
        "--allow",
        "--builder",
        "--call",
        "-f --file",
        "--list",
        "--metadata-file",
        "--policy",
        "--progress",
        "--provenance",
        "--sbom",
        "--set",
        "--var",
    ],
    flags: &["--push", "--load", "--print", "--check", "--no-cache", "--pull", "-D --debug"],
};

/// The files that are read besides compose files where none are named: all that are there.
const OWN_NAMES: [&str; 4] =
    ["docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl"];

/// `docker buildx bake`.
pub fn bake(docker: &Docker, args: &[Arg]) -> Vec<Action> {
    let line = BAKE.read(args);
    let builds = |call: &Text| call.as_literal().is_none_or(|call| call == "build");
    if line.is_on("--print") || line.is_on("--check") || line.has("--list").is_some() {
        return Vec::new();
    }
    if !line.text("--call").is_none_or(builds) {
        return Vec::new();
    }
    let bake = Bake { docker, line: &line };
    let mut actions = vec![Action::Loads];
    match bake.pushes() {
        Ok(pushes) => actions.extend(pushes),
        Err(Untold) => actions.extend(bake.by_command_line()),
    }
    actions
}

struct Bake<'a> {
    docker: &'a Docker<'a>,
    line: &'a Line,
}

impl Bake<'_> {
    /// What the files and the command line push; `Err`: some of it cannot be told.
    fn pushes(&self) -> Result<Vec<Action>, Untold> {
        let words: Option<Vec<&str>> = self.line.positionals.iter().map(|word| word.text.as_literal()).collect();
        let mut words = words.ok_or(Untold)?;
        if words.iter().any(|word| word.contains("://") || word.starts_with("git@")) {
            return Err(Untold);
        }
        if words.is_empty() {
            words.push("default");
        }
        let definition = self.definition()?;
        let mut actions = Vec::new();
        for target in definition.selected(&words) {
            let names = definition.words(&target, "tags")?;
            let outputs = definition.words(&target, "output")?;
            if self.is_pushed(&definition, &target, &outputs) {
                let pushed = names.into_iter().chain(outputs.iter().flat_map(named));
                // `condition ? "tag" : ""` is how these files leave a tag out
                let pushed = pushed.filter(|name| !name.text.is_empty());
                actions.extend(pushed.map(|name| Action::Push(self.docker.push(Some(&name)))));
            }
            let caches = definition.words(&target, "cache-to")?;
            let caches = caches.iter().filter_map(cache_reference);
            actions.extend(caches.map(|reference| cache(&self.docker.push(None), reference)));
        }
        Ok(actions)
    }

    /// `--push` and `--set target.push` turn images into pushes, where nothing else is made of them.
    fn is_pushed(&self, definition: &Definition, target: &str, outputs: &[Arg]) -> bool {
        let fields: Vec<Vec<Text>> = outputs.iter().map(|output| comma_list(&output.text)).collect();
        let pushes = || fields.iter().zip(outputs).any(|(fields, output)| output_pushes(fields, &output.text));
        let set = definition.overrides(target, "push").last();
        let told = set.map(|given| given.value.text.as_literal() != Some("false"));
        match self.line.is_on("--push").then_some(true).or(told) {
            None => pushes(),
            Some(false) => false,
            Some(true) => {
                let kind =
                    |fields: &Vec<Text>| field(fields, "type").and_then(|kind| kind.as_literal().map(str::to_owned));
                let kinds: Vec<Option<String>> = fields.iter().map(kind).collect();
                pushes()
                    || kinds.iter().any(|kind| kind.as_deref() == Some("image"))
                    || kinds.iter().all(|kind| kind.as_deref() == Some("docker"))
            }
        }
    }

    fn definition(&self) -> Result<Definition<'_>, Untold> {
        let given = self.line.values("--var").filter_map(|given| given.text.split_once('='));
        let given = given.filter_map(|(name, value)| Some((name.as_literal()?.to_owned(), value))).collect();
        let evaluator = Evaluator::new(self.docker.call.environment, given);
        let mut definition = Definition::new(evaluator, self.overrides()?);
        let (mut projects, mut bodies) = (Vec::new(), Vec::new());
        for (path, file) in self.files()? {
            self.read(&path, file, &mut projects, &mut bodies)?;
        }
        if !projects.is_empty() {
            let project = Project::of_files(self.docker.call, projects);
            if !project.unread.is_empty() {
                return Err(Untold);
            }
            definition.add_project(&project);
        }
        definition.add_files(&bodies)?;
        Ok(definition)
    }

    /// The files that the command names, or those that are there.
    fn files(&self) -> Result<Vec<(Text, File)>, Untold> {
        let environment = self.docker.call.environment;
        let named: Vec<Text> = match variable(self.docker.call, "BUILDX_BAKE_FILE") {
            Some(list) if self.line.has("--file").is_none() => {
                list.as_literal().ok_or(Untold)?.split(':').map(Text::literal).collect()
            }
            _ => self.line.values("--file").map(|file| file.text.clone()).collect(),
        };
        if named.is_empty() {
            let names = NAMES.iter().chain(&OWN_NAMES).map(|name| Text::literal(*name));
            let found = names.map(|name| (name.clone(), environment.file(&name)));
            let found: Vec<(Text, File)> = found.filter(|(_, file)| *file != File::Missing).collect();
            return if found.is_empty() { Err(Untold) } else { Ok(found) };
        }
        let read = |path: Text| match path.as_literal() {
            Some("-") => (path, self.standard_input()),
            _ => {
                let path = path.strip_prefix("cwd://").unwrap_or(path);
                (path.clone(), environment.file(&path))
            }
        };
        Ok(named.into_iter().map(read).collect())
    }

    fn standard_input(&self) -> File {
        match self.docker.call.stdin {
            Stdin::Text(text) => File::Found { text: text.clone(), at: self.docker.call.at, exact: false },
            Stdin::Null | Stdin::Unknown(_) => File::Unknown,
        }
    }

    /// Reads a file in the language that its name says; without an ending, in the one that fits.
    fn read(
        &self,
        path: &Text,
        file: File,
        projects: &mut Vec<std::rc::Rc<Document>>,
        bodies: &mut Vec<Body>,
    ) -> Result<(), Untold> {
        let name = path.as_literal().unwrap_or("");
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let File::Found { text, at, exact } = &file else { return Err(Untold) };
        let sealed = Sealed::new(text).ok_or(Untold)?;
        let place = Place { sealed: &sealed, at: *at, exact: *exact };
        let body = if ends(&[".json"]) {
            json::read(&place)
        } else if ends(&[".yml", ".yaml"]) {
            None
        } else {
            hcl::read(&place).or_else(|| if ends(&[".hcl"]) { None } else { json::read(&place) })
        };
        match body {
            Some(body) => bodies.push(body),
            None if ends(&[".json", ".hcl"]) => return Err(Untold),
            None => projects.push(Document::read(path, file).ok_or(Untold)?),
        }
        Ok(())
    }

    fn overrides(&self) -> Result<Vec<Override>, Untold> {
        let mut overrides = Vec::new();
        for set in self.line.values("--set") {
            let Some((key, value)) = set.text.split_once('=') else { continue };
            let key = key.as_literal().ok_or(Untold)?;
            let (plain, appends) = key.strip_suffix('+').map_or((key, false), |key| (key, true));
            let Some((pattern, key)) = plain.split_once('.') else { continue };
            let (pattern, key) = (pattern.to_owned(), key.to_owned());
            overrides.push(Override { pattern, key, value: with_text(set, value), appends });
        }
        Ok(overrides)
    }

    /// What the command line alone shows.
    fn by_command_line(&self) -> Vec<Action> {
        let (mut names, mut pushes, mut all) = (Vec::new(), self.line.is_on("--push"), false);
        let mut actions = Vec::new();
        for set in self.line.values("--set") {
            let Some((key, value)) = set.text.split_once('=') else { continue };
            let key = key.as_literal().unwrap_or("");
            let value_word = with_text(set, value);
            match key.rsplit('.').next().unwrap_or("") {
                "tags" => {
                    all |= key.starts_with("*.");
                    names.push(value_word);
                }
                "output" => pushes |= output_pushes(&comma_list(&value_word.text), &value_word.text),
                "push" => pushes |= value_word.text.as_literal() != Some("false"),
                "cache-to" => {
                    let reference = cache_reference(&value_word);
                    actions.extend(reference.map(|reference| cache(&self.docker.push(None), reference)));
                }
                _ => {}
            }
        }
        if pushes {
            actions.extend(names.iter().map(|name| Action::Push(self.docker.push(Some(name)))));
        }
        if !(pushes && all) {
            let file = self.line.text("--file");
            let file = file.map_or("the bake file".to_owned(), |file| format!("the bake file {}", file.shown()));
            actions.push(Action::Unread { what: file, may_login: false, may_push: true });
        }
        actions
    }
}

/// The names in an output: `type=image,name=…`.
fn named(output: &Arg) -> Vec<Arg> {
    let names = field(&comma_list(&output.text), "name");
    names.map_or(Vec::new(), |names| comma_list(&names).into_iter().map(|name| with_text(output, name)).collect())
}

#[cfg(test)]
mod tests {
    use crate::clients::testing::{In, check};

    const FILE: &str = r#"
variable "REGISTRY" { default = "r.io" }
variable "TAG" { default = "latest" }
variable "EXTRA" { default = "" }
group "default" { targets = ["app", "db"] }
function "named" {
  params = [name]
  result = "${REGISTRY}/${name}:${TAG}"
}
target "_base" {
  context = "."
  cache-to = ["type=registry,ref=${REGISTRY}/cache"]
}
target "app" {
  inherits = ["_base"]
  tags = [named("app"), notequal("", EXTRA) ? "${REGISTRY}/app:${EXTRA}" : "${REGISTRY}/app:none"]
}
target "db" {
  tags = ["${REGISTRY}/${lower("DB")}:${TAG}"]
  output = ["type=image,push=true"]
}
target "file" {
  tags = ["f"]
  output = [{ type = "local", dest = "out" }]
}
"#;

    #[test]
    fn what_cannot_be_read_may_push() {
        check(&[
            ("docker buildx bake --push", "loads; unread the bake file push"),
            ("docker bake -f x.hcl --print", ""),
            ("docker bake --call=check", ""),
            ("docker bake https://example.com/x.git --push", "loads; unread the bake file push"),
            ("docker buildx bake --push --set *.tags=$X/a:1", "loads; push docker $X/a:1"),
            (
                "docker buildx bake -f x.hcl --set app.tags=a --set app.output=type=registry",
                "loads; push docker a; unread the bake file x.hcl push",
            ),
        ]);
        for odd in ["target", "target \"default\" { tags = nowhere }", "target \"default\" { inherits = [x] }"] {
            let files = In::default().file("docker-bake.hcl", odd);
            files.check(&[("docker bake --push", "loads; unread the bake file push")]);
        }
    }

    #[test]
    fn targets_are_pushed_with_their_tags() {
        let set = || In::default().file("docker-bake.hcl", FILE).variable("REGISTRY", "r.io").variable("EXTRA", "e");
        let files = set().variable("TAG", "$CI_COMMIT_SHA");
        files.check(&[
            ("docker buildx bake", "loads; push docker r.io/cache cache; push docker r.io/db:$CI_COMMIT_SHA"),
            (
                "docker bake --push app",
                "loads; push docker r.io/app:$CI_COMMIT_SHA; push docker r.io/app:e; push docker r.io/cache cache",
            ),
            ("docker bake --push file", "loads"),
            ("docker bake --set *.output=type=registry file", "loads; push docker f"),
            ("docker bake --push --set d*.tags=x --set db.tags+=y d?", "loads; push docker x; push docker y"),
            ("docker bake --set db.push=false db", "loads"),
            ("docker bake --var TAG=v db", "loads; push docker r.io/db:v"),
            ("docker bake $WHICH", "loads; unread the bake file push"),
        ]);
    }

    #[test]
    fn a_variable_that_may_be_set_is_not_its_default() {
        let files = In::default().file(
            "docker-bake.hcl",
            "variable \"T\" { default = \"latest\" }\ntarget \"default\" { tags = [\"a:${T}\"] }",
        );
        files.check(&[("docker bake --push", "loads; push docker a:${T}")]);
    }

    #[test]
    fn a_matrix_makes_targets() {
        let files = In::default().file(
            "ci.hcl",
            r#"
names = ["a", "b"]
target "all" {
  name = "app-${item.name}-${replace(v, ".", "-")}"
  matrix = { item = [{ name = "x" }, { name = "y" }], v = ["1.0"] }
  tags = concat([for n in names : "${n}/${item.name}:${v}"], item.name == "y" ? ["z"] : [])
}
"#,
        );
        files.check(&[
            (
                "docker bake -f ci.hcl --push all",
                "loads; push docker a/x:1.0; push docker b/x:1.0; push docker a/y:1.0; push docker b/y:1.0; push docker z",
            ),
            ("docker bake -f ci.hcl --push app-x-1-0", "loads; push docker a/x:1.0; push docker b/x:1.0"),
        ]);
    }

    #[test]
    fn compose_and_json_files_are_bake_files_too() {
        let files = In::default()
            .file("compose.yml", "services:\n  web.app: {build: {context: ., x-bake: {output: [type=registry]}}, image: \"c:$T\"}\n  db: {image: d}\n")
            .file("docker-bake.json", r#"{"variable": {"T": {"default": "1"}}, "target": {"db": {"tags": ["j:${T}"]}}}"#)
            .file("docker-bake.override.json", r#"{"group": {"default": {"targets": ["web_app", "db"]}}}"#)
            .variable("T", "2");
        files.check(&[
            ("docker bake", "loads; push docker c:2"),
            ("docker bake --push", "loads; push docker c:2; push docker j:2"),
            ("docker bake -f docker-bake.json --push db", "loads; push docker j:2"),
        ]);
        let named = files.variable("BUILDX_BAKE_FILE", "docker-bake.json");
        named.check(&[("docker bake --push db", "loads; push docker j:2")]);
    }

    #[test]
    fn evaluation_ends() {
        for endless in [
            "function \"f\" {\n params = [x]\n result = f(x)\n}\ntarget \"default\" { tags = [f(1)] }",
            "a = b\nb = a\ntarget \"default\" { tags = [a] }",
            "variable \"a\" { default = \"${a}${a}\" }\ntarget \"default\" { tags = [a] }",
            "target \"default\" {\n inherits = [\"default\"]\n tags = null\n}\ngroup \"default\" { targets = [\"default\"] }",
        ] {
            let files = In::default().file("docker-bake.hcl", endless);
            assert!(files.shown("docker bake --push").starts_with("loads"), "{endless}");
        }
    }
}
