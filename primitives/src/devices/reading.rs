//! Readings of devices: what a device signs, and the batches in which a hospital's worker anchors what it
//! verified.
//!
//! A reading is a FHIR R4 `Observation` with the device's id, its number and its time; the device signs all
//! four. The chain sees none of them. It has, of each batch, a Merkle root over the readings' record ids
//! (salted commitments), how many were refused and a hash over why, and a link to the batch before, so that a
//! lost or changed batch shows.

use crate::{
    BlockNumber, H256, UnixSeconds,
    commitment::tagged_hash,
    merkle::Tree,
    reports::{LogBatch, MAX_BATCH, Position},
};
use alloc::{format, string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The highest sequence number: JSON carries no higher one exactly (RFC 7493, 2.2).
pub const MAX_SEQUENCE: u64 = (1 << 53) - 1;
/// `system` of the `Observation.identifier` that names a reading; its value is `0x<device id>/<sequence>`.
pub const IDENTIFIER_SYSTEM: &str = "urn:galen:reading";

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMillis = u64;

/// What a device says of a reading and signs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Reading {
    /// The device's id.
    pub device: H256,
    /// Its number, higher than that of every reading before; gaps are allowed.
    pub sequence: u64,
    /// When it was taken, by the device's clock.
    pub at: UnixMillis,
    /// The hash of what was measured: [`payload_hash`].
    pub payload: H256,
}

impl Reading {
    /// The bytes that the device signs: the tag `galen:reading:v1`, the genesis hash (32 bytes), the device's
    /// id (32), sequence and time (8 each, little-endian) and the payload's hash (32).
    pub fn signed_bytes(&self, genesis: &H256) -> Vec<u8> {
        (b"galen:reading:v1", genesis, self).encode()
    }
}

/// The hash of an `Observation` in its canonical form (RFC 8785): BLAKE2b-256 over the tag
/// `galen:reading-payload:v1` and the bytes. Never stored outside the vault: it has no salt, and values of
/// vital signs can be guessed.
pub fn payload_hash(canonical: &[u8]) -> H256 {
    tagged_hash(b"galen:reading-payload:v1", &[canonical])
}

/// Why a worker refused a reading. Codes are stable: new ones are appended.
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
pub enum Refusal {
    /// The chain knows no such device.
    Unregistered,
    /// The device is another hospital's.
    OtherHospital,
    /// The device was retired.
    Retired,
    /// The device was marked suspect.
    Suspect,
    /// Its key did not sign this.
    BadSignature,
    /// It is no `Observation`, or names itself otherwise than it is signed.
    Malformed,
    /// Its sequence number is not above that of the device's last reading.
    Replayed,
    /// It is older than the device's last reading.
    BackInTime,
    /// It is from the future.
    Future,
}

impl Refusal {
    /// Every reason, in code order.
    pub const ALL: [Refusal; 9] = [
        Refusal::Unregistered,
        Refusal::OtherHospital,
        Refusal::Retired,
        Refusal::Suspect,
        Refusal::BadSignature,
        Refusal::Malformed,
        Refusal::Replayed,
        Refusal::BackInTime,
        Refusal::Future,
    ];

    /// Its code, as it stands in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Unregistered => "unregistered",
            Refusal::OtherHospital => "otherHospital",
            Refusal::Retired => "retired",
            Refusal::Suspect => "suspect",
            Refusal::BadSignature => "badSignature",
            Refusal::Malformed => "malformed",
            Refusal::Replayed => "replayed",
            Refusal::BackInTime => "backInTime",
            Refusal::Future => "future",
        }
    }
}

/// The hash over refusals of a batch, each in the worker's encoding; zero if there are none.
pub fn refusals_hash<B: AsRef<[u8]>>(refusals: impl IntoIterator<Item = B>) -> H256 {
    refusals.into_iter().fold(H256::zero(), |before, refusal| {
        tagged_hash(b"galen:refusals:v1", &[before.as_bytes(), refusal.as_ref()])
    })
}

/// Readings of one hospital that follow each other, and what was refused meanwhile.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ReadingBatch {
    /// The batch's number, from 0 without gaps.
    pub index: u64,
    /// The number of its first reading, counted over all batches of the hospital from 0 without gaps.
    pub first: u64,
    /// How many readings there are: 0, if there are only refusals, to [`MAX_BATCH`].
    pub count: u32,
    /// The root of the tree over their record ids.
    pub root: H256,
    /// How many readings were refused, up to [`MAX_BATCH`].
    pub refused: u32,
    /// The hash over the refusals: [`refusals_hash`].
    pub refusals: H256,
    /// When the worker took in the first of all these, by its clock.
    pub from: UnixSeconds,
    /// When it took in the last.
    pub until: UnixSeconds,
    /// The head of the hospital's batch before; zero for its first.
    pub previous: H256,
}

/// What stands for a reading is its record id.
impl LogBatch for ReadingBatch {
    const NAME: &'static str = "readings";
    const METHOD: &'static str = "node_readings";
    const TREE: Tree = Tree(b"galen:readings:v1");
    const HEAD_TAG: &'static [u8] = b"galen:readings-head:v1";
    const PAYLOAD_TAG: &'static [u8] = b"galen:readings-anchor:v1";
    const NUMBERED: bool = true;

    fn first(&self) -> u64 {
        self.first
    }

    fn count(&self) -> u32 {
        self.count
    }

    fn root(&self) -> H256 {
        self.root
    }

    fn previous(&self) -> H256 {
        self.previous
    }

    fn place(&self) -> u64 {
        self.index
    }

    /// Whether it says something, not too much, and does not contradict itself.
    fn is_sound(&self) -> bool {
        let sized =
            self.count <= MAX_BATCH && self.refused <= MAX_BATCH && (self.count > 0 || self.refused > 0);
        let rooted = self.count > 0 || self.root == Self::TREE.empty();
        let hashed = (self.refused == 0) == self.refusals.is_zero();
        let numbered = self.index < u64::MAX;
        sized && rooted && hashed && numbered && self.from <= self.until
    }

    fn describe(&self) -> String {
        format!("batch {} of {} readings, {} refused", self.index, self.count, self.refused)
    }
}

/// How far a hospital has anchored its readings.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ReadingSite {
    /// The number of its next batch: as many are anchored.
    pub batches: u64,
    /// The number of its next reading: as many are anchored.
    pub next: u64,
    /// How many were refused in all.
    pub refused: u64,
    /// The head of its last batch; zero if there is none.
    pub head: H256,
    /// The block of its last batch; 0 if there is none.
    pub last_block: BlockNumber,
}

impl ReadingSite {
    /// What the hospital's next batch must follow.
    pub fn position(&self) -> Position {
        Position { place: self.batches, next: self.next, head: self.head }
    }
}

/// A batch as the chain took it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct AnchoredReadings {
    /// The batch.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub batch: ReadingBatch,
    /// The block in which it was anchored.
    pub block: BlockNumber,
    /// The worker key that signed it.
    pub key: H256,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn batch(records: &[H256]) -> ReadingBatch {
        let leaves: Vec<H256> = records.iter().map(ReadingBatch::leaf).collect();
        ReadingBatch {
            index: 3,
            first: 10,
            count: records.len() as u32,
            root: ReadingBatch::TREE.root(&leaves),
            refused: 1,
            refusals: refusals_hash([b"one"]),
            from: 7,
            until: 8,
            previous: H256([4; 32]),
        }
    }

    #[test]
    fn every_refusal_is_listed_under_its_code() {
        let known = (0..=u8::MAX).filter_map(|byte| Refusal::decode(&mut [byte].as_slice()).ok());
        assert_eq!(known.collect::<Vec<_>>(), Refusal::ALL);
        for refusal in Refusal::ALL {
            assert_eq!(serde_json::to_value(refusal).unwrap(), refusal.code());
        }
    }

    #[test]
    fn every_part_of_a_reading_is_signed() {
        let genesis = H256([9; 32]);
        let reading = Reading { device: H256([1; 32]), sequence: 2, at: 3, payload: H256([4; 32]) };
        let bytes = reading.signed_bytes(&genesis);
        assert_eq!(bytes.len(), 16 + 32 + 32 + 8 + 8 + 32);
        assert_eq!(&bytes[..16], b"galen:reading:v1");
        assert_eq!(&bytes[80..88], &2u64.to_le_bytes());
        assert_eq!(&bytes[88..96], &3u64.to_le_bytes());
        for other in [
            Reading { device: H256([2; 32]), ..reading },
            Reading { sequence: 3, ..reading },
            Reading { at: 4, ..reading },
            Reading { payload: H256([5; 32]), ..reading },
        ] {
            assert_ne!(other.signed_bytes(&genesis), bytes);
        }
        assert_ne!(reading.signed_bytes(&H256([8; 32])), bytes);
    }

    #[test]
    fn a_batch_proves_its_readings_at_their_numbers() {
        let records: Vec<H256> = (0..5).map(|i| H256([i; 32])).collect();
        let leaves: Vec<H256> = records.iter().map(ReadingBatch::leaf).collect();
        let batch = batch(&records);
        for (index, record) in records.iter().enumerate() {
            let path = ReadingBatch::TREE.inclusion_path(&leaves, index).unwrap();
            for number in 8..17 {
                assert_eq!(batch.proves(number, record, &path), number == 10 + index as u64);
            }
            assert!(!batch.proves(10 + index as u64, &H256([77; 32]), &path));
        }
    }

    #[test]
    fn a_head_covers_all_of_a_batch() {
        let batch = batch(&[H256([1; 32])]);
        let other = H256([99; 32]);
        for changed in [
            ReadingBatch { index: 4, ..batch },
            ReadingBatch { first: 11, ..batch },
            ReadingBatch { count: 2, ..batch },
            ReadingBatch { root: other, ..batch },
            ReadingBatch { refused: 2, ..batch },
            ReadingBatch { refusals: other, ..batch },
            ReadingBatch { from: 6, ..batch },
            ReadingBatch { until: 9, ..batch },
            ReadingBatch { previous: other, ..batch },
        ] {
            assert_ne!(changed.head(), batch.head());
        }
    }

    #[test]
    fn heads_leaves_and_what_is_signed_are_pinned() {
        let batch = ReadingBatch {
            index: 3,
            first: 10,
            count: 5,
            root: H256([3; 32]),
            refused: 1,
            refusals: H256([5; 32]),
            from: 7,
            until: 8,
            previous: H256([4; 32]),
        };
        let payload = batch.payload(&H256([1; 32]), &AccountId::new([2; 32]));
        // Computed apart, by Python's hashlib: what stands on chain cannot change with a refactoring.
        let hex = |hash: H256| format!("{hash:?}");
        assert_eq!(hex(batch.head()), HEAD);
        assert_eq!(hex(tagged_hash(b"", &[&payload])), PAYLOAD);
        assert_eq!(hex(ReadingBatch::leaf(&H256([6; 32]))), LEAF);
    }

    const HEAD: &str = "0x2e4bb63d97fd85a421850793a45e35e7103fc8691757e6131d74b123d9f7d9a0";
    const PAYLOAD: &str = "0xf14879a1a0b88f5f54528ebbfc65f15f311e7276a11d90696c349b8a5e779cf8";
    const LEAF: &str = "0x7839f780977c2113d352e20fd43ae12898f31b64d9ac904822308f689393b534";

    #[test]
    fn a_batch_that_contradicts_itself_has_no_end() {
        let batch = batch(&[H256([1; 32])]);
        assert_eq!(batch.end(), Some(11));
        let none = H256::zero();
        let only_refusals = ReadingBatch { count: 0, root: ReadingBatch::TREE.empty(), ..batch };
        assert_eq!(only_refusals.end(), Some(10));
        for wrong in [
            ReadingBatch { refused: 0, ..batch },
            ReadingBatch { refusals: none, ..batch },
            ReadingBatch { refused: 0, refusals: none, ..only_refusals },
            ReadingBatch { count: 0, ..batch },
            ReadingBatch { count: MAX_BATCH + 1, ..batch },
            ReadingBatch { refused: MAX_BATCH + 1, ..batch },
            ReadingBatch { from: 9, ..batch },
            ReadingBatch { first: u64::MAX, ..batch },
            ReadingBatch { index: u64::MAX, ..batch },
        ] {
            assert_eq!(wrong.end(), None, "{wrong:?}");
        }
    }

    #[test]
    fn refusals_count_in_their_order() {
        assert_eq!(refusals_hash([[0u8; 1]; 0]), H256::zero());
        assert_ne!(refusals_hash([b"a", b"b"]), refusals_hash([b"b", b"a"]));
        assert_ne!(refusals_hash([b"a".as_slice(), b"b"]), refusals_hash([b"ab".as_slice()]));
    }
}
