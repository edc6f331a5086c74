//! What must hold between any two extrinsics.

use crate::{Config, GrantsToday, Members, Pallet, WorkerKeys};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, traits::Get};
use galen_primitives::member::is_valid_name;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Members are counted, not too many, and have different valid names; worker keys lead to those who set them, and
    /// only to them; grants are counted for members only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let members: Vec<_> = Members::<T>::iter().collect();
        let count = u32::try_from(members.len()).map_err(|_| "consortium: too many members")?;
        ensure!(count == Members::<T>::count(), "consortium: the count is not that of the members");
        ensure!(count <= T::MaxMembers::get(), "consortium: too many members");

        let (mut names, mut keys) = (BTreeSet::new(), 0usize);
        for (account, member) in members {
            ensure!(is_valid_name(&member.name), "consortium: a name is not valid");
            ensure!(names.insert(member.name.to_ascii_lowercase()), "consortium: two members have one name");
            if let Some(key) = member.worker_key {
                ensure!(
                    WorkerKeys::<T>::get(key) == Some(account),
                    "consortium: a worker key does not lead to its member"
                );
                keys = keys.saturating_add(1);
            }
        }
        ensure!(WorkerKeys::<T>::iter_keys().count() == keys, "consortium: a worker key of no member");
        ensure!(
            GrantsToday::<T>::iter_keys().all(Members::<T>::contains_key),
            "consortium: grants counted for one who is not a member"
        );
        Ok(())
    }
}
