//! Whatever extends, references and includes whatever else: reading ends.

use proptest::prelude::*;

use super::build_files;

fn name() -> impl Strategy<Value = String> {
    (0_u8..6).prop_map(|n| format!(".j{n}"))
}

fn job() -> impl Strategy<Value = String> {
    let extends = prop::collection::vec(name(), 0..3).prop_map(|names| format!("extends: [{}]", names.join(", ")));
    let reference = prop::collection::vec(name(), 0..3).prop_map(|names| {
        let items: Vec<String> = names.iter().map(|name| format!("!reference [{name}, script]")).collect();
        format!("script: [x, {}]", items.join(", "))
    });
    let variables = (0_u8..4, 0_u8..4).prop_map(|(a, b)| format!("variables: {{V{a}: '$V{b}-$V{a}'}}"));
    (extends, reference, variables).prop_map(|(a, b, c)| format!("{{{a}, {b}, {c}}}"))
}

fn file() -> impl Strategy<Value = String> {
    let includes = prop::collection::vec((0_u8..4).prop_map(|n| format!("f{n}.yml")), 0..3);
    (includes, prop::collection::vec((name(), job()), 0..6)).prop_map(|(includes, jobs)| {
        let jobs: String = jobs.iter().map(|(name, job)| format!("{name}: {job}\n")).collect();
        format!("include: [{}]\n{jobs}visible: {{extends: .j0, script: [!reference [.j1]]}}\n", includes.join(", "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_tree_of_extends_references_and_includes(files in prop::collection::vec(file(), 4)) {
        let paths = ["f0.yml", "f1.yml", "f2.yml", ".gitlab-ci.yml"];
        let files: Vec<(&str, &str)> = paths.into_iter().zip(files.iter().map(String::as_str)).collect();
        build_files(&files);
    }
}

/// Pieces of which configurations are made, between spaces; `_` stands for a line break.
const PIECES: &str = "a: _ _ - script: extends: variables: include: .yml [ ] { } &a *a <<: !reference $X ${ % ' \" |_ \
                      default: parallel: matrix: rules: if: image: services: tags: inherit: run: trigger: needs: é \
                      ---_ spec: , $[[x]] ~ 1.10";

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.split_whitespace().collect::<Vec<_>>());
    let spaced = (piece, 0_usize..5).prop_map(|(piece, spaces)| piece.replace('_', "\n") + &" ".repeat(spaces));
    prop::collection::vec(spaced, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in pieces()) {
        build_files(&[(".gitlab-ci.yml", &text)]);
    }

    #[test]
    fn any_value_of_the_keywords_is_read_without_a_panic(value in pieces()) {
        let value = value.replace('\n', " ");
        for keyword in ["script", "image", "services", "variables", "rules", "parallel", "inherit", "tags", "run", "extends"] {
            build_files(&[(".gitlab-ci.yml", &format!("default: {{{keyword}: {value}}}\nj:\n  {keyword}: {value}\n"))]);
        }
    }
}
