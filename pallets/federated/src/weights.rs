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
    /// One model registered.
    fn register_model() -> Weight;
    /// One model approved.
    fn approve_model() -> Weight;
    /// One approval withdrawn.
    fn withdraw_model() -> Weight;
    /// One round opened.
    fn open_round() -> Weight;
    /// `updates`: how many the round holds at most; all are read.
    fn register_update(updates: u32) -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register_model() -> Weight {
        // 41_302 ns at least; 1984 bytes of proof were recorded.
        Weight::from_parts(43_515_000, 6578)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn approve_model() -> Weight {
        // 27_691 ns at least; 1748 bytes of proof were recorded.
        Weight::from_parts(29_994_000, 3784)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn withdraw_model() -> Weight {
        // 27_852 ns at least; 1748 bytes of proof were recorded.
        Weight::from_parts(29_403_000, 3784)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn open_round() -> Weight {
        // 40_210 ns at least; 2227 bytes of proof were recorded.
        Weight::from_parts(42_013_000, 3784)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // `u` from 0 to 255.
    fn register_update(u: u32) -> Weight {
        // 49_664 ns at least; 2378 bytes of proof were recorded.
        Weight::from_parts(45_255_460, 6140)
            // Standard error 2_200.
            .saturating_add(Weight::from_parts(3_285_279, 0).saturating_mul(u.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(u.into())))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(Weight::from_parts(0, 2575).saturating_mul(u.into()))
    }
}

/// For tests.
impl WeightInfo for () {
    fn register_model() -> Weight {
        Weight::from_parts(43_515_000, 6578)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
    fn approve_model() -> Weight {
        Weight::from_parts(29_994_000, 3784)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn withdraw_model() -> Weight {
        Weight::from_parts(29_403_000, 3784)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn open_round() -> Weight {
        Weight::from_parts(42_013_000, 3784)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn register_update(u: u32) -> Weight {
        Weight::from_parts(45_255_460, 6140)
            .saturating_add(Weight::from_parts(3_285_279, 0).saturating_mul(u.into()))
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(u.into())))
            .saturating_add(RocksDbWeight::get().writes(6))
            .saturating_add(Weight::from_parts(0, 2575).saturating_mul(u.into()))
    }
}
