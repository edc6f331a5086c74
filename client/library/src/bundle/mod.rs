//! Makes proof bundles ([`galen_proofs::bundle`]) of what a node has.
//!
//! The node is not believed: what it gives is checked as a reader would check it before it is handed out.

mod genesis;
mod history;
mod subject;

pub use genesis::start;
pub use subject::Wanted;

use crate::{
    Error,
    chain::{Chain, Justified},
};
use galen_primitives::BlockNumber;
use galen_proofs::bundle::{
    Bundle, Bytes, Claim, Final, Format, Position, ReadProof, Report, Start, Trust, begin, check,
};
use std::time::Duration;

/// How long a node without a kept justification is given to see the next one: finality takes a few seconds where it works.
const PATIENCE: Duration = Duration::from_secs(60);

/// A bundle that shows `wanted` in the latest final state.
pub async fn make(chain: &Chain, start: Start, wanted: &Wanted) -> Result<(Bundle, Report), Error> {
    let (block, number) = latest(chain).await?;
    let (mut bundle, _) = followed(chain, start, number).await?;
    let subject = wanted.find(chain, block.block).await?;
    let nodes = chain.read_proof(&subject.keys(), block.block).await?;
    let state = ReadProof(nodes.into_iter().map(Bytes).collect());
    bundle.claim = Claim::State { block: with_header(chain, block).await?, state, subject };
    own_check(bundle)
}

/// A bundle that shows the present authority set.
pub async fn make_checkpoint(chain: &Chain, start: Start) -> Result<(Bundle, Report), Error> {
    let (_, number) = latest(chain).await?;
    // A change in the latest block itself counts, too.
    let (bundle, _) = followed(chain, start, number.saturating_add(1)).await?;
    own_check(bundle)
}

// The latest block with a justification, and its number.
async fn latest(chain: &Chain) -> Result<(Justified, BlockNumber), Error> {
    let (_, finalized) = chain.finalized().await?;
    let justified = match chain.prove_finality(finalized).await? {
        Some(justified) => justified,
        None => chain.next_justification(PATIENCE).await?.ok_or_else(|| {
            Error::Node(
                "it has no justification and saw none for a minute: does finality make progress (galen network status)?"
                    .into(),
            )
        })?,
    };
    let number = chain.number(justified.block).await?;
    Ok((justified, number))
}

// A bundle with all changes before block `until`, and where they lead.
async fn followed(chain: &Chain, start: Start, until: BlockNumber) -> Result<(Bundle, Position), Error> {
    let mut bundle = Bundle {
        format: Format::One,
        genesis: chain.genesis(),
        start,
        changes: Vec::new(),
        claim: Claim::Checkpoint,
    };
    let (mut position, _) = begin(&bundle, &Trust::as_stated(&bundle)).map_err(Error::Input)?;
    bundle.changes = history::changes(chain, &mut position, until).await?;
    Ok((bundle, position))
}

async fn with_header(chain: &Chain, justified: Justified) -> Result<Final, Error> {
    let header = chain.header(justified.block).await?;
    Ok(Final { header: Bytes(header), justification: Bytes(justified.justification) })
}

fn own_check(bundle: Bundle) -> Result<(Bundle, Report), Error> {
    let report = check(&bundle, &Trust::as_stated(&bundle));
    report.held()?;
    Ok((bundle, report))
}
