//! Who read under which consent, and what they owe when it ends.

use crate::{Config, Error, Pallet, Readers, Uses, Versions};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use galen_primitives::{
    AccountId,
    api::MAX_PAGE,
    audit::{Kind, account_subject},
    consent::{ConsentVersion, Owed, OwedPage, Settlement, Use},
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Notes a hospital's first reading under a consent; later ones change nothing.
    pub(crate) fn do_note_use(patient: &AccountId, consent: u32, hospital: &AccountId) -> DispatchResult {
        let id = (patient.clone(), consent);
        if Uses::<T>::contains_key(hospital, &id) {
            return Ok(());
        }
        ensure!(Versions::<T>::contains_key(patient, consent), Error::<T>::NotFound);
        Uses::<T>::insert(hospital, &id, Use { since: Self::block(), settled: None });
        Readers::<T>::insert(id, hospital, ());
        T::Audit::append(Some(hospital), Kind::ConsentUsed, account_subject(hospital), Some(patient))
    }

    /// The reader itself says that it read, or the custodian that it showed something to it.
    pub(crate) fn do_report_use(
        reporter: &AccountId,
        patient: &AccountId,
        consent: u32,
        reader: &AccountId,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(reporter), Error::<T>::NotMember);
        ensure!(T::Consortium::is_member(reader), Error::<T>::NotMember);
        let version = Versions::<T>::get(patient, consent).ok_or(Error::<T>::NotFound)?;
        ensure!(reporter == reader || *reporter == version.terms.custodian, Error::<T>::NotCustodian);
        Self::do_note_use(patient, consent, reader)
    }

    /// A hospital meets its obligation. To delete what was acknowledged before is still possible; not the other way.
    pub(crate) fn do_settle(
        hospital: &AccountId,
        patient: &AccountId,
        consent: u32,
        how: Settlement,
    ) -> DispatchResult {
        // Whoever is suspended or evicted owes all the same.
        let id = (patient.clone(), consent);
        let mut used = Uses::<T>::get(hospital, &id).ok_or(Error::<T>::NotFound)?;
        let version = Versions::<T>::get(patient, consent).ok_or(Error::<T>::NotFound)?;
        ensure!(version.ended.is_some(), Error::<T>::StillInForce);
        let open = match used.settled {
            None => true,
            Some((Settlement::Acknowledged(_), _)) => matches!(how, Settlement::Deleted(_)),
            Some((Settlement::Deleted(_), _)) => false,
        };
        ensure!(open, Error::<T>::AlreadySettled);
        used.settled = Some((how, Self::block()));
        Uses::<T>::insert(hospital, &id, used);
        let (Settlement::Acknowledged(subject) | Settlement::Deleted(subject)) = how;
        T::Audit::append(Some(hospital), Kind::UseSettled, subject, Some(patient))
    }

    /// The hospitals that read under a consent.
    pub fn uses(patient: &AccountId, consent: u32) -> Vec<(AccountId, Use)> {
        let id = (patient.clone(), consent);
        Readers::<T>::iter_key_prefix(&id)
            .filter_map(|hospital| Some((hospital.clone(), Uses::<T>::get(&hospital, &id)?)))
            .collect()
    }

    /// What a hospital owes, page by page; for queries. A page may hold fewer than `limit`, even none, with more to come.
    pub fn owed(hospital: &AccountId, after: Option<(AccountId, u32)>, limit: u32) -> OwedPage {
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        let mut uses = match &after {
            None => Uses::<T>::iter_prefix(hospital),
            Some(id) => Uses::<T>::iter_prefix_from(hospital, Uses::<T>::hashed_key_for(hospital, id)),
        };
        let page: Vec<_> = uses.by_ref().take(limit).collect();
        let next = uses.next().and(page.last()).map(|(id, _)| id.clone());
        let owed = page.into_iter().filter_map(|((patient, consent), used)| {
            let version = Versions::<T>::get(&patient, consent)?;
            Self::obligation(hospital, &version, used)
        });
        OwedPage { owed: owed.collect(), next }
    }

    fn obligation(hospital: &AccountId, version: &ConsentVersion, used: Use) -> Option<Owed> {
        let ended_at = version.ended.as_ref()?.at;
        let due = ended_at.saturating_add(T::SettlePeriod::get());
        Some(Owed {
            hospital: hospital.clone(),
            patient: version.terms.patient.clone(),
            consent: version.id,
            ended_at,
            due,
            overdue: used.settled.is_none() && due < Self::now(),
            settled: used.settled,
        })
    }
}
