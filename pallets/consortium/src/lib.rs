//! # Consortium
//!
//! Which hospitals are in: their accounts, names, worker keys and quotas. Members come in and go by the council's will;
//! being one is what the other pallets ask for, through [`Consortium`](galen_primitives::traits::Consortium).
//!
//! ## Calls
//! | call | who may | event |
//! |---|---|---|
//! | `admit(account, name, quotas)` | the council | `Admitted` |
//! | `evict(account)` | the council | `Evicted` |
//! | `set_worker_key(key)` | a member | `WorkerKeySet` |
//! | `set_quotas(account, quotas)` | the council | `QuotasSet` |
//! | `validate(commission)` | a member | `Validating` |
//! | `govern(call)` | the council | `Governed` |
//!
//! 'The council' is [`Config::GovernOrigin`]: two thirds of it, or Root.
//!
//! - `admit` pays the newcomer [`Config::StakeEndowment`] and [`Config::FeeEndowment`] from [`Config::Treasury`], which
//!   is kept alive. `InvalidName`, `NameTaken` (without regard to case), `AlreadyExists`, `TooManyMembers`,
//!   `TreasuryTooLow`.
//! - `evict` removes the member with its worker key, chills its validator and forces a new era. What the hospital wrote
//!   stays, and so does its balance. Its seat in the council, if it has one, is the council's own matter. That the
//!   validator could not be chilled never keeps a hospital in: the event says so, and an election of members only leaves
//!   it out. `NotFound`.
//! - `set_worker_key` sets or replaces the key that signs the receipts of the member's worker. `AlreadyExists` if it is
//!   another member's.
//! - `validate` is the only way to become a candidate: [`Config::Validators`] joins it to staking. It changes staking's
//!   state and none of this pallet's, hence has no audit entry.
//! - `govern` dispatches any call as Root; the one gate from the council to Root. That the call fails does not make
//!   `govern` fail: the event holds the result, and what the call changed is undone.
//!
//! A signer who is not a member gets `NotAuthorized`. Each of these calls but `validate` writes one audit entry: about an
//! account its subject is [`account_subject`](galen_primitives::audit::account_subject), for a worker key the key, for `govern` the BLAKE2b-256 hash of the call.
//!
//! ## Genesis
//! Members of genesis get no endowment (balances are part of genesis) and no audit entry: the log is empty at block 0,
//! and the published chain specification says who was there.
//!
//! ## Queries
//! [`Pallet::members`], [`Pallet::member`].
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
mod genesis;
mod govern;
mod lookup;
mod quotas;
mod try_state;
mod validators;
pub mod weights;
mod worker_key;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use genesis::Founder;
pub use pallet::*;
pub use validators::ValidatorControl;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
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
        AccountId, H256,
        member::{Member, MemberName, Quotas},
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
        /// The clock by which quotas count days (UTC).
        type Time: UnixTime;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The members.
    #[pallet::storage]
    pub type Members<T: Config> = CountedStorageMap<_, Blake2_128Concat, AccountId, Member>;

    /// Whose worker key a key is.
    #[pallet::storage]
    pub type WorkerKeys<T: Config> = StorageMap<_, Blake2_128Concat, H256, AccountId>;

    /// The last day (since 1970-01-01, UTC) on which a member relayed grants, and how many.
    #[pallet::storage]
    pub type GrantsToday<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, (u32, u32), ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The founding members. In JSON a name is a string.
        #[serde(with = "crate::genesis::members")]
        pub members: Vec<Founder>,
        /// The quotas of each of them.
        pub quotas: Quotas,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build::<T>(&self.members, self.quotas);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital was admitted.
        Admitted {
            /// Its account.
            account: AccountId,
            /// Its name.
            name: MemberName,
        },
        /// A hospital was evicted.
        Evicted {
            /// Its account.
            account: AccountId,
            /// Whether staking has chilled its validator.
            chilled: bool,
        },
        /// A hospital set its worker key.
        WorkerKeySet {
            /// Its account.
            account: AccountId,
            /// The key, sr25519.
            key: H256,
        },
        /// A hospital's quotas changed.
        QuotasSet {
            /// Its account.
            account: AccountId,
            /// What it has now.
            quotas: Quotas,
        },
        /// A hospital stands as a validator.
        Validating {
            /// Its account.
            account: AccountId,
            /// What it keeps of rewards before nominators share them.
            commission: Perbill,
        },
        /// The council dispatched a call as Root.
        Governed {
            /// BLAKE2b-256 of the encoded call.
            call: H256,
            /// How it ended.
            result: DispatchResult,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The signer is not a member.
        NotAuthorized,
        /// No member has this account.
        NotFound,
        /// This account is a member's already, or this key another member's.
        AlreadyExists,
        /// A name is 1 to 64 bytes of printable ASCII without `"`.
        InvalidName,
        /// Another member has this name.
        NameTaken,
        /// There are as many members as may be.
        TooManyMembers,
        /// The treasury cannot pay the endowments and stay alive.
        TreasuryTooLow,
        /// Today's quota is used up.
        QuotaExceeded,
    }

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
        #[pallet::weight(T::WeightInfo::admit(T::MaxMembers::get()).saturating_add(T::Audit::weight()))]
        pub fn admit(
            origin: OriginFor<T>,
            account: AccountId,
            name: MemberName,
            quotas: Quotas,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_admit(account, name, quotas)
        }

        /// Removes a hospital, chills its validator and forces a new era.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::evict().saturating_add(T::Audit::weight()))]
        pub fn evict(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_evict(account)
        }

        /// Sets the sr25519 key that signs the receipts of the signer's worker.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_worker_key().saturating_add(T::Audit::weight()))]
        pub fn set_worker_key(origin: OriginFor<T>, key: H256) -> DispatchResult {
            let account = Self::ensure_member(origin)?;
            Self::do_set_worker_key(account, key)
        }

        /// Sets a member's quotas.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_quotas().saturating_add(T::Audit::weight()))]
        pub fn set_quotas(origin: OriginFor<T>, account: AccountId, quotas: Quotas) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_quotas(account, quotas)
        }

        /// Makes the signer, who has bonded its stake, a candidate of the next elections.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::validate())]
        pub fn validate(origin: OriginFor<T>, commission: Perbill) -> DispatchResult {
            let account = Self::ensure_member(origin)?;
            T::Validators::validate(&account, commission)?;
            Self::deposit_event(Event::Validating { account, commission });
            Ok(())
        }

        /// Dispatches a call as Root.
        #[pallet::call_index(5)]
        #[pallet::weight({
            let info = call.get_dispatch_info();
            let own = T::WeightInfo::govern(call.encoded_size().saturated_into()).saturating_add(T::Audit::weight());
            (own.saturating_add(info.call_weight), info.class)
        })]
        pub fn govern(
            origin: OriginFor<T>,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResultWithPostInfo {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_govern(*call)
        }
    }
}
