//! Which configurations a repository has: found by their names, and by what other files mention.
//! It guesses wide; what a file really includes, the analysis says.

mod kind;
mod mentions;

pub use kind::looks_like_pipeline;
pub use mentions::Mentions;

use crate::files::{Files, Found};

/// GitLab's own name for the configuration.
pub const CONFIG: &str = ".gitlab-ci.yml";

/// Whether a path has GitLab's own name, in any folder.
#[must_use]
pub fn is_config(path: &str) -> bool {
    path.rsplit('/').next() == Some(CONFIG)
}

/// The configurations of a folder: all of GitLab's own name, and the components that the repository offers.
#[must_use]
pub fn configurations(files: &dyn Files, folder: &str) -> Found {
    let mut found = files.find(folder);
    let header = |path: &String| files.read(path).is_ok_and(|bytes| kind::has_spec(&bytes));
    let offers_components = found.yaml.iter().any(|path| is_in_templates(path) && header(path));
    found.yaml.retain(|path| {
        let is_component = offers_components
            && is_in_templates(path)
            && files.read(path).is_ok_and(|bytes| looks_like_pipeline(&bytes));
        (is_config(path) && !is_made_from(path)) || is_component
    });
    found
}

/// `templates/name.yml` or `templates/name/template.yml`: where GitLab looks for a component.
fn is_in_templates(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("templates/").and_then(|rest| rest.strip_suffix(".yml")) else { return false };
    !rest.contains('/') || rest.split_once('/').is_some_and(|(_, file)| file == "template")
}

/// `{{cookiecutter.name}}/.gitlab-ci.yml`: another tool fills it in before GitLab sees it.
fn is_made_from(path: &str) -> bool {
    path.contains("{{") || path.contains("{%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn found(files: &[(&str, &str)], folder: &str) -> Vec<String> {
        configurations(&Memory::new(files), folder).yaml
    }

    #[test]
    fn configurations_are_found_in_every_folder() {
        let files = [
            (".gitlab-ci.yml", ""),
            ("a/.gitlab-ci.yml", ""),
            ("a/b.yml", "j: {script: x}\n"),
            ("ab/.gitlab-ci.yml", ""),
            ("x/{{ cookiecutter.name }}/.gitlab-ci.yml", ""),
        ];
        assert_eq!(found(&files, ""), [".gitlab-ci.yml", "a/.gitlab-ci.yml", "ab/.gitlab-ci.yml"]);
        assert_eq!(found(&files, "a"), ["a/.gitlab-ci.yml"]);
    }

    #[test]
    fn components_are_found_where_gitlab_looks_for_them() {
        let job = "j:\n  script: x\n";
        let files = [
            ("templates/build.yml", "spec:\n  inputs:\n    a:\n---\nj:\n  script: x\n"),
            ("templates/test/template.yml", job),
            ("templates/test/other.yml", job),
            ("templates/values.yml", "replicas: 1\n"),
            ("sub/templates/build.yml", job),
        ];
        assert_eq!(found(&files, ""), ["templates/build.yml", "templates/test/template.yml"]);
        assert!(found(&files[1..], "").is_empty(), "templates of another kind");
    }
}
