//! The decision: in the current block for other pallets, and as of any earlier block for those who verify.

use crate::{Config, Live, Pallet, Versions, WeightInfo};
use alloc::vec::Vec;
use frame_support::{traits::Get, weights::Weight};
use galen_primitives::{
    AccountId, BlockNumber, UnixSeconds,
    consent::{self, Decision, Outcome, Question, Reason},
    traits::{ConsentCheck, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// The decision as it stood at the end of block `at`, whose time was `now` (seconds of Unix time).
    ///
    /// What counts is what was granted up to and in that block and not ended up to and in it. Whether the
    /// requester was a member then is not asked: an eviction does not make a past use unlawful. A block that
    /// is yet to come is refused as [`Reason::Unavailable`]. Reads all versions of the patient: for queries
    /// only.
    pub fn decide_at(question: &Question, at: BlockNumber, now: UnixSeconds) -> Decision {
        if at > Self::block() {
            return Decision::refuse(Reason::Unavailable);
        }
        let enrolled = Self::patient(&question.patient)
            .is_some_and(|patient| patient.custodian == question.custodian && patient.enrolled_at <= at);
        if !enrolled {
            return Decision::refuse(Reason::NotEnrolled);
        }
        let versions = Self::consents(&question.patient);
        let in_force = versions.iter().filter(|version| version.in_force(at));
        if in_force.clone().any(|version| version.listed_from.is_none_or(|listed| listed > at)) {
            return too_many_denials();
        }
        let past = if versions.iter().any(|version| version.is_over(at)) {
            Reason::Revoked
        } else {
            Reason::NoConsent
        };
        closest(consent::decide(in_force, question, now), past)
    }

    fn decide_now(question: &Question) -> Decision {
        if !T::Consortium::is_member(&question.requester) {
            return Decision::refuse(Reason::NotMember);
        }
        let Some(patient) = Self::patient(&question.patient).filter(|p| p.custodian == question.custodian)
        else {
            return Decision::refuse(Reason::NotEnrolled);
        };
        if patient.overflow > 0 {
            return too_many_denials();
        }
        let live: Vec<_> = Live::<T>::get(&question.patient)
            .iter()
            .filter_map(|id| Versions::<T>::get(&question.patient, id))
            .collect();
        // Time does not run backwards: what was pruned is still over.
        let past = match patient.past {
            consent::Past { pruned: 1.., .. } => Reason::OutsidePeriod,
            consent::Past { ended: 1.., .. } => Reason::Revoked,
            _ => Reason::NoConsent,
        };
        closest(consent::decide(live.iter(), question, Self::seconds()), past)
    }
}

fn too_many_denials() -> Decision {
    Decision { outcome: Outcome::Deny, ..Decision::refuse(Reason::TooManyDenials) }
}

/// A refusal for want of a consent names what came closest to one, be it in force or past.
fn closest(decision: Decision, past: Reason) -> Decision {
    if decision.outcome == Outcome::NoConsent {
        Decision::refuse(decision.reason.max(past))
    } else {
        decision
    }
}

impl<T: Config> ConsentCheck for Pallet<T> {
    fn decide(question: &Question) -> Decision {
        Self::decide_now(question)
    }

    fn custodian_of(patient: &AccountId) -> Option<AccountId> {
        Self::patient(patient).map(|patient| patient.custodian)
    }

    fn note_use(patient: &AccountId, consent: u32, hospital: &AccountId) -> DispatchResult {
        Self::do_note_use(patient, consent, hospital)
    }

    fn weight() -> Weight {
        T::WeightInfo::decide(T::MaxLive::get())
    }

    fn weight_of(patient: &AccountId) -> Weight {
        let live = u32::try_from(Live::<T>::decode_len(patient).unwrap_or(0)).unwrap_or(u32::MAX);
        T::WeightInfo::decide(live)
    }
}
