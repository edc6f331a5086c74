//! The request, modelled on the context of the `patient-consent-consult` hook.

use crate::{
    Malformed,
    codes::{self, Label},
    list, malformed, reference, time,
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
    /// The texts of all references in it.
    pub(crate) texts: Vec<String>,
    /// Those of the patient.
    pub(crate) patient_texts: Vec<String>,
    /// That of the custodian.
    pub(crate) custodian_text: Option<String>,
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
    pub(crate) fn view(&self) -> pcf::Request<'_> {
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

const FIELDS: [&str; 7] = ["patientId", "actor", "purposeOfUse", "date", "record", "custodian", "category"];
const RECORD_FIELDS: [&str; 5] = ["reference", "authored", "author", "related", "securityLabel"];

/// Reads a request: `patientId`, `actor`, `purposeOfUse` and `date`, and optionally `record` and `custodian`.
///
/// A field that is not known is refused: it might have narrowed what is asked. So is a `category` of consents other than those
/// about privacy, which alone are decided over.
pub fn read_request(value: &Value) -> Result<Request, Malformed> {
    let fields = object(value, "the request", &FIELDS)?;
    category(fields)?;
    let patient_texts = references(fields, "patientId", "")?;
    if patient_texts.is_empty() {
        return Err(malformed("patientId", "at least one reference, as [\"Patient/p\"]"));
    }
    let purpose = match text(fields, "purposeOfUse", "")? {
        Some(code) => Some(codes::purpose(code).ok_or(())),
        None => return Err(malformed("purposeOfUse", "a PurposeOfUse code, as \"TREAT\"")),
    };
    let when = text(fields, "date", "")?.and_then(time::span);
    let mut texts = patient_texts.clone();
    let record = match fields.get("record") {
        None | Some(Value::Null) => None,
        Some(record) => Some(self::record(record, &mut texts)?),
    };
    if fields.get("actor").is_none_or(Value::is_null) {
        return Err(malformed("actor", "the references that the requester is, as [\"Organization/a\"]"));
    }
    let actors = references(fields, "actor", "")?;
    let custodian_text = one_reference(fields, "custodian", "")?;
    let request = Request {
        patients: ids(&patient_texts),
        actors: ids(&actors),
        purpose,
        when: when.ok_or_else(|| malformed("date", "a FHIR dateTime, as \"2026-05-04T10:00:00Z\""))?,
        record,
        custodian: custodian_text.as_deref().map(reference::id),
        texts: {
            texts.extend(actors);
            texts
        },
        patient_texts,
        custodian_text,
    };
    Ok(request)
}

/// Refuses a category of consents that are not decided over. The hook gives it as a list of codings or of CodeableConcepts.
fn category(fields: &Map<String, Value>) -> Result<(), Malformed> {
    for category in list(fields.get("category")) {
        let codings = if category.get("coding").is_some() {
            list(category.get("coding"))
        } else {
            std::slice::from_ref(category)
        };
        let privacy = |coding: &Value| codes::code(coding, codes::CONSENT_SCOPE) == Some(codes::PRIVACY);
        if codings.is_empty() || !codings.iter().all(privacy) {
            return Err(malformed("category", "patient-privacy: other consents are not decided over"));
        }
    }
    Ok(())
}

/// Reads the record and adds the texts of its references to `texts`.
fn record(value: &Value, texts_of_all: &mut Vec<String>) -> Result<Record, Malformed> {
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
    let reference = one_reference(fields, "reference", "record.")?;
    let authors = references(fields, "author", "record.")?;
    let related = references(fields, "related", "record.")?;
    let read = Record {
        reference: reference.as_deref().map(reference::id),
        authored,
        authors: ids(&authors),
        related: ids(&related),
        level: level.unwrap_or_default(),
        sensitivities,
    };
    texts_of_all.extend(reference.into_iter().chain(authors).chain(related));
    Ok(read)
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

/// A reference to something inside one document, or a search, names nothing that a consent could be compared with.
fn global(text: &str, at: impl Fn() -> String) -> Result<String, Malformed> {
    if reference::is_global(text) {
        Ok(reference::unversioned(text).to_owned())
    } else {
        Err(malformed(at(), "a reference that names the same everywhere, as \"Practitioner/d\""))
    }
}

fn one_reference(fields: &Map<String, Value>, name: &str, under: &str) -> Result<Option<String>, Malformed> {
    text(fields, name, under)?.map(|text| global(text, || format!("{under}{name}"))).transpose()
}

fn references(fields: &Map<String, Value>, name: &str, under: &str) -> Result<Vec<String>, Malformed> {
    texts(fields, name, under)?.into_iter().map(|text| global(text, || format!("{under}{name}"))).collect()
}

fn ids(texts: &[String]) -> Vec<H256> {
    texts.iter().map(|text| reference::id(text)).collect()
}
