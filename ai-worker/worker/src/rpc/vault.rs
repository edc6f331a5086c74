//! `vault_*`: documents put, shown and erased, and the leaves of their records.

use super::{
    context::{Context, blocking},
    errors::error,
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
use galen_worker_api::{
    Code, Method,
    server::{Answer, Methods},
    vault::{Document, Erase, ErasePatient, Get, Leaf, LeafOf, Leaves, MAX_LEAVES, MakeLeaves, Put, Stored},
};
use jsonrpsee::core::RegisterMethodError;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(put)?;
    methods.serve(get)?;
    methods.serve(make_leaves)?;
    methods.serve(erase)?;
    methods.serve(erase_patient)
}

async fn put(context: Arc<Context>, _: Caller, Put { patient, document, text }: Put) -> Answer<Put> {
    context.erasures.state()?;
    blocking(move || {
        let (scheme, original) = match (&document, &text) {
            (Some(document), None) => (Scheme::Jcs, document.get().as_bytes()),
            (None, Some(text)) => (Scheme::Text, text.as_bytes()),
            _ => {
                let message = format!("{}, and exactly one of document and text", Put::expects());
                return Err(error(Code::InvalidParams, message));
            }
        };
        // What no note can be read from could never be summarised: better said now than when a job fails.
        Note::from_bytes(original).map_err(|why| error(Code::InvalidDocument, why.to_string()))?;
        let record = context.stores.vault.put(&patient.0, scheme, original)?;
        Ok(Stored { record, scheme, bytes: original.len() as u64 })
    })
    .await
}

async fn get(context: Arc<Context>, caller: Caller, Get { record, purpose }: Get) -> Answer<Get> {
    context.erasures.state()?;
    blocking(move || {
        // Summaries are disclosed by `summaries_get` alone, on a decision of the chain.
        let found = context.stores.vault.get(&record)?;
        let found = found.filter(|found| matches!(found.kind, Kind::Document(_)));
        let found =
            found.ok_or_else(|| error(Code::NotFound, "the vault holds no document under this id"))?;
        let original = str::from_utf8(&found.original)
            .map_err(|_| error(Code::Internal, "a document is not UTF-8"))?
            .to_owned();
        let scheme = found.kind.scheme();
        let mut shown = Document {
            record,
            patient: found.patient.clone(),
            scheme,
            bytes: original.len() as u64,
            salt: H256(*found.salt),
            document: None,
            original: None,
            text: None,
        };
        match scheme {
            Scheme::Text => shown.text = Some(original),
            Scheme::Jcs => {
                let parsed = serde_json::from_str(&original);
                shown.document = parsed.map_err(|_| error(Code::Internal, "a document is not JSON"))?;
                shown.original = Some(original);
            }
        }
        context.write_down(&Disclosure {
            subject: Some(record),
            patient: Some(found.patient),
            purpose,
            ..context.disclosure(&caller, What::Document)
        })?;
        Ok(shown)
    })
    .await
}

async fn make_leaves(
    context: Arc<Context>,
    _: Caller,
    MakeLeaves { records }: MakeLeaves,
) -> Answer<MakeLeaves> {
    context.erasures.state()?;
    if records.len() > MAX_LEAVES {
        let message = format!("{}, at most {MAX_LEAVES} of them", MakeLeaves::expects());
        return Err(error(Code::InvalidParams, message));
    }
    blocking(move || {
        let mut leaves = Vec::with_capacity(records.len());
        for LeafOf { record, attributes } in records {
            let missing = || error(Code::NotFound, format!("the vault holds no document under {record:?}"));
            let (patient, salt) = context.stores.vault.attributes_salt(&record)?.ok_or_else(missing)?;
            if patient != attributes.patient {
                return Err(error(Code::InvalidParams, format!("{record:?} is of another patient")));
            }
            let digest = attributes_digest(&salt, &attributes);
            leaves.push(Leaf { record, salt, digest, leaf: leaf(&record, &digest) });
        }
        Ok(Leaves { leaves })
    })
    .await
}

async fn erase(context: Arc<Context>, _: Caller, Erase { record }: Erase) -> Answer<Erase> {
    blocking(move || {
        let erased = context.stores.vault.erase(&record)?;
        tracing::info!(?record, "erased");
        context.metrics.erasures.inc();
        Ok(erased)
    })
    .await
}

async fn erase_patient(
    context: Arc<Context>,
    _: Caller,
    ErasePatient { patient }: ErasePatient,
) -> Answer<ErasePatient> {
    blocking(move || {
        let erased = context.stores.vault.erase_patient(&patient.0)?;
        let (documents, summaries) = (erased.documents, erased.summaries);
        tracing::info!(documents, summaries, "erased a patient's records");
        context.metrics.erasures.inc();
        Ok(erased)
    })
    .await
}
