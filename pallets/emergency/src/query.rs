//! What runtime APIs ask.

use crate::{Accesses, Config, Open, Pallet, Unreviewed};
use alloc::vec::Vec;
use galen_primitives::{
    AccountId, H256,
    api::MAX_PAGE,
    emergency::{Access, AccessPage, ListedAccess},
};

impl<T: Config> Pallet<T> {
    /// One access.
    pub fn access(id: H256) -> Option<ListedAccess> {
        Accesses::<T>::get(id).map(|access| Self::listed(id, access))
    }

    /// The accesses that a hospital has open, page by page; `limit` counts patients.
    pub fn open_accesses(hospital: &AccountId, after: Option<H256>, limit: u32) -> AccessPage {
        let mut patients = match after {
            None => Open::<T>::iter_prefix(hospital),
            Some(patient) => {
                let patient = AccountId::new(patient.0);
                Open::<T>::iter_prefix_from(hospital, Open::<T>::hashed_key_for(hospital, patient))
            }
        };
        let page: Vec<_> = patients.by_ref().take(bounded(limit)).collect();
        let next = patients.next().and(page.last()).map(|(patient, _)| H256(*patient.as_ref()));
        let listed = page.into_iter().flat_map(|(_, ids)| ids).filter_map(Self::access);
        AccessPage { accesses: listed.filter(|listed| listed.open).collect(), next }
    }

    /// A hospital's accesses that nobody reviewed, page by page; `limit` counts those that are looked at.
    pub fn unreviewed(
        hospital: &AccountId,
        overdue_only: bool,
        after: Option<H256>,
        limit: u32,
    ) -> AccessPage {
        let mut ids = match after {
            None => Unreviewed::<T>::iter_key_prefix(hospital),
            Some(id) => {
                Unreviewed::<T>::iter_key_prefix_from(hospital, Unreviewed::<T>::hashed_key_for(hospital, id))
            }
        };
        let page: Vec<_> = ids.by_ref().take(bounded(limit)).collect();
        let next = ids.next().and(page.last()).copied();
        let listed = page.into_iter().filter_map(Self::access);
        AccessPage { accesses: listed.filter(|listed| listed.overdue || !overdue_only).collect(), next }
    }

    fn listed(id: H256, access: Access) -> ListedAccess {
        let now = Self::seconds();
        ListedAccess { id, open: access.is_open(now), overdue: access.is_overdue(now), access }
    }
}

fn bounded(limit: u32) -> usize {
    usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1)
}
