//! What the calls cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::expect_used)]

use crate::{
    BalanceOf, Call, Config, GrantsToday, HospitalOf, Members, NodeOwner, NodesOf, Pallet, ValidatorControl,
    ValidatorsOf, WorkerKeyPeriods, WorkerKeys,
};
use alloc::{boxed::Box, vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, fungible::Mutate},
};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    benchmark::{MakeLog, MakeStaker, SetClock, numbered},
    member::{Member, MemberName, PeerId, Quotas, WorkerKeyPeriod, WorkerKeyUse},
};
use sp_runtime::{Perbill, traits::Bounded};

const NOW: UnixSeconds = 1_700_000_000;
/// Bytes of the largest call that a benchmark of `govern` dispatches; a block has room for about as many.
const MOST_BYTES: u32 = 3 * 1024 * 1024;

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

fn hospital() -> AccountId {
    account("hospital", 0, 0)
}

/// A name that no other number has, as long as one can be.
fn name(number: u32) -> MemberName {
    alloc::format!("{number:064}").into_bytes().try_into().expect("64 bytes")
}

/// Writes a member with everything that a member can have.
fn member<T: Config>(account: &AccountId, number: u32) {
    let member = Member {
        name: name(number),
        admitted_at: 0u32,
        worker_key: Some(hash(number)),
        quotas: Quotas { grants_per_day: u32::MAX, open_jobs: u32::MAX },
        expires_at: Some(2 * NOW),
        suspended_until: Some(1),
    };
    Members::<T>::insert(account, member);
    T::BenchmarkHelper::long_log(1);
    // The suspension is over, and the membership is not.
    frame_system::Pallet::<T>::set_block_number(2u32.into());
    T::BenchmarkHelper::set_clock(NOW);
}

/// Gives the hospital so many validator accounts; they and its own are candidates.
fn validators<T: Config>(count: u32) -> Result<(), BenchmarkError> {
    let accounts: Vec<AccountId> = (0..count).map(|number| account("validator", number, 0)).collect();
    for validator in &accounts {
        HospitalOf::<T>::insert(validator, hospital());
    }
    ValidatorsOf::<T>::insert(hospital(), BoundedVec::truncate_from(accounts));
    for account in Pallet::<T>::validator_accounts(&hospital()) {
        T::BenchmarkHelper::staker(&account);
        T::Validators::validate(&account, Perbill::zero())?;
    }
    Ok(())
}

fn peer(number: u32) -> PeerId {
    alloc::format!("{number:064}").into_bytes().try_into().expect("64 bytes")
}

/// Gives the hospital so many nodes.
fn nodes<T: Config>(count: u32) {
    let nodes: Vec<PeerId> = (0..count).map(peer).collect();
    for node in &nodes {
        NodeOwner::<T>::insert(node, hospital());
    }
    NodesOf::<T>::insert(hospital(), BoundedVec::truncate_from(nodes));
}

/// Gives the hospital so many periods of worker keys; the last is in force.
fn periods<T: Config>(count: u32) {
    let period = |number: u32| WorkerKeyPeriod {
        key: hash(if number + 1 == count { 0 } else { 1_000 + number }),
        from: 0u32,
        until: (number + 1 < count).then_some(1u32),
        suspect_from: None,
    };
    let periods: Vec<_> = (0..count).map(period).collect();
    WorkerKeyPeriods::<T>::insert(hospital(), BoundedVec::truncate_from(periods));
    WorkerKeys::<T>::insert(hash(0), WorkerKeyUse { hospital: hospital(), suspect_from: None });
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::BenchmarkHelper::long_log(1);
    T::GovernOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// `m`: members that there are before this one.
    #[benchmark]
    fn admit(m: Linear<0, { T::MaxMembers::get() - 1 }>) -> Result<(), BenchmarkError> {
        // Those of the genesis that benchmarks begin with.
        let _ = Members::<T>::clear(u32::MAX, None);
        for number in 0..m {
            member::<T>(&account("member", number, 0), number);
        }
        T::Currency::mint_into(&T::Treasury::get(), BalanceOf::<T>::max_value() / 4u32.into())?;
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hospital(), name(m), Quotas::default());

        assert!(Members::<T>::contains_key(hospital()));
        Ok(())
    }

    /// `v`: validator accounts beside the hospital's own, all of them candidates; `n`: nodes.
    #[benchmark]
    fn evict(
        v: Linear<0, { T::MaxValidators::get() }>,
        n: Linear<0, { T::MaxNodes::get() }>,
    ) -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(v)?;
        nodes::<T>(n);
        periods::<T>(T::MaxKeyPeriods::get());
        GrantsToday::<T>::insert(hospital(), (1, 1));
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hospital());

        assert!(!Members::<T>::contains_key(hospital()));
        Ok(())
    }

    /// With as many periods before as are kept.
    #[benchmark]
    fn set_worker_key() {
        member::<T>(&hospital(), 0);
        periods::<T>(T::MaxKeyPeriods::get());

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), hash(5));

        assert_eq!(Members::<T>::get(hospital()).and_then(|member| member.worker_key), Some(hash(5)));
    }

    #[benchmark]
    fn set_quotas() -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hospital(), Quotas::default());

        assert_eq!(Members::<T>::get(hospital()).map(|member| member.quotas), Some(Quotas::default()));
        Ok(())
    }

    /// By a validator account that was a nominator.
    #[benchmark]
    fn validate() -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(1)?;
        let signer: AccountId = account("validator", 0, 0);
        T::Validators::chill(&signer)?;
        T::Validators::nominate(&signer, vec![hospital()])?;

        #[extrinsic_call]
        _(RawOrigin::Signed(signer), Perbill::zero());

        Ok(())
    }

    /// `l`: bytes of the call.
    #[benchmark]
    fn govern(l: Linear<0, MOST_BYTES>) -> Result<(), BenchmarkError> {
        let call = frame_system::Call::<T>::remark { remark: vec![0; l as usize] };
        let call: Box<<T as Config>::RuntimeCall> = Box::new(call.into());
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call);

        Ok(())
    }

    /// `v`: validator accounts beside the hospital's own, all of them candidates.
    #[benchmark]
    fn suspend(v: Linear<0, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(v)?;
        let origin = T::EmergencyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hospital(), T::MaxSuspension::get());

        assert!(Pallet::<T>::in_good_standing(&hospital()).is_none());
        Ok(())
    }

    /// Setting an expiry, or lifting a suspension: either changes one field.
    #[benchmark]
    fn set_standing() -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        let origin = council::<T>()?;

        #[extrinsic_call]
        set_expiry(origin as T::RuntimeOrigin, hospital(), Some(NOW));

        assert_eq!(Members::<T>::get(hospital()).and_then(|member| member.expires_at), Some(NOW));
        Ok(())
    }

    /// The last that there is room for.
    #[benchmark]
    fn add_validator() -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(T::MaxValidators::get() - 1)?;
        let stash: AccountId = account("stash", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), stash.clone());

        assert_eq!(HospitalOf::<T>::get(stash), Some(hospital()));
        Ok(())
    }

    #[benchmark]
    fn remove_validator() -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(T::MaxValidators::get())?;
        let stash: AccountId = account("validator", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), stash.clone());

        assert_eq!(HospitalOf::<T>::get(stash), None);
        Ok(())
    }

    /// `p`: periods of worker keys. The key in force is doubted.
    #[benchmark]
    fn mark_worker_key_suspect(p: Linear<1, { T::MaxKeyPeriods::get() }>) {
        member::<T>(&hospital(), 0);
        periods::<T>(p);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), hospital(), hash(0), 0u32);

        assert_eq!(Members::<T>::get(hospital()).and_then(|member| member.worker_key), None);
    }

    /// `n`: nodes that are set, in place of as many others.
    #[benchmark]
    fn set_nodes(n: Linear<0, { T::MaxNodes::get() }>) {
        member::<T>(&hospital(), 0);
        nodes::<T>(n);
        let others: Vec<PeerId> = (0..n).map(|number| peer(1_000 + number)).collect();

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), BoundedVec::truncate_from(others));

        assert_eq!(NodesOf::<T>::get(hospital()).len(), n as usize);
    }

    /// `t`: accounts that are voted for, each a member's own.
    #[benchmark]
    fn nominate(t: Linear<1, { T::MaxTargets::get() }>) -> Result<(), BenchmarkError> {
        member::<T>(&hospital(), 0);
        validators::<T>(0)?;
        let targets: Vec<AccountId> = (0..t).map(|number| account("target", number, 0)).collect();
        for (number, target) in (1..).zip(&targets) {
            HospitalOf::<T>::insert(target, account::<AccountId>("other", number, 0));
            T::BenchmarkHelper::staker(target);
            T::Validators::validate(target, Perbill::zero())?;
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital()), BoundedVec::truncate_from(targets));

        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
