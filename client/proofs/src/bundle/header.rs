//! Block headers, and what GRANDPA announces in them.

use super::Bytes;
use codec::{Decode, DecodeAll, Encode};
use galen_primitives::{BlockNumber, H256};
use sp_consensus_grandpa::{AuthorityList, ConsensusLog, GRANDPA_ENGINE_ID};
use sp_runtime::{
    generic::{self, DigestItem},
    traits::{BlakeTwo256, Header as _},
};

/// A header of a Galen chain.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;

/// Decodes a header and its hash. Bytes that are not exactly the encoding of what they decode to are refused.
pub(super) fn decode(bytes: &Bytes) -> Result<(Header, H256), String> {
    let header = Header::decode_all(&mut bytes.0.as_slice()).map_err(|_| "not a block header".to_owned())?;
    if header.encode() != bytes.0 {
        return Err("a block header in another encoding than the chain's".into());
    }
    let hash = header.hash();
    Ok((header, hash))
}

/// The set that takes over once this block is final, if it announces one.
///
/// pallet-grandpa announces with a delay of 0 at the change of a session: the block that announces is the last one of its set. Of
/// several announcements the first counts. A forced change (Root called `Grandpa::note_stalled` after finality had broken down)
/// is not signed by the set before it: no proof leads across it.
pub(super) fn next_authorities(header: &Header) -> Result<Option<AuthorityList>, String> {
    let mut next = None;
    for item in header.digest().logs() {
        let DigestItem::Consensus(GRANDPA_ENGINE_ID, bytes) = item else { continue };
        match ConsensusLog::<BlockNumber>::decode(&mut bytes.as_slice()) {
            Ok(ConsensusLog::ForcedChange(..)) => {
                return Err(
                    "it forces a change of authorities, which the set before does not sign: begin at a checkpoint after it".into()
                );
            }
            Ok(ConsensusLog::ScheduledChange(change)) if next.is_none() => {
                if change.delay != 0 {
                    return Err(format!(
                        "it announces a change after {} blocks; on a Galen chain changes have no delay",
                        change.delay
                    ));
                }
                next = Some(change.next_authorities);
            }
            Ok(_) => {}
            Err(_) => return Err("its digest holds a GRANDPA message that cannot be read".into()),
        }
    }
    Ok(next)
}
