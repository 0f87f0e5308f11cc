//! What scripts are in the shell's words, shown as a shell would be told.
use super::super::{Bound, parameters, parse};
use super::to_shell;
use crate::shell::ast::*;

/// The script without its first command, which sets `IFS`.
fn told(text: &str) -> String {
    let script = to_shell(&parse(text));
    assert!(script.faults.is_empty(), "{text}: {:?}", script.faults);
    list(&List { items: script.list.items[1..].to_vec() })
}

fn list(list: &List) -> String {
    let item = |item: &Item| {
        let rest = item.rest.iter().map(|(connector, other)| {
            format!(" {} {}", if *connector == Connector::And { "&&" } else { "||" }, pipeline(other))
        });
        format!("{}{}", pipeline(&item.first), rest.collect::<String>())
    };
    list.items.iter().map(item).collect::<Vec<_>>().join("; ")
}

fn pipeline(pipeline: &Pipeline) -> String {
    let commands: Vec<String> = pipeline.commands.iter().map(command).collect();
    format!("{}{}", if pipeline.negated { "! " } else { "" }, commands.join(" | "))
}

fn command(command: &Command) -> String {
    let mut shown = match &command.kind {
        CommandKind::Simple(simple) => {
            let set = |one: &Assignment| {
                let value = match &one.value {
                    AssignedValue::Word(one) => word(one),
                    AssignedValue::Array(items) => format!("({})", words(items)),
                };
                format!("{}{}={value}", one.name, if one.append { "+" } else { "" })
            };
            simple.assignments.iter().map(set).chain(simple.words.iter().map(word)).collect::<Vec<_>>().join(" ")
        }
        CommandKind::Brace(inner) => format!("{{ {} }}", list(inner)),
        CommandKind::If { branches, otherwise } => {
            let branch = |(condition, body): &(List, List)| format!("if {} then {} ", list(condition), list(body));
            let otherwise = otherwise.as_ref().map(|body| format!("else {} ", list(body))).unwrap_or_default();
            format!("{}{otherwise}fi", branches.iter().map(branch).collect::<String>())
        }
        CommandKind::For { name, words: over, body, .. } => {
            format!("for {name} in {} do {} done", words(over.as_deref().unwrap_or_default()), list(body))
        }
        CommandKind::While { condition, body, .. } => format!("while {} do {} done", list(condition), list(body)),
        CommandKind::Function { name, body, .. } => format!("{name}() {}", self::command(body)),
        CommandKind::Test(asked) => format!("[[ {} ]]", condition(asked)),
        CommandKind::Broken => "?".to_owned(),
        other => panic!("{other:?}"),
    };
    for redirect in &command.redirects {
        let fd = redirect.fd.map(|fd| fd.to_string()).unwrap_or_default();
        match &redirect.kind {
            RedirectKind::Write(file) => shown.push_str(&format!(" {fd}>{}", word(file))),
            RedirectKind::Append(file) => shown.push_str(&format!(" {fd}>>{}", word(file))),
            other => panic!("{other:?}"),
        }
    }
    shown
}

fn condition(asked: &Condition) -> String {
    match asked {
        Condition::Or(one, other) => format!("{} or {}", condition(one), condition(other)),
        Condition::And(one, other) => format!("{} and {}", condition(one), condition(other)),
        Condition::Not(inner) => format!("not {}", condition(inner)),
        Condition::Unary(operator, one) => format!("{operator} {}", word(one)),
        Condition::Binary(one, operator, other) => format!("{} {operator} {}", word(one), word(other)),
        Condition::Word(one) => word(one),
    }
}

fn words(all: &[Word]) -> String {
    all.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn word(word: &Word) -> String {
    word.parts.iter().map(part).collect()
}

fn part(one: &WordPart) -> String {
    match one {
        WordPart::Literal(text, _) | WordPart::Quoted(text, _) => text.clone(),
        WordPart::Double(parts, _) => parts.iter().map(part).collect(),
        WordPart::Substitution(inner, _) => format!("$({})", list(inner)),
        WordPart::Process(..) => "?".to_owned(),
        WordPart::Parameter(parameter) => {
            let index = parameter.index.as_ref().map(|index| format!("[{index}]")).unwrap_or_default();
            let operation = match &parameter.operation {
                Operation::None => String::new(),
                Operation::Case { upper, .. } => if *upper { "^^" } else { ",," }.to_owned(),
                Operation::Slice { offset, length } => format!(":{offset}:{}", length.clone().unwrap_or_default()),
                Operation::Replace { all, pattern, with, .. } => {
                    format!("{}{}/{}", if *all { "//" } else { "/" }, word(pattern), word(with))
                }
                Operation::Test { kind, word: other, .. } => format!("{kind}{}", word(other)),
                other => format!("{other:?}"),
            };
            format!("${{{}{index}{operation}}}", parameter.name)
        }
        WordPart::Arithmetic(_) => panic!("{one:?}"),
    }
}

#[test]
fn values_are_words() {
    for (text, wanted) in [
        ("docker push $env:A", "docker push ${A}"),
        ("docker push \"${env:A}:$tag\"", "docker push ${A}:${$tag}"),
        ("docker push $Tag $tag", "docker push ${$Tag[@]} ${$Tag[@]}"),
        ("docker push \"$env:A:latest\"", "docker push ${$:env:A:latest}"),
        ("docker push $script:x $null @y", "docker push ${$x[@]} ${$y[@]}"),
        ("Docker.EXE push a", "docker push a"),
        ("$x = 'a' + $env:B", "$x=a${B}"),
        ("$x = @('a', 'b')\n$x += 'c'", "$x=(a b); $x+=(c)"),
        ("$x += 'c'", "$x=${$x}c"),
        ("$x = git describe", "$x=$(git describe)"),
        ("$x = $env:A.ToLower()", "$x=${A,,}"),
        ("$x = $env:A.Substring(0, 8)", "$x=${A:0:8}"),
        ("$x = $env:A -replace '/', '-'", "$x=${A////-}"),
        ("$x = '{0}:{1}' -f $env:A, 'b'", "$x=${A}:b"),
        ("$x = $env:A, 'b' -join '-'", "$x=${A}-b"),
        ("$x = $y ?? 'b'", "$x=${$y-b}"),
        ("$x = 1 + 2", "$x=?"),
        ("$x++", "$x=?"),
        (
            "[Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(\"${env:A}:$env:B\"))",
            "printf %s\\n $(printf %s ${A}:${B} | base64 -w 0)",
        ),
        ("$env:USERPROFILE", "printf %s\\n ${HOME}"),
    ] {
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn changes_that_are_not_followed_clean() {
    let wanted = "$x=$($*value=${A}; $*value=$(printf %s\\n ${$*value} | sed ?); printf %s\\n ${$*value})";
    for text in ["$x = $env:A -replace '[/.]+', '-'", "$x = $env:A.Split('/')", "$x = $env:A -split '/'"] {
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn cmdlets_are_the_commands_that_do_the_same() {
    for (text, wanted) in [
        (
            "$env:P | docker login --password-stdin | Out-Null",
            "{ printf %s\\n ${P} | docker login --password-stdin } >/dev/null",
        ),
        ("docker login a | Out-Null", "docker login a >/dev/null"),
        ("echo a b", "printf %s\\n a b"),
        ("Write-Host a", ": a"),
        (
            "'a' | Out-File -Encoding ascii \"$HOME\\.docker\\config.json\"",
            "printf %s\\n a >${HOME}/.docker/config.json",
        ),
        ("Set-Content -Path a\\b -Value $x", "printf %s\\n ${$x[@]} >a/b"),
        ("a > b.txt 2> $null", "a >b.txt 2>/dev/null"),
        ("Get-Content a.txt -Raw | docker login", "cat a.txt | docker login"),
        ("Test-Path a", "test-path a"),
        ("cd sub\\a", "cd sub/a"),
        (".\\ci\\x.ps1 -A b", "./ci/x.ps1 -A b"),
        (". ./lib.ps1", ". ./lib.ps1"),
        ("Set-Item Env:A b", "A=b"),
        ("[Environment]::SetEnvironmentVariable('A', 'b')", "A=b"),
        ("[IO.File]::WriteAllText('a', $x)", "printf %s ${$x} >a"),
        ("a || exit 1", "a || exit 1"),
        ("& { a; b }", "{ a; b }"),
        ("Invoke-Retry { docker push a }", "invoke-retry; docker push a"),
    ] {
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn conditions_are_questions() {
    for (text, wanted) in [
        ("$env:A", "[[ ${A} ]]"),
        ("$env:A -eq 'b'", "[[ ${A} -ieq b ]]"),
        ("'b' -cne $env:A", "[[ not b -ceq ${A} ]]"),
        ("$env:A -ne $null", "[[ -n ${A} ]]"),
        ("$null -eq $env:A", "[[ -z ${A} ]]"),
        ("$env:A -like 'b*'", "[[ ${A} -like b* ]]"),
        ("$env:A -match '^v\\d'", "[[ ${A} =~ (?i)^v\\d ]]"),
        ("$env:A -in 'b', 'c'", "[[ ${A} -ieq b or ${A} -ieq c ]]"),
        ("-not $env:A", "! { [[ ${A} ]] }"),
        ("$env:A -and !(a b)", "{ [[ ${A} ]] } && { ! { a b } }"),
        ("!$?", "! { [[ ${?} -eq 0 ]] }"),
        ("$LASTEXITCODE -ne 0", "[[ ${?} -ne 0 ]]"),
        ("$env:A.StartsWith('b')", "[[ ${A} == b* ]]"),
        ("[string]::IsNullOrEmpty($env:A)", "[[ -z ${A} ]]"),
        ("(Test-Path a) -eq $false", "! { [ -e a ] }"),
        ("$a -is [int]", "?"),
    ] {
        let told = told(&format!("if ({text}) {{ x }}"));
        assert_eq!(told, format!("if {wanted} then x fi"), "{text}");
    }
}

#[test]
fn loops_and_what_leaves_them() {
    for (text, wanted) in [
        ("foreach ($t in @('a', 'b')) { c $t }", "for $t in a b do c ${$t[@]} done"),
        ("foreach ($t in $x) { c }", "for $t in ${$x[@]} do c done"),
        ("foreach ($t in docker images) { c }", "for $t in $(docker images) do c done"),
        ("'a', 'b' | ForEach-Object { c $_ }", "for $_ in a b do c ${$_[@]} done"),
        ("a | b | % { c $_ } | d", "for $_ in $(a | b) do c ${$_[@]} done | d"),
        ("while ($a) { break }", "while [[ ${$a} ]] do break 1 done"),
        ("throw 'a'", "exit 1"),
        (
            "foreach ($t in $x) { try { if ($a) { throw 'b' }; continue } catch { c } }",
            "for $t in ${$x[@]} do $*thrown=; for $*once in 1 do if [[ ${$a} ]] then $*thrown=1; break 1 fi; continue 2 \
             done; if [[ ${$*thrown} ]] || ? then c fi done",
        ),
        ("switch ($a) { 'b' { c } default { d } }", "for $*once in 1 do if [[ ${$a} -ieq b ]] then c else d fi done"),
        ("function F($a) { return $a }", "f() { local $a; $a=${1-}; printf %s\\n ${$a[@]}; return 0 }"),
    ] {
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn a_call_sees_the_parameters() {
    let bound = |text: &str| {
        let script = to_shell(&parse(text));
        match &script.list.items[1].first.commands[0].kind {
            CommandKind::Function { body, .. } => match &body.kind {
                CommandKind::Brace(list) => parameters(list),
                other => panic!("{other:?}"),
            },
            _ => parameters(&script.list),
        }
    };
    let one = |name: &str, switch, default: Option<&str>| Bound {
        name: name.to_owned(),
        switch,
        default: default.map(str::to_owned),
    };
    let text = "[CmdletBinding()]\nparam([string]$Name, [switch]$Push, $Tag = 'latest', $Sha = $env:CI_COMMIT_SHA)\ndocker push $Name";
    let wanted = [
        one("name", false, Some("")),
        one("push", true, Some("")),
        one("tag", false, Some("latest")),
        one("sha", false, None),
    ];
    assert_eq!(bound(text), wanted);
    assert_eq!(bound(&format!("function F {{\n{text} }}")), wanted);
}
