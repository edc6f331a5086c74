//! What the worker asks the chain, always at a finalized block.

use crate::clock::Clock;
use futures::future::BoxFuture;
use galen_client::chain::Chain;
use galen_primitives::{
    AccountId, BlockNumber, H256, UnixSeconds,
    api::MAX_PAGE,
    audit::{Filter, Kind, disclosure::ReportedBatch},
    consent::Question,
    devices::Device,
    emergency::Ruling,
    records::{Record, batch::ErasedLeaf},
    summary::Job,
};
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use tokio::{sync::Mutex, time::timeout};

/// No answer of the node may take longer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The chain did not answer, or not in a way that can be read.
#[derive(Debug, thiserror::Error)]
#[error("the chain cannot be asked: {0}")]
pub struct ChainError(pub String);

/// A finalized block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finalized {
    /// Its hash.
    pub hash: H256,
    /// Its number.
    pub number: BlockNumber,
}

/// What one page of the audit log says of erasures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedPage {
    /// The records that were erased, as the log has them.
    pub records: Vec<H256>,
    /// The first entry that this page does not speak of.
    pub next: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// What a hospital should have done by now and has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Reviews of accesses in emergencies.
    pub reviews: u64,
    /// Answers to consents that ended after it had read under them.
    pub obligations: u64,
}

/// The chain as the worker sees it. One implementation talks to a node; the other, in tests, fails on demand.
pub trait ChainView: Send + Sync + 'static {
    /// The newest finalized block.
    fn finalized(&self) -> BoxFuture<'_, Result<Finalized, ChainError>>;
    /// A job.
    fn job(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Job>, ChainError>>;
    /// Whether a job's use is permitted; `None` if there is no such job.
    fn check(&self, job: H256, at: H256) -> BoxFuture<'_, Result<Option<Ruling>, ChainError>>;
    /// A record.
    fn record(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Record>, ChainError>>;
    /// The receipt of the erasure of a leaf of a batch that was never revealed.
    fn erased_leaf(&self, record: H256, at: H256) -> BoxFuture<'_, Result<Option<ErasedLeaf>, ChainError>>;
    /// A decision about a record, emergencies counted in.
    fn rule(&self, question: Question, record: H256, at: H256) -> BoxFuture<'_, Result<Ruling, ChainError>>;
    /// What a hospital is late with.
    fn overdue(&self, hospital: AccountId, at: H256) -> BoxFuture<'_, Result<Overdue, ChainError>>;
    /// When a block was made, by its author's clock.
    fn time(&self, at: H256) -> BoxFuture<'_, Result<UnixSeconds, ChainError>>;
    /// The hash of the block of that number, if the node has one; of a finalized number the only one there
    /// can be.
    fn block_hash(&self, number: BlockNumber) -> BoxFuture<'_, Result<Option<H256>, ChainError>>;
    /// What the audit log says of erasures by this hospital (by any, if `None`) from entry `from` on.
    fn erasures(
        &self,
        hospital: Option<AccountId>,
        from: u64,
        at: H256,
    ) -> BoxFuture<'_, Result<ErasedPage, ChainError>>;
    /// The batches of disclosures of a hospital that hold number `from` or later ones, at most [`MAX_PAGE`].
    fn disclosure_batches(
        &self,
        hospital: AccountId,
        from: u64,
        at: H256,
    ) -> BoxFuture<'_, Result<Vec<ReportedBatch>, ChainError>>;
    /// A registered device.
    fn device(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Device>, ChainError>>;
    /// When it last answered, in seconds since 1970; `None` if never.
    fn last_answer(&self) -> Option<u64>;
}

/// The chain behind a node's WebSocket. Connects when first asked, and again after an error, so that the
/// worker may be started before the node.
pub struct Node {
    url: String,
    chain: Mutex<Option<Chain>>,
    answered: AtomicI64,
    clock: Clock,
}

impl Node {
    /// Does not connect yet.
    pub fn new(url: &str, clock: Clock) -> Self {
        Node { url: url.to_owned(), chain: Mutex::new(None), answered: AtomicI64::new(-1), clock }
    }

    async fn ask<T, F>(&self, ask: impl FnOnce(Chain) -> F + Send) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, galen_client::Error>> + Send,
    {
        let asking = async {
            let mut chain = self.chain.lock().await;
            let connected = match &*chain {
                Some(connected) => connected.clone(),
                None => {
                    let new = Chain::connect(&self.url).await?;
                    *chain = Some(new.clone());
                    new
                }
            };
            drop(chain);
            ask(connected).await
        };
        match timeout(PATIENCE, asking).await {
            Ok(Ok(answer)) => {
                self.answered.store(self.clock.seconds() as i64, Ordering::Relaxed);
                Ok(answer)
            }
            Ok(Err(error)) => {
                *self.chain.lock().await = None;
                Err(ChainError(error.to_string()))
            }
            Err(_) => {
                *self.chain.lock().await = None;
                Err(ChainError(format!("{} gave no answer in {} s", self.url, PATIENCE.as_secs())))
            }
        }
    }
}

impl ChainView for Node {
    fn finalized(&self) -> BoxFuture<'_, Result<Finalized, ChainError>> {
        Box::pin(self.ask(|chain| async move {
            let (hash, number) = chain.finalized().await?;
            Ok(Finalized { hash, number })
        }))
    }

    fn job(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Job>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.job(id, Some(at)).await }))
    }

    fn check(&self, job: H256, at: H256) -> BoxFuture<'_, Result<Option<Ruling>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.check_job(job, Some(at)).await }))
    }

    fn record(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Record>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.record(id, Some(at)).await }))
    }

    fn erased_leaf(&self, record: H256, at: H256) -> BoxFuture<'_, Result<Option<ErasedLeaf>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.erased_leaf(record, Some(at)).await }))
    }

    fn rule(&self, question: Question, record: H256, at: H256) -> BoxFuture<'_, Result<Ruling, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.rule(&question, Some(record), Some(at)).await }))
    }

    fn overdue(&self, hospital: AccountId, at: H256) -> BoxFuture<'_, Result<Overdue, ChainError>> {
        Box::pin(self.ask(move |chain| async move {
            let reviews = chain.unreviewed(&hospital, true, at).await?;
            let owed = chain.owed(&hospital, at).await?;
            Ok(Overdue {
                reviews: reviews.len() as u64,
                obligations: owed.iter().filter(|owed| owed.overdue).count() as u64,
            })
        }))
    }

    fn time(&self, at: H256) -> BoxFuture<'_, Result<UnixSeconds, ChainError>> {
        Box::pin(self.ask(move |chain| async move { Ok(chain.timestamp(at).await? / 1000) }))
    }

    fn block_hash(&self, number: BlockNumber) -> BoxFuture<'_, Result<Option<H256>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.block_hash(number).await }))
    }

    fn erasures(
        &self,
        hospital: Option<AccountId>,
        from: u64,
        at: H256,
    ) -> BoxFuture<'_, Result<ErasedPage, ChainError>> {
        let filter = Filter { hospital, kind: Some(Kind::RecordErased), patient: None };
        Box::pin(self.ask(move |chain| async move {
            let page = chain.audit_entries(&filter, from, MAX_PAGE, Some(at)).await?;
            let next = match page.next {
                Some(next) => next,
                None => chain.audit_state(Some(at)).await?.count,
            };
            let records = page.entries.iter().map(|entry| entry.subject).collect();
            Ok(ErasedPage { records, next, more: page.next.is_some() })
        }))
    }

    fn disclosure_batches(
        &self,
        hospital: AccountId,
        from: u64,
        at: H256,
    ) -> BoxFuture<'_, Result<Vec<ReportedBatch>, ChainError>> {
        Box::pin(self.ask(move |chain| async move {
            chain.disclosure_batches(&hospital, from, MAX_PAGE, Some(at)).await
        }))
    }

    fn device(&self, id: H256, at: H256) -> BoxFuture<'_, Result<Option<Device>, ChainError>> {
        Box::pin(self.ask(move |chain| async move { chain.device(id, Some(at)).await }))
    }

    fn last_answer(&self) -> Option<u64> {
        u64::try_from(self.answered.load(Ordering::Relaxed)).ok()
    }
}
