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
    /// A consent of so many `elements`, where the list is full and is looked through; `live` others have expired.
    fn grant(elements: u32, live: u32) -> Weight;
    /// A consent of so many `elements`, where there is room for it in the list.
    fn grant_with_room(elements: u32) -> Weight;
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
        // 44_637 ns at least; 1840 bytes of proof were recorded.
        Weight::from_parts(49_013_000, 6286)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `e` from 1 to 440.
    // `l` from 0 to 128.
    fn grant(e: u32, l: u32) -> Weight {
        // 3_511_232 ns at least; 1341663 bytes of proof were recorded.
        Weight::from_parts(3_773_593_335, 1669214)
            // Standard error 70_882.
            .saturating_add(Weight::from_parts(3_473_620, 0).saturating_mul(e.into()))
            // Standard error 242_212.
            .saturating_add(Weight::from_parts(180_467, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(150))
            .saturating_add(T::DbWeight::get().writes(19))
            .saturating_add(Weight::from_parts(0, 10).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 82).saturating_mul(l.into()))
    }
    // `e` from 1 to 440.
    fn grant_with_room(e: u32) -> Weight {
        // 1_053_420 ns at least; 95042 bytes of proof were recorded.
        Weight::from_parts(1_162_688_019, 114651)
            // Standard error 17_769.
            .saturating_add(Weight::from_parts(3_393_132, 0).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(32))
            .saturating_add(T::DbWeight::get().writes(27))
            .saturating_add(Weight::from_parts(0, 13).saturating_mul(e.into()))
    }
    fn revoke() -> Weight {
        // 627_285 ns at least; 54781 bytes of proof were recorded.
        Weight::from_parts(716_307_000, 64135)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(17))
    }
    fn end_by_order() -> Weight {
        // 524_701 ns at least; 54167 bytes of proof were recorded.
        Weight::from_parts(597_981_000, 64135)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(15))
    }
    fn appoint() -> Weight {
        // 127_990 ns at least; 2026 bytes of proof were recorded.
        Weight::from_parts(139_058_000, 6286)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn dismiss() -> Weight {
        // 117_315 ns at least; 2215 bytes of proof were recorded.
        Weight::from_parts(125_557_000, 3638)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn report_use() -> Weight {
        // 76_925 ns at least; 12194 bytes of proof were recorded.
        Weight::from_parts(83_254_000, 13619)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn settle() -> Weight {
        // 58_567 ns at least; 11849 bytes of proof were recorded.
        Weight::from_parts(64_867_000, 13619)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // `l` from 0 to 128.
    fn decide(l: u32) -> Weight {
        // 19_799 ns at least; 758 bytes of proof were recorded.
        Weight::from_parts(20_571_000, 4027)
            // Standard error 101_086.
            .saturating_add(Weight::from_parts(28_464_055, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12629).saturating_mul(l.into()))
    }
    fn verify_25519() -> Weight {
        // 187_900 ns at least; 0 bytes of proof were recorded.
        Weight::from_parts(202_712_000, 0)
    }
    fn verify_ethereum() -> Weight {
        // 62_282 ns at least; 0 bytes of proof were recorded.
        Weight::from_parts(67_451_000, 0)
    }
    // `b` from 500 to 1280.
    fn verify_passkey(b: u32) -> Weight {
        // 1_168_621 ns at least; 2578 bytes of proof were recorded.
        Weight::from_parts(1_226_401_782, 5905)
            // Standard error 1_606.
            .saturating_add(Weight::from_parts(1_671, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }
    // `o` from 1 to 8.
    fn set_relying_party(o: u32) -> Weight {
        // 27_020 ns at least; 1358 bytes of proof were recorded.
        Weight::from_parts(26_969_941, 3543)
            // Standard error 1_444.
            .saturating_add(Weight::from_parts(1_291_461, 0).saturating_mul(o.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}

/// For tests.
impl WeightInfo for () {
    fn enrol() -> Weight {
        Weight::from_parts(49_013_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(5))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn grant(e: u32, l: u32) -> Weight {
        Weight::from_parts(3_773_593_335, 1669214)
            .saturating_add(Weight::from_parts(3_473_620, 0).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(180_467, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(150))
            .saturating_add(RocksDbWeight::get().writes(19))
            .saturating_add(Weight::from_parts(0, 10).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 82).saturating_mul(l.into()))
    }
    fn grant_with_room(e: u32) -> Weight {
        Weight::from_parts(1_162_688_019, 114651)
            .saturating_add(Weight::from_parts(3_393_132, 0).saturating_mul(e.into()))
            .saturating_add(RocksDbWeight::get().reads(32))
            .saturating_add(RocksDbWeight::get().writes(27))
            .saturating_add(Weight::from_parts(0, 13).saturating_mul(e.into()))
    }
    fn revoke() -> Weight {
        Weight::from_parts(716_307_000, 64135)
            .saturating_add(RocksDbWeight::get().reads(17))
            .saturating_add(RocksDbWeight::get().writes(17))
    }
    fn end_by_order() -> Weight {
        Weight::from_parts(597_981_000, 64135)
            .saturating_add(RocksDbWeight::get().reads(14))
            .saturating_add(RocksDbWeight::get().writes(15))
    }
    fn appoint() -> Weight {
        Weight::from_parts(139_058_000, 6286)
            .saturating_add(RocksDbWeight::get().reads(7))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn dismiss() -> Weight {
        Weight::from_parts(125_557_000, 3638)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn report_use() -> Weight {
        Weight::from_parts(83_254_000, 13619)
            .saturating_add(RocksDbWeight::get().reads(6))
            .saturating_add(RocksDbWeight::get().writes(8))
    }
    fn settle() -> Weight {
        Weight::from_parts(64_867_000, 13619)
            .saturating_add(RocksDbWeight::get().reads(3))
            .saturating_add(RocksDbWeight::get().writes(7))
    }
    fn decide(l: u32) -> Weight {
        Weight::from_parts(20_571_000, 4027)
            .saturating_add(Weight::from_parts(28_464_055, 0).saturating_mul(l.into()))
            .saturating_add(RocksDbWeight::get().reads(4))
            .saturating_add(RocksDbWeight::get().reads(1u64.saturating_mul(l.into())))
            .saturating_add(Weight::from_parts(0, 12629).saturating_mul(l.into()))
    }
    fn verify_25519() -> Weight {
        Weight::from_parts(202_712_000, 0)
    }
    fn verify_ethereum() -> Weight {
        Weight::from_parts(67_451_000, 0)
    }
    fn verify_passkey(b: u32) -> Weight {
        Weight::from_parts(1_226_401_782, 5905)
            .saturating_add(Weight::from_parts(1_671, 0).saturating_mul(b.into()))
            .saturating_add(RocksDbWeight::get().reads(1))
    }
    fn set_relying_party(o: u32) -> Weight {
        Weight::from_parts(26_969_941, 3543)
            .saturating_add(Weight::from_parts(1_291_461, 0).saturating_mul(o.into()))
            .saturating_add(RocksDbWeight::get().reads(1))
            .saturating_add(RocksDbWeight::get().writes(4))
    }
}
