//! What must hold between any two extrinsics.

use crate::{AbsenceThreshold, Absences, Config, Pallet, SeatsLost};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// The threshold is a number of sessions; nobody is absent, or loses its seat, twice.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(AbsenceThreshold::<T>::get() > 0, "a threshold of no session");
        if let Some((_, absent)) = Absences::<T>::get() {
            let mut seen = BTreeSet::new();
            ensure!(
                absent.iter().all(|(validator, _)| seen.insert(validator)),
                "a validator is absent twice in one session"
            );
        }
        let (_, lost) = SeatsLost::<T>::get();
        let mut seen = BTreeSet::new();
        ensure!(lost.iter().all(|validator| seen.insert(validator)), "a validator lost its seat twice");
        Ok(())
    }
}
