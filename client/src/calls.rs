//! The calls of Galen's pallets, with typed arguments.
//!
//! Arguments are SCALE-encoded from the types that the runtime itself uses (`galen-primitives`), so that what is signed
//! here is what the runtime decodes; pallet and call indices come from the chain's metadata, by name.

use codec::{Compact, Encode};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::{ConsentTerms, PatientSignature, Purpose},
    member::Quotas,
    model::ModelTerms,
    record::RecordAttributes,
};
use subxt::ext::{
    scale_encode::{self, EncodeAsFields, FieldIter},
    scale_type_resolver::TypeResolver,
};

/// Arguments that are SCALE already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl EncodeAsFields for Encoded {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// A call: pallet, name, arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    args: Encoded,
}

impl subxt::tx::Payload for Call {
    type CallData = Encoded;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Encoded {
        &self.args
    }
}

fn call(pallet: &'static str, name: &'static str, args: impl Encode) -> Call {
    Call { pallet, name, args: Encoded(args.encode()) }
}

/// `Consortium.set_worker_key`.
pub fn set_worker_key(key: H256) -> Call {
    call("Consortium", "set_worker_key", (key,))
}

/// `Consent.enrol`.
pub fn enrol(patient: &AccountId) -> Call {
    call("Consent", "enrol", (patient,))
}

/// `Consent.grant`.
pub fn grant(terms: &ConsentTerms, valid_until: UnixSeconds, signature: &PatientSignature) -> Call {
    call("Consent", "grant", (terms, valid_until, signature))
}

/// `Consent.revoke`.
pub fn revoke(patient: &AccountId, id: u32, valid_until: UnixSeconds, signature: &PatientSignature) -> Call {
    call("Consent", "revoke", (patient, id, valid_until, signature))
}

/// `Records.anchor`.
pub fn anchor(commitment: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "anchor", (commitment, attributes))
}

/// `Records.supersede`.
pub fn supersede(old: H256, new: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "supersede", (old, new, attributes))
}

/// `Federated.register_model`.
pub fn register_model(terms: &ModelTerms) -> Call {
    call("Federated", "register_model", (terms,))
}

/// `Federated.open_round`.
pub fn open_round(base: H256, blocks: u32) -> Call {
    call("Federated", "open_round", (base, blocks))
}

/// `Federated.register_update`.
pub fn register_update(round: u32, hash: H256, samples: u32) -> Call {
    call("Federated", "register_update", (round, hash, samples))
}

/// `Summaries.request`.
pub fn request(record: H256, model: H256, purpose: Purpose) -> Call {
    call("Summaries", "request", (record, model, purpose))
}

/// What the council can be asked to do. A motion carries the call's own bytes, so it is made on a [`crate::chain::Chain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Motion {
    /// `Federated.approve_model`.
    ApproveModel(H256),
    /// `Federated.withdraw_model`.
    WithdrawModel(H256),
    /// `Consortium.admit`.
    Admit(AccountId, String, Quotas),
    /// `Consortium.evict`.
    Evict(AccountId),
}

impl Motion {
    /// The call that the council would dispatch.
    pub fn call(&self) -> Call {
        match self {
            Motion::ApproveModel(hash) => call("Federated", "approve_model", (hash,)),
            Motion::WithdrawModel(hash) => call("Federated", "withdraw_model", (hash,)),
            Motion::Admit(account, name, quotas) => {
                call("Consortium", "admit", (account, name.as_bytes().to_vec(), quotas))
            }
            Motion::Evict(account) => call("Consortium", "evict", (account,)),
        }
    }
}

/// `Council.propose` of the call whose SCALE bytes are `proposal`. With a threshold of one it is executed at once.
pub fn propose(threshold: u32, proposal: &[u8]) -> Call {
    let mut args = Compact(threshold).encode();
    args.extend_from_slice(proposal);
    args.extend(Compact(proposal.len() as u32).encode());
    Call { pallet: "Council", name: "propose", args: Encoded(args) }
}

/// `Council.vote`.
pub fn vote(proposal: H256, index: u32, approve: bool) -> Call {
    call("Council", "vote", (proposal, Compact(index), approve))
}

/// `Council.close`, with bounds that any of [`Motion`]'s calls stays below.
pub fn close(proposal: H256, index: u32, length: u32) -> Call {
    call(
        "Council",
        "close",
        (proposal, Compact(index), (Compact(100_000_000_000u64), Compact(1_000_000u64)), Compact(length)),
    )
}
