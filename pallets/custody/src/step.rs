//! The steps of an item's custody: registering it begins the first one, accepting it the next.

use crate::{Config, Error, Items, Pallet, Steps};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::custody::{CustodyStep, Item, ItemKind},
    traits::{AuditSink, Consortium},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(holder: &AccountId, id: H256, kind: ItemKind) -> DispatchResult {
        ensure!(T::Consortium::is_member(holder), Error::<T>::NotMember);
        ensure!(!id.is_zero(), Error::<T>::InvalidId);
        ensure!(!Items::<T>::contains_key(id), Error::<T>::AlreadyExists);
        T::Audit::append(Some(holder), Kind::ItemRegistered, id, None)?;
        Self::begin_step(id, Item { kind, holder: holder.clone(), offered_to: None, steps: 0 })
    }

    /// Gives who held the item before.
    pub(crate) fn do_accept(receiver: &AccountId, id: H256) -> Result<AccountId, DispatchError> {
        ensure!(T::Consortium::is_member(receiver), Error::<T>::NotMember);
        let item = Items::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(item.offered_to.as_ref() == Some(receiver), Error::<T>::NotOffered);
        T::Audit::append(Some(receiver), Kind::ItemAccepted, id, None)?;
        Self::begin_step(id, Item { holder: receiver.clone(), offered_to: None, ..item.clone() })?;
        Ok(item.holder)
    }

    /// Writes the item, and the step that begins with its holder.
    fn begin_step(id: H256, mut item: Item) -> DispatchResult {
        let step = CustodyStep { holder: item.holder.clone(), since: Self::block() };
        Steps::<T>::insert(id, item.steps, step);
        item.steps = item.steps.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        Items::<T>::insert(id, item);
        Ok(())
    }
}
