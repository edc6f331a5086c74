//! # Consortium
//!
//! Which hospitals are in: their accounts, names, validator accounts, nodes, worker keys and quotas. Members come in and go
//! by the council's will; being one in good standing (admitted, not expired, not suspended) is what the other pallets
//! ask for, through [`Consortium`](galen_primitives::traits::Consortium).
//!
//! ## Calls
//! | call | who may | event |
//! |---|---|---|
//! | `admit(account, name, quotas)` | the council | `Admitted` |
//! | `evict(account)` | the council | `Evicted` |
//! | `set_worker_key(key)` | a member | `WorkerKeySet` |
//! | `set_quotas(account, quotas)` | the council | `QuotasSet` |
//! | `validate(commission)` | a member, or its validator account | `Validating` |
//! | `govern(call)` | the council | `Governed` |
//! | `suspend(account, blocks)` | the council in an emergency | `Suspended` |
//! | `lift_suspension(account)` | the council | `SuspensionLifted` |
//! | `set_expiry(account, expires_at)` | the council | `ExpirySet` |
//! | `add_validator(stash)` | a member | `ValidatorAdded` |
//! | `remove_validator(stash)` | a member | `ValidatorRemoved` |
//! | `mark_worker_key_suspect(hospital, key, from)` | the hospital, or the council | `WorkerKeySuspect` |
//! | `set_nodes(nodes)` | a member | `NodesSet` |
//! | `nominate(targets)` | a member, or its validator account | `Nominating` |
//!
//! 'The council' is [`Config::GovernOrigin`]: two thirds of it, or Root; in an emergency [`Config::EmergencyOrigin`]: more
//! than half of it, or Root.
//!
//! - `admit` pays the newcomer [`Config::StakeEndowment`] and [`Config::FeeEndowment`] from [`Config::Treasury`], which
//!   is kept alive. `InvalidName`, `NameTaken` (without regard to case), `AlreadyExists`, `TooManyMembers`,
//!   `TreasuryTooLow`.
//! - `evict` removes the member with its validator accounts and nodes, chills all its accounts in staking and forces a new
//!   era. What it wrote stays, and so do its balance and the history of its worker keys. Its seat in the council is the
//!   council's own matter. That an account could not be chilled keeps no hospital in: the event says so, and the election
//!   leaves it out. `NotFound`.
//! - `suspend` takes every right at once, for `blocks` blocks, at most [`Config::MaxSuspension`], and chills and forces a
//!   new era as `evict` does; a suspension is prolonged and never shortened. When it is over, the hospital has its rights
//!   again, and must `validate` and `nominate` anew. `NotFound`, `InvalidLength`. `lift_suspension`: `NotSuspended`.
//! - `set_expiry` sets the time at which the membership ends. It is compared when read: nothing has to happen then, and a
//!   later `set_expiry` brings the member back. `NotFound`.
//! - `set_worker_key` sets or replaces the key that signs the receipts of the member's worker. `AlreadyExists` if it is or
//!   was another member's, `SuspectKey` if it was marked so.
//! - `mark_worker_key_suspect` says that nothing that a key signed from a block on can be relied upon, and puts it out of
//!   force at once. The hospital may do it whatever its standing. The earliest block holds. `NotFound`, `InvalidBlock`.
//! - `add_validator` registers another account with which the hospital may validate, at most [`Config::MaxValidators`]; that
//!   account then bonds, sets session keys and calls `validate`. `AlreadyExists`, `TooManyValidators`. `remove_validator`
//!   chills it. `NotFound`.
//! - `validate` is the only way to become a candidate, and `nominate` the only way to vote: [`Config::Validators`] joins
//!   them to staking. `nominate`: `NotFound` if a target is no account of a member.
//! - `set_nodes` replaces the list of the member's nodes. `InvalidPeerId`, `AlreadyExists`.
//! - `govern` dispatches any call as Root; the one gate from the council to Root. That the call fails does not make
//!   `govern` fail: the event holds the result, and what the call changed is undone.
//!
//! A signer who is not a member in good standing gets `NotAuthorized`. Each call writes one audit entry, but `validate` and
//! `nominate`, which change staking's state only. Its subject is an account's
//! [`account_subject`](galen_primitives::audit::account_subject), a worker key, or for `govern` the BLAKE2b-256 of the call.
//!
//! ## Genesis
//! Members of genesis get no endowment (balances are part of genesis) and no audit entry: the log is empty at block 0,
//! and the published chain specification says who was there.
//!
//! ## Queries
//! [`Pallet::members`], [`Pallet::member`], [`Pallet::in_good_standing`], [`Pallet::hospital_of`],
//! [`Pallet::validator_accounts`], [`Pallet::electorate`], [`Pallet::worker_keys`], [`Pallet::nodes`]. How many seats a
//! hospital may hold among the validators: [`seats`].
//!
//! ## What never goes on chain
//! People. A member is an organisation that has agreed to be named; its staff appear in no account, name or key here.

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

mod admission;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod genesis;
mod govern;
mod lookup;
mod nodes;
mod quotas;
pub mod seats;
mod standing;
mod try_state;
mod validators;
pub mod weights;
mod worker_key;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

// The sections that the pallet's macro takes in below.
use events::{__export_tokens_tt_errors, __export_tokens_tt_events};
use frame_support::pallet_macros::import_section;
use genesis::__export_tokens_tt_genesis_config;
pub use genesis::{Founder, FoundersNodes};
pub use pallet::*;
pub use validators::ValidatorControl;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events)]
#[import_section(errors)]
#[import_section(genesis_config)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{boxed::Box, vec::Vec};
    use codec::Encode;
    use frame_support::{
        dispatch::{GetDispatchInfo, PostDispatchInfo},
        pallet_prelude::*,
        traits::{
            UnixTime,
            fungible::{Inspect, Mutate},
        },
    };
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, BlockNumber, H256, UnixSeconds,
        member::{Member, MemberName, PeerId, Quotas, WorkerKeyPeriod, WorkerKeyUse},
        traits::AuditSink,
    };
    use sp_runtime::{Perbill, SaturatedConversion, traits::Dispatchable};

    /// A balance of [`Config::Currency`], in its smallest unit.
    pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountId>>::Balance;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// The call type of the runtime, for `govern`.
        type RuntimeCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo
            + From<frame_system::Call<Self>>;
        /// Where changes are logged.
        type Audit: AuditSink;
        /// Who admits, evicts, sets quotas and governs: two thirds of the council, or Root.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Who suspends: more than half of the council, or Root.
        type EmergencyOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// What endowments are paid in.
        type Currency: Inspect<AccountId> + Mutate<AccountId>;
        /// The account that endowments come from.
        type Treasury: Get<AccountId>;
        /// What a newcomer gets to stake.
        type StakeEndowment: Get<BalanceOf<Self>>;
        /// What a newcomer gets for fees.
        type FeeEndowment: Get<BalanceOf<Self>>;
        /// Staking, as far as members meet it.
        type Validators: ValidatorControl;
        /// The largest number of members.
        #[pallet::constant]
        type MaxMembers: Get<u32>;
        /// The largest number of validator accounts that a hospital registers beside its own.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
        /// The largest number of accounts that one account votes for.
        #[pallet::constant]
        type MaxTargets: Get<u32>;
        /// The largest number of nodes of a hospital.
        #[pallet::constant]
        type MaxNodes: Get<u32>;
        /// How many periods of worker keys are kept of a hospital; the oldest are forgotten.
        #[pallet::constant]
        type MaxKeyPeriods: Get<u32>;
        /// The longest suspension, in blocks.
        #[pallet::constant]
        type MaxSuspension: Get<BlockNumber>;
        /// The clock by which quotas count days (UTC), and by which memberships end.
        type Time: UnixTime;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeStaker
            + galen_primitives::benchmark::SetClock;
    }

    /// The members.
    #[pallet::storage]
    pub type Members<T: Config> = CountedStorageMap<_, Blake2_128Concat, AccountId, Member>;

    /// The validator accounts that a hospital has registered beside its own.
    #[pallet::storage]
    pub type ValidatorsOf<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<AccountId, T::MaxValidators>, ValueQuery>;

    /// The hospital that has registered a validator account.
    #[pallet::storage]
    pub type HospitalOf<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, AccountId>;

    /// Every worker key that has been set, for good.
    #[pallet::storage]
    pub type WorkerKeys<T: Config> = StorageMap<_, Blake2_128Concat, H256, WorkerKeyUse>;

    /// When which worker key was a hospital's, the oldest first; kept when the hospital is evicted.
    #[pallet::storage]
    pub type WorkerKeyPeriods<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<WorkerKeyPeriod, T::MaxKeyPeriods>, ValueQuery>;

    /// The peer ids of a hospital's nodes.
    #[pallet::storage]
    pub type NodesOf<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<PeerId, T::MaxNodes>, ValueQuery>;

    /// Whose node a peer id is.
    #[pallet::storage]
    pub type NodeOwner<T: Config> = StorageMap<_, Blake2_128Concat, PeerId, AccountId>;

    /// The last day (since 1970-01-01, UTC) on which a member relayed grants, and how many.
    #[pallet::storage]
    pub type GrantsToday<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, (u32, u32), ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits a hospital and pays its endowments from the treasury.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit(T::MaxMembers::get()))]
        pub fn admit(
            origin: OriginFor<T>,
            account: AccountId,
            name: MemberName,
            quotas: Quotas,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_admit(account, name, quotas)
        }

        /// Removes a hospital, chills its validators and forces a new era.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::evict(T::MaxValidators::get(), T::MaxNodes::get()))]
        pub fn evict(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_evict(account)
        }

        /// Sets the sr25519 key that signs the receipts of the signer's worker.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_worker_key())]
        pub fn set_worker_key(origin: OriginFor<T>, key: H256) -> DispatchResult {
            let account = Self::ensure_member(origin)?;
            Self::do_set_worker_key(account, key)
        }

        /// Sets a member's quotas.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_quotas())]
        pub fn set_quotas(origin: OriginFor<T>, account: AccountId, quotas: Quotas) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_quotas(account, quotas)
        }

        /// Makes the signer, who has bonded its stake, a candidate of the next elections.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::validate())]
        pub fn validate(origin: OriginFor<T>, commission: Perbill) -> DispatchResult {
            let account = Self::ensure_validator(origin)?;
            T::Validators::validate(&account, commission)?;
            Self::deposit_event(Event::Validating { account, commission });
            Ok(())
        }

        /// Dispatches a call as Root.
        #[pallet::call_index(5)]
        #[pallet::weight({
            let info = call.get_dispatch_info();
            let own = T::WeightInfo::govern(call.encoded_size().saturated_into());
            (own.saturating_add(info.call_weight), info.class)
        })]
        pub fn govern(
            origin: OriginFor<T>,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResultWithPostInfo {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_govern(*call)
        }

        /// Suspends a hospital for so many blocks, chills its validators and forces a new era.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::suspend(T::MaxValidators::get()))]
        pub fn suspend(origin: OriginFor<T>, account: AccountId, blocks: BlockNumber) -> DispatchResult {
            T::EmergencyOrigin::ensure_origin(origin)?;
            Self::do_suspend(account, blocks)
        }

        /// Ends a suspension.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_standing())]
        pub fn lift_suspension(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_lift_suspension(account)
        }

        /// Sets when a membership ends, in seconds since 1970, or that it does not.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_standing())]
        pub fn set_expiry(
            origin: OriginFor<T>,
            account: AccountId,
            expires_at: Option<UnixSeconds>,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_expiry(account, expires_at)
        }

        /// Registers another account with which the signer's hospital may validate.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::add_validator())]
        pub fn add_validator(origin: OriginFor<T>, stash: AccountId) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            Self::do_add_validator(hospital, stash)
        }

        /// Gives up a validator account of the signer's hospital, and chills it.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::remove_validator())]
        pub fn remove_validator(origin: OriginFor<T>, stash: AccountId) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            Self::do_remove_validator(hospital, stash)
        }

        /// Says that nothing a worker key signed from block `from` on can be relied upon.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::mark_worker_key_suspect(T::MaxKeyPeriods::get()))]
        pub fn mark_worker_key_suspect(
            origin: OriginFor<T>,
            hospital: AccountId,
            key: H256,
            from: BlockNumber,
        ) -> DispatchResult {
            let actor = Self::ensure_may_suspect(origin, &hospital)?;
            Self::do_mark_suspect(actor, hospital, key, from)
        }

        /// Sets the peer ids of the signer's nodes, in place of those set before.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_nodes(T::MaxNodes::get()))]
        pub fn set_nodes(origin: OriginFor<T>, nodes: BoundedVec<PeerId, T::MaxNodes>) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            Self::do_set_nodes(hospital, nodes)
        }

        /// Has the signer, who has bonded its stake, vote for these accounts in the next elections.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::nominate(T::MaxTargets::get()))]
        pub fn nominate(
            origin: OriginFor<T>,
            targets: BoundedVec<AccountId, T::MaxTargets>,
        ) -> DispatchResult {
            let account = Self::ensure_validator(origin)?;
            Self::do_nominate(account, targets.into_inner())
        }
    }
}
