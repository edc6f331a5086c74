//! The request, modelled on the context of the `patient-consent-consult` hook.

use crate::{
    Malformed,
    codes::{self, Label},
    malformed, reference_id, time,
};
use galen_primitives::{
    H256,
    consent::{
        Confidentiality, Purpose,
        pcf::{self, Span},
    },
};
use serde_json::{Map, Value};

/// A request as it was read.
#[derive(Clone, Debug)]
pub struct Request {
    patients: Vec<H256>,
    actors: Vec<H256>,
    purpose: Option<Result<Purpose, ()>>,
    when: Span,
    record: Option<Record>,
    custodian: Option<H256>,
}

#[derive(Clone, Debug)]
struct Record {
    reference: Option<H256>,
    authored: Option<Span>,
    authors: Vec<H256>,
    related: Vec<H256>,
    level: Confidentiality,
    sensitivities: Vec<H256>,
}

impl Request {
    /// What the decision sees of it.
    pub fn view(&self) -> pcf::Request<'_> {
        pcf::Request {
            patients: &self.patients,
            actors: &self.actors,
            purpose: self.purpose,
            when: self.when,
            record: self.record.as_ref().map(|record| pcf::Record {
                reference: record.reference,
                authored: record.authored,
                authors: &record.authors,
                related: &record.related,
                level: record.level,
                sensitivities: &record.sensitivities,
            }),
            custodian: self.custodian,
        }
    }
}

const FIELDS: [&str; 8] =
    ["patientId", "actor", "purposeOfUse", "date", "record", "custodian", "category", "class"];
const RECORD_FIELDS: [&str; 5] = ["reference", "authored", "author", "related", "securityLabel"];

/// Reads a request: `patientId`, `actor`, `purposeOfUse` and `date`, and optionally `record` and `custodian`.
///
/// A field that is not known is refused: it might have narrowed what is asked.
pub fn read_request(value: &Value) -> Result<Request, Malformed> {
    let fields = object(value, "the request", &FIELDS)?;
    let patients = references(fields, "patientId", "")?;
    if patients.is_empty() {
        return Err(malformed("patientId", "at least one reference, as [\"Patient/p\"]"));
    }
    let purpose = match text(fields, "purposeOfUse", "")? {
        Some(code) => Some(codes::purpose(code).ok_or(())),
        None => return Err(malformed("purposeOfUse", "a PurposeOfUse code, as \"TREAT\"")),
    };
    let when = text(fields, "date", "")?.and_then(time::span);
    let record = match fields.get("record") {
        None | Some(Value::Null) => None,
        Some(record) => Some(self::record(record)?),
    };
    if fields.get("actor").is_none_or(Value::is_null) {
        return Err(malformed("actor", "the references that the requester is, as [\"Organization/a\"]"));
    }
    Ok(Request {
        patients,
        actors: references(fields, "actor", "")?,
        purpose,
        when: when.ok_or_else(|| malformed("date", "a FHIR dateTime, as \"2026-05-04T10:00:00Z\""))?,
        record,
        custodian: text(fields, "custodian", "")?.map(reference_id),
    })
}

fn record(value: &Value) -> Result<Record, Malformed> {
    let fields = object(value, "record", &RECORD_FIELDS)?;
    let authored = match text(fields, "authored", "record.")? {
        None => None,
        Some(text) => {
            let span = time::span(text);
            Some(span.ok_or_else(|| malformed("record.authored", "a FHIR dateTime, as \"2022-07-01\""))?)
        }
    };
    let (mut level, mut sensitivities) = (None, Vec::new());
    for code in texts(fields, "securityLabel", "record.")? {
        match codes::label(code) {
            Label::Level(one) => level = level.max(Some(one)),
            // What the record carries is what it is; what covers what is the consent's matter.
            Label::Sensitivity(ids) => sensitivities.extend(ids.first()),
            Label::Unknown(id) => sensitivities.push(id),
        }
    }
    Ok(Record {
        reference: text(fields, "reference", "record.")?.map(reference_id),
        authored,
        authors: references(fields, "author", "record.")?,
        related: references(fields, "related", "record.")?,
        level: level.unwrap_or_default(),
        sensitivities,
    })
}

fn object<'a>(value: &'a Value, at: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Malformed> {
    let fields = value.as_object().ok_or_else(|| malformed(at, "a JSON object"))?;
    match fields.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            Err(malformed(format!("{at}, field {key}"), "only the fields that the documentation names"))
        }
        None => Ok(fields),
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str, under: &str) -> Result<Option<&'a str>, Malformed> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(malformed(format!("{under}{name}"), "a string that is not empty")),
    }
}

fn texts<'a>(fields: &'a Map<String, Value>, name: &str, under: &str) -> Result<Vec<&'a str>, Malformed> {
    let wrong = || malformed(format!("{under}{name}"), "an array of strings");
    match fields.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_str().filter(|text| !text.is_empty()).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

fn references(fields: &Map<String, Value>, name: &str, under: &str) -> Result<Vec<H256>, Malformed> {
    Ok(texts(fields, name, under)?.into_iter().map(reference_id).collect())
}
