//! The council and its open motions.

use super::{Chain, node};
use crate::{
    Error,
    calls::{self, Motion},
    council::OpenMotion,
};
use codec::Decode;
use galen_primitives::{AccountId, BlockNumber, H256};
use galen_proofs::storage_key as key;
use subxt::ext::scale_value::{self, Composite, Primitive, Value, ValueDef};

// As pallet-collective stores it.
#[derive(Decode)]
struct Votes {
    index: u32,
    threshold: u32,
    ayes: Vec<AccountId>,
    nays: Vec<AccountId>,
    end: BlockNumber,
}

impl Chain {
    /// The council's members.
    pub async fn council(&self, at: H256) -> Result<Vec<AccountId>, Error> {
        Ok(self.stored("Council.Members", key::item("Council", "Members"), at).await?.unwrap_or_default())
    }

    /// The motions that wait for votes, the oldest first.
    pub async fn motions(&self, at: H256) -> Result<Vec<OpenMotion>, Error> {
        let proposals: Option<Vec<H256>> =
            self.stored("Council.Proposals", key::item("Council", "Proposals"), at).await?;
        let metadata = self.client.at_block(at).await.map_err(node)?.metadata();
        let call_type = metadata.outer_enums().call_enum_ty();
        let mut motions = Vec::new();
        for proposal in proposals.unwrap_or_default() {
            let votes = key::identity("Council", "Voting", proposal.as_bytes());
            let Some(votes) = self.stored::<Votes>("Council.Voting", votes, at).await? else { continue };
            let call = key::identity("Council", "ProposalOf", proposal.as_bytes());
            let call = self.rpc.state_get_storage(&call, Some(at)).await.map_err(node)?.unwrap_or_default();
            let decoded = scale_value::scale::decode_as_type(&mut &*call, call_type, metadata.types());
            let (name, text) = match &decoded {
                Ok(value) => (name_of(value), readable(value)),
                Err(_) => ("unknown".into(), format!("0x{}", hex::encode(&call))),
            };
            motions.push(OpenMotion {
                proposal,
                index: votes.index,
                name,
                call: text,
                length: call.len() as u32,
                threshold: votes.threshold,
                ayes: votes.ayes,
                nays: votes.nays,
                end: votes.end,
            });
        }
        motions.sort_by_key(|motion| motion.index);
        Ok(motions)
    }

    /// The SCALE bytes of what a motion would dispatch, through the gate to Root where its call needs that.
    pub async fn encode_motion(&self, motion: &Motion) -> Result<Vec<u8>, Error> {
        let call = self.encode_call(&motion.call()).await?;
        if motion.needs_root() { self.encode_call(&calls::govern(&call)).await } else { Ok(call) }
    }
}

/// `Pallet.call` of a decoded call.
fn name_of<T>(value: &Value<T>) -> String {
    match &value.value {
        ValueDef::Variant(pallet) => match pallet.values.values().next().map(|call| &call.value) {
            Some(ValueDef::Variant(call)) => format!("{}.{}", pallet.name, call.name),
            _ => pallet.name.clone(),
        },
        _ => "unknown".into(),
    }
}

/// A decoded value in one line: bytes in hex, printable texts as such, wrappers around one thing left out.
fn readable<T>(value: &Value<T>) -> String {
    match &value.value {
        ValueDef::Composite(fields) => match (bytes(fields), fields) {
            (Some(bytes), _) => text_or_hex(&bytes),
            (None, Composite::Unnamed(values)) if values.len() == 1 => readable(&values[0]),
            (None, _) => list(fields),
        },
        ValueDef::Variant(variant) => match &variant.values {
            fields if fields.is_empty() => variant.name.clone(),
            // A pallet and its call.
            Composite::Unnamed(values) if matches!(&values[0].value, ValueDef::Variant(_)) => {
                format!("{}.{}", variant.name, readable(&values[0]))
            }
            fields => format!("{}{}", variant.name, list(fields)),
        },
        ValueDef::Primitive(Primitive::U128(number)) => number.to_string(),
        ValueDef::Primitive(Primitive::Bool(flag)) => flag.to_string(),
        ValueDef::Primitive(Primitive::String(text)) => format!("{text:?}"),
        ValueDef::Primitive(other) => format!("{other:?}"),
        ValueDef::BitSequence(bits) => format!("{bits:?}"),
    }
}

fn list<T>(fields: &Composite<T>) -> String {
    let shown: Vec<String> = match fields {
        Composite::Named(fields) => {
            fields.iter().map(|(name, value)| format!("{name}: {}", readable(value))).collect()
        }
        Composite::Unnamed(fields) => fields.iter().map(readable).collect(),
    };
    format!("({})", shown.join(", "))
}

/// A sequence of at least four small numbers is bytes: accounts, hashes, names. A wrapper of one is looked into.
fn bytes<T>(fields: &Composite<T>) -> Option<Vec<u8>> {
    let Composite::Unnamed(values) = fields else { return None };
    if let [Value { value: ValueDef::Composite(inner), .. }] = values.as_slice() {
        return bytes(inner);
    }
    if values.len() < 4 {
        return None;
    }
    values
        .iter()
        .map(|value| match &value.value {
            ValueDef::Primitive(Primitive::U128(number)) => u8::try_from(*number).ok(),
            _ => None,
        })
        .collect()
}

fn text_or_hex(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() != 32 && text.bytes().all(|b| (0x20..0x7f).contains(&b)) => {
            format!("{text:?}")
        }
        _ => format!("0x{}", hex::encode(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_read_as_a_person_would_write_them() {
        let account = Value::unnamed_composite([Value::unnamed_composite(
            [7u8; 32].map(|byte| Value::u128(byte.into())),
        )]);
        let name = Value::unnamed_composite(b"Mercy".map(|byte| Value::u128(byte.into())));
        let call = Value::unnamed_variant(
            "Consortium",
            [Value::named_variant(
                "admit",
                [
                    ("account", account),
                    ("name", name),
                    ("until", Value::unnamed_variant("Some", [Value::u128(5)])),
                ],
            )],
        );
        assert_eq!(name_of(&call), "Consortium.admit");
        assert_eq!(
            readable(&call),
            format!("Consortium.admit(account: 0x{}, name: \"Mercy\", until: Some(5))", "07".repeat(32))
        );
    }
}
