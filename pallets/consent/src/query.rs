//! What runtime APIs ask; the decision and the texts to sign stand with their behaviours.

use crate::{Config, Guardians, Pallet, Patients, Readers, RelyingParties, Uses, Versions};
use alloc::vec::Vec;
use frame_support::traits::Get;
use galen_primitives::{
    AccountId,
    api::MAX_PAGE,
    consent::{ConsentVersion, Guardianship, Owed, OwedPage, Patient, Use},
    signature::RelyingParty,
};

impl<T: Config> Pallet<T> {
    /// An enrolled patient key.
    pub fn patient(key: &AccountId) -> Option<Patient> {
        Patients::<T>::get(key)
    }

    /// All versions of a patient's consents, by id. As long as what the patient ever granted: for queries
    /// only.
    pub fn consents(patient: &AccountId) -> Vec<ConsentVersion> {
        let count = Self::patient(patient).map_or(0, |patient| patient.versions);
        (0..count).filter_map(|id| Versions::<T>::get(patient, id)).collect()
    }

    /// Who may or might once sign for a patient, with what the chain knows of it last.
    pub fn guardians(patient: &AccountId) -> Vec<(AccountId, Guardianship)> {
        Guardians::<T>::iter_prefix(patient).collect()
    }

    /// The relying parties whose passkeys may sign.
    pub fn relying_parties() -> Vec<RelyingParty> {
        RelyingParties::<T>::iter_values().collect()
    }

    /// The hospitals that read under a consent.
    pub fn uses(patient: &AccountId, consent: u32) -> Vec<(AccountId, Use)> {
        let id = (patient.clone(), consent);
        Readers::<T>::iter_key_prefix(&id)
            .filter_map(|hospital| Some((hospital.clone(), Uses::<T>::get(&hospital, &id)?)))
            .collect()
    }

    /// What a hospital owes, page by page; for queries. A page may hold fewer than `limit`, even none, with
    /// more to come.
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
            overdue: used.settled.is_none() && due < Self::seconds(),
            settled: used.settled,
        })
    }
}
