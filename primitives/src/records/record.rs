//! Anchored records.

use crate::{
    AccountId, BlockNumber, H256, UnixSeconds,
    commitment::tagged_hash,
    consent::{Confidentiality, Labels, Purpose, Question, Reason},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// How many authors, and how many encounters and plans, a record may name.
pub const MAX_NAMED: u32 = 4;

/// What decisions need to know of a record; all of it fixed by its custodian, never by a requester.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", default)
)]
pub struct RecordFacts {
    /// Confidentiality.
    pub level: Confidentiality,
    /// Blinded sensitivity labels.
    pub labels: Labels,
    /// When the record was written; `None` if unknown.
    pub authored: Option<UnixSeconds>,
    /// Its authors' random ids, issued by the custodian.
    pub authors: BoundedVec<H256, ConstU32<MAX_NAMED>>,
    /// The name by which consents may single it out, blinded.
    pub name: Option<H256>,
    /// The encounters and plans that it belongs to, blinded.
    pub related: BoundedVec<H256, ConstU32<MAX_NAMED>>,
}

impl RecordFacts {
    /// How many labels, authors, encounters and plans it names.
    pub fn elements(&self) -> u32 {
        let count = [self.labels.len(), self.authors.len(), self.related.len()];
        u32::try_from(count.into_iter().fold(0, usize::saturating_add)).unwrap_or(u32::MAX)
    }
}

/// What a custodian fixes about a record when it anchors it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct RecordAttributes {
    /// The patient's pairwise key with this custodian.
    pub patient: AccountId,
    /// What decisions need.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub facts: RecordFacts,
}

/// That a record was entered in error.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Voided {
    /// The block in which its custodian said so.
    pub at: BlockNumber,
    /// The fingerprint of the reason, which stays at the custodian.
    pub reason: H256,
}

/// That the custody of a record went to another hospital.
///
/// A patient's key differs from hospital to hospital, so that nobody can link them. So the chain must not say which record of
/// which hospital took this one's place: it keeps a [`transfer_link`] that only those can open who share its secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Transferred {
    /// The block in which the old custodian said so.
    pub at: BlockNumber,
    /// The link to the record at the new custodian.
    pub link: H256,
}

/// The link from a record to the one that the new custodian anchored in its place, under 32 random bytes that both custodians
/// and the patient keep.
pub fn transfer_link(secret: &[u8; 32], old: &H256, new: &H256) -> H256 {
    tagged_hash(b"galen:transfer:v1", &[secret, old.as_bytes(), new.as_bytes()])
}

/// An anchored record. Its id is its commitment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Record {
    /// The hospital that keeps it.
    pub custodian: AccountId,
    /// What decisions need.
    pub attributes: RecordAttributes,
    /// The block of anchoring.
    pub anchored_at: BlockNumber,
    /// The record that this one replaces.
    pub supersedes: Option<H256>,
    /// The record that replaced this one.
    pub superseded_by: Option<H256>,
    /// The block in which the custodian said that it destroyed the document's key and salt. From then on what
    /// decisions needed is gone from here too, and nothing may be made of the record.
    pub erased_at: Option<BlockNumber>,
    /// Entered in error: nothing may be made of it any more. The links between versions stay.
    pub voided: Option<Voided>,
    /// In another hospital's custody: nothing may be made of it here any more.
    pub transferred: Option<Transferred>,
    /// The root of the batch that it was revealed from; `None` if it was anchored by itself. `anchored_at` is the batch's.
    pub batch: Option<H256>,
}

impl Record {
    /// A record of which nothing has changed yet.
    pub fn new(custodian: AccountId, attributes: RecordAttributes, anchored_at: BlockNumber) -> Self {
        Record {
            custodian,
            attributes,
            anchored_at,
            supersedes: None,
            superseded_by: None,
            erased_at: None,
            voided: None,
            transferred: None,
            batch: None,
        }
    }

    /// The question whether `requester` may use the record for `purpose`, for a consent to decide. It names nobody beside the
    /// hospital that asks.
    pub fn question(&self, requester: AccountId, purpose: Purpose) -> Question {
        Question {
            patient: self.attributes.patient.clone(),
            custodian: self.custodian.clone(),
            requester,
            actors: Default::default(),
            purpose,
            record: Some(self.attributes.facts.clone()),
        }
    }

    /// Why nothing may be made of it any more, whatever a consent says; `None` if something may.
    pub fn closed(&self) -> Option<Reason> {
        if self.erased_at.is_some() {
            Some(Reason::RecordErased)
        } else if self.voided.is_some() {
            Some(Reason::RecordVoided)
        } else if self.transferred.is_some() {
            Some(Reason::RecordTransferred)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let facts = RecordFacts {
            level: Confidentiality::R,
            labels: vec![H256([4; 32])].try_into().unwrap(),
            authored: Some(1_700_000_000),
            authors: vec![H256([5; 32])].try_into().unwrap(),
            name: Some(H256([6; 32])),
            related: vec![H256([7; 32])].try_into().unwrap(),
        };
        Record::new(AccountId::new([2; 32]), RecordAttributes { patient: AccountId::new([1; 32]), facts }, 9)
    }

    #[test]
    fn a_question_says_what_the_custodian_fixed_and_names_nobody() {
        let requester = AccountId::new([3; 32]);
        let question = record().question(requester.clone(), Purpose::Hresch);
        let expected = Question {
            patient: AccountId::new([1; 32]),
            custodian: AccountId::new([2; 32]),
            requester,
            actors: Default::default(),
            purpose: Purpose::Hresch,
            record: Some(record().attributes.facts),
        };
        assert_eq!(question, expected);
    }

    #[test]
    fn what_has_become_of_a_record_closes_it_and_asks_the_same() {
        let (hash, requester) = (H256([8; 32]), AccountId::new([2; 32]));
        let superseded = Record { superseded_by: Some(hash), ..record() };
        assert_eq!(superseded.closed(), None, "a newer version closes nothing");
        let transferred = Record { transferred: Some(Transferred { at: 10, link: hash }), ..superseded };
        let voided = Record { voided: Some(Voided { at: 10, reason: hash }), ..transferred.clone() };
        let erased = Record { erased_at: Some(10), ..voided.clone() };
        // The first of these that is so is the reason.
        for (record, reason) in [
            (&transferred, Reason::RecordTransferred),
            (&voided, Reason::RecordVoided),
            (&erased, Reason::RecordErased),
        ] {
            assert_eq!(record.closed(), Some(reason));
        }
        let question = erased.question(requester.clone(), Purpose::Treat);
        assert_eq!(question, record().question(requester, Purpose::Treat));
    }
}
