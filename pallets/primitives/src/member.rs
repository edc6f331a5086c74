//! Admitted hospitals.

use crate::{BlockNumber, H256};
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
}
