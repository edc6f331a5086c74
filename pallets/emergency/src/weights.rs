//! Weights, written by hand until they are measured: each overestimates on purpose. Each storage item that is touched counts
//! with 4 KiB of proof, several times the largest value. What other pallets are asked for is added by the calls.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::ParityDbWeight},
};

/// Weights of this pallet's own work.
pub trait WeightInfo {
    /// Breaking the glass, with so many accesses of the hospital and patient to look through.
    fn break_glass(open: u32) -> Weight;
    /// A review.
    fn review() -> Weight;
    /// A ruling, with so many accesses to look through.
    fn rule(open: u32) -> Weight;
}

const MICROS: u64 = 1_000_000;
const EACH: u64 = 20;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(4 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn break_glass(db: RuntimeDbWeight, open: u32) -> Weight {
    let open = u64::from(open);
    weigh(db, open.saturating_mul(EACH).saturating_add(300), open.saturating_add(6), 4)
}

fn rule(db: RuntimeDbWeight, open: u32) -> Weight {
    let open = u64::from(open);
    weigh(db, open.saturating_mul(EACH).saturating_add(50), open.saturating_add(2), 0)
}

/// Hand-written weights with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! weights {
    ($db:expr) => {
        fn break_glass(open: u32) -> Weight {
            break_glass($db, open)
        }
        fn review() -> Weight {
            weigh($db, 300, 4, 3)
        }
        fn rule(open: u32) -> Weight {
            rule($db, open)
        }
    };
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    weights!(T::DbWeight::get());
}

impl WeightInfo for () {
    weights!(ParityDbWeight::get());
}
