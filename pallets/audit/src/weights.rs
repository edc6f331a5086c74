//! Weights, not yet measured: placeholders meant to overestimate, to be replaced by generated ones.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What this pallet's operations cost.
pub trait WeightInfo {
    /// One append.
    fn append() -> Weight;
}

// At most 64 BLAKE2b-256 hashes of 96 bytes, a decode and an encode of 64 peaks: well under 300 microseconds.
const APPEND: Weight = Weight::from_parts(300_000_000, 20_000);

/// With the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn append() -> Weight {
        APPEND.saturating_add(T::DbWeight::get().reads_writes(2, 6))
    }
}

/// For tests.
impl WeightInfo for () {
    fn append() -> Weight {
        APPEND.saturating_add(RocksDbWeight::get().reads_writes(2, 6))
    }
}
