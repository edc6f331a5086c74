//! Patients' consents: who may use whose records, for what, and until when; and who may not.
//!
//! A patient's pairwise key is enrolled by the hospital that keeps the records (the custodian). With that key the patient, or a
//! guardian or delegate with their own, signs a readable text, rebuilt here from the structured terms; any member relays it
//! and pays. The terms have IHE PCF's cardinalities: a root provision and one level of exceptions, which permit or deny by
//! purpose, actor, period, time and name of the data, confidentiality and sensitivity. Every accepted consent is an immutable
//! version that counts for the blocks from `from_block` until it is ended, so that a decision of an earlier block can be answered
//! from any later state. No consent means no, and a denial outweighs every permit.
//!
//! # Calls
//! | call | who may | events | errors |
//! |---|---|---|---|
//! | `enrol` | a member, which becomes the custodian | `Enrolled` | `NotMember`, `IsMember`, `AlreadyExists` |
//! | `grant` | any member, with a signature of the patient or of who has a mandate | `Granted`, `Ended` | `NotMember`, `NotEnrolled`, `Duplicate`, `BadPeriod`, `NotFound`, `AlreadyEnded`, `NoMandate`, `BeyondMandate`, `Expired`, `TooFarAhead`, `BadSignature`, `TooMany`, and the relayer's quota |
//! | `revoke` | as `grant` | `Ended` | `NotMember`, `NotEnrolled`, `NotFound`, `AlreadyEnded`, `NoMandate`, `BeyondMandate`, `Expired`, `TooFarAhead`, `BadSignature` |
//! | `end_by_order` | the council, on a court's order | `Ended` | `NotFound`, `AlreadyEnded` |
//! | `appoint` | the custodian for a guardian; any member, with the patient's signature, for a delegate | `Appointed` | `NotMember`, `IsMember`, `NotEnrolled`, `NotCustodian`, `BadMandate`, `BadPeriod`, `AlreadyExists`, and those of texts |
//! | `dismiss` | as `appoint` | `Dismissed` | `NotMember`, `NotEnrolled`, `NotCustodian`, `NoMandate`, `BadMandate`, and those of texts |
//! | `report_use` | the hospital that read, or the custodian | `Used` | `NotMember`, `NotFound`, `NotCustodian` |
//! | `set_relying_party` | the council | `RelyingPartySet` | `InvalidRelyingParty`, `UnknownRelyingParty` |
//! | `settle` | the hospital that had read | `Settled` | `NotFound`, `StillInForce`, `AlreadySettled` |
//!
//! The relayer pays the fee of a text. No quota and no list can stand in the way of a revocation or of a consent that only
//! denies; either counts from its own block on, so that a check later in the same block already refuses. Every accepted call
//! appends one entry to the audit log, whose subject is the account concerned (BLAKE2b-256 of `galen:account:v1` and the account)
//! or the fingerprint of the form, paper, order, notice or receipt; of a relying party, the hash of its id.
//!
//! How patients sign is in [`signature`](galen_primitives::signature). A passkey counts only for a relying party on this
//! chain's list, from an origin that stands there: its prompt does not show the text, so that the app has to be trusted to.
//!
//! # Room
//! A decision reads every consent of the patient that is in force, [`Config::MaxLive`] at most; [`Config::MaxGrants`] of them may
//! permit something. A denial beyond that waits, and while one waits, everything is denied.
//!
//! # When a consent ends
//! Each hospital that read under it owes an acknowledgement or a receipt of deletion within [`Config::SettlePeriod`]; what is
//! owed, and overdue, is a query. It is found when read: nothing has to be called when a consent ends.
//!
//! # Queries
//! [`Pallet::patient`], [`Pallet::consents`], [`Pallet::decide_at`], [`Pallet::guardians`], [`Pallet::owed`], [`Pallet::uses`],
//! [`Pallet::relying_parties`], the texts
//! ([`Pallet::grant_text`] and its siblings), and [`ConsentCheck`](galen_primitives::traits::ConsentCheck) for the decision in
//! the current block.
//!
//! # What never goes on chain
//! Names, numbers and dates of a patient; the form that the patient read (only its fingerprint); sensitivity labels and names
//! of records other than blinded ones; practitioners and groups other than by random ids; the signed text. A patient's key is
//! used with one custodian only, so that two hospitals' entries cannot be linked by it.

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
mod grant;
mod list;
mod mandate;
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

pub use mandate::Word;
pub use pallet::*;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, Word, signed::Signed};
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

    /// A consent's number as four big-endian bytes: under [`Identity`], keys come in the order of the numbers.
    pub type OrderedId = [u8; 4];

    /// A consent: the patient's key and its number.
    pub type ConsentId = (AccountId, u32);

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
        /// Who carries out a court's order, and says which apps' passkeys may sign.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// How many consents of one patient are judged one by one.
        #[pallet::constant]
        type MaxLive: Get<u32>;
        /// How many of these may permit something; at least 1, and fewer than [`Config::MaxLive`].
        #[pallet::constant]
        type MaxGrants: Get<u32>;
        /// How many seconds ahead the `valid_until` of a signed text may lie.
        #[pallet::constant]
        type MaxTextAge: Get<u64>;
        /// Seconds after the end of a consent in which hospitals that read under it must say what they did.
        #[pallet::constant]
        type SettlePeriod: Get<u64>;
        /// What calls and decisions cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::SetClock;
    }

    /// Enrolled patient keys. Never removed: a key belongs to one custodian for good.
    #[pallet::storage]
    pub type Patients<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Patient>;

    /// Consent versions by patient and id. Immutable but for `listed_from` and `ended`, written once each.
    #[pallet::storage]
    pub type Versions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, u32, ConsentVersion>;

    /// By patient, the ids (ascending) of consents that have not ended and are judged. Expired ones are moved out when a new one
    /// needs their room.
    #[pallet::storage]
    pub type Live<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<u32, T::MaxLive>, ValueQuery>;

    /// Denials that wait for room in [`Live`], in order. While there is one, everything is denied for the patient.
    #[pallet::storage]
    pub type Overflow<T: Config> = StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedId, ()>;

    /// By patient, who may or might sign for them.
    #[pallet::storage]
    pub type Guardians<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, Guardianship>;

    /// By hospital, the consents under which it read.
    #[pallet::storage]
    pub type Uses<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, ConsentId, Use>;

    /// By consent, the hospitals that read under it.
    #[pallet::storage]
    pub type Readers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, ConsentId, Blake2_128Concat, AccountId, ()>;

    /// Relying parties whose passkeys may sign, by the SHA-256 of their ids. Grows with decisions of `GovernOrigin` only.
    #[pallet::storage]
    pub type RelyingParties<T: Config> = StorageMap<_, Identity, H256, RelyingParty>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A custodian enrolled a patient key.
        Enrolled { patient: AccountId, custodian: AccountId },
        /// A consent was granted, or a denial given.
        Granted { patient: AccountId, id: u32, grantor: AccountId, relayer: AccountId },
        /// A consent ended.
        Ended { patient: AccountId, id: u32, why: Ending },
        /// Somebody may sign for a patient.
        Appointed { patient: AccountId, guardian: AccountId },
        /// Somebody may sign for a patient no more.
        Dismissed { patient: AccountId, guardian: AccountId },
        /// It is known that a hospital read under a consent.
        Used { patient: AccountId, id: u32, hospital: AccountId },
        /// A hospital met its obligation after the end of a consent.
        Settled { patient: AccountId, id: u32, hospital: AccountId, how: Settlement },
        /// The origins of a relying party, named by the SHA-256 of its id, were set; none of them: it was removed.
        RelyingPartySet { id_hash: H256, origins: u32 },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller, the custodian or the reader is not an admitted member.
        NotMember,
        /// A member's own account can be neither a patient key nor sign for one.
        IsMember,
        /// The patient key is already enrolled, or the key signs for the patient as a guardian.
        AlreadyExists,
        /// The patient key is not enrolled, or not with this custodian.
        NotEnrolled,
        /// Only the patient's custodian may.
        NotCustodian,
        /// The patient has no consent with this id, or the hospital is not known to have read under it.
        NotFound,
        /// The consent has already ended.
        AlreadyEnded,
        /// The terms name a purpose, an actor, a level, a label, data or a code twice.
        Duplicate,
        /// A period is open at both ends (leave it out), ends before it begins, or is already over.
        BadPeriod,
        /// The signed text is no longer valid.
        Expired,
        /// The signed text is valid for longer than is accepted.
        TooFarAhead,
        /// The signature is not this key's over the text of this, on this chain, with the next nonce.
        BadSignature,
        /// This patient has as many consents in force as may permit something: end one first.
        TooMany,
        /// The key that signed has no mandate for this patient, or not now.
        NoMandate,
        /// The mandate of the key that signed does not go so far.
        BeyondMandate,
        /// A guardian's mandate needs the custodian alone, a delegate's the patient's signature; each must allow something,
        /// and not to the patient's own key.
        BadMandate,
        /// The consent is in force: nothing is owed yet.
        StillInForce,
        /// The obligation is met.
        AlreadySettled,
        /// The id is not a domain name in lower case, or an origin is not as browsers write it (scheme, host and port, without
        /// a path), or stands twice.
        InvalidRelyingParty,
        /// There is no such relying party to remove.
        UnknownRelyingParty,
    }

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
        /// Enrols a patient key; the calling member becomes its custodian for good.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enrol())]
        pub fn enrol(origin: OriginFor<T>, patient: AccountId) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_enrol(&custodian, &patient)?;
            Self::deposit_event(Event::Enrolled { patient, custodian });
            Ok(())
        }

        /// Relays a consent. `signature` is `grantor`'s over [`Pallet::grant_text`] of these `terms` and `valid_until`, the last
        /// second (Unix time) at which the text is accepted; `grantor` is the patient, or has a mandate.
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

        /// Relays a withdrawal of the consent `id`. `signature` is `grantor`'s over [`Pallet::revoke_text`] with this
        /// `valid_until`, the last second (Unix time) at which the text is accepted.
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
            Self::do_order(&patient, id, order)?;
            Self::deposit_event(Event::Ended { patient, id, why: Ending::Ordered(order) });
            Ok(())
        }

        /// Lets `guardian` sign for a patient. A guardian is named by the custodian, which has seen the paper (`word` is
        /// `None`); a delegate by the patient's `word`, the signature over [`Pallet::appoint_text`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::appoint().saturating_add(Pallet::<T>::word_weight(word)))]
        pub fn appoint(
            origin: OriginFor<T>,
            patient: AccountId,
            guardian: AccountId,
            mandate: Mandate,
            word: Option<Word>,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            Self::do_appoint(&relayer, &patient, &guardian, mandate, word.as_ref())?;
            Self::deposit_event(Event::Appointed { patient, guardian });
            Ok(())
        }

        /// Ends a mandate before its time: a guardian's by the custodian, a delegate's by the patient's `word`, the signature
        /// over [`Pallet::dismiss_text`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::dismiss().saturating_add(Pallet::<T>::word_weight(word)))]
        pub fn dismiss(
            origin: OriginFor<T>,
            patient: AccountId,
            guardian: AccountId,
            word: Option<Word>,
        ) -> DispatchResult {
            let relayer = ensure_signed(origin)?;
            Self::do_dismiss(&relayer, &patient, &guardian, word.as_ref())?;
            Self::deposit_event(Event::Dismissed { patient, guardian });
            Ok(())
        }

        /// Says that the member `reader` read under the consent `id`; by itself, or by the custodian that showed it something.
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

        /// Says how the caller met its obligation after the end of the consent `id`, under which it had read.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::settle())]
        pub fn settle(origin: OriginFor<T>, patient: AccountId, id: u32, how: Settlement) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            Self::do_settle(&hospital, &patient, id, how)?;
            Self::deposit_event(Event::Settled { patient, id, hospital, how });
            Ok(())
        }

        /// Sets from which origins the passkeys of a relying party may sign, in place of those that stood there; without
        /// any, removes it. Passkeys of a party that is removed cannot sign any more, not even a revocation.
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
