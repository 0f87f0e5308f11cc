//! A justfile as it is written: recipes, assignments, settings.

use crate::source::Mapped;

/// What stands in a justfile.
#[derive(Default)]
pub struct Justfile {
    pub recipes: Vec<Recipe>,
    pub assignments: Vec<Assignment>,
    aliases: Vec<(String, String)>,
    /// Files that it imports, which are not read.
    pub imports: Vec<Mapped>,
    /// `set export`.
    pub export: bool,
    /// `set shell` names a shell with `-e`.
    pub errexit: bool,
    /// `set shell` names something that is no shell.
    pub other_shell: bool,
}

/// `name := value`.
pub struct Assignment {
    pub name: String,
    pub value: Mapped,
    pub export: bool,
}

/// A recipe.
#[derive(Default)]
pub struct Recipe {
    pub name: String,
    pub parameters: Vec<Parameter>,
    /// What runs before it.
    pub before: Vec<Dependency>,
    /// What runs after it: behind `&&`.
    pub after: Vec<Dependency>,
    /// The lines, without their indentation, each with those that `\` joins to it.
    pub body: Vec<Mapped>,
    /// `@name`: its lines are not printed.
    pub quiet: bool,
}

/// A parameter of a recipe.
pub struct Parameter {
    pub name: String,
    pub default: Option<Mapped>,
    /// `+name`, `*name`.
    pub variadic: bool,
    /// `$name`.
    pub export: bool,
}

/// Another recipe, with arguments.
pub struct Dependency {
    pub name: String,
    pub arguments: Vec<Mapped>,
}

impl Justfile {
    /// The recipe of a name or alias.
    pub fn find(&self, name: &str) -> Option<&Recipe> {
        let alias = self.aliases.iter().find(|(alias, _)| alias == name).map(|(_, target)| target.as_str());
        self.recipes.iter().find(|recipe| recipe.name == alias.unwrap_or(name))
    }
}

impl Recipe {
    fn shebang(&self) -> Option<&str> {
        self.body.first().map(Mapped::text).filter(|line| line.starts_with("#!"))
    }

    /// The body is one script.
    pub fn is_script(&self) -> bool {
        self.shebang().is_some()
    }

    /// The body is no shell.
    pub fn other_language(&self) -> bool {
        self.shebang().is_some_and(|line| !line.contains("sh"))
    }
}

/// Reads a justfile.
pub fn read(text: &Mapped) -> Justfile {
    let mut file = Justfile::default();
    let (mut start, mut indent, mut in_body) = (0, 0, false);
    for line in text.text().split_inclusive('\n') {
        let (from, length) = (start, line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        let margin = length - line[..length].trim_start().len();
        if length == margin {
            continue;
        }
        if margin > 0 {
            let Some(recipe) = file.recipes.last_mut().filter(|_| in_body) else { continue };
            indent = if recipe.body.is_empty() { margin } else { indent };
            let kept = text.slice(from + margin.min(indent)..from + line.len());
            let open = !recipe.is_script() && recipe.body.last().is_some_and(|last| last.text().ends_with("\\\n"));
            match recipe.body.last_mut() {
                Some(last) if open => last.append(&kept),
                _ => recipe.body.push(kept),
            }
            continue;
        }
        in_body = file.statement(&text.slice(from..from + length));
    }
    file
}

impl Justfile {
    /// Reads a line that is not indented; whether the lines of a recipe may follow.
    fn statement(&mut self, line: &Mapped) -> bool {
        let text = line.text();
        if text.starts_with(['#', '[']) {
            return false;
        }
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let assigned = assignment(line);
        match (first, assigned) {
            ("alias", Some((name, value))) => {
                let name = name.split_whitespace().last().unwrap_or("").to_owned();
                self.aliases.push((name, value.text().trim().to_owned()));
            }
            ("set", assigned) => self.setting(rest, assigned.map(|(_, value)| value)),
            ("import" | "import?" | "mod" | "mod?", _) => self.imports.push(line.slice(first.len() + 1..text.len())),
            (_, Some((name, value))) => {
                let name = name.split_whitespace().last().unwrap_or("").to_owned();
                self.assignments.push(Assignment { name, value, export: first == "export" });
            }
            (_, None) => {
                let recipe = header(line);
                let is_recipe = recipe.is_some();
                self.recipes.extend(recipe);
                return is_recipe;
            }
        }
        false
    }

    fn setting(&mut self, text: &str, value: Option<Mapped>) {
        let value = value.map(|value| value.text().to_owned()).unwrap_or_default();
        match text.split([' ', ':']).next() {
            Some("export") => self.export = !value.contains("false"),
            Some("shell") => {
                let words: Vec<&str> =
                    value.split(['"', '\'', ',', '[', ']', ' ']).filter(|word| !word.is_empty()).collect();
                self.other_shell = words.first().is_some_and(|shell| !shell.ends_with("sh") || shell.contains("pwsh"));
                self.errexit = words.iter().skip(1).any(|flag| flag.starts_with('-') && flag.contains('e'));
            }
            _ => {}
        }
    }
}

/// `name := value`, with what stands before the sign.
fn assignment(line: &Mapped) -> Option<(String, Mapped)> {
    let text = line.text();
    let at = text.find(":=")?;
    let name = &text[..at];
    let plain = name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | ' '));
    plain.then(|| (name.trim().to_owned(), line.slice(at + 2..text.len())))
}

/// `name parameters: dependencies`.
fn header(line: &Mapped) -> Option<Recipe> {
    let text = line.text();
    let (words, end) = words(line, 0);
    let (name, parameters) = words.split_first()?;
    text[end..].strip_prefix(':')?;
    let quiet = name.text().starts_with('@');
    let name = name.text().trim_start_matches('@').to_owned();
    let mut recipe =
        Recipe { name, parameters: parameters.iter().map(parameter).collect(), quiet, ..Recipe::default() };
    let behind = line.slice(end + 1..text.len());
    let mut after = false;
    for word in self::words(&behind, 0).0 {
        if word.text() == "&&" {
            after = true;
            continue;
        }
        if word.text().starts_with('#') {
            break;
        }
        let inner = word.slice(usize::from(word.text().starts_with('('))..word.text().trim_end_matches(')').len());
        let mut parts = self::words(&inner, 0).0.into_iter();
        let Some(name) = parts.next() else { continue };
        let dependency = Dependency { name: name.text().to_owned(), arguments: parts.collect() };
        if after { recipe.after.push(dependency) } else { recipe.before.push(dependency) }
    }
    Some(recipe)
}

fn parameter(word: &Mapped) -> Parameter {
    let text = word.text();
    let equals = text.find('=');
    let name = &text[..equals.unwrap_or(text.len())];
    let variadic = name.contains(['+', '*']);
    let default = equals.map(|at| word.slice(at + 1..text.len()));
    Parameter {
        name: name.trim_start_matches(['+', '*', '$']).to_owned(),
        default,
        variadic,
        export: name.contains('$'),
    }
}

/// The words of a line, up to a colon outside of quotes and brackets; and where that is.
fn words(line: &Mapped, from: usize) -> (Vec<Mapped>, usize) {
    let text = line.text();
    let (mut found, mut start, mut quote, mut depth) = (Vec::new(), None, None, 0_i32);
    let mut end = text.len();
    for (at, char) in text.char_indices().skip_while(|(at, _)| *at < from) {
        match (quote, char) {
            (Some(open), char) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(char),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ':') if depth <= 0 => {
                end = at;
                break;
            }
            _ => {}
        }
        if char.is_whitespace() && quote.is_none() && depth <= 0 {
            found.extend(start.take().map(|start| line.slice(start..at)));
        } else {
            start = start.or(Some(at));
        }
    }
    found.extend(start.map(|start| line.slice(start..end)));
    (found, end)
}

/// `@` and `-` in front of a line.
pub fn prefix(line: &Mapped) -> (&str, Mapped) {
    let text = line.text();
    let rest = text.trim_start_matches(['@', '-', ' ', '\t']);
    let length = text.len() - rest.len();
    (&text[..length], line.slice(length..text.len()))
}
