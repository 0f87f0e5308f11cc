//! How YAML values are read and merged.
use super::*;
use crate::source::FileId;
use crate::yaml;

fn value(text: &str) -> Value {
    let document = yaml::parse(text, FileId(0), 0).expect("YAML");
    resolve(document).expect("small")
}

/// A value as JSON-like text.
fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.clone(),
        Kind::Text(text) => format!("'{}'", text.text()),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(map) => {
            let pairs: Vec<String> =
                map.iter().map(|entry| format!("{}: {}", entry.key, shown(&entry.value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Kind::Reference(path) => format!("!{:?}", path.iter().map(|(key, _)| key).collect::<Vec<_>>()),
    }
}

fn read(text: &str) -> String {
    shown(&value(text))
}

#[test]
fn a_key_before_a_merge_key_is_overwritten_and_one_after_it_wins() {
    let text = "x: &x {image: base, tag: t}\na: {image: own, <<: *x}\nb: {<<: *x, image: own}\n";
    let expected = "{x: {image: 'base', tag: 't'}, a: {image: 'base', tag: 't'}, b: {image: 'own', tag: 't'}}";
    assert_eq!(read(text), expected);
}

#[test]
fn in_a_list_of_merges_the_earlier_wins() {
    let text = "a: &a {k: 1}\nb: &b {k: 2, l: 3}\nc: {<<: [*a, *b]}\n";
    assert_eq!(read(text), "{a: {k: 1}, b: {k: 2, l: 3}, c: {k: 1, l: 3}}");
}

#[test]
fn an_inline_map_can_be_merged() {
    assert_eq!(read("{<<: {a: 1}, b: 2}"), "{a: 1, b: 2}");
}

#[test]
fn a_merge_key_may_be_quoted_but_not_tagged() {
    assert_eq!(read("{'<<': {a: 1}, b: 2}"), "{a: 1, b: 2}");
    assert_eq!(read("{!!str <<: {a: 1}}"), "{<<: {a: 1}}");
    assert_eq!(read("{<<: text}"), "{<<: 'text'}");
}

#[test]
fn the_last_of_two_equal_keys_wins_in_the_place_of_the_first() {
    assert_eq!(read("a: 1\nb: 2\na: 3\n"), "{a: 3, b: 2}");
}

#[test]
fn only_plain_scalars_have_types() {
    assert_eq!(
        read("[yes, 'yes', \"1\", 1, ~, '~', !!str 1.10, 1.10, 0x10]"),
        "[true, 'yes', '1', 1, null, '~', '1.10', 1.1, 16]"
    );
}

#[test]
fn keys_are_turned_to_text() {
    assert_eq!(read("{1.10: a, yes: b, 010: c}"), "{1.1: 'a', true: 'b', 8: 'c'}");
}

#[test]
fn references_keep_their_path() {
    assert_eq!(read("[!reference [.a, script]]"), r#"[![".a", "script"]]"#);
    assert_eq!(read("[!reference text, !reference [[a]]]"), "[![], ![]]");
}

#[test]
fn unknown_tags_are_ignored() {
    assert_eq!(read("!thing {a: !x b}"), "{a: 'b'}");
}

#[test]
fn an_alias_is_the_same_body_and_says_how_it_came() {
    let value = value("a: &a [x]\nb: *a\n");
    let map = value.as_map().expect("map");
    let (a, b) = (map.get("a").expect("a"), map.get("b").expect("b"));
    let (Kind::List(left), Kind::List(right)) = (&a.kind, &b.kind) else { panic!("lists") };
    assert!(Arc::ptr_eq(left, right));
    assert_eq!(b.via.len(), 1);
    assert_eq!(b.via[0].kind, StepKind::Anchor);
    assert_eq!((b.via[0].at.start, b.via[0].at.end), (13, 15));
}

#[test]
fn a_merged_key_remembers_its_alias_and_what_it_replaced() {
    let value = value("x: &x {s: [1]}\na: {s: [2], <<: *x}\n");
    let merged = value.as_map().and_then(|map| map.get("a")?.as_map()?.get("s").cloned()).expect("s");
    assert_eq!(shown(&merged), "[1]");
    assert_eq!(merged.via[0].kind, StepKind::Anchor);
    assert_eq!(merged.shadowed.iter().map(|old| shown(old)).collect::<Vec<_>>(), ["[2]"]);
}

#[test]
fn an_alias_bomb_is_too_big() {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let item = format!("*a{},", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{item}]\n"));
    }
    let document = yaml::parse(&text, FileId(0), 0).expect("YAML");
    assert!(resolve(document).is_err());
}

#[test]
fn a_merge_bomb_is_too_big() {
    let keys: String = (0..2000).map(|key| format!("  k{key}: 1\n")).collect();
    let merges: String = (0..2000).map(|job| format!("j{job}: {{<<: *x}}\n")).collect();
    let document = yaml::parse(&format!("x: &x\n{keys}{merges}"), FileId(0), 0).expect("YAML");
    assert!(resolve(document).is_err());
}

#[test]
fn deep_aliases_are_too_big() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let document = yaml::parse(&text, FileId(0), 0).expect("YAML");
    assert!(resolve(document).is_err());
}

#[test]
fn maps_merge_at_any_depth_and_the_rest_is_replaced() {
    let base = value("{a: {x: 1, y: {p: 1}}, list: [1, 2], image: {name: i}, keep: 1}");
    let over = value("{a: {y: {q: 2}}, list: [3], image: alpine, empty: {}}");
    let merged = deep_merge(&base, &over, &mut 1000).expect("budget");
    assert_eq!(shown(&merged), "{a: {x: 1, y: {p: 1, q: 2}}, list: [3], image: 'alpine', keep: 1, empty: {}}");
    let list = merged.as_map().and_then(|map| map.get("list")).expect("list");
    assert_eq!(shown(&list.shadowed[0]), "[1, 2]");
    assert!(deep_merge(&base, &over, &mut 3).is_none());
}

#[test]
fn an_empty_map_keeps_and_null_or_an_empty_list_clears() {
    let base = value("{a: {x: 1}, b: {x: 1}, c: [1]}");
    let merged = deep_merge(&base, &value("{a: {}, b: null, c: []}"), &mut 1000).expect("budget");
    assert_eq!(shown(&merged), "{a: {x: 1}, b: null, c: []}");
}

#[test]
fn large_maps_find_and_lose_keys() {
    let mut map = Map::default();
    let at = Span::new(FileId(0), 0, 0);
    for key in 0..30 {
        map.insert(Entry { key: format!("k{key}").into(), key_at: at, value: Value::new(at, Kind::Null) });
    }
    assert!(map.get("k29").is_some() && map.get("k0").is_some());
    assert!(map.remove("k5").is_some() && map.get("k5").is_none());
    assert!(map.get("k29").is_some_and(Value::is_null));
    assert_eq!(map.len(), 29);
}
