//! What the chain keeps of patients and their consents.

use super::ConsentTerms;
use crate::{AccountId, BlockNumber, H256, UnixSeconds};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a consent ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Ending {
    /// This key withdrew it: the patient's own, or that of a guardian or delegate.
    Revoked(AccountId),
    /// The consent with this number took its place.
    Superseded(u32),
    /// The council carried out a court's order with this fingerprint.
    Ordered(H256),
}

/// One immutable version of a consent. Only `ending` and `listed_from` are ever written afterwards, once each.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ConsentVersion {
    /// Number of this version among the patient's, from 0 without gaps.
    pub id: u32,
    /// What was allowed and forbidden.
    pub terms: ConsentTerms,
    /// Who signed it: the patient, or a guardian or delegate.
    pub grantor: AccountId,
    /// Who relayed it.
    pub relayer: AccountId,
    /// The block from which it counts.
    pub from_block: BlockNumber,
    /// The block from which it is judged by its terms. `None` while the patient has too many denials in force for that:
    /// everything is denied then.
    pub listed_from: Option<BlockNumber>,
    /// The block from which it counts no more, when that was (Unix time), and why.
    pub ended: Option<Ended>,
}

/// The end of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Ended {
    /// The block from which it counts no more.
    pub block: BlockNumber,
    /// That block's time.
    pub at: UnixSeconds,
    /// Why.
    pub why: Ending,
}

impl ConsentVersion {
    /// Whether it counted at the end of block `at`.
    pub fn in_force(&self, at: BlockNumber) -> bool {
        self.from_block <= at && self.ended.as_ref().is_none_or(|ended| ended.block > at)
    }

    /// Whether it had begun by the end of block `at` and was over by then.
    pub fn is_over(&self, at: BlockNumber) -> bool {
        self.from_block <= at && !self.in_force(at)
    }

    /// Whether its last second is before `now`.
    pub fn has_expired(&self, now: UnixSeconds) -> bool {
        self.terms.root.period.and_then(|period| period.end).is_some_and(|end| end < now)
    }
}

/// How many of a patient's consents are out of force.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Past {
    /// Those that have ended.
    pub ended: u32,
    /// Those not ended whose period was over when another consent needed their room.
    pub pruned: u32,
}

/// An enrolled patient key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Patient {
    /// The hospital that enrolled the key and keeps the records.
    pub custodian: AccountId,
    /// The block of enrolment.
    pub enrolled_at: BlockNumber,
    /// How many signed texts about this key were accepted: the number that the next text must carry.
    pub nonce: u32,
    /// How many consent versions this key has.
    pub versions: u32,
    /// How many of these are out of force.
    pub past: Past,
    /// How many denials are in force without room in the list: while there are any, everything is denied.
    pub overflow: u32,
}
