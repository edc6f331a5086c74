//! Weights, written by hand until they are measured: each overestimates on purpose.
//!
//! A signature over Curve25519 is verified at most twice (bare and wrapped), about 160 microseconds of a 2 GHz core, and a
//! secp256k1 key recovered once, by host functions: 1 millisecond is charged for either. There is none for P-256:
//! verifying within wasm takes about 1.6 milliseconds (crate p256 0.13 as wasm32 under V8, on such a core) and parsing 1,024 bytes
//! 25 microseconds; 6 milliseconds are charged, and 1 microsecond for each byte that is hashed and parsed. Each storage item
//! that is touched counts with 10 KiB of proof, several times the largest value.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What this pallet's own work costs; the consortium's and the audit log's is added by the calls.
pub trait WeightInfo {
    /// Enrolling a key.
    fn enrol() -> Weight;
    /// A consent of so many `elements`, where `live` others may have to be looked through for expired ones.
    fn grant(elements: u32, live: u32) -> Weight;
    /// A revocation.
    fn revoke() -> Weight;
    /// An end on a court's order.
    fn end_by_order() -> Weight;
    /// A mandate.
    fn appoint() -> Weight;
    /// The end of a mandate.
    fn dismiss() -> Weight;
    /// A first reading.
    fn report_use() -> Weight;
    /// Meeting an obligation.
    fn settle() -> Weight;
    /// A decision over `live` consents.
    fn decide(live: u32) -> Weight;
    /// Verifying an sr25519 or ed25519 signature, bare and wrapped.
    fn verify_25519() -> Weight;
    /// Verifying an Ethereum wallet's signature.
    fn verify_ethereum() -> Weight;
    /// Verifying a passkey's signature over `bytes` of authenticator and client data, its relying party looked up.
    fn verify_passkey(bytes: u32) -> Weight;
    /// Setting a relying party with `origins` origins.
    fn set_relying_party(origins: u32) -> Weight;
}

const MICROS: u64 = 1_000_000;
// Ending a version lets at most so many waiting denials in, each with its reads and writes.
const MOVES: u64 = 4;

fn weigh(db: RuntimeDbWeight, micros: u64, reads: u64, writes: u64) -> Weight {
    let proof = reads.saturating_add(writes).saturating_mul(10 * 1024);
    Weight::from_parts(micros.saturating_mul(MICROS), proof).saturating_add(db.reads_writes(reads, writes))
}

fn grant(db: RuntimeDbWeight, elements: u32, live: u32) -> Weight {
    let micros = 500u64
        .saturating_add(u64::from(elements).saturating_mul(10))
        .saturating_add(u64::from(live).saturating_mul(50));
    weigh(db, micros, u64::from(live).saturating_add(10 + 3 * MOVES), 8 + 4 * MOVES)
}

fn decide(db: RuntimeDbWeight, live: u32) -> Weight {
    let micros = 100u64.saturating_add(u64::from(live).saturating_mul(100));
    weigh(db, micros, u64::from(live).saturating_add(4), 0)
}

/// Hand-written weights with the runtime's own cost of storage access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! weights {
    ($db:expr) => {
        fn enrol() -> Weight {
            weigh($db, 300, 2, 1)
        }
        fn grant(elements: u32, live: u32) -> Weight {
            grant($db, elements, live)
        }
        fn revoke() -> Weight {
            weigh($db, 500, 8 + 3 * MOVES, 4 + 4 * MOVES)
        }
        fn end_by_order() -> Weight {
            weigh($db, 300, 6 + 3 * MOVES, 4 + 4 * MOVES)
        }
        fn appoint() -> Weight {
            weigh($db, 500, 4, 3)
        }
        fn dismiss() -> Weight {
            weigh($db, 500, 4, 3)
        }
        fn report_use() -> Weight {
            weigh($db, 300, 4, 3)
        }
        fn settle() -> Weight {
            weigh($db, 300, 3, 2)
        }
        fn decide(live: u32) -> Weight {
            decide($db, live)
        }
        fn verify_25519() -> Weight {
            weigh($db, 1_000, 0, 0)
        }
        fn verify_ethereum() -> Weight {
            weigh($db, 1_000, 0, 0)
        }
        fn verify_passkey(bytes: u32) -> Weight {
            weigh($db, 6_000u64.saturating_add(u64::from(bytes)), 1, 0)
        }
        fn set_relying_party(origins: u32) -> Weight {
            weigh($db, 100u64.saturating_add(u64::from(origins).saturating_mul(20)), 1, 1)
        }
    };
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    weights!(T::DbWeight::get());
}

impl WeightInfo for () {
    weights!(RocksDbWeight::get());
}
