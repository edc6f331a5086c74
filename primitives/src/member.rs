//! Admitted hospitals, their worker keys, their validators and nodes.

use crate::{AccountId, BlockNumber, H256, UnixSeconds};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// A hospital's registered name: 1 to 64 bytes of printable ASCII without `"`.
pub type MemberName = BoundedVec<u8, ConstU32<64>>;

/// Whether `name` may stand in a text that a patient signs.
pub fn is_valid_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| (0x20..0x7f).contains(byte) && *byte != b'"')
}

/// What a member may use of what the consortium shares.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
// Quotas stand in genesis presets, which the runtime reads without std.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Quotas {
    /// Patient-signed grants that the member may relay each day (revocations are never counted).
    pub grants_per_day: u32,
    /// Summary jobs that may be open at once.
    pub open_jobs: u32,
}

/// A member hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Member {
    /// Its registered name.
    #[cfg_attr(feature = "std", serde(with = "crate::text"))]
    pub name: MemberName,
    /// The block of admission.
    pub admitted_at: BlockNumber,
    /// The sr25519 public key that signs its worker's receipts, if set.
    pub worker_key: Option<H256>,
    /// Its quotas.
    pub quotas: Quotas,
    /// When its membership ends, if it does: from this second on it is no member in good standing.
    pub expires_at: Option<UnixSeconds>,
    /// Until which block it is suspended, if it is: in good standing again from that block on.
    pub suspended_until: Option<BlockNumber>,
}

impl Member {
    /// Whether the suspension, if any, is over at block `block`.
    pub fn is_suspended(&self, block: BlockNumber) -> bool {
        self.suspended_until.is_some_and(|until| block < until)
    }

    /// Whether the membership has ended at second `now`.
    pub fn is_expired(&self, now: UnixSeconds) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A libp2p peer id as its base58 text in ASCII, such as `12D3KooW...`.
pub type PeerId = BoundedVec<u8, ConstU32<64>>;

/// Whether `id` may be a peer id: 1 to 64 ASCII letters and digits. Whether it is one, the nodes find out.
pub fn is_valid_peer_id(id: &[u8]) -> bool {
    !id.is_empty() && id.iter().all(u8::is_ascii_alphanumeric)
}

/// From when until when a worker key was a hospital's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct WorkerKeyPeriod {
    /// The sr25519 public key.
    pub key: H256,
    /// The block in which it came into force.
    pub from: BlockNumber,
    /// The block in which it went out of force; `None` while it is in force.
    pub until: Option<BlockNumber>,
    /// The block from which on nothing it signed can be relied upon, if it was marked suspect.
    pub suspect_from: Option<BlockNumber>,
}

/// Whose a worker key is or was, for good: a key that has been used is never another hospital's, and unlike the history of a
/// hospital's keys, none is ever forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct WorkerKeyUse {
    /// The hospital that set it.
    pub hospital: AccountId,
    /// The block from which on nothing it signed can be relied upon, if it was marked suspect.
    pub suspect_from: Option<BlockNumber>,
}

/// A validator account of a member hospital.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ValidatorStatus {
    /// The account: stash and validator id in one.
    pub account: AccountId,
    /// The hospital whose account it is.
    pub hospital: AccountId,
    /// Whether it stands in the next election.
    pub candidate: bool,
    /// Whether it has set session keys; without them it is not elected.
    pub keyed: bool,
    /// Whether it is in the set of the current session.
    pub active: bool,
    /// Whether it is in the set but disabled for an offence.
    pub disabled: bool,
    /// What it has bonded itself, in the smallest unit; in JSON a decimal string.
    #[cfg_attr(feature = "std", serde(with = "crate::text::amount"))]
    pub stake: u128,
    /// What stands behind it in the active era, its own stake included; 0 if it is not active.
    #[cfg_attr(feature = "std", serde(with = "crate::text::amount"))]
    pub backing: u128,
    /// For how many sessions in a row it has been in the set and absent.
    pub absent_sessions: u32,
}

/// The validators' seats.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Seats {
    /// The active era.
    pub era: u32,
    /// The current session.
    pub session: u32,
    /// How many seats elections fill, if there are candidates enough.
    pub desired: u32,
    /// How many validators the current session has.
    pub active: u32,
    /// How many seats one hospital may hold in a set of this size: max(1, (active - 1) / 3), rounded down.
    pub cap: u32,
    /// Up to how much one account's stake counts in an election, in the smallest unit; in JSON a decimal string.
    #[cfg_attr(feature = "std", serde(with = "crate::text::amount"))]
    pub max_stake: u128,
}
