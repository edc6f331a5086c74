//! What the calls and the report of an offence cost.

use crate::{BalanceOf, Call, Config, EraReward, Pallet};
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use galen_primitives::{AccountId, benchmark::MakeLog};
use sp_runtime::{Perbill, traits::Bounded};

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The larger of the two rules.
    #[benchmark]
    fn set() -> Result<(), BenchmarkError> {
        let amount = BalanceOf::<T>::max_value();
        T::BenchmarkHelper::long_log(1);
        let origin = T::GovernOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        set_era_reward(origin as T::RuntimeOrigin, amount);

        assert_eq!(EraReward::<T>::get(), amount);
        Ok(())
    }

    #[benchmark]
    fn report_offender() {
        T::BenchmarkHelper::long_log(1);
        let validator: AccountId = account("validator", 0, 0);
        let before = frame_system::Pallet::<T>::event_count();

        #[block]
        {
            Pallet::<T>::report_offender(&validator, Perbill::one(), 0);
        }

        assert!(frame_system::Pallet::<T>::event_count() > before);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
