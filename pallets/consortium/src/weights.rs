//! Weights, not yet measured: placeholders meant to overestimate, to be replaced by generated ones.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's calls cost, without the audit entry.
pub trait WeightInfo {
    /// `members`: how many there are at most; all names are compared.
    fn admit(members: u32) -> Weight;
    /// With chilling and forcing a new era.
    fn evict() -> Weight;
    /// One key set or replaced.
    fn set_worker_key() -> Weight;
    /// One member changed.
    fn set_quotas() -> Weight;
    /// With what staking does.
    fn validate() -> Weight;
    /// `len`: bytes of the encoded call, which are hashed. Without what the call itself costs.
    fn govern(len: u32) -> Weight;
    /// Any one of the functions of `Consortium`.
    fn lookup() -> Weight;
}

fn weight(micros: u64, proof: u64, db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof).saturating_add(db.reads_writes(reads, writes))
}

fn admit(members: u32, db: RuntimeDbWeight) -> Weight {
    let each = weight(10, 4_000, db, 1, 0).saturating_mul(members.into());
    weight(400, 20_000, db, 5, 6).saturating_add(each)
}

fn govern(len: u32, db: RuntimeDbWeight) -> Weight {
    // BLAKE2b runs at a nanosecond a byte; ten are assumed, for encoding as well.
    weight(100, 4_000, db, 1, 1).saturating_add(Weight::from_parts(10_000, 0).saturating_mul(len.into()))
}

macro_rules! placeholders {
    ($db:expr) => {
        fn admit(members: u32) -> Weight {
            admit(members, $db)
        }
        fn evict() -> Weight {
            weight(1_000, 100_000, $db, 30, 20)
        }
        fn set_worker_key() -> Weight {
            weight(300, 12_000, $db, 3, 3)
        }
        fn set_quotas() -> Weight {
            weight(300, 8_000, $db, 1, 1)
        }
        fn validate() -> Weight {
            weight(1_000, 100_000, $db, 20, 12)
        }
        fn govern(len: u32) -> Weight {
            govern(len, $db)
        }
        fn lookup() -> Weight {
            weight(100, 12_000, $db, 3, 1)
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
