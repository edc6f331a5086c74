//! Weights, not yet measured: placeholders meant to overestimate, to be replaced by generated ones.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's calls cost, without the question who is a member and without the audit entry.
pub trait WeightInfo {
    /// One model registered.
    fn register_model() -> Weight;
    /// One model approved.
    fn approve_model() -> Weight;
    /// One approval withdrawn.
    fn withdraw_model() -> Weight;
    /// One round opened.
    fn open_round() -> Weight;
    /// `updates`: how many the round holds at most; all are read.
    fn register_update(updates: u32) -> Weight;
    /// One model looked up.
    fn lookup() -> Weight;
}

fn weight(micros: u64, proof: u64, db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof).saturating_add(db.reads_writes(reads, writes))
}

macro_rules! placeholders {
    ($db:expr) => {
        fn register_model() -> Weight {
            weight(300, 12_000, $db, 2, 1)
        }
        fn approve_model() -> Weight {
            weight(300, 8_000, $db, 1, 1)
        }
        fn withdraw_model() -> Weight {
            weight(300, 8_000, $db, 1, 1)
        }
        fn open_round() -> Weight {
            weight(300, 12_000, $db, 2, 2)
        }
        fn register_update(updates: u32) -> Weight {
            let each = weight(10, 4_000, $db, 1, 0).saturating_mul(updates.into());
            weight(300, 16_000, $db, 4, 2).saturating_add(each)
        }
        fn lookup() -> Weight {
            weight(100, 8_000, $db, 1, 0)
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
