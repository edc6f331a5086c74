//! Weights, written by hand until they are measured: each overestimates on purpose.
//!
//! 300 microseconds of work are charged where tens are used, 3 milliseconds more for a device's signature, which in wasm is
//! P-256 in the worst case, and 10 KiB of proof for each storage item that is touched, several times the largest device.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's own work costs; what other pallets do is added by the calls.
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

const MICROS: u64 = 1_000_000;
const DEVICE_SIGNATURE: u64 = 3_000;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(10 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn register(db: RuntimeDbWeight) -> Weight {
    weigh(db, DEVICE_SIGNATURE.saturating_add(300), 3, 3)
}

fn rotate_key(db: RuntimeDbWeight) -> Weight {
    weigh(db, DEVICE_SIGNATURE.saturating_add(300), 3, 2)
}

fn change(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 1)
}

fn anchor_readings(db: RuntimeDbWeight) -> Weight {
    weigh(db, 300, 1, 2)
}

fn authorize_anchor(db: RuntimeDbWeight) -> Weight {
    weigh(db, 600, 3, 0)
}

/// Hand-written weights with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register() -> Weight {
        register(T::DbWeight::get())
    }
    fn rotate_key() -> Weight {
        rotate_key(T::DbWeight::get())
    }
    fn retire() -> Weight {
        change(T::DbWeight::get())
    }
    fn mark_suspect() -> Weight {
        change(T::DbWeight::get())
    }
    fn anchor_readings() -> Weight {
        anchor_readings(T::DbWeight::get())
    }
    fn authorize_anchor() -> Weight {
        authorize_anchor(T::DbWeight::get())
    }
}

/// For tests.
impl WeightInfo for () {
    fn register() -> Weight {
        register(RocksDbWeight::get())
    }
    fn rotate_key() -> Weight {
        rotate_key(RocksDbWeight::get())
    }
    fn retire() -> Weight {
        change(RocksDbWeight::get())
    }
    fn mark_suspect() -> Weight {
        change(RocksDbWeight::get())
    }
    fn anchor_readings() -> Weight {
        anchor_readings(RocksDbWeight::get())
    }
    fn authorize_anchor() -> Weight {
        authorize_anchor(RocksDbWeight::get())
    }
}
