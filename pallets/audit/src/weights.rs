//! Weights, not yet measured: placeholders meant to overestimate, to be replaced by generated ones.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's operations cost.
pub trait WeightInfo {
    /// One append, with one inner node: as many as any number of appends complete on the average, but for [`Self::merges`].
    fn append() -> Weight;
    /// The inner nodes that the appends of a block complete beyond one each: at most as many as there were peaks before.
    fn merges(peaks: u32) -> Weight;
    /// Taking in a report, without the append of its entry.
    fn report() -> Weight;
    /// Checking a report, its signature included.
    fn authorize_report() -> Weight;
}

// At most 64 BLAKE2b-256 hashes of 96 bytes, a decode and an encode of 64 peaks: well under 300 microseconds.
const APPEND: Weight = Weight::from_parts(300_000_000, 20_000);
const REPORT: Weight = Weight::from_parts(300_000_000, 16_384);
const SIGNATURE: Weight = Weight::from_parts(300_000_000, 0);

// Written: the log, the entry, three index keys, the event, one inner node.
fn append(db: RuntimeDbWeight) -> Weight {
    APPEND.saturating_add(db.reads_writes(2, 7))
}

fn merges(db: RuntimeDbWeight, peaks: u32) -> Weight {
    db.reads_writes(1, peaks.into())
}

fn report(db: RuntimeDbWeight) -> Weight {
    REPORT.saturating_add(db.reads_writes(3, 3))
}

fn authorize_report(db: RuntimeDbWeight) -> Weight {
    REPORT.saturating_add(SIGNATURE).saturating_add(db.reads(3))
}

/// With the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn append() -> Weight {
        append(T::DbWeight::get())
    }
    fn merges(peaks: u32) -> Weight {
        merges(T::DbWeight::get(), peaks)
    }
    fn report() -> Weight {
        report(T::DbWeight::get())
    }
    fn authorize_report() -> Weight {
        authorize_report(T::DbWeight::get())
    }
}

/// For tests.
impl WeightInfo for () {
    fn append() -> Weight {
        append(RocksDbWeight::get())
    }
    fn merges(peaks: u32) -> Weight {
        merges(RocksDbWeight::get(), peaks)
    }
    fn report() -> Weight {
        report(RocksDbWeight::get())
    }
    fn authorize_report() -> Weight {
        authorize_report(RocksDbWeight::get())
    }
}
