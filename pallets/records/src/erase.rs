//! The receipt of an erasure: what the commitment stood for is destroyed at its custodian, and nothing more
//! is made of it.
//!
//! The record itself stays, so that what refers to it can still be told from what was never anchored.

use crate::{Config, Error, Pallet, Records};
use frame_support::ensure;
use galen_primitives::{AccountId, H256, audit::Kind, records::RecordFacts, traits::AuditSink};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_erase(custodian: &AccountId, commitment: H256) -> DispatchResult {
        let mut record = Self::kept(custodian, &commitment)?;
        ensure!(record.erased_at.is_none(), Error::<T>::AlreadyErased);
        T::Audit::append(Some(custodian), Kind::RecordErased, commitment, Some(&record.attributes.patient))?;
        record.erased_at = Some(Self::block());
        // The patient's key stays: the audit log names it as well, and links between versions are checked by
        // it.
        record.attributes.facts = RecordFacts { level: record.attributes.facts.level, ..Default::default() };
        Records::<T>::insert(commitment, record);
        Ok(())
    }
}
