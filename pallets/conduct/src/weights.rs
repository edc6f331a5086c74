//! Weights as measured by scripts/weights on 2026-11-20: 20 steps, 10 repetitions, AMD EPYC.
//! Written by that script, but for the trait: change what is measured in `benchmarking.rs`.

// What grows with nothing is passed all the same.
#![allow(unused_variables)]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the calls cost, with what other pallets do for them.
pub trait WeightInfo {
    /// One rule set.
    fn set() -> Weight;
    /// One offender reported, without what punishes it.
    fn report_offender() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set() -> Weight {
        // 24_156 ns at least; 1358 bytes of proof were recorded.
        Weight::from_parts(25_588_000, 3543)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn report_offender() -> Weight {
        // 27_731 ns at least; 1595 bytes of proof were recorded.
        Weight::from_parts(29_354_000, 3638)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

/// For tests.
impl WeightInfo for () {
    fn set() -> Weight {
        Weight::from_parts(25_588_000, 3543)
            .saturating_add(RocksDbWeight::get().reads(1))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn report_offender() -> Weight {
        Weight::from_parts(29_354_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(3))
            .saturating_add(RocksDbWeight::get().writes(3))
    }
}
