//! Withdrawing a record from use: entered in error, or gone into another hospital's custody. It stays, and so
//! do its links.

use crate::{Config, Error, Pallet, Records};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::{Record, Transferred, Voided},
    traits::AuditSink,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Voids any version of a record, the newest or not: an error may be found late.
    pub(crate) fn do_void(custodian: &AccountId, commitment: H256, reason: H256) -> DispatchResult {
        let mut record = Self::kept(custodian, &commitment)?;
        ensure!(record.erased_at.is_none(), Error::<T>::AlreadyErased);
        ensure!(record.voided.is_none(), Error::<T>::AlreadyVoided);
        T::Audit::append(Some(custodian), Kind::RecordVoided, commitment, Some(&record.attributes.patient))?;
        record.voided = Some(Voided { at: Self::block(), reason });
        Records::<T>::insert(commitment, record);
        Ok(())
    }

    /// Transfers the newest version of a record only: there is one that is passed on.
    pub(crate) fn do_transfer(custodian: &AccountId, commitment: H256, link: H256) -> DispatchResult {
        let mut record = Self::kept(custodian, &commitment)?;
        Self::ensure_current(&record)?;
        let patient = record.attributes.patient.clone();
        T::Audit::append(Some(custodian), Kind::RecordTransferred, commitment, Some(&patient))?;
        record.transferred = Some(Transferred { at: Self::block(), link });
        Records::<T>::insert(commitment, record);
        Ok(())
    }

    /// Checks that the record is the newest version, and not withdrawn from use.
    pub(crate) fn ensure_current(record: &Record) -> Result<(), Error<T>> {
        ensure!(record.superseded_by.is_none(), Error::<T>::AlreadySuperseded);
        ensure!(record.erased_at.is_none(), Error::<T>::AlreadyErased);
        ensure!(record.voided.is_none(), Error::<T>::AlreadyVoided);
        ensure!(record.transferred.is_none(), Error::<T>::AlreadyTransferred);
        Ok(())
    }
}
