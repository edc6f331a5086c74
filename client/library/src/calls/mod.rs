//! The calls of Galen's pallets, and those of the SDK that operators need, with typed arguments.
//!
//! Arguments are SCALE-encoded from the types that the runtime itself uses (`galen-primitives`), so that what is signed
//! here is what the runtime decodes; pallet and call indices come from the chain's metadata, by name.

mod council;
mod custody;
mod device;
mod member;
mod records;
mod upgrade;
mod validator;

pub(crate) use council::govern;
pub use council::{Motion, close, propose, vote};
pub use custody::{accept, offer, register_item, withdraw_offer};
pub use device::{mark_device_suspect, register_device, retire_device, rotate_device_key};
pub use member::{mark_worker_key_suspect, set_nodes, set_worker_key};
pub use records::{anchor_batch, erase_leaf, reveal, transfer, void};
pub use upgrade::apply_authorized_upgrade;
pub use validator::{
    add_validator, bond, bond_extra, chill, nominate, remove_validator, set_session_keys, unbond, validate,
};

use codec::{Compact, Encode};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::{ConsentTerms, Mandate, PatientSignature, Purpose, Settlement},
    emergency::{Finding, Urgency},
    model::ModelTerms,
    records::RecordAttributes,
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

impl Call {
    /// `pallet.name` with these arguments, which must encode as the runtime decodes them.
    pub fn new(pallet: &'static str, name: &'static str, args: impl Encode) -> Self {
        Call { pallet, name, args: Encoded(args.encode()) }
    }

    /// `Utility.batch_all`: these calls, each in the chain's own bytes, in order, or none of them.
    pub fn batch_all(calls: &[Vec<u8>]) -> Self {
        let mut args = Compact(u32::try_from(calls.len()).unwrap_or(u32::MAX)).encode();
        calls.iter().for_each(|call| args.extend_from_slice(call));
        Call { pallet: "Utility", name: "batch_all", args: Encoded(args) }
    }
}

fn call(pallet: &'static str, name: &'static str, args: impl Encode) -> Call {
    Call::new(pallet, name, args)
}

/// `Consent.enrol`.
pub fn enrol(patient: &AccountId) -> Call {
    call("Consent", "enrol", (patient,))
}

/// `Consent.grant`.
pub fn grant(
    terms: &ConsentTerms,
    grantor: &AccountId,
    valid_until: UnixSeconds,
    signature: &PatientSignature,
) -> Call {
    call("Consent", "grant", (terms, grantor, valid_until, signature))
}

/// `Consent.revoke`.
pub fn revoke(
    patient: &AccountId,
    id: u32,
    grantor: &AccountId,
    valid_until: UnixSeconds,
    signature: &PatientSignature,
) -> Call {
    call("Consent", "revoke", (patient, id, grantor, valid_until, signature))
}

/// `Consent.end_by_order`, for the council.
pub fn end_by_order(patient: &AccountId, id: u32, order: H256) -> Call {
    call("Consent", "end_by_order", (patient, id, order))
}

/// `Consent.appoint`: with the patient's approval (last second and signature) for a delegate, without for a guardian.
pub fn appoint(
    patient: &AccountId,
    guardian: &AccountId,
    mandate: &Mandate,
    approval: Option<(UnixSeconds, PatientSignature)>,
) -> Call {
    call("Consent", "appoint", (patient, guardian, mandate, approval))
}

/// `Consent.dismiss`.
pub fn dismiss(
    patient: &AccountId,
    guardian: &AccountId,
    approval: Option<(UnixSeconds, PatientSignature)>,
) -> Call {
    call("Consent", "dismiss", (patient, guardian, approval))
}

/// `Consent.report_use`.
pub fn report_use(patient: &AccountId, consent: u32, reader: &AccountId) -> Call {
    call("Consent", "report_use", (patient, consent, reader))
}

/// `Consent.settle`.
pub fn settle(patient: &AccountId, consent: u32, how: Settlement) -> Call {
    call("Consent", "settle", (patient, consent, how))
}

/// `Emergency.break_glass`.
pub fn break_glass(patient: &AccountId, record: Option<H256>, by: H256, reason: Urgency, note: H256) -> Call {
    call("Emergency", "break_glass", (patient, record, by, reason, note))
}

/// `Emergency.review`, by the hospital or, once it is overdue, for the council.
pub fn review_access(access: H256, by: H256, finding: Finding, note: H256) -> Call {
    call("Emergency", "review", (access, by, finding, note))
}

/// `Records.anchor`.
pub fn anchor(commitment: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "anchor", (commitment, attributes))
}

/// `Records.supersede`.
pub fn supersede(old: H256, new: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "supersede", (old, new, attributes))
}

/// `Records.erase`: the receipt that key and salt of a record were destroyed.
pub fn erase(commitment: H256) -> Call {
    call("Records", "erase", (commitment,))
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
