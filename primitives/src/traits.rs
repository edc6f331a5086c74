//! How pallets meet: never through each other's storage. The `()` implementation of a check refuses.

use crate::{
    AccountId, H256,
    audit::Kind,
    consent::{Decision, Question, Reason},
    emergency::Ruling,
    member::{MemberName, Quotas},
    model::Model,
    records::Record,
};
use sp_runtime::{DispatchError, DispatchResult};
use sp_weights::Weight;

/// Which accounts are members, and what they may do. Of a member that is not in good standing (its membership has expired,
/// or it is suspended) nothing is answered, as of an outsider.
pub trait Consortium {
    /// Whether `account` is a hospital's that is admitted and in good standing now.
    fn is_member(account: &AccountId) -> bool;
    /// Its registered name.
    fn name(account: &AccountId) -> Option<MemberName>;
    /// The worker key it has in force, as an sr25519 public key.
    fn worker_key(account: &AccountId) -> Option<H256>;
    /// The member whose worker key this is now.
    fn member_of_worker_key(key: &H256) -> Option<AccountId>;
    /// Its quotas.
    fn quotas(account: &AccountId) -> Option<Quotas>;
    /// Counts one relayed grant against today's quota; an error if none is left.
    fn charge_grant(account: &AccountId) -> DispatchResult;
}

impl Consortium for () {
    fn is_member(_: &AccountId) -> bool {
        false
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(_: &AccountId) -> Option<H256> {
        None
    }
    fn member_of_worker_key(_: &H256) -> Option<AccountId> {
        None
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

/// The consent decision in the current block.
pub trait ConsentCheck {
    /// Decides; refuses when nothing covers the question.
    fn decide(question: &Question) -> Decision;
    /// The custodian with which a patient key is enrolled.
    fn custodian_of(patient: &AccountId) -> Option<AccountId>;
    /// Notes that `hospital` read under this consent of the patient, so that it is bound when the consent ends. Once is enough.
    fn note_use(patient: &AccountId, consent: u32, hospital: &AccountId) -> DispatchResult;
    /// An upper bound of what a decision costs.
    fn weight() -> Weight;
    /// What a decision about this patient costs.
    fn weight_of(patient: &AccountId) -> Weight;
}

impl ConsentCheck for () {
    fn decide(_: &Question) -> Decision {
        Decision::refuse(Reason::Unavailable)
    }
    fn custodian_of(_: &AccountId) -> Option<AccountId> {
        None
    }
    fn note_use(_: &AccountId, _: u32, _: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn weight() -> Weight {
        Weight::zero()
    }
    fn weight_of(_: &AccountId) -> Weight {
        Weight::zero()
    }
}

/// The decision with emergencies counted in.
pub trait EmergencyCheck {
    /// Decides over the consents and, for the purpose BTG, over the accesses that the requester has opened; `record` is the
    /// one that the question is about.
    fn rule(question: &Question, record: Option<&H256>) -> Ruling;
    /// An upper bound of what a ruling costs, the decision over consents included.
    fn weight() -> Weight;
    /// What a ruling about this patient costs.
    fn weight_of(patient: &AccountId) -> Weight;
}

impl EmergencyCheck for () {
    fn rule(_: &Question, _: Option<&H256>) -> Ruling {
        Ruling::refuse(Reason::Unavailable)
    }
    fn weight() -> Weight {
        Weight::zero()
    }
    fn weight_of(_: &AccountId) -> Weight {
        Weight::zero()
    }
}

/// Looking up anchored records.
pub trait RecordLookup {
    /// The record with this commitment.
    fn record(id: &H256) -> Option<Record>;
}

impl RecordLookup for () {
    fn record(_: &H256) -> Option<Record> {
        None
    }
}

/// Looking up models.
pub trait ModelLookup {
    /// The registered model with this hash.
    fn model(hash: &H256) -> Option<Model>;
    /// Whether the council has approved it and not withdrawn that.
    fn is_approved(hash: &H256) -> bool;
}

impl ModelLookup for () {
    fn model(_: &H256) -> Option<Model> {
        None
    }
    fn is_approved(_: &H256) -> bool {
        false
    }
}

/// Appending to the audit log, in the extrinsic that changes state.
pub trait AuditSink {
    /// Appends one entry; an error undoes the caller's change with it.
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult;
}

impl AuditSink for () {
    fn append(_: Option<&AccountId>, _: Kind, _: H256, _: Option<&AccountId>) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}
