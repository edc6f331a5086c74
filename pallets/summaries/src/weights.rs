//! Weights as measured by scripts/weights on 2026-11-20: 20 steps, 10 repetitions, AMD EPYC.
//! Written by that script, but for the trait: change what is measured in `benchmarking.rs`.

// What grows with nothing is passed all the same.
#![allow(unused_variables)]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the calls cost, with what other pallets do for them; a ruling over the patient's consents is added by the calls.
pub trait WeightInfo {
    /// A request by a hospital with `listed` jobs in its list, of which it clears away `expired`.
    fn request(listed: u32, expired: u32) -> Weight;
    /// Settling a job.
    fn submit() -> Weight;
    /// Checking a submission, its signature included.
    fn authorize_submit() -> Weight;
    /// Clearing away one job.
    fn expire() -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // `l` from 0 to 31.
    // `e` from 0 to 32.
    fn request(l: u32, e: u32) -> Weight {
        // 226_397 ns at least; 4193 bytes of proof were recorded.
        Weight::from_parts(107_480_694, 13619)
            // Standard error 65_123.
            .saturating_add(Weight::from_parts(4_059_350, 0).saturating_mul(l.into()))
            // Standard error 63_261.
            .saturating_add(Weight::from_parts(34_322_235, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(e.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(4u64.saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 2982).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 2982).saturating_mul(l.into()))
    }
    fn submit() -> Weight {
        // 138_897 ns at least; 6311 bytes of proof were recorded.
        Weight::from_parts(161_871_000, 13619)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(14))
    }
    fn authorize_submit() -> Weight {
        // 55_543 ns at least; 823 bytes of proof were recorded.
        Weight::from_parts(62_283_000, 3972).saturating_add(T::DbWeight::get().reads(4))
    }
    fn expire() -> Weight {
        // 71_888 ns at least; 5789 bytes of proof were recorded.
        Weight::from_parts(82_452_000, 5563)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(7))
    }
}

/// For tests.
impl WeightInfo for () {
    fn request(l: u32, e: u32) -> Weight {
        Weight::from_parts(107_480_694, 13619)
            .saturating_add(Weight::from_parts(4_059_350, 0).saturating_mul(l.into()))
            .saturating_add(Weight::from_parts(34_322_235, 0).saturating_mul(e.into()))
            .saturating_add(RocksDbWeight::get().reads(13))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(e.into())))
            .saturating_add(RocksDbWeight::get().writes(8))
            .saturating_add(RocksDbWeight::get().writes(4u64.saturating_mul(e.into())))
            .saturating_add(Weight::from_parts(0, 2982).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 2982).saturating_mul(l.into()))
    }
    fn submit() -> Weight {
        Weight::from_parts(161_871_000, 13619)
            .saturating_add(RocksDbWeight::get().reads(10))
            .saturating_add(RocksDbWeight::get().writes(14))
    }
    fn authorize_submit() -> Weight {
        Weight::from_parts(62_283_000, 3972).saturating_add(RocksDbWeight::get().reads(4))
    }
    fn expire() -> Weight {
        Weight::from_parts(82_452_000, 5563)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
}
