//! What the calls cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Call, Config, Models, Pallet, Rounds, Updates};
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, numbered},
    model::{Model, ModelStatus, ModelTerms, Round, Update},
};

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

fn member<T: Config>() -> AccountId {
    let member = account("member", 0, 0);
    T::BenchmarkHelper::member(&member, hash(0));
    member
}

/// Terms with the longest texts.
fn terms(hash: H256, parent: Option<H256>) -> ModelTerms {
    let text = || vec![b'a'; 64].try_into().expect("64 bytes fit");
    ModelTerms { hash, name: text(), parent, licence: text(), card: hash }
}

fn model<T: Config>(hash: H256, status: ModelStatus) {
    T::BenchmarkHelper::long_log(1);
    let terms = terms(hash, Some(H256::zero()));
    let registrant = Some(account("registrant", 0, 0));
    Models::<T>::insert(hash, Model { terms, registrant, registered_at: 0, status, status_since: 0 });
}

fn status<T: Config>(hash: H256) -> Option<ModelStatus> {
    Models::<T>::get(hash).map(|model| model.status)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_model() {
        let member = member::<T>();
        model::<T>(hash(0), ModelStatus::Approved);

        #[extrinsic_call]
        _(RawOrigin::Signed(member), terms(hash(1), Some(hash(0))));

        assert_eq!(status::<T>(hash(1)), Some(ModelStatus::Registered));
    }

    #[benchmark]
    fn approve_model() -> Result<(), BenchmarkError> {
        model::<T>(hash(0), ModelStatus::Withdrawn);
        let origin = T::ApproveOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hash(0));

        assert_eq!(status::<T>(hash(0)), Some(ModelStatus::Approved));
        Ok(())
    }

    #[benchmark]
    fn withdraw_model() -> Result<(), BenchmarkError> {
        model::<T>(hash(0), ModelStatus::Approved);
        let origin = T::ApproveOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hash(0));

        assert_eq!(status::<T>(hash(0)), Some(ModelStatus::Withdrawn));
        Ok(())
    }

    #[benchmark]
    fn open_round() {
        let member = member::<T>();
        model::<T>(hash(0), ModelStatus::Approved);

        #[extrinsic_call]
        _(RawOrigin::Signed(member), hash(0), T::MaxRoundBlocks::get());

        assert!(Rounds::<T>::contains_key(0));
    }

    /// `u`: updates that the round holds before this one.
    #[benchmark]
    fn register_update(u: Linear<0, { T::MaxUpdates::get() - 1 }>) {
        let member = member::<T>();
        model::<T>(hash(0), ModelStatus::Approved);
        let round =
            Round { base: hash(0), opener: member.clone(), opened_at: 0, deadline: 1_000, updates: u };
        Rounds::<T>::insert(0, round);
        for number in 0..u {
            let update = Update { hash: hash(1 + number), samples: 1, registered_at: 0 };
            Updates::<T>::insert(0, account::<AccountId>("other", number, 0), update);
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(member.clone()), 0, hash(1_000), 1);

        assert!(Updates::<T>::contains_key(0, &member));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
