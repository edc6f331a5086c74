//! Patients' consents: who may use whose records, for what, and until when.
//!
//! A patient's pairwise key is enrolled by the hospital that keeps the records (the custodian). With that key the
//! patient signs a readable text, rebuilt here from the structured terms; any member relays it and pays. Every accepted
//! grant is an immutable version that counts for the blocks `from_block <= block < until_block`, so that a decision of
//! an earlier block can be answered from any later state. No consent means no.
//!
//! # Calls
//! | call | who may | events | errors |
//! |---|---|---|---|
//! | `enrol` | a member, which becomes the custodian | `Enrolled` | `NotMember`, `IsMember`, `AlreadyExists` |
//! | `grant` | any member, with the patient's signature | `Granted` | `NotMember`, `NotEnrolled`, `NoPurpose`, `Duplicate`, `BadPeriod`, `Expired`, `TooFarAhead`, `BadSignature`, `TooMany`, and the relayer's quota |
//! | `revoke` | any member, with the patient's signature | `Revoked` | `NotMember`, `NotEnrolled`, `NotFound`, `AlreadyRevoked`, `Expired`, `TooFarAhead`, `BadSignature` |
//! | `set_relying_party` | `GovernOrigin` | `RelyingPartySet` | `InvalidRelyingParty`, `UnknownRelyingParty` |
//!
//! The relayer pays the fee of a patient's text. No quota and no list can stand in the way of a revocation; it counts
//! from its own block on, so that a check later in the same block already refuses. Every accepted call appends one
//! entry to the audit log, whose subject is the key on enrolment (BLAKE2b-256 of `galen:account:v1` and the account) and
//! the fingerprint of the form otherwise; of a relying party, the hash of its id.
//!
//! How patients sign is in [`signature`](galen_primitives::signature). A passkey counts only for a relying party on this
//! chain's list, from an origin that stands there: its prompt does not show the text, so that the app has to be trusted to.
//!
//! # Queries
//! [`Pallet::patient`], [`Pallet::consents`], [`Pallet::decide_at`], [`Pallet::grant_text`], [`Pallet::revoke_text`],
//! [`Pallet::relying_parties`],
//! and [`ConsentCheck`](galen_primitives::traits::ConsentCheck) for the decision in the current block.
//!
//! A refusal names the reason that came closest to a permission, in the order of
//! [`Reason`](galen_primitives::consent::Reason): the question is matched with each consent that names the asking
//! hospital, and what was revoked or has expired counts as well.
//!
//! # What never goes on chain
//! Names, numbers and dates of a patient; the form that the patient read (only its fingerprint); sensitivity labels
//! other than blinded ones; the signed text. A patient's key is used with one custodian only, so that two hospitals'
//! entries cannot be linked by it.

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

mod decide;
mod enrol;
mod grant;
mod relying;
mod revoke;
mod signed;
mod try_state;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, types::Past};
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256, UnixSeconds,
        consent::{ConsentTerms, ConsentVersion, Patient, PatientSignature},
        signature::RelyingParty,
        traits::{AuditSink, Consortium},
    };
    use sp_runtime::SaturatedConversion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Who is a member, under which name, and how many grants it may still relay.
        type Consortium: Consortium;
        /// Where every accepted call leaves an entry.
        type Audit: AuditSink;
        /// The time of the current block.
        type Time: UnixTime;
        /// Who says which apps' passkeys may sign.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// How many consents of one patient for one grantee may be in force at once; at least 1.
        #[pallet::constant]
        type MaxLive: Get<u32>;
        /// How many seconds ahead the `valid_until` of a signed text may lie.
        #[pallet::constant]
        type MaxTextAge: Get<u64>;
        /// What calls and decisions cost.
        type WeightInfo: WeightInfo;
    }

    /// Enrolled patient keys. Never removed: a key belongs to one custodian for good.
    #[pallet::storage]
    pub type Patients<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Patient>;

    /// Consent versions by patient and id. Immutable but for `until_block`, which is written once.
    #[pallet::storage]
    pub type Versions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, u32, ConsentVersion>;

    /// By patient and grantee, the ids (ascending) of consents that are not revoked. Expired ones are moved to
    /// [`Pasts`] when a grant needs their room.
    #[pallet::storage]
    pub type Live<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Blake2_128Concat,
        AccountId,
        BoundedVec<u32, T::MaxLive>,
        ValueQuery,
    >;

    /// By patient and grantee, how many consents are no longer in [`Live`], and why: what a refusal names as its reason.
    #[pallet::storage]
    pub type Pasts<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, Past, ValueQuery>;

    /// Relying parties whose passkeys may sign, by the SHA-256 of their ids. Grows with decisions of `GovernOrigin` only.
    #[pallet::storage]
    pub type RelyingParties<T: Config> = StorageMap<_, Identity, H256, RelyingParty>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A custodian enrolled a patient key.
        Enrolled { patient: AccountId, custodian: AccountId },
        /// A patient granted a consent.
        Granted { patient: AccountId, id: u32, grantee: AccountId, relayer: AccountId },
        /// A patient revoked a consent.
        Revoked { patient: AccountId, id: u32, grantee: AccountId, relayer: AccountId },
        /// The origins of a relying party, named by the SHA-256 of its id, were set; none of them: it was removed.
        RelyingPartySet { id_hash: H256, origins: u32 },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller, the custodian or the grantee is not an admitted member.
        NotMember,
        /// A member's own account cannot be a patient key.
        IsMember,
        /// The patient key is already enrolled.
        AlreadyExists,
        /// The patient key is not enrolled, or not with this custodian.
        NotEnrolled,
        /// The patient has no consent with this id.
        NotFound,
        /// The consent is already revoked.
        AlreadyRevoked,
        /// The terms name no purpose.
        NoPurpose,
        /// The terms name a purpose or a label twice.
        Duplicate,
        /// The period ends before it begins, or is already over.
        BadPeriod,
        /// The signed text is no longer valid.
        Expired,
        /// The signed text is valid for longer than is accepted.
        TooFarAhead,
        /// The signature is not this patient key's over the text of these terms, on this chain, with the next nonce.
        BadSignature,
        /// This patient has as many consents in force for this grantee as there may be: revoke one first.
        TooMany,
        /// The id is not a domain name in lower case, or an origin is not as browsers write it (scheme, host and port, without
        /// a path), or stands twice.
        InvalidRelyingParty,
        /// There is no such relying party to remove.
        UnknownRelyingParty,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxLive::get() > 0, "MaxLive must leave room for one consent");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Enrols a patient key; the calling member becomes its custodian for good.
        #[pallet::call_index(0)]
        #[pallet::weight(
            T::WeightInfo::enrol()
                .saturating_add(T::Consortium::weight().saturating_mul(2))
                .saturating_add(T::Audit::weight())
        )]
        pub fn enrol(origin: OriginFor<T>, patient: AccountId) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_enrol(&custodian, &patient)?;
            Self::deposit_event(Event::Enrolled { patient, custodian });
            Ok(())
        }

        /// Relays a patient's grant. `signature` is the patient key's over [`Pallet::grant_text`] of these `terms` and
        /// `valid_until`, the last second (Unix time) at which the text is accepted.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::grant(terms.labels.len().saturated_into(), T::MaxLive::get())
                .saturating_add(T::Consortium::weight().saturating_mul(6))
                .saturating_add(Pallet::<T>::signature_weight(signature))
                .saturating_add(T::Audit::weight())
        )]
        pub fn grant(
            origin: OriginFor<T>,
            terms: ConsentTerms,
            valid_until: UnixSeconds,
            signature: PatientSignature,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            let (patient, grantee) = (terms.patient.clone(), terms.grantee.clone());
            let id = Self::do_grant(&relayer, terms, valid_until, &signature)?;
            Self::deposit_event(Event::Granted { patient, id, grantee, relayer });
            Ok(())
        }

        /// Relays a patient's revocation of the consent `id`. `signature` is the patient key's over
        /// [`Pallet::revoke_text`] with this `valid_until`, the last second (Unix time) at which the text is accepted.
        #[pallet::call_index(2)]
        #[pallet::weight(
            T::WeightInfo::revoke()
                .saturating_add(T::Consortium::weight())
                .saturating_add(Pallet::<T>::signature_weight(signature))
                .saturating_add(T::Audit::weight())
        )]
        pub fn revoke(
            origin: OriginFor<T>,
            patient: AccountId,
            id: u32,
            valid_until: UnixSeconds,
            signature: PatientSignature,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            let grantee = Self::do_revoke(&relayer, &patient, id, valid_until, &signature)?;
            Self::deposit_event(Event::Revoked { patient, id, grantee, relayer });
            Ok(())
        }

        /// Sets from which origins the passkeys of a relying party may sign, in place of those that stood there; without
        /// any, removes it. Passkeys of a party that is removed cannot sign any more, not even a revocation.
        #[pallet::call_index(10)]
        #[pallet::weight(
            T::WeightInfo::set_relying_party(party.origins.len().saturated_into())
                .saturating_add(T::Audit::weight())
        )]
        pub fn set_relying_party(origin: OriginFor<T>, party: RelyingParty) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            let (id_hash, origins) = (party.id_hash(), party.origins.len().saturated_into());
            Self::do_set_relying_party(id_hash, party)?;
            Self::deposit_event(Event::RelyingPartySet { id_hash, origins });
            Ok(())
        }
    }
}
