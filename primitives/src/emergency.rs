//! Emergency access: access that no consent covers, with a reason, a time limit and a review that must
//! follow. It may stand in for a consent that is wanting, and never outweighs a denial.

use crate::{
    AccountId, BlockNumber, H256, UnixSeconds,
    commitment::tagged_hash,
    consent::{Decision, Outcome, Purpose, Question, Reason},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why nobody was asked. What stands on chain is read by every member for ever, so that these say why there was no consent,
/// and never what the patient has; that is in the note.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Urgency {
    /// The patient is not able to consent.
    CannotConsent,
    /// To ask would take time that there is not.
    DangerInDelay,
    /// Neither the patient nor anybody who may sign for them can be reached.
    NotReachable,
    /// A law, or the order of an authority, demands it.
    LegalOrder,
    /// Another reason, which the note gives.
    Other,
}

/// What a review found.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Finding {
    /// It was an emergency, and no more was used than it needed.
    Justified,
    /// It was not: what was disclosed was disclosed in breach. An access that is still open ends.
    NotJustified,
}

/// The review of an access by a second person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Review {
    /// The hospital that reviewed; `None` when the council did.
    pub hospital: Option<AccountId>,
    /// Who reviewed, by a random id.
    pub by: H256,
    /// What was found.
    pub finding: Finding,
    /// Fingerprint of the written finding.
    pub note: H256,
    /// The block of the review.
    pub block: BlockNumber,
    /// That block's time.
    pub at: UnixSeconds,
}

/// An access that a hospital opened in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Access {
    /// The hospital whose practitioner opened it.
    pub hospital: AccountId,
    /// The patient's pairwise key.
    pub patient: AccountId,
    /// The hospital that keeps the records.
    pub custodian: AccountId,
    /// The one record that it opens; `None` for all that the custodian keeps of the patient.
    pub record: Option<H256>,
    /// Who opened it, by the random id that the hospital issued.
    pub by: H256,
    /// Why nobody was asked.
    pub reason: Urgency,
    /// Fingerprint of the written justification.
    pub note: H256,
    /// The consent that permitted the purpose BTG when it was opened, if one did.
    pub consent: Option<u32>,
    /// The block from which it counts.
    pub block: BlockNumber,
    /// That block's time.
    pub opened_at: UnixSeconds,
    /// The last second at which it is open.
    pub until: UnixSeconds,
    /// The last second at which its review is in time.
    pub review_due: UnixSeconds,
    /// The review, once there is one.
    pub review: Option<Review>,
}

impl Access {
    /// Whether it is open at `now`: within its time, and not found unjustified by then.
    pub fn is_open(&self, now: UnixSeconds) -> bool {
        let ended = self
            .review
            .as_ref()
            .is_some_and(|review| review.finding == Finding::NotJustified && review.at <= now);
        self.opened_at <= now && now <= self.until && !ended
    }

    /// Whether it is about what is asked; `record` is the one that the question is about.
    pub fn covers(&self, question: &Question, record: Option<&H256>) -> bool {
        question.purpose == Purpose::Btg
            && self.hospital == question.requester
            && self.patient == question.patient
            && self.custodian == question.custodian
            && self.record.as_ref().is_none_or(|only| record == Some(only))
    }

    /// The question with the practitioner who opened the access among those who ask, so that a denial that names them
    /// counts. `None` if the question names as many as it can already: then nothing is permitted.
    pub fn asking(&self, mut question: Question) -> Option<Question> {
        if !question.actors.contains(&self.by) {
            question.actors.try_push(self.by).ok()?;
        }
        Some(question)
    }

    /// Whether its review should have been made before `now` and was not.
    pub fn is_overdue(&self, now: UnixSeconds) -> bool {
        self.review.is_none() && self.review_due < now
    }
}

/// The id of the access that `hospital` opens as its number `nonce`.
pub fn access_id(genesis: &H256, hospital: &AccountId, patient: &AccountId, nonce: u32) -> H256 {
    tagged_hash(
        b"galen:access:v1",
        &[genesis.as_bytes(), hospital.as_ref(), patient.as_ref(), &nonce.encode()],
    )
}

/// What was decided with emergencies counted in: the decision over consents and, for the purpose BTG, the access that the
/// requester has open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Ruling {
    /// What the consents say.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub decision: Decision,
    /// The access that covers the question.
    pub access: Option<H256>,
}

impl Ruling {
    /// A refusal for want of a consent.
    pub fn refuse(reason: Reason) -> Self {
        Decision::refuse(reason).into()
    }

    /// Whether the use is permitted. A consent that permits it and obliges to a review permits it only once an access
    /// is open, since that is what is reviewed; where no consent says anything, an access permits it; a denial stands.
    pub fn permitted(&self) -> bool {
        match self.decision.outcome {
            Outcome::Permit => !self.decision.obligations.break_glass_review || self.access.is_some(),
            Outcome::NoConsent => self.access.is_some() && self.decision.reason.wants_consent(),
            Outcome::Deny => false,
        }
    }

    /// The number of the consent on which a use that is permitted rests, if it rests on one.
    pub fn consent(&self) -> Option<u32> {
        self.decision.consent().filter(|_| self.decision.permitted())
    }

    /// Why a use is not permitted.
    pub fn reason(&self) -> Reason {
        if self.decision.permitted() && !self.permitted() {
            Reason::AccessNotOpened
        } else {
            self.decision.reason
        }
    }
}

impl From<Decision> for Ruling {
    fn from(decision: Decision) -> Self {
        Ruling { decision, access: None }
    }
}

/// An access as it stands at the block asked at.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ListedAccess {
    /// Its id.
    pub id: H256,
    /// The access.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub access: Access,
    /// Whether it is within its time and not found unjustified. A denial closes it all the same.
    pub open: bool,
    /// Whether its review is overdue.
    pub overdue: bool,
}

/// Accesses of one page and where to ask on, if there may be more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct AccessPage {
    /// The accesses, in the order of the storage's keys.
    pub accesses: Vec<ListedAccess>,
    /// Where the next page starts after: the key that was looked at last; `None` at the end.
    pub next: Option<H256>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Basis, Obligations, Part};

    fn access() -> Access {
        Access {
            hospital: AccountId::new([1; 32]),
            patient: AccountId::new([7; 32]),
            custodian: AccountId::new([2; 32]),
            record: None,
            by: H256([9; 32]),
            reason: Urgency::DangerInDelay,
            note: H256([4; 32]),
            consent: None,
            block: 5,
            opened_at: 100,
            until: 200,
            review_due: 300,
            review: None,
        }
    }

    fn reviewed(finding: Finding, at: UnixSeconds) -> Access {
        let review = Review { hospital: None, by: H256([8; 32]), finding, note: H256([5; 32]), block: 6, at };
        Access { review: Some(review), ..access() }
    }

    #[test]
    fn it_is_open_from_its_first_to_its_last_second_unless_found_unjustified() {
        let open = |access: &Access| [99, 100, 149, 150, 200, 201].map(|now| access.is_open(now));
        assert_eq!(open(&access()), [false, true, true, true, true, false]);
        assert_eq!(open(&reviewed(Finding::Justified, 150)), [false, true, true, true, true, false]);
        assert_eq!(open(&reviewed(Finding::NotJustified, 150)), [false, true, true, false, false, false]);
    }

    #[test]
    fn a_review_is_overdue_after_its_last_second() {
        assert!(!access().is_overdue(300) && access().is_overdue(301));
        assert!(!reviewed(Finding::NotJustified, 400).is_overdue(500));
    }

    #[test]
    fn it_covers_its_own_patient_hospital_purpose_and_record_only() {
        let question = Question {
            patient: AccountId::new([7; 32]),
            custodian: AccountId::new([2; 32]),
            requester: AccountId::new([1; 32]),
            actors: Default::default(),
            purpose: Purpose::Btg,
            record: None,
        };
        let (record, other) = (H256([3; 32]), H256([6; 32]));
        assert!(access().covers(&question, None) && access().covers(&question, Some(&record)));
        let one = Access { record: Some(record), ..access() };
        assert!(one.covers(&question, Some(&record)));
        assert!(!one.covers(&question, Some(&other)) && !one.covers(&question, None));
        let else_ = AccountId::new([5; 32]);
        for question in [
            Question { patient: else_.clone(), ..question.clone() },
            Question { custodian: else_.clone(), ..question.clone() },
            Question { requester: else_.clone(), ..question.clone() },
            Question { purpose: Purpose::Etreat, ..question.clone() },
        ] {
            assert!(!access().covers(&question, None), "{question:?}");
        }
    }

    #[test]
    fn who_opened_the_access_is_one_of_those_who_ask() {
        let question = |actors: Vec<H256>| Question {
            patient: AccountId::new([7; 32]),
            custodian: AccountId::new([2; 32]),
            requester: AccountId::new([1; 32]),
            actors: actors.try_into().unwrap(),
            purpose: Purpose::Btg,
            record: None,
        };
        let by = access().by;
        let others: Vec<H256> = (100..108).map(|n| H256([n; 32])).collect();
        let asking = |actors: &[H256]| access().asking(question(actors.to_vec()));
        assert_eq!(asking(&[]), Some(question(vec![by])));
        assert_eq!(
            asking(&others[..7]),
            Some(question([&others[..7], &[by]].concat())),
            "there is room for eight"
        );
        assert_eq!(asking(&others), None, "one too many");
        // Named already, it takes no room.
        let full = [&others[..3], &[by], &others[3..7]].concat();
        assert_eq!(asking(&full), Some(question(full.clone())));
    }

    #[test]
    fn an_access_stands_in_for_want_of_a_consent_and_for_nothing_else() {
        let some = Some(H256([1; 32]));
        let basis = Some(Basis { consent: 3, part: Part::Root });
        let permit = Decision { outcome: Outcome::Permit, basis, ..Decision::refuse(Reason::Root) };
        let bound = Decision {
            obligations: Obligations { break_glass_review: true, ..Default::default() },
            ..permit.clone()
        };
        let deny = Decision { outcome: Outcome::Deny, ..permit.clone() };
        let wanting = Decision::refuse(Reason::Revoked);
        let undecided = [Reason::Unavailable, Reason::NotEnrolled, Reason::NotMember, Reason::RecordErased];
        let permitted = |decision: &Decision, access| {
            let ruling = Ruling { decision: decision.clone(), access };
            (ruling.permitted(), ruling.consent())
        };
        assert_eq!([None, some].map(|access| permitted(&permit, access)), [(true, Some(3)), (true, Some(3))]);
        assert_eq!([None, some].map(|access| permitted(&bound, access).0), [false, true]);
        assert_eq!(Ruling::from(bound).reason(), Reason::AccessNotOpened);
        assert_eq!([None, some].map(|access| permitted(&wanting, access)), [(false, None), (true, None)]);
        assert_eq!([None, some].map(|access| permitted(&deny, access)), [(false, None), (false, None)]);
        for reason in undecided {
            assert_eq!(permitted(&Decision::refuse(reason), some), (false, None), "{reason:?}");
        }
    }
}
