//! Placeholder weights, to be replaced by generated ones. They overestimate on purpose: each call is charged 300 us of
//! computing and more for what it verifies, every access to state, and proof sizes beyond the largest possible values.
//! What other pallets are asked for is added by the calls themselves, from those pallets' own figures.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::ParityDbWeight},
};

/// Weights of this pallet's own work.
pub trait WeightInfo {
    /// A request by a hospital with `listed` jobs in its list, of which it clears away `expired`.
    fn request(listed: u32, expired: u32) -> Weight;
    /// Settling a job.
    fn submit() -> Weight;
    /// Checking a submission, its signature included.
    fn authorize_submit() -> Weight;
    /// Clearing away one job.
    fn expire() -> Weight;
}

const BASE: Weight = Weight::from_parts(300_000_000, 16_384);
const EACH_JOB: Weight = Weight::from_parts(60_000_000, 4_096);
const SIGNATURE: Weight = Weight::from_parts(300_000_000, 0);

// Every listed job is read, expired or not.
fn request(db: RuntimeDbWeight, listed: u32, expired: u32) -> Weight {
    let (listed, expired) = (u64::from(listed), u64::from(expired));
    BASE.saturating_add(EACH_JOB.saturating_mul(listed.saturating_add(expired)))
        .saturating_add(db.reads_writes(listed.saturating_add(6), 4))
        .saturating_add(db.reads_writes(2, 2).saturating_mul(expired))
}

fn submit(db: RuntimeDbWeight) -> Weight {
    BASE.saturating_add(EACH_JOB).saturating_add(db.reads_writes(6, 4))
}

fn authorize_submit(db: RuntimeDbWeight) -> Weight {
    BASE.saturating_add(SIGNATURE).saturating_add(db.reads(4))
}

fn expire(db: RuntimeDbWeight) -> Weight {
    BASE.saturating_add(EACH_JOB).saturating_add(db.reads_writes(6, 4))
}

/// The placeholders with the runtime's own weights of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn request(listed: u32, expired: u32) -> Weight {
        request(T::DbWeight::get(), listed, expired)
    }
    fn submit() -> Weight {
        submit(T::DbWeight::get())
    }
    fn authorize_submit() -> Weight {
        authorize_submit(T::DbWeight::get())
    }
    fn expire() -> Weight {
        expire(T::DbWeight::get())
    }
}

impl WeightInfo for () {
    fn request(listed: u32, expired: u32) -> Weight {
        request(ParityDbWeight::get(), listed, expired)
    }
    fn submit() -> Weight {
        submit(ParityDbWeight::get())
    }
    fn authorize_submit() -> Weight {
        authorize_submit(ParityDbWeight::get())
    }
    fn expire() -> Weight {
        expire(ParityDbWeight::get())
    }
}
