//! Anchoring a commitment by its custodian.

use crate::{Config, Error, Pallet, Records};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    record::{Record, RecordAttributes},
    traits::{AuditSink, ConsentCheck, Consortium},
};
use sp_runtime::{DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
    /// `supersedes` must have been checked by the caller.
    pub(crate) fn do_anchor(
        custodian: &AccountId,
        commitment: H256,
        attributes: RecordAttributes,
        supersedes: Option<H256>,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        ensure!(!commitment.is_zero(), Error::<T>::BadCommitment);
        let facts = &attributes.facts;
        for list in [&facts.labels[..], &facts.authors, &facts.related] {
            ensure!(list.iter().collect::<BTreeSet<_>>().len() == list.len(), Error::<T>::Duplicate);
        }
        let keeper = T::Consent::custodian_of(&attributes.patient).ok_or(Error::<T>::NotEnrolled)?;
        ensure!(keeper == *custodian, Error::<T>::NotCustodian);
        ensure!(!Records::<T>::contains_key(commitment), Error::<T>::AlreadyExists);
        T::Audit::append(Some(custodian), Kind::RecordAnchored, commitment, Some(&attributes.patient))?;
        Records::<T>::insert(
            commitment,
            Record {
                custodian: custodian.clone(),
                attributes,
                anchored_at: frame_system::Pallet::<T>::block_number().saturated_into(),
                supersedes,
                superseded_by: None,
                erased_at: None,
            },
        );
        Ok(())
    }
}
