#![doc = include_str!("unreadable_config.md")]

use pushlint::lint::{Level, Lint};

/// Has no question of its own: the model finds the faults, the judge says them under this name.
pub static LINT: Lint = Lint {
    id: "unreadable-config",
    level: Level::Error,
    page: include_str!("unreadable_config.md"),
    check: |_, _| Vec::new(),
};
