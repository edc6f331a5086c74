//! What must hold between any two extrinsics.

use crate::{Config, Models, NextRound, Pallet, Rounds, Updates, model::is_valid_text};
use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Models stand under their hash and after their parent; rounds are numbered without gaps and improve a
    /// model; updates belong to a round, lie in its time, are counted by it, and have different hashes.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for (hash, model) in Models::<T>::iter() {
            ensure!(model.terms.hash == hash, "a model under another hash");
            ensure!(
                is_valid_text(&model.terms.name) && is_valid_text(&model.terms.licence),
                "a name or licence is not valid"
            );
            ensure!(model.status_since >= model.registered_at, "a status older than its model");
            if let Some(parent) = model.terms.parent {
                let parent = Models::<T>::get(parent).ok_or("a parent is not registered")?;
                ensure!(
                    parent.terms.hash != hash && parent.registered_at <= model.registered_at,
                    "a model older than its parent"
                );
            }
        }

        let next = NextRound::<T>::get();
        ensure!(Rounds::<T>::iter_keys().all(|id| id < next), "a round beyond the last");
        for id in 0..next {
            let round = Rounds::<T>::get(id).ok_or("a number without a round")?;
            ensure!(Models::<T>::contains_key(round.base), "a round of an unknown model");
            ensure!(round.deadline > round.opened_at, "a round without time");
            ensure!(round.updates <= T::MaxUpdates::get(), "too many updates");
            let (mut count, mut hashes) = (0u32, BTreeSet::new());
            for update in Updates::<T>::iter_prefix_values(id) {
                ensure!(hashes.insert(update.hash), "one update twice in a round");
                ensure!(
                    (round.opened_at..=round.deadline).contains(&update.registered_at),
                    "an update outside its round's time"
                );
                count = count.saturating_add(1);
            }
            ensure!(count == round.updates, "the count is not that of the updates");
        }
        ensure!(Updates::<T>::iter_keys().all(|(round, _)| round < next), "an update without a round");
        Ok(())
    }
}
