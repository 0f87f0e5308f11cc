//! What the tree of a document is: shapes, spans, mapped scalars, refusals.

use std::fmt::Write as _;

use super::{Document, Node, NodeKind, Scalar, Style, parse};
use crate::source::FileId;

mod generated;

const FILE: FileId = FileId(0);

fn read(text: &str) -> Document {
    parse(text, FILE, 0).unwrap_or_else(|error| panic!("{error:?} in {text:?}"))
}

/// One line a node: depth, what it is, and the source text of its span.
fn outline(text: &str) -> String {
    fn walk(node: &Node, text: &str, depth: usize, out: &mut String) {
        let written = &text[node.span.range()];
        let anchor = node.anchor.as_ref().map_or(String::new(), |name| format!(" &{name}"));
        let tag = node.tag.as_ref().map_or(String::new(), |tag| format!(" {tag}"));
        let kind = match &node.kind {
            NodeKind::Scalar(scalar) => format!("{:?}", scalar.style),
            NodeKind::Sequence(_) => "Sequence".into(),
            NodeKind::Mapping(_) => "Mapping".into(),
            NodeKind::Alias(number) => format!("Alias {number}"),
        };
        let start = node.span.start;
        writeln!(out, "{:depth$}{kind}{anchor}{tag} {start} {written:?}", "").unwrap();
        match &node.kind {
            NodeKind::Sequence(nodes) => nodes.iter().for_each(|node| walk(node, text, depth + 1, out)),
            NodeKind::Mapping(pairs) => pairs.iter().for_each(|(key, value)| {
                walk(key, text, depth + 1, out);
                walk(value, text, depth + 1, out);
            }),
            _ => {}
        }
    }
    let mut out = String::new();
    walk(&read(text).root, text, 0, &mut out);
    out
}

fn scalars(node: &Node, visit: &mut impl FnMut(&Node, &Scalar)) {
    match &node.kind {
        NodeKind::Scalar(scalar) => visit(node, scalar),
        NodeKind::Sequence(nodes) => nodes.iter().for_each(|node| scalars(node, visit)),
        NodeKind::Mapping(pairs) => pairs.iter().for_each(|(key, value)| {
            scalars(key, visit);
            scalars(value, visit);
        }),
        NodeKind::Alias(_) => {}
    }
}

/// Checks every scalar's mapping against the source; gives the number of those known only as a whole.
fn check_mappings(text: &str, document: &Document) -> usize {
    let mut whole = 0;
    scalars(&document.root, &mut |node, scalar| {
        let decoded = scalar.text.text();
        let segments = scalar.text.segments();
        let mut last = 0;
        for (index, segment) in segments.iter().enumerate() {
            let next = segments.get(index + 1).map_or(decoded.len(), |next| next.start as usize);
            let piece = &decoded[segment.start as usize..next];
            assert!(segment.span.start >= last, "{segments:?} of {text:?}");
            assert!(segment.span.end as usize <= text.len());
            if segment.exact {
                assert_eq!(&text[segment.span.range()], piece, "{text:?}");
            }
            last = segment.span.end;
        }
        whole += usize::from(
            segments.len() == 1 && !segments[0].exact && segments[0].span == node.span && !decoded.is_empty(),
        );
    });
    whole
}

#[test]
fn a_comment_in_a_plain_scalar_maps() {
    let text = "k: &x\n  - b\n  \t#a\n    a\n";
    assert_eq!(check_mappings(text, &read(text)), 0);
}

/// The value of the only key, and its segments as (decoded, source, exact).
fn value(text: &str) -> (String, Vec<(String, String, bool)>) {
    let document = read(text);
    let NodeKind::Mapping(pairs) = &document.root.kind else { panic!("no mapping") };
    let NodeKind::Scalar(scalar) = &pairs[0].1.kind else { panic!("no scalar") };
    let (decoded, segments) = (scalar.text.text(), scalar.text.segments());
    let segments = segments.iter().enumerate().map(|(index, segment)| {
        let next = segments.get(index + 1).map_or(decoded.len(), |next| next.start as usize);
        (decoded[segment.start as usize..next].to_owned(), text[segment.span.range()].to_owned(), segment.exact)
    });
    (decoded.to_owned(), segments.collect())
}

fn exact(text: &str) -> (String, String, bool) {
    (text.into(), text.into(), true)
}

fn stands(decoded: &str, source: &str) -> (String, String, bool) {
    (decoded.into(), source.into(), false)
}

#[test]
fn spans_leave_out_anchors_tags_and_comments() {
    insta::assert_snapshot!(outline("a: &n !foo  'x' # c\nb: [1, 2] # d\nc: !reference [a, b]\nd: &m # e\n  f: g\n\n# h\ni: *n\n"), @r#"
    Mapping 0 "a: &n !foo  'x' # c\nb: [1, 2] # d\nc: !reference [a, b]\nd: &m # e\n  f: g\n\n# h\ni: *n"
     Plain 0 "a"
     Single &n !foo 12 "'x'"
     Plain 20 "b"
     Sequence 23 "[1, 2]"
      Plain 24 "1"
      Plain 27 "2"
     Plain 34 "c"
     Sequence !reference 48 "[a, b]"
      Plain 49 "a"
      Plain 52 "b"
     Plain 55 "d"
     Mapping &m 67 "f: g"
      Plain 67 "f"
      Plain 70 "g"
     Plain 77 "i"
     Alias 0 80 "*n"
    "#);
}

#[test]
fn absent_values_stand_behind_their_indicator() {
    insta::assert_snapshot!(outline("a:\nb: # c\n\nc: &x\nd: !y # z\ne:\n-\n- f\n- \ng: {h, i: , j: }\nk: [l: ]\n? m\n"), @r#"
    Mapping 0 "a:\nb: # c\n\nc: &x\nd: !y # z\ne:\n-\n- f\n- \ng: {h, i: , j: }\nk: [l: ]\n? m"
     Plain 0 "a"
     Plain 2 ""
     Plain 3 "b"
     Plain 5 ""
     Plain 11 "c"
     Plain &x 16 ""
     Plain 17 "d"
     Plain !y 22 ""
     Plain 27 "e"
     Sequence 30 "-\n- f\n-"
      Plain 31 ""
      Plain 34 "f"
      Plain 37 ""
     Plain 39 "g"
     Mapping 42 "{h, i: , j: }"
      Plain 43 "h"
      Plain 44 ""
      Plain 46 "i"
      Plain 48 ""
      Plain 51 "j"
      Plain 53 ""
     Plain 56 "k"
     Sequence 59 "[l: ]"
      Mapping 60 "l:"
       Plain 60 "l"
       Plain 62 ""
     Plain 67 "m"
     Plain 68 ""
    "#);
}

#[test]
fn block_scalars_start_at_their_first_content_line() {
    insta::assert_snapshot!(outline("a: |\n\n  b\n\n  c\n\nd: &n >- # e\n  f\n  g\nh: |\ni: |2\n    j\n"), @r#"
    Mapping 0 "a: |\n\n  b\n\n  c\n\nd: &n >- # e\n  f\n  g\nh: |\ni: |2\n    j"
     Plain 0 "a"
     Literal 6 "  b\n\n  c"
     Plain 16 "d"
     Folded &n 29 "  f\n  g"
     Plain 37 "h"
     Literal 41 ""
     Plain 42 "i"
     Literal 48 "    j"
    "#);
}

#[test]
fn pairs_inside_brackets_and_keys_that_are_collections() {
    insta::assert_snapshot!(outline("[a: b, {c: d}: e, [f]]"), @r#"
    Sequence 0 "[a: b, {c: d}: e, [f]]"
     Mapping 1 "a: b"
      Plain 1 "a"
      Plain 4 "b"
     Mapping 7 "{c: d}: e"
      Mapping 7 "{c: d}"
       Plain 8 "c"
       Plain 11 "d"
      Plain 15 "e"
     Sequence 18 "[f]"
      Plain 19 "f"
    "#);
    insta::assert_snapshot!(outline("[a, b]: c\n? - d\n  - e\n: {f: g}\n"), @r#"
    Mapping 0 "[a, b]: c\n? - d\n  - e\n: {f: g}"
     Sequence 0 "[a, b]"
      Plain 1 "a"
      Plain 4 "b"
     Plain 8 "c"
     Sequence 12 "- d\n  - e"
      Plain 14 "d"
      Plain 20 "e"
     Mapping 24 "{f: g}"
      Plain 25 "f"
      Plain 28 "g"
    "#);
}

#[test]
fn duplicates_merges_and_aliases_stay() {
    insta::assert_snapshot!(outline("a: &x {b: c}\na: &x d\n<<: *x\n<<: [*x]\n"), @r#"
    Mapping 0 "a: &x {b: c}\na: &x d\n<<: *x\n<<: [*x]"
     Plain 0 "a"
     Mapping &x 6 "{b: c}"
      Plain 7 "b"
      Plain 10 "c"
     Plain 13 "a"
     Plain &x 19 "d"
     Plain 21 "<<"
     Alias 1 25 "*x"
     Plain 28 "<<"
     Sequence 32 "[*x]"
      Alias 1 33 "*x"
    "#);
}

#[test]
fn spans_count_bytes_from_the_file_s_start() {
    let file = "\u{feff}é: 1\n---\nü: [ß, 'ö']  # ä\n";
    let part = super::documents(file)[1].clone();
    let document = parse(&file[part.clone()], FILE, part.start).unwrap();
    let mut seen = Vec::new();
    scalars(&document.root, &mut |node, _| seen.push(&file[node.span.range()]));
    assert_eq!(seen, ["ü", "ß", "'ö'"]);
    assert_eq!(check_mappings(file, &document), 0);
}

#[test]
fn plain_lines_fold() {
    assert_eq!(value("k: a b\n"), ("a b".into(), vec![exact("a b")]));
    assert_eq!(
        value("k: a \n  b\n\n  c\n").1,
        [exact("a"), stands(" ", " \n  "), exact("b"), stands("\n", "\n\n  "), exact("c")]
    );
    assert_eq!(value("k: a\r\n  b\r\n").1, [exact("a"), stands(" ", "\r\n  "), exact("b")]);
}

#[test]
fn single_quotes_double() {
    assert_eq!(value("k: 'a b'\n").1, [exact("a b")]);
    assert_eq!(
        value("k: 'it''s\n  é'\n").1,
        [exact("it"), stands("'", "''"), exact("s"), stands(" ", "\n  "), exact("é")]
    );
    assert_eq!(value("k: ''\n"), (String::new(), vec![]));
}

#[test]
fn double_quotes_escape() {
    assert_eq!(value(r#"k: "a\"b" # c"#).1, [exact("a"), stands("\"", "\\\""), exact("b")]);
    assert_eq!(value(r#"k: "\x41\u00e9\U0001F600\L""#).0, "Aé😀\u{2028}");
    assert_eq!(
        value("k: \"a \\\n  b\\\n\n  c\n  d\"").1,
        [
            exact("a "),
            stands("b", "b").into_exact(),
            stands("\n", "\\\n\n  "),
            exact("c"),
            stands(" ", "\n  "),
            exact("d")
        ]
    );
}

trait IntoExact {
    fn into_exact(self) -> Self;
}

impl IntoExact for (String, String, bool) {
    fn into_exact(self) -> Self {
        (self.0, self.1, true)
    }
}

#[test]
fn block_scalars_have_one_segment_a_line() {
    assert_eq!(value("k: |\n  a\n    b\n\n  c\n\n").1, [exact("a\n"), exact("  b\n\n"), exact("c\n")]);
    assert_eq!(value("k: |-\n  a\n\n").1, [exact("a")]);
    assert_eq!(value("k: |+\n  a\n\n").1, [exact("a\n\n")]);
    assert_eq!(value("k: |\n  a\r\n  b\r\n").1, [exact("a"), stands("\n", "\r\n"), exact("b"), stands("\n", "\r\n")]);
    assert_eq!(value("k: |1\n   a\n").1, [exact("  a\n")]);
    assert_eq!(value("k: |\n  a").1, [exact("a")]);
    assert_eq!(value("k: |+\n  a\n  ").1, [exact("a\n")]);
    assert_eq!(value("k: |\n  a\n  \n  ").1, [exact("a\n")]);
    assert_eq!(value("k: |+\n  a\n\n  ").1, [exact("a\n\n")]);
    assert_eq!(value("k: |\n\n\n  a\n").1, [exact("\n\n"), exact("a\n")]);
}

#[test]
fn folded_scalars_fold() {
    assert_eq!(
        value("k: >\n  a\n  b\n\n  c\n   d\n  e\n").1,
        [exact("a"), stands(" ", "\n  "), exact("b"), exact("\n"), exact("c\n"), exact(" d\n"), exact("e\n")]
    );
    assert_eq!(value("k: >\n  a\n  b\n").0, "a b\n");
}

#[test]
fn a_tab_may_separate_a_key_from_its_value() {
    assert_eq!(value("k:\ta\n").1, [exact("a")]);
    assert_eq!(value("k:\t'a:\tb'\n").1, [exact("a:\tb")]);
    assert_eq!(value("k: |\n  a:\tb\n  c\n").1, [exact("a:\tb\n"), exact("c\n")]);
    assert_eq!(value("k: \"a:\t\\tb\"\n").1, [exact("a:\t"), stands("\t", "\\t"), exact("b")]);
    let NodeKind::Mapping(pairs) = read("k:\n  c:\ta\n").root.kind else { panic!("no mapping") };
    assert!(matches!(pairs[0].1.kind, NodeKind::Mapping(_)));
}

#[test]
fn an_empty_document_is_an_empty_scalar() {
    for text in ["", "\n# c\n", "---\n", "\u{feff}"] {
        let NodeKind::Scalar(scalar) = read(text).root.kind else { panic!("{text:?}") };
        assert_eq!((scalar.text.text(), scalar.style), ("", Style::Plain));
    }
}

#[test]
fn only_the_first_document_is_read() {
    assert_eq!(outline("a\n--- b\n*c"), outline("a\n").as_str());
}

#[test]
fn refusals_point_and_say_why() {
    let refused = |text: &str| {
        let error = parse(text, FILE, 0).unwrap_err();
        format!("{} at {:?}", error.message, &text[error.span.range()])
    };
    let texts = [
        "a: *b\n",
        "a: &b [*b]\n",
        "a: 'b\n",
        "a:\n\tb: c\n",
        "a: b: c\n",
        "a: [b\n",
        "é: %\n",
        "a\n b\nc: d\n",
        "a: \u{1}\n",
        "a: @b",
        "a: \"\\z\"",
        "a: \"b\" c",
    ];
    let lines: Vec<String> = texts.into_iter().map(refused).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    unknown alias: b at "*b"
    alias `*b` stands inside its own anchor at "*b"
    this quote is never closed at "'"
    a tab cannot be used as indentation at "b"
    mapping values are not allowed in this context at ":"
    expected `,` or `]` at ""
    unexpected character: `%' at "%"
    mapping values are not allowed in this context at ":"
    control character U+0001 is not allowed at "\u{1}"
    unexpected character: `@' at "@"
    while parsing a quoted scalar, found unknown escape character at "\""
    text behind a closing quote at "c"
    "#);
}

#[test]
fn depth_is_bounded() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(10_000)] {
        assert!(parse(&text, FILE, 0).is_err());
    }
    let deep: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(parse(&deep, FILE, 0).unwrap_err().message, "nested more than 200 levels deep");
    assert!(parse(&"- ".repeat(199), FILE, 0).is_ok());
}
