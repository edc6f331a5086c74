//! What a patient allows and forbids.

use super::{Confidentiality, Duo, Policy, Purpose};
use crate::{AccountId, BlindedLabel, H256, MAX_LABELS, UnixSeconds, commitment::tagged_hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// How many actors a provision may name.
pub const MAX_ACTORS: u32 = 8;
/// How many entries of data a provision may name.
pub const MAX_DATA: u32 = 8;
/// How many exceptions a consent may have.
pub const MAX_EXCEPTIONS: u32 = 8;
/// How many data use codes a consent may carry.
pub const MAX_DUO: u32 = 8;

/// Purposes of a provision, none twice.
pub type Purposes = BoundedVec<Purpose, ConstU32<9>>;
/// Whom a provision is about: a hospital by the 32 bytes of its account; a practitioner, role or group by the random id that
/// its hospital issued.
pub type Actors = BoundedVec<H256, ConstU32<MAX_ACTORS>>;
/// The data that a provision names.
pub type NamedData = BoundedVec<Data, ConstU32<MAX_DATA>>;
/// Levels of confidentiality.
pub type Levels = BoundedVec<Confidentiality, ConstU32<6>>;
/// Blinded labels of a provision or a record, parents expanded to their children.
pub type Labels = BoundedVec<BlindedLabel, ConstU32<{ MAX_LABELS }>>;
/// Exceptions of a consent.
pub type Exceptions = BoundedVec<Provision, ConstU32<MAX_EXCEPTIONS>>;
/// Data use codes of a consent for research.
pub type DuoCodes = BoundedVec<Duo, ConstU32<MAX_DUO>>;

/// What a provision does where it matches.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Effect {
    /// Permits.
    Permit,
    /// Denies. In FHIR, a provision without a type that is understood is read as a denial.
    Deny,
}

/// A time from a first to a last second, both included; an end that is `None` is open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", default)
)]
pub struct Period {
    /// The first second.
    pub start: Option<UnixSeconds>,
    /// The last second.
    pub end: Option<UnixSeconds>,
}

/// How an entry of `provision.data` names data.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Meaning {
    /// The record itself.
    Instance,
    /// What belongs to an encounter or a plan.
    Related,
    /// What an author wrote.
    AuthoredBy,
}

/// One entry of `provision.data`. On chain, names of records, encounters and plans are blinded; authors are random ids.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Data {
    /// How the data is named.
    pub meaning: Meaning,
    /// By what.
    pub reference: H256,
}

/// One rule of a consent. An element that is absent (`None`, or an empty list) matches anything.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Provision {
    /// What it does.
    pub effect: Effect,
    /// When it holds.
    #[cfg_attr(feature = "std", serde(default))]
    pub period: Option<Period>,
    /// What for.
    #[cfg_attr(feature = "std", serde(default))]
    pub purposes: Purposes,
    /// Who.
    #[cfg_attr(feature = "std", serde(default))]
    pub actors: Actors,
    /// When the data was written.
    #[cfg_attr(feature = "std", serde(default))]
    pub data_period: Option<Period>,
    /// Which data.
    #[cfg_attr(feature = "std", serde(default))]
    pub data: NamedData,
    /// Levels of confidentiality: for a permit the highest that is covered, for a denial the lowest that is hit.
    #[cfg_attr(feature = "std", serde(default))]
    pub levels: Levels,
    /// Sensitivity labels, blinded.
    #[cfg_attr(feature = "std", serde(default))]
    pub labels: Labels,
}

impl Provision {
    /// A rule with nothing but its effect: it matches everything.
    pub fn all(effect: Effect) -> Self {
        Provision {
            effect,
            period: None,
            purposes: Default::default(),
            actors: Default::default(),
            data_period: None,
            data: Default::default(),
            levels: Default::default(),
            labels: Default::default(),
        }
    }
}

/// A consent, as its patient signs it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ConsentTerms {
    /// The patient's pairwise key, as enrolled by the custodian.
    pub patient: AccountId,
    /// The hospital that keeps the records: PCF's controller. One, since a patient has a key for each.
    pub custodian: AccountId,
    /// The policy that it states.
    #[cfg_attr(feature = "std", serde(default))]
    pub policy: Policy,
    /// The root provision.
    pub root: Provision,
    /// Its exceptions, judged before it.
    #[cfg_attr(feature = "std", serde(default))]
    pub exceptions: Exceptions,
    /// Data use codes that research under this consent is bound to.
    #[cfg_attr(feature = "std", serde(default))]
    pub duo: DuoCodes,
    /// The patient's consent that ends when this one begins.
    #[cfg_attr(feature = "std", serde(default))]
    pub supersedes: Option<u32>,
    /// Fingerprint of the full form that the patient's app showed.
    pub form: H256,
}

impl ConsentTerms {
    /// How many elements its provisions hold in all.
    pub fn elements(&self) -> u32 {
        let of = |provision: &Provision| {
            [
                provision.purposes.len(),
                provision.actors.len(),
                provision.data.len(),
                provision.levels.len(),
                provision.labels.len(),
            ]
            .into_iter()
            .fold(1, usize::saturating_add)
        };
        let elements = self.provisions().map(of).fold(self.duo.len(), usize::saturating_add);
        u32::try_from(elements).unwrap_or(u32::MAX)
    }

    /// Root and exceptions.
    pub fn provisions(&self) -> impl Iterator<Item = &Provision> {
        core::iter::once(&self.root).chain(&self.exceptions)
    }

    /// What binds a signed text to all of it: BLAKE2b-256 of its SCALE encoding under a tag.
    pub fn fingerprint(&self) -> H256 {
        tagged_hash(b"galen:terms:v1", &[&self.encode()])
    }

    /// Whether nothing in it permits. What only denies is bound by no quota.
    pub fn only_denies(&self) -> bool {
        self.provisions().all(|provision| provision.effect == Effect::Deny)
    }
}
