//! # Audit
//!
//! The append-only log of the consortium. Every change of state in Galen's other pallets appends one entry here, in the
//! same extrinsic: entries are numbered from 0 without gaps and stand under a Merkle mountain range whose peaks are in
//! state ([`galen_primitives::audit`] says how leaves and nodes are hashed).
//!
//! ## Who writes
//! The other pallets, through [`AuditSink`]; an error while appending reaches the caller, whose change is undone with it.
//! And hospitals' workers, who report in batches what they disclosed ([`galen_primitives::audit::disclosure`]).
//!
//! | call | who may | event | errors |
//! |---|---|---|---|
//! | `report` | nobody's account: authorized by the signature of the hospital's worker key over [`report_payload`] | `Reported` | see below |
//!
//! `report` is checked before it enters a block, so its errors are those of the pool: `Call` an empty or too large batch,
//! `Stale` reported already, `Custom(1)` a gap before it ([`GAP`]), `Custom(2)` it follows another batch than the site's last
//! ([`FORK`]), `BadSigner` the hospital has no worker key (any more), `BadProof` that key did not sign it. So a gap, a
//! change and another order are refused, and show at the worker that could not report.
//!
//! | event | when |
//! |---|---|
//! | `Appended { index, kind, hospital }` | an entry was written |
//! | `Reported { hospital, first, count, root }` | a batch of disclosures was reported |
//!
//! | error | when |
//! |---|---|
//! | `Full` | 2^64 - 1 entries exist |
//! | `OutOfOrder` | a batch is not the site's next (after it was authorized; by no way that is known) |
//!
//! ## Queries
//! - [`Pallet::state`]: count and peaks;
//! - [`Pallet::entries`]: entries by hospital, kind, patient key and range, page by page;
//! - [`Pallet::holders`]: which hospitals hold or used something of a patient key;
//! - [`Pallet::inclusion_proof`], [`Pallet::consistency_proof`]: what shows that an entry is in the log, and that the log
//!   was only appended to, for the log of today and of any earlier size;
//! - [`Pallet::sites`], [`Pallet::disclosure_batches`]: how far hospitals have reported, and what.
//!
//! All are for runtime APIs: they are bounded in what they read, but no call pays for them.
//!
//! ## Size
//! The log grows with each change of state and is never shortened: what bounds it is the fee of the extrinsic that
//! changes state, and the quotas of its sender. One entry is at most 170 bytes and has at most three index keys. Inner nodes
//! of the tree are stored as entries complete them, at most one per entry in all, so that proofs need no other entries. A
//! site's reports pay nothing: of each hospital, one is in the pool at a time.
//! Nothing is in the log at genesis: what the genesis state sets up, the chain specification itself documents.
//!
//! ## Runtime
//! Needs `frame_system::AuthorizeCall` among the transaction extensions. The offchain worker ([`ocw`]) takes batches from
//! the hospital's `galen-worker` and signs them with the worker key in the node's keystore.
//!
//! ## What never goes on chain
//! What an entry says in full. An entry names a hospital, a kind, a hash and, at most, a patient's pairwise key; who
//! read what and why, in words, stays encrypted at the hospitals' workers; of a batch of disclosures the chain has the root
//! over salted commitments.

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
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod ocw;
mod prove;
mod query;
mod report;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use galen_primitives::traits::AuditSink;
pub use pallet::*;
pub use query::MAX_SCAN;
pub use report::{FORK, GAP, LONGEVITY};
pub use weights::WeightInfo;

#[cfg(doc)]
use galen_primitives::audit::disclosure::report_payload;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use galen_offchain::reports;
    use galen_primitives::{
        AccountId, H256,
        audit::{
            Entry, Kind, LogState,
            disclosure::{DisclosureBatch, ReportedBatch, Site},
        },
        traits::Consortium,
    };
    use sp_core::sr25519;
    use sp_runtime::SaturatedConversion;

    /// An entry's number as eight big-endian bytes: under [`Identity`], keys come in the order of the numbers.
    pub type OrderedIndex = [u8; 8];

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// `frame_system::AuthorizeCall` must be among the runtime's transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256> + CreateAuthorizedTransaction<Call<Self>>
    {
        /// Whose worker key may report for which hospital.
        type Consortium: Consortium;
        /// What a report and the merges of a block cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeMember;
    }

    /// Count and peaks.
    #[pallet::storage]
    pub type Log<T: Config> = StorageValue<_, LogState, ValueQuery>;

    /// The entries, by number.
    #[pallet::storage]
    pub type Entries<T: Config> = StorageMap<_, Twox64Concat, u64, Entry>;

    /// The inner nodes of the tree over the entries, by level (1 and up) and index: roots of its perfect subtrees. They
    /// never change.
    #[pallet::storage]
    pub type Nodes<T: Config> = StorageMap<_, Twox64Concat, (u8, u64), H256>;

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

    /// How far each hospital has reported its disclosures.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Site, ValueQuery>;

    /// The batches of each hospital, by the number of their last disclosure: the first key from a number on is that of the
    /// batch which holds it.
    #[pallet::storage]
    pub type Batches<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ReportedBatch>;

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
        /// A batch of disclosures was reported.
        Reported {
            /// Whose.
            hospital: AccountId,
            /// The number of the first.
            first: u64,
            /// How many.
            count: u32,
            /// The root over their commitments.
            root: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The log holds as many entries as it can number.
        Full,
        /// The batch is not the site's next.
        OutOfOrder,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// What the block's appends may cost beyond what each is charged: their merges with the mountains that are there.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::merges(Log::<T>::get().count.count_ones())
        }

        fn offchain_worker(now: BlockNumberFor<T>) {
            reports::run::<ocw::Disclosures<T>>(now.saturated_into());
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Reports a hospital's next batch of disclosures.
        ///
        /// Authorized by the signature of the hospital's worker key of this block; pays nothing.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::report())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_report())]
        #[pallet::authorize(Self::authorize_report)]
        pub fn report(
            origin: OriginFor<T>,
            hospital: AccountId,
            batch: DisclosureBatch,
            // Verified where the call is authorized, which always comes first.
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_report(&hospital, batch)?;
            let DisclosureBatch { first, count, root, .. } = batch;
            Self::deposit_event(Event::Reported { hospital, first, count, root });
            Ok(())
        }
    }
}
