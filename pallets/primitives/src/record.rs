//! Anchored records.

use crate::{
    AccountId, BlockNumber, H256, UnixSeconds,
    consent::{Confidentiality, Labels},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// How many authors, and how many encounters and plans, a record may name.
pub const MAX_NAMED: u32 = 4;

/// What decisions need to know of a record; all of it fixed by its custodian, never by a requester.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", default)
)]
pub struct RecordFacts {
    /// Confidentiality.
    pub level: Confidentiality,
    /// Blinded sensitivity labels.
    pub labels: Labels,
    /// When the record was written; `None` if unknown.
    pub authored: Option<UnixSeconds>,
    /// Its authors' random ids, issued by the custodian.
    pub authors: BoundedVec<H256, ConstU32<MAX_NAMED>>,
    /// The name by which consents may single it out, blinded.
    pub name: Option<H256>,
    /// The encounters and plans that it belongs to, blinded.
    pub related: BoundedVec<H256, ConstU32<MAX_NAMED>>,
}

impl RecordFacts {
    /// How many labels, authors, encounters and plans it names.
    pub fn elements(&self) -> u32 {
        let count = [self.labels.len(), self.authors.len(), self.related.len()];
        u32::try_from(count.into_iter().fold(0, usize::saturating_add)).unwrap_or(u32::MAX)
    }
}

/// What a custodian fixes about a record when it anchors it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct RecordAttributes {
    /// The patient's pairwise key with this custodian.
    pub patient: AccountId,
    /// What decisions need.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub facts: RecordFacts,
}

/// An anchored record. Its id is its commitment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Record {
    /// The hospital that keeps it.
    pub custodian: AccountId,
    /// What decisions need.
    pub attributes: RecordAttributes,
    /// The block of anchoring.
    pub anchored_at: BlockNumber,
    /// The record that this one replaces.
    pub supersedes: Option<H256>,
    /// The record that replaced this one.
    pub superseded_by: Option<H256>,
    /// The block in which the custodian said that it destroyed the document's key and salt. From then on what
    /// decisions needed is gone from here too, and nothing may be made of the record.
    pub erased_at: Option<BlockNumber>,
}
