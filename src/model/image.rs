//! `image:` and `services:` (facts A15).

use super::variables::{Variables, expand_in};
use super::{Field, Image, Service};
use crate::text::{Part, Text};
use crate::value::{Entry, Kind, Map, Step, Value};

/// The value that names the image: the string itself, or `name` of a map.
fn name(value: &Value) -> Option<&Value> {
    match &value.kind {
        Kind::Text(_) => Some(value),
        Kind::Map(map) => map.get("name"),
        _ => None,
    }
}

/// `image:`, expanded with the variables of each environment; where they differ, the name is unknown.
pub(super) fn image(entry: &Entry, outer: &[Step], variables: &[&Variables]) -> Option<Field<Image>> {
    let written = name(&entry.value)?;
    let text = written.scalar()?;
    let via = entry.value.via.iter().chain(outer).copied().collect();
    let image = Image { name: expanded(&text, variables), at: written.at };
    Some(Field { value: image, key_at: entry.key_at, at: entry.value.at, via, shadowed: Vec::new() })
}

fn expanded(text: &str, variables: &[&Variables]) -> Text {
    let Some((first, rest)) = variables.split_first() else { return Text::literal(text) };
    let name = expand_in(text, first);
    let same = rest.iter().all(|other| other.same(first) || expand_in(text, other) == name);
    if same { name } else { super::expand::opaque(text) }
}

/// `services:`.
pub(super) fn services(entry: &Entry, variables: &[&Variables]) -> Vec<Service> {
    let items = match &entry.value.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Text(_) => std::slice::from_ref(&entry.value),
        _ => &[],
    };
    items.iter().filter_map(|item| service(item, variables)).collect()
}

fn service(item: &Value, variables: &[&Variables]) -> Option<Service> {
    let written = name(item)?;
    let name = expanded(&written.scalar()?, variables);
    let alias = item.as_map().and_then(|map| map.get("alias")).and_then(Value::scalar).unwrap_or_default();
    let mut hosts: Vec<String> = alias.split([' ', ',']).filter(|host| !host.is_empty()).map(str::to_owned).collect();
    for host in hosts_of(&name) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let variables = item.as_map().and_then(|map| map.get("variables")).and_then(Value::as_map);
    let variables = variables.into_iter().flat_map(Map::iter).map(|entry| entry.key.to_string()).collect();
    Some(Service { name, hosts, variables, at: written.at })
}

/// The host names that the image gives a service: its path without port, tag and digest, `/` as `__` and as `-`.
fn hosts_of(name: &Text) -> Vec<String> {
    let Some(path) = known_path(name) else { return Vec::new() };
    let path = match path.split_once('/') {
        Some((host, rest)) => format!("{}/{rest}", host.split(':').next().unwrap_or(host)),
        None => path,
    };
    if path.is_empty() {
        return Vec::new();
    }
    let (first, second) = (path.replace('/', "__"), path.replace('/', "-"));
    if first == second { vec![first] } else { vec![first, second] }
}

/// The name before tag and digest, if all of it is known.
fn known_path(name: &Text) -> Option<String> {
    let prefix = name.literal_prefix();
    let later_slash = name.parts().iter().skip(1).any(|part| matches!(part, Part::Lit(text) if text.contains('/')));
    let untagged = prefix.split('@').next().unwrap_or(prefix);
    let last = untagged.rfind('/').map_or(0, |at| at + 1);
    match untagged[last..].find(':') {
        Some(colon) if !later_slash => Some(untagged[..last + colon].to_owned()),
        _ if name.as_literal().is_some() || untagged.len() < prefix.len() => Some(untagged.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Symbol;

    #[test]
    fn host_names_come_from_the_path() {
        assert_eq!(hosts_of(&Text::literal("docker:24-dind")), ["docker"]);
        assert_eq!(hosts_of(&Text::literal("docker")), ["docker"]);
        let mirrored = hosts_of(&Text::literal("reg.example.com:5000/group/docker:dind"));
        assert_eq!(mirrored, ["reg.example.com__group__docker", "reg.example.com-group-docker"]);
        assert_eq!(hosts_of(&Text::literal("docker@sha256:abc")), ["docker"]);
    }

    #[test]
    fn an_unknown_tag_leaves_the_host_name_known() {
        let mut name = Text::literal("docker:");
        name.push_symbol(Symbol::setting("VERSION"));
        assert_eq!(hosts_of(&name), ["docker"]);
        let mut name = Text::symbol(Symbol::setting("MIRROR"));
        name.push_str("/docker:dind");
        assert!(hosts_of(&name).is_empty());
    }
}
