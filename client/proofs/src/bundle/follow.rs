//! From a start that the reader trusts, through every change of authorities, to the set that counts at the end.

use super::{AuthoritySet, Bundle, Checkpoint, Final, ReadProof, Start, Trust, header, header::Header, keys};
use codec::Encode;
use galen_primitives::{BlockNumber, H256};
use sp_consensus_grandpa::{AuthorityList, SetId};
use sp_runtime::traits::Header as _;

/// A set and the block after which it votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The genesis hash of the chain.
    pub genesis: H256,
    /// The block that announced the set.
    pub block: H256,
    /// The number of that block.
    pub number: BlockNumber,
    /// The set.
    pub set: AuthoritySet,
}

/// Where the chain of proof begins, if the reader trusts it, and words for it.
pub fn begin(bundle: &Bundle, trust: &Trust) -> Result<(Position, String), String> {
    if bundle.genesis != trust.genesis {
        return Err(format!("the bundle is of the chain with genesis {:?}", bundle.genesis));
    }
    match &bundle.start {
        Start::Genesis { header, state } => {
            let (header, hash) = header::decode(header)?;
            if hash != trust.genesis {
                return Err(format!("the header in the bundle is that of {hash:?}"));
            }
            let set = first_set(&header, state)?;
            let seen = format!("block 0 {hash:?}, {} authorities", set.authorities.len());
            Ok((Position { genesis: hash, block: hash, number: 0, set }, seen))
        }
        Start::Checkpoint(checkpoint) => {
            let hash = checkpoint.hash();
            match trust.checkpoint {
                Some(trusted) if trusted == hash => {}
                Some(trusted) => {
                    return Err(format!("the bundle begins at checkpoint {hash:?}, not at {trusted:?}"));
                }
                None => {
                    return Err(format!(
                        "the bundle begins at checkpoint {hash:?}: give one that you trust (--checkpoint)"
                    ));
                }
            }
            if checkpoint.genesis != trust.genesis {
                return Err(format!("the checkpoint is of the chain with genesis {:?}", checkpoint.genesis));
            }
            let set = checkpoint.set()?;
            let seen = format!(
                "block {} {:?}, set {}, {} authorities",
                checkpoint.number,
                checkpoint.block,
                set.id,
                set.authorities.len()
            );
            let position = Position {
                genesis: checkpoint.genesis,
                block: checkpoint.block,
                number: checkpoint.number,
                set,
            };
            Ok((position, seen))
        }
    }
}

fn first_set(header: &Header, state: &ReadProof) -> Result<AuthoritySet, String> {
    let state = state.under(*header.state_root());
    let [authorities, id] = keys::genesis();
    let authorities: AuthorityList = state.expect("first GRANDPA authorities", &authorities)?;
    let id: SetId = state.expect("first GRANDPA set id", &id)?;
    Ok(AuthoritySet { id, authorities })
}

impl Position {
    /// Checks that the present set made a block after this position final; gives its header and hash.
    pub fn finalized(&self, block: &Final) -> Result<(Header, H256), String> {
        let (header, hash) = header::decode(&block.header)?;
        if *header.number() <= self.number {
            return Err(format!(
                "block {} comes too late: set {} votes for blocks after {}",
                header.number(),
                self.set.id,
                self.number
            ));
        }
        self.set
            .finalizes(hash, *header.number(), &block.justification)
            .map_err(|why| format!("block {}: {why}", header.number()))?;
        Ok((header, hash))
    }

    /// Goes over to the next set, which `block` must announce.
    pub fn step(&mut self, block: &Final) -> Result<((), String), String> {
        let (header, hash) = self.finalized(block)?;
        let next = self
            .set
            .after(&header)
            .and_then(|next| next.ok_or("it announces no change of authorities".into()))
            .map_err(|why| format!("block {}: {why}", header.number()))?;
        let seen = format!(
            "block {} {hash:?}, final by set {}, announces set {} of {} authorities",
            header.number(),
            self.set.id,
            next.id,
            next.authorities.len()
        );
        (self.block, self.number, self.set) = (hash, *header.number(), next);
        Ok(((), seen))
    }

    /// The position, to begin at later.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            genesis: self.genesis,
            block: self.block,
            number: self.number,
            set_id: self.set.id,
            authorities: super::Bytes(self.set.authorities.encode()),
        }
    }
}
