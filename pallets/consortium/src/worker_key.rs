//! The key that signs the receipts of a member's worker.

use crate::{Config, Error, Event, Members, Pallet, WorkerKeys};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{AccountId, H256, audit::Kind, traits::AuditSink};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_worker_key(account: AccountId, key: H256) -> DispatchResult {
        let holder = WorkerKeys::<T>::get(key);
        ensure!(holder.is_none_or(|holder| holder == account), Error::<T>::AlreadyExists);
        Members::<T>::try_mutate(&account, |member| {
            let member = member.as_mut().ok_or(Error::<T>::NotFound)?;
            if let Some(old) = member.worker_key.replace(key) {
                WorkerKeys::<T>::remove(old);
            }
            WorkerKeys::<T>::insert(key, &account);
            T::Audit::append(Some(&account), Kind::WorkerKeySet, key, None)
        })?;
        Self::deposit_event(Event::WorkerKeySet { account, key });
        Ok(())
    }
}
