//! What must hold between any two extrinsics.

use crate::{
    Config, GrantsToday, HospitalOf, Members, NodeOwner, NodesOf, Pallet, ValidatorsOf, WorkerKeyPeriods,
    WorkerKeys,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, traits::Get};
use galen_primitives::member::{is_valid_name, is_valid_peer_id};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Members are counted, not too many, and have different valid names; what else is kept of hospitals
    /// (validator accounts, nodes, grants) is kept of members only, and leads back to the one hospital it is
    /// of; a worker key in force is that of the hospital's open period, and not a suspect one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_members()?;
        Self::check_validators()?;
        Self::check_nodes()?;
        Self::check_worker_keys()?;
        ensure!(
            GrantsToday::<T>::iter_keys().all(Members::<T>::contains_key),
            "grants counted for one who is not a member"
        );
        Ok(())
    }

    fn check_members() -> Result<(), TryRuntimeError> {
        let members: Vec<_> = Members::<T>::iter_values().collect();
        let count = u32::try_from(members.len()).map_err(|_| "too many members")?;
        ensure!(count == Members::<T>::count(), "the count is not that of the members");
        ensure!(count <= T::MaxMembers::get(), "too many members");
        let mut names = BTreeSet::new();
        for member in members {
            ensure!(is_valid_name(&member.name), "a name is not valid");
            ensure!(names.insert(member.name.to_ascii_lowercase()), "two members have one name");
        }
        Ok(())
    }

    fn check_validators() -> Result<(), TryRuntimeError> {
        let mut count = 0usize;
        for (hospital, accounts) in ValidatorsOf::<T>::iter() {
            ensure!(Members::<T>::contains_key(&hospital), "validators of one who is not a member");
            ensure!(!accounts.is_empty(), "an empty list of validators");
            for account in accounts {
                ensure!(!Members::<T>::contains_key(&account), "a member is another's validator");
                ensure!(
                    HospitalOf::<T>::get(&account).as_ref() == Some(&hospital),
                    "a validator does not lead to its hospital"
                );
                count = count.saturating_add(1);
            }
        }
        ensure!(HospitalOf::<T>::iter_keys().count() == count, "a validator of no hospital");
        Ok(())
    }

    fn check_nodes() -> Result<(), TryRuntimeError> {
        let mut count = 0usize;
        for (hospital, nodes) in NodesOf::<T>::iter() {
            ensure!(Members::<T>::contains_key(&hospital), "nodes of one who is not a member");
            ensure!(!nodes.is_empty(), "an empty list of nodes");
            for node in nodes {
                ensure!(is_valid_peer_id(&node), "a peer id is not valid");
                ensure!(
                    NodeOwner::<T>::get(&node).as_ref() == Some(&hospital),
                    "a node does not lead to its hospital"
                );
                count = count.saturating_add(1);
            }
        }
        ensure!(NodeOwner::<T>::iter_keys().count() == count, "a node of no hospital");
        Ok(())
    }

    fn check_worker_keys() -> Result<(), TryRuntimeError> {
        for (hospital, member) in Members::<T>::iter() {
            let periods = WorkerKeyPeriods::<T>::get(&hospital);
            let open = periods.last().filter(|period| period.until.is_none()).map(|period| period.key);
            ensure!(member.worker_key == open, "a worker key is not that of the open period");
        }
        for (hospital, periods) in WorkerKeyPeriods::<T>::iter() {
            let mut before = 0;
            for (index, period) in periods.iter().enumerate() {
                ensure!(before <= period.from, "periods of worker keys overlap");
                before = period.until.unwrap_or(u32::MAX);
                ensure!(period.from <= before, "a worker key's period ends before it begins");
                let is_last = index.saturating_add(1) == periods.len();
                ensure!(period.until.is_some() || is_last, "two worker keys of one hospital");
                let known = WorkerKeys::<T>::get(period.key).filter(|known| known.hospital == hospital);
                let known = known.ok_or("a worker key does not lead to its hospital")?;
                ensure!(
                    known.suspect_from == period.suspect_from,
                    "a worker key is suspect here and not there"
                );
                ensure!(
                    period.until.is_some()
                        || (period.suspect_from.is_none() && Members::<T>::contains_key(&hospital)),
                    "a worker key in force that must not be"
                );
            }
        }
        Ok(())
    }
}
