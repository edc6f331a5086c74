//! Reports of double authorship: two blocks of one author in one slot, with both headers as they were signed.
//!
//! sc-consensus-babe 0.60 looks for them while it imports a block, where the seal has been taken off the
//! header, and reports the headers without it. The runtime finds no signature in such a proof and answers
//! `Babe.InvalidEquivocationProof`: nobody is punished. This import stands before that one and reports the
//! sealed headers. The pool keeps one report of a slot and an author, the first, and so this one.
//!
//! As there, a report is made by each node that saw both blocks, goes into its own pool only, and stands in a
//! block when that node authors one.

use crate::client::{Block, FullClient, FullSelectChain};
use galen_runtime::{Hash, Header};
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::{ApiExt, ProvideRuntimeApi};
use sp_consensus::{BlockOrigin, SelectChain};
use sp_consensus_babe::{AuthorityId, BabeApi, EquivocationProof, Slot, check_equivocation_proof};
use sp_runtime::traits::Header as _;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Slots for which headers are remembered: half an hour of 2 s slots, far more than blocks take to arrive.
const SLOTS: u64 = 1_000;

/// The first header of each author in each slot that was seen lately.
#[derive(Default)]
struct Seen(BTreeMap<(Slot, AuthorityId), Header>);

impl Seen {
    /// Remembers a header; the other one, if its author has signed another in this slot.
    fn note(&mut self, slot: Slot, author: &AuthorityId, header: &Header) -> Option<Header> {
        if let Some(first) = self.0.get(&(slot, author.clone())) {
            return (first.hash() != header.hash()).then(|| first.clone());
        }
        self.0.insert((slot, author.clone()), header.clone());
        let newest = self.0.last_key_value().map_or(slot, |((slot, _), _)| *slot);
        let oldest = Slot::from(u64::from(newest).saturating_sub(SLOTS));
        while self.0.first_key_value().is_some_and(|((slot, _), _)| *slot < oldest) {
            self.0.pop_first();
        }
        None
    }
}

/// This block import looks for double authorship before it hands the block on.
#[derive(Clone)]
pub struct Reporting<I> {
    inner: I,
    client: Arc<FullClient>,
    select_chain: FullSelectChain,
    pool: OffchainTransactionPoolFactory<Block>,
    seen: Arc<Mutex<Seen>>,
}

impl<I> Reporting<I> {
    /// Stands before `inner`; reports go to `pool`.
    pub fn new(
        inner: I,
        client: Arc<FullClient>,
        select_chain: FullSelectChain,
        pool: OffchainTransactionPoolFactory<Block>,
    ) -> Self {
        Self { inner, client, select_chain, pool, seen: Arc::default() }
    }

    /// Notes a sealed header, and reports its author if it has signed another in the same slot.
    async fn look(&self, header: &Header) -> Result<(), String> {
        let claim = sc_consensus_babe::find_pre_digest::<Block>(header).map_err(|error| error.to_string())?;
        let (slot, parent) = (claim.slot(), *header.parent_hash());
        let Some(author) = self.author(parent, slot, claim.authority_index())? else { return Ok(()) };
        let first = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.note(slot, &author, header)
        };
        let Some(first) = first else { return Ok(()) };
        let proof = EquivocationProof {
            offender: author.clone(),
            slot,
            first_header: first,
            second_header: header.clone(),
        };
        if !check_equivocation_proof(proof.clone()) {
            return Ok(());
        }
        let best = self.select_chain.best_chain().await.map_err(|error| error.to_string())?.hash();
        let owner = |at: Hash| {
            let api = self.client.runtime_api();
            api.generate_key_ownership_proof(at, slot, author.clone()).map_err(|error| error.to_string())
        };
        // In the first block of a session the parent's state does not know the session's keys yet.
        let owner = match owner(parent)? {
            Some(owner) => owner,
            None => owner(best)?.ok_or("its author is not among the validators any more")?,
        };
        let mut api = self.client.runtime_api();
        api.register_extension(self.pool.offchain_transaction_pool(best));
        api.submit_report_equivocation_unsigned_extrinsic(best, proof, owner)
            .map_err(|error| error.to_string())?
            .ok_or("the report was not taken into the pool")?;
        log::warn!(target: "babe", "Reported two blocks of {author:?} in slot {slot}");
        Ok(())
    }

    /// The key with this index among the authorities of the epoch that `slot` is in.
    fn author(&self, parent: Hash, slot: Slot, index: u32) -> Result<Option<AuthorityId>, String> {
        let api = self.client.runtime_api();
        let mut epoch = api.current_epoch(parent).map_err(|error| error.to_string())?;
        if slot >= epoch.start_slot + epoch.duration {
            epoch = api.next_epoch(parent).map_err(|error| error.to_string())?;
        }
        let index = usize::try_from(index).map_err(|error| error.to_string())?;
        Ok(epoch.authorities.get(index).map(|(author, _)| author.clone()))
    }
}

#[async_trait::async_trait]
impl<I> BlockImport<Block> for Reporting<I>
where
    I: BlockImport<Block> + Send + Sync,
{
    type Error = I::Error;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Self::Error> {
        // What is imported while catching up is too old to be reported; with imported state there is no
        // parent to ask.
        if block.origin != BlockOrigin::NetworkInitialSync && !block.with_state() {
            // That a report fails must not keep a valid block out.
            if let Err(error) = self.look(&block.post_header()).await {
                log::debug!(target: "babe", "Not looked for double authorship: {error}");
            }
        }
        self.inner.import_block(block).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{Pair, sr25519};
    use sp_runtime::testing::Digest;

    fn header(number: u32, extrinsics: u8) -> Header {
        Header::new(number, Hash::repeat_byte(extrinsics), Hash::zero(), Hash::zero(), Digest::default())
    }

    fn author(seed: &str) -> AuthorityId {
        sr25519::Pair::from_string(seed, None).unwrap().public().into()
    }

    #[test]
    fn two_headers_of_one_author_in_one_slot_are_found() {
        let mut seen = Seen::default();
        let (alice, bob) = (author("//Alice"), author("//Bob"));
        let (one, other) = (header(1, 1), header(1, 2));
        assert_eq!(seen.note(5.into(), &alice, &one), None);
        assert_eq!(seen.note(5.into(), &alice, &one), None, "the same block comes again");
        assert_eq!(seen.note(5.into(), &bob, &other), None, "another author");
        assert_eq!(seen.note(6.into(), &alice, &other), None, "another slot");
        assert_eq!(seen.note(5.into(), &alice, &other), Some(one));
    }

    #[test]
    fn old_slots_are_forgotten() {
        let mut seen = Seen::default();
        let alice = author("//Alice");
        for slot in 0..3 * SLOTS {
            seen.note(slot.into(), &alice, &header(1, 1));
        }
        assert!(seen.0.len() as u64 <= SLOTS + 1);
        assert_eq!(seen.note(0.into(), &alice, &header(1, 2)), None);
    }
}
