//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital enrolled a patient's key and is its custodian now.
        Enrolled {
            /// The patient's key.
            patient: AccountId,
            /// The hospital that keeps the patient's records.
            custodian: AccountId,
        },
        /// A consent was granted, or a denial given.
        Granted {
            /// The patient's key.
            patient: AccountId,
            /// The number of the consent, counted from 0 for each patient.
            id: u32,
            /// The key that signed: the patient's, a guardian's or a delegate's.
            grantor: AccountId,
            /// The hospital that relayed the text.
            relayer: AccountId,
        },
        /// A consent ended.
        Ended {
            /// The patient's key.
            patient: AccountId,
            /// The number of the consent.
            id: u32,
            /// Why the consent ended, and by whom.
            why: Ending,
        },
        /// A guardian or delegate was appointed, who may sign for a patient from now on.
        Appointed {
            /// The patient's key.
            patient: AccountId,
            /// The key of the guardian or delegate.
            guardian: AccountId,
        },
        /// A guardian or delegate was dismissed, who may no longer sign for a patient.
        Dismissed {
            /// The patient's key.
            patient: AccountId,
            /// The key of the guardian or delegate.
            guardian: AccountId,
        },
        /// A hospital read something under a consent.
        Used {
            /// The patient's key.
            patient: AccountId,
            /// The number of the consent.
            id: u32,
            /// The hospital that read.
            hospital: AccountId,
        },
        /// A hospital met its obligation after the end of a consent.
        Settled {
            /// The patient's key.
            patient: AccountId,
            /// The number of the consent.
            id: u32,
            /// The hospital that had read under the consent.
            hospital: AccountId,
            /// How the hospital met its obligation.
            how: Settlement,
        },
        /// The council set from which origins the passkeys of a relying party may sign.
        RelyingPartySet {
            /// The SHA-256 of the relying party's id.
            id_hash: H256,
            /// How many origins were set; with none of them, the relying party was removed.
            origins: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller, the custodian or the reader is not an admitted member in good standing.
        NotMember,
        /// A member's own account can be neither a patient's key nor sign for one.
        MemberNotAllowed,
        /// The patient's key is already enrolled, or the key signs for the patient as a guardian.
        AlreadyExists,
        /// The patient's key is not enrolled, or not with this custodian.
        NotEnrolled,
        /// The caller is not the patient's custodian.
        NotCustodian,
        /// The patient has no consent with this number, or the hospital is not known to have read under it.
        NotFound,
        /// The consent has already ended.
        AlreadyEnded,
        /// The terms are invalid: they name a purpose, an actor, a level, a label, data or a code twice.
        InvalidTerms,
        /// The period is invalid: it is open at both ends (leave it out), ends before it begins, or is
        /// already over.
        InvalidPeriod,
        /// The time in which the signed text was valid is over.
        Expired,
        /// The expiry is invalid: the signed text would be valid for longer than this chain accepts.
        InvalidExpiry,
        /// The signature is invalid: it is not this key's over the text of this, on this chain, with the next
        /// nonce.
        InvalidSignature,
        /// The patient has as many consents in force as may permit something: end one first.
        TooManyGrants,
        /// The key that signed has no mandate for this patient, or not now.
        MandateNotFound,
        /// The mandate of the key that signed does not go so far.
        InsufficientMandate,
        /// The mandate is invalid: a guardian's needs the custodian alone, a delegate's the patient's
        /// signature; each must allow something, and not to the patient's own key.
        InvalidMandate,
        /// The consent has not ended: nothing is owed yet.
        NotEnded,
        /// The hospital has met its obligation already.
        AlreadySettled,
        /// The relying party is invalid: its id is not a domain name in lower case, or an origin is not as
        /// browsers write it (scheme, host and port, without a path), or stands twice.
        InvalidRelyingParty,
        /// There is no such relying party to remove.
        RelyingPartyNotFound,
    }
}
