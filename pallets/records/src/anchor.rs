//! Anchoring a commitment by its custodian.

use crate::{Config, ErasedLeaves, Error, Pallet, Records};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::Kind,
    records::{Record, RecordAttributes},
    traits::{AuditSink, ConsentCheck, Consortium},
};
use sp_runtime::DispatchResult;

/// Where a new record comes from.
pub(crate) enum Source {
    /// It is anchored now, in place of another one or not.
    Call { supersedes: Option<H256> },
    /// It stands in a batch, anchored before.
    Batch { root: H256, anchored_at: BlockNumber },
}

impl<T: Config> Pallet<T> {
    /// Anchors a record. The caller has checked what `source` names.
    pub(crate) fn do_anchor(
        custodian: &AccountId,
        commitment: H256,
        attributes: RecordAttributes,
        source: Source,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        ensure!(!commitment.is_zero(), Error::<T>::InvalidCommitment);
        let facts = &attributes.facts;
        for list in [&facts.labels[..], &facts.authors, &facts.related] {
            ensure!(list.iter().collect::<BTreeSet<_>>().len() == list.len(), Error::<T>::InvalidAttributes);
        }
        let keeper = T::Consent::custodian_of(&attributes.patient).ok_or(Error::<T>::NotEnrolled)?;
        ensure!(keeper == *custodian, Error::<T>::NotCustodian);
        ensure!(!Records::<T>::contains_key(commitment), Error::<T>::AlreadyExists);
        ensure!(!ErasedLeaves::<T>::contains_key(commitment), Error::<T>::AlreadyErased);
        let (kind, anchored_at, supersedes, batch) = match source {
            Source::Call { supersedes } => (Kind::RecordAnchored, Self::block(), supersedes, None),
            Source::Batch { root, anchored_at } => (Kind::RecordRevealed, anchored_at, None, Some(root)),
        };
        T::Audit::append(Some(custodian), kind, commitment, Some(&attributes.patient))?;
        let record = Record { supersedes, batch, ..Record::new(custodian.clone(), attributes, anchored_at) };
        Records::<T>::insert(commitment, record);
        Ok(())
    }

    /// The record, if `custodian` is a member and keeps it.
    pub(crate) fn kept(custodian: &AccountId, commitment: &H256) -> Result<Record, Error<T>> {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        let record = Records::<T>::get(commitment).ok_or(Error::<T>::NotFound)?;
        ensure!(record.custodian == *custodian, Error::<T>::NotCustodian);
        Ok(record)
    }
}
