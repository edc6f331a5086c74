//! The rules that the council sets.

use crate::{AbsenceThreshold, BalanceOf, Config, EraReward, Error, Pallet};
use codec::Encode;
use frame_support::ensure;
use galen_primitives::{H256, audit::Kind, commitment::tagged_hash, traits::AuditSink};
use sp_runtime::DispatchResult;

/// Domain tag of a setting.
const TAG: &[u8] = b"galen:conduct:v1";

/// A rule and what it is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<Balance> {
    /// After how many sessions in a row the absent lose their seats.
    AbsenceThreshold(u32),
    /// What the validators of an era get together, in the smallest unit.
    EraReward(Balance),
}

impl<Balance: Encode> Setting<Balance> {
    /// What stands for it as the subject of an audit entry: BLAKE2b-256 of a tag and the SCALE encoding,
    /// which is the rule's number in the order above as a byte, and the value.
    pub fn subject(&self) -> H256 {
        let encoded = match self {
            Setting::AbsenceThreshold(sessions) => (0u8, sessions).encode(),
            Setting::EraReward(amount) => (1u8, amount).encode(),
        };
        tagged_hash(TAG, &[&encoded])
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_absence_threshold(sessions: u32) -> DispatchResult {
        ensure!(sessions > 0, Error::<T>::InvalidThreshold);
        AbsenceThreshold::<T>::put(sessions);
        Self::log_setting(Setting::AbsenceThreshold(sessions))
    }

    pub(crate) fn do_set_era_reward(amount: BalanceOf<T>) -> DispatchResult {
        EraReward::<T>::put(amount);
        Self::log_setting(Setting::EraReward(amount))
    }

    fn log_setting(setting: Setting<BalanceOf<T>>) -> DispatchResult {
        T::Audit::append(None, Kind::ConductSet, setting.subject(), None)
    }
}
