//! Values that several methods take or give.

use crate::shape::{Named, Shape};
use codec::Encode;
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::DisclosureBatch,
    audit::path,
    commitment::Scheme,
    consent::{Confidentiality, Purpose},
    devices::reading::{ReadingBatch, Refusal},
    records::RecordAttributes,
    summary::{Failure, Receipt},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Value, json, value::RawValue};
use sp_core::crypto::Ss58Codec;
use std::str::FromStr;

/// JSON inside JSON, its bytes kept as they came.
pub type Raw = Box<RawValue>;

/// An account, read from an SS58 address or from `0x` and 64 hex digits, and written as SS58.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Account(pub AccountId);

impl FromStr for Account {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(digits) = text.strip_prefix("0x") {
            let mut bytes = [0; 32];
            let decoded = hex::decode_to_slice(digits, &mut bytes);
            return decoded.map(|()| Account(AccountId::new(bytes))).map_err(|_| "not 64 hex digits".into());
        }
        AccountId::from_ss58check(text).map(Account).map_err(|_| "not an SS58 address".into())
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl From<AccountId> for Account {
    fn from(account: AccountId) -> Self {
        Account(account)
    }
}

impl Shape for Account {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Account", |_| {
            json!({
                "type": "string",
                "description": "An account, or a patient's pairwise key: an SS58 address, or 0x and 64 hex digits.",
                "pattern": "^(0x[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{46,49})$",
            })
        })
    }

    fn words() -> String {
        "SS58 or 0x and 64 hex digits".into()
    }
}

/// Bytes, `0x` and two hex digits for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// The SCALE encoding of a value.
    pub fn scale(value: &impl Encode) -> Self {
        Bytes(value.encode())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(&self.0)))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
        bytes.map(Bytes).ok_or_else(|| D::Error::custom("not 0x and hex digits"))
    }
}

impl Shape for Bytes {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>(
            "Bytes",
            |_| json!({ "type": "string", "description": "Bytes in hex.", "pattern": "^0x([0-9a-f]{2})*$" }),
        )
    }

    fn words() -> String {
        "0x and hex digits".into()
    }
}

/// The hashes beside the way from a leaf up to a root: one string, `0x` and 64 hex digits for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(#[serde(with = "path")] pub Vec<H256>);

impl Shape for Path {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Path", |_| {
            json!({
                "type": "string",
                "description": "The hashes beside the way from a leaf up to a root, 64 hex digits each.",
                "pattern": "^0x([0-9a-f]{64})*$",
            })
        })
    }

    fn words() -> String {
        "0x and 64 hex digits for each hash".into()
    }
}

/// The strings as which values are written.
fn written<T: Serialize>(values: &[T]) -> Vec<Value> {
    values.iter().map(|value| json!(value)).collect()
}

/// A schema and words for a type of `galen_primitives`; tests hold them against what serde writes.
macro_rules! shape {
    ($type:ident, $words:literal, |$named:ident| $schema:expr) => {
        impl Shape for $type {
            fn schema(named: &mut Named) -> Value {
                named.refer::<Self>(stringify!($type), |$named| $schema)
            }

            fn words() -> String {
                $words.into()
            }
        }
    };
}

shape!(Purpose, "a v3 PurposeOfUse code, as TREAT", |_named| json!({
    "type": "string",
    "description": "An HL7 v3 PurposeOfUse code.",
    "enum": written(&Purpose::ALL),
}));

shape!(Scheme, "text or jcs", |_named| json!({
    "type": "string",
    "description": "How a document becomes bytes: as plain text, or as JSON in its canonical form (RFC 8785).",
    "enum": written(&[Scheme::Text, Scheme::Jcs]),
}));

shape!(Failure, "a failure", |_named| json!({
    "type": "string",
    "description": "Why a job ended without a summary.",
    "enum": written(&Failure::ALL),
}));

shape!(Refusal, "a refusal", |_named| json!({
    "type": "string",
    "description": "Why a reading was refused.",
    "enum": written(&Refusal::ALL),
}));

shape!(Receipt, "a receipt", |named| record(
    "What the worker says of a summary that it made, as it is anchored. Hashes are BLAKE2b-256.",
    &[
        ("input", H256::schema(named)),
        ("output", H256::schema(named)),
        ("model", H256::schema(named)),
        ("adapter", Option::<H256>::schema(named)),
        ("template", H256::schema(named)),
        ("parameters", H256::schema(named)),
        ("engine", H256::schema(named)),
        ("consent", Option::<u32>::schema(named)),
        ("access", Option::<H256>::schema(named)),
        ("promptTokens", u32::schema(named)),
        ("outputTokens", u32::schema(named)),
        ("unsupported", u32::schema(named)),
        ("millis", u32::schema(named)),
    ],
));

shape!(DisclosureBatch, "a batch of disclosures", |named| record(
    "Disclosures of one site that follow each other, as they are reported.",
    &[
        ("first", u64::schema(named)),
        ("count", u32::schema(named)),
        ("root", H256::schema(named)),
        ("previous", H256::schema(named)),
    ],
));

shape!(ReadingBatch, "a batch of readings", |named| record(
    "Readings of one hospital that follow each other, and what was refused meanwhile, as they are anchored.",
    &[
        ("index", u64::schema(named)),
        ("first", u64::schema(named)),
        ("count", u32::schema(named)),
        ("root", H256::schema(named)),
        ("refused", u32::schema(named)),
        ("refusals", H256::schema(named)),
        ("from", u64::schema(named)),
        ("until", u64::schema(named)),
        ("previous", H256::schema(named)),
    ],
));

shape!(RecordAttributes, "{patient: SS58, level?, labels?, authored?, authors?, name?, related?}", |named| {
    let levels = [
        Confidentiality::U,
        Confidentiality::L,
        Confidentiality::M,
        Confidentiality::N,
        Confidentiality::R,
        Confidentiality::V,
    ];
    let mut schema = record(
        "What a custodian fixes about a record when it anchors it. Labels, names and relations are blinded.",
        &[
            ("patient", AccountId::schema(named)),
            ("level", json!({ "type": "string", "enum": written(&levels) })),
            ("labels", Vec::<H256>::schema(named)),
            ("authored", Option::<u64>::schema(named)),
            ("authors", Vec::<H256>::schema(named)),
            ("name", Option::<H256>::schema(named)),
            ("related", Vec::<H256>::schema(named)),
        ],
    );
    schema["required"] = json!(["patient"]);
    schema
});

/// The schema of an object all of whose members are always there.
pub(crate) fn record(description: &str, members: &[(&str, Value)]) -> Value {
    let properties: serde_json::Map<_, _> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
