//! A validator's stake.

use super::{Call, call};
use crate::amount::Balance;
use codec::Compact;

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
