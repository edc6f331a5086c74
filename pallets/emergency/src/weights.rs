//! Weights as measured by scripts/weights on 2026-11-20: 20 steps, 10 repetitions, AMD EPYC.
//! Written by that script, but for the trait: change what is measured in `benchmarking.rs`.

// What grows with nothing is passed all the same.
#![allow(unused_variables)]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the calls cost, with what other pallets do for them; a decision over the patient's consents is added by the calls.
pub trait WeightInfo {
    /// An access opened, with so many of the hospital and patient to look through.
    fn open_access(open: u32) -> Weight;
    /// A review.
    fn review() -> Weight;
    /// A ruling, with so many accesses to look through.
    fn rule(open: u32) -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // `o` from 0 to 16.
    fn open_access(o: u32) -> Weight {
        // 82_293 ns at least; 3836 bytes of proof were recorded.
        Weight::from_parts(86_115_216, 13619)
            // Standard error 2_666.
            .saturating_add(Weight::from_parts(3_564_094, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(o.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(Weight::from_parts(0, 2892).saturating_mul(o.into()))
    }
    fn review() -> Weight {
        // 39_098 ns at least; 1847 bytes of proof were recorded.
        Weight::from_parts(42_413_000, 3851)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    // `o` from 0 to 16.
    fn rule(o: u32) -> Weight {
        // 27_340 ns at least; 1455 bytes of proof were recorded.
        Weight::from_parts(29_838_386, 13619)
            // Standard error 1_197.
            .saturating_add(Weight::from_parts(3_417_390, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 2861).saturating_mul(o.into()))
    }
}

/// For tests.
impl WeightInfo for () {
    fn open_access(o: u32) -> Weight {
        Weight::from_parts(86_115_216, 13619)
            .saturating_add(Weight::from_parts(3_564_094, 0).saturating_mul(o.into()))
            .saturating_add(RocksDbWeight::get().reads(10))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(o.into())))
            .saturating_add(RocksDbWeight::get().writes(10))
            .saturating_add(Weight::from_parts(0, 2892).saturating_mul(o.into()))
    }
    fn review() -> Weight {
        Weight::from_parts(42_413_000, 3851)
            .saturating_add(RocksDbWeight::get().reads(3))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn rule(o: u32) -> Weight {
        Weight::from_parts(29_838_386, 13619)
            .saturating_add(Weight::from_parts(3_417_390, 0).saturating_mul(o.into()))
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(o.into())))
            .saturating_add(Weight::from_parts(0, 2861).saturating_mul(o.into()))
    }
}
