//! What is stored beside a member itself.

use codec::{Decode, Encode, MaxEncodedLen};
use galen_primitives::{AccountId, BlockNumber};
use scale_info::TypeInfo;

/// Whose a worker key is or was, for good: a key that has been used is never another hospital's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct KeyUse {
    /// The hospital that set it.
    pub hospital: AccountId,
    /// The block from which on nothing it signed can be relied upon, if it was marked suspect.
    pub suspect_from: Option<BlockNumber>,
}
