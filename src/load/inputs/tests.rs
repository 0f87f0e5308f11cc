//! How inputs are filled in, and what is refused.
use crate::files::Memory;
use crate::load::{Loaded, load};
use crate::source::Sources;
use crate::text::Form;
use crate::value::{Kind, Value};

struct Read {
    loaded: Loaded,
    sources: Sources,
}

const ROOT: &str = ".gitlab-ci.yml";

fn read(files: &[(&str, &str)]) -> Read {
    let mut sources = Sources::default();
    let loaded = load(&Memory::new(files), ROOT, &mut sources);
    Read { loaded, sources }
}

/// A file with this header and content, included with these inputs.
fn included(inputs: &str, header: &str, content: &str) -> Read {
    let file = format!("spec:\n  inputs:\n{header}\n---\n{content}\n");
    read(&[(ROOT, &format!("include:\n- local: a.yml\n  inputs: {inputs}\n")), ("a.yml", &file)])
}

impl Read {
    fn shown(&self) -> String {
        let entries = self.loaded.config.iter();
        entries.map(|entry| format!("{}={}", entry.key, shown(&entry.value))).collect::<Vec<_>>().join(" ")
    }

    fn faults(&self) -> Vec<String> {
        let shown = |fault: &crate::load::Fault| format!("{} @{}", fault.message, self.sources.slice(fault.at));
        self.loaded.faults.iter().map(shown).collect()
    }

    fn value(&self, key: &str) -> &Value {
        self.loaded.config.get(key).expect("the key")
    }
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Text(text) => text.text().to_owned(),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Kind::Map(map) => {
            map.iter().map(|entry| format!("{{{}:{}}}", entry.key, shown(&entry.value))).collect::<String>()
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn what_an_include_gives_beats_the_default() {
    let read =
        included("{x: one}", "    x: {default: two}\n    y: {default: three}", "a: '$[[ inputs.x ]]-$[[inputs.y]]'");
    assert_eq!(read.shown(), "a=one-three");
    assert!(read.faults().is_empty());
}

#[test]
fn a_block_alone_keeps_the_type_and_one_inside_becomes_text() {
    let header = "    l: {type: array}\n    n: {type: number}\n    b: {type: boolean, default: false}";
    let content = "l: $[[ inputs.l ]]\nn: $[[ inputs.n ]]\nb: $[[ inputs.b ]]\nt: 'v$[[ inputs.n ]] $[[ inputs.b ]] $[[ inputs.l ]]'";
    let read = included("{l: [x, 1], n: 1.10}", header, content);
    assert_eq!(read.shown(), "l=[x,Number(\"1\")] n=Number(\"1.1\") b=Bool(false) t=v1.1 false [\"x\", 1]");
    assert!(read.faults().is_empty(), "{:?}", read.faults());
}

#[test]
fn keys_are_filled_too() {
    let read = included("{x: api}", "    x:", "'$[[ inputs.x ]]-build': {script: x}");
    assert_eq!(read.shown(), "api-build={script:x}");
}

#[test]
fn filled_text_points_to_its_block() {
    let read = included("{x: api}", "    x:", "script: push app/$[[ inputs.x ]]:latest");
    let Kind::Text(text) = &read.value("script").kind else { panic!("a text") };
    assert_eq!(text.text(), "push app/api:latest");
    assert_eq!(read.sources.slice(text.span(9..12).expect("a place")), "$[[ inputs.x ]]");
    assert_eq!(read.sources.slice(text.span(5..8).expect("a place")), "app");
    assert_eq!(read.sources.slice(text.span(13..19).expect("a place")), "latest");
}

#[test]
fn functions_are_applied_in_order() {
    let header = "    x: {default: 0123456789}\n    y: {default: a b$c}\n    z: {default: $CI_COMMIT_SHA}";
    let header = header.replace("0123456789", "'0123456789'");
    let content = "a: $[[ inputs.x | truncate(1,3) ]]\nb: $[[ inputs.y | posix_escape ]]\nc: $[[ inputs.z | expand_vars ]]\nd: $[[ inputs.z | expand_vars | truncate(0,8) ]]";
    let read = included("{}", &header, content);
    assert_eq!(read.shown(), "a=123 b=a\\ b\\$c c=$CI_COMMIT_SHA d=$[[ inputs.z | expand_vars | truncate(0,8) ]]");
    assert!(read.faults().is_empty());
}

#[test]
fn the_pipelines_own_mandatory_inputs_stay_unknown() {
    let read =
        read(&[(ROOT, "spec:\n  inputs:\n    x:\n    y: {default: d}\n---\na: $[[ inputs.x ]]$[[ inputs.y ]]\n")]);
    assert_eq!(read.shown(), "a=$[[ inputs.x ]]d");
    assert!(read.faults().is_empty());
}

#[test]
fn an_unknown_input_goes_through_an_include_as_it_is() {
    let read = read(&[
        (ROOT, "spec: {inputs: {x: }}\n---\ninclude:\n- local: a.yml\n  inputs: {y: 'v$[[ inputs.x ]]'}\n"),
        ("a.yml", "spec: {inputs: {y: {options: [a]}}}\n---\na: $[[ inputs.y ]]\n"),
    ]);
    assert_eq!(read.shown(), "a=v$[[ inputs.x ]]");
    assert!(read.faults().is_empty());
}

#[test]
fn each_include_of_a_file_has_its_own_inputs() {
    let read = read(&[
        (ROOT, "include:\n- {local: a.yml, inputs: {x: one}}\n- {local: a.yml, inputs: {x: two}}\n"),
        ("a.yml", "spec: {inputs: {x: }}\n---\n$[[ inputs.x ]]: {script: '$[[ inputs.x ]]'}\n"),
    ]);
    assert_eq!(read.shown(), "one={script:one} two={script:two}");
}

#[test]
fn includes_of_a_file_may_hang_on_its_inputs() {
    let read = read(&[
        (ROOT, "spec: {inputs: {x: {default: b}}}\n---\ninclude: ci/$[[ inputs.x ]].yml\n"),
        ("ci/b.yml", "b: 1\n"),
    ]);
    assert_eq!(read.shown(), "b=Number(\"1\")");
}

#[test]
fn wrong_inputs_are_refused_in_gitlabs_words() {
    let faults = |inputs: &str, header: &str| included(inputs, header, "a: 1").faults();
    assert_eq!(faults("{y: 1}", "    x: {default: a}"), ["unknown input arguments: y @y"]);
    assert_eq!(faults("{}", "    x:"), ["`x` input: required value has not been provided @a.yml"]);
    assert_eq!(faults("{x: a}", "    x: {regex: [a]}"), ["header:spec:inputs:x input regex should be a string @[a]"]);
    assert_eq!(faults("{x: a}", "    x: {options: a}"), ["header:spec:inputs:x input options should be an array @a"]);
    assert_eq!(
        faults("{x: a}", "    x: {default: a, rules: [{options: [a]}]}"),
        ["header:spec:inputs:x config these keys cannot be used together: rules, default @rules"]
    );
    assert_eq!(faults("{x: a}", "    x: {type: number}"), ["`x` input: provided value is not a number @a"]);
    assert_eq!(faults("{x: a}", "    x: {type: array}"), ["`x` input: provided value is not an array @a"]);
    assert_eq!(faults("{}", "    x: {type: boolean, default: a}"), ["`x` input: default value is not a boolean @a"]);
    assert_eq!(
        faults("{x: prd}", "    x: {options: [prod, test]}"),
        ["`x` input: `prd` cannot be used because it is not in the list of allowed options @prd"]
    );
    assert_eq!(
        faults("{x: w1}", "    x: {regex: '^v\\d'}"),
        ["`x` input: provided value does not match required RegEx pattern @w1"]
    );
    assert_eq!(faults("{x: a}", "    x: {regex: '('}"), ["`x` input: invalid regular expression @'('"]);
    assert_eq!(
        faults("{x: a}", "    x: {tpye: string}"),
        ["header:spec:inputs:x config contains unknown keys: tpye @tpye"]
    );
    assert_eq!(
        faults("{x: a}", "    x: {type: strng}"),
        ["header:spec:inputs:x input type unknown value: strng @strng"]
    );
}

#[test]
fn what_a_later_version_may_know_is_left_open() {
    let read = included("{x: 1}", "    x: {type: colour, looks: 2}", "a: $[[ inputs.x | upcase ]]$[[ variables.x ]]");
    assert!(read.faults().is_empty());
    assert_eq!(read.shown(), "a=$[[ inputs.x | upcase ]]$[[ variables.x ]]");
}

#[test]
fn wrong_blocks_are_refused_in_gitlabs_words() {
    let faults = |block: &str| included("{}", "    image: {default: a}", &format!("a: '{block}'")).faults();
    assert_eq!(faults("$[[ inputs.imgae ]]"), ["unknown interpolation key: `imgae` @$[[ inputs.imgae ]]"]);
    assert_eq!(faults("$[[ input.image ]]"), ["unknown interpolation key: `input` @$[[ input.image ]]"]);
    assert_eq!(faults("$[[ image ]]"), ["invalid interpolation access pattern @$[[ image ]]"]);
    let reason = "check that the function name, arguments, and types are correct";
    let unknown = format!("no function matching `truncat(0,1)`: {reason} @$[[ inputs.image | truncat(0,1) ]]");
    assert_eq!(faults("$[[ inputs.image | truncat(0,1) ]]"), [unknown]);
}

#[test]
fn a_file_without_a_header_takes_no_inputs_and_keeps_its_blocks() {
    let read = read(&[(ROOT, "include:\n- {local: a.yml, inputs: {x: 1}}\n"), ("a.yml", "a: $[[ inputs.x ]]\n")]);
    assert_eq!(read.faults(), ["unknown input arguments @{x: 1}"]);
    assert_eq!(read.shown(), "a=$[[ inputs.x ]]");
}

#[test]
fn inputs_that_double_end() {
    let mut files: Vec<(String, String)> = (0..60)
        .map(|n| {
            let next = n + 1;
            let inputs = "{x: '$[[ inputs.x ]]$[[ inputs.x ]]'}";
            let text = format!("spec: {{inputs: {{x: }}}}\n---\ninclude: {{local: f{next}.yml, inputs: {inputs}}}\n");
            (format!("f{n}.yml"), text)
        })
        .collect();
    files.push((ROOT.to_owned(), "include: {local: f0.yml, inputs: {x: aaaa}}\na: 1\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(read(&files).faults().iter().any(|fault| fault.starts_with("config too large")));
}

#[test]
fn lists_that_deepen_from_include_to_include_end() {
    let deep = format!("{}'$[[ inputs.x ]]'{}", "[".repeat(90), "]".repeat(90));
    let mut files: Vec<(String, String)> = (0..140)
        .map(|n| {
            let next = n + 1;
            let include = format!("include: {{local: f{next}.yml, inputs: {{x: {deep}}}}}");
            (format!("f{n}.yml"), format!("spec: {{inputs: {{x: {{type: array}}}}}}\n---\n{include}\n"))
        })
        .collect();
    files.push((ROOT.to_owned(), "include: {local: f0.yml, inputs: {x: [a]}}\na: 1\n".to_owned()));
    files.push(("f140.yml".to_owned(), "spec: {inputs: {x: {type: array}}}\n---\na: $[[ inputs.x ]]\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(read(&files).faults().iter().any(|fault| fault.starts_with("config too large")));
}

#[test]
fn what_is_given_takes_the_type_of_the_input() {
    let header = "    s:\n    n: {type: number}\n    b: {type: boolean}";
    let read =
        included("{s: 1.10, n: '5', b: 'true'}", header, "s: $[[ inputs.s ]]\nn: $[[ inputs.n ]]\nb: $[[ inputs.b ]]");
    assert_eq!(read.shown(), "s=1.1 n=Number(\"5\") b=Bool(true)");
    assert!(read.faults().is_empty(), "{:?}", read.faults());
}

#[test]
fn a_pattern_that_only_re2_reads_is_no_fault() {
    assert!(included("{x: a}", "    x: {regex: 'a{,2}'}", "a: 1").faults().is_empty());
    for pattern in ["'('", "'[a'", "'(?!a)b'"] {
        let faults = included("{x: a}", &format!("    x: {{regex: {pattern}}}"), "a: 1").faults();
        assert_eq!(faults, [format!("`x` input: invalid regular expression @{pattern}")]);
    }
}

const RULES: &str = "    cloud: {options: [aws, gcp], default: aws}
    live: {type: boolean, default: false}
    size:
      rules:
      - {if: \"$[[ inputs.cloud ]] == 'aws' && $[[ inputs.live ]] == true\", options: [xl, xxl], default: xl}
      - {if: \"$[[ inputs.cloud ]] == 'aws'\", options: [micro], default: micro}
      - {options: [small], default: small}";

#[test]
fn the_first_rule_that_holds_gives_default_and_options() {
    let shown = |inputs: &str| included(inputs, RULES, "a: $[[ inputs.size ]]").shown();
    assert_eq!(shown("{}"), "a=micro");
    assert_eq!(shown("{live: true}"), "a=xl");
    assert_eq!(shown("{cloud: gcp}"), "a=small");
    assert_eq!(shown("{live: true, size: xxl}"), "a=xxl");
    let late = "    size: {rules: [{if: \"$[[ inputs.cloud ]] == 'gcp'\", default: small}]}\n    cloud: {default: aws}";
    assert_eq!(included("{cloud: gcp}", late, "a: $[[ inputs.size ]]").shown(), "a=small");
    let refused = "`size` input: `xl` cannot be used because it is not in the list of allowed options @xl";
    assert_eq!(included("{size: xl}", RULES, "a: 1").faults(), [refused]);
}

#[test]
fn a_rule_that_cannot_be_decided_leaves_the_input_open() {
    let header = "    x:\n    y: {rules: [{if: \"$[[ inputs.x ]] == 'a'\", default: b}, {options: [c], default: c}]}";
    let root = format!("spec:\n  inputs:\n{header}\n---\na: $[[ inputs.y ]]\n");
    let read = read(&[(ROOT, &root)]);
    assert_eq!(read.shown(), "a=$[[ inputs.y ]]");
    assert!(read.faults().is_empty());
}

#[test]
fn rules_that_never_give_a_default_make_an_input_mandatory() {
    let header = "    x: {default: a}\n    y: {rules: [{if: \"$[[ inputs.x ]] == 'a'\", options: [b]}]}";
    let faults = included("{}", header, "a: 1").faults();
    assert_eq!(faults, ["`y` input: required value has not been provided @a.yml"]);
}

#[test]
fn an_open_input_with_options_is_one_of_them() {
    let form = |input: &str, block: &str| {
        let read = read(&[(ROOT, &format!("spec: {{inputs: {{x: {input}}}}}\n---\na: '{block}'\n"))]);
        assert!(read.faults().is_empty());
        read.loaded.inputs.symbol(block).data().form
    };
    let (safe, slash) = (Form::SAFE, Form { slash: true, ..Form::SAFE });
    assert_eq!(form("{options: [dev, prod]}", "$[[ inputs.x ]]"), safe);
    assert_eq!(form("{options: [a/dev, prod]}", "$[[ inputs.x ]]"), slash);
    assert_eq!(form("{options: [a/dev, prod]}", "$[[ inputs.x | truncate(0,1) ]]"), safe);
    assert_eq!(form("{type: boolean}", "$[[ inputs.x ]]"), safe);
    assert_eq!(form("{options: ['', prod]}", "$[[ inputs.x ]]"), Form { empty: true, ..Form::SAFE });
    assert_eq!(form("{options: [$CI_COMMIT_SHA, prod]}", "$[[ inputs.x ]]"), Form::ANY);
    assert_eq!(form("", "$[[ inputs.x ]]"), Form::ANY);
}

#[test]
fn items_of_lists_are_reached_by_number_and_key() {
    let inputs = "{x: [{host: a, ports: [1, 2]}, [b, c]]}";
    let content = "a: $[[ inputs.x[0].host ]]\nb: $[[ inputs.x[0].ports[1] ]]\nc: 'v$[[ inputs.x[1][0] ]]'";
    assert_eq!(included(inputs, "    x: {type: array}", content).shown(), "a=a b=Number(\"2\") c=vb");
}

#[test]
fn a_header_takes_inputs_from_files() {
    let root = "spec:\n  include:\n  - local: /ci/inputs.yml\n  inputs: {y: {default: two}}\n---\na: $[[ inputs.x ]]-$[[ inputs.y ]]\n";
    let read = read(&[(ROOT, root), ("ci/inputs.yml", "inputs:\n  x: {default: one}\n")]);
    assert_eq!(read.shown(), "a=one-two");
    assert!(read.faults().is_empty(), "{:?}", read.faults());
    assert!(read.loaded.complete && read.loaded.notes.is_empty());
    assert_eq!(read.loaded.read.len(), 2);
}

#[test]
fn an_input_that_two_files_define_is_refused() {
    let root = "spec: {include: [{local: a.yml}, {local: b.yml}]}\n---\na: 1\n";
    let faults = read(&[(ROOT, root), ("a.yml", "inputs: {x: }\n"), ("b.yml", "inputs: {x: }\n")]).faults();
    let rule = "input keys must be unique across all included files and inline specifications";
    assert_eq!(faults, [format!("duplicate input keys found: x. {rule} @x")]);
}

#[test]
fn a_header_include_that_is_not_here_leaves_its_inputs_open() {
    let root = "spec: {include: [{remote: 'https://example.com/a.yml'}]}\n---\na: $[[ inputs.x ]]\n";
    let read = read(&[(ROOT, root)]);
    assert_eq!(read.shown(), "a=$[[ inputs.x ]]");
    assert!(read.faults().is_empty() && read.loaded.complete);
    assert_eq!(read.loaded.notes.len(), 1);
    let missing = self::read(&[(ROOT, "spec: {include: [{local: a.yml}]}\n---\na: 1\n")]).faults();
    assert_eq!(missing, ["local file `a.yml` does not exist @a.yml"]);
}

#[test]
fn what_a_person_may_choose_is_noted_where_it_decides_which_jobs_there_are() {
    let notes = |header: &str, content: &str| {
        let read =
            read(&[(ROOT, &format!("spec:\n  inputs:\n{header}\n---\n{content}\n")), ("a.yml", "b: {script: [x]}\n")]);
        read.loaded.notes.into_iter().map(|note| note.message).collect::<Vec<_>>()
    };
    let header = "    deploy: {type: boolean, default: false}\n    to: {options: [dev, prod], default: dev}\n    name: {default: x}";
    let told = |of: &str| [format!("{of}: jobs that only another value brings are not read")];
    let rule = "a: {script: [x], rules: [{if: '$[[ inputs.deploy ]] == true'}]}";
    assert_eq!(notes(header, rule), told("the input `deploy` is taken at its default"));
    let include = "include: [{local: a.yml, rules: [{if: '\"$[[ inputs.to | truncate(0,1) ]]\" == \"p\"'}]}]\nc: {script: [x], when: '$[[inputs.deploy]]'}";
    assert_eq!(notes(header, include), told("the inputs `deploy`, `to` are taken at their defaults"));
    assert_eq!(notes(header, "a: {script: ['$[[ inputs.deploy ]]'], rules: [{if: '$[[ inputs.name ]]'}]}"), [""; 0]);
    assert_eq!(notes("    deploy: {type: boolean}", rule), [""; 0]);
}
