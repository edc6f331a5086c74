//! Batches: the root of up to a million records in one call; each of them revealed, or erased unrevealed,
//! when need be.

use crate::{Batches, Config, ErasedLeaves, Error, Pallet, Records, anchor::Source};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::{
        RecordAttributes,
        batch::{Batch, BatchProof, ErasedLeaf, MAX_LEAVES, attributes_digest},
    },
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_anchor_batch(custodian: &AccountId, root: H256, count: u32) -> DispatchResult {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        ensure!(!root.is_zero(), Error::<T>::InvalidCommitment);
        ensure!((1..=MAX_LEAVES).contains(&count), Error::<T>::InvalidCount);
        ensure!(!Batches::<T>::contains_key(root), Error::<T>::AlreadyExists);
        T::Audit::append(Some(custodian), Kind::BatchAnchored, root, None)?;
        let batch = Batch { custodian: custodian.clone(), count, anchored_at: Self::block() };
        Batches::<T>::insert(root, batch);
        Ok(())
    }

    pub(crate) fn do_reveal(
        custodian: &AccountId,
        commitment: H256,
        attributes: RecordAttributes,
        salt: H256,
        proof: BatchProof,
    ) -> DispatchResult {
        let batch = Self::proven(custodian, &commitment, &attributes_digest(&salt, &attributes), &proof)?;
        let source = Source::Batch { root: proof.root, anchored_at: batch.anchored_at };
        Self::do_anchor(custodian, commitment, attributes, source)
    }

    pub(crate) fn do_erase_leaf(
        custodian: &AccountId,
        commitment: H256,
        digest: H256,
        proof: BatchProof,
    ) -> DispatchResult {
        Self::proven(custodian, &commitment, &digest, &proof)?;
        // A revealed one is a record: `erase` is for those.
        ensure!(!Records::<T>::contains_key(commitment), Error::<T>::AlreadyExists);
        ensure!(!ErasedLeaves::<T>::contains_key(commitment), Error::<T>::AlreadyErased);
        // Whose record it was is not known here, and does not become known by its erasure.
        T::Audit::append(Some(custodian), Kind::RecordErased, commitment, None)?;
        let leaf = ErasedLeaf { custodian: custodian.clone(), batch: proof.root, erased_at: Self::block() };
        ErasedLeaves::<T>::insert(commitment, leaf);
        Ok(())
    }

    /// The batch, if it is this member's and the leaf is proven to stand in it. The cheap checks come first.
    fn proven(
        custodian: &AccountId,
        commitment: &H256,
        digest: &H256,
        proof: &BatchProof,
    ) -> Result<Batch, Error<T>> {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        let batch = Batches::<T>::get(proof.root).ok_or(Error::<T>::BatchNotFound)?;
        ensure!(batch.custodian == *custodian, Error::<T>::NotCustodian);
        ensure!(batch.count == proof.count && proof.proves(commitment, digest), Error::<T>::InvalidProof);
        Ok(batch)
    }
}
