//! `consent_`: patients' keys, their consents, the decision, and the texts that they sign.

use super::{
    methods::{Methods, Registered, list, value},
    reader::found,
};
use galen_primitives::api::ConsentApi;

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
    value(methods, "consent_grantText", &["terms", "validUntil"], |api, at, args| {
        let text = api.grant_text(at, args.get("terms")?, args.get("validUntil")?)?;
        found("patient or hospital", text.map(readable))
    })?;
    value(methods, "consent_revokeText", &["patient", "id", "validUntil"], |api, at, args| {
        let text = api.revoke_text(at, args.get("patient")?, args.get("id")?, args.get("validUntil")?)?;
        found("patient", text.map(readable))
    })
}

// The texts that the runtime builds are ASCII.
fn readable(text: Vec<u8>) -> String {
    String::from_utf8_lossy(&text).into_owned()
}
