//! Replacing a record by a newer one: the old one stays, and both keep the link.

use crate::{Config, Error, Pallet, Records};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    record::RecordAttributes,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_supersede(
        custodian: &AccountId,
        old: H256,
        commitment: H256,
        attributes: RecordAttributes,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        let mut record = Records::<T>::get(old).ok_or(Error::<T>::NotFound)?;
        ensure!(record.custodian == *custodian, Error::<T>::NotCustodian);
        ensure!(record.attributes.patient == attributes.patient, Error::<T>::OtherPatient);
        ensure!(record.superseded_by.is_none(), Error::<T>::AlreadySuperseded);
        ensure!(record.erased_at.is_none(), Error::<T>::AlreadyErased);
        // Refuses a commitment that exists, the old one included: a lineage cannot bite its tail.
        Self::do_anchor(custodian, commitment, attributes, Some(old))?;
        T::Audit::append(Some(custodian), Kind::RecordSuperseded, old, Some(&record.attributes.patient))?;
        record.superseded_by = Some(commitment);
        Records::<T>::insert(old, record);
        Ok(())
    }
}
