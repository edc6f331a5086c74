//! The parameters of the methods: by name or, in this order, by position.

use crate::{config::Account, readings::Submitted};
use galen_primitives::{H256, consent::Purpose, records::RecordAttributes};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{collections::HashMap, path::PathBuf};

/// A document's bytes as they came, JSON inside JSON.
pub type Raw = Box<RawValue>;

/// No parameters: `worker_health`, `worker_version`
#[derive(Deserialize)]
pub struct Nothing {}

/// `node_handOver`
#[derive(Deserialize)]
pub struct HandOver {
    pub job: H256,
}

/// `node_collect`
#[derive(Deserialize)]
pub struct Collect {
    pub job: H256,
}

/// `vault_put`: exactly one of `document` and `text`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    pub patient: Account,
    #[serde(default)]
    pub document: Option<Raw>,
    #[serde(default)]
    pub text: Option<String>,
}

/// `vault_get`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Get {
    pub record: H256,
    #[serde(default)]
    pub purpose: Option<Purpose>,
}

/// How many leaves can be asked for at once.
pub const MAX_LEAVES_ASKED: usize = 1_024;

/// `vault_leaves`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaves {
    pub records: Vec<LeafOf>,
}

/// A record and what its custodian fixes about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafOf {
    pub record: H256,
    pub attributes: RecordAttributes,
}

/// `vault_erase`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    pub record: H256,
}

/// `vault_erasePatient`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasePatient {
    pub patient: Account,
}

/// `summaries_status`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub job: H256,
}

/// `summaries_get`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryGet {
    pub job: H256,
    pub purpose: Purpose,
}

/// `disclosures_list`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosuresList {
    #[serde(default)]
    pub patient: Option<Account>,
    #[serde(default)]
    pub from: u64,
    #[serde(default)]
    pub limit: Option<u64>,
}

/// `node_disclosures`
#[derive(Deserialize)]
pub struct NodeDisclosures {
    pub hospital: Account,
    pub next: u64,
    pub head: H256,
}

/// `node_readings`
#[derive(Deserialize)]
pub struct NodeReadings {
    pub hospital: Account,
    pub batches: u64,
    pub next: u64,
    pub head: H256,
}

/// `readings_submit`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingsSubmit {
    pub patient: Account,
    pub readings: Vec<Submitted>,
}

/// `readings_proof`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingsProof {
    pub record: H256,
    #[serde(default)]
    pub purpose: Option<Purpose>,
}

/// `readings_refused`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingsRefused {
    #[serde(default)]
    pub from: u64,
    #[serde(default)]
    pub limit: Option<u64>,
}

/// `disclosures_open`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosuresOpen {
    pub index: u64,
}

/// `audit_accounting`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounting {
    pub patient: Account,
    pub from: String,
    pub to: String,
    #[serde(default)]
    pub format: Option<Format>,
}

/// In which form an accounting is given.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// An object.
    #[default]
    Json,
    /// A table as one string.
    Csv,
    /// A Bundle of AuditEvents.
    Fhir,
}

/// `audit_import`: an AuditEvent, an array of them or a Bundle, and the keys of the patients to whom they refer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    pub events: Raw,
    #[serde(default)]
    pub patients: HashMap<String, Account>,
}

/// `audit_export`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    #[serde(default)]
    pub patient: Option<Account>,
    #[serde(default)]
    pub from: u64,
    #[serde(default)]
    pub limit: Option<u64>,
}

/// `worker_backup`: absolute paths of directories that are not there yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Backup {
    pub to: PathBuf,
    #[serde(default)]
    pub keys_to: Option<PathBuf>,
}

/// What a method expects, for the error message.
pub fn expected(method: &str) -> String {
    let params = match method {
        "node_handOver" | "node_collect" | "summaries_status" => "{job: 0x and 64 hex digits}",
        "vault_put" => {
            "{patient: SS58 or 0x and 64 hex digits, and exactly one of document: a FHIR resource as JSON, text: a string}"
        }
        "node_readings" => {
            "{hospital: SS58 or 0x and 64 hex digits, batches: a number, next: a number, head: 0x and 64 hex digits}"
        }
        "readings_submit" => {
            "{patient: SS58 or 0x and 64 hex digits, readings: 1 to 1000 of {device: 0x and 64 hex digits, sequence: a number, \
             at: milliseconds since 1970, observation: a FHIR Observation, signature: 0x and 128 hex digits}}"
        }
        "readings_refused" => "{from?: a number, limit?: a number}",
        "vault_get" | "readings_proof" => "{record: 0x and 64 hex digits, purpose?: a v3 PurposeOfUse code}",
        "vault_leaves" => {
            "{records: at most 1024 of {record: 0x and 64 hex digits, attributes: {patient: SS58, level?, labels?, authored?, \
             authors?, name?, related?}}}"
        }
        "vault_erase" => "{record: 0x and 64 hex digits}",
        "vault_erasePatient" => "{patient: SS58 or 0x and 64 hex digits}",
        "summaries_get" => "{job: 0x and 64 hex digits, purpose: a v3 PurposeOfUse code, as TREAT}",
        "worker_backup" => {
            "{to: the absolute path of a directory that is not there yet, keysTo?: another such path}"
        }
        "node_disclosures" => {
            "{hospital: SS58 or 0x and 64 hex digits, next: a number, head: 0x and 64 hex digits}"
        }
        "disclosures_open" => "{index: a number}",
        "audit_accounting" => {
            "{patient: SS58 or 0x and 64 hex digits, from: a date as 2026-05-04, to: a date, format?: json, csv or fhir}"
        }
        "audit_import" => {
            "{events: an AuditEvent, an array of them or a Bundle, patients?: an object from references to patients' keys}"
        }
        "disclosures_list" | "audit_export" => {
            "{patient?: SS58 or 0x and 64 hex digits, from?: a number, limit?: a number}"
        }
        _ => "no parameters",
    };
    format!("{method} expects {params}")
}
