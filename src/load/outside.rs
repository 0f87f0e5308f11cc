//! The variables that includes can name: those of the settings, and what GitLab predefines of the
//! project (facts A10).

use super::Outside;
use crate::rules::Lookup;
use crate::value::Value;

impl Outside {
    /// The value of a variable. `$CI_PROJECT_PATH` stays: [`super::place`] knows what it means.
    fn variable(&self, name: &str) -> Option<String> {
        if let Some(value) = self.settings.get(name) {
            return Value::scalar(value);
        }
        let project = self.project.as_deref()?;
        let (namespace, last) = project.rsplit_once('/')?;
        let value = match name {
            "CI_PROJECT_NAMESPACE" => namespace,
            "CI_PROJECT_NAME" => last,
            "CI_PROJECT_ROOT_NAMESPACE" => namespace.split('/').next()?,
            _ => return None,
        };
        Some(value.to_owned())
    }

    /// What the rules of an include can know.
    pub(super) fn lookup(&self, name: &str) -> Lookup {
        match self.settings.get(name).and_then(Value::scalar) {
            Some(value) if value.contains('$') => Lookup::Unknown,
            Some(value) => Lookup::Known(value),
            None => Lookup::Undefined,
        }
    }

    /// A text with its variables put in; those that are not known stay as they are.
    pub(super) fn expanded(&self, text: &str) -> String {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            let opened = behind.strip_prefix('{').unwrap_or(behind);
            let length = opened.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let is_braced = opened.len() < behind.len();
            let closed = !is_braced || opened[length..].starts_with('}');
            let end = at + 1 + length + if is_braced { 1 + usize::from(closed) } else { 0 };
            match self.variable(&opened[..length]).filter(|_| closed) {
                Some(value) => expanded.push_str(&value),
                None => expanded.push_str(&rest[at..end]),
            }
            rest = &rest[end..];
        }
        expanded.push_str(rest);
        expanded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_variables_are_put_in_and_others_stay() {
        let outside = Outside { project: Some("Acme/team/app".to_owned()), ..Outside::default() };
        let shown = |text: &str| outside.expanded(text);
        assert_eq!(shown("$CI_PROJECT_NAMESPACE/ci"), "Acme/team/ci");
        assert_eq!(shown("${CI_PROJECT_ROOT_NAMESPACE}x$CI_PROJECT_NAME"), "Acmexapp");
        for text in ["$CI_PROJECT_PATH", "$OTHER/x", "${OTHER}", "${CI_PROJECT_NAME", "$", "a$$", "${", "$\u{e9}"] {
            assert_eq!(shown(text), text);
        }
    }
}
