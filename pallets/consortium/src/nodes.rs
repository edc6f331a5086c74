//! The nodes that members run: who may be a peer where peers are admitted.

use crate::{Config, Error, NodeOwner, NodesOf, Pallet};
use frame_support::{BoundedVec, ensure, pallet_prelude::DispatchResult};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    member::{PeerId, is_valid_peer_id},
    traits::AuditSink,
};

impl<T: Config> Pallet<T> {
    /// Replaces a hospital's nodes, with an audit entry.
    pub(crate) fn do_set_nodes(
        hospital: &AccountId,
        nodes: BoundedVec<PeerId, T::MaxNodes>,
    ) -> DispatchResult {
        Self::replace_nodes(hospital, nodes)?;
        T::Audit::append(Some(hospital), Kind::NodesSet, account_subject(hospital), None)
    }

    /// Replaces a hospital's nodes; on an error the caller undoes what was written.
    pub(crate) fn replace_nodes(
        hospital: &AccountId,
        nodes: BoundedVec<PeerId, T::MaxNodes>,
    ) -> Result<(), Error<T>> {
        Self::forget_nodes(hospital);
        for node in &nodes {
            ensure!(is_valid_peer_id(node), Error::<T>::InvalidPeerId);
            ensure!(!NodeOwner::<T>::contains_key(node), Error::<T>::AlreadyExists);
            NodeOwner::<T>::insert(node, hospital);
        }
        if !nodes.is_empty() {
            NodesOf::<T>::insert(hospital, nodes);
        }
        Ok(())
    }

    pub(crate) fn forget_nodes(hospital: &AccountId) {
        for node in NodesOf::<T>::take(hospital) {
            NodeOwner::<T>::remove(node);
        }
    }
}
