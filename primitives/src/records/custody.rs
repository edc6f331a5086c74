//! Custody of items: who held a drug lot, a specimen or another thing since when, step by step.
//!
//! An item is a random or blinded id: the chain does not know what it stands for. It is the hospital's that registered it
//! until that one offers it to another member and the other accepts.
//!
//! Records are no items: see [`Transferred`](crate::records::Transferred). Nor are the devices that sign readings:
//! [`devices`](crate::devices).

use crate::{AccountId, BlockNumber};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What an item is. Codes are stable: new ones are appended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum ItemKind {
    /// A medical device.
    Device,
    /// A lot of a medicine.
    DrugLot,
    /// A specimen.
    Specimen,
    /// Something else.
    Other,
}

/// An item in somebody's custody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Who holds it now.
    pub holder: AccountId,
    /// To whom it is offered.
    pub offered_to: Option<AccountId>,
    /// How many steps of custody there are, numbered from 0; at least one.
    pub steps: u32,
}

/// One step of custody.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct CustodyStep {
    /// Who held the item.
    pub holder: AccountId,
    /// From which block on, until the next step's.
    pub since: BlockNumber,
}
