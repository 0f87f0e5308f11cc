//! Command lines as words of a plain spelling, actions as short words, for tests.

use super::{Action, Arg, Call, Environment, File, Login, LoginHost, Secret, Stdin, Upload, Uploaded, actions};
use crate::registry::Store;
use crate::source::{FileId, Span};
use crate::text::Text;
use crate::text::testing::text;

/// The words of a line, split at spaces; a word that is one `$NAME` is unquoted.
pub fn args(line: &str) -> Vec<Arg> {
    let mut at = 0;
    line.split(' ')
        .map(|word| {
            let span = Span::new(FileId(0), at, at + word.len());
            at += word.len() + 1;
            let text = text(word);
            Arg { vanishes: text.as_symbol().is_some(), text, at: span, from: Vec::new() }
        })
        .collect()
}

/// The surroundings of a command.
pub struct In {
    variables: Vec<(&'static str, Text)>,
    image: Option<Text>,
    stdin: Stdin,
    files: Vec<(&'static str, Text)>,
}

impl Default for In {
    fn default() -> Self {
        In { variables: Vec::new(), image: None, stdin: Stdin::Null, files: Vec::new() }
    }
}

impl Environment for In {
    fn get(&self, name: &str) -> Option<Text> {
        let set = self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        set.or_else(|| crate::predefined::symbol(name).map(Text::symbol))
    }

    fn is_unset(&self, name: &str) -> bool {
        name == "UNSET"
    }

    fn written(&self, _: &str) -> Vec<Span> {
        Vec::new()
    }

    fn is_filled(&self, text: &Text) -> Option<bool> {
        if text.is_empty() { Some(false) } else { text.surely_not_empty().then_some(true) }
    }

    fn image(&self) -> Option<&Text> {
        self.image.as_ref()
    }

    fn file(&self, path: &Text) -> File {
        let Some(path) = path.as_literal().and_then(|path| crate::files::join("", path)) else { return File::Unknown };
        match self.files.iter().position(|(known, _)| *known == path) {
            Some(number) => {
                let (text, file) = (self.files[number].1.clone(), FileId(u32::try_from(number + 1).unwrap()));
                let at = Span::new(file, 0, text.weight());
                File::Found { exact: text.as_literal().is_some(), text, at }
            }
            None => File::Missing,
        }
    }

    fn lines_written(&self, _: &Text) -> Vec<Option<Span>> {
        Vec::new()
    }
}

impl In {
    pub fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, text(value)));
        self
    }

    pub fn image(mut self, image: &str) -> Self {
        self.image = Some(text(image));
        self
    }

    pub fn stdin(mut self, stdin: &str) -> Self {
        self.stdin = Stdin::Text(text(stdin));
        self
    }

    /// A file with a text that is known.
    pub fn file(mut self, path: &'static str, held: &str) -> Self {
        self.files.push((path, Text::literal(held)));
        self
    }

    /// A file that the script wrote, with `$NAME`s in it that the shell left unknown.
    pub fn written(mut self, path: &'static str, held: &str) -> Self {
        self.files.push((path, text(held)));
        self
    }

    /// Checks each line's actions.
    pub fn check(&self, table: &[(&str, &str)]) {
        for (line, expected) in table {
            assert_eq!(self.shown(line), *expected, "{line}");
        }
    }

    /// The actions of a line, as short words; those that are not said are the default.
    pub fn shown(&self, line: &str) -> String {
        let args = args(line);
        let at = Span::new(FileId(0), 0, line.len());
        let found = actions(&Call { args: &args, stdin: &self.stdin, environment: self, at });
        let Some(found) = found else { return "no client".to_owned() };
        found.iter().map(action).collect::<Vec<_>>().join("; ")
    }
}

/// Checks each line's actions in an empty environment.
pub fn check(table: &[(&str, &str)]) {
    In::default().check(table);
}

fn action(action: &Action) -> String {
    match action {
        Action::Login(made) => login(made),
        Action::Logout { host, store } => format!("logout {}{}", host_words(host), store_words("store", store)),
        Action::Push(made) => upload(made),
        Action::Tag { from, to } => format!("tag {} {}", from.text.shown(), to.text.shown()),
        Action::Build { names } => names.iter().fold("build".to_owned(), |all, name| all + " " + &name.text.shown()),
        Action::Pull { reference } => format!("pull {}", reference.text.shown()),
        Action::Loads => "loads".to_owned(),
        Action::Unread { what, may_login, may_push } => {
            format!("unread {what}{}{}", flag(*may_login, " login"), flag(*may_push, " push"))
        }
    }
}

fn flag(on: bool, word: &str) -> &str {
    if on { word } else { "" }
}

fn host_words(host: &LoginHost) -> String {
    match host {
        LoginHost::DockerHub => "hub".to_owned(),
        LoginHost::Host(host) => format!("host={}", host.shown()),
        LoginHost::Suffixes(ends) => format!("ends={}", ends.join(",")),
        LoginHost::Any => "any".to_owned(),
    }
}

fn store_words(name: &str, store: &Store) -> String {
    if *store == Store::docker_default() { String::new() } else { format!(" {name}={}", store.path.shown()) }
}

fn secret(secret: &Secret) -> String {
    match secret {
        Secret::Absent => "-".to_owned(),
        Secret::Given(text, _) => text.shown(),
        Secret::Unknown => "?".to_owned(),
    }
}

/// A login in short words.
pub fn login(login: &Login) -> String {
    let mut shown = format!("login {} {}", login.tool, host_words(&login.host));
    if !login.cloud {
        shown += &format!(" user={} password={}", secret(&login.user), secret(&login.password));
    }
    shown += &store_words("store", &login.store);
    if let Some(scope) = &login.scope {
        shown += &format!(" scope={}", scope.shown());
    }
    if let Some(fault) = login.fault {
        shown += &format!(" fault={fault:?}");
    }
    shown + flag(login.cloud, " cloud")
}

fn upload(push: &Upload) -> String {
    let reference = push.reference.as_ref().map_or("-".to_owned(), |arg| arg.text.shown());
    let mut shown = format!("push {} {reference}", push.client);
    shown += match push.what {
        Uploaded::Image => "",
        Uploaded::Cache => " cache",
        Uploaded::Signature => " signature",
        Uploaded::AllTags => " all-tags",
        Uploaded::Unnamed => " unnamed",
    };
    let reads: Vec<String> = push.reads.iter().map(|store| store.path.shown()).collect();
    if reads != ["~/.docker/config.json"] {
        shown += &format!(" reads={}", reads.join(","));
    }
    if let Some((user, password)) = &push.inline {
        shown += &format!(" inline={}:{}", secret(user), secret(password));
    }
    match &push.local {
        Some(local) if Some(&local.text) == push.reference.as_ref().map(|arg| &arg.text) => shown += " local",
        Some(local) => shown += &format!(" local={}", local.text.shown()),
        None => {}
    }
    match push.gitlab_helper {
        Some(crate::registry::Credential::Job) => shown += " helper",
        Some(other) => shown += &format!(" helper={}", other.name()),
        None => {}
    }
    shown + flag(push.spares, " spares")
}

/// Programs and words that mean something to some client, and some that mean nothing.
const WORDS: &[&str] = &[
    "push",
    "login",
    "build",
    "copy",
    "manifest",
    "image",
    "tag",
    "auth",
    "registry",
    "create",
    "buildx",
    "bake",
    "-",
    "--",
    "-t",
    "-tx",
    "-=",
    "-p=",
    "--tag=",
    "--output",
    "type=image,push=true,\"name=a,b",
    "--push",
    "--set",
    "*.tags=$A",
    "--creds",
    "a:b:c",
    "docker://",
    "oci://$X",
    "é",
    "-é",
    "--é=ü",
    "$X",
    "$CI_REGISTRY_IMAGE:$Y",
    "",
    "--cache",
    "--cache-to",
    ",",
    "\"",
    "a-1.tgz",
    "-.tgz",
    "--destination",
    "@",
    ":/",
    "--pass-stdin",
];

/// Pieces of the files that clients read.
const PIECES: &[&str] = &[
    "services:\n",
    "  a: ",
    "{build: ., image: é$A}",
    "\n",
    "include: [compose.yml]\n",
    "extends: {service: a}",
    "<<: *x",
    "&x ",
    "${A:-",
    "}",
    "$$",
    "A=\"$B\"\n",
    "target \"x\" {",
    "group \"default\" {\n",
    "tags = [",
    "\"${f(A)}\",",
    "]\n",
    "matrix = {a = [1, 2]}\n",
    "name = \"${a}\"\n",
    "inherits = [\"x\"]\n",
    "function \"f\" {\nparams = [A]\nresult = f(A)\n}\n",
    "variable \"A\" { default = \"${A}${A}\" }\n",
    "[for a in A : a ? 1 : A.b[0]]",
    "{\"target\": {\"x\": {\"tags\": [\"${A}\"]}}}",
    "\u{E000}",
    "<<EOT\n%{ if A }",
];

proptest::proptest! {
    #[test]
    fn no_words_make_a_client_panic(
        program in proptest::sample::select(super::CLIENTS.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..8),
    ) {
        let line = format!("{program} {}", words.join(" "));
        In::default().shown(&line);
    }

    #[test]
    fn no_file_makes_a_client_panic(held in proptest::collection::vec(proptest::sample::select(PIECES), 0..24)) {
        let held = held.concat();
        for name in ["compose.yml", ".env", "docker-bake.hcl", "docker-bake.json"] {
            let files = In::default().file("docker-compose.yml", "services: {a: {build: ., image: $A}}");
            let files = files.file(name, &held).variable("A", "${A:-$A}");
            files.shown("docker compose push --include-deps");
            files.shown("docker bake --push x* default --set *.tags+=y");
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(spelling in "[{}\\[\\]\":,/@$Aaé\\\\. -]{0,40}") {
        let made = text(&spelling);
        let store = Store::docker_default();
        let _ = super::config_file::logins(&made, &store, Span::new(FileId(0), 0, 1));
        for family in [crate::registry::Family::Docker, crate::registry::Family::Crane, crate::registry::Family::Explicit] {
            let _ = crate::registry::Reference::parse(&made, family).defects();
        }
        super::words::comma_list(&made);
    }
}
