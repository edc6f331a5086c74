//! Weights, written by hand until they are measured: each overestimates on purpose.
//!
//! 300 microseconds of work are charged where tens are used, and 10 KiB of proof for each storage item that is touched,
//! several times the largest record.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's own work costs; what other pallets do is added by the calls.
pub trait WeightInfo {
    /// Anchoring a record with `labels` labels.
    fn anchor(labels: u32) -> Weight;
    /// Replacing a record by one with `labels` labels.
    fn supersede(labels: u32) -> Weight;
    /// Marking a record as erased.
    fn erase() -> Weight;
    /// Looking up a record.
    fn record() -> Weight;
}

const MICROS: u64 = 1_000_000;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(10 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn anchor(db: RuntimeDbWeight, labels: u32) -> Weight {
    weigh(db, 300u64.saturating_add(u64::from(labels).saturating_mul(10)), 2, 1)
}

fn supersede(db: RuntimeDbWeight, labels: u32) -> Weight {
    weigh(db, 400u64.saturating_add(u64::from(labels).saturating_mul(10)), 3, 2)
}

fn erase(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
}

fn record(db: RuntimeDbWeight) -> Weight {
    weigh(db, 50, 1, 0)
}

/// Hand-written weights with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn anchor(labels: u32) -> Weight {
        anchor(T::DbWeight::get(), labels)
    }
    fn supersede(labels: u32) -> Weight {
        supersede(T::DbWeight::get(), labels)
    }
    fn erase() -> Weight {
        erase(T::DbWeight::get())
    }
    fn record() -> Weight {
        record(T::DbWeight::get())
    }
}

impl WeightInfo for () {
    fn anchor(labels: u32) -> Weight {
        anchor(RocksDbWeight::get(), labels)
    }
    fn supersede(labels: u32) -> Weight {
        supersede(RocksDbWeight::get(), labels)
    }
    fn erase() -> Weight {
        erase(RocksDbWeight::get())
    }
    fn record() -> Weight {
        record(RocksDbWeight::get())
    }
}
