//! Audit entries and the Merkle mountain range over them.
//!
//! The range holds the peaks of a [`merkle::Tree`](crate::merkle::Tree): bagged from the right they give the tree's root, so that
//! its proofs of inclusion and consistency hold for the log.
//!
//! [`disclosure`] is how workers report to the log what they disclosed.

pub mod disclosure;
mod proof;

#[cfg(feature = "std")]
pub use proof::path;
pub use proof::{ConsistencyProof, InclusionProof};

use crate::{AccountId, BlockNumber, H256, commitment::tagged_hash, merkle::Tree};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// The log as a tree.
pub const LOG: Tree = Tree(b"galen:audit:v1");
/// A log of 2^64 entries has at most 64 peaks.
pub const MAX_PEAKS: u32 = 64;

/// The peaks of the range, highest mountain first.
pub type Peaks = BoundedVec<H256, ConstU32<{ MAX_PEAKS }>>;

/// What happened. Codes are stable: new ones are appended.
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
pub enum Kind {
    /// A hospital was admitted.
    MemberAdmitted,
    /// A hospital was evicted.
    MemberEvicted,
    /// A hospital set its worker key.
    WorkerKeySet,
    /// A hospital's quotas changed.
    QuotasSet,
    /// The council dispatched a call as Root.
    Governed,
    /// A patient key was enrolled.
    PatientEnrolled,
    /// A consent was granted.
    ConsentGranted,
    /// A consent was revoked.
    ConsentRevoked,
    /// A record was anchored.
    RecordAnchored,
    /// A record was superseded.
    RecordSuperseded,
    /// A model was registered.
    ModelRegistered,
    /// A model was approved for use.
    ModelApproved,
    /// A model's approval was withdrawn.
    ModelWithdrawn,
    /// A federated round was opened.
    RoundOpened,
    /// A federated update was registered.
    UpdateRegistered,
    /// A summary was requested.
    SummaryRequested,
    /// A summary's receipt was anchored.
    SummaryAnchored,
    /// A summary was refused at submission for want of consent.
    SummaryRefused,
    /// A job ended without a summary.
    SummaryFailed,
    /// A job's deadline passed without an answer.
    SummaryExpired,
    /// A hospital was suspended for a time.
    MemberSuspended,
    /// A hospital's suspension was lifted before its time.
    SuspensionLifted,
    /// The time at which a membership ends was set or removed.
    ExpirySet,
    /// A hospital registered another validator account.
    ValidatorAdded,
    /// A hospital's validator account was removed.
    ValidatorRemoved,
    /// A worker key was marked suspect from a block on.
    WorkerKeySuspect,
    /// A hospital set the peer ids of its nodes.
    NodesSet,
    /// An offence of a validator was reported.
    OffenceReported,
    /// A validator lost its seat for being absent.
    SeatLost,
    /// The council changed a rule of validators' conduct.
    ConductSet,
    /// A custodian erased what a record stands for.
    RecordErased,
    /// The council ended a consent on a court's order.
    ConsentOrdered,
    /// Somebody may sign for a patient.
    MandateGiven,
    /// Somebody may sign for a patient no more.
    MandateEnded,
    /// A hospital read under a consent for the first time.
    ConsentUsed,
    /// A hospital met its obligation after the end of a consent.
    UseSettled,
    /// The council set from which origins the passkeys of a relying party may sign.
    RelyingPartySet,
    /// A hospital's worker reported a batch of disclosures.
    DisclosuresReported,
    /// The root of a batch of records was anchored.
    BatchAnchored,
    /// A record of a batch was revealed.
    RecordRevealed,
    /// A record was entered in error.
    RecordVoided,
    /// A record went into another hospital's custody.
    RecordTransferred,
    /// An item was registered by the hospital that holds it.
    ItemRegistered,
    /// An item was offered to another hospital.
    ItemOffered,
    /// An item went into the custody of the hospital that accepted it.
    ItemAccepted,
    /// An offer of an item was withdrawn.
    ItemOfferWithdrawn,
    /// A hospital registered a device.
    DeviceRegistered,
    /// A hospital retired a device.
    DeviceRetired,
    /// A device has another key.
    DeviceKeyRotated,
    /// A device was marked suspect from a block on.
    DeviceSuspect,
    /// A hospital's worker anchored a batch of device readings.
    ReadingsAnchored,
    /// A hospital opened an emergency access.
    AccessOpened,
    /// A second person reviewed an emergency access and found it justified.
    AccessReviewed,
    /// A second person reviewed an emergency access and found it not justified: a disclosure in breach.
    AccessBreached,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Entry {
    /// Its number, from 0 without gaps.
    pub index: u64,
    /// The block in which it was written.
    pub block: BlockNumber,
    /// The hospital that acted; `None` when the council did.
    pub hospital: Option<AccountId>,
    /// What happened.
    pub kind: Kind,
    /// What it happened to: a record, batch, item, job, model or form hash, or the hash of an account.
    pub subject: H256,
    /// The patient's pairwise key, where a patient is concerned.
    pub patient: Option<AccountId>,
}

/// The state of the log: enough to append to it and to check it.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct LogState {
    /// How many entries there are.
    pub count: u64,
    /// The peaks.
    pub peaks: Peaks,
}

/// What stands for an account as the subject of an entry: BLAKE2b-256 of a tag and the account.
pub fn account_subject(account: &AccountId) -> H256 {
    tagged_hash(b"galen:account:v1", &[account.as_ref()])
}

/// The hash of an entry as a leaf.
pub fn leaf(entry: &Entry) -> H256 {
    LOG.leaf(&entry.encode())
}

impl LogState {
    /// Appends a leaf. The number of merges is the number of trailing ones of `count` in binary.
    ///
    /// Returns `None`, and changes nothing, only when 2^64 - 1 entries exist.
    ///
    /// Gives the inner nodes that the leaf completes, by level and index, for proofs to be made from
    /// ([`Nodes`](crate::merkle::Nodes)); any `k` appends in a row complete at most `k` and as many more as there were peaks.
    pub fn append(&mut self, leaf: H256) -> Option<Vec<(u32, u64, H256)>> {
        let count = self.count.checked_add(1)?;
        let mut peaks = self.peaks.clone();
        let (mut top, mut index, mut nodes) = (leaf, self.count, Vec::new());
        for level in 1..=self.count.trailing_ones() {
            top = LOG.node(&peaks.pop()?, &top);
            index >>= 1;
            nodes.push((level, index, top));
        }
        peaks.try_push(top).ok()?;
        *self = LogState { count, peaks };
        Some(nodes)
    }

    /// The root: peaks bagged from the right; of an empty log, the hash of nothing under the tag.
    pub fn root(&self) -> H256 {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return LOG.empty() };
        peaks.fold(*last, |right, left| LOG.node(left, &right))
    }
}

/// Which entries to list; a field that is `None` matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", default)
)]
pub struct Filter {
    /// Only this hospital's.
    pub hospital: Option<AccountId>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only about this patient key.
    pub patient: Option<AccountId>,
}

/// Entries of one page and the index to ask on from, if there may be more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Page {
    /// The entries, by index.
    pub entries: Vec<Entry>,
    /// Where the next page starts; `None` at the end of the log.
    pub next: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // A perfect binary tree over the leaves of each mountain, by the definition of a Merkle mountain range.
    fn mountain(leaves: &[H256]) -> H256 {
        match leaves {
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len() / 2);
                LOG.node(&mountain(left), &mountain(right))
            }
        }
    }

    fn reference(leaves: &[H256]) -> Vec<H256> {
        let mut rest = leaves;
        let mut peaks = Vec::new();
        while !rest.is_empty() {
            let size = 1 << (usize::BITS - 1 - rest.len().leading_zeros());
            let (first, others) = rest.split_at(size);
            peaks.push(mountain(first));
            rest = others;
        }
        peaks
    }

    proptest! {
        #[test]
        fn appending_gives_the_peaks_of_the_definition(seeds in proptest::collection::vec(any::<[u8; 32]>(), 0..130)) {
            let leaves: Vec<H256> = seeds.into_iter().map(H256).collect();
            let mut log = LogState::default();
            for leaf in &leaves {
                log.append(*leaf).unwrap();
            }
            prop_assert_eq!(log.count, leaves.len() as u64);
            prop_assert_eq!(log.peaks.to_vec(), reference(&leaves));
            prop_assert_eq!(log.root(), LOG.root(&leaves));
        }
    }

    #[test]
    fn roots_of_different_logs_differ() {
        let mut log = LogState::default();
        let mut seen = std::collections::BTreeSet::from([log.root()]);
        for i in 0..64u8 {
            log.append(H256([i; 32])).unwrap();
            assert!(seen.insert(log.root()));
        }
    }
}
