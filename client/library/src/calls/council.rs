//! Motions of the council.

use super::{Call, Encoded, call};
use crate::council::Origin;
use codec::{Compact, Encode};
use galen_primitives::{
    AccountId, BlockNumber, H256, UnixSeconds, emergency::Finding, member::Quotas, signature::RelyingParty,
};

/// What the council can be asked to do. A motion carries the call's own bytes, so it is made on a [`crate::chain::Chain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Motion {
    /// `Federated.approve_model`.
    ApproveModel(H256),
    /// `Consent.end_by_order`: a patient's consent, by the order with this fingerprint.
    EndConsent(AccountId, u32, H256),
    /// `Emergency.review` of an overdue access: by whom, what was found, the fingerprint of the finding.
    ReviewAccess(H256, H256, Finding, H256),
    /// `Federated.withdraw_model`.
    WithdrawModel(H256),
    /// `Consortium.admit`.
    Admit(AccountId, String, Quotas),
    /// `Consortium.evict`.
    Evict(AccountId),
    /// `Consortium.suspend`, for so many blocks.
    Suspend(AccountId, u32),
    /// `Consortium.lift_suspension`.
    LiftSuspension(AccountId),
    /// `Consortium.set_expiry`; `None` for a membership without end.
    SetExpiry(AccountId, Option<UnixSeconds>),
    /// `Consortium.mark_worker_key_suspect`: hospital, key, first block.
    MarkWorkerKeySuspect(AccountId, H256, BlockNumber),
    /// `Consent.set_relying_party`; without an origin it is removed.
    SetRelyingParty(RelyingParty),
    /// `System.authorize_upgrade` as Root: the hash of the runtime that may be applied.
    AuthorizeUpgrade(H256),
}

impl Motion {
    /// The call to dispatch.
    pub fn call(&self) -> Call {
        match self {
            Motion::ApproveModel(hash) => call("Federated", "approve_model", (hash,)),
            Motion::EndConsent(patient, id, order) => super::end_by_order(patient, *id, *order),
            Motion::ReviewAccess(access, by, finding, note) => {
                super::review_access(*access, *by, *finding, *note)
            }
            Motion::WithdrawModel(hash) => call("Federated", "withdraw_model", (hash,)),
            Motion::Admit(account, name, quotas) => {
                call("Consortium", "admit", (account, name.as_bytes().to_vec(), quotas))
            }
            Motion::Evict(account) => call("Consortium", "evict", (account,)),
            Motion::Suspend(account, blocks) => call("Consortium", "suspend", (account, blocks)),
            Motion::LiftSuspension(account) => call("Consortium", "lift_suspension", (account,)),
            Motion::SetExpiry(account, end) => call("Consortium", "set_expiry", (account, end)),
            Motion::MarkWorkerKeySuspect(hospital, key, from) => {
                super::mark_worker_key_suspect(hospital, *key, *from)
            }
            Motion::SetRelyingParty(party) => call("Consent", "set_relying_party", (party,)),
            Motion::AuthorizeUpgrade(hash) => call("System", "authorize_upgrade", (hash,)),
        }
    }

    /// Whether the call needs Root, and so goes through `Consortium.govern`.
    pub fn needs_root(&self) -> bool {
        matches!(self, Motion::AuthorizeUpgrade(_))
    }

    /// How much of the council the call, or the gate before it, asks for.
    pub fn origin(&self) -> Origin {
        match self {
            Motion::Suspend(..) => Origin::Emergency,
            _ => Origin::Govern,
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
