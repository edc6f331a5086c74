//! The changes of authorities that a node remembers.

use super::with_header;
use crate::{Error, chain::Chain};
use galen_primitives::BlockNumber;
use galen_proofs::bundle::{Final, Position};

/// Eras differ in length by the slots in which nobody authored: a guess at the next change falls so many blocks short.
const SLACK: BlockNumber = 16;

/// The last blocks of all sets that ended before block `until`, from `position` on, which moves with them.
///
/// Asked about any block of a set, a node tells the last one of it, along with all headers in between. To spare these it is asked
/// about a block as far on as the era before was long, less a little; if that is of a later set already, about the first.
pub(super) async fn changes(
    chain: &Chain,
    position: &mut Position,
    until: BlockNumber,
) -> Result<Vec<Final>, Error> {
    let mut found = Vec::new();
    let mut length = 0;
    loop {
        let before = position.number;
        let first = before.saturating_add(1);
        if first >= until {
            return Ok(found);
        }
        let guess = before.saturating_add(length).saturating_sub(SLACK).clamp(first, until - 1);
        let mut change = last_of_set(chain, position, guess).await;
        if change.is_err() && guess != first {
            change = last_of_set(chain, position, first).await;
        }
        // None: the set of `first` has not ended.
        let Some(change) = change?.filter(|(_, next)| next.number < until) else { return Ok(found) };
        let (block, next) = change;
        found.push(block);
        length = next.number - before;
        *position = next;
    }
}

/// The block that ends the set of block `number`, and the position after it; `None` if that is the present set. An error if it is
/// not the set at `position`.
async fn last_of_set(
    chain: &Chain,
    position: &Position,
    number: BlockNumber,
) -> Result<Option<(Final, Position)>, Error> {
    let Some(justified) = chain.prove_finality(number).await? else { return Ok(None) };
    let block = with_header(chain, justified).await?;
    let mut next = position.clone();
    match next.step(&block) {
        Ok(_) => Ok(Some((block, next))),
        // Final by this very set, and announces nothing: the latest block.
        Err(_) if position.finalized(&block).is_ok() => Ok(None),
        Err(why) => Err(Error::Node(format!(
            "its history of authority sets does not follow on set {} ({why}): a node that was warp synced does not know all \
             changes; ask another one, or begin at a later checkpoint",
            position.set.id
        ))),
    }
}
