//! The review by a second person.

use crate::{Accesses, Config, Error, Pallet, Unreviewed};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    emergency::{Finding, Review},
    traits::AuditSink,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Reviews an access; `hospital` is `None` for the council.
    pub(crate) fn do_review(
        hospital: Option<AccountId>,
        id: H256,
        by: H256,
        finding: Finding,
        note: H256,
    ) -> DispatchResult {
        let mut access = Accesses::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(access.review.is_none(), Error::<T>::AlreadyReviewed);
        let now = Self::seconds();
        match &hospital {
            Some(hospital) => ensure!(*hospital == access.hospital, Error::<T>::NotOwner),
            None => ensure!(access.is_overdue(now), Error::<T>::NotOverdue),
        }
        ensure!(by != access.by, Error::<T>::ReviewerNotAllowed);
        access.review =
            Some(Review { hospital: hospital.clone(), by, finding, note, block: Self::block(), at: now });
        Unreviewed::<T>::remove(&access.hospital, id);
        Accesses::<T>::insert(id, &access);
        let kind = match finding {
            Finding::Justified => Kind::AccessReviewed,
            Finding::NotJustified => Kind::AccessBreached,
        };
        T::Audit::append(hospital.as_ref(), kind, id, Some(&access.patient))
    }
}
