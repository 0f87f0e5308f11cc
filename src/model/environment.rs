//! The variables of a job in each of its scenarios (facts A12), shared between jobs.

use std::collections::HashMap;
use std::sync::Arc;

use super::child::Parent;
use super::variables::{Base, Definition, Variables, definitions};
use super::{Environment, Note, NoteKind, matrix};
use crate::rules::{Lookup, Reach};
use crate::scenario::Scenarios;
use crate::text::Inputs;
use crate::value::{Kind, Map, Value};

/// The most variables that are expanded for single jobs.
const MOST: usize = 500_000;

/// The most environments of one job; where a matrix makes more, its variables are symbols.
const MOST_WORLDS: usize = 64;

/// A rule and a workflow rule that set variables.
type Rules = (Option<usize>, Option<usize>);

/// What tells one environment of a job from another.
#[derive(Clone, Copy, Default)]
struct Which {
    rules: Rules,
    /// The combination of the matrix.
    combination: Option<usize>,
    /// What the trigger job forwards.
    forwarded: Option<usize>,
}

/// A base, the addresses of the job's own maps, the combination and the way of forwarding.
type Key = (usize, [usize; 3], [Option<usize>; 2]);

/// What the environments of all jobs are made of.
pub(super) struct Environments<'a> {
    globals: Option<&'a Map>,
    workflow: Vec<&'a Value>,
    outside: Outside<'a>,
    /// For what a job inherits and the workflow rule.
    bases: HashMap<(String, Option<usize>), usize>,
    made: Vec<Base>,
    known: HashMap<Key, Variables>,
    left: usize,
}

/// What the merged configuration does not say.
#[derive(Clone, Copy)]
pub(super) struct Outside<'a> {
    /// The project's settings, which beat what the files say.
    pub settings: &'a Map,
    /// What is known of `$[[ … ]]`.
    pub inputs: &'a Inputs,
    /// What starts the pipeline, where it is a child.
    pub parent: Option<&'a Parent>,
}

impl Outside<'_> {
    /// `$[[ … ]]` of a file without inputs is text.
    fn keep_blocks(self, list: &mut [Definition]) {
        let literal = |definition: &&mut Definition| !self.inputs.has(definition.at.file);
        list.iter_mut().filter(literal).for_each(Definition::keep_blocks);
    }
}

/// A job's own share.
pub(super) struct Own<'a> {
    inherits: String,
    variables: Option<&'a Arc<Map>>,
    parallel: Option<&'a Arc<Map>>,
    /// The definitions of each combination of the matrix.
    combinations: Vec<Vec<Definition>>,
    /// The definitions that stand for all combinations.
    any_combination: Vec<Definition>,
    rules: Vec<&'a Value>,
    /// What earlier jobs write for this one.
    dotenv: Vec<Definition>,
    /// `id_tokens` and `secrets`.
    given: [Vec<Definition>; 2],
}

impl<'a> Own<'a> {
    pub(super) fn of(job: &'a Map) -> Self {
        let inherit = job.get("inherit").and_then(Value::as_map).and_then(|inherit| inherit.get("variables"));
        Own {
            inherits: inherit.map_or_else(String::new, signature),
            variables: job.get("variables").and_then(shared_map),
            parallel: job.get("parallel").and_then(shared_map),
            combinations: matrix::combinations(job),
            any_combination: matrix::definitions(job),
            rules: flat_rules(job),
            dotenv: Vec::new(),
            given: ["id_tokens", "secrets"].map(|keyword| given(job, keyword)),
        }
    }
}

/// What the server and the runner put into the job: `id_tokens` below all that the files say (facts
/// A12), `secrets` above; a token, a secret, or the path of a file that holds it.
fn given(job: &Map, keyword: &str) -> Vec<Definition> {
    job.get(keyword).and_then(Value::as_map).into_iter().flat_map(Map::iter).map(Definition::given).collect()
}

impl Own<'_> {
    /// The same, with what earlier jobs write for this one.
    pub(super) fn after(self, dotenv: Vec<Definition>) -> Self {
        Own { dotenv, ..self }
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

    /// That a bound was reached.
    pub(super) fn bound(&self) -> Option<Note> {
        let message = "too many variables: those of some jobs are not known".to_owned();
        (self.left == 0).then_some(Note { kind: NoteKind::BoundReached, at: None, message })
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
        self.made.push(Base::new(list, self.outside.inputs));
        self.bases.insert(key, self.made.len() - 1);
        self.made.len() - 1
    }

    fn variables(&mut self, own: &Own, which: Which) -> Variables {
        let base = self.base(own, which.rules.1);
        let address = |map: Option<&Arc<Map>>| map.map_or(0, |map| Arc::as_ptr(map) as usize);
        let over = rule_variables(&own.rules, which.rules.0);
        let of_matrix = |number| own.combinations.get(number).unwrap_or(&own.any_combination);
        let combination = which.combination.map(of_matrix).filter(|list| !list.is_empty());
        let parallel = own.parallel.filter(|_| combination.is_some());
        let key = (
            base,
            [address(own.variables), address(parallel), address(over)],
            [which.combination.filter(|_| combination.is_some()), which.forwarded],
        );
        // Nor is what earlier jobs write a map. Without a map that the address could tell apart, two jobs' combinations may differ.
        let dotenv = which.combination.map_or(&[][..], |_| &own.dotenv);
        let [tokens, secrets] = &own.given;
        let shareable = dotenv.is_empty()
            && tokens.is_empty()
            && secrets.is_empty()
            && (combination.is_none() || parallel.is_some());
        if let Some(known) = self.known.get(&key).filter(|_| shareable) {
            return known.clone();
        }
        let is_new = |token: &&Definition| self.globals.is_none_or(|map| map.get(&token.name).is_none());
        let mut layer: Vec<Definition> = tokens.iter().filter(is_new).cloned().collect();
        layer.extend(own.variables.map(|map| definitions(map)).unwrap_or_default());
        layer.extend(combination.into_iter().flatten().cloned());
        layer.extend(over.map(|map| definitions(map)).unwrap_or_default());
        layer.extend(dotenv.iter().cloned());
        layer.extend(definitions(self.outside.settings));
        layer.extend(self.outside.parent.map(|parent| parent.definitions(which.forwarded)).unwrap_or_default());
        layer.extend(secrets.iter().cloned());
        self.outside.keep_blocks(&mut layer);
        let variables = self.made[base].with(layer, self.outside.inputs, &mut self.left);
        if shareable {
            self.known.insert(key, variables.clone());
        }
        variables
    }

    /// What conditions can ask: neither the matrix nor any rule's variables are there yet.
    pub(super) fn before_rules(&mut self, own: &Own) -> Variables {
        self.variables(own, Which::default())
    }

    /// Whether the files define a variable of the job, so that a trigger job forwards it.
    pub(super) fn defines(&self, own: &Own, name: &str) -> bool {
        let rules = own.rules.iter().chain(&self.workflow);
        let of_rules = rules.filter_map(|rule| rule.as_map()?.get("variables")?.as_map());
        let own_variables = own.variables.map(|map| &**map);
        let mut maps = self.globals.into_iter().chain(own_variables).chain(of_rules);
        maps.any(|map| map.get(name).is_some())
            || own.any_combination.iter().any(|definition| *definition.name == *name)
    }

    /// One environment for each distinct pair of rules that set variables, each combination of the
    /// matrix and each way in which a trigger job forwards its variables.
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
        let mut ways = self.outside.parent.map_or_else(|| vec![(None, Scenarios::ALL)], Parent::ways);
        if ways.len() * pairs.len() > MOST_WORLDS {
            ways = vec![(None, ways.iter().fold(Scenarios::NONE, |all, (_, scenarios)| all.or(*scenarios)))];
        }
        let mut combinations: Vec<usize> = (0..own.combinations.len()).collect();
        if combinations.is_empty() || combinations.len() * ways.len() * pairs.len() > MOST_WORLDS {
            combinations = vec![usize::MAX];
        }
        let mut found = Vec::new();
        for (forwarded, outer) in ways {
            for (rules, scenarios) in &pairs {
                let scenarios = scenarios.and(outer);
                for combination in combinations.iter().filter(|_| !scenarios.is_empty()) {
                    let which = Which { rules: *rules, combination: Some(*combination), forwarded };
                    found.push(Environment { scenarios, variables: self.variables(own, which) });
                }
            }
        }
        found
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
