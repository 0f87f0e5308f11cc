//! The trees of single constructs.

use super::ast::{AssignedValue, CommandKind, Condition, Operation, RedirectKind, Simple, Word, WordPart};
use super::{parse, simple_commands};

/// Every simple command's words as written, those in substitutions included.
fn commands(text: &str) -> Vec<String> {
    let script = parse(text);
    simple_commands(&script).into_iter().map(|simple| raw(text, simple)).collect()
}

fn raw(text: &str, simple: &Simple) -> String {
    simple.words.iter().map(|word| &text[word.at.range()]).collect::<Vec<_>>().join(" ")
}

fn first(text: &str) -> CommandKind {
    parse(text).list.items.remove(0).first.commands.remove(0).kind
}

/// The second word of a simple command.
fn word(text: &str) -> Word {
    match first(text) {
        CommandKind::Simple(mut simple) => simple.words.remove(1),
        other => panic!("{other:?} is simple"),
    }
}

fn operation(text: &str) -> Operation {
    match word(text).parts.remove(0) {
        WordPart::Parameter(parameter) => parameter.operation,
        other => panic!("{other:?} is a parameter"),
    }
}

fn body(text: &str) -> Word {
    let command = parse(text).list.items.remove(0).first.commands.remove(0);
    match command.redirects.into_iter().next().expect("a redirection").kind {
        RedirectKind::HereDocument { body, .. } => body,
        other => panic!("{other:?} is a here-document"),
    }
}

#[test]
fn a_broken_line_loses_nothing_before_or_after_it() {
    assert_eq!(commands("a\nb (c) d\ne\n"), ["a", "b", "e"]);
    assert_eq!(commands("a\necho 'b\nc"), ["a", "c"]);
    assert_eq!(commands("if a; then\nb )\nc\nfi\nd"), ["a", "b", "c", "d"]);
    assert_eq!(commands("x=$(foo | )\nb"), ["", "b"]);
    assert_eq!(commands("fi\na"), ["a"]);
}

#[test]
fn an_unclosed_if_keeps_its_body() {
    let CommandKind::If { branches, .. } = first("if a; then b; c") else { panic!("an if") };
    assert_eq!(branches[0].1.items.len(), 2);
}

#[test]
fn a_word_after_a_continued_line_starts_at_its_first_character() {
    let text = "docker \\\n  push x\\\ny";
    let word = word(text);
    assert_eq!(word.at.start, 11);
    let CommandKind::Simple(simple) = first(text) else { panic!("simple") };
    assert!(matches!(&simple.words[2].parts[..], [WordPart::Literal(text, _)] if text == "xy"));
}

#[test]
fn quotes_make_their_parts() {
    let text = r#"e a\ b'c'"d\"$x"$'\t\x41'"#;
    let parts = word(text).parts;
    assert!(matches!(&parts[1], WordPart::Quoted(text, _) if text == " "), "{parts:?}");
    assert!(matches!(&parts[3], WordPart::Quoted(text, _) if text == "c"), "{parts:?}");
    let WordPart::Double(inner, _) = &parts[4] else { panic!("{parts:?}") };
    assert!(matches!(&inner[0], WordPart::Literal(text, _) if text == "d\""), "{inner:?}");
    assert!(matches!(&parts[5], WordPart::Quoted(text, _) if text == "\tA"), "{parts:?}");
}

#[test]
fn expansions_keep_their_operation() {
    assert!(matches!(operation("e ${x:-y}"), Operation::Test { colon: true, kind: '-', .. }));
    assert!(matches!(operation("e ${x+y}"), Operation::Test { colon: false, kind: '+', .. }));
    assert!(matches!(operation("e ${x##*/}"), Operation::Trim { suffix: false, longest: true, .. }));
    assert!(matches!(operation("e ${x%-*}"), Operation::Trim { suffix: true, longest: false, .. }));
    assert!(matches!(operation("e ${x//a/b}"), Operation::Replace { all: true, anchor: None, .. }));
    assert!(matches!(operation("e ${x/#a}"), Operation::Replace { all: false, anchor: Some('#'), .. }));
    assert!(matches!(operation("e ${#x}"), Operation::Length));
    assert!(matches!(operation("e ${x,,}"), Operation::Case { upper: false, all: true }));
    assert!(matches!(operation("e ${x@Q}"), Operation::Other));
    let Operation::Slice { offset, length } = operation("e ${x:0:8}") else { panic!("a slice") };
    assert_eq!((offset.as_str(), length.as_deref()), ("0", Some("8")));
}

#[test]
fn here_documents_find_their_bodies() {
    let parts = body("cat <<A | b\nx $y\nA\nc").parts;
    assert!(
        matches!(&parts[..], [WordPart::Literal(..), WordPart::Parameter(_), WordPart::Literal(end, _)] if end == "\n")
    );
    let parts = body("cat <<-'A'\n\tx $y\n\tA").parts;
    assert!(matches!(&parts[..], [WordPart::Literal(text, _)] if text == "x $y\n"), "{parts:?}");
    assert_eq!(commands("cat <<A <<B\n$(a)\nA\n$(b)\nB\nc"), ["cat", "a", "b", "c"]);
    assert_eq!(commands("x=$(cat <<A\nb\nA\n)\nc"), ["", "cat", "c"]);
}

#[test]
fn backquotes_are_read_in_place_and_unescaped() {
    assert_eq!(commands("e `a b`"), ["e `a b`", "a b"]);
    let text = r"e `a \`bb c\` d`";
    assert_eq!(commands(text)[2], "bb c");
    assert_eq!(commands(r#"e "`a \"b\"`""#)[1], r#"a \"b\""#);
}

#[test]
fn assignments_stand_in_front_or_are_arrays() {
    let CommandKind::Simple(simple) = first("A=1 B+=2 C[1]=3 D=(x y [2]=z) E= cmd F=6") else { panic!("simple") };
    assert_eq!((simple.assignments.len(), simple.words.len()), (5, 2));
    assert!(simple.assignments[1].append && simple.assignments[2].index.is_some());
    assert!(matches!(&simple.assignments[3].value, AssignedValue::Array(words) if words.len() == 3));
    let CommandKind::Simple(simple) = first("export A=1 B=(2)") else { panic!("simple") };
    assert_eq!((simple.assignments.len(), simple.words.len()), (1, 2));
}

#[test]
fn conditions_bind_as_in_bash() {
    let CommandKind::Test(test) = first("[[ -n $a && ! b == c || $x =~ ^(v|w x)$ ]]") else { panic!("a test") };
    let Condition::Or(left, right) = test else { panic!("{test:?}") };
    assert!(matches!(*left, Condition::And(..)));
    assert!(matches!(*right, Condition::Binary(_, operator, _) if operator == "=~"));
}

#[test]
fn carriage_returns_before_newlines_are_blanks() {
    assert_eq!(commands("if a; then\r\nb c\r\nfi\r\nd \\\r\ne\r\n"), ["a", "b c", "d e"]);
}

#[test]
fn arithmetic_and_subshells_are_told_apart() {
    assert!(matches!(first("((a + (b)))"), CommandKind::Arithmetic));
    assert!(matches!(first("((a); (b))"), CommandKind::Subshell(_)));
    assert!(matches!(word("e $((a))").parts[0], WordPart::Arithmetic(_)));
    assert_eq!(commands("e $((a); b)"), ["e $((a); b)", "a", "b"]);
}

#[test]
fn redirections_keep_their_kinds() {
    let command = parse("a >b 2>&1 >&c &>>d <<<e {f}>g").list.items.remove(0).first.commands.remove(0);
    let kinds: Vec<_> = command.redirects.iter().map(|redirect| &redirect.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            RedirectKind::Write(_),
            RedirectKind::DuplicateOut(_),
            RedirectKind::WriteBoth(_),
            RedirectKind::AppendBoth(_),
            RedirectKind::HereString(_),
            RedirectKind::Write(_)
        ]
    ));
}
