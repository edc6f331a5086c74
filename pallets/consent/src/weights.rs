//! Weights, written by hand until they are measured: each overestimates on purpose.
//!
//! A signature is verified at most twice (bare and wrapped), about 160 microseconds of a 2 GHz core: 1 millisecond is
//! charged. Each storage item that is touched counts with 10 KiB of proof, several times the largest value.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's own work costs; the consortium's and the audit log's is added by the calls.
pub trait WeightInfo {
    /// Enrolling a key.
    fn enrol() -> Weight;
    /// A grant with `labels` labels, where `live` consents may have to be looked through for expired ones.
    fn grant(labels: u32, live: u32) -> Weight;
    /// A revocation.
    fn revoke() -> Weight;
    /// A decision over `live` consents.
    fn decide(live: u32) -> Weight;
}

const MICROS: u64 = 1_000_000;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(10 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn enrol(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 2, 1)
}

fn grant(db: RuntimeDbWeight, labels: u32, live: u32) -> Weight {
    let micros = 1_300u64
        .saturating_add(u64::from(labels).saturating_mul(10))
        .saturating_add(u64::from(live).saturating_mul(20));
    weigh(db, micros, u64::from(live).saturating_add(6), 4)
}

fn revoke(db: RuntimeDbWeight) -> Weight {
    weigh(db, 1_300, 7, 4)
}

fn decide(db: RuntimeDbWeight, live: u32) -> Weight {
    let micros = 100u64.saturating_add(u64::from(live).saturating_mul(50));
    weigh(db, micros, u64::from(live).saturating_add(4), 0)
}

/// Hand-written weights with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn enrol() -> Weight {
        enrol(T::DbWeight::get())
    }
    fn grant(labels: u32, live: u32) -> Weight {
        grant(T::DbWeight::get(), labels, live)
    }
    fn revoke() -> Weight {
        revoke(T::DbWeight::get())
    }
    fn decide(live: u32) -> Weight {
        decide(T::DbWeight::get(), live)
    }
}

impl WeightInfo for () {
    fn enrol() -> Weight {
        enrol(RocksDbWeight::get())
    }
    fn grant(labels: u32, live: u32) -> Weight {
        grant(RocksDbWeight::get(), labels, live)
    }
    fn revoke() -> Weight {
        revoke(RocksDbWeight::get())
    }
    fn decide(live: u32) -> Weight {
        decide(RocksDbWeight::get(), live)
    }
}
