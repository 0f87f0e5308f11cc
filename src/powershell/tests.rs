//! The parser's tests: what PowerShell's tokenizer and parser make of the same text.
use super::ast::{CommandKind, Expression, ExpressionKind, Statement, StatementKind};
use super::{parse, to_shell};
use crate::shell::ast as shell;
use proptest::prelude::*;

/// The words of each command of each statement, as they are written.
fn words(text: &str) -> Vec<Vec<String>> {
    let script = parse(text);
    assert!(script.faults.is_empty(), "{text}: {:?}", script.faults);
    let mut found = Vec::new();
    for statement in &script.block {
        let StatementKind::Chain(chain) = &statement.kind else { panic!("{text}: {statement:?}") };
        for command in chain.first.iter().chain(chain.rest.iter().flat_map(|(_, commands)| commands)) {
            let expressions = match &command.kind {
                CommandKind::Call { words, .. } => words.iter().collect(),
                CommandKind::Expression(expression) => vec![expression],
            };
            found.push(expressions.into_iter().map(|one| text[one.at.range()].to_owned()).collect());
        }
    }
    found
}

fn only(text: &str) -> Statement {
    let script = parse(text);
    assert!(script.faults.is_empty() && script.block.len() == 1, "{text}: {script:?}");
    script.block[0].clone()
}

/// The expression that a text is.
fn expression(text: &str) -> Expression {
    match only(text).kind {
        StatementKind::Chain(chain) => match chain.first.into_iter().next().map(|command| command.kind) {
            Some(CommandKind::Expression(expression)) => expression,
            other => panic!("{text}: {other:?}"),
        },
        other => panic!("{text}: {other:?}"),
    }
}

fn variables(text: &str) -> Vec<(String, String)> {
    let ExpressionKind::Expandable(pieces) = expression(text).kind else { panic!("{text}") };
    let named = |piece: Expression| match piece.kind {
        ExpressionKind::Variable(variable) => Some((variable.drive, variable.name)),
        _ => None,
    };
    pieces.into_iter().filter_map(named).collect()
}

#[test]
fn arguments_end_where_powershell_ends_them() {
    for (text, wanted) in [
        ("docker push $env:A/b:c d", vec!["docker", "push", "$env:A/b:c", "d"]),
        ("docker push ${env:A}:c", vec!["docker", "push", "${env:A}:c"]),
        ("docker push \"$a\":c", vec!["docker", "push", "\"$a\"", ":c"]),
        ("a --output type=x,push=true", vec!["a", "--output", "type=x,push=true"]),
        ("a -t$x b-$y", vec!["a", "-t$x", "b-$y"]),
        ("a `\n  b # c", vec!["a", "b"]),
        ("a b#c <# d\ne #> f", vec!["a", "b#c", "f"]),
        ("a $x.Name (b c) @(1) @z", vec!["a", "$x.Name", "(b c)", "@(1)", "@z"]),
        ("a 2>&1 > $null b", vec!["a", "b"]),
        ("a --% b \"c\" $d", vec!["a", "b", "\"c\"", "$d"]),
        ("& \"$x\" -File y", vec!["\"$x\"", "-File", "y"]),
    ] {
        assert_eq!(words(text), [wanted], "{text}");
    }
}

#[test]
fn a_command_ends_with_its_last_word() {
    let text = "a b  # c\n d  | e ; f";
    let at = |statement: &Statement| text[statement.at.range()].to_owned();
    assert_eq!(parse(text).block.iter().map(at).collect::<Vec<_>>(), ["a b", "d  | e", "f"]);
}

#[test]
fn commands_are_told_apart() {
    assert_eq!(
        words("a | b; c && d || e\nf |\n g\nh\n| i"),
        [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"], ["i"]]
    );
    assert_eq!(words("\"x\" | docker login"), [vec!["\"x\""], vec!["docker", "login"]]);
    assert_eq!(words("7z x"), [["7z", "x"]]);
}

#[test]
fn a_name_takes_in_every_colon() {
    let one = |drive: &str, name: &str| vec![(drive.to_owned(), name.to_owned())];
    assert_eq!(variables("\"$env:CI_REGISTRY_IMAGE:latest\""), one("env", "CI_REGISTRY_IMAGE:latest"));
    assert_eq!(variables("\"$tag:x\""), one("tag", "x"));
    assert_eq!(variables("\"$a:\""), one("a", ""));
    assert_eq!(variables("\"${env:A}:$b\""), [one("env", "A"), one("", "b")].concat());
    assert_eq!(variables("\"$a::b\""), one("", "a"));
    assert_eq!(variables("\"`$a $b.c\""), one("", "b"));
}

#[test]
fn strings_are_as_written() {
    let text = |written: &str| match expression(written).kind {
        ExpressionKind::Text(text) => text,
        ExpressionKind::Expandable(pieces) => pieces
            .into_iter()
            .map(|piece| match piece.kind {
                ExpressionKind::Text(text) => text,
                other => panic!("{other:?}"),
            })
            .collect(),
        other => panic!("{written}: {other:?}"),
    };
    assert_eq!(text("'it''s $x'"), "it's $x");
    assert_eq!(text("\"a\"\"b`\"c`n\""), "a\"b\"c\n");
    assert_eq!(text("@'\na 'b'\n\"c\"\n'@"), "a 'b'\n\"c\"");
    assert_eq!(text("@\"\r\na \"b\"\r\n\"@"), "a \"b\"");
    assert_eq!(text("@\"\n\"@"), "");
}

#[test]
fn statements_are_told_apart() {
    let kind = |text: &str| format!("{:?}", only(text).kind).split([' ', '(']).next().unwrap_or("").to_owned();
    for (text, wanted) in [
        ("$x = 'a'", "Assignment"),
        ("$env:X += \"b\"", "Assignment"),
        ("[string]$x = if ($a) { 1 } else { 2 }", "Assignment"),
        ("if ($a -eq 'b') { c }\nelseif (!$d) { e }\nelse { f }", "If"),
        ("foreach ($t in @('a', 'b')) { c $t }", "ForEach"),
        ("for ($i = 0; $i -lt 3; $i++) { a }", "While"),
        ("while ($true) { break }", "While"),
        ("do { a } until ($b)", "Do"),
        ("switch -Regex ($a) { '^v' { b } default { c } }", "Switch"),
        ("try { a } catch [X], [Y] { b } finally { c }", "Try"),
        ("function Push-It([string]$a, $b = 'c') { d }", "Function"),
        ("param([Parameter(Mandatory)][string]$a)", "Parameters"),
        ("[CmdletBinding()]\nparam($a = 'b' + 'c', $d)", "Parameters"),
        ("$a.\n  B().ForEach{ $_ }", "Chain"),
        (", $a", "Chain"),
        ("[type].Assembly", "Chain"),
        ("$a.B($c, ($d, 'e'))[0, 1]", "Chain"),
        ("exit $LASTEXITCODE", "Flow"),
        ("throw \"a\"", "Flow"),
        ("class A { [int]$b }", "Nothing"),
        ("$a.b['c'] = 1", "Assignment"),
        ("@{ a = 1; b = @{ c = \"}\" } } | d", "Chain"),
        ("$a -match 'b' -and -not ($c -in 'd', 'e')", "Chain"),
        ("(a | % { $_.Name }).Trim()", "Chain"),
        ("[IO.File]::WriteAllText(\"a\", $b)", "Chain"),
    ] {
        assert_eq!(kind(text), wanted, "{text}");
    }
}

#[test]
fn what_is_broken_ends_with_its_line() {
    for text in [
        "$x = )\ndocker push a",
        "a \"b\nc\ndocker push a",
        "if (\ndocker push a",
        "}\ndocker push a",
        "@\"x\ndocker push a",
    ] {
        let script = parse(text);
        assert!(!script.faults.is_empty(), "{text}");
        let push = |statement: &Statement| text[statement.at.range()].starts_with("docker push a");
        assert!(script.block.iter().any(push), "{text}: {script:?}");
    }
}

#[test]
fn nesting_is_bounded_and_chains_are_not_deep() {
    for text in ["(", "$(", "@(", "{", "if ($a) {", "\"$(", "!", "[a]", "$x = ", "-not "] {
        let script = parse(&text.repeat(20_000));
        drop(to_shell(&script));
    }
    for text in ["a |", " | % { a }", " -and $a", "+ 'a' ", ".b", ", a", "[0]", " -replace 'a', 'b'", "elseif ($a) {} "]
    {
        let script = parse(&format!("$a{}", text.repeat(20_000)));
        drop(to_shell(&script));
    }
}

#[test]
fn time_is_linear() {
    for text in ["\"\n", "@\"\n", "(\n", "{ \"\n", "$(\n\"", "<#\n", "'\n", "if (\n", "[\n", "[a](\n"] {
        drop(parse(&text.repeat(50_000)));
    }
}

/// Every place in a list lies within the text.
fn within(list: &shell::List, length: usize) {
    for item in &list.items {
        for pipeline in std::iter::once(&item.first).chain(item.rest.iter().map(|(_, pipeline)| pipeline)) {
            for command in &pipeline.commands {
                assert!(command.at.start <= command.at.end && command.at.end as usize <= length);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn any_mixture_is_read(parts in proptest::collection::vec(proptest::sample::select(vec![
        "$", "{", "}", "(", ")", "\"", "'", "@", "\n", " ", "`", "#", "<#", "#>", "|", "&", ";", ",", "=", "-eq ", "if ",
        "else ", "foreach ", " in ", "function ", "try ", "catch ", "switch ", "$env:A", ":b", "é", ".c", "::", "[", "]",
        "docker push ", "-f ", "--% ", ">", "2>&1", "@\"\n", "\n\"@", "+", "++", "throw ", "param ", "\r\n", "7", "..",
    ]), 0..40)) {
        check(&parts.concat());
    }
}

fn check(text: &str) {
    let script = parse(text);
    for fault in &script.faults {
        assert!(text.get(fault.at.range()).is_some(), "{text:?}: {fault:?}");
    }
    for statement in &script.block {
        assert!(text.get(statement.at.range()).is_some(), "{text:?}: {statement:?}");
    }
    within(&to_shell(&script).list, text.len());
}
