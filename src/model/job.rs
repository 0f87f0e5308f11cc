//! One job of the merged configuration: what kind it is, what it inherits, its fields (facts A5, A7).

use super::dotenv::Dotenv;
use super::environment::{Environments, Own, flat_rules};
use super::reach::Reaches;
use super::variables::{Variables, expand_in};
use super::{Field, Item, Job, foreign, image, job_inputs, script};
use crate::load::{Admitted, Fault};
use crate::source::Span;
use crate::value::{Entry, Kind, Map, Step, StepKind, Value};

/// The keywords that every job inherits.
pub(super) const INHERITED: [&str; 5] = ["image", "services", "tags", "before_script", "after_script"];

/// `default:` and the deprecated top-level keywords.
pub(super) struct Defaults<'a> {
    entries: Vec<(&'a Entry, Vec<Step>)>,
}

impl<'a> Defaults<'a> {
    /// Reads them; one that is defined in both places, or is no script, is a fault.
    pub(super) fn of(config: &'a Map, default: Option<&'a Entry>, faults: &mut Vec<Fault>) -> Self {
        let mut entries = Vec::new();
        let given = |entry: Option<&'a Entry>| entry.filter(|entry| !entry.value.is_null());
        let (map, outer) = default.map_or((None, &[][..]), |entry| (entry.value.as_map(), &entry.value.via[..]));
        for keyword in INHERITED {
            let own = given(map.and_then(|map| map.entry(keyword)));
            let top = given(config.entry(keyword).filter(|_| keyword != "tags"));
            if let (Some(own), Some(top)) = (own, top) {
                let message = format!("{keyword} is defined in top-level and `default:` entry");
                let labels = vec![(own.key_at, "also defined here".to_owned())];
                faults.push(Fault { labels, ..Fault::new(top.key_at, message) });
            }
            let Some(entry) = own.or(top) else { continue };
            let steps = if own.is_some() { outer } else { &[] };
            if keyword.ends_with("_script")
                && let Err(fault) = script::items(&entry.value, &format!("default:{keyword}"))
            {
                faults.push(fault);
                continue;
            }
            let steps = steps.iter().copied().chain([Step { kind: StepKind::Default, at: entry.key_at }]).collect();
            entries.push((entry, steps));
        }
        Defaults { entries }
    }

    fn get(&self, keyword: &str) -> Option<(&'a Entry, &[Step])> {
        self.entries.iter().find(|(entry, _)| *entry.key == *keyword).map(|(entry, steps)| (*entry, steps.as_slice()))
    }
}

/// What all jobs share.
pub(super) struct Shared<'a> {
    pub defaults: Defaults<'a>,
    pub workflow: Option<&'a Map>,
    pub environments: Environments<'a>,
    pub reaches: Reaches<'a>,
    /// The jobs that are not in every pipeline.
    pub admitted: Admitted,
    pub dotenv: Dotenv<'a>,
}

/// One job at work.
struct Reader<'a, 's> {
    entry: &'a Entry,
    job: &'a Map,
    defaults: &'s Defaults<'a>,
}

impl<'a, 's> Reader<'a, 's> {
    fn own(&self, keyword: &str) -> Option<&'a Entry> {
        self.job.entry(keyword).filter(|entry| !entry.value.is_null())
    }

    /// Whether the job itself gives one of these keywords.
    fn owns(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.own(keyword).is_some())
    }

    /// The key that keeps a default from the job.
    fn refuses(&self, keyword: &str) -> Option<Span> {
        let inherit = self.own("inherit")?.value.as_map()?.entry("default")?;
        let refuses = match &inherit.value.kind {
            Kind::Bool(inherits) => !inherits,
            Kind::List(names) => !names.iter().any(|name| name.as_text() == Some(keyword)),
            _ => false,
        };
        refuses.then_some(inherit.key_at)
    }

    /// The job's own keyword, or the default's, with the steps of what holds it.
    fn keyword(&self, keyword: &str) -> Option<(&'a Entry, &[Step])> {
        if let Some(own) = self.own(keyword) {
            return Some((own, &self.entry.value.via));
        }
        self.defaults.get(keyword).filter(|_| self.refuses(keyword).is_none())
    }

    fn script(&self, keyword: &str) -> Result<Option<Field<Vec<Item>>>, Fault> {
        match self.keyword(keyword) {
            Some((entry, steps)) => script::field(entry, steps).map(Some).map_err(|fault| self.fault(fault)),
            None => Ok(None),
        }
    }

    fn fault(&self, fault: Fault) -> Fault {
        let message = format!("jobs:{}:{}", self.entry.key, fault.message);
        Fault { message, ..fault }.of(&self.entry.key)
    }

    /// The default `before_script` that the job does not get.
    fn lost_before_script(&self) -> Option<(Vec<Item>, Span)> {
        let (default, _) = self.defaults.get("before_script")?;
        let by = self.own("before_script").map(|own| own.key_at).or_else(|| self.refuses("before_script"))?;
        let items = script::items(&default.value, "before_script").ok()?;
        (!items.is_empty()).then_some((items, by))
    }

    /// `before_script`, `script` and `after_script`.
    fn scripts(&self, unread: bool) -> Result<[Option<Field<Vec<Item>>>; 3], Fault> {
        let script = self.main_script(unread)?;
        Ok([self.script("before_script")?, script, self.script("after_script")?])
    }

    fn main_script(&self, unread: bool) -> Result<Option<Field<Vec<Item>>>, Fault> {
        let via = &self.entry.value.via;
        let given = |keyword: &str| self.job.entry(keyword);
        let rejected = |at: Span, message: String| Err(Fault::new(at, message).of(&self.entry.key));
        let name = &self.entry.key;
        if let Some(entry) = given("script") {
            let field = match &entry.value.kind {
                Kind::Null => None,
                _ => Some(script::field(entry, via).map_err(|fault| self.fault(fault))?),
            };
            return match field.filter(|field| unread || !is_blank(field, &entry.value)) {
                Some(field) => Ok(Some(field)),
                None if unread => Ok(None),
                None => rejected(entry.key_at, format!("jobs:{name}:script config can't be blank")),
            };
        }
        if let Some(entry) = given("run") {
            return Ok(Some(script::run_steps(entry, via)));
        }
        if unread || given("trigger").is_some() || given("needs").is_some() {
            return Ok(None);
        }
        rejected(
            self.entry.key_at,
            format!("jobs:{name} config should implement the script:, run:, or trigger: keyword"),
        )
    }

    fn tags(&self, variables: &Variables) -> Vec<String> {
        let Some((entry, _)) = self.keyword("tags") else { return Vec::new() };
        let items = entry.value.as_list().unwrap_or(std::slice::from_ref(&entry.value));
        items.iter().filter_map(Value::scalar).map(|tag| expand_in(&tag, variables).shown()).collect()
    }
}

/// Nothing to run: no item, and none that could not be read.
fn is_blank(field: &Field<Vec<Item>>, value: &Value) -> bool {
    match &value.kind {
        Kind::List(items) => items.is_empty(),
        Kind::Text(text) => text.text().trim().is_empty(),
        _ => field.value.is_empty(),
    }
}

/// The lines of the scripts that there are.
fn items(scripts: [&Option<Field<Vec<Item>>>; 3]) -> Vec<&[Item]> {
    scripts.into_iter().flatten().map(|script| script.value.as_slice()).collect()
}

/// Reads a job. `unread`: something that it rests on could not be read.
pub(super) fn read<'a>(entry: &'a Entry, unread: bool, shared: &mut Shared<'a>) -> Result<Job, Fault> {
    let name = entry.key.to_string();
    let job = entry.value.as_map().ok_or_else(|| {
        let message = format!("jobs:{name} config should implement the script:, run:, or trigger: keyword");
        Fault::new(entry.key_at, message).of(&name)
    })?;
    let filled = job_inputs::filled(job);
    let reader = Reader { entry, job: filled.as_ref().unwrap_or(job), defaults: &shared.defaults };
    let [before_script, script, after_script] = reader.scripts(unread)?;
    let own = Own::of(job).after(shared.dotenv.reaching(job));
    let before = shared.environments.before_rules(&own);
    let (reach, confined_to) = shared.reaches.of(job, shared.workflow, &before);
    let reach = shared.admitted.confine(&name, reach);
    let environments = shared.environments.of(&own, &reach);
    let variables: Vec<&Variables> = environments.iter().map(|environment| &environment.variables).collect();
    let image = reader.keyword("image").and_then(|(entry, steps)| image::image(entry, steps, &variables));
    let services = reader.keyword("services").map(|(entry, _)| image::services(entry, &variables));
    let tags = reader.tags(&before);
    let lines = items([&before_script, &script, &after_script]);
    let shell = foreign::shell(image.as_ref().map(|image| &image.value), &tags, &lines);
    Ok(Job {
        name_at: entry.key_at,
        at: entry.key_at.join(entry.value.at),
        services: services.unwrap_or_default(),
        has_tags: !tags.is_empty(),
        lost_before_script: reader.lost_before_script(),
        own_rules: reader.owns(&["rules", "only", "except"]),
        bare: !reader.owns(&["stage", "image", "services"]),
        unread_base: unread,
        name,
        image,
        before_script,
        script,
        after_script,
        environments,
        reach,
        shell,
        confined_to,
    })
}

/// The variables that a job's `variables`, its rules, `secrets` and `id_tokens` define.
pub(super) fn defined(job: &Map) -> impl Iterator<Item = &Entry> {
    let rules = flat_rules(job).into_iter().filter_map(|rule| rule.as_map()?.get("variables"));
    let own = ["variables", "secrets", "id_tokens"].into_iter().filter_map(|keyword| job.get(keyword));
    own.chain(rules).filter_map(Value::as_map).flat_map(Map::iter)
}
