//! What the calls cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Call, Config, Items, Pallet, Steps};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, numbered},
    records::custody::{CustodyStep, Item, ItemKind},
};

/// The item's id.
fn id() -> H256 {
    numbered(1)
}

/// A member, with a long audit log.
fn holder<T: Config>() -> AccountId {
    T::BenchmarkHelper::long_log(1);
    let holder = account("holder", 0, 0);
    T::BenchmarkHelper::member(&holder, numbered(1));
    holder
}

fn receiver<T: Config>() -> AccountId {
    let receiver = account("receiver", 0, 0);
    T::BenchmarkHelper::member(&receiver, numbered(2));
    receiver
}

fn item<T: Config>(holder: &AccountId, offered_to: Option<AccountId>) {
    Steps::<T>::insert(id(), 0, CustodyStep { holder: holder.clone(), since: 0 });
    Items::<T>::insert(id(), Item { kind: ItemKind::Device, holder: holder.clone(), offered_to, steps: 1 });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Accepting reads what registering only finds missing.
    #[benchmark]
    fn step() {
        let (holder, receiver) = (holder::<T>(), receiver::<T>());
        item::<T>(&holder, Some(receiver.clone()));

        #[extrinsic_call]
        accept(RawOrigin::Signed(receiver.clone()), id());

        assert_eq!(Items::<T>::get(id()).map(|item| item.holder), Some(receiver));
    }

    /// Offering asks for the receiver, too; withdrawing writes as much.
    #[benchmark]
    fn offer() {
        let (holder, receiver) = (holder::<T>(), receiver::<T>());
        item::<T>(&holder, None);

        #[extrinsic_call]
        _(RawOrigin::Signed(holder), id(), receiver.clone());

        assert_eq!(Items::<T>::get(id()).and_then(|item| item.offered_to), Some(receiver));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
