//! Models, federated rounds and updates.

use crate::{AccountId, BlockNumber, H256};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// Up to 64 bytes of UTF-8.
pub type ShortText = BoundedVec<u8, ConstU32<64>>;

/// What is said of a model when it is registered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ModelTerms {
    /// BLAKE2b-256 of the model file.
    pub hash: H256,
    /// A short name.
    #[cfg_attr(feature = "std", serde(with = "crate::text"))]
    pub name: ShortText,
    /// The registered model that this one was derived from, if any.
    pub parent: Option<H256>,
    /// SPDX licence expression.
    #[cfg_attr(feature = "std", serde(with = "crate::text"))]
    pub licence: ShortText,
    /// BLAKE2b-256 of the model card.
    pub card: H256,
}

/// Where a model stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum ModelStatus {
    /// Known, not to be used.
    Registered,
    /// The council allows its use.
    Approved,
    /// The council took its approval back.
    Withdrawn,
}

/// A registered model.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Model {
    /// What was registered.
    pub terms: ModelTerms,
    /// The member that registered it; `None` for a model of genesis.
    pub registrant: Option<AccountId>,
    /// The block of registration.
    pub registered_at: BlockNumber,
    /// Where it stands.
    pub status: ModelStatus,
    /// The block of the last change of status.
    pub status_since: BlockNumber,
}

/// A federated round: members train the base model on data that never leaves them and register the hashes of their updates.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Round {
    /// The model that is improved.
    pub base: H256,
    /// The member that opened the round.
    pub opener: AccountId,
    /// The block in which it was opened.
    pub opened_at: BlockNumber,
    /// The last block in which updates are accepted.
    pub deadline: BlockNumber,
    /// How many updates were registered.
    pub updates: u32,
}

/// One member's update in a round.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Update {
    /// BLAKE2b-256 of the update's file.
    pub hash: H256,
    /// How many samples the member says it trained on.
    pub samples: u32,
    /// The block of registration.
    pub registered_at: BlockNumber,
}
