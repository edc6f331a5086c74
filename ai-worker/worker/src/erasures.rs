//! Erasures that the chain knows of, carried out here: before anything is served, and for as long as the
//! worker runs.
//!
//! A hospital erases at its worker first and says so on the chain afterwards. So a worker that still holds a
//! key of a record that is erased on the chain was restored from an older backup, or was off when another
//! copy of it erased. It destroys key, salt and summaries, and only then opens for documents. It stays closed
//! until it has read the log up to a finalized block that was made after the worker was started: all that was
//! erased before stands in that block's state, as it need not in what a node shows that is still syncing.

use crate::{
    chain::{ChainError, ChainView, Finalized},
    clock::Clock,
    metrics::Metrics,
    repeat::every,
    shutdown::Shutdown,
    vault::{self, Seen, Vault},
};
use galen_primitives::{AccountId, H256, UnixSeconds, records::Record};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::spawn_blocking};

/// By how much a block may be from the future, in seconds. If it is more, our clock is slow, and whether the
/// block was made after the start cannot be told.
const AHEAD: u64 = 30;
const FOLLOW_EVERY: Duration = Duration::from_secs(6);
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Why the worker is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing was tried yet.
    Starting,
    /// The chain does not answer.
    NoChain,
    /// No finalized block was made after the start yet.
    NotRecent,
    /// The chain is not the one that the vault's erasures were read from.
    AnotherChain,
    /// A leaf is erased of which only its hospital can be told, and this one's account is not known here.
    HospitalUnknown,
    /// The vault failed.
    VaultFailed,
}

impl Closed {
    /// What it means, and what to do.
    pub fn why(self) -> &'static str {
        match self {
            Closed::Starting => "erasures on the chain are being read",
            Closed::NoChain => "the chain does not answer: is the node running?",
            Closed::NotRecent => {
                "no finalized block was made since the start: the node may still be syncing, finality may have \
                 stopped, or a clock is wrong"
            }
            Closed::AnotherChain => {
                "the node is on another chain than the one whose erasures this vault has followed: mend that, or, if the \
                 chain was begun anew on purpose, start once with --another-chain"
            }
            Closed::HospitalUnknown => {
                "the chain knows a record of a batch to be erased that is kept here, and which hospital's it was, but not \
                 which one this is: start with --hospital ACCOUNT, or set `hospital` in config.toml"
            }
            Closed::VaultFailed => "an erasure that the chain knows of could not be carried out: see the log",
        }
    }
}

impl From<ChainError> for Closed {
    fn from(error: ChainError) -> Self {
        tracing::debug!(%error, "the chain does not answer");
        Closed::NoChain
    }
}

impl From<vault::Error> for Closed {
    fn from(error: vault::Error) -> Self {
        tracing::error!(%error, "an erasure that the chain knows of could not be carried out");
        Closed::VaultFailed
    }
}

/// Follows the chain's log of erasures.
pub struct Erasures {
    vault: Arc<Vault>,
    chain: Arc<dyn ChainView>,
    hospital: Option<AccountId>,
    metrics: Metrics,
    clock: Clock,
    since: UnixSeconds,
    // Read from the beginning, whatever was read before.
    anew: AtomicBool,
    // Ok once everything that the chain knew of was carried out; it stays so.
    state: watch::Sender<Result<(), Closed>>,
}

impl Erasures {
    /// Closed until [`Erasures::follow`] has caught up. Without `hospital`, every hospital's entries are
    /// looked at. With `another_chain`, what was read before counts for nothing.
    pub fn new(
        vault: Arc<Vault>,
        chain: Arc<dyn ChainView>,
        hospital: Option<AccountId>,
        metrics: Metrics,
        clock: Clock,
        another_chain: bool,
    ) -> Self {
        Erasures {
            vault,
            chain,
            hospital,
            metrics,
            since: clock.seconds(),
            clock,
            anew: AtomicBool::new(another_chain),
            state: watch::Sender::new(Err(Closed::Starting)),
        }
    }

    /// Whether documents may be served, or why not yet.
    pub fn state(&self) -> Result<(), Closed> {
        *self.state.borrow()
    }

    /// Returns once documents may be served.
    pub async fn opened(&self) {
        // The sender is ours: it cannot be gone.
        let _ = self.state.subscribe().wait_for(Result::is_ok).await;
    }

    /// Carries erasures out until shutdown is requested.
    pub async fn follow(self: Arc<Self>, shutdown: Shutdown) {
        every(|| self.look(), FOLLOW_EVERY, RETRY_EVERY, &shutdown).await;
    }

    async fn look(&self) -> Result<(), Closed> {
        let caught_up = self.catch_up().await;
        self.note(caught_up);
        caught_up
    }

    fn note(&self, step: Result<(), Closed>) {
        let changed = self.state.send_if_modified(|state| {
            // Once open, what is read later is carried out later: the chain may be away for a while.
            let changed = state.is_err() && *state != step;
            if changed {
                *state = step;
            }
            changed
        });
        match step {
            Ok(()) if changed => tracing::info!("open: what the chain knows to be erased is erased here"),
            Err(closed) if changed => tracing::warn!("closed for documents: {}", closed.why()),
            _ => {}
        }
    }

    async fn catch_up(&self) -> Result<(), Closed> {
        let at = self.chain.finalized().await?;
        let made = self.chain.time(at.hash).await?;
        let recent = made >= self.since && made <= self.clock.seconds() + AHEAD;
        self.vault(|vault| vault.finish()).await?;
        let seen = match self.anew.load(Ordering::Relaxed) {
            true => None,
            false => self.vault(|vault| vault.seen()).await?,
        };
        if let Some(seen) = &seen {
            self.check_chain(seen, at, recent).await?;
        }
        let known = seen.is_some();
        let mut next = seen.map_or(0, |seen| seen.next);
        loop {
            let page = self.chain.erasures(self.hospital.clone(), next, at.hash).await?;
            self.carry_out(page.records, at.hash).await?;
            // A note that says as much already stays: its block is as good. It is written after what it says
            // was done.
            if !known || page.next != next {
                next = page.next;
                let seen = Seen { next, number: at.number, hash: at.hash };
                self.vault(move |vault| vault.set_seen(&seen)).await?;
                self.anew.store(false, Ordering::Relaxed);
            }
            if !page.more {
                break;
            }
        }
        if recent { Ok(()) } else { Err(Closed::NotRecent) }
    }

    /// Finalized blocks stay: a chain without the one that was seen is another, and says nothing of what was
    /// erased on this one. A node that is syncing does not have it yet.
    async fn check_chain(&self, seen: &Seen, at: Finalized, recent: bool) -> Result<(), Closed> {
        if at.number < seen.number {
            return Err(if recent { Closed::AnotherChain } else { Closed::NotRecent });
        }
        match self.chain.block_hash(seen.number).await? {
            Some(hash) if hash == seen.hash => Ok(()),
            Some(_) => Err(Closed::AnotherChain),
            None => Err(Closed::NotRecent),
        }
    }

    async fn carry_out(&self, records: Vec<H256>, at: H256) -> Result<(), Closed> {
        if records.is_empty() {
            return Ok(());
        }
        let held = self.vault(move |vault| vault.held(&records)).await?;
        let mut gone = Vec::new();
        for (id, patient) in held {
            let ours = match self.chain.record(id, at).await? {
                Some(record) => self.is_ours(&record, &patient),
                None => self.is_our_leaf(id, at).await?,
            };
            if ours {
                gone.push(id);
            } else {
                tracing::warn!(record = ?id, "erased by another hospital than the one that keeps it: kept")
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let erased = self
            .vault(move |vault| match vault.erase_all(gone) {
                // Erased by the operator in between.
                Err(vault::Error::NotFound) => Ok(None),
                erased => erased.map(Some),
            })
            .await?;
        if let Some(erased) = erased {
            tracing::info!(
                documents = erased.documents,
                summaries = erased.summaries,
                "erased what was erased on the chain"
            );
            self.metrics.erasures.inc();
        }
        Ok(())
    }

    /// Whether the record on the chain is the one kept here. A commitment can be anchored by whoever sees it
    /// first; where this hospital's account is not known, that it is of the same patient must do.
    fn is_ours(&self, record: &Record, patient: &AccountId) -> bool {
        record.erased_at.is_some()
            && match &self.hospital {
                Some(hospital) => record.custodian == *hospital,
                None => record.attributes.patient == *patient,
            }
    }

    /// Whether this hospital erased the record as a leaf of a batch, before it was revealed. Whose patient's
    /// it was does not stand on the chain, so that there is nothing to go by where this hospital's account is
    /// not known: neither is the record shown then, nor does another hospital's word destroy it.
    async fn is_our_leaf(&self, record: H256, at: H256) -> Result<bool, Closed> {
        let Some(leaf) = self.chain.erased_leaf(record, at).await? else { return Ok(false) };
        let hospital = self.hospital.as_ref().ok_or(Closed::HospitalUnknown)?;
        Ok(leaf.custodian == *hospital)
    }

    async fn vault<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Vault) -> Result<T, vault::Error> + Send + 'static,
    ) -> Result<T, Closed> {
        let vault = self.vault.clone();
        match spawn_blocking(move || act(&vault)).await {
            Ok(done) => Ok(done?),
            Err(_) => {
                tracing::error!("a task of the vault panicked");
                Err(Closed::VaultFailed)
            }
        }
    }
}
