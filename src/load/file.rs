//! One file: bytes to text, text to documents, the content document to a value.

use crate::files::{Files, ReadError};
use crate::source::{FileId, Source, Sources, decode};
use crate::value::{Kind, Reason, Value, resolve};
use crate::yaml;

use super::Fault;
use super::inputs::Spec;

/// One file as it was read.
#[derive(Default)]
pub(super) struct File {
    /// Why it could not be read.
    pub error: Option<ReadError>,
    /// The source; `None` where it could not be read.
    pub id: Option<FileId>,
    /// The header, if there is one.
    pub header: Option<Spec>,
    /// The content document; `None` where it is no YAML.
    pub content: Option<Value>,
    /// What is wrong with the file itself.
    pub faults: Vec<Fault>,
}

/// Reads a file; `shown`: its path from the analysis' root.
pub(super) fn read(files: &dyn Files, path: &str, shown: &str, sources: &mut Sources) -> File {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => return File { error: Some(error), ..File::default() },
    };
    let known = sources.iter().find(|(_, source)| source.path == shown).map(|(id, _)| id);
    let id = known.unwrap_or_else(|| sources.add(Source::new(shown, decode(bytes))));
    let mut file = File { id: Some(id), ..File::default() };
    if let Err(fault) = content(&sources.get(id).text, id, &mut file) {
        file.faults.push(fault);
    }
    file
}

/// The content: the last document behind a `spec:` header, otherwise the first one. Documents that
/// hold nothing but comments and directives are none.
fn content(text: &str, id: FileId, file: &mut File) -> Result<(), Fault> {
    let mut parts = yaml::documents(text);
    parts.retain(|part| !is_blank(&text[part.clone()]));
    let first = parts.first().cloned().unwrap_or(0..0);
    let value = document(text, id, first)?;
    let Some(spec) = value.as_map().and_then(|map| map.entry("spec")) else {
        file.content = Some(value);
        return Ok(());
    };
    match parts.last() {
        Some(last) if parts.len() > 1 => {
            file.header = Some(Spec::read(&spec.value, &mut file.faults));
            file.content = Some(document(text, id, last.clone())?);
        }
        _ => {
            let mut fault = Fault::new(spec.key_at, "the `spec:` header is not closed by `---`");
            fault.help = Some("put a line with `---` between the header and the jobs".to_owned());
            file.faults.push(fault);
            file.content = Some(without_spec(&value));
        }
    }
    Ok(())
}

fn is_blank(part: &str) -> bool {
    part.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line.starts_with('%'))
}

fn without_spec(value: &Value) -> Value {
    let mut map = value.as_map().cloned().unwrap_or_default();
    map.remove("spec");
    Value { kind: Kind::Map(std::sync::Arc::new(map)), ..value.clone() }
}

fn document(text: &str, id: FileId, part: std::ops::Range<usize>) -> Result<Value, Fault> {
    let base = part.start;
    let document = yaml::parse(&text[part], id, base).map_err(|error| {
        let help = "an anchor serves only its own file: `extends` and `!reference` reach what other files define";
        let help = error.unknown_alias.then(|| help.to_owned());
        Fault { help, ..Fault::new(error.span, error.message) }
    })?;
    resolve(document).map_err(|refused| {
        let mut fault = Fault::new(refused.at, refused.message());
        if matches!(refused.reason, Reason::Class(_)) {
            fault.help = Some("quote it: without quotes it is a date".to_owned());
        }
        fault
    })
}
