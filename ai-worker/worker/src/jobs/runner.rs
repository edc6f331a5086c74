//! Runs jobs, oldest first, one at a time; what cannot be decided now is tried again later.

use super::{
    output::{self, Ground},
    pause::Pause,
    queue::{Pending, Queue, QueueError},
    summariser::{Made, Model, NotMade, Summariser},
};
use crate::{
    chain::{ChainError, ChainView},
    clock::Clock,
    metrics::Metrics,
    readings::{Citations, Readings, cite},
    shutdown::Shutdown,
    vault::{self, Vault},
};
use galen_engine::{CancelFlag, note::Note};
use galen_primitives::{
    AccountId, H256,
    summary::{Failure, Job, JobStatus, Outcome, Receipt},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep, sleep_until},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What the runner is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Only jobs of this hospital are run, if set.
    pub hospital: Option<AccountId>,
    /// Answers are kept this long after they were collected, in days.
    pub keep_days: u64,
    /// A job that no finalized block knows is forgotten after this time.
    pub unknown: Duration,
    /// The first pause before another attempt; doubles up to 30 times.
    pub pause: Duration,
    /// How often a running job's deadline is looked at.
    pub watch: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            hospital: None,
            keep_days: 30,
            unknown: Duration::from_secs(15 * 60),
            pause: Duration::from_secs(1),
            watch: Duration::from_secs(3),
        }
    }
}

/// The runner.
pub struct Runner {
    /// Where jobs come from.
    pub queue: Arc<Queue>,
    /// Where documents are and summaries go.
    pub vault: Arc<Vault>,
    /// Which device readings were verified.
    pub readings: Arc<Readings>,
    /// Who is asked.
    pub chain: Arc<dyn ChainView>,
    /// What decodes; without one, jobs fail with `ModelMismatch`.
    pub summariser: Option<Arc<dyn Summariser>>,
    /// Settings.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// Metrics.
    pub metrics: Metrics,
    /// When to stop.
    pub shutdown: Shutdown,
}

/// Why an attempt gave no summary.
enum NoSummary {
    /// There will be none.
    Failed(Failure),
    /// The job is none of this worker's any more.
    Forget(&'static str),
    /// There may be one later.
    Later(Pause),
}

impl From<Failure> for NoSummary {
    fn from(failure: Failure) -> Self {
        NoSummary::Failed(failure)
    }
}

impl From<Pause> for NoSummary {
    fn from(pause: Pause) -> Self {
        NoSummary::Later(pause)
    }
}

impl From<ChainError> for NoSummary {
    fn from(error: ChainError) -> Self {
        tracing::warn!(%error, "the chain does not answer");
        Pause::Chain.into()
    }
}

impl From<vault::Error> for NoSummary {
    fn from(error: vault::Error) -> Self {
        match error {
            vault::Error::Mismatch | vault::Error::Corrupt => Failure::CommitmentMismatch.into(),
            vault::Error::NotFound => Failure::DocumentMissing.into(),
            error => {
                tracing::error!(%error, "the vault failed");
                Pause::Vault.into()
            }
        }
    }
}

/// When a job that was put off is due again, and how often it was.
#[derive(Clone, Copy)]
struct Retry {
    at: Instant,
    attempts: u32,
}

impl Runner {
    /// Runs until shutdown is requested. A job that is running then is left as it is and run again at the
    /// next start.
    pub async fn run(self) {
        let mut later: HashMap<H256, Retry> = HashMap::new();
        let mut pruned: Option<Instant> = None;
        loop {
            if pruned.is_none_or(|at| at.elapsed() > HOUR) {
                self.prune().await;
                pruned = Some(Instant::now());
            }
            let pending = self.queue.pending();
            self.metrics.jobs_pending.set(i64::try_from(pending.len()).unwrap_or(i64::MAX));
            later.retain(|job, _| pending.iter().any(|waiting| &waiting.job == job));

            let due =
                |waiting: &&Pending| later.get(&waiting.job).is_none_or(|retry| retry.at <= Instant::now());
            let Some(next) = pending.iter().find(due).copied() else {
                let wake = later.values().map(|retry| retry.at).min();
                tokio::select! {
                    () = self.queue.changed() => {}
                    () = sleep_until(wake.unwrap_or_else(|| Instant::now() + HOUR)) => {}
                    () = self.shutdown.requested() => return,
                }
                continue;
            };

            let cancel = CancelFlag::new();
            let attempt = tokio::select! {
                attempt = self.attempt(next, &cancel) => attempt,
                () = self.shutdown.requested() => {
                    cancel.cancel();
                    return;
                }
            };
            let settled = self.settle(next, attempt).await.unwrap_or_else(|error| {
                tracing::error!(job = ?next.job, %error, "the job table failed");
                false
            });
            if settled {
                later.remove(&next.job);
            } else {
                let attempts = later.get(&next.job).map_or(0, |retry| retry.attempts);
                let pause = self.settings.pause.saturating_mul(2u32.saturating_pow(attempts).min(30));
                let retry = Retry { at: Instant::now() + pause, attempts: attempts.saturating_add(1) };
                later.insert(next.job, retry);
            }
        }
    }

    async fn prune(&self) {
        let (queue, days) = (self.queue.clone(), self.settings.keep_days);
        match blocking(move || queue.prune(days)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(dropped)) => tracing::info!(dropped, "dropped old answers"),
            Ok(Err(error)) => tracing::error!(%error, "old answers could not be dropped"),
            Err(_) => {}
        }
    }

    /// Writes down what became of an attempt; `false` if another one is needed.
    async fn settle(&self, job: Pending, attempt: Result<Receipt, NoSummary>) -> Result<bool, QueueError> {
        let queue = self.queue.clone();
        let id = job.job;
        let outcome = match attempt {
            Ok(receipt) => Outcome::Done(receipt),
            Err(NoSummary::Failed(failure)) => Outcome::Failed(failure),
            Err(NoSummary::Forget(why)) => {
                tracing::info!(job = ?id, why, "forgotten");
                return match blocking(move || queue.forget(&id)).await {
                    Ok(forgotten) => forgotten.map(|()| true),
                    Err(_) => Ok(false),
                };
            }
            Err(NoSummary::Later(pause)) => {
                tracing::debug!(job = ?id, why = pause.name(), "put off");
                self.put_off(pause);
                return Ok(false);
            }
        };
        let label = match &outcome {
            Outcome::Done(_) => "done",
            Outcome::Failed(failure) => failure.code(),
        };
        match blocking(move || queue.answer(&id, &outcome)).await {
            Ok(answered) => answered?,
            Err(_) => return Ok(false),
        };
        tracing::info!(job = ?id, outcome = label, "answered");
        self.metrics.jobs_answered.with_label_values(&[label]).inc();
        Ok(true)
    }

    fn put_off(&self, pause: Pause) {
        self.metrics.jobs_postponed.with_label_values(&[pause.name()]).inc();
    }

    /// One attempt at a job.
    async fn attempt(&self, pending: Pending, cancel: &CancelFlag) -> Result<Receipt, NoSummary> {
        let id = pending.job;
        let job = match self.standing(&pending).await {
            Ok((job, _)) => job,
            Err(NoSummary::Failed(failure)) => {
                // A summary that was made before a restart and may not be released any more must not stay.
                self.discard_summary(id).await?;
                return Err(failure.into());
            }
            Err(other) => return Err(other),
        };
        let summariser = self.summariser.as_ref().ok_or(Failure::ModelMismatch)?;
        if job.model != summariser.model().model {
            return Err(Failure::ModelMismatch.into());
        }
        let vault = self.vault.clone();
        let stored = blocking(move || vault.summary_of(&id)).await??;
        if let Some(receipt) = stored.and_then(|document| document.receipt) {
            // Made before a restart; that it may be released was asked just now.
            return Ok(receipt);
        }
        let made = self.make(id, &job, &**summariser, cancel).await?;
        let ground = self.permitted_at_release(&pending).await?;
        self.store(id, job, ground, summariser.model(), made).await
    }

    /// Has the engine read the record's text, until the job's deadline.
    async fn make(
        &self,
        id: H256,
        job: &Job,
        summariser: &dyn Summariser,
        cancel: &CancelFlag,
    ) -> Result<Made, NoSummary> {
        let (note, citations) = self.note(job).await?;
        let making = summariser.summarise(&note, cancel.clone());
        let made = tokio::select! {
            made = making => made,
            () = self.past_deadline(job) => {
                cancel.cancel();
                return Err(Failure::WorkerTooSlow.into());
            }
        };
        let made = match made {
            Ok(made) => made.with(citations),
            Err(NotMade::Cancelled) => return Err(Pause::Cancelled.into()),
            Err(NotMade::Failed(error)) => {
                tracing::error!(job = ?id, %error, "the engine failed");
                return Err(Failure::EngineFailed.into());
            }
        };
        self.metrics.decode_seconds.observe(f64::from(made.millis) / 1000.0);
        self.metrics.tokens.with_label_values(&["prompt"]).inc_by(made.prompt_tokens.into());
        self.metrics.tokens.with_label_values(&["output"]).inc_by(made.output_tokens.into());
        self.metrics.unsupported_facts.inc_by(made.unsupported.into());
        Ok(made)
    }

    /// Stores a summary, encrypted; its receipt.
    async fn store(
        &self,
        id: H256,
        job: Job,
        ground: Ground,
        model: &Model,
        made: Made,
    ) -> Result<Receipt, NoSummary> {
        let document = output::document(&id, &job, ground, model, &made).to_string();
        let Model { model, template, parameters, engine, .. } = *model;
        let receipt = move |output: H256| Receipt {
            input: job.record,
            output,
            model,
            adapter: None,
            template,
            parameters,
            engine,
            consent: ground.consent,
            access: ground.access,
            prompt_tokens: made.prompt_tokens,
            output_tokens: made.output_tokens,
            unsupported: made.unsupported,
            millis: made.millis,
        };
        let vault = self.vault.clone();
        let storing = move || vault.put_summary(&id, &job.record, document.as_bytes(), receipt);
        Ok(blocking(storing).await??)
    }

    async fn discard_summary(&self, job: H256) -> Result<(), NoSummary> {
        let vault = self.vault.clone();
        let discarding = move || match vault.summary_of(&job)? {
            Some(summary) => vault.erase(&summary.id).map(|_| ()),
            None => Ok(()),
        };
        Ok(blocking(discarding).await??)
    }

    /// The job as a finalized block has it, and on what its use rests there.
    async fn standing(&self, pending: &Pending) -> Result<(Job, Ground), NoSummary> {
        let at = self.chain.finalized().await?;
        let Some(job) = self.chain.job(pending.job, at.hash).await? else {
            let waited = Duration::from_secs(self.clock.seconds().saturating_sub(pending.accepted_at));
            return Err(if waited > self.settings.unknown {
                NoSummary::Forget("no finalized block knows it")
            } else {
                Pause::NotFinalized.into()
            });
        };
        match job.status_at(at.number) {
            JobStatus::Open => {}
            JobStatus::Expired => return Err(Failure::WorkerTooSlow.into()),
            JobStatus::Done { .. } | JobStatus::Failed { .. } | JobStatus::Refused { .. } => {
                return Err(NoSummary::Forget("already settled on the chain"));
            }
        }
        if self.settings.hospital.as_ref().is_some_and(|hospital| hospital != &job.hospital) {
            return Err(NoSummary::Forget("another hospital's job"));
        }
        match self.chain.check(pending.job, at.hash).await? {
            None => Err(Pause::NotFinalized.into()),
            Some(ruling) if !ruling.permitted() => Err(Failure::ConsentRefused.into()),
            Some(ruling) => {
                let ground = Ground { consent: ruling.consent(), access: ruling.access };
                Ok((job, ground))
            }
        }
    }

    /// Asks again before a summary is released, for as long as the chain does not answer: decoding anew would
    /// only give the same.
    async fn permitted_at_release(&self, pending: &Pending) -> Result<Ground, NoSummary> {
        let mut pause = self.settings.pause;
        loop {
            match self.standing(pending).await {
                Ok((_, ground)) => return Ok(ground),
                Err(NoSummary::Later(why)) => {
                    self.put_off(why);
                    sleep(pause).await;
                    pause = pause.saturating_mul(2).min(self.settings.pause.saturating_mul(30));
                }
                Err(other) => return Err(other),
            }
        }
    }

    /// The text of a job's record, checked against its commitment and against whom the chain says it is
    /// about. And what of its device readings may be cited.
    async fn note(&self, job: &Job) -> Result<(Note, Citations), NoSummary> {
        let at = self.chain.finalized().await?;
        let record = self.chain.record(job.record, at.hash).await?.ok_or(Pause::NotFinalized)?;
        let (vault, id) = (self.vault.clone(), job.record);
        let document = blocking(move || vault.get(&id)).await??.ok_or(Failure::DocumentMissing)?;
        if document.patient != record.attributes.patient {
            tracing::warn!(record = ?job.record, "kept under another patient than it is anchored under");
            return Err(Failure::DocumentMissing.into());
        }
        let note = Note::from_bytes(&document.original).map_err(|_| Failure::DocumentUnreadable)?;
        let (vault, readings) = (self.vault.clone(), self.readings.clone());
        let citing = move || {
            let citations = cite(&readings, &vault, &document.patient, note.device_observations())?;
            Ok::<_, vault::Error>((note, citations))
        };
        Ok(blocking(citing).await??)
    }

    /// Returns once a finalized block is past the job's deadline.
    async fn past_deadline(&self, job: &Job) {
        loop {
            sleep(self.settings.watch).await;
            if let Ok(at) = self.chain.finalized().await
                && at.number > job.deadline
            {
                return;
            }
        }
    }
}

/// Runs what blocks elsewhere. Fails only if it panicked.
async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Result<T, Pause> {
    spawn_blocking(act).await.map_err(|_| Pause::Panicked)
}
