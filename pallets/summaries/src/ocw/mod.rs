//! The offchain worker: carries jobs from the chain to the hospital's `galen-worker` and outcomes back.
//!
//! It runs in the node of the hospital whose registered worker key is in the keystore, after each new best block, forks included.
//! It relies on three values of PERSISTENT offchain storage that the node writes: the worker's address, the token and the
//! last finalized block ([`galen_primitives::summary`]). Without address and token it does nothing.
//!
//! ## Protocol
//! JSON-RPC 2.0 over HTTP POST with `authorization: Bearer TOKEN`, to a loopback address only.
//! | method | params | result |
//! |---|---|---|
//! | `node_handOver` | `["0x<job id>"]` | `"accepted"` or `"known"` |
//! | `node_collect` | `["0x<job id>"]` | `{"state":"unknown"}`, `{"state":"pending"}` or `{"state":"answered","outcome":"0x<SCALE of Outcome>"}` |
//!
//! Calls and their failures are those of [`galen_offchain`]; what failed is tried again in later blocks.
//!
//! ## A round
//! At most [`HTTP_CALLS`] calls of [`CALL_MILLIS`] each, and none after one that the worker as a whole did not answer, so
//! that a worker that hangs costs one time-out per block. A lock with a time-out keeps rounds from overlapping. Jobs take
//! turns, those near their deadline first. Only finalized requests are handed over. An outcome is submitted once; again
//! only if the job is still open when the transaction must have left the pool, or the key that signed it was rotated away. In the last [`GIVE_UP_BLOCKS`] blocks
//! an unanswered job is given up with the reason, so that the chain says why.
//!
//! What a round knows of its jobs is one value in PERSISTENT storage, keyed by job id and written after every step, so
//! that the node can be killed anywhere. Losing it costs nothing but a second hand-over, which the worker knows, and a
//! second submission, which the chain refuses.

mod memory;
mod protocol;
mod round;

use crate::{Call, Config, Jobs, OpenJobs, Pallet, submit::LONGEVITY};
use alloc::vec::Vec;
use frame_system::offchain::SubmitTransaction;
pub use galen_offchain::{CALL_MILLIS, MAX_ANSWER};
use galen_offchain::{Endpoint, finalized};
use galen_primitives::{
    BlockNumber, H256,
    summary::{Job, JobStatus, Outcome, submission_payload},
    traits::Consortium,
    worker::WORKER_KEY_TYPE,
};
use memory::Memory;
use round::Round;
use sp_core::{offchain::Duration, sr25519};
use sp_runtime::offchain::storage_lock::{StorageLock, Time};

/// HTTP calls per block.
pub const HTTP_CALLS: u32 = 4;
/// With this many blocks left before its deadline a job is asked about before others.
pub const URGENT_BLOCKS: u32 = 8;
/// With this many blocks left an unanswered job is given up; enough for the submission to get into a block.
pub const GIVE_UP_BLOCKS: u32 = 5;
/// With this many blocks left a job is given up even if its turn to be asked about has not come.
pub const LAST_BLOCKS: u32 = 3;
/// Submissions per block.
pub const SUBMISSIONS: u32 = 16;

pub(crate) const LOG: &str = "galen::summaries";

// Longer than a round can take, so that only a round that died leaves a lock to expire.
const LOCK: &[u8] = b"galen::summaries::lock";
const LOCK_MILLIS: u64 = 4_000;

/// One round, after block `now`.
pub(crate) fn run<T: Config>(now: BlockNumber) {
    let Some(endpoint) = Endpoint::from_storage() else { return };
    let Some(finalized) = finalized() else { return };
    let mut lock = StorageLock::<Time>::with_deadline(LOCK, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else { return };

    let mut memory = Memory::load();
    let mut jobs = open_jobs::<T>(now);
    memory.keep_only(|id| jobs.iter().any(|(open, ..)| open == id));
    jobs.retain(|(_, job, _)| job.requested_at <= finalized);
    let turn = usize::try_from(now).unwrap_or(0).checked_rem(jobs.len()).unwrap_or(0);
    jobs.rotate_left(turn);
    // A stable sort: among equals the turns stay.
    jobs.sort_by_key(|(_, job, _)| !is_urgent(job, now));

    let mut round = Round::new(endpoint, memory);
    for (id, job, key) in &jobs {
        if let Some(outcome) = round.visit(id, job, key, now) {
            submit::<T>(&mut round, id, key, outcome, now);
        }
    }
}

/// The jobs that can still be settled in a later block, each with the key that can: the one that its hospital has
/// registered now, if this node has it. A key that was rotated in settles what was asked for under the one before.
fn open_jobs<T: Config>(now: BlockNumber) -> Vec<(H256, Job, H256)> {
    let mut jobs = Vec::new();
    for key in sp_io::crypto::sr25519_public_keys(WORKER_KEY_TYPE) {
        let key = H256(key.0);
        let Some(hospital) = T::Consortium::member_of_worker_key(&key) else { continue };
        if T::Consortium::worker_key(&hospital) != Some(key) {
            continue;
        }
        for id in OpenJobs::<T>::get(&hospital) {
            let Some(job) = Jobs::<T>::get(id) else { continue };
            if job.status == JobStatus::Open && now < job.deadline {
                jobs.push((id, job, key));
            }
        }
    }
    jobs
}

fn is_urgent(job: &Job, now: BlockNumber) -> bool {
    job.deadline.saturating_sub(now) <= URGENT_BLOCKS
}

/// Signs and sends an outcome. It is written down first: a node killed in between sends it again when [`LONGEVITY`] is
/// over, not twice.
fn submit<T: Config>(round: &mut Round, id: &H256, key: &H256, outcome: Outcome, now: BlockNumber) {
    if !round.may_submit() {
        return;
    }
    let payload = submission_payload(&Pallet::<T>::genesis_hash(), id, &outcome);
    let public = sr25519::Public::from_raw(key.0);
    let Some(signature) = sp_io::crypto::sr25519_sign(WORKER_KEY_TYPE, &public, &payload) else {
        log::warn!(target: LOG, "job {id:?}: the keystore did not sign");
        return;
    };
    round.memory.update(id, |job| job.submitted = Some((now, *key)));
    let call = Call::<T>::submit { job: *id, outcome, signature };
    let extrinsic = T::create_authorized_transaction(call.into());
    match SubmitTransaction::<T, Call<T>>::submit_transaction(extrinsic) {
        Ok(()) => log::info!(target: LOG, "job {id:?}: submitted"),
        Err(()) => {
            log::debug!(target: LOG, "job {id:?}: not taken by the pool");
            round.memory.update(id, |job| job.submitted = None);
        }
    }
}
