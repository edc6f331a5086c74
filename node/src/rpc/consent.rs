//! `consent_`: patients' keys, their consents, the decision, the texts that they sign, and what is owed when
//! a consent ends.

use super::{
    methods::{Methods, Registered, list, pages, value},
    reader::{ReadError, found},
};
use galen_primitives::{
    AccountId,
    api::ConsentApi,
    consent::{ConsentTerms, Guardianship, Use},
};
use galen_rpc_params::Args;
use serde::Serialize;

#[derive(Clone, Serialize)]
struct Guardian {
    account: AccountId,
    #[serde(flatten)]
    guardianship: Guardianship,
}

#[derive(Clone, Serialize)]
struct HospitalUse {
    hospital: AccountId,
    #[serde(flatten)]
    used: Use,
}

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "consent_patient", &["patient"], |api, at, args| {
        found("patient", api.patient(at, args.get("patient")?)?)
    })?;
    list(methods, "consent_consents", &["patient"], |api, at, args| {
        Ok(api.consents(at, args.get("patient")?)?)
    })?;
    value(methods, "consent_decide", &["question"], |api, at, args| {
        Ok(api.decide(at, args.get("question")?)?)
    })?;
    value(methods, "consent_decideAt", &["question", "number", "time"], |api, at, args| {
        Ok(api.decide_at(at, args.get("question")?, args.get("number")?, args.get("time")?)?)
    })?;
    list(methods, "consent_guardians", &["patient"], |api, at, args| {
        let guardians = api.guardians(at, args.get("patient")?)?.into_iter();
        Ok(guardians.map(|(account, guardianship)| Guardian { account, guardianship }).collect())
    })?;
    list(methods, "consent_uses", &["patient", "consent"], |api, at, args| {
        let uses = api.uses(at, args.get("patient")?, args.get("consent")?)?.into_iter();
        Ok(uses.map(|(hospital, used)| HospitalUse { hospital, used }).collect())
    })?;
    pages(methods, "consent_owed", &["hospital"], |api, at, args, after, limit| {
        let page = api.owed(at, args.get("hospital")?, after, limit)?;
        Ok((page.owed, page.next))
    })?;
    list(methods, "consent_relyingParties", &[], |api, at, _| Ok(api.relying_parties(at)?))?;
    texts(methods)
}

// What a patient, guardian or delegate signs.
fn texts(methods: &mut Methods) -> Registered {
    value(methods, "consent_grantText", &["terms", "validUntil", "grantor"], |api, at, args| {
        let terms: ConsentTerms = args.get("terms")?;
        let grantor = grantor(args, &terms.patient)?;
        readable(api.grant_text(at, terms, grantor, args.get("validUntil")?)?)
    })?;
    value(methods, "consent_revokeText", &["patient", "id", "validUntil", "grantor"], |api, at, args| {
        let patient: AccountId = args.get("patient")?;
        let grantor = grantor(args, &patient)?;
        readable(api.revoke_text(at, patient, args.get("id")?, grantor, args.get("validUntil")?)?)
    })?;
    let appoint = &["patient", "delegate", "mandate", "validUntil"];
    value(methods, "consent_appointText", appoint, |api, at, args| {
        let (patient, delegate) = (args.get("patient")?, args.get("delegate")?);
        readable(api.appoint_text(at, patient, delegate, args.get("mandate")?, args.get("validUntil")?)?)
    })?;
    value(methods, "consent_dismissText", &["patient", "delegate", "validUntil"], |api, at, args| {
        let (patient, delegate) = (args.get("patient")?, args.get("delegate")?);
        readable(api.dismiss_text(at, patient, delegate, args.get("validUntil")?)?)
    })
}

// Who signs: the patient, unless another is named.
fn grantor(args: &Args, patient: &AccountId) -> Result<AccountId, ReadError> {
    Ok(args.find("grantor")?.unwrap_or_else(|| patient.clone()))
}

// The texts that the runtime builds are ASCII.
fn readable(text: Option<Vec<u8>>) -> Result<String, ReadError> {
    let text = found("patient or hospital", text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
