//! # Audit
//!
//! The append-only log of the consortium. Every change of state in Galen's other pallets appends one entry here, in the
//! same extrinsic: entries are numbered from 0 without gaps and stand under a Merkle mountain range whose peaks are in
//! state ([`galen_primitives::audit`] says how leaves and nodes are hashed).
//!
//! ## Who writes
//! Only the other pallets, through [`AuditSink`]; there are no calls. An error while appending reaches the caller, whose
//! change is undone with it.
//!
//! | event | when |
//! |---|---|
//! | `Appended { index, kind, hospital }` | an entry was written |
//!
//! | error | when |
//! |---|---|
//! | `Full` | 2^64 - 1 entries exist |
//!
//! ## Queries
//! - [`Pallet::state`]: count and peaks;
//! - [`Pallet::entries`]: entries by hospital, kind, patient key and range, page by page;
//! - [`Pallet::holders`]: which hospitals hold or used something of a patient key.
//!
//! All are for runtime APIs: they are bounded in what they read, but no call pays for them.
//!
//! ## Size
//! The log grows with each change of state and is never shortened: what bounds it is the fee of the extrinsic that
//! changes state, and the quotas of its sender. One entry is at most 170 bytes and has at most three index keys.
//! Nothing is in the log at genesis: what the genesis state sets up, the chain specification itself documents.
//!
//! ## What never goes on chain
//! What an entry says in full. An entry names a hospital, a kind, a hash and, at most, a patient's pairwise key; who
//! read what and why, in words, stays encrypted at the hospitals' workers.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions
    )
)]

extern crate alloc;

mod append;
mod query;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use galen_primitives::traits::AuditSink;
pub use pallet::*;
pub use query::MAX_SCAN;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256,
        audit::{Entry, Kind, LogState},
    };

    /// An entry's number as eight big-endian bytes: under [`Identity`], keys come in the order of the numbers.
    pub type OrderedIndex = [u8; 8];

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// What an append costs.
        type WeightInfo: WeightInfo;
    }

    /// Count and peaks.
    #[pallet::storage]
    pub type Log<T: Config> = StorageValue<_, LogState, ValueQuery>;

    /// The entries, by number.
    #[pallet::storage]
    pub type Entries<T: Config> = StorageMap<_, Twox64Concat, u64, Entry>;

    /// The numbers of each hospital's entries, in order.
    #[pallet::storage]
    pub type ByHospital<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ()>;

    /// The numbers of the entries about each patient key, in order.
    #[pallet::storage]
    pub type ByPatient<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ()>;

    /// By patient key, the hospitals that acted on it and the number of each one's latest entry.
    #[pallet::storage]
    pub type Holders<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, u64>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entry was written.
        Appended {
            /// Its number.
            index: u64,
            /// What happened.
            kind: Kind,
            /// The hospital that acted; `None` when the council did.
            hospital: Option<AccountId>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The log holds as many entries as it can number.
        Full,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
