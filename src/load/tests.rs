//! How files are loaded: includes, their order, their faults.
use super::*;
use crate::files::Memory;
use crate::value::{StepKind, Value};

struct Read {
    loaded: Loaded,
    sources: Sources,
}

fn read(files: &[(&str, &str)]) -> Read {
    read_from(&Memory::new(files))
}

fn read_from(files: &dyn Files) -> Read {
    let mut sources = Sources::default();
    let loaded = load(files, ".gitlab-ci.yml", &mut sources);
    Read { loaded, sources }
}

impl Read {
    fn text(&self, path: &[&str]) -> Option<String> {
        let mut value = self.loaded.config.get(path[0])?;
        for key in &path[1..] {
            value = value.as_map()?.get(key)?;
        }
        value.scalar()
    }

    fn faults(&self) -> Vec<String> {
        let shown = |fault: &Fault| format!("{} @{}", fault.message, self.sources.slice(fault.at));
        self.loaded.faults.iter().map(shown).collect()
    }

    fn keys(&self) -> Vec<&str> {
        self.loaded.config.iter().map(|entry| &*entry.key).collect()
    }
}

const ROOT: &str = ".gitlab-ci.yml";

#[test]
fn the_including_file_beats_what_it_includes() {
    let read = read(&[
        (ROOT, "a: {script: own}\ninclude: /ci/a.yml\n"),
        ("ci/a.yml", "a: {script: theirs, before_script: kept}\nb: {script: b}\n"),
    ]);
    assert_eq!(read.text(&["a", "script"]).as_deref(), Some("own"));
    assert_eq!(read.text(&["a", "before_script"]).as_deref(), Some("kept"));
    assert_eq!(read.keys(), ["a", "b"]);
    assert_eq!(read.loaded.read.len(), 2);
    let kept = read.loaded.config.get("a").and_then(|job| job.as_map()?.get("before_script")).expect("kept");
    assert_eq!(kept.via[0].kind, StepKind::Include);
    assert_eq!(read.sources.slice(kept.via[0].at), "/ci/a.yml");
}

#[test]
fn the_later_include_wins_and_nested_ones_come_first() {
    let read = read(&[
        (ROOT, "include: [a.yml, {local: b.yml}]\n"),
        ("a.yml", "include: c.yml\nvariables: {A: a, X: a}\n"),
        ("b.yml", "variables: {X: b}\n"),
        ("c.yml", "variables: {A: c, X: c, C: c}\n"),
    ]);
    assert_eq!(read.text(&["variables", "A"]).as_deref(), Some("a"));
    assert_eq!(read.text(&["variables", "X"]).as_deref(), Some("b"));
    assert_eq!(read.text(&["variables", "C"]).as_deref(), Some("c"));
}

#[test]
fn wildcards_include_what_they_match() {
    let read = read(&[
        (ROOT, "include: 'ci/**/*.yml'\n"),
        ("ci/a.yml", "a: 1\n"),
        ("ci/x/b.yml", "b: 1\n"),
        ("ci/c.txt", "c: 1\n"),
    ]);
    assert_eq!(read.keys(), ["a", "b"]);
    assert!(read.faults().is_empty());
}

#[test]
fn includes_from_elsewhere_are_unread() {
    let read = read(&[(
        ROOT,
        "include:\n- project: g/p\n  file: x.yml\n- remote: https://x/y.yml\n- template: T.yml\n- component: c@1\n- https://x/z.yml\n- local: $X.yml\n",
    )]);
    let names: Vec<&str> = read.loaded.unread_includes.iter().map(|include| include.name.as_str()).collect();
    assert_eq!(names, ["g/p", "https://x/y.yml", "T.yml", "c@1", "https://x/z.yml", "$X.yml"]);
    assert_eq!(read.loaded.notes.len(), 6);
    assert!(read.faults().is_empty() && !read.loaded.complete);
}

#[test]
fn a_missing_file_is_named_with_its_neighbour() {
    let read = read(&[(ROOT, "include: ci/biuld.yml\n"), ("ci/build.yml", "")]);
    assert_eq!(read.faults(), ["local file `ci/biuld.yml` does not exist @ci/biuld.yml"]);
    assert_eq!(read.loaded.faults[0].help.as_deref(), Some("did you mean `ci/build.yml`?"));
}

#[test]
fn nothing_outside_the_root_and_nothing_but_yaml_is_included() {
    let read = read(&[(ROOT, "include: [../x.yml, x.txt]\n"), ("x.txt", "a: 1")]);
    assert_eq!(
        read.faults(),
        ["local file `../x.yml` does not exist @../x.yml", "included file `x.txt` does not have YAML extension @x.txt"]
    );
}

#[test]
fn circles_end() {
    let read = read(&[(ROOT, "include: a.yml\na: 1\n"), ("a.yml", "include: [.gitlab-ci.yml, a.yml]\nb: 1\n")]);
    assert_eq!(read.faults().len(), 2);
    assert_eq!(read.keys(), ["b", "a"]);
}

#[test]
fn more_than_150_includes_are_too_many() {
    let list = "a.yml, ".repeat(151);
    let text = format!("include: [{list}]\n");
    let read = read(&[(ROOT, &text), ("a.yml", "a: 1\n")]);
    assert_eq!(read.faults(), ["maximum of 150 nested includes are allowed @a.yml"]);
}

#[test]
fn includes_that_double_end() {
    let files: Vec<(String, String)> =
        (0..40).map(|n| (format!("f{n}.yml"), format!("include: [f{0}.yml, f{0}.yml]\n", n + 1))).collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push((ROOT, "include: f0.yml\na: 1\n"));
    assert!(read(&files).faults().iter().any(|fault| fault.starts_with("maximum of 150")));
}

#[test]
fn a_header_gives_way_to_the_last_document() {
    let read = read(&[(ROOT, "spec:\n  inputs:\n    x:\n---\na: $[[ inputs.x ]]\n")]);
    assert_eq!(read.text(&["a"]).as_deref(), Some("$[[ inputs.x ]]"));
    assert_eq!(read.keys(), ["a"]);
}

#[test]
fn a_header_that_is_not_closed_is_a_fault() {
    let read = read(&[(ROOT, "spec:\n  inputs: {}\na: 1\n")]);
    assert_eq!(read.faults(), ["the `spec:` header is not closed by `---` @spec"]);
    assert_eq!(read.keys(), ["a"]);
}

#[test]
fn without_a_header_the_first_document_is_all() {
    assert_eq!(read(&[(ROOT, "a: 1\n--- \nb: 2\n")]).keys(), ["a"]);
    assert_eq!(read(&[(ROOT, "# about\n---\nb: 2\n")]).keys(), ["b"]);
    assert_eq!(read(&[(ROOT, "%YAML 1.1\n---\nb: 2\n")]).keys(), ["b"]);
}

#[test]
fn what_is_no_mapping_is_a_fault() {
    assert_eq!(read(&[(ROOT, "- a\n")]).faults(), ["`.gitlab-ci.yml` is not a mapping of jobs and keywords @- a"]);
    assert_eq!(read(&[(ROOT, "a: [\n")]).faults().len(), 1);
    assert_eq!(read(&[]).faults(), ["`.gitlab-ci.yml` does not exist @"]);
}

#[test]
fn bytes_that_are_no_utf_8_are_no_fault() {
    struct One(&'static [u8]);
    impl Files for One {
        fn read(&self, _: &str) -> Result<Vec<u8>, crate::files::ReadError> {
            Ok(self.0.to_vec())
        }
        fn list(&self) -> Vec<String> {
            Vec::new()
        }
    }
    let read = read_from(&One(b"# \xd1\xe1\na: x\xff\xfey\nb: z\n"));
    assert_eq!(read.text(&["a"]).as_deref(), Some("x\u{f7ff}\u{f7fe}y"));
    let second = &read.loaded.config.get("b").expect("b").at;
    assert_eq!((read.sources.slice(*second), read.sources.get(second.file).line_of(second.start as usize)), ("z", 3));
    assert_eq!(read.faults(), Vec::<String>::new());
    assert_eq!(read_from(&One(b"\xe4\xe0: 1\n\xed\xee: 2\n")).keys().len(), 2, "other bytes are other words");
    assert_eq!(read_from(&One(b"\xff\xfea\0:\0 \x001\0\n\0")).text(&["a"]).as_deref(), Some("1"));
}

#[test]
fn an_empty_file_is_called_empty() {
    let what = "is empty: it has neither a job nor a keyword";
    assert_eq!(read(&[(ROOT, "# later\n")]).faults(), [format!("`.gitlab-ci.yml` {what} @")]);
    let child = read(&[(ROOT, "include: a.yml\nb: 1\n"), ("a.yml", "---\n\n")]);
    assert_eq!(child.faults(), [format!("`a.yml` {what} @a.yml")]);
}

#[test]
fn an_alias_of_another_file_is_told_what_crosses_files() {
    let read = read(&[(ROOT, "include: a.yml\nb: *a\n"), ("a.yml", ".a: &a {script: x}\n")]);
    assert_eq!(read.faults(), ["unknown alias: a @*a"]);
    let help = "an anchor serves only its own file: `extends` and `!reference` reach what other files define";
    assert_eq!(read.loaded.faults[0].help.as_deref(), Some(help));
    assert_eq!(self::read(&[(ROOT, "a: [\n")]).loaded.faults[0].help, None);
}

#[test]
fn a_file_is_read_once_for_many_roots() {
    let files = Memory::new(&[("a.yml", "include: c.yml\n"), ("b.yml", "include: c.yml\n"), ("c.yml", "c: 1\n")]);
    let mut sources = Sources::default();
    let mut loader = Loader::new(&files);
    loader.load("a.yml", &mut sources);
    loader.load("b.yml", &mut sources);
    assert_eq!(sources.iter().count(), 3);
}

#[test]
fn an_include_whose_rules_never_match_is_dropped() {
    let read = |rules: &str| {
        let root = format!("include:\n- local: a.yml\n  rules: {rules}\n");
        let read = read(&[(ROOT, &root), ("a.yml", "a: 1\n")]);
        assert!(read.faults().is_empty());
        read.keys().len()
    };
    assert_eq!(read("[{if: '$CI_PIPELINE_SOURCE == \"carrier-pigeon\"'}]"), 0);
    assert_eq!(read("[{if: '$CI == \"false\"'}]"), 0);
    assert_eq!(read("[{when: never}]"), 0);
    assert_eq!(read("[{if: $CI, when: never}, {when: always}]"), 0);
    assert_eq!(read("[{if: $MINE, when: never}, {when: always}]"), 1);
    assert_eq!(read("[{if: $CI_COMMIT_TAG}]"), 1);
    assert_eq!(read("[{exists: [Dockerfile]}]"), 1);
    assert_eq!(read("[]"), 1);
}

#[test]
fn a_missing_file_that_its_rules_may_exclude_is_no_fault() {
    let read = read(&[(ROOT, "include:\n- local: a.yml\n  rules: [{exists: [a.yml]}]\n")]);
    assert!(read.faults().is_empty());
    assert_eq!(read.loaded.notes.len(), 1);
}

#[test]
fn a_project_is_read_from_its_checkout() {
    let theirs = [("a.yml", "include: sub/b.yml\na: 1\n"), ("sub/b.yml", "b: 1\n"), ("own.yml", "c: 1\n")];
    let files = Memory::new(&[
        (ROOT, "include:\n- {project: acme/ci, ref: v1, file: [/a.yml, own.yml]}\n- own.yml\n"),
        ("own.yml", "own: 1\n"),
    ]);
    let read = read_from(&files.with_checkout("acme/ci", "../ci", &theirs));
    assert_eq!(read.keys(), ["b", "a", "c", "own"]);
    let paths: Vec<&str> = read.sources.iter().map(|(_, source)| source.path.as_str()).collect();
    assert_eq!(paths, [ROOT, "../ci/a.yml", "../ci/sub/b.yml", "../ci/own.yml", "own.yml"]);
    assert!(read.loaded.complete && read.loaded.notes.is_empty());
}

#[test]
fn components_remote_files_and_templates_are_read_from_checkouts() {
    let files = Memory::new(&[(
        ROOT,
        "include:\n- {component: $CI_SERVER_FQDN/acme/parts/build@1.0, inputs: {x: y}}\n- component: gitlab.com/acme/parts/test@~latest\n- https://ci.example.com/main/x.yml\n- template: Jobs/Build.gitlab-ci.yml\n",
    )]);
    let parts = [
        ("templates/build.yml", "spec: {inputs: {x: }}\n---\nbuild: $[[ inputs.x ]]\n"),
        ("templates/test/template.yml", "test: 1\n"),
    ];
    let gitlab = [("lib/gitlab/ci/templates/Jobs/Build.gitlab-ci.yml", "template: 1\n")];
    let files = files.with_checkout("acme/parts", "../parts", &parts);
    let files = files.with_checkout("https://ci.example.com/main", "../remote", &[("x.yml", "remote: 1\n")]);
    let read = read_from(&files.with_checkout("gitlab-org/gitlab", "../gitlab", &gitlab));
    assert_eq!(read.keys(), ["build", "test", "remote", "template"]);
    assert_eq!(read.text(&["build"]).as_deref(), Some("y"));
    assert!(read.faults().is_empty() && read.loaded.complete);
}

#[test]
fn what_a_checkout_lacks_is_a_note_and_what_its_files_lack_a_fault() {
    let files = Memory::new(&[(ROOT, "include:\n- {project: acme/ci, file: [no.yml, a.yml]}\n- project: acme/ci\n")]);
    let read = read_from(&files.with_checkout("acme/ci", "../ci", &[("a.yml", "include: /b.yml\na: 1\n")]));
    assert_eq!(
        read.faults(),
        [
            "local file `b.yml` does not exist @/b.yml",
            "project `acme/ci` must specify the file where to fetch the config from @acme/ci"
        ]
    );
    assert_eq!(read.loaded.notes[0].message, "the project include `acme/ci: no.yml` is not read");
}

#[test]
fn includes_know_the_project_and_its_settings() {
    let files = Memory::new(&[
        (
            ROOT,
            "include:\n- $WHERE/a.yml\n- {project: $CI_PROJECT_NAMESPACE/ci, file: b.yml}\n- {local: c.yml, rules: [{if: $ON}]}\n- {local: c.yml, rules: [{if: '$ON == \"no\"'}]}\n",
        ),
        ("ci/a.yml", "a: 1\n"),
        ("c.yml", "c: 1\n"),
    ]);
    let files = files.with_checkout("acme/ci", "../ci", &[("b.yml", "b: 1\n")]);
    let mut sources = Sources::default();
    let file = sources.add(crate::source::Source::new("settings", "WHERE: ci\nON: yes\n"));
    let at = Span::new(file, 0, 1);
    let mut settings = Map::default();
    for (name, value) in [("WHERE", "ci"), ("ON", "yes")] {
        let text = Arc::new(crate::source::Mapped::coarse(value, at));
        let value = Value::new(at, crate::value::Kind::Text(text));
        settings.insert(crate::value::Entry { key: name.into(), key_at: at, value });
    }
    let outside = Outside { settings, project: Some("acme/app".to_owned()) };
    let loaded = Loader::new(&files).knowing(outside).load(ROOT, &mut sources);
    let read = Read { loaded, sources };
    assert_eq!(read.keys(), ["a", "b", "c"]);
    assert_eq!(read.loaded.read.len(), 4);
    assert!(read.loaded.notes.is_empty());
}

#[test]
fn a_project_may_include_its_own_files_and_components() {
    let files = Memory::new(&[
        (
            ROOT,
            "include:\n- component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/build@$CI_COMMIT_SHA\n- {project: '${CI_PROJECT_PATH}', file: /a.yml}\n",
        ),
        ("templates/build.yml", "spec: {inputs: {x: {default: y}}}\n---\nbuild: $[[ inputs.x ]]\n"),
        ("a.yml", "a: 1\n"),
    ]);
    let read = read_from(&files);
    assert_eq!(read.keys(), ["build", "a"]);
    assert_eq!(read.text(&["build"]).as_deref(), Some("y"));
    assert!(read.faults().is_empty() && read.loaded.complete);
}
