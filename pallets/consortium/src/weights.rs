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
    /// With chilling and forcing a new era. `validators` and `nodes`: how many the hospital has at most.
    fn evict(validators: u32, nodes: u32) -> Weight;
    /// One key set or replaced.
    fn set_worker_key() -> Weight;
    /// One member changed.
    fn set_quotas() -> Weight;
    /// With what staking does.
    fn validate() -> Weight;
    /// `len`: bytes of the encoded call, which are hashed. Without what the call itself costs.
    fn govern(len: u32) -> Weight;
    /// With chilling and forcing a new era. `validators`: how many the hospital has at most.
    fn suspend(validators: u32) -> Weight;
    /// One member changed.
    fn set_standing() -> Weight;
    /// One validator account registered.
    fn add_validator() -> Weight;
    /// One validator account given up, with chilling.
    fn remove_validator() -> Weight;
    /// `periods`: how many are kept at most; all are gone through.
    fn mark_worker_key_suspect(periods: u32) -> Weight;
    /// `nodes`: how many there are at most; as many may be replaced.
    fn set_nodes(nodes: u32) -> Weight;
    /// With what staking does. `targets`: how many there are at most.
    fn nominate(targets: u32) -> Weight;
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

// One account taken out of candidates and nominators: ledger, both maps, their counters.
fn chill(db: RuntimeDbWeight) -> Weight {
    weight(400, 40_000, db, 12, 8)
}

fn suspend(validators: u32, db: RuntimeDbWeight) -> Weight {
    weight(400, 30_000, db, 5, 4)
        .saturating_add(chill(db).saturating_mul(u64::from(validators).saturating_add(1)))
}

fn evict(validators: u32, nodes: u32, db: RuntimeDbWeight) -> Weight {
    let mappings =
        weight(20, 4_000, db, 1, 1).saturating_mul(u64::from(validators).saturating_add(nodes.into()));
    weight(300, 30_000, db, 5, 8).saturating_add(suspend(validators, db)).saturating_add(mappings)
}

fn mark_worker_key_suspect(periods: u32, db: RuntimeDbWeight) -> Weight {
    let each = weight(2, 200, db, 0, 0).saturating_mul(periods.into());
    weight(300, 16_000, db, 3, 3).saturating_add(each)
}

fn set_nodes(nodes: u32, db: RuntimeDbWeight) -> Weight {
    // One taken out and one put in.
    let each = weight(30, 8_000, db, 1, 2).saturating_mul(nodes.into());
    weight(300, 12_000, db, 2, 1).saturating_add(each)
}

fn nominate(targets: u32, db: RuntimeDbWeight) -> Weight {
    let each = weight(20, 8_000, db, 3, 0).saturating_mul(targets.into());
    weight(1_000, 100_000, db, 20, 12).saturating_add(each)
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
        fn evict(validators: u32, nodes: u32) -> Weight {
            evict(validators, nodes, $db)
        }
        fn set_worker_key() -> Weight {
            weight(400, 16_000, $db, 5, 4)
        }
        fn set_quotas() -> Weight {
            weight(300, 8_000, $db, 1, 1)
        }
        fn validate() -> Weight {
            weight(1_000, 100_000, $db, 24, 12)
        }
        fn govern(len: u32) -> Weight {
            govern(len, $db)
        }
        fn suspend(validators: u32) -> Weight {
            suspend(validators, $db)
        }
        fn set_standing() -> Weight {
            weight(300, 8_000, $db, 2, 1)
        }
        fn add_validator() -> Weight {
            weight(300, 16_000, $db, 5, 2)
        }
        fn remove_validator() -> Weight {
            weight(300, 16_000, $db, 4, 2).saturating_add(chill($db))
        }
        fn mark_worker_key_suspect(periods: u32) -> Weight {
            mark_worker_key_suspect(periods, $db)
        }
        fn set_nodes(nodes: u32) -> Weight {
            set_nodes(nodes, $db)
        }
        fn nominate(targets: u32) -> Weight {
            nominate(targets, $db)
        }
        fn lookup() -> Weight {
            weight(100, 16_000, $db, 5, 1)
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
