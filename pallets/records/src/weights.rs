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
    /// Anchoring a record with `labels` labels.
    fn anchor(labels: u32) -> Weight;
    /// Replacing a record by one with `labels` labels.
    fn supersede(labels: u32) -> Weight;
    /// Marking a record as erased.
    fn erase() -> Weight;
    /// Anchoring a batch.
    fn anchor_batch() -> Weight;
    /// Revealing a record with `labels` labels, by a path of any length.
    fn reveal(labels: u32) -> Weight;
    /// Marking a leaf as erased, by a path of any length.
    fn erase_leaf() -> Weight;
    /// Voiding or transferring a record.
    fn withdraw() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // `l` from 0 to 24.
    fn anchor(l: u32) -> Weight {
        // 52_408 ns at least; 2022 bytes of proof were recorded.
        Weight::from_parts(55_576_152, 4573)
            // Standard error 919.
            .saturating_add(Weight::from_parts(267_890, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `l` from 0 to 24.
    fn supersede(l: u32) -> Weight {
        // 90_545 ns at least; 2987 bytes of proof were recorded.
        Weight::from_parts(98_365_820, 8156)
            // Standard error 1_469.
            .saturating_add(Weight::from_parts(255_910, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn erase() -> Weight {
        // 46_699 ns at least; 2806 bytes of proof were recorded.
        Weight::from_parts(51_427_000, 4573)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn anchor_batch() -> Weight {
        // 38_547 ns at least; 1841 bytes of proof were recorded.
        Weight::from_parts(43_585_000, 3638)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // `l` from 0 to 24.
    fn reveal(l: u32) -> Weight {
        // 82_653 ns at least; 2138 bytes of proof were recorded.
        Weight::from_parts(86_578_530, 4573)
            // Standard error 1_184.
            .saturating_add(Weight::from_parts(658_690, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn erase_leaf() -> Weight {
        // 62_803 ns at least; 1957 bytes of proof were recorded.
        Weight::from_parts(71_126_000, 4573)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        // 51_417 ns at least; 2806 bytes of proof were recorded.
        Weight::from_parts(55_133_000, 4573)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(7))
    }
}

/// For tests.
impl WeightInfo for () {
    fn anchor(l: u32) -> Weight {
        Weight::from_parts(55_576_152, 4573)
            .saturating_add(Weight::from_parts(267_890, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn supersede(l: u32) -> Weight {
        Weight::from_parts(98_365_820, 8156)
            .saturating_add(Weight::from_parts(255_910, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().writes(12))
    }
    fn erase() -> Weight {
        Weight::from_parts(51_427_000, 4573)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn anchor_batch() -> Weight {
        Weight::from_parts(43_585_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
    fn reveal(l: u32) -> Weight {
        Weight::from_parts(86_578_530, 4573)
            .saturating_add(Weight::from_parts(658_690, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn erase_leaf() -> Weight {
        Weight::from_parts(71_126_000, 4573)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
    fn withdraw() -> Weight {
        Weight::from_parts(55_133_000, 4573)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
}
