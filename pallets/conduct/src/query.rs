//! What runtime APIs ask.

use crate::{Absences, Config, Pallet, Seating};
use galen_primitives::AccountId;

impl<T: Config> Pallet<T> {
    /// For how many sessions in a row a validator has been absent, up to the one before this. Sessions in
    /// which more were absent than the network can spare do not count.
    pub fn absent_sessions(account: &AccountId) -> u32 {
        let ended = T::Seating::session().checked_sub(1);
        let absences = Absences::<T>::get().filter(|(session, _)| Some(*session) == ended);
        absences
            .and_then(|(_, absent)| absent.into_iter().find(|(validator, _)| validator == account))
            .map_or(0, |(_, sessions)| sessions)
    }
}
