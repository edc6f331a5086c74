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
    /// Registering a device.
    fn register() -> Weight;
    /// Giving a device another key.
    fn rotate_key() -> Weight;
    /// Retiring a device.
    fn retire() -> Weight;
    /// Marking a device suspect.
    fn mark_suspect() -> Weight;
    /// Taking a batch in.
    fn anchor_readings() -> Weight;
    /// Checking a batch, its signature included.
    fn authorize_anchor() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register() -> Weight {
        // 1_116_213 ns at least; 1933 bytes of proof were recorded.
        Weight::from_parts(1_166_498_000, 4280)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn rotate_key() -> Weight {
        // 1_122_663 ns at least; 3162 bytes of proof were recorded.
        Weight::from_parts(1_196_282_000, 4280)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn retire() -> Weight {
        // 32_689 ns at least; 2266 bytes of proof were recorded.
        Weight::from_parts(35_643_000, 4280)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn mark_suspect() -> Weight {
        // 32_708 ns at least; 2266 bytes of proof were recorded.
        Weight::from_parts(34_952_000, 4280)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn anchor_readings() -> Weight {
        // 48_993 ns at least; 2015 bytes of proof were recorded.
        Weight::from_parts(52_168_000, 3638)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn authorize_anchor() -> Weight {
        // 51_718 ns at least; 711 bytes of proof were recorded.
        Weight::from_parts(53_781_000, 3638).saturating_add(T::DbWeight::get().reads(4))
    }
}

/// For tests.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::from_parts(1_166_498_000, 4280)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn rotate_key() -> Weight {
        Weight::from_parts(1_196_282_000, 4280)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn retire() -> Weight {
        Weight::from_parts(35_643_000, 4280)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
    fn mark_suspect() -> Weight {
        Weight::from_parts(34_952_000, 4280)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(5))
    }
    fn anchor_readings() -> Weight {
        Weight::from_parts(52_168_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn authorize_anchor() -> Weight {
        Weight::from_parts(53_781_000, 3638).saturating_add(RocksDbWeight::get().reads(4))
    }
}
