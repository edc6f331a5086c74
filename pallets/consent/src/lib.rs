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
mod decide;
mod enrol;
mod events;
mod grant;
mod list;
mod mandate;
mod query;
mod relying;
mod revoke;
mod signed;
mod try_state;
mod usage;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use mandate::PatientApproval;
pub use pallet::*;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block, seconds, genesis_hash);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{PatientApproval, WeightInfo, signed::Signed};
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256, UnixSeconds,
        consent::{
            ConsentTerms, ConsentVersion, Ending, Guardianship, Mandate, Patient, PatientSignature,
            Settlement, Use,
        },
        signature::RelyingParty,
        traits::{AuditSink, Consortium},
    };

    use sp_runtime::SaturatedConversion;

    /// A consent's number as four big-endian bytes: under [`Identity`], keys come in the order of the
    /// numbers.
    pub type OrderedId = [u8; 4];

    /// A consent: the patient's key and its number.
    pub type ConsentId = (AccountId, u32);

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Says who is a member, under which name, and how many grants it may still relay.
        type Consortium: Consortium;
        /// Holds the audit log, into which every accepted call writes an entry.
        type Audit: AuditSink;
        /// Tells the time of the current block.
        type Time: UnixTime;
        /// Tells who carries out a court's order and says which apps' passkeys may sign.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Bounds how many consents of one patient are judged one by one.
        #[pallet::constant]
        type MaxLive: Get<u32>;
        /// Bounds how many of these may permit something; at least 1, and fewer than `MaxLive`.
        #[pallet::constant]
        type MaxGrants: Get<u32>;
        /// Bounds how many seconds ahead the `valid_until` of a signed text may lie.
        #[pallet::constant]
        type MaxTextAge: Get<u64>;
        /// Sets in how many seconds after the end of a consent the hospitals that read under it must say what
        /// they did.
        #[pallet::constant]
        type SettlePeriod: Get<u64>;
        /// Weighs calls and decisions.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::SetClock;
    }

    /// Holds the enrolled keys of patients. None is ever removed: a key belongs to one custodian for good.
    #[pallet::storage]
    pub type Patients<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Patient>;

    /// Holds every version of a consent, by patient and number. A version is immutable but for `listed_from`
    /// and `ended`, which are written once each.
    #[pallet::storage]
    pub type Versions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, u32, ConsentVersion>;

    /// Lists, by patient, the numbers (ascending) of consents that have not ended and are judged. Expired
    /// ones leave when a new one needs their room.
    #[pallet::storage]
    pub type Live<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<u32, T::MaxLive>, ValueQuery>;

    /// Lists denials that wait for room in `Live`, in order. While there is one, everything is denied for the
    /// patient.
    #[pallet::storage]
    pub type Overflow<T: Config> = StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedId, ()>;

    /// Holds, by patient, who may sign for them, or once might.
    #[pallet::storage]
    pub type Guardians<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, Guardianship>;

    /// Lists, by hospital, the consents under which it read.
    #[pallet::storage]
    pub type Uses<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, ConsentId, Use>;

    /// Lists, by consent, the hospitals that read under it.
    #[pallet::storage]
    pub type Readers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, ConsentId, Blake2_128Concat, AccountId, ()>;

    /// Lists the relying parties whose passkeys may sign, by the SHA-256 of their ids. It grows by decisions
    /// of the council only.
    #[pallet::storage]
    pub type RelyingParties<T: Config> = StorageMap<_, Identity, H256, RelyingParty>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            let (grants, live) = (T::MaxGrants::get(), T::MaxLive::get());
            assert!(0 < grants && grants < live, "MaxGrants must leave room for a denial");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Enrols a patient's key; the member that calls becomes its custodian for good.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enrol())]
        pub fn enrol(origin: OriginFor<T>, patient: AccountId) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_enrol(&custodian, &patient)?;
            Self::deposit_event(Event::Enrolled { patient, custodian });
            Ok(())
        }

        /// Relays a consent. `signature` is `grantor`'s over [`Pallet::grant_text`] of these `terms` and
        /// `valid_until`, the last second (Unix time) at which the text is accepted; `grantor` is the
        /// patient, or has a mandate.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::grant(terms.elements(), T::MaxLive::get())
                .saturating_add(Pallet::<T>::signature_weight(signature))
        )]
        pub fn grant(
            origin: OriginFor<T>,
            terms: ConsentTerms,
            grantor: AccountId,
            valid_until: UnixSeconds,
            signature: PatientSignature,
        ) -> DispatchResultWithPostInfo {
            let relayer = ensure_signed(origin)?;
            let (patient, supersedes) = (terms.patient.clone(), terms.supersedes);
            let signed = Signed { patient: &patient, signer: &grantor, valid_until, signature: &signature };
            let with_room = T::WeightInfo::grant_with_room(terms.elements())
                .saturating_add(Self::signature_weight(&signature));
            let (id, full) = Self::do_grant(&relayer, terms, &signed)?;
            if let Some(old) = supersedes {
                let why = Ending::Superseded(id);
                Self::deposit_event(Event::Ended { patient: patient.clone(), id: old, why });
            }
            Self::deposit_event(Event::Granted { patient, id, grantor, relayer });
            Ok(if full { ().into() } else { Some(with_room).into() })
        }

        /// Relays a withdrawal of the consent `id`. `signature` is `grantor`'s over [`Pallet::revoke_text`]
        /// with this `valid_until`, the last second (Unix time) at which the text is accepted.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::revoke().saturating_add(Pallet::<T>::signature_weight(signature)))]
        pub fn revoke(
            origin: OriginFor<T>,
            patient: AccountId,
            id: u32,
            grantor: AccountId,
            valid_until: UnixSeconds,
            signature: PatientSignature,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            let signed = Signed { patient: &patient, signer: &grantor, valid_until, signature: &signature };
            Self::do_revoke(&relayer, id, &signed)?;
            Self::deposit_event(Event::Ended { patient, id, why: Ending::Revoked(grantor) });
            Ok(())
        }

        /// Ends a consent on a court's order, whose fingerprint is `order`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::end_by_order())]
        pub fn end_by_order(
            origin: OriginFor<T>,
            patient: AccountId,
            id: u32,
            order: H256,
        ) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_end_by_order(&patient, id, order)?;
            Self::deposit_event(Event::Ended { patient, id, why: Ending::Ordered(order) });
            Ok(())
        }

        /// Appoints `guardian` to sign for a patient. A guardian is named by the custodian, which has seen
        /// the paper (`approval` is `None`); a delegate by the patient's `approval`, the signature over
        /// [`Pallet::appoint_text`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::appoint().saturating_add(Pallet::<T>::approval_weight(approval)))]
        pub fn appoint(
            origin: OriginFor<T>,
            patient: AccountId,
            guardian: AccountId,
            mandate: Mandate,
            approval: Option<PatientApproval>,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            Self::do_appoint(&relayer, &patient, &guardian, mandate, approval.as_ref())?;
            Self::deposit_event(Event::Appointed { patient, guardian });
            Ok(())
        }

        /// Dismisses who may sign for a patient, before their time: a guardian's by the custodian, a
        /// delegate's by the patient's `approval`, the signature over [`Pallet::dismiss_text`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::dismiss().saturating_add(Pallet::<T>::approval_weight(approval)))]
        pub fn dismiss(
            origin: OriginFor<T>,
            patient: AccountId,
            guardian: AccountId,
            approval: Option<PatientApproval>,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            Self::do_dismiss(&relayer, &patient, &guardian, approval.as_ref())?;
            Self::deposit_event(Event::Dismissed { patient, guardian });
            Ok(())
        }

        /// Reports that the member `reader` read under the consent `id`; by itself, or by the custodian that
        /// showed it something.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::report_use())]
        pub fn report_use(
            origin: OriginFor<T>,
            patient: AccountId,
            id: u32,
            reader: AccountId,
        ) -> DispatchResult {
            let reporter = ensure_signed(origin)?;
            Self::do_report_use(&reporter, &patient, id, &reader)?;
            Self::deposit_event(Event::Used { patient, id, hospital: reader });
            Ok(())
        }

        /// Settles what the caller owes after the end of the consent `id`, under which it had read, and says
        /// how.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::settle())]
        pub fn settle(origin: OriginFor<T>, patient: AccountId, id: u32, how: Settlement) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            Self::do_settle(&hospital, &patient, id, how)?;
            Self::deposit_event(Event::Settled { patient, id, hospital, how });
            Ok(())
        }

        /// Sets from which origins the passkeys of a relying party may sign, in place of those that stood
        /// there; without any, removes it. Passkeys of a party that is removed cannot sign any more, not even
        /// a revocation.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_relying_party(party.origins.len().saturated_into()))]
        pub fn set_relying_party(origin: OriginFor<T>, party: RelyingParty) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            let (id_hash, origins) = (party.id_hash(), party.origins.len().saturated_into());
            Self::do_set_relying_party(id_hash, party)?;
            Self::deposit_event(Event::RelyingPartySet { id_hash, origins });
            Ok(())
        }
    }
}
