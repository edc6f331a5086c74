#![doc = include_str!("../README.md")]
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
mod nodes;
mod query;
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

use frame_support::pallet_macros::import_section;
pub use genesis::{Founder, FoundersNodes};
pub use pallet::*;
pub use validators::ValidatorControl;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block, seconds);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(genesis::genesis)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{Founder, FoundersNodes, ValidatorControl, WeightInfo, genesis, govern::Governed};
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
        /// Is the call type of the runtime, for `govern`.
        type RuntimeCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo
            + From<frame_system::Call<Self>>;
        /// Holds the audit log, into which every change writes an entry.
        type Audit: AuditSink;
        /// Tells who admits, evicts, sets quotas and governs: two thirds of the council, or Root.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Tells who suspends: more than half of the council, or Root.
        type EmergencyOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Moves what endowments are paid in.
        type Currency: Inspect<AccountId> + Mutate<AccountId>;
        /// Names the account that endowments come from.
        type Treasury: Get<AccountId>;
        /// Sets what a newcomer gets to stake.
        type StakeEndowment: Get<BalanceOf<Self>>;
        /// Sets what a newcomer gets for fees.
        type FeeEndowment: Get<BalanceOf<Self>>;
        /// Controls staking, as far as members meet it.
        type Validators: ValidatorControl;
        /// Bounds how many members the consortium has.
        #[pallet::constant]
        type MaxMembers: Get<u32>;
        /// Bounds how many validator accounts a hospital registers beside its own.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
        /// Bounds for how many accounts one account votes.
        #[pallet::constant]
        type MaxTargets: Get<u32>;
        /// Bounds how many nodes a hospital has.
        #[pallet::constant]
        type MaxNodes: Get<u32>;
        /// Bounds how many periods of worker keys are kept of a hospital; the oldest are forgotten.
        #[pallet::constant]
        type MaxKeyPeriods: Get<u32>;
        /// Bounds how many blocks a suspension lasts.
        #[pallet::constant]
        type MaxSuspension: Get<BlockNumber>;
        /// Tells the time by which quotas count days (UTC), and by which memberships end.
        type Time: UnixTime;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeStaker
            + galen_primitives::benchmark::SetClock;
    }

    /// Holds the members, by account.
    #[pallet::storage]
    pub type Members<T: Config> = CountedStorageMap<_, Blake2_128Concat, AccountId, Member>;

    /// Lists the validator accounts that a hospital has registered beside its own.
    #[pallet::storage]
    pub type ValidatorsOf<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<AccountId, T::MaxValidators>, ValueQuery>;

    /// Holds which hospital has registered a validator account.
    #[pallet::storage]
    pub type HospitalOf<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, AccountId>;

    /// Holds every worker key that has ever been set, with its hospital.
    #[pallet::storage]
    pub type WorkerKeys<T: Config> = StorageMap<_, Blake2_128Concat, H256, WorkerKeyUse>;

    /// Lists when which worker key was a hospital's, the oldest first. The list is kept when the hospital is
    /// evicted.
    #[pallet::storage]
    pub type WorkerKeyPeriods<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<WorkerKeyPeriod, T::MaxKeyPeriods>, ValueQuery>;

    /// Lists the peer ids of a hospital's nodes.
    #[pallet::storage]
    pub type NodesOf<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<PeerId, T::MaxNodes>, ValueQuery>;

    /// Holds which hospital's node a peer id is.
    #[pallet::storage]
    pub type NodeOwner<T: Config> = StorageMap<_, Blake2_128Concat, PeerId, AccountId>;

    /// Counts the grants that a member relayed on the last day on which it did; days since 1970-01-01, UTC.
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
        /// Admits a hospital to the consortium and pays its endowments from the treasury.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit(T::MaxMembers::get()))]
        pub fn admit(
            origin: OriginFor<T>,
            account: AccountId,
            name: MemberName,
            quotas: Quotas,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_admit(&account, name.clone(), quotas)?;
            Self::deposit_event(Event::Admitted { account, name });
            Ok(())
        }

        /// Evicts a hospital from the consortium, chills its validators and forces a new era.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::evict(T::MaxValidators::get(), T::MaxNodes::get()))]
        pub fn evict(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            let chilled = Self::do_evict(&account)?;
            Self::deposit_event(Event::Evicted { account, chilled });
            Ok(())
        }

        /// Sets the sr25519 key that signs the receipts of the signer's worker.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_worker_key())]
        pub fn set_worker_key(origin: OriginFor<T>, key: H256) -> DispatchResult {
            let account = Self::ensure_member(origin)?;
            Self::do_set_worker_key(&account, key)?;
            Self::deposit_event(Event::WorkerKeySet { account, key });
            Ok(())
        }

        /// Sets a member's quotas.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_quotas())]
        pub fn set_quotas(origin: OriginFor<T>, account: AccountId, quotas: Quotas) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_quotas(&account, quotas)?;
            Self::deposit_event(Event::QuotasSet { account, quotas });
            Ok(())
        }

        /// Makes the signer, who has bonded its stake, a candidate of the next elections.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::validate())]
        pub fn validate(origin: OriginFor<T>, commission: Perbill) -> DispatchResult {
            let account = Self::ensure_validator(origin)?;
            Self::do_validate(&account, commission)?;
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
            let Governed { call, result, weight } = Self::do_govern(*call)?;
            Self::deposit_event(Event::Governed { call, result });
            Ok(Some(weight).into())
        }

        /// Suspends a hospital for so many blocks, chills its validators and forces a new era.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::suspend(T::MaxValidators::get()))]
        pub fn suspend(origin: OriginFor<T>, account: AccountId, blocks: BlockNumber) -> DispatchResult {
            T::EmergencyOrigin::ensure_origin(origin)?;
            let (until, chilled) = Self::do_suspend(&account, blocks)?;
            Self::deposit_event(Event::Suspended { account, until, chilled });
            Ok(())
        }

        /// Lifts the suspension of a hospital.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_standing())]
        pub fn lift_suspension(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_lift_suspension(&account)?;
            Self::deposit_event(Event::SuspensionLifted { account });
            Ok(())
        }

        /// Sets when a membership ends, in Unix seconds, or that it does not end.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_standing())]
        pub fn set_expiry(
            origin: OriginFor<T>,
            account: AccountId,
            expires_at: Option<UnixSeconds>,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_expiry(&account, expires_at)?;
            Self::deposit_event(Event::ExpirySet { account, expires_at });
            Ok(())
        }

        /// Registers another account with which the signer's hospital may validate.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::add_validator())]
        pub fn add_validator(origin: OriginFor<T>, stash: AccountId) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            Self::do_add_validator(&hospital, &stash)?;
            Self::deposit_event(Event::ValidatorAdded { hospital, account: stash });
            Ok(())
        }

        /// Gives up a validator account of the signer's hospital, and chills it.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::remove_validator())]
        pub fn remove_validator(origin: OriginFor<T>, stash: AccountId) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            let chilled = Self::do_remove_validator(&hospital, &stash)?;
            Self::deposit_event(Event::ValidatorRemoved { hospital, account: stash, chilled });
            Ok(())
        }

        /// Marks a worker key suspect: nothing that it signed from block `from` on can be relied upon.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::mark_worker_key_suspect(T::MaxKeyPeriods::get()))]
        pub fn mark_worker_key_suspect(
            origin: OriginFor<T>,
            hospital: AccountId,
            key: H256,
            from: BlockNumber,
        ) -> DispatchResult {
            let actor = Self::ensure_may_suspect(origin, &hospital)?;
            let from = Self::do_mark_suspect(actor.as_ref(), &hospital, key, from)?;
            Self::deposit_event(Event::WorkerKeySuspect { hospital, key, from });
            Ok(())
        }

        /// Sets the peer ids of the signer's nodes, in place of those set before.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_nodes(T::MaxNodes::get()))]
        pub fn set_nodes(origin: OriginFor<T>, nodes: BoundedVec<PeerId, T::MaxNodes>) -> DispatchResult {
            let hospital = Self::ensure_member(origin)?;
            Self::do_set_nodes(&hospital, nodes.clone())?;
            Self::deposit_event(Event::NodesSet { hospital, nodes: nodes.into_inner() });
            Ok(())
        }

        /// Sets the accounts for which the signer, who has bonded its stake, votes in the next elections.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::nominate(T::MaxTargets::get()))]
        pub fn nominate(
            origin: OriginFor<T>,
            targets: BoundedVec<AccountId, T::MaxTargets>,
        ) -> DispatchResult {
            let account = Self::ensure_validator(origin)?;
            let targets = targets.into_inner();
            Self::do_nominate(&account, targets.clone())?;
            Self::deposit_event(Event::Nominating { account, targets });
            Ok(())
        }
    }
}
