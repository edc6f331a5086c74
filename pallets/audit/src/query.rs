//! Reading the log.

use crate::{Batches, ByHospital, ByPatient, Config, Entries, Holders, Log, Pallet, Sites};
use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};
use galen_primitives::{
    AccountId,
    api::MAX_PAGE,
    audit::{
        Entry, Filter, LogState, Page,
        disclosure::{ReportedBatch, Site, SiteStatus},
    },
    traits::Consortium,
};

/// At most this many entries are looked at for one page.
pub const MAX_SCAN: u32 = 4096;

impl<T: Config> Pallet<T> {
    /// Count and peaks.
    pub fn state() -> LogState {
        Log::<T>::get()
    }

    /// The entries from number `from` on that match, at most `limit` and never more than [`MAX_PAGE`].
    ///
    /// A page may hold fewer, even none, with more to come: it ends after [`MAX_SCAN`] entries were looked
    /// at. Whoever asks on at `next` until that is `None` sees each matching entry once.
    pub fn entries(filter: Filter, from: u64, limit: u32) -> Page {
        let limit = limit.min(MAX_PAGE);
        let mut entries = Vec::new();
        let (mut taken, mut scanned) = (0u32, 0u32);
        for index in Self::candidates(&filter, from) {
            if taken >= limit || scanned >= MAX_SCAN {
                return Page { entries, next: Some(index) };
            }
            scanned = scanned.saturating_add(1);
            if let Some(entry) = Entries::<T>::get(index).filter(|entry| matches(&filter, entry)) {
                taken = taken.saturating_add(1);
                entries.push(entry);
            }
        }
        Page { entries, next: None }
    }

    /// The hospitals that hold or used something of this patient key, by account, each with the number of its
    /// latest entry. As many as were ever admitted, at most.
    pub fn holders(patient: AccountId) -> Vec<(AccountId, u64)> {
        let mut holders: Vec<_> = Holders::<T>::iter_prefix(patient).collect();
        holders.sort();
        holders
    }

    /// How far the disclosures of a hospital are reported.
    pub fn site(hospital: &AccountId) -> Site {
        Sites::<T>::get(hospital)
    }

    /// How each of these members stands with its reports, and whoever else ever reported, by account. As many
    /// as were ever admitted, at most.
    pub fn sites(members: Vec<AccountId>) -> Vec<SiteStatus> {
        let mut sites: BTreeMap<_, _> =
            members.into_iter().map(|account| (account, Site::default())).collect();
        sites.extend(Sites::<T>::iter());
        let status = |(hospital, site): (AccountId, Site)| SiteStatus {
            can_report: T::Consortium::worker_key(&hospital).is_some(),
            hospital,
            site,
        };
        sites.into_iter().map(status).collect()
    }

    /// A hospital's batches that hold disclosure `from` or later ones, in order; at most `limit` and never
    /// more than [`MAX_PAGE`].
    pub fn disclosure_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<ReportedBatch> {
        let limit = usize::try_from(limit.min(MAX_PAGE)).unwrap_or(0);
        let batches = match from.checked_sub(1).map(u64::to_be_bytes) {
            None => Batches::<T>::iter_prefix(&hospital),
            Some(before) => {
                Batches::<T>::iter_prefix_from(&hospital, Batches::<T>::hashed_key_for(&hospital, before))
            }
        };
        batches.take(limit).map(|(_, reported)| reported).collect()
    }

    // The numbers, in order and not below `from`, of a set of entries that contains all that match.
    fn candidates(filter: &Filter, from: u64) -> Box<dyn Iterator<Item = u64>> {
        // Raw iteration starts after a key, which need not exist.
        let before = from.checked_sub(1).map(u64::to_be_bytes);
        let numbers = match (&filter.patient, &filter.hospital, before) {
            (None, None, _) => return Box::new(from..Log::<T>::get().count),
            (Some(patient), _, None) => ByPatient::<T>::iter_key_prefix(patient),
            (Some(patient), _, Some(before)) => {
                ByPatient::<T>::iter_key_prefix_from(patient, ByPatient::<T>::hashed_key_for(patient, before))
            }
            (None, Some(hospital), None) => ByHospital::<T>::iter_key_prefix(hospital),
            (None, Some(hospital), Some(before)) => ByHospital::<T>::iter_key_prefix_from(
                hospital,
                ByHospital::<T>::hashed_key_for(hospital, before),
            ),
        };
        Box::new(numbers.map(u64::from_be_bytes))
    }
}

fn matches(filter: &Filter, entry: &Entry) -> bool {
    filter.hospital.as_ref().is_none_or(|hospital| entry.hospital.as_ref() == Some(hospital))
        && filter.patient.as_ref().is_none_or(|patient| entry.patient.as_ref() == Some(patient))
        && filter.kind.is_none_or(|kind| entry.kind == kind)
}
