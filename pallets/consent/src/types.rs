//! Types of this pallet's own storage.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use galen_primitives::consent::Reason;
use scale_info::TypeInfo;

/// How many consents of one patient for one grantee are out of force.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Past {
    /// Those that the patient revoked.
    pub revoked: u32,
    /// Those not revoked that had expired when a later grant needed their room.
    pub pruned: u32,
}

impl Past {
    /// What these alone say to a question: the closest to a permission, as in
    /// [`decide`](galen_primitives::consent::decide). Time does not run backwards, so the pruned stay expired.
    pub fn reason(&self) -> Reason {
        match self {
            Past { pruned: 1.., .. } => Reason::OutsidePeriod,
            Past { revoked: 1.., .. } => Reason::Revoked,
            _ => Reason::NoConsent,
        }
    }
}
