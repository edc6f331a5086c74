//! Staking, candidacy and session keys of a hospital's validators.

use super::{Call, call};
use crate::{amount::Balance, session_keys::SessionKeys};
use codec::Compact;
use galen_primitives::AccountId;

/// Index of `RewardDestination::Stash` in pallet-staking: rewards are paid to the account, free to pay fees with, and do not
/// add to a stake that has a cap.
const TO_STASH: u8 = 1;

/// `Staking.bond`; rewards, if there are any, are paid to the account.
pub fn bond(amount: Balance) -> Call {
    call("Staking", "bond", (Compact(amount), TO_STASH))
}

/// `Staking.bond_extra`.
pub fn bond_extra(amount: Balance) -> Call {
    call("Staking", "bond_extra", (Compact(amount),))
}

/// `Staking.unbond`.
pub fn unbond(amount: Balance) -> Call {
    call("Staking", "unbond", (Compact(amount),))
}

/// `Staking.chill`.
pub fn chill() -> Call {
    call("Staking", "chill", ())
}

/// `Consortium.validate`; the commission in billionths.
pub fn validate(commission: u32) -> Call {
    call("Consortium", "validate", (commission,))
}

/// `Consortium.nominate`.
pub fn nominate(targets: &[AccountId]) -> Call {
    call("Consortium", "nominate", (targets,))
}

/// `Consortium.add_validator`.
pub fn add_validator(stash: &AccountId) -> Call {
    call("Consortium", "add_validator", (stash,))
}

/// `Consortium.remove_validator`.
pub fn remove_validator(stash: &AccountId) -> Call {
    call("Consortium", "remove_validator", (stash,))
}

/// `Session.set_keys`, with the proof that the signer's node holds them.
pub fn set_session_keys(keys: &SessionKeys, proof: &[u8]) -> Call {
    call("Session", "set_keys", (keys, proof))
}
