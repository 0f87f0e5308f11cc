//! The deep merge of `extends` and `include`: maps merge at any depth, everything else is replaced
//! by the later value.

use std::sync::Arc;

use super::{Entry, Kind, Map, Step, Value};

/// The most replaced values that are remembered of one value.
const REMEMBERED: usize = 8;

impl Value {
    /// The same value after further steps.
    #[must_use]
    pub fn after(&self, steps: &[Step]) -> Value {
        let mut value = self.clone();
        value.via.extend_from_slice(steps);
        value
    }

    /// Remembers that this value stands in the place of `old`.
    pub fn replaces(&mut self, old: &Value) {
        if old.is_null() || self.shadowed.len() >= REMEMBERED {
            return;
        }
        self.shadowed.push(Arc::new(Value { shadowed: Vec::new(), ..old.clone() }));
        let room = REMEMBERED - self.shadowed.len();
        self.shadowed.extend(old.shadowed.iter().take(room).cloned());
    }
}

/// Sets a key of a map; a value that it replaces is remembered.
pub fn put(map: &mut Map, mut entry: Entry) {
    if let Some(old) = map.get(&entry.key) {
        entry.value.replaces(old);
    }
    map.insert(entry);
}

/// `base` with `over` merged over it, as Ruby's `deep_merge`. Steps of a map go down to its entries,
/// because after a merge they differ. `budget` counts copied entries; `None`: it is used up.
#[must_use]
pub fn deep_merge(base: &Value, over: &Value, budget: &mut usize) -> Option<Value> {
    let (Kind::Map(low), Kind::Map(high)) = (&base.kind, &over.kind) else {
        let mut value = over.clone();
        value.replaces(base);
        return Some(value);
    };
    *budget = budget.checked_sub(low.len() + high.len())?;
    let mut map = Map::default();
    for entry in low.iter() {
        map.insert(Entry { value: entry.value.after(&base.via), ..entry.clone() });
    }
    for entry in high.iter() {
        let value = entry.value.after(&over.via);
        let merged = match map.get(&entry.key) {
            Some(old) => deep_merge(old, &value, budget)?,
            None => value,
        };
        map.insert(Entry { value: merged, ..entry.clone() });
    }
    Some(Value { at: over.at, via: Vec::new(), shadowed: over.shadowed.clone(), kind: Kind::Map(Arc::new(map)) })
}
