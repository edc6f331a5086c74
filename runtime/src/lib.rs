//! Galen's runtime: nominated proof of stake among admitted hospitals, a council that reaches Root through
//! one gated dispatch, and the healthcare pallets.
//!
//! One runtime serves every network; what differs (members, epoch and era lengths, endowments) is set by a
//! genesis preset ([`genesis`]) and never changed after. Configuration is grouped by concern under
//! [`configs`].

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "512"]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]
// Not `as_conversions` and `expect_used`: the SDK's macros number pallets with `as` and expect.

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

// Before the APIs, which use its macros.
#[cfg(feature = "runtime-benchmarks")]
#[macro_use]
mod benchmarks;

pub mod apis;
pub mod configs;
pub mod genesis;
pub mod limits;
pub mod migrations;
pub mod parameters;
mod transactions;
mod version;

use alloc::vec::Vec;
use sp_runtime::{MultiAddress, MultiSignature, generic, impl_opaque_keys, traits::BlakeTwo256};

pub use galen_primitives::{
    AccountId, BlockNumber, H256 as Hash, UnixSeconds,
    money::{Balance, GLN, MILLIGLN},
};
pub use transactions::TxExtension;
pub use version::VERSION;

/// A nonce counts the transactions that an account has sent.
pub type Nonce = u32;
/// An account signs with ed25519, sr25519 or ECDSA.
pub type Signature = MultiSignature;
/// Transactions name accounts in this form.
pub type Address = MultiAddress<AccountId, ()>;
/// A header names its block's parent, state and transactions by their hashes.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A transaction or inherent stands in a block in this form.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block has a header and transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// The executive executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// A slot lasts so many milliseconds. This is fixed at genesis: changing it stops block production.
pub const SLOT_MILLIS: u64 = 2_000;
/// A minute has so many blocks, if no slot stays empty.
pub const MINUTES: BlockNumber = 30;
/// An hour has so many blocks.
pub const HOURS: BlockNumber = 60 * MINUTES;
/// A day has so many blocks.
pub const DAYS: BlockNumber = 24 * HOURS;

impl_opaque_keys! {
    /// A validator takes part in consensus with these keys.
    pub struct SessionKeys {
        /// Votes for finality (ed25519).
        pub grandpa: Grandpa,
        /// Authors blocks (sr25519).
        pub babe: Babe,
        /// Says that the validator is up (sr25519).
        pub im_online: ImOnline,
        /// Signs the validator's network addresses (sr25519).
        pub authority_discovery: AuthorityDiscovery,
    }
}

/// Order matters: Authorship and Babe come before Session so that an author is noted in the right session; at
/// genesis, Consortium comes before Staking, and Staking before Session, which elects.
#[frame_support::runtime]
mod runtime {
    /// Galen's runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Network = crate::parameters;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type Migrations = pallet_migrations;

    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(6)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(10)]
    pub type Audit = pallet_audit;
    #[runtime::pallet_index(11)]
    pub type Consortium = pallet_consortium;
    #[runtime::pallet_index(12)]
    pub type Conduct = pallet_conduct;

    #[runtime::pallet_index(15)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(16)]
    pub type Babe = pallet_babe;
    #[runtime::pallet_index(17)]
    pub type Staking = pallet_staking;
    #[runtime::pallet_index(18)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(19)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(20)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(21)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(22)]
    pub type ImOnline = pallet_im_online;
    #[runtime::pallet_index(23)]
    pub type AuthorityDiscovery = pallet_authority_discovery;

    #[runtime::pallet_index(30)]
    pub type Council = pallet_collective<Instance1>;

    #[runtime::pallet_index(40)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(41)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(42)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(43)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(44)]
    pub type Scheduler = pallet_scheduler;

    #[runtime::pallet_index(50)]
    pub type Consent = pallet_consent;
    #[runtime::pallet_index(51)]
    pub type Records = pallet_records;
    #[runtime::pallet_index(52)]
    pub type Federated = pallet_federated;
    #[runtime::pallet_index(53)]
    pub type Summaries = pallet_summaries;
    #[runtime::pallet_index(54)]
    pub type Emergency = pallet_emergency;

    #[runtime::pallet_index(55)]
    pub type Devices = pallet_devices;

    #[runtime::pallet_index(56)]
    pub type Custody = pallet_custody;
}
