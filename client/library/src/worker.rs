//! A hospital's worker, over its JSON-RPC on loopback.

use crate::Error;
use galen_primitives::{AccountId, H256, consent::Purpose, records::RecordAttributes, summary::Receipt};
use jsonrpsee::{
    core::{ClientError, client::ClientT, params::ObjectParams, traits::ToRpcParams},
    http_client::{HeaderMap, HeaderValue, HttpClient, HttpClientBuilder},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{path::Path, time::Duration};

/// A document as it is handed over: FHIR JSON or plain text.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// A FHIR R4 resource or Bundle.
    Fhir(Value),
    /// Plain UTF-8 text.
    Text(String),
}

impl Document {
    /// Reads a file: JSON if it parses as an object, plain text otherwise.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path)
            .map_err(|why| Error::Input(format!("cannot read {}: {why}", path.display())))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::Input(format!("{} is neither JSON nor UTF-8 text", path.display())))?;
        if text.trim_start().starts_with('{') {
            return serde_json::from_str(&text)
                .map(Document::Fhir)
                .map_err(|why| Error::Input(format!("{} is not valid JSON: {why}", path.display())));
        }
        Ok(Document::Text(text))
    }
}

/// What the vault says of a document that it took in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    /// The commitment: the id under which the record is anchored.
    pub record: H256,
    /// `text` or `jcs`.
    pub scheme: String,
    /// Size of the original in bytes.
    pub bytes: u64,
}

/// What the worker says of a record's leaf in a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeLeaf {
    /// The record.
    pub record: H256,
    /// The salt of its attributes.
    pub salt: H256,
    /// The salted hash of its attributes.
    pub digest: H256,
    /// The leaf.
    pub leaf: H256,
}

/// A released summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Released {
    /// The job.
    pub job: H256,
    /// The summary itself.
    pub summary: Value,
    /// The salt of its commitment, `0x` and 64 hex digits.
    pub salt: H256,
    /// Its commitment.
    pub output: H256,
    /// What the worker answered to the chain.
    pub receipt: Receipt,
}

/// In which form an accounting of disclosures is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountingFormat {
    /// An object.
    Json,
    /// A table as one string (RFC 4180).
    Csv,
    /// A FHIR R4 Bundle of AuditEvents.
    Fhir,
}

/// A worker under one credential.
#[derive(Clone)]
pub struct Worker {
    client: HttpClient,
    url: String,
}

impl Worker {
    /// A worker at `url` (as `http://127.0.0.1:9955`), asked with the bearer token in `token_file`.
    pub fn new(url: &str, token_file: &Path) -> Result<Self, Error> {
        let token = std::fs::read_to_string(token_file).map_err(|why| {
            Error::Input(format!("cannot read the token file {}: {why}", token_file.display()))
        })?;
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
            .map_err(|_| Error::Input(format!("{} holds no token", token_file.display())))?;
        value.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value);
        let client = HttpClientBuilder::default()
            .set_headers(headers)
            .request_timeout(Duration::from_secs(30))
            .max_request_size(16 * 1024 * 1024)
            .build(url)
            .map_err(|why| Error::WorkerUnreachable { url: url.to_owned(), why: why.to_string() })?;
        Ok(Worker { client, url: url.to_owned() })
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        params: impl ToRpcParams + Send,
    ) -> Result<T, Error> {
        self.client.request(method, params).await.map_err(|why| match why {
            ClientError::Call(error) => {
                Error::Worker { code: error.code(), message: error.message().to_owned() }
            }
            ClientError::ParseError(why) => {
                Error::Worker { code: 0, message: format!("its answer to {method} cannot be read: {why}") }
            }
            why => {
                let text = why.to_string();
                if text.contains("401") || text.contains("403") {
                    Error::Worker { code: 401, message: format!("this credential does not allow {method}") }
                } else {
                    Error::WorkerUnreachable { url: self.url.clone(), why: text }
                }
            }
        })
    }

    /// Stores a document of a patient.
    pub async fn put(&self, patient: &AccountId, document: &Document) -> Result<Stored, Error> {
        let mut params = named(&[("patient", &patient)])?;
        match document {
            Document::Fhir(value) => params.insert("document", value),
            Document::Text(text) => params.insert("text", text),
        }
        .map_err(unserialisable)?;
        self.ask("vault_put", params).await
    }

    /// A stored document.
    pub async fn get(&self, record: H256) -> Result<Value, Error> {
        self.ask("vault_get", named(&[("record", &record)])?).await
    }

    /// The leaves of records with these attributes, in the same order.
    pub async fn leaves(&self, records: &[(H256, RecordAttributes)]) -> Result<Vec<MadeLeaf>, Error> {
        /// What the worker answers at once.
        const PAGE: usize = 1_024;
        #[derive(Deserialize)]
        struct Leaves {
            leaves: Vec<MadeLeaf>,
        }
        let mut made = Vec::with_capacity(records.len());
        for page in records.chunks(PAGE) {
            let asked: Vec<_> = page
                .iter()
                .map(|(record, attributes)| serde_json::json!({ "record": record, "attributes": attributes }))
                .collect();
            let answer: Leaves = self.ask("vault_leaves", named(&[("records", &asked)])?).await?;
            let same =
                answer.leaves.iter().map(|leaf| leaf.record).eq(page.iter().map(|(record, _)| *record));
            if !same {
                return Err(Error::Worker { code: 0, message: "it answered about other records".into() });
            }
            made.extend(answer.leaves);
        }
        Ok(made)
    }

    /// Destroys a record's key and salt, and those of its summaries.
    pub async fn erase(&self, record: H256) -> Result<Value, Error> {
        self.ask("vault_erase", named(&[("record", &record)])?).await
    }

    /// Destroys everything of a patient.
    pub async fn erase_patient(&self, patient: &AccountId) -> Result<Value, Error> {
        self.ask("vault_erasePatient", named(&[("patient", patient)])?).await
    }

    /// Where a job stands at the worker.
    pub async fn status(&self, job: H256) -> Result<Value, Error> {
        self.ask("summaries_status", named(&[("job", &job)])?).await
    }

    /// A summary; the worker asks the chain for consent first and records the disclosure.
    pub async fn summary(&self, job: H256, purpose: Purpose) -> Result<Released, Error> {
        let mut params = named(&[("job", &job)])?;
        params.insert("purpose", purpose).map_err(unserialisable)?;
        self.ask("summaries_get", params).await
    }

    /// What was disclosed of a patient from one day to another (`YYYY-MM-DD`, both included); the question is logged.
    pub async fn accounting(
        &self,
        patient: &AccountId,
        from: &str,
        to: &str,
        format: AccountingFormat,
    ) -> Result<Value, Error> {
        let mut params = named(&[("patient", patient)])?;
        params.insert("from", from).map_err(unserialisable)?;
        params.insert("to", to).map_err(unserialisable)?;
        params.insert("format", format).map_err(unserialisable)?;
        self.ask("audit_accounting", params).await
    }

    /// Hands over AuditEvents that another system wrote: one, an array or a Bundle. `patients` has the keys of the patients by
    /// the references that the events have.
    pub async fn import_events(&self, events: &Value, patients: &Value) -> Result<Value, Error> {
        self.ask("audit_import", named(&[("events", events), ("patients", patients)])?).await
    }

    /// Entries of the log of disclosures from number `from` on as a Bundle of AuditEvents, and where to ask on.
    pub async fn export_events(&self, patient: Option<&AccountId>, from: u64) -> Result<Value, Error> {
        let mut params = named(&[("from", &from)])?;
        params.insert("patient", patient).map_err(unserialisable)?;
        self.ask("audit_export", params).await
    }

    /// One entry of the log of disclosures with what proves it against its batch.
    pub async fn open_disclosure(&self, index: u64) -> Result<Value, Error> {
        self.ask("disclosures_open", named(&[("index", &index)])?).await
    }

    /// Hands over a patient's readings, each with its device's signature ([`galen_proofs::reading::SignedReading`] as JSON); what became
    /// of each stands in the answer.
    pub async fn submit_readings(&self, patient: &AccountId, readings: &[Value]) -> Result<Value, Error> {
        let mut params = named(&[("patient", patient)])?;
        params.insert("readings", readings).map_err(unserialisable)?;
        self.ask("readings_submit", params).await
    }

    /// A reading with what proves it ([`galen_proofs::reading::ReadingProof`] as JSON); the disclosure is recorded.
    pub async fn reading_proof(&self, record: H256) -> Result<Value, Error> {
        self.ask("readings_proof", named(&[("record", &record)])?).await
    }

    /// One page of what was refused.
    pub async fn refused_readings(&self, from: u64) -> Result<Value, Error> {
        self.ask("readings_refused", named(&[("from", &from)])?).await
    }

    /// Version, model and engine of the worker.
    pub async fn version(&self) -> Result<Value, Error> {
        self.ask("worker_version", ObjectParams::new()).await
    }
}

fn named<T: Serialize>(pairs: &[(&str, &T)]) -> Result<ObjectParams, Error> {
    let mut params = ObjectParams::new();
    for (name, value) in pairs {
        params.insert(name, value).map_err(unserialisable)?;
    }
    Ok(params)
}

fn unserialisable(why: serde_json::Error) -> Error {
    Error::Input(format!("cannot be written as JSON: {why}"))
}
