//! Who may sign for a patient.

use super::{ConsentTerms, Effect, Purposes};
use crate::{BlockNumber, H256, UnixSeconds};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// On what ground somebody signs for a patient.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Standing {
    /// By law: a parent, or whom a court appointed. The custodian has seen the paper.
    Guardian,
    /// By the patient's own signature.
    Delegate,
}

/// What a guardian or delegate may do, and when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Mandate {
    /// On what ground.
    pub standing: Standing,
    /// First second at which it holds; open if `None`.
    #[cfg_attr(feature = "std", serde(default))]
    pub start: Option<UnixSeconds>,
    /// Last second at which it holds: of a minor's guardian the last before majority. Open if `None`.
    #[cfg_attr(feature = "std", serde(default))]
    pub end: Option<UnixSeconds>,
    /// Whether consents that permit may be granted.
    pub may_grant: bool,
    /// Whether consents may be withdrawn, and denials be given.
    pub may_withdraw: bool,
    /// The purposes for which may be permitted; any if empty.
    #[cfg_attr(feature = "std", serde(default))]
    pub purposes: Purposes,
    /// Fingerprint of the paper that says so.
    pub paper: H256,
}

/// A mandate as it stands on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Guardianship {
    /// What may be done, and when.
    pub mandate: Mandate,
    /// The block from which it is known.
    pub from_block: BlockNumber,
    /// The block from which it counts no more, if it was ended before its time.
    pub until_block: Option<BlockNumber>,
}

impl Guardianship {
    /// Whether it holds at `now`. Whoever was dismissed has none.
    pub fn holds(&self, now: UnixSeconds) -> bool {
        self.until_block.is_none()
            && self.mandate.start.is_none_or(|start| start <= now)
            && self.mandate.end.is_none_or(|end| now <= end)
    }
}

impl Mandate {
    /// Whether a consent with these terms may be signed under it: what permits only for purposes that it names, what denies
    /// if it may withdraw. A consent that takes the place of another withdraws that one.
    pub fn covers(&self, terms: &ConsentTerms) -> bool {
        let permits = !terms.only_denies();
        let denies = terms.provisions().any(|provision| provision.effect == Effect::Deny);
        let within = |purposes: &Purposes| {
            self.purposes.is_empty()
                || (!purposes.is_empty() && purposes.iter().all(|purpose| self.purposes.contains(purpose)))
        };
        (!permits || self.may_grant)
            && (!denies && terms.supersedes.is_none() || self.may_withdraw)
            && terms
                .provisions()
                .filter(|provision| provision.effect == Effect::Permit)
                .all(|provision| within(&provision.purposes))
    }
}
