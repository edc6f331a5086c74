//! What a bundle of set changes has proven, as one hash that stands for all of it.

use super::{AuthoritySet, Bundle, Trust, check};
use crate::Error;
use codec::{Decode, DecodeAll, Encode};
use galen_primitives::{BlockNumber, H256, commitment::tagged_hash};
use serde::{Deserialize, Serialize};
use sp_consensus_grandpa::{AuthorityList, SetId};

/// An authority set and the block from which on it counts.
///
/// Who trusts its [hash](Checkpoint::hash) need not follow the changes before it again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checkpoint {
    /// The genesis hash of the chain.
    pub genesis: H256,
    /// The block that announced the set; its votes are for later ones.
    pub block: H256,
    /// The number of that block.
    pub number: BlockNumber,
    /// The number of the set.
    pub set_id: SetId,
    /// Its authorities, SCALE: keys and weights.
    pub authorities: super::Bytes,
}

impl Checkpoint {
    /// BLAKE2b-256 of a tag and the SCALE encoding.
    pub fn hash(&self) -> H256 {
        tagged_hash(b"galen:checkpoint:v1", &[&self.encode()])
    }

    /// What a checkpoint bundle leads to; fails if it does not hold. Its own start is taken for trusted: readers judge that.
    pub fn reached(bundle: &Bundle) -> Result<Self, Error> {
        let report = check(bundle, &Trust::as_stated(bundle));
        report.held()?;
        report
            .checkpoint
            .map(|reached| reached.checkpoint)
            .ok_or_else(|| Error("the bundle shows no checkpoint: galen proof checkpoint makes one".into()))
    }

    /// The set.
    pub(super) fn set(&self) -> Result<AuthoritySet, String> {
        let authorities = AuthorityList::decode_all(&mut self.authorities.0.as_slice())
            .map_err(|_| "the checkpoint's authorities cannot be read".to_owned())?;
        Ok(AuthoritySet { id: self.set_id, authorities })
    }
}
