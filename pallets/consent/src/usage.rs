//! Who read under which consent, and what they owe when it ends.

use crate::{Config, Error, Pallet, Readers, Uses, Versions};
use frame_support::ensure;
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    consent::{Settlement, Use},
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Records a hospital's first reading under a consent; later ones change nothing.
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

    /// A hospital meets its obligation. To delete what was acknowledged before is still possible; not the
    /// other way.
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
        ensure!(version.ended.is_some(), Error::<T>::NotEnded);
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
}
