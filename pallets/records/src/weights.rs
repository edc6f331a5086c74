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
    /// Anchoring a batch.
    fn anchor_batch() -> Weight;
    /// Revealing a record with `labels` labels, by a path of any length.
    fn reveal(labels: u32) -> Weight;
    /// Marking a leaf as erased, by a path of any length.
    fn erase_leaf() -> Weight;
    /// Voiding or transferring a record.
    fn withdraw() -> Weight;
    /// Registering or accepting an item.
    fn item_step() -> Weight;
    /// Offering an item, or withdrawing the offer.
    fn item_offer() -> Weight;
}

const MICROS: u64 = 1_000_000;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(10 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn anchor(db: RuntimeDbWeight, labels: u32) -> Weight {
    weigh(db, 300u64.saturating_add(u64::from(labels).saturating_mul(10)), 3, 1)
}

fn supersede(db: RuntimeDbWeight, labels: u32) -> Weight {
    weigh(db, 400u64.saturating_add(u64::from(labels).saturating_mul(10)), 4, 2)
}

fn erase(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
}

fn record(db: RuntimeDbWeight) -> Weight {
    weigh(db, 50, 1, 0)
}

fn anchor_batch(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
}

// Twenty-two hashes of at most a kilobyte take tens of microseconds.
fn reveal(db: RuntimeDbWeight, labels: u32) -> Weight {
    weigh(db, 500u64.saturating_add(u64::from(labels).saturating_mul(10)), 4, 1)
}

fn erase_leaf(db: RuntimeDbWeight) -> Weight {
    weigh(db, 500, 3, 1)
}

fn withdraw(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
}

fn item_step(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 2)
}

fn item_offer(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
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
    fn anchor_batch() -> Weight {
        anchor_batch(T::DbWeight::get())
    }
    fn reveal(labels: u32) -> Weight {
        reveal(T::DbWeight::get(), labels)
    }
    fn erase_leaf() -> Weight {
        erase_leaf(T::DbWeight::get())
    }
    fn withdraw() -> Weight {
        withdraw(T::DbWeight::get())
    }
    fn item_step() -> Weight {
        item_step(T::DbWeight::get())
    }
    fn item_offer() -> Weight {
        item_offer(T::DbWeight::get())
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
    fn anchor_batch() -> Weight {
        anchor_batch(RocksDbWeight::get())
    }
    fn reveal(labels: u32) -> Weight {
        reveal(RocksDbWeight::get(), labels)
    }
    fn erase_leaf() -> Weight {
        erase_leaf(RocksDbWeight::get())
    }
    fn withdraw() -> Weight {
        withdraw(RocksDbWeight::get())
    }
    fn item_step() -> Weight {
        item_step(RocksDbWeight::get())
    }
    fn item_offer() -> Weight {
        item_offer(RocksDbWeight::get())
    }
}
