//! The key that signs the receipts of a member's worker, and the keys that did before it.

use crate::{Config, Error, Members, Pallet, WorkerKeyPeriods, WorkerKeys};
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    traits::{EnsureOrigin, Get},
};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::Kind,
    member::{WorkerKeyPeriod, WorkerKeyUse},
    traits::AuditSink,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Sets or replaces the key that signs the receipts of a member's worker.
    pub(crate) fn do_set_worker_key(account: &AccountId, key: H256) -> DispatchResult {
        Self::ensure_usable(account, &key)?;
        Members::<T>::try_mutate(account, |member| {
            let member = member.as_mut().ok_or(Error::<T>::NotFound)?;
            if member.worker_key.replace(key) != Some(key) {
                Self::open_period(account, key);
            }
            T::Audit::append(Some(account), Kind::WorkerKeySet, key, None)
        })
    }

    /// Who may mark a key of `hospital` suspect: the hospital itself, whatever its standing (a warning is
    /// never refused), or the council. Returns the hospital if it was itself.
    pub(crate) fn ensure_may_suspect(
        origin: OriginFor<T>,
        hospital: &AccountId,
    ) -> Result<Option<AccountId>, DispatchError> {
        let Err(origin) = T::GovernOrigin::try_origin(origin) else { return Ok(None) };
        let signer = ensure_signed(origin)?;
        ensure!(signer == *hospital && Members::<T>::contains_key(hospital), Error::<T>::NotMember);
        Ok(Some(signer))
    }

    /// Marks a worker key suspect; `actor` is `None` for the council. Gives the block from which on it is
    /// suspect now.
    pub(crate) fn do_mark_suspect(
        actor: Option<&AccountId>,
        hospital: &AccountId,
        key: H256,
        from: BlockNumber,
    ) -> Result<BlockNumber, DispatchError> {
        ensure!(from <= Self::block(), Error::<T>::InvalidBlock);
        let known = WorkerKeys::<T>::get(key).filter(|known| known.hospital == *hospital);
        let known = known.ok_or(Error::<T>::NotFound)?;
        // A doubt is never taken back: of two marks the earlier block holds.
        let from = known.suspect_from.map_or(from, |old| old.min(from));
        WorkerKeys::<T>::insert(key, WorkerKeyUse { suspect_from: Some(from), ..known });

        let in_force = Members::<T>::mutate(hospital, |member| {
            member
                .as_mut()
                .is_some_and(|member| member.worker_key.take_if(|current| *current == key).is_some())
        });
        if in_force {
            Self::close_period(hospital);
        }
        WorkerKeyPeriods::<T>::mutate(hospital, |periods| {
            for period in periods.iter_mut().filter(|period| period.key == key) {
                period.suspect_from = Some(from);
            }
        });
        T::Audit::append(actor, Kind::WorkerKeySuspect, key, None)?;
        Ok(from)
    }

    fn ensure_usable(account: &AccountId, key: &H256) -> DispatchResult {
        if let Some(known) = WorkerKeys::<T>::get(key) {
            ensure!(known.hospital == *account, Error::<T>::AlreadyExists);
            ensure!(known.suspect_from.is_none(), Error::<T>::AlreadySuspect);
        }
        Ok(())
    }

    /// Records that `key` is now the hospital's, in place of any other.
    pub(crate) fn open_period(hospital: &AccountId, key: H256) {
        Self::close_period(hospital);
        WorkerKeys::<T>::insert(key, WorkerKeyUse { hospital: hospital.clone(), suspect_from: None });
        let period = WorkerKeyPeriod { key, from: Self::block(), until: None, suspect_from: None };
        WorkerKeyPeriods::<T>::mutate(hospital, |periods| {
            let full = u32::try_from(periods.len()).map_or(true, |len| len >= T::MaxKeyPeriods::get());
            if full && !periods.is_empty() {
                periods.remove(0);
            }
            // There is room now; a bound of 0 would keep no history.
            let _ = periods.try_push(period);
        });
    }

    /// Records that the hospital's key, if it has one, is no longer in force.
    pub(crate) fn close_period(hospital: &AccountId) {
        let now = Self::block();
        WorkerKeyPeriods::<T>::mutate_extant(hospital, |periods| {
            if let Some(last) = periods.last_mut().filter(|last| last.until.is_none()) {
                last.until = Some(now);
            }
        });
    }
}
