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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod expire;
pub mod ocw;
mod query;
mod request;
mod submit;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use submit::{LONGEVITY, UNKNOWN_JOB};
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block, genesis_hash);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, ocw, request::Opened};
    use frame_support::pallet_prelude::*;
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use galen_primitives::{
        AccountId, H256,
        consent::{Purpose, Reason},
        summary::{Failure, Job, Outcome},
        traits::{AuditSink, ConsentCheck, Consortium, EmergencyCheck, ModelLookup, RecordLookup},
    };
    use sp_core::sr25519;
    use sp_runtime::SaturatedConversion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// `frame_system::AuthorizeCall` must be among the runtime's transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256> + CreateAuthorizedTransaction<Call<Self>>
    {
        /// Says who is a member, and knows its worker key and quotas.
        type Consortium: Consortium;
        /// Records who read under which consent.
        type Consent: ConsentCheck;
        /// Decides over consents, emergencies counted in.
        type Emergency: EmergencyCheck;
        /// Looks up anchored records.
        type Records: RecordLookup;
        /// Looks up registered models.
        type Models: ModelLookup;
        /// Holds the audit log, into which every change of a job writes an entry.
        type Audit: AuditSink;
        /// Sets for how many blocks after its request a job can be answered.
        #[pallet::constant]
        type Deadline: Get<u32>;
        /// Bounds how many jobs a hospital has open, whatever its quota says.
        #[pallet::constant]
        type MaxOpenJobs: Get<u32>;
        /// Weighs the calls, without rulings over consents.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient
            + galen_primitives::benchmark::MakeRecord
            + galen_primitives::benchmark::MakeModel;
    }

    /// Holds every job that was ever opened, by id. An expired job is stored as open: its status is found
    /// when read.
    #[pallet::storage]
    pub type Jobs<T: Config> = StorageMap<_, Blake2_128Concat, H256, Job>;

    /// Lists a hospital's open jobs, the oldest first; those past their deadline stay until they are cleared
    /// away.
    #[pallet::storage]
    pub type OpenJobs<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<H256, T::MaxOpenJobs>, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn offchain_worker(now: BlockNumberFor<T>) {
            ocw::run::<T>(now.saturated_into());
        }

        fn integrity_test() {
            assert!(T::MaxOpenJobs::get() > 0, "no job could ever be opened");
            assert!(
                T::Deadline::get() > ocw::URGENT_BLOCKS,
                "the offchain worker would give every job up at once"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Requests a summary of a record that the caller keeps, and opens a job for the caller's worker key.
        ///
        /// Clears away the caller's jobs past their deadline first. The job's id hashes the caller's account
        /// nonce as it stands while the call runs: two equal requests within one nonce (in a batch, or by a
        /// proxy) are one too many.
        #[pallet::call_index(0)]
        #[pallet::weight({
            let most = T::MaxOpenJobs::get();
            Pallet::<T>::request_weight(most, most, T::Emergency::weight())
        })]
        pub fn request(
            origin: OriginFor<T>,
            record: H256,
            model: H256,
            purpose: Purpose,
        ) -> DispatchResultWithPostInfo {
            let hospital = ensure_signed(origin)?;
            let Opened { id, job, expired, weight } = Self::do_request(hospital, record, model, purpose)?;
            let Job { hospital, deadline, .. } = job;
            for job in expired {
                Self::deposit_event(Event::Expired { job, hospital: hospital.clone() });
            }
            Self::deposit_event(Event::Requested { job: id, hospital, record, model, deadline });
            Ok(Some(weight).into())
        }

        /// Submits what the hospital's worker says of an open job, and settles it.
        ///
        /// The signature of the worker key that the hospital has in this block authorizes it; it pays
        /// nothing. Consent is decided again: if it refuses, the job ends as refused and nothing of the
        /// receipt is stored.
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::submit_weight())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_submit())]
        #[pallet::authorize(Self::authorize_submit)]
        pub fn submit(
            origin: OriginFor<T>,
            job: H256,
            outcome: Outcome,
            // Verified where the call is authorized, which always comes first.
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            let event = Self::do_submit(job, outcome)?;
            Self::deposit_event(event);
            Ok(())
        }

        /// Clears away a job past its deadline, with its audit entry, whichever hospital's it is.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::expire())]
        pub fn expire(origin: OriginFor<T>, job: H256) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            let hospital = Self::do_expire(&caller, job)?;
            Self::deposit_event(Event::Expired { job, hospital });
            Ok(())
        }
    }
}
