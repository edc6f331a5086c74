//! `vault_*`: documents put, shown and erased, and the leaves of their records.

use super::{
    context::{Answer, Context, blocking, record_disclosure},
    errors::{INTERNAL, INVALID_DOCUMENT, INVALID_PARAMS, NOT_FOUND, error},
    params::{Erase, ErasePatient, Get, LeafOf, Leaves, MAX_LEAVES_ASKED, Put, expected},
};
use crate::{
    credentials::Caller,
    disclosures::{Disclosure, What},
    vault::Kind,
};
use galen_engine::note::Note;
use galen_primitives::{
    H256,
    commitment::Scheme,
    records::batch::{attributes_digest, leaf},
};
use serde_json::json;
use std::sync::Arc;

pub(super) async fn put(context: Arc<Context>, _: Caller, Put { patient, document, text }: Put) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        let (scheme, original) = match (&document, &text) {
            (Some(document), None) => (Scheme::Jcs, document.get().as_bytes()),
            (None, Some(text)) => (Scheme::Text, text.as_bytes()),
            _ => return Err(error(INVALID_PARAMS, expected("vault_put"))),
        };
        // What no note can be read from could never be summarised: better said now than when a job fails.
        Note::from_bytes(original).map_err(|why| error(INVALID_DOCUMENT, why.to_string()))?;
        let record = context.vault.put(&patient.0, scheme, original)?;
        Ok(json!({ "record": record, "scheme": scheme_name(scheme), "bytes": original.len() }))
    })
    .await
}

fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Text => "text",
        Scheme::Jcs => "jcs",
    }
}

pub(super) async fn get(context: Arc<Context>, caller: Caller, Get { record, purpose }: Get) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        let found = context.vault.get(&record)?;
        // Summaries are disclosed by `summaries_get` alone, on a decision of the chain.
        let document = found.filter(|found| matches!(found.kind, Kind::Document(_)));
        let document =
            document.ok_or_else(|| error(NOT_FOUND, "the vault holds no document under this id"))?;
        let original = std::str::from_utf8(&document.original)
            .map_err(|_| error(INTERNAL, "a document is not UTF-8"))?
            .to_owned();
        let scheme = document.kind.scheme();
        let mut answer = json!({
            "record": record,
            "patient": document.patient,
            "scheme": scheme_name(scheme),
            "bytes": original.len(),
            "salt": H256(*document.salt),
        });
        match scheme {
            Scheme::Text => answer["text"] = original.into(),
            Scheme::Jcs => {
                let parsed = serde_json::from_str(&original);
                answer["document"] = parsed.map_err(|_| error(INTERNAL, "a document is not JSON"))?;
                answer["original"] = original.into();
            }
        }
        record_disclosure(
            &context,
            Disclosure {
                subject: Some(record),
                patient: Some(document.patient),
                purpose,
                ..Disclosure::now(&caller.name, What::Document)
            },
        )?;
        Ok(answer)
    })
    .await
}

/// The leaves of records for a batch. No text is shown, and no document's salt: the attributes' are derived from those.
pub(super) async fn leaves(context: Arc<Context>, _: Caller, Leaves { records }: Leaves) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        if records.len() > MAX_LEAVES_ASKED {
            return Err(error(INVALID_PARAMS, expected("vault_leaves")));
        }
        let mut leaves = Vec::with_capacity(records.len());
        for LeafOf { record, attributes } in &records {
            let missing = || error(NOT_FOUND, format!("the vault holds no document under {record:?}"));
            let (patient, salt) = context.vault.attributes_salt(record)?.ok_or_else(missing)?;
            if patient != attributes.patient {
                return Err(error(INVALID_PARAMS, format!("{record:?} is of another patient")));
            }
            let digest = attributes_digest(&salt, attributes);
            leaves.push(
                json!({ "record": record, "salt": salt, "digest": digest, "leaf": leaf(record, &digest) }),
            );
        }
        Ok(json!({ "leaves": leaves }))
    })
    .await
}

pub(super) async fn erase(context: Arc<Context>, _: Caller, Erase { record }: Erase) -> Answer {
    blocking(move || {
        let erased = context.vault.erase(&record)?;
        tracing::info!(?record, "erased");
        context.metrics.erasures.inc();
        Ok(json!({ "documents": erased.documents, "summaries": erased.summaries }))
    })
    .await
}

pub(super) async fn erase_patient(
    context: Arc<Context>,
    _: Caller,
    ErasePatient { patient }: ErasePatient,
) -> Answer {
    blocking(move || {
        let erased = context.vault.erase_patient(&patient.0)?;
        tracing::info!(
            documents = erased.documents,
            summaries = erased.summaries,
            "erased a patient's records"
        );
        context.metrics.erasures.inc();
        Ok(json!({ "documents": erased.documents, "summaries": erased.summaries }))
    })
    .await
}
