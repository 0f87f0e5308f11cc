//! Random words: what may stand inside double quotes, patterns, conditions.

use super::statements::Maker;

const SAFE: [&str; 10] = ["app", "v2", "x", "1.0", "main", "rc-1", "web", "Big", "a b", "dev/api"];
const PATTERNS: [&str; 14] =
    ["*/", "/*", "v", "*.", ".*", "?", "[a-f]*", "*-*", "*t", "true", "[!0-9]", "*[0-9]", "feature/*", "1.22.3"];
const NAMES: [&str; 10] = ["REG", "VER", "REF", "APP", "LIST", "CSV", "EMPTY", "NUM", "PATHS", "FLAG"];

impl Maker {
    /// The name of a variable that is set.
    pub fn name(&mut self) -> String {
        if self.random.one_in(3) {
            return self.random.pick(&NAMES).to_owned();
        }
        let at = self.random.below(self.variables.len());
        self.variables[at].clone()
    }

    pub fn safe(&mut self) -> String {
        self.random.pick(&SAFE).to_owned()
    }

    pub fn pattern(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("\"${}\"", self.name()),
            1 => "\"*\"".to_owned(),
            _ => self.random.pick(&PATTERNS).to_owned(),
        }
    }

    /// Text for the inside of double quotes.
    pub fn inside(&mut self) -> String {
        let count = 1 + self.random.below(2);
        (0..count).map(|_| self.piece()).collect::<Vec<_>>().join("-")
    }

    fn piece(&mut self) -> String {
        self.depth += 1;
        let roll = if self.depth > 3 { self.random.below(7) } else { self.random.below(16) };
        let made = match roll {
            0 | 1 => self.safe(),
            2..=4 => format!("${{{}}}", self.name()),
            5 if self.function => self.random.pick(&["$1", "$2", "$#", "$*", "${1:-none}", "${2-unset}"]).to_owned(),
            5 | 6 => format!("${{{}}}", self.name()),
            7..=9 => self.operation(),
            10 if self.bash => self.bash_operation(),
            10 | 11 => format!("$(( {} ))", self.arithmetic()),
            _ => format!("$({})", self.printing()),
        };
        self.depth -= 1;
        made
    }

    fn arithmetic(&mut self) -> String {
        let left = self.random.pick(&["1", "NUM", "$NUM", "10", "(2 + 3)"]);
        let operator = self.random.pick(&["+", "-", "*", "/", "%", ">", "==", "&&"]);
        format!("{left} {operator} {}", self.random.pick(&["2", "3", "NUM", "${NUM}"]))
    }

    fn operation(&mut self) -> String {
        let name = self.name();
        let pattern = self.pattern();
        match self.random.below(10) {
            0 => format!("${{{name}:-{}}}", self.inside()),
            1 => format!("${{{name}-{}}}", self.safe()),
            2 => format!("${{{name}:+{}}}", self.inside()),
            3 => format!("${{{name}+{}}}", self.safe()),
            4 => format!("${{#{name}}}"),
            5 => format!("${{{name}:={}}}", self.safe()),
            6 => format!("${{{name}#{pattern}}}"),
            7 => format!("${{{name}##{pattern}}}"),
            8 => format!("${{{name}%{pattern}}}"),
            _ => format!("${{{name}%%{pattern}}}"),
        }
    }

    fn bash_operation(&mut self) -> String {
        let name = self.name();
        let pattern = self.pattern().replace('/', "\\/");
        let with = self.safe().replace('/', "_");
        match self.random.below(14) {
            0 => format!("${{{name}/{pattern}/{with}}}"),
            1 => format!("${{{name}//{pattern}/{with}}}"),
            2 => format!("${{{name}//[^a-z0-9]/-}}"),
            3 => format!("${{{name}/#{pattern}/{with}}}"),
            4 => format!("${{{name}/%{pattern}/{with}}}"),
            5 => format!("${{{name}:{}:{}}}", self.random.below(5), self.random.below(5)),
            6 => format!("${{{name}: -{}}}", 1 + self.random.below(3)),
            7 => format!("${{{name}:{}:-1}}", self.random.below(2)),
            8 => format!("${{{name}^^}}"),
            9 => format!("${{{name},,}}"),
            10 => format!("${{{name}^}}"),
            11 => format!("${{{name},}}"),
            12 => format!("${{{name}//./}}"),
            _ => format!("${{{name}:{}}}", self.random.below(4)),
        }
    }

    /// A command that prints.
    pub fn printing(&mut self) -> String {
        let text = self.inside();
        let source = match self.random.below(7) {
            0 => format!("printf '%s' \"{text}\""),
            1 => format!("printf '%s-%s\\n' \"{text}\" {}", self.random.pick(&["z", "'q r'", "$NUM"])),
            2 => format!("echo \"{text}\" x"),
            3 => format!("printf \"%s,\" ${}", self.name()),
            4 if self.bash => format!("cat <<< \"{text}\""),
            _ => format!("echo \"{text}\""),
        };
        if self.random.one_in(5) {
            let path = self.name();
            return self.random.pick(&["basename", "dirname"]).to_owned() + &format!(" \"a/${{{path}}}\"");
        }
        match self.random.below(4) {
            0 | 1 => source,
            _ => format!("{source} | {}", self.filter()),
        }
    }

    fn filter(&mut self) -> String {
        const FILTERS: [&str; 24] = [
            "tr '[:upper:]' '[:lower:]'",
            "tr A-Z a-z",
            "tr / -",
            "tr -d .",
            "tr '/.' '--'",
            "tr -cd 'a-z0-9'",
            "tr -c 'a-z0-9\\n' -",
            "tr -s '-'",
            "cut -d. -f1",
            "cut -d. -f1,2",
            "cut -d/ -f2-",
            "cut -c1-4",
            "cut -d ' ' -f 2",
            "sed 's/a/b/'",
            "sed 's#/#-#g'",
            "sed -e 's/^v//'",
            "sed 's/[^a-z0-9]/-/g'",
            "sed 's/\\./-/g'",
            "sed -E 's/[0-9]+/N/'",
            "head -n1",
            "head -c 5",
            "tail -n 1",
            "sed 's/x*$//'",
            "cat",
        ];
        self.random.pick(&FILTERS).to_owned()
    }

    /// A condition of which the answer is known.
    pub fn condition(&mut self) -> String {
        let (name, other) = (self.name(), self.name());
        let text = self.inside();
        match self.random.below(16) {
            0 => format!("[ -n \"${name}\" ]"),
            1 => format!("[ -z \"${name}\" ]"),
            2 => format!("[ \"${name}\" = \"{text}\" ]"),
            3 => format!("test \"${name}\" != \"${other}\""),
            4 => format!("[ \"$NUM\" {} {} ]", self.random.pick(&["-gt", "-le", "-eq", "-ne"]), self.random.below(12)),
            5 => format!("! [ \"${name}\" = \"${other}\" ]"),
            6 => format!("test \"{text}\""),
            7 => format!("[ \"$FLAG\" = true ] && [ -n \"${name}\" ]"),
            8 => format!("[ \"$FLAG\" != true ] || [ \"${name}\" = \"${other}\" ]"),
            9 => format!("test \"$FLAG\" = \"true\" -a -n \"${name}\""),
            10 if self.bash => format!("[[ ${name} == {} ]]", self.pattern()),
            11 if self.bash => {
                format!("[[ \"${name}\" =~ {} ]]", self.random.pick(&["^v[0-9]+", "o", "^[a-z]+$", "\\."]))
            }
            12 if self.bash => format!("[[ -n ${name} && ! ( \"$FLAG\" == \"true\" || $NUM -gt 3 ) ]]"),
            13 if self.bash => "(( NUM > 5 ))".to_owned(),
            14 => (self.random.pick(&["true", "false", ":", "(exit 1)", "(exit 0)"])).to_owned(),
            _ => format!("[ \"${name}\" != \"{}\" ]", self.safe()),
        }
    }
}
