//! Random statements.

use super::{Node, Random};

/// Makes a script.
pub struct Maker {
    pub bash: bool,
    pub random: Random,
    /// Inside a function.
    pub function: bool,
    /// Inside a loop.
    pub looped: bool,
    pub functions: Vec<String>,
    pub variables: Vec<String>,
    pub depth: usize,
    pub documents: usize,
}

/// A statement of lines that stay together.
pub fn leaf(text: String) -> Node {
    Node::Leaf(text)
}

impl Maker {
    pub fn script(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        for number in 0..self.random.below(3) {
            nodes.push(self.define(&format!("f{number}")));
        }
        let count = 3 + self.random.below(8);
        nodes.extend((0..count).map(|_| self.statement(0)));
        nodes.push(self.push());
        nodes
    }

    fn define(&mut self, name: &str) -> Node {
        self.function = true;
        let mut body = Vec::new();
        if self.random.one_in(2) {
            body.push(leaf(format!("local TMP1=\"{}\"", self.inside())));
        }
        body.extend(self.body(1));
        if self.random.one_in(3) {
            body.push(leaf(format!("return {}", self.random.below(2))));
        }
        self.function = false;
        self.functions.push(name.to_owned());
        let head =
            if self.bash && self.random.one_in(4) { format!("function {name} {{") } else { format!("{name}() {{") };
        Node::Block { pieces: vec![(head, body)], end: "}".to_owned() }
    }

    pub fn body(&mut self, level: usize) -> Vec<Node> {
        let count = 1 + self.random.below(3);
        (0..count).map(|_| self.statement(level)).collect()
    }

    fn statement(&mut self, level: usize) -> Node {
        match self.random.below(if level > 2 { 11 } else { 23 }) {
            0..=2 => self.assignment(),
            3..=5 => self.push(),
            6 => self.login(),
            7 => self.setting(),
            8 => self.file(),
            9 => self.short(),
            10 => self.call(),
            11 | 12 => self.branch(level),
            13 => self.case(level),
            14 | 15 => self.for_loop(level),
            16 => self.while_loop(level),
            17 => self.group(level),
            18 => self.embedded(),
            19..=21 => self.elsewhere(level),
            _ => self.rare(),
        }
    }

    fn target(&mut self) -> String {
        let number = self.random.below(5);
        let name = ["TMP1", "TMP2", "NEW1", "NEW2", "LIST"][number];
        name.to_owned()
    }

    fn assignment(&mut self) -> Node {
        let name = self.target();
        let text = self.inside();
        let known = self.variables.contains(&name) || self.function;
        let made = match self.random.below(8) {
            0 if self.bash && known => format!("{name}+=\"{text}\""),
            // Behind `TMP1=env f`, what `f` exports as TMP1 depends on the shell: the walk does not know it.
            1 if !self.function || name != "TMP1" => format!("export {name}=\"{text}\""),
            2 => format!("{name}=$({})", self.printing()),
            3 => format!("{name}='{}'", self.safe()),
            4 => format!("{name}=\"{text}\" NEW3=\"{}\"", self.inside()),
            5 if self.bash => return self.array(),
            6 => format!("{name}=${{{}}}{}", self.name(), self.random.pick(&["", "\"q\"", "\\ x", "'$no'"])),
            _ => format!("{name}=\"{text}\""),
        };
        if !self.function && self.depth == 0 && !self.looped && !self.variables.contains(&name) {
            return leaf(
                format!("NEW1=\"${{NEW1-}}\" NEW2=\"${{NEW2-}}\"\n{made}")
                    .replace("${NEW1-}", "n1")
                    .replace("${NEW2-}", "n2"),
            );
        }
        leaf(made)
    }

    fn array(&mut self) -> Node {
        let list = format!("${}", self.name());
        let text = self.inside();
        let fill = match self.random.below(4) {
            0 => format!("ARR=({list} \"{text}\")"),
            1 => format!("ARR=(a \"b c\"); ARR+=(\"{text}\")"),
            2 => format!("declare -a ARR=({list})"),
            _ => format!("read -ra ARR <<< \"{list}\""),
        };
        let used = match self.random.below(7) {
            0 => "docker push \"r/arr:${ARR[0]}\"",
            1 => "docker push \"r/arr:${#ARR[@]}-${ARR[*]}\"",
            2 => "for TMP1 in \"${ARR[@]}\"; do docker push \"r/arr:$TMP1\"; done",
            3 => "docker push \"r/arr:${ARR[-1]}\"",
            4 => "printf 'r/arr:%s\\n' \"${ARR[@]}\" | while read -r TMP1; do docker push \"$TMP1\"; done",
            5 => "docker push \"r/arr:$ARR-${ARR[1]-none}-${ARR[@]:1:1}\"",
            _ => "set -- \"${ARR[@]}\"; docker push \"r/arr:$#-$1\"",
        };
        leaf(format!("{fill}\n{used}"))
    }

    pub fn push(&mut self) -> Node {
        leaf(self.push_text())
    }

    fn push_text(&mut self) -> String {
        let text = self.inside();
        let host = self.random.pick(&["$REG", "r.io", "${REG}"]);
        match self.random.below(9) {
            0 => format!("docker tag x \"{host}/t:{text}\" && docker push \"{host}/t:{text}\""),
            1 => format!("docker build -t \"{host}/b:{text}\" --push ."),
            2 => format!("podman push \"{host}/p:{text}\""),
            3 => format!("crane push image.tar \"{host}/c:{text}\""),
            4 => format!("crane copy a/b \"{host}/c:{text}\""),
            5 => format!("IMAGE=\"{host}/i:{text}\"; docker push \"$IMAGE\""),
            6 => format!("NEW3=env docker push {host}/d:\"{text}\""),
            _ => format!("docker push \"{host}/d:{text}\""),
        }
    }

    fn login(&mut self) -> Node {
        let (text, tool) = (self.inside(), self.random.pick(&["docker", "podman"]));
        leaf(match self.random.below(7) {
            0 => format!("echo \"s{text}\" | {tool} login -u me --password-stdin r.example.com"),
            1 => format!("printf '%s' \"s{text}\" | {tool} login -u \"$APP\" --password-stdin \"$REG\""),
            2 => format!("{tool} login -u me -p \"s{text}\" $REG"),
            3 if self.bash => format!("{tool} login -u me --password-stdin \"$REG\" <<< \"s{text}\""),
            4 => format!("{tool} login -u me --password-stdin $REG <<EOF\ns{text}\nEOF"),
            5 => format!("echo \"s{text}\" > secret; {tool} login -u me --password-stdin $REG < secret"),
            _ => format!("{tool} logout r.example.com"),
        })
    }

    fn setting(&mut self) -> Node {
        let name = self.name();
        leaf(match self.random.below(10) {
            0 => "set +e".to_owned(),
            1 => "set -e".to_owned(),
            2 => format!("set -- ${name} last\ndocker push \"r/pos:$#-$1-${{2-}}\""),
            3 => format!("set -- a \"${name}\" c; shift; docker push \"r/shift:$1-$#\""),
            4 if self.bash => "set -- a b c d; docker push \"r/slice:${*:2}-${@:3:1}\"".to_owned(),
            5 => "IFS=,; for TMP1 in $CSV; do docker push \"r/ifs:$TMP1\"; done; IFS=' '".to_string(),
            6 => format!("IFS=. read -r TMP1 TMP2 <<EOF\n${name}\nEOF\ndocker push \"r/read:$TMP1-$TMP2\""),
            7 => "unset TMP2; docker push \"r/unset:${TMP2-gone}\"; TMP2=back".to_owned(),
            8 => "readonly RO=1; docker push \"r/ro:$RO\"".replace("readonly RO", "export RO"),
            _ => "cd sub; echo in > f0; docker push \"r/sub:$(cat f0)\"; cd ..".to_owned(),
        })
    }

    fn file(&mut self) -> Node {
        let (text, name) = (self.inside(), self.name());
        self.documents += 1;
        let file = format!("f{}", self.random.below(3));
        leaf(match self.random.below(9) {
            0 => format!("echo \"{text}\" > {file}; docker push \"r/file:$(cat {file})\""),
            1 => format!("echo one > {file}; echo \"{text}\" >> {file}; docker push \"r/file:$(tail -n1 {file})\""),
            2 => format!("cat > {file} <<EOF\n{text}\nEOF\ndocker push \"r/doc:$(cat {file})\""),
            3 => format!("cat <<'EOF' > {file}\n$no `x` {}\nEOF\ndocker push \"r/raw:$(cat {file})\"", self.safe()),
            4 => format!("cat <<-EOF > {file}\n\t{text}\n\tx\\$y\n\tEOF\ndocker push \"r/tabs:$(head -n1 < {file})\""),
            5 => format!(
                "{{ echo \"{text}\"; echo two; }} > {file}; TMP2=$(cut -c1-3 {file} | tail -n 1); docker push \"r/two:$TMP2\""
            ),
            6 => format!("echo \"export NEW1='{}'\" > {file}; . ./{file}; docker push \"r/env:$NEW1\"", self.safe()),
            7 => format!("echo \"${name}\" | tee {file}; docker push \"r/tee:$(sed 's/a/b/' {file})\""),
            _ => format!("echo x{text} > {file}; read -r TMP1 < {file}; docker push \"r/version:$TMP1\""),
        })
    }

    fn short(&mut self) -> Node {
        let (condition, push) = (self.condition(), self.push_text());
        let assign = format!("{}=\"{}\"", self.target_known(), self.inside());
        leaf(match self.random.below(8) {
            0 => format!("{condition} && {push}"),
            1 => format!("{condition} || {push}"),
            2 => format!("if {condition}; then {push}; fi"),
            3 => format!("{condition} && {assign} || {push}"),
            4 => format!("{condition} || {{ {push}; exit 0; }}"),
            5 => format!("! {condition}"),
            6 => format!("{condition} && {assign}"),
            _ => condition,
        })
    }

    fn target_known(&mut self) -> String {
        self.random.pick(&["TMP1", "TMP2", "LIST"]).to_owned()
    }

    fn call(&mut self) -> Node {
        let Some(name) = self.functions.last().cloned() else { return self.push() };
        let name = if self.random.one_in(2) { self.functions[0].clone() } else { name };
        if self.function {
            return self.push();
        }
        let (text, other) = (self.inside(), self.name());
        leaf(match self.random.below(7) {
            0 => format!("{name} \"{text}\" ${other}"),
            1 => format!("{name} || true"),
            2 => format!("if {name} \"{text}\"; then docker push r/yes; else docker push r/no; fi"),
            3 => format!("{name} ${other} && docker push r/and"),
            4 => format!("TMP1=env {name} x y z; docker push \"r/after:$TMP1\""),
            5 => format!("( {name} \"{text}\" ); docker push \"r/after:$TMP1\""),
            _ => format!("{name} \"{text}\" \"${{{other}}}\""),
        })
    }

    fn branch(&mut self, level: usize) -> Node {
        let mut pieces = vec![(format!("if {}; then", self.condition()), self.body(level + 1))];
        if self.random.one_in(3) {
            pieces.push((format!("elif {}; then", self.condition()), self.body(level + 1)));
        }
        if self.random.one_in(2) {
            pieces.push(("else".to_owned(), self.body(level + 1)));
        }
        Node::Block { pieces, end: "fi".to_owned() }
    }

    fn case(&mut self, level: usize) -> Node {
        let mut pieces = Vec::new();
        let head = format!("case \"{}\" in", self.inside());
        for number in 0..1 + self.random.below(3) {
            let start = if number == 0 { head.clone() } else { ";;".to_owned() };
            let pattern = if self.random.one_in(3) { format!("({}", self.pattern()) } else { self.pattern() };
            let more = if self.random.one_in(3) { format!("|{}", self.pattern()) } else { String::new() };
            pieces.push((format!("{start}\n{pattern}{more})"), self.body(level + 1)));
        }
        if self.random.one_in(2) {
            let end = if self.bash && self.random.one_in(4) { ";&" } else { ";;" };
            pieces.push((format!("{end}\n*)"), self.body(level + 1)));
        }
        Node::Block { pieces, end: ";;\nesac".to_owned() }
    }

    fn for_loop(&mut self, level: usize) -> Node {
        let name = self.target_known();
        let words = match self.random.below(9) {
            0 => "a b c".to_owned(),
            1 => format!("${}", self.name()),
            2 => format!("x \"{}\"", self.inside()),
            3 => format!("$({})", self.printing()),
            4 if self.bash => "p{1..3} {a,b}-z".to_owned(),
            5 if self.bash => "$(seq 1 3)".to_owned(),
            6 if self.function => "\"$@\"".to_owned(),
            _ => format!("one $CSV \"${}\"", self.name()),
        };
        let outer = std::mem::replace(&mut self.looped, true);
        let mut body = self.body(level + 1);
        if self.random.one_in(4) {
            let condition = self.condition();
            body.insert(0, leaf(format!("if {condition}; then {}; fi", self.random.pick(&["continue", "break"]))));
        }
        body.push(leaf(format!("docker push \"r/loop:${name}\"")));
        self.looped = outer;
        Node::Block { pieces: vec![(format!("for {name} in {words}; do"), body)], end: "done".to_owned() }
    }

    fn while_loop(&mut self, level: usize) -> Node {
        let outer = std::mem::replace(&mut self.looped, true);
        let mut body = self.body(level.max(2) + 1);
        body.push(leaf("docker push \"r/while:$TMP1\"".to_owned()));
        self.looped = outer;
        let text = self.inside();
        let (head, end) = match self.random.below(6) {
            0 => ("while read -r TMP1; do".to_owned(), format!("done <<EOF\nfirst\n{text}\n  third x\nEOF")),
            1 => ("while read -r TMP1 TMP2; do".to_owned(), format!("done <<EOF\nk v w\n{text}\nEOF")),
            2 => (format!("printf '%s\\n' a \"{text}\" | while IFS= read -r TMP1; do"), "done".to_owned()),
            3 => (format!("echo \"{text}\" | tr ' ' '\\n' | while read TMP1; do"), "done".to_owned()),
            4 => ("I=0; while [ $I -lt 3 ]; do I=$((I + 1))".to_owned(), "done".to_owned()),
            _ => ("J=3\nuntil [ \"$J\" = 1 ]; do\nJ=$((J-1)); TMP1=u$J".to_owned(), "done".to_owned()),
        };
        Node::Block { pieces: vec![(head, body)], end }
    }

    fn group(&mut self, level: usize) -> Node {
        let (head, end) = match self.random.below(5) {
            0 => ("(", ")"),
            1 => ("{", "}"),
            2 => ("(", ") || true"),
            3 => ("{", "} > /dev/null"),
            _ => ("(\nset +e", ")"),
        };
        Node::Block { pieces: vec![(head.to_owned(), self.body(level + 1))], end: end.to_owned() }
    }

    fn embedded(&mut self) -> Node {
        let (text, name) = (self.safe(), self.name());
        leaf(match self.random.below(9) {
            0 => format!("eval 'docker push \"r/eval:${name}\"'"),
            1 => "TMP1=TMP2; eval \"NEW1=\\$$TMP1\"; docker push \"r/eval:$NEW1\"".to_string(),
            2 => format!("sh -c 'docker push \"r/sh:$1-$#\"' name \"${name}\""),
            3 => format!("sh -c \"docker push 'r/sh:{text}'; exit 0; docker push r/never\""),
            4 => format!(". ./lib.sh\nlibpush \"${name}\""),
            5 => format!("./ci/push.sh \"${name}\" \"{text}\""),
            6 => format!("sh ci/push.sh ${name}; docker push \"r/still:$TMP2\""),
            7 => format!("ci/fail.sh {} || docker push r/failed", self.random.pick(&["go", "stop"])),
            _ => format!("export NEW1=\"{text}\"; sh -c 'docker push \"r/env:$NEW1-$REG\"'"),
        })
    }

    fn rare(&mut self) -> Node {
        let (condition, text) = (self.condition(), self.inside());
        leaf(match self.random.below(9) {
            0 if self.function => format!("{condition} && return 0"),
            0 => format!("{condition} && exit 0"),
            1 if self.function => "return".to_owned(),
            2 => format!("TMP1=$(echo \"{text}\"; false) || docker push r/substitution"),
            3 => "false || true; docker push r/pipe".to_owned(),
            4 => format!("( {condition}; docker push r/inner ) && docker push r/outer || docker push r/other"),
            5 => format!("{condition}; docker push \"r/status:$?\""),
            6 => format!("echo \"{text}\" | {{ read -r TMP1 || true; docker push \"r/group:$TMP1\"; }}"),
            7 => "docker push $(echo \"r/made:$NUM\") > /dev/null 2>&1".to_string(),
            _ => format!("command docker push \"r/command:{text}\""),
        })
    }
}
