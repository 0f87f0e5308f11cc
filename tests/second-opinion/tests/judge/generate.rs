//! Random scripts: trees of statements, so that they can be made smaller.

#[path = "generate/shells.rs"]
mod shells;
#[path = "generate/statements.rs"]
mod statements;
#[path = "generate/words.rs"]
mod words;

/// Variables of the job, exported by the runner. No script uses another name before it sets it.
pub const VARIABLES: [(&str, &str); 12] = [
    ("REG", "r.example.com"),
    ("VER", "v1.22.3"),
    ("REF", "feature/login-page"),
    ("APP", "MyApp"),
    ("LIST", "one two  three"),
    ("CSV", "x,y,z"),
    ("EMPTY", ""),
    ("NUM", "7"),
    ("PATHS", "a/b/c.tar.gz"),
    ("FLAG", "true"),
    ("TMP1", "t1"),
    ("TMP2", "t-2 x"),
];

/// Files of the repository.
pub const FILES: [(&str, &str); 5] = [
    ("VERSION", "4.5.6\n"),
    ("lib.sh", "LIBTAG=\"lib-${1:-none}-$VER\"\nTMP1=sourced\nlibpush() { docker push \"$REG/lib:$1-$TMP1\"; }\n"),
    ("ci/push.sh", "#!/bin/sh\nset -e\nTMP2=\"$1\"\ndocker push \"$REG/called:${2:-two}-$#-$TMP2\"\n"),
    ("ci/fail.sh", "#!/bin/sh\n[ \"$1\" = go ]\ndocker push \"$REG/ran:$1\"\nexit 0\n"),
    ("sub/VERSION", "7.8\n"),
];

/// A statement.
#[derive(Clone, Debug)]
pub enum Node {
    /// Lines that stay together.
    Leaf(String),
    /// `if …; then` with its statements, `else` with its own, `fi`.
    Block { pieces: Vec<(String, Vec<Node>)>, end: String },
}

/// A script.
#[derive(Clone, Debug)]
pub struct Script {
    pub nodes: Vec<Node>,
    /// It is for bash alone.
    pub bash: bool,
    /// Every statement is an item of its own.
    pub split: bool,
}

impl Script {
    /// The items of the `script:`.
    pub fn items(&self) -> Vec<String> {
        let whole = |nodes: &[Node]| {
            let mut text = String::new();
            nodes.iter().for_each(|node| render(node, &mut text));
            text
        };
        if self.split && !self.nodes.is_empty() {
            self.nodes.iter().map(|node| whole(std::slice::from_ref(node))).collect()
        } else {
            vec![whole(&self.nodes) + ":\n"]
        }
    }

    /// What the shell runs.
    pub fn text(&self) -> String {
        self.items().concat()
    }
}

fn render(node: &Node, text: &mut String) {
    match node {
        Node::Leaf(lines) => {
            text.push_str(lines);
            text.push('\n');
        }
        Node::Block { pieces, end } => {
            for (head, body) in pieces {
                text.push_str(head);
                text.push('\n');
                body.iter().for_each(|node| render(node, text));
                if body.is_empty() {
                    text.push_str(":\n");
                }
            }
            text.push_str(end);
            text.push('\n');
        }
    }
}

/// A script from a file; its first line says for which shell.
pub fn fixed(text: &str) -> Script {
    let bash = text.starts_with("# bash");
    Script { nodes: vec![Node::Leaf(text.trim_end().to_owned())], bash, split: false }
}

/// The script of a seed.
pub fn script(seed: u64) -> Script {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..4 {
        random.next();
    }
    let mut made = statements::Maker {
        bash: random.one_in(2),
        random,
        function: false,
        looped: false,
        functions: Vec::new(),
        variables: VARIABLES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        depth: 0,
        documents: 0,
    };
    let nodes = made.script();
    Script { nodes, bash: made.bash, split: seed.is_multiple_of(3) }
}

/// xorshift.
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }
}
