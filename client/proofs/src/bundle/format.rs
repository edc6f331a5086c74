//! The file: what it holds, and how it is read.

use super::{Checkpoint, ReadProof, Subject};
use crate::Error;
use codec::{Decode, Encode};
use galen_primitives::H256;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{io::Read, path::Path};

/// Larger files are not read: years of set changes of a hundred validators fit; then a checkpoint is due.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Which shape of the file this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first.
    #[serde(rename = "galen-proof/1")]
    One,
}

/// A proof bundle. Its parts are in the order in which they are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The format.
    pub format: Format,
    /// The genesis hash of the chain that it speaks of.
    pub genesis: H256,
    /// Where the chain of proof begins.
    pub start: Start,
    /// The last block of each authority set, which announces the next one; in order, without gaps.
    pub changes: Vec<Final>,
    /// What is shown at the end.
    pub claim: Claim,
}

/// Where a chain of proof begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Start {
    /// At the first block.
    Genesis {
        /// Its header, SCALE.
        header: Bytes,
        /// Read proof of the first authorities.
        state: ReadProof,
    },
    /// At a set that an earlier bundle has proven, and that the reader trusts by its hash.
    Checkpoint(Checkpoint),
}

/// A block with the proof that it is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Final {
    /// Its header, SCALE.
    pub header: Bytes,
    /// A GRANDPA justification for exactly this block, SCALE.
    pub justification: Bytes,
}

/// What a bundle shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Claim {
    /// The authority set after the last change.
    Checkpoint,
    /// Something in the state of a final block.
    State {
        /// The block.
        block: Final,
        /// Read proof of all that the subject needs.
        state: ReadProof,
        /// What is shown.
        subject: Subject,
    },
}

/// Bytes, in hexadecimal with `0x` in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(&self.0)))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("bytes begin with 0x"))?;
        hex::decode(digits).map(Bytes).map_err(D::Error::custom)
    }
}

impl Bundle {
    /// Reads a file of at most [`MAX_FILE`] bytes.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |why: String| Error(format!("{}: {why}", path.display()));
        let file = std::fs::File::open(path).map_err(|why| failed(format!("cannot be read: {why}")))?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|why| failed(format!("cannot be read: {why}")))?;
        Bundle::parse(&bytes).map_err(failed)
    }

    /// Reads the bytes of a file; what is not understood is refused, never skipped.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > MAX_FILE {
            return Err(format!("larger than {} MiB: begin at a checkpoint instead", MAX_FILE >> 20));
        }
        serde_json::from_slice(bytes).map_err(|why| format!("not a proof bundle: {why}"))
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut bytes =
            serde_json::to_vec(self).map_err(|why| Error(format!("the bundle cannot be written: {why}")))?;
        bytes.push(b'\n');
        if bytes.len() as u64 > MAX_FILE {
            return Err(Error(format!(
                "the bundle would be larger than {} MiB: let it begin at a checkpoint (--from)",
                MAX_FILE >> 20
            )));
        }
        Ok(bytes)
    }
}
