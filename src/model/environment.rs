//! The variables of a job in each of its scenarios (facts A12), shared between jobs.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::variables::{Base, Definition, Variables, definitions};
use super::{Environment, matrix};
use crate::rules::{Lookup, Reach};
use crate::scenario::Scenarios;
use crate::source::FileId;
use crate::value::{Kind, Map, Value};

/// The most variables that are expanded for single jobs.
const MOST: usize = 500_000;

/// A rule and a workflow rule that set variables.
type Rules = (Option<usize>, Option<usize>);

/// What the environments of all jobs are made of.
pub(super) struct Environments<'a> {
    globals: Option<&'a Map>,
    workflow: Vec<&'a Value>,
    outside: Outside<'a>,
    /// For what a job inherits and the workflow rule.
    bases: HashMap<(String, Option<usize>), usize>,
    made: Vec<Base>,
    /// For a base and the addresses of the job's own maps.
    known: HashMap<(usize, [usize; 3]), Variables>,
    left: usize,
}

/// What the merged configuration does not say.
#[derive(Clone, Copy)]
pub(super) struct Outside<'a> {
    /// The project's settings, which beat what the files say.
    pub settings: &'a Map,
    /// The files with inputs.
    pub interpolated: &'a BTreeSet<FileId>,
}

impl Outside<'_> {
    /// `$[[ … ]]` of a file without inputs is text.
    fn keep_blocks(self, list: &mut [Definition]) {
        let literal = |definition: &&mut Definition| !self.interpolated.contains(&definition.at.file);
        list.iter_mut().filter(literal).for_each(Definition::keep_blocks);
    }
}

/// A job's own share.
pub(super) struct Own<'a> {
    inherits: String,
    variables: Option<&'a Arc<Map>>,
    parallel: Option<&'a Value>,
    job: &'a Map,
    rules: Vec<&'a Value>,
}

impl<'a> Own<'a> {
    pub(super) fn of(job: &'a Map) -> Self {
        let inherit = job.get("inherit").and_then(Value::as_map).and_then(|inherit| inherit.get("variables"));
        Own {
            inherits: inherit.map_or_else(String::new, signature),
            variables: job.get("variables").and_then(shared_map),
            parallel: job.get("parallel").filter(|value| value.as_map().is_some()),
            job,
            rules: flat_rules(job),
        }
    }
}

fn shared_map(value: &Value) -> Option<&Arc<Map>> {
    if let Kind::Map(map) = &value.kind { Some(map) } else { None }
}

/// What is inherited: empty for all, `\n` before each name, `false` for nothing.
fn signature(value: &Value) -> String {
    match &value.kind {
        Kind::Bool(false) => "false".to_owned(),
        Kind::List(names) => {
            let names: Vec<String> = names.iter().filter_map(Value::scalar).collect();
            format!("\n{}\n", names.join("\n"))
        }
        _ => String::new(),
    }
}

/// The rules with nested lists laid flat, as their numbers in [`Reach`] count them.
pub(super) fn flat_rules(map: &Map) -> Vec<&Value> {
    fn lay<'v>(value: &'v Value, depth: usize, flat: &mut Vec<&'v Value>) {
        match &value.kind {
            Kind::List(items) if depth <= 10 => items.iter().for_each(|item| lay(item, depth + 1, flat)),
            _ => flat.push(value),
        }
    }
    let mut flat = Vec::new();
    if let Some(rules) = map.get("rules").filter(|rules| rules.as_list().is_some()) {
        lay(rules, 0, &mut flat);
    }
    flat
}

/// The `variables` of a rule.
fn rule_variables<'a>(rules: &[&'a Value], number: Option<usize>) -> Option<&'a Arc<Map>> {
    let map = rules.get(number?)?.as_map()?.get("variables").and_then(shared_map)?;
    (!map.is_empty()).then_some(map)
}

impl<'a> Environments<'a> {
    pub(super) fn new(config: &'a Map, workflow: Option<&'a Map>, outside: Outside<'a>) -> Self {
        let globals = config.get("variables").and_then(Value::as_map);
        let workflow = workflow.map(flat_rules).unwrap_or_default();
        Environments {
            globals,
            workflow,
            outside,
            bases: HashMap::new(),
            made: Vec::new(),
            known: HashMap::new(),
            left: MOST,
        }
    }

    /// Whether a bound was reached.
    pub(super) fn is_partial(&self) -> bool {
        self.left == 0
    }

    fn base(&mut self, own: &Own, workflow_rule: Option<usize>) -> usize {
        let key = (own.inherits.clone(), workflow_rule);
        if let Some(known) = self.bases.get(&key) {
            return *known;
        }
        let mut list = self.globals.map(definitions).unwrap_or_default();
        list.extend(rule_variables(&self.workflow, workflow_rule).map(|map| definitions(map)).unwrap_or_default());
        if own.inherits == "false" {
            list.clear();
        } else if !own.inherits.is_empty() {
            let names: std::collections::HashSet<&str> = own.inherits.split('\n').collect();
            list.retain(|definition| names.contains(&*definition.name));
        }
        self.outside.keep_blocks(&mut list);
        self.made.push(Base::new(list));
        self.bases.insert(key, self.made.len() - 1);
        self.made.len() - 1
    }

    /// The variables under one rule and one workflow rule. `parallel`: with those of the matrix.
    fn variables(&mut self, own: &Own, rule: Option<usize>, workflow_rule: Option<usize>, parallel: bool) -> Variables {
        let base = self.base(own, workflow_rule);
        let address = |map: Option<&Arc<Map>>| map.map_or(0, |map| Arc::as_ptr(map) as usize);
        let over = rule_variables(&own.rules, rule);
        let parallel = own.parallel.filter(|_| parallel);
        let key = (base, [address(own.variables), address(parallel.and_then(shared_map)), address(over)]);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut layer: Vec<Definition> = own.variables.map(|map| definitions(map)).unwrap_or_default();
        if parallel.is_some() {
            layer.extend(matrix::definitions(own.job));
        }
        layer.extend(over.map(|map| definitions(map)).unwrap_or_default());
        layer.extend(definitions(self.outside.settings));
        self.outside.keep_blocks(&mut layer);
        let variables = self.made[base].with(layer, &mut self.left);
        self.known.insert(key, variables.clone());
        variables
    }

    /// What conditions can ask: neither the matrix nor any rule's variables are there yet.
    pub(super) fn before_rules(&mut self, own: &Own) -> Variables {
        self.variables(own, None, None, false)
    }

    /// One environment for each distinct pair of rules that set variables.
    pub(super) fn of(&mut self, own: &Own, reach: &[Reach]) -> Vec<Environment> {
        let mut pairs: Vec<(Rules, Scenarios)> = Vec::new();
        for way in reach {
            let rule = way.rule.filter(|rule| rule_variables(&own.rules, Some(*rule)).is_some());
            let workflow = way.workflow_rule.filter(|rule| rule_variables(&self.workflow, Some(*rule)).is_some());
            let scenario = Scenarios::of(&[way.scenario]);
            match pairs.iter_mut().find(|(pair, _)| *pair == (rule, workflow)) {
                Some((_, scenarios)) => *scenarios = scenarios.or(scenario),
                None => pairs.push(((rule, workflow), scenario)),
            }
        }
        if pairs.len() <= 1 {
            let pair = pairs.first().map_or((None, None), |(pair, _)| *pair);
            pairs = vec![(pair, Scenarios::ALL)];
        }
        let environment = |((rule, workflow), scenarios)| Environment {
            scenarios,
            variables: self.variables(own, rule, workflow, true),
        };
        pairs.into_iter().map(environment).collect()
    }
}

/// What a condition can know of a variable.
pub(super) fn lookup(variables: &Variables, name: &str) -> Lookup {
    match variables.get(name).map(|variable| variable.text.as_literal()) {
        None => Lookup::Undefined,
        Some(Some(text)) => Lookup::Known(text.to_owned()),
        Some(None) => Lookup::Unknown,
    }
}
