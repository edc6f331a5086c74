//! The decision: in the current block for other pallets, and as of any earlier block for those who verify.

use crate::{Config, Live, Pallet, Pasts, Patients, Versions, WeightInfo};
use alloc::vec::Vec;
use frame_support::{traits::Get, weights::Weight};
use galen_primitives::{
    AccountId, BlockNumber, UnixSeconds,
    consent::{self, ConsentVersion, Decision, Patient, Question, Reason},
    traits::{ConsentCheck, Consortium},
};

impl<T: Config> Pallet<T> {
    /// An enrolled patient key.
    pub fn patient(key: &AccountId) -> Option<Patient> {
        Patients::<T>::get(key)
    }

    /// All versions of a patient's consents, by id. As long as what the patient ever granted: for queries only.
    pub fn consents(patient: &AccountId) -> Vec<ConsentVersion> {
        let count = Self::patient(patient).map_or(0, |patient| patient.versions);
        (0..count).filter_map(|id| Versions::<T>::get(patient, id)).collect()
    }

    /// The decision as it stood at the end of block `at`, whose time was `now` (seconds of Unix time).
    ///
    /// What counts is what was granted up to and in that block and not revoked up to and in it. Whether the requester was
    /// a member then is not asked: consents name members only, and an eviction does not make a past use unlawful. A block
    /// that is yet to come is refused as [`Reason::Unavailable`]. Reads all versions of the patient: for queries only.
    pub fn decide_at(question: &Question, at: BlockNumber, now: UnixSeconds) -> Decision {
        if at > Self::block() {
            return Decision::refuse(Reason::Unavailable);
        }
        let enrolled = Self::patient(&question.patient)
            .is_some_and(|patient| patient.custodian == question.custodian && patient.enrolled_at <= at);
        if !enrolled {
            return Decision::refuse(Reason::NotEnrolled);
        }
        let (in_force, revoked): (Vec<_>, Vec<_>) = Self::consents(&question.patient)
            .into_iter()
            .filter(|version| version.terms.grantee == question.requester && version.from_block <= at)
            .partition(|version| version.until_block.is_none_or(|until| until > at));
        let past = if revoked.is_empty() { Reason::NoConsent } else { Reason::Revoked };
        closest(consent::decide(in_force.iter(), question, now), past)
    }

    fn decide_now(question: &Question) -> Decision {
        if !T::Consortium::is_member(&question.requester) {
            return Decision::refuse(Reason::NotMember);
        }
        if Self::custodian_of(&question.patient).as_ref() != Some(&question.custodian) {
            return Decision::refuse(Reason::NotEnrolled);
        }
        let live: Vec<_> = Live::<T>::get(&question.patient, &question.requester)
            .iter()
            .filter_map(|id| Versions::<T>::get(&question.patient, id))
            .collect();
        let past = Pasts::<T>::get(&question.patient, &question.requester).reason();
        closest(consent::decide(live.iter(), question, Self::now()), past)
    }
}

/// A refusal names what came closest to a permission, be it in force or past.
fn closest(decision: Decision, past: Reason) -> Decision {
    if decision.permitted || decision.reason >= past { decision } else { Decision::refuse(past) }
}

impl<T: Config> ConsentCheck for Pallet<T> {
    fn decide(question: &Question) -> Decision {
        Self::decide_now(question)
    }

    fn custodian_of(patient: &AccountId) -> Option<AccountId> {
        Self::patient(patient).map(|patient| patient.custodian)
    }

    fn weight() -> Weight {
        T::WeightInfo::decide(T::MaxLive::get()).saturating_add(T::Consortium::weight())
    }
}
