//! The migrations of an upgrade that is only rehearsed: each touches every member's entry, visibly and once.
//!
//! The first raises every hospital's quota of grants in the upgrade's first block, the second its quota of
//! jobs, a member a step. Neither belongs on a network that is to last.

use crate::{AccountId, Network, Runtime};
use core::marker::PhantomData;
use frame_support::{
    migrations::{MigrationId, SteppedMigration, SteppedMigrationError, VersionedMigration},
    traits::UncheckedOnRuntimeUpgrade,
    weights::{Weight, WeightMeter},
};
use pallet_consortium::Members;

#[cfg(feature = "try-runtime")]
use {
    alloc::{collections::BTreeMap, vec::Vec},
    codec::{Decode, Encode},
    frame_support::ensure,
    galen_primitives::member::Member,
    sp_runtime::TryRuntimeError,
};

/// Raises every member's grants per day by one, and pallet `Network`'s storage version from 0 to 1, which is
/// how a second run finds nothing to do.
pub type RaiseGrants = VersionedMigration<0, 1, Grants, Network, <Runtime as frame_system::Config>::DbWeight>;

/// See [`RaiseGrants`], the only one to call it.
pub struct Grants(PhantomData<()>);

impl UncheckedOnRuntimeUpgrade for Grants {
    fn on_runtime_upgrade() -> Weight {
        let mut members: u64 = 0;
        Members::<Runtime>::translate_values(|mut member: galen_primitives::member::Member| {
            member.quotas.grants_per_day = member.quotas.grants_per_day.saturating_add(1);
            members = members.saturating_add(1);
            Some(member)
        });
        log::info!(target: "runtime::migrations", "rehearsal: raised the grants of {members} members");
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(members.saturating_add(1), members)
    }

    #[cfg(feature = "try-runtime")]
    fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
        Ok(members().encode())
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(before: Vec<u8>) -> Result<(), TryRuntimeError> {
        check(&before, |member| {
            member.quotas.grants_per_day = member.quotas.grants_per_day.saturating_add(1);
        })
    }
}

/// Raises every member's open jobs by one, a member a step. Its place in pallet-migrations' history is how a
/// second run finds nothing to do.
pub struct RaiseJobs;

impl SteppedMigration for RaiseJobs {
    // The member last raised.
    type Cursor = AccountId;
    type Identifier = MigrationId<15>;

    fn id() -> Self::Identifier {
        MigrationId { pallet_id: *b"galen-rehearsal", version_from: 0, version_to: 1 }
    }

    fn step(
        cursor: Option<Self::Cursor>,
        meter: &mut WeightMeter,
    ) -> Result<Option<Self::Cursor>, SteppedMigrationError> {
        let required = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(2, 1);
        meter.try_consume(required).map_err(|_| SteppedMigrationError::InsufficientWeight { required })?;
        let next = match cursor {
            Some(last) => Members::<Runtime>::iter_from(Members::<Runtime>::hashed_key_for(last)).next(),
            None => Members::<Runtime>::iter().next(),
        };
        let Some((account, mut member)) = next else {
            log::info!(target: "runtime::migrations", "rehearsal: raised the jobs of all members");
            return Ok(None);
        };
        member.quotas.open_jobs = member.quotas.open_jobs.saturating_add(1);
        Members::<Runtime>::insert(&account, member);
        Ok(Some(account))
    }

    #[cfg(feature = "try-runtime")]
    fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
        Ok(members().encode())
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(before: Vec<u8>) -> Result<(), TryRuntimeError> {
        check(&before, |member| member.quotas.open_jobs = member.quotas.open_jobs.saturating_add(1))
    }
}

#[cfg(feature = "try-runtime")]
fn members() -> BTreeMap<AccountId, Member> {
    Members::<Runtime>::iter().collect()
}

/// That the members are those of `before`, each with this one change.
#[cfg(feature = "try-runtime")]
fn check(mut before: &[u8], change: impl Fn(&mut Member)) -> Result<(), TryRuntimeError> {
    let mut expected = BTreeMap::<AccountId, Member>::decode(&mut before)
        .map_err(|_| TryRuntimeError::Other("what pre_upgrade noted does not decode"))?;
    expected.values_mut().for_each(change);
    ensure!(members() == expected, "a member's entry is not as it was with its quota raised");
    Ok(())
}
