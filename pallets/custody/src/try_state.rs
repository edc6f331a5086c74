//! What must hold between blocks.

use crate::{Config, Items, Pallet, Steps};
use frame_support::ensure;
use galen_primitives::records::custody::CustodyStep;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - no item has the zero id, and none is offered to its holder;
    /// - the steps of an item's custody are numbered from 0 without a gap, each leads on to another holder
    ///   and not back in time, and the last one is the item's holder's;
    /// - no step comes from a block that is yet to come, and none is of no item.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = Self::block();
        let mut expected = 0u64;
        for (id, item) in Items::<T>::iter() {
            ensure!(!id.is_zero(), "an item has the zero id");
            ensure!(item.offered_to.as_ref() != Some(&item.holder), "an item is offered to its holder");
            let mut last: Option<CustodyStep> = None;
            for number in 0..item.steps {
                let step = Steps::<T>::get(id, number).ok_or("a step is missing")?;
                ensure!(step.since <= now, "a step comes from the future");
                ensure!(
                    last.is_none_or(|last| last.holder != step.holder && last.since <= step.since),
                    "a step leads to the same holder, or back in time"
                );
                last = Some(step);
            }
            ensure!(last.is_some_and(|last| last.holder == item.holder), "the last step is another holder's");
            expected = expected.saturating_add(item.steps.into());
        }
        ensure!(u64::try_from(Steps::<T>::iter().count()) == Ok(expected), "a step is of no item");
        Ok(())
    }
}
