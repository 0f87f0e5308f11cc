//! Random statements of which the difficulty is where they run: traps, subshells, functions within
//! functions, the background, shells that read their script, processes in the place of files.

use super::Node;
use super::statements::{Maker, leaf};

impl Maker {
    /// Something that runs in a shell of its own, or at another time.
    pub fn elsewhere(&mut self, level: usize) -> Node {
        match self.random.below(if self.bash { 8 } else { 6 }) {
            0 => self.trap(level),
            1 => self.background(level),
            2 => self.words_of_input(),
            3 => self.script_as_text(),
            4 => self.options(),
            5 => self.nested(level),
            6 => self.process(level),
            _ => self.of_bash(),
        }
    }

    fn trap(&mut self, level: usize) -> Node {
        let text = self.safe();
        let set = match self.random.below(5) {
            0 => "trap 'docker push \"r/exit:$TMP1\"' EXIT".to_owned(),
            1 => format!("trap \"docker push 'r/exit:{text}'\" EXIT"),
            2 => "trap 'docker push r/exit; false; docker push r/late' 0".to_owned(),
            3 => "trap 'docker push r/gone' EXIT; trap - EXIT".to_owned(),
            _ => "at_end() { docker push \"r/exit:$TMP2-$1\"; }\ntrap 'at_end z' EXIT".to_owned(),
        };
        if self.random.one_in(3) {
            return leaf(set);
        }
        let mut body = vec![leaf(set)];
        body.extend(self.body(level + 1));
        let end = self.random.pick(&[")", ") || true", ") && docker push r/trapped"]);
        Node::Block { pieces: vec![("(".to_owned(), body)], end: end.to_owned() }
    }

    fn background(&mut self, level: usize) -> Node {
        let (text, end) = (self.inside(), self.random.pick(&["} &\nwait", ") &\nwait", "} &\nTMP2=$(echo a)\nwait"]));
        if self.random.one_in(3) {
            return leaf(format!("TMP1=\"{text}\" &\ndocker push \"r/bg:{text}\" &\nwait\ndocker push \"r/fg:$TMP1\""));
        }
        let head = if end.starts_with(')') { "(" } else { "{" };
        let mut body = self.body(level + 1);
        body.push(leaf("TMP1=behind; docker push \"r/bg:$TMP1\"".to_owned()));
        Node::Block { pieces: vec![(head.to_owned(), body)], end: format!("{end}\ndocker push \"r/fg:$TMP1\"") }
    }

    fn words_of_input(&mut self) -> Node {
        let (name, text) = (self.name(), self.safe().replace(' ', "_"));
        leaf(match self.random.below(10) {
            0 => format!("echo \"r/x1 r/x2:{text}\" | xargs -n 1 docker push"),
            1 => format!("printf '%s\\n' a {text} | xargs -I{{}} docker push \"r/x:{{}}\""),
            2 => format!("echo \"r/one:{text}\" | xargs docker push"),
            3 => format!("printf 'r/%s:%s\\n' a 1 b {text} | while read -r TMP1; do docker push \"$TMP1\"; done"),
            4 => format!("docker push \"r/f:$(printf '%03d-%s' \"$NUM\" {text})\""),
            5 => format!("IFS=: read -r TMP1 TMP2 NEW4 <<EOF\na:{text}:c:d\nEOF\ndocker push \"r/$TMP1-$TMP2-$NEW4\""),
            6 => format!("OLD=$IFS; IFS=.; set -- ${name}; IFS=$OLD\ndocker push \"r/s:$#-${{1-}}-${{2-}}\""),
            7 => format!("TMP1=`echo \"${name}\" | cut -c1-3`; docker push \"r/back:$TMP1-`echo \\`echo {text}\\``\""),
            8 => format!("docker push \"r/n:$(echo \"$(echo \"${name}\")\" \"$(printf %s {text})\")\""),
            _ => format!(
                "{{ read -r TMP1; read -r TMP2; }} <<EOF\n{text}\n${name}\nEOF\ndocker push \"r/two:$TMP1/$TMP2\""
            ),
        })
    }

    fn script_as_text(&mut self) -> Node {
        let (name, text) = (self.name(), self.safe());
        leaf(match self.random.below(11) {
            0 => format!("sh <<EOF\ndocker push \"r/in:{text}-$REG-\\$VER\"\nEOF"),
            1 => format!("sh -s \"{text}\" <<'EOF'\ndocker push \"r/in:$1-$VER\"\nexit 0\ndocker push r/never\nEOF"),
            2 => format!("echo 'docker push \"r/piped:$APP\"' | sh; docker push \"r/{text}\""),
            3 => "for TMP1 in REG VER; do eval \"TMP2=\\$$TMP1\"; docker push \"r/each:$TMP2\"; done".to_string(),
            4 => format!("eval \"g() {{ docker push \\\"r/g:\\$1-{text}\\\"; }}\"; g \"${name}\""),
            5 => "sh -ec 'false; docker push r/never' || docker push r/strict".to_owned(),
            6 => format!("sh -c 'false; docker push \"r/lax:$0\"' \"{text}\""),
            7 => format!("( exec docker push \"r/exec:{text}\"; docker push r/never )"),
            8 => format!("env TMP1=\"{text}\" sh -c 'docker push \"r/env:$TMP1\"'; docker push \"r/e:${{TMP1-none}}\""),
            9 => "printf 'NEW1=%s\\nreturn 0\\nNEW1=never\\n' v1 > vars; . ./vars; docker push \"r/ret:$NEW1\""
                .to_string(),
            _ => format!(
                "cat > made.sh <<'EOF'\nset -- \"$@\" {}\ndocker push \"r/made:$#-$1\"\nEOF\nsh ./made.sh \"${name}\"",
                text
            ),
        })
    }

    /// The loop in which scripts read their options.
    fn options(&mut self) -> Node {
        let (name, text) = (self.name(), self.safe());
        let end = self.random.pick(&["docker push \"r/o:$TMP1-$TMP2-$#\"", "docker push \"r/rest:$*\""]);
        leaf(match self.random.below(4) {
            0 => format!(
                "set -- --tag \"${name}\" --push {text}\nwhile [ $# -gt 0 ]; do\ncase \"$1\" in\n--tag) TMP1=$2; shift 2 ;;\n--*) TMP2=yes; shift ;;\n*) break ;;\nesac\ndone\n{end}"
            ),
            1 => format!("set -- a=1 \"b=${name}\"\nfor ARG; do docker push \"r/${{ARG%%=*}}:${{ARG#*=}}\"; done"),
            2 => {
                format!("set -- a \"${name}\" {text}\nuntil [ -z \"${{1-}}\" ]; do docker push \"r/u:$1\"; shift; done")
            }
            _ => format!(
                "set -- -t \"${name}\" -p x\nOPTIND=1\nwhile getopts t:p OPT; do\ncase $OPT in t) TMP1=$OPTARG ;; p) TMP2=on ;; esac\ndone\nshift $((OPTIND - 1))\n{end}"
            ),
        })
    }

    /// Functions that call functions, with variables of their own.
    fn nested(&mut self, level: usize) -> Node {
        let text = self.inside();
        let body = self.body(level.max(2) + 1);
        let (head, end) = match self.random.below(6) {
            0 => (
                "h() {\nlocal TMP1=inner\nhh",
                "}\nhh() { docker push \"r/hh:$TMP1\"; TMP1=set; }\nh\ndocker push \"r/h:$TMP1\"",
            ),
            1 => ("h() (\nTMP1=inner", ")\nh && docker push \"r/h:$TMP1\""),
            2 => ("h() {\n[ \"$1\" -gt 0 ] || return 0\ndocker push \"r/h:$1\"\nh $(($1 - 1))", "}\nh 2"),
            3 => (
                "h() {\nhh() { docker push \"r/second:$1\"; }\nhh one",
                "}\nhh() { docker push r/first; }\nhh; h; hh two",
            ),
            4 => ("h() {\necho \"out-$1\"\nreturn 0\necho never", "}\ndocker push \"r/h:$(h q)\""),
            _ => ("h() {\nfor TMP2 in a b c; do\n[ $TMP2 = b ] && return 0\ndocker push \"r/h:$TMP2\"\ndone", "}\nh"),
        };
        let end = end.replace("$(h q)", &format!("$(h \"{text}\")"));
        // what a body prints would be a part of the name, and one that sets `$1` would call for ever
        let body = if head.contains("$1") { Vec::new() } else { body };
        Node::Block { pieces: vec![(head.to_owned(), body)], end }
    }

    fn process(&mut self, level: usize) -> Node {
        let printing = self.printing();
        let text = self.inside();
        match self.random.below(4) {
            0 => leaf(format!("docker push \"r/ps:$(cat <(echo \"{text}\"))\"")),
            1 => leaf(format!(". <(echo \"NEW1='{}'\"); docker push \"r/ps:$NEW1\"", self.safe())),
            2 => leaf(format!("read -r TMP1 < <({printing}) || true\ndocker push \"r/ps:$TMP1\"")),
            _ => {
                let outer = std::mem::replace(&mut self.looped, true);
                let mut body = self.body(level.max(2) + 1);
                self.looped = outer;
                body.push(leaf("docker push \"r/ps:$TMP1\"; TMP2=last$TMP1".to_owned()));
                let end = format!("done < <(printf '%s\\n' a \"{text}\")\ndocker push \"r/ps:$TMP2\"");
                Node::Block { pieces: vec![("while read -r TMP1; do".to_owned(), body)], end }
            }
        }
    }

    fn of_bash(&mut self) -> Node {
        let (name, text) = (self.name(), self.safe());
        leaf(match self.random.below(11) {
            0 => format!("read -r TMP1 TMP2 <<< \"${name}\" || true; docker push \"r/hs:$TMP1/$TMP2\""),
            1 => format!("while read -r TMP1; do docker push \"r/hs:$TMP1\"; done <<< \"{text}\"$'\\n'\"${name}\""),
            2 => format!("printf -v NEW1 '%s_%s' a \"{text}\"; docker push \"r/pv:$NEW1\""),
            3 => format!("mapfile -t ARR < <(printf '%s\\n' a \"{text}\" c)\ndocker push \"r/map:${{#ARR[@]}}-${{ARR[1]}}\""),
            4 => format!("I=0; while (( I < 3 )); do docker push \"r/i:$I\"; I=$((I + 1)); done; docker push \"r/{text}\""),
            5 => "for ((I = 0; I < 3; I++)); do docker push \"r/i:$I\"; done".to_owned(),
            6 => "if [[ $VER =~ ^v([0-9]+)\\.([0-9]+) ]]; then docker push \"r/re:${BASH_REMATCH[1]}-${BASH_REMATCH[2]}\"; fi"
                .to_owned(),
            7 => format!("ARR=(one \"${name}\" three)\nfor TMP1 in \"${{ARR[@]:1}}\"; do docker push \"r/f:$TMP1\"; done"),
            8 => format!("ARR=(x y); ARR[1]=\"{text}\"; docker push \"r/ai:${{ARR[*]}}-${{ARR[@]/x/z}}\""),
            9 => format!("NEW1={name}; docker push \"r/ind:${{!NEW1}}\""),
            _ => format!("bash -s -- \"{text}\" <<< 'docker push \"r/s:$1\"'; (( NUM += 0 )) && docker push r/num"),
        })
    }
}
