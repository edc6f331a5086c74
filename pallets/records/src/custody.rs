//! Custody of devices, drug lots and specimens: registered by one member, offered, accepted by another.

use crate::{Config, Custody, Error, Items, Pallet};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::custody::{CustodyStep, Item, ItemKind},
    traits::{AuditSink, Consortium},
};
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register_item(holder: &AccountId, id: H256, kind: ItemKind) -> DispatchResult {
        ensure!(T::Consortium::is_member(holder), Error::<T>::NotMember);
        ensure!(!id.is_zero(), Error::<T>::BadItem);
        ensure!(!Items::<T>::contains_key(id), Error::<T>::AlreadyExists);
        T::Audit::append(Some(holder), Kind::ItemRegistered, id, None)?;
        Self::next_step(id, Item { kind, holder: holder.clone(), offered_to: None, steps: 0 })
    }

    pub(crate) fn do_offer(holder: &AccountId, id: H256, to: AccountId) -> DispatchResult {
        let mut item = Self::held(holder, &id)?;
        ensure!(to != *holder && T::Consortium::is_member(&to), Error::<T>::BadReceiver);
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

    /// Gives who held it before.
    pub(crate) fn do_accept(receiver: &AccountId, id: H256) -> Result<AccountId, sp_runtime::DispatchError> {
        ensure!(T::Consortium::is_member(receiver), Error::<T>::NotMember);
        let item = Items::<T>::get(id).ok_or(Error::<T>::ItemNotFound)?;
        ensure!(item.offered_to.as_ref() == Some(receiver), Error::<T>::NotOffered);
        T::Audit::append(Some(receiver), Kind::ItemAccepted, id, None)?;
        Self::next_step(id, Item { holder: receiver.clone(), offered_to: None, ..item.clone() })?;
        Ok(item.holder)
    }

    fn held(holder: &AccountId, id: &H256) -> Result<Item, Error<T>> {
        ensure!(T::Consortium::is_member(holder), Error::<T>::NotMember);
        let item = Items::<T>::get(id).ok_or(Error::<T>::ItemNotFound)?;
        ensure!(item.holder == *holder, Error::<T>::NotHolder);
        Ok(item)
    }

    /// Writes the step that begins with the item's holder.
    fn next_step(id: H256, mut item: Item) -> DispatchResult {
        let step = CustodyStep { holder: item.holder.clone(), since: Self::now() };
        Custody::<T>::insert(id, item.steps, step);
        item.steps = item.steps.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        Items::<T>::insert(id, item);
        Ok(())
    }
}
