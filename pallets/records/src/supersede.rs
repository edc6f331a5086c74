//! Replacing a record by a newer one: the old one stays, and both keep the link.

use crate::{Config, Error, Pallet, Records, anchor::Source};
use frame_support::ensure;
use galen_primitives::{AccountId, H256, audit::Kind, records::RecordAttributes, traits::AuditSink};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_supersede(
        custodian: &AccountId,
        old: H256,
        commitment: H256,
        attributes: RecordAttributes,
    ) -> DispatchResult {
        let mut record = Self::kept(custodian, &old)?;
        ensure!(record.attributes.patient == attributes.patient, Error::<T>::InvalidPatient);
        Self::ensure_current(&record)?;
        // Refuses a commitment that exists, the old one included: no lineage becomes a circle.
        Self::do_anchor(custodian, commitment, attributes, Source::Call { supersedes: Some(old) })?;
        T::Audit::append(Some(custodian), Kind::RecordSuperseded, old, Some(&record.attributes.patient))?;
        record.superseded_by = Some(commitment);
        Records::<T>::insert(old, record);
        Ok(())
    }
}
