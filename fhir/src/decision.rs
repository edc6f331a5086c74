//! The answer as JSON.

use crate::Consents;
use chrono::{DateTime, SecondsFormat};
use galen_primitives::consent::pcf::{Decision, Outcome, Part, Reason};
use serde_json::{Value, json};

/// `{"decision", "reason", "basis", "obligations"}`: the codes are stable.
pub fn answer(decision: &Decision, consents: &Consents) -> Value {
    let basis = decision.basis.map(|(index, part)| {
        let part = match part {
            Part::Root => "provision".to_owned(),
            Part::Exception(index) => format!("provision.provision[{index}]"),
        };
        json!({ "consent": consents.name(index), "part": part, "policy": consents.policy(index) })
    });
    let mut obligations = Vec::new();
    if decision.break_glass_review {
        obligations.push("break-glass-review".to_owned());
    }
    let end = decision.stop_at.and_then(|second| DateTime::from_timestamp(second, 0));
    obligations.extend(end.map(|end| format!("stop-at {}", end.to_rfc3339_opts(SecondsFormat::Secs, true))));
    json!({
        "decision": match decision.outcome {
            Outcome::Permit => "CONSENT_PERMIT",
            Outcome::Deny => "CONSENT_DENY",
            Outcome::NoConsent => "NO_CONSENT",
        },
        "reason": reason(decision.reason),
        "basis": basis,
        "obligations": obligations,
    })
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NoConsents => "noConsents",
        Reason::OtherPatient => "otherPatient",
        Reason::OtherScope => "otherScope",
        Reason::NotActive => "notActive",
        Reason::OtherCustodian => "otherCustodian",
        Reason::OutsidePeriod => "outsidePeriod",
        Reason::NoProvision => "noProvision",
        Reason::NotUnderstood => "notUnderstood",
        Reason::ProvisionOutsidePeriod => "provisionOutsidePeriod",
        Reason::PurposeNotCovered => "purposeNotCovered",
        Reason::ActorNotCovered => "actorNotCovered",
        Reason::DataPeriodNotCovered => "dataPeriodNotCovered",
        Reason::DataNotCovered => "dataNotCovered",
        Reason::LabelNotCovered => "labelNotCovered",
        Reason::Root => "rootProvision",
        Reason::Exception => "exception",
    }
}
