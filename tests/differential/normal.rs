//! One form for what both write in different ways and mean alike: strings for lists of one, and the
//! defaults that gitlab-ci-local writes out.

use serde_json::{Map, Value, json};

/// Top-level keywords that are compared; the others are in the jobs by then.
pub const KEYWORDS: [&str; 3] = ["stages", "variables", "workflow"];
/// The keys of a service, an image, a cache and a need that gitlab-ci-local keeps.
const SERVICE: &[&str] = &["name", "entrypoint", "command", "alias", "variables"];
const IMAGE: &[&str] = &["name", "entrypoint"];
const CACHE: &[&str] = &["key", "paths", "policy", "when"];
const NEED: &[&str] = &["job", "artifacts", "optional", "project", "pipeline", "ref", "parallel"];

/// A keyword of a job or of the pipeline; `None`: as if it were not there.
pub fn normal(keyword: &str, value: &Value) -> Option<Value> {
    let each = |one: fn(Value) -> Value| Value::Array(list(value).into_iter().map(one).collect());
    match keyword {
        _ if value.is_null() => None,
        "script" | "before_script" | "after_script" => Some(Value::Array(list(value))),
        "variables" => Some(variables(value)),
        "image" => Some(image(value.clone())),
        "services" => Some(each(service)),
        "needs" if value.is_array() => Some(each(need)),
        "cache" => Some(caches(value)),
        "parallel" => Some(parallel(value.clone())),
        "stages" => Some(stages(value)),
        _ => Some(value.clone()),
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

/// All values as text; `expand: false` as doubled `$`.
fn variables(value: &Value) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let one = |value: &Value| match value.as_object() {
        Some(map) if map.get("expand") == Some(&json!(false)) => text(&map["value"]).replace('$', "$$"),
        Some(map) => text(map.get("value").unwrap_or(&Value::Null)),
        None => text(value),
    };
    Value::Object(map.iter().map(|(name, value)| (name.clone(), json!(one(value)))).collect())
}

/// A map with these keys, a string being the first of them.
fn only(value: Value, keys: &[&str]) -> Map<String, Value> {
    let map = match value {
        Value::Object(map) => map,
        other => Map::from_iter([(keys[0].to_owned(), other)]),
    };
    map.into_iter().filter(|(key, value)| keys.contains(&key.as_str()) && !value.is_null()).collect()
}

fn image(value: Value) -> Value {
    Value::Object(only(value, IMAGE))
}

fn service(value: Value) -> Value {
    let mut map = only(value, SERVICE);
    if let Some(given) = map.get_mut("variables") {
        *given = variables(given);
    }
    Value::Object(map)
}

fn need(value: Value) -> Value {
    let mut map = only(value, NEED);
    map.entry("artifacts").or_insert(json!(true));
    if map.contains_key("job") {
        map.entry("optional").or_insert(json!(false));
    }
    Value::Object(map)
}

/// A cache without paths does nothing.
fn caches(value: &Value) -> Value {
    let one = |value: Value| {
        let mut map = only(value, CACHE);
        map.entry("policy").or_insert(json!("pull-push"));
        map.entry("when").or_insert(json!("on_success"));
        map
    };
    let all = list(value).into_iter().map(one).filter(|map| map.contains_key("paths"));
    Value::Array(all.map(Value::Object).collect())
}

/// The values of a matrix are lists.
fn parallel(mut value: Value) -> Value {
    let rows = value.get_mut("matrix").and_then(Value::as_array_mut).into_iter().flatten();
    for value in rows.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        *value = Value::Array(list(value));
    }
    value
}

/// GitLab adds the first and the last one.
pub fn stages(value: &Value) -> Value {
    let inner = list(value).into_iter().filter(|stage| stage != ".pre" && stage != ".post");
    Value::Array([json!(".pre")].into_iter().chain(inner).chain([json!(".post")]).collect())
}
