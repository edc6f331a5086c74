//! Weights, not yet measured: placeholders meant to overestimate, to be replaced by generated ones.
//!
//! What happens at a session's end needs none: pallet-session charges that block in full.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's calls cost, without the audit entry.
pub trait WeightInfo {
    /// One rule set.
    fn set() -> Weight;
    /// One offender reported, without what punishes it.
    fn report_offender() -> Weight;
}

fn weight(micros: u64, proof: u64, db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof).saturating_add(db.reads_writes(reads, writes))
}

macro_rules! placeholders {
    ($db:expr) => {
        fn set() -> Weight {
            weight(100, 4_000, $db, 1, 1)
        }
        fn report_offender() -> Weight {
            weight(200, 8_000, $db, 2, 1)
        }
    };
}

/// With the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    placeholders!(T::DbWeight::get());
}

/// For tests.
impl WeightInfo for () {
    placeholders!(RocksDbWeight::get());
}
