//! Offering an item to another member, and withdrawing the offer.

use crate::{Config, Error, Items, Pallet};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::custody::Item,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_offer(holder: &AccountId, id: H256, to: AccountId) -> DispatchResult {
        let mut item = Self::held(holder, &id)?;
        ensure!(to != *holder && T::Consortium::is_member(&to), Error::<T>::InvalidReceiver);
        ensure!(item.offered_to.is_none(), Error::<T>::AlreadyOffered);
        T::Audit::append(Some(holder), Kind::ItemOffered, id, None)?;
        item.offered_to = Some(to);
        Items::<T>::insert(id, item);
        Ok(())
    }

    pub(crate) fn do_withdraw_offer(holder: &AccountId, id: H256) -> DispatchResult {
        let mut item = Self::held(holder, &id)?;
        ensure!(item.offered_to.take().is_some(), Error::<T>::NotOffered);
        T::Audit::append(Some(holder), Kind::ItemOfferWithdrawn, id, None)?;
        Items::<T>::insert(id, item);
        Ok(())
    }

    /// The item, if `holder` is a member and holds it.
    fn held(holder: &AccountId, id: &H256) -> Result<Item, Error<T>> {
        ensure!(T::Consortium::is_member(holder), Error::<T>::NotMember);
        let item = Items::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(item.holder == *holder, Error::<T>::NotHolder);
        Ok(item)
    }
}
