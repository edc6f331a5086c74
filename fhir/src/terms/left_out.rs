//! What an import leaves out, by path.

use super::{DUO, SUPERSEDES};
use crate::codes;
use serde_json::Value;

/// The members that the index holds, by path without indexes; those above them are walked through.
const HELD: [&str; 24] = [
    "Consent.resourceType",
    "Consent.status",
    "Consent.scope.coding.system",
    "Consent.scope.coding.code",
    "Consent.patient.reference",
    "Consent.organization.reference",
    "Consent.policy.uri",
    "Consent.provision.type",
    "Consent.provision.period.start",
    "Consent.provision.period.end",
    "Consent.provision.purpose.system",
    "Consent.provision.purpose.code",
    "Consent.provision.actor.role.coding.system",
    "Consent.provision.actor.role.coding.code",
    "Consent.provision.actor.reference.reference",
    "Consent.provision.dataPeriod.start",
    "Consent.provision.dataPeriod.end",
    "Consent.provision.data.meaning",
    "Consent.provision.data.reference.reference",
    "Consent.provision.securityLabel.system",
    "Consent.provision.securityLabel.code",
    "Consent.sourceReference.identifier.system",
    "Consent.sourceReference.identifier.value",
    "Consent.category.coding",
];
const BEYOND: &str = "the index does not hold it";

/// What was left out on purpose, with the reason.
#[derive(Default)]
pub(super) struct Notes(Vec<(String, &'static str)>);

impl Notes {
    pub fn drop(&mut self, at: String, why: &'static str) {
        self.0.push((at, why));
    }
}

/// Everything of a resource that its terms do not hold.
pub(super) fn of(
    resource: &Value,
    custodian: usize,
    form_is_named: bool,
    notes: Notes,
) -> Vec<(String, &'static str)> {
    let first_policy = crate::list(resource.get("policy"))
        .iter()
        .position(|policy| policy.get("uri").is_some_and(Value::is_string));
    let mut out = notes.0;
    let mut found = Vec::new();
    walk(resource, "Consent", "Consent", &mut found);
    let skip = |at: &str| match at {
        at if at.starts_with("Consent.organization[") => {
            !at.starts_with(&format!("Consent.organization[{custodian}]"))
        }
        at if at.starts_with("Consent.policy[") => {
            !first_policy.is_some_and(|index| at.starts_with(&format!("Consent.policy[{index}]")))
        }
        at if at.starts_with("Consent.sourceReference") => !form_is_named,
        _ => false,
    };
    for (at, value, held) in found {
        let ours = match at.as_str() {
            at if at.starts_with("Consent.category[") && at.contains(".coding[") => is_kept_category(value),
            at if at.starts_with("Consent.extension[") => {
                value.get("url").and_then(Value::as_str) == Some(SUPERSEDES)
            }
            at => held && !skip(at),
        };
        let covered = out.iter().any(|(above, _)| {
            at.strip_prefix(above.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        });
        if !ours && !covered {
            out.push((at, BEYOND));
        }
    }
    out
}

fn is_kept_category(coding: &Value) -> bool {
    let system = coding.get("system").and_then(Value::as_str);
    let code = coding.get("code").and_then(Value::as_str);
    system == Some(DUO) || (system == Some("http://loinc.org") && code == Some("59284-0"))
}

/// The members that are held or not, as deep as that can be told.
fn walk<'a>(value: &'a Value, at: &str, pattern: &str, out: &mut Vec<(String, &'a Value, bool)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{at}[{index}]"), pattern, out);
            }
        }
        // One value of each: a category's coding and an extension are judged whole.
        value if pattern == "Consent.category.coding" || pattern == "Consent.extension" => {
            out.push((at.to_owned(), value, false));
        }
        Value::Object(members) => {
            for (name, member) in members {
                // Exceptions hold what a root does.
                let below = match (pattern, name.as_str()) {
                    ("Consent.provision", "provision") if !at.contains(".provision[") => pattern.to_owned(),
                    _ => format!("{pattern}.{name}"),
                };
                let inner = format!("{at}.{name}");
                let above = |held: &&str| {
                    held.strip_prefix(below.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                if below == "Consent.extension" || HELD.iter().any(above) {
                    walk(member, &inner, &below, out);
                } else {
                    out.push((inner, member, false));
                }
            }
        }
        value => {
            let held = HELD.contains(&pattern) && understood(pattern, value);
            out.push((at.to_owned(), value, held));
        }
    }
}

/// Whether a value that decides nothing by itself is one that the terms imply.
fn understood(pattern: &str, value: &Value) -> bool {
    let text = value.as_str();
    match pattern {
        "Consent.scope.coding.code" => text == Some("patient-privacy"),
        "Consent.provision.actor.role.coding.code" => text == Some("IRCP"),
        "Consent.provision.purpose.code" => text.is_some_and(|code| codes::purpose(code).is_some()),
        _ => true,
    }
}
