//! Anchored records.

use crate::{
    AccountId, BlockNumber, H256, UnixSeconds,
    consent::{Confidentiality, Labels},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a custodian fixes about a record when it anchors it; decisions use these, never what a requester says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct RecordAttributes {
    /// The patient's pairwise key with this custodian.
    pub patient: AccountId,
    /// Confidentiality.
    pub level: Confidentiality,
    /// Blinded sensitivity labels.
    pub labels: Labels,
    /// When the record was written; `None` if unknown.
    pub authored: Option<UnixSeconds>,
    /// The author's random id, issued by the custodian; `None` if unknown.
    pub author: Option<H256>,
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
    /// The block in which the custodian said that it destroyed the document's key and salt. From then on labels, author
    /// and time of writing are gone from here too, and nothing may be made of the record.
    pub erased_at: Option<BlockNumber>,
}
