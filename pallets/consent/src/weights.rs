//! Weights as measured by scripts/weights on 2026-11-20: 20 steps, 10 repetitions, AMD EPYC.
//! Written by that script, but for the trait: change what is measured in `benchmarking.rs`.

// What grows with nothing is passed all the same.
#![allow(unused_variables)]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the calls cost, with what other pallets do for them. What a signature's scheme costs is added by the calls.
pub trait WeightInfo {
    /// Enrolling a key.
    fn enrol() -> Weight;
    /// A consent of so many `elements`, where `live` others may have to be looked through for expired ones.
    fn grant(elements: u32, live: u32) -> Weight;
    /// A revocation.
    fn revoke() -> Weight;
    /// An end on a court's order.
    fn end_by_order() -> Weight;
    /// A mandate.
    fn appoint() -> Weight;
    /// The end of a mandate.
    fn dismiss() -> Weight;
    /// A first reading.
    fn report_use() -> Weight;
    /// Meeting an obligation.
    fn settle() -> Weight;
    /// A decision over `live` consents.
    fn decide(live: u32) -> Weight;
    /// Verifying an sr25519 or ed25519 signature, bare and wrapped.
    fn verify_25519() -> Weight;
    /// Verifying an Ethereum wallet's signature.
    fn verify_ethereum() -> Weight;
    /// Verifying a passkey's signature over `bytes` of authenticator and client data, its relying party looked up.
    fn verify_passkey(bytes: u32) -> Weight;
    /// Setting a relying party with `origins` origins.
    fn set_relying_party(origins: u32) -> Weight;
}

/// As measured, with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn enrol() -> Weight {
        // 44_175 ns at least; 1840 bytes of proof were recorded.
        Weight::from_parts(47_571_000, 6286)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `e` from 1 to 440.
    // `l` from 0 to 128.
    fn grant(e: u32, l: u32) -> Weight {
        // 3_401_988 ns at least; 1341663 bytes of proof were recorded.
        Weight::from_parts(3_541_499_149, 1669214)
            // Standard error 48_411.
            .saturating_add(Weight::from_parts(3_008_513, 0).saturating_mul(e.into()))
            // Standard error 165_426.
            .saturating_add(Weight::from_parts(102_382, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(150))
            .saturating_add(T::DbWeight::get().writes(19))
            .saturating_add(Weight::from_parts(0, 10).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 82).saturating_mul(l.into()))
    }
    fn revoke() -> Weight {
        // 580_765 ns at least; 54781 bytes of proof were recorded.
        Weight::from_parts(633_214_000, 64135)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(17))
    }
    fn end_by_order() -> Weight {
        // 481_227 ns at least; 54167 bytes of proof were recorded.
        Weight::from_parts(517_792_000, 64135)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(15))
    }
    fn appoint() -> Weight {
        // 121_831 ns at least; 2026 bytes of proof were recorded.
        Weight::from_parts(129_763_000, 6286)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn dismiss() -> Weight {
        // 111_506 ns at least; 2215 bytes of proof were recorded.
        Weight::from_parts(120_439_000, 3638)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn report_use() -> Weight {
        // 74_491 ns at least; 12194 bytes of proof were recorded.
        Weight::from_parts(80_049_000, 13619)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn settle() -> Weight {
        // 57_305 ns at least; 11849 bytes of proof were recorded.
        Weight::from_parts(61_852_000, 13619)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `l` from 0 to 128.
    fn decide(l: u32) -> Weight {
        // 18_588 ns at least; 758 bytes of proof were recorded.
        Weight::from_parts(19_539_000, 4027)
            // Standard error 85_107.
            .saturating_add(Weight::from_parts(25_823_660, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12629).saturating_mul(l.into()))
    }
    fn verify_25519() -> Weight {
        // 177_154 ns at least; 0 bytes of proof were recorded.
        Weight::from_parts(186_057_000, 0)
    }
    fn verify_ethereum() -> Weight {
        // 59_809 ns at least; 0 bytes of proof were recorded.
        Weight::from_parts(62_754_000, 0)
    }
    // `b` from 500 to 1280.
    fn verify_passkey(b: u32) -> Weight {
        // 1_094_650 ns at least; 2578 bytes of proof were recorded.
        Weight::from_parts(1_144_913_785, 5905).saturating_add(T::DbWeight::get().reads(1))
    }
    // `o` from 1 to 8.
    fn set_relying_party(o: u32) -> Weight {
        // 25_769 ns at least; 1358 bytes of proof were recorded.
        Weight::from_parts(25_882_414, 3543)
            // Standard error 1_390.
            .saturating_add(Weight::from_parts(1_271_534, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}

/// For tests.
impl WeightInfo for () {
    fn enrol() -> Weight {
        Weight::from_parts(47_571_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn grant(e: u32, l: u32) -> Weight {
        Weight::from_parts(3_541_499_149, 1669214)
            .saturating_add(Weight::from_parts(3_008_513, 0).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(102_382, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(150))
            .saturating_add(RocksDbWeight::get().writes(19))
            .saturating_add(Weight::from_parts(0, 10).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 82).saturating_mul(l.into()))
    }
    fn revoke() -> Weight {
        Weight::from_parts(633_214_000, 64135)
            .saturating_add(RocksDbWeight::get().reads(17))
            .saturating_add(RocksDbWeight::get().writes(17))
    }
    fn end_by_order() -> Weight {
        Weight::from_parts(517_792_000, 64135)
            .saturating_add(RocksDbWeight::get().reads(14))
            .saturating_add(RocksDbWeight::get().writes(15))
    }
    fn appoint() -> Weight {
        Weight::from_parts(129_763_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn dismiss() -> Weight {
        Weight::from_parts(120_439_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn report_use() -> Weight {
        Weight::from_parts(80_049_000, 13619)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn settle() -> Weight {
        Weight::from_parts(61_852_000, 13619)
            .saturating_add(RocksDbWeight::get().reads(3))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn decide(l: u32) -> Weight {
        Weight::from_parts(19_539_000, 4027)
            .saturating_add(Weight::from_parts(25_823_660, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12629).saturating_mul(l.into()))
    }
    fn verify_25519() -> Weight {
        Weight::from_parts(186_057_000, 0)
    }
    fn verify_ethereum() -> Weight {
        Weight::from_parts(62_754_000, 0)
    }
    fn verify_passkey(b: u32) -> Weight {
        Weight::from_parts(1_144_913_785, 5905).saturating_add(RocksDbWeight::get().reads(1))
    }
    fn set_relying_party(o: u32) -> Weight {
        Weight::from_parts(25_882_414, 3543)
            .saturating_add(Weight::from_parts(1_271_534, 0).saturating_mul(o.into()))
            .saturating_add(RocksDbWeight::get().reads(1))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
}
