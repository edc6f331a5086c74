//! Staking, as far as members meet it.

use frame_support::pallet_prelude::DispatchResult;
use galen_primitives::AccountId;
use sp_runtime::{DispatchError, Perbill};

/// What the consortium asks of staking. `()` refuses.
pub trait ValidatorControl {
    /// Makes `account`, which has bonded its stake, a candidate.
    fn validate(account: &AccountId, commission: Perbill) -> DispatchResult;
    /// Takes `account` out of the candidates; `Ok` too if it was none.
    fn chill(account: &AccountId) -> DispatchResult;
    /// Ends the era with the current session, so that a new set is elected.
    fn force_new_era();
}

impl ValidatorControl for () {
    fn validate(_: &AccountId, _: Perbill) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn chill(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn force_new_era() {}
}
