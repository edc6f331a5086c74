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
    /// Registering or accepting an item.
    fn step() -> Weight;
    /// Offering an item, or withdrawing the offer.
    fn offer() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn step() -> Weight {
        // 42_994 ns at least; 1988 bytes of proof were recorded.
        Weight::from_parts(46_829_000, 3638)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn offer() -> Weight {
        // 45_518 ns at least; 2141 bytes of proof were recorded.
        Weight::from_parts(49_885_000, 6286)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
}

/// For tests.
impl WeightInfo for () {
    fn step() -> Weight {
        Weight::from_parts(46_829_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn offer() -> Weight {
        Weight::from_parts(49_885_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
}
