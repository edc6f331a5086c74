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
    /// `members`: how many there are at most; all names are compared.
    fn admit(members: u32) -> Weight;
    /// With chilling and forcing a new era. `validators` and `nodes`: how many the hospital has at most.
    fn evict(validators: u32, nodes: u32) -> Weight;
    /// One key set or replaced.
    fn set_worker_key() -> Weight;
    /// One member changed.
    fn set_quotas() -> Weight;
    /// With what staking does.
    fn validate() -> Weight;
    /// `len`: bytes of the encoded call, which are hashed. Without what the call itself costs.
    fn govern(len: u32) -> Weight;
    /// With chilling and forcing a new era. `validators`: how many the hospital has at most.
    fn suspend(validators: u32) -> Weight;
    /// One member changed.
    fn set_standing() -> Weight;
    /// One validator account registered.
    fn add_validator() -> Weight;
    /// One validator account given up, with chilling.
    fn remove_validator() -> Weight;
    /// `periods`: how many are kept at most; all are gone through.
    fn mark_worker_key_suspect(periods: u32) -> Weight;
    /// `nodes`: how many there are at most; as many may be replaced.
    fn set_nodes(nodes: u32) -> Weight;
    /// With what staking does. `targets`: how many there are at most.
    fn nominate(targets: u32) -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // `m` from 0 to 99.
    fn admit(m: u32) -> Weight {
        // 77_856 ns at least; 1724 bytes of proof were recorded.
        Weight::from_parts(82_338_500, 6286)
            // Standard error 2_514.
            .saturating_add(Weight::from_parts(3_691_874, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 2648).saturating_mul(m.into()))
    }
    // `v` from 0 to 8.
    // `n` from 0 to 16.
    fn evict(v: u32, n: u32) -> Weight {
        // 117_616 ns at least; 4159 bytes of proof were recorded.
        Weight::from_parts(93_811_437, 4986)
            // Standard error 30_841.
            .saturating_add(Weight::from_parts(25_937_123, 0).saturating_mul(v.into()))
            // Standard error 15_934.
            .saturating_add(Weight::from_parts(1_856_401, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().reads(4u64.saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes(2u64.saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1u64.saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3566).saturating_mul(v.into()))
    }
    fn set_worker_key() -> Weight {
        // 61_812 ns at least; 3310 bytes of proof were recorded.
        Weight::from_parts(66_058_000, 4986)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn set_quotas() -> Weight {
        // 29_684 ns at least; 1729 bytes of proof were recorded.
        Weight::from_parts(31_718_000, 3638)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn validate() -> Weight {
        // 59_889 ns at least; 1627 bytes of proof were recorded.
        Weight::from_parts(63_866_000, 6286)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // `l` from 0 to 3145728.
    fn govern(l: u32) -> Weight {
        // 27_130 ns at least; 1358 bytes of proof were recorded.
        Weight::from_parts(57_156_105, 3543)
            // Standard error 9.
            .saturating_add(Weight::from_parts(9_356, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // `v` from 0 to 8.
    fn suspend(v: u32) -> Weight {
        // 70_826 ns at least; 2721 bytes of proof were recorded.
        Weight::from_parts(76_748_745, 4556)
            // Standard error 13_493.
            .saturating_add(Weight::from_parts(24_267_085, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().reads(4u64.saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1u64.saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 3566).saturating_mul(v.into()))
    }
    fn set_standing() -> Weight {
        // 30_024 ns at least; 1729 bytes of proof were recorded.
        Weight::from_parts(31_747_000, 3638)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn add_validator() -> Weight {
        // 51_477 ns at least; 2441 bytes of proof were recorded.
        Weight::from_parts(54_782_000, 6286)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn remove_validator() -> Weight {
        // 84_676 ns at least; 4158 bytes of proof were recorded.
        Weight::from_parts(90_184_000, 4556)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    // `p` from 1 to 32.
    fn mark_worker_key_suspect(p: u32) -> Weight {
        // 47_110 ns at least; 1912 bytes of proof were recorded.
        Weight::from_parts(49_270_532, 4986)
            // Standard error 594.
            .saturating_add(Weight::from_parts(461_363, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `n` from 0 to 16.
    fn set_nodes(n: u32) -> Weight {
        // 40_250 ns at least; 1854 bytes of proof were recorded.
        Weight::from_parts(43_344_698, 4570)
            // Standard error 3_159.
            .saturating_add(Weight::from_parts(6_540_361, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes(2u64.saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2589).saturating_mul(n.into()))
    }
    // `t` from 1 to 16.
    fn nominate(t: u32) -> Weight {
        // 70_094 ns at least; 1502 bytes of proof were recorded.
        Weight::from_parts(64_494_725, 4556)
            // Standard error 6_451.
            .saturating_add(Weight::from_parts(9_005_951, 0).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(3u64.saturating_mul(t.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 2648).saturating_mul(t.into()))
    }
}

/// For tests.
impl WeightInfo for () {
    fn admit(m: u32) -> Weight {
        Weight::from_parts(82_338_500, 6286)
            .saturating_add(Weight::from_parts(3_691_874, 0).saturating_mul(m.into()))
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(m.into())))
            .saturating_add(RocksDbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(0, 2648).saturating_mul(m.into()))
    }
    fn evict(v: u32, n: u32) -> Weight {
        Weight::from_parts(93_811_437, 4986)
            .saturating_add(Weight::from_parts(25_937_123, 0).saturating_mul(v.into()))
            .saturating_add(Weight::from_parts(1_856_401, 0).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().reads(12))
            .saturating_add(RocksDbWeight::get().reads(4u64.saturating_mul(v.into())))
            .saturating_add(RocksDbWeight::get().writes(12))
            .saturating_add(RocksDbWeight::get().writes(2u64.saturating_mul(v.into())))
            .saturating_add(RocksDbWeight::get().writes(1u64.saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3566).saturating_mul(v.into()))
    }
    fn set_worker_key() -> Weight {
        Weight::from_parts(66_058_000, 4986)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn set_quotas() -> Weight {
        Weight::from_parts(31_718_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn validate() -> Weight {
        Weight::from_parts(63_866_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(13))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn govern(l: u32) -> Weight {
        Weight::from_parts(57_156_105, 3543)
            .saturating_add(Weight::from_parts(9_356, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(1))
            .saturating_add(RocksDbWeight::get().writes(3))
    }
    fn suspend(v: u32) -> Weight {
        Weight::from_parts(76_748_745, 4556)
            .saturating_add(Weight::from_parts(24_267_085, 0).saturating_mul(v.into()))
            .saturating_add(RocksDbWeight::get().reads(9))
            .saturating_add(RocksDbWeight::get().reads(4u64.saturating_mul(v.into())))
            .saturating_add(RocksDbWeight::get().writes(7))
            .saturating_add(RocksDbWeight::get().writes(1u64.saturating_mul(v.into())))
            .saturating_add(Weight::from_parts(0, 3566).saturating_mul(v.into()))
    }
    fn set_standing() -> Weight {
        Weight::from_parts(31_747_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(2))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
    fn add_validator() -> Weight {
        Weight::from_parts(54_782_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(6))
    }
    fn remove_validator() -> Weight {
        Weight::from_parts(90_184_000, 4556)
            .saturating_add(RocksDbWeight::get().reads(10))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn mark_worker_key_suspect(p: u32) -> Weight {
        Weight::from_parts(49_270_532, 4986)
            .saturating_add(Weight::from_parts(461_363, 0).saturating_mul(p.into()))
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn set_nodes(n: u32) -> Weight {
        Weight::from_parts(43_344_698, 4570)
            .saturating_add(Weight::from_parts(6_540_361, 0).saturating_mul(n.into()))
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(n.into())))
            .saturating_add(RocksDbWeight::get().writes(5))
            .saturating_add(RocksDbWeight::get().writes(2u64.saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 2589).saturating_mul(n.into()))
    }
    fn nominate(t: u32) -> Weight {
        Weight::from_parts(64_494_725, 4556)
            .saturating_add(Weight::from_parts(9_005_951, 0).saturating_mul(t.into()))
            .saturating_add(RocksDbWeight::get().reads(11))
            .saturating_add(RocksDbWeight::get().reads(3u64.saturating_mul(t.into())))
            .saturating_add(RocksDbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 2648).saturating_mul(t.into()))
    }
}
