//! Weights as measured by scripts/weights on 2026-11-20: 20 steps, 10 repetitions, AMD EPYC.
//! Written by that script, but for the trait: change what is measured in `benchmarking.rs`.

// What grows with nothing is passed all the same.
#![allow(unused_variables)]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the calls cost, with what other pallets do for them, and what a block's appends may beyond that.
pub trait WeightInfo {
    /// The inner nodes that the appends of a block complete beyond one each, which calls are charged: at most as many as there
    /// were peaks before.
    fn merges(peaks: u32) -> Weight;
    /// Taking in a report.
    fn report() -> Weight;
    /// Checking a report, its signature included.
    fn authorize_report() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // `p` from 0 to 62.
    fn merges(p: u32) -> Weight {
        // 11_547 ns at least; 78 bytes of proof were recorded.
        Weight::from_parts(12_826_509, 3543)
            // Standard error 435.
            .saturating_add(Weight::from_parts(2_383_397, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(T::DbWeight::get().writes(1u64.saturating_mul(p.into())))
    }
    fn report() -> Weight {
        // 51_416 ns at least; 1921 bytes of proof were recorded.
        Weight::from_parts(58_377_000, 3638)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn authorize_report() -> Weight {
        // 54_652 ns at least; 697 bytes of proof were recorded.
        Weight::from_parts(60_550_000, 3638).saturating_add(T::DbWeight::get().reads(4))
    }
}

/// For tests.
impl WeightInfo for () {
    fn merges(p: u32) -> Weight {
        Weight::from_parts(12_826_509, 3543)
            .saturating_add(Weight::from_parts(2_383_397, 0).saturating_mul(p.into()))
            .saturating_add(RocksDbWeight::get().reads(1))
            .saturating_add(RocksDbWeight::get().writes(3))
            .saturating_add(RocksDbWeight::get().writes(1u64.saturating_mul(p.into())))
    }
    fn report() -> Weight {
        Weight::from_parts(58_377_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn authorize_report() -> Weight {
        Weight::from_parts(60_550_000, 3638).saturating_add(RocksDbWeight::get().reads(4))
    }
}
