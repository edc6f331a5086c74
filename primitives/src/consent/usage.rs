//! Which hospital read under which consent, and what becomes of that when the consent ends.

use crate::{AccountId, BlockNumber, H256, UnixSeconds};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How a hospital met its obligation after the end of a consent under which it had read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Settlement {
    /// It stopped the use and keeps what a law obliges it to: the fingerprint of its notice.
    Acknowledged(H256),
    /// It deleted what it held: the fingerprint of its receipt.
    Deleted(H256),
}

/// That a hospital read under a consent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Use {
    /// The block of the first reading that is known here.
    pub since: BlockNumber,
    /// How the obligation was met, and in which block.
    pub settled: Option<(Settlement, BlockNumber)>,
}

/// What a hospital owes since a consent under which it had read has ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Owed {
    /// The hospital.
    pub hospital: AccountId,
    /// The patient's key.
    pub patient: AccountId,
    /// The number of the consent.
    pub consent: u32,
    /// When the consent ended, in seconds of Unix time.
    pub ended_at: UnixSeconds,
    /// The last second at which it is met in time.
    pub due: UnixSeconds,
    /// Whether that is over.
    pub overdue: bool,
    /// How it was met, and in which block; `None` if it is open.
    pub settled: Option<(Settlement, BlockNumber)>,
}

/// Obligations of one page and where to ask on, if there may be more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct OwedPage {
    /// The obligations, in the order of the storage's keys.
    pub owed: Vec<Owed>,
    /// The last patient and consent that was looked at: where the next page starts after; `None` at the end.
    pub next: Option<(AccountId, u32)>,
}
