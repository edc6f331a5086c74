//! The offchain worker of a reported log: asks for batches, signs them and sends them, one after the other.
//!
//! It runs in the node of the hospital whose worker key of this block is in the keystore, after each new best
//! block. It asks with what the chain has, so that the worker's answer to one question is always the same
//! batch; nothing is lost when either is killed, and a reorganisation only makes it ask the earlier question
//! again.
//!
//! One call of [`CALL_MILLIS`](crate::CALL_MILLIS) every [`PAUSE`] blocks, and after a failure every
//! [`PAUSE_AFTER_FAILURE`]. The question is `LogBatch::METHOD` with the hospital as `0x` and hex digits, the
//! place of the next batch where batches are numbered, the number of the next entry and the head of the last
//! batch. The answer is `null` if no batch is due, or the batch's SCALE bytes as `0x` and hex digits. A batch
//! that was sent is sent again only when it must have left the pool or another key is in force.

use super::{LONGEVITY, Reports};
use crate::{Endpoint, hex, post, request, result, scale};
use alloc::{string::String, vec, vec::Vec};
use codec::{Decode, DecodeAll, Encode};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    reports::{LogBatch, Position},
    summary::Failure,
    traits::Consortium,
    worker::WORKER_KEY_TYPE,
};
use serde_json::Value;
use sp_core::{offchain::Duration, sr25519};
use sp_runtime::offchain::{
    storage::StorageValueRef,
    storage_lock::{StorageLock, Time},
};

/// Blocks between two questions.
pub const PAUSE: u32 = 3;
/// Blocks between a question that failed and the next.
pub const PAUSE_AFTER_FAILURE: u32 = 15;

// Longer than a round can take, so that only a round that died leaves a lock to expire.
const LOCK_MILLIS: u64 = 2_000;

/// Whether a batch that the worker gave can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readiness {
    /// It is the next one.
    Ready,
    /// It is the next one, and the chain does not take it yet.
    Early,
    /// It does not follow what the chain has.
    NotNext,
}

/// What is remembered from round to round. Losing it costs a question and a report that the pool or the chain
/// knows already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Memory {
    /// The block of the last question, and for how many blocks none is asked after it.
    asked: BlockNumber,
    pause: u32,
    /// The head of the batch that was sent, after which block, and the key that signed it.
    sent: Option<(H256, BlockNumber, H256)>,
}

impl Memory {
    fn load<R: Reports>() -> Self {
        StorageValueRef::persistent(R::MEMORY).get().ok().flatten().unwrap_or_default()
    }

    fn store<R: Reports>(&self) {
        StorageValueRef::persistent(R::MEMORY).set(self);
    }

    // A chain that was begun anew is below what is remembered.
    fn is_pausing(&self, now: BlockNumber) -> bool {
        now >= self.asked && now < self.asked.saturating_add(self.pause)
    }

    fn is_in_the_pool<R: Reports>(&self, batch: &R::Batch, key: &H256, now: BlockNumber) -> bool {
        self.sent.is_some_and(|(head, at, by)| {
            head == batch.head() && by == *key && now >= at && now <= at.saturating_add(LONGEVITY)
        })
    }
}

/// One round, after block `now`.
pub fn run<R: Reports>(now: BlockNumber) {
    let Some(endpoint) = Endpoint::from_storage() else { return };
    let mut memory = Memory::load::<R>();
    if memory.is_pausing(now) {
        return;
    }
    let Some((hospital, key)) = own_key::<R>(now) else { return };
    let mut lock = StorageLock::<Time>::with_deadline(R::LOCK, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else { return };

    let question = question::<R::Batch>(&hospital, &R::position(&hospital));
    let answer = post(&endpoint, &question).and_then(|answer| batch::<R::Batch>(&answer));
    memory.asked = now;
    memory.pause = if answer.is_ok() { PAUSE } else { PAUSE_AFTER_FAILURE };
    match answer {
        Ok(Some(batch)) => match readiness::<R>(&hospital, &batch, now) {
            Readiness::Ready if !memory.is_in_the_pool::<R>(&batch, &key, now) => {
                send::<R>(&mut memory, hospital, key, batch, now);
            }
            Readiness::Ready | Readiness::Early => {}
            Readiness::NotNext => {
                log::error!(target: R::LOG, "{}: does not follow what the chain has", batch.describe());
                memory.pause = PAUSE_AFTER_FAILURE;
            }
        },
        Ok(None) => {}
        Err(failure) => log::debug!(target: R::LOG, "no batch: {failure:?}, to be asked again"),
    }
    memory.store::<R>();
}

/// The hospital to report for, and the key to sign with: one whose key in force this node has; in turns, if
/// it has several.
fn own_key<R: Reports>(now: BlockNumber) -> Option<(AccountId, H256)> {
    let keys = sp_io::crypto::sr25519_public_keys(WORKER_KEY_TYPE).into_iter().map(|key| H256(key.0));
    let mut own: Vec<_> = keys
        .filter_map(|key| R::Consortium::member_of_worker_key(&key).map(|hospital| (hospital, key)))
        .collect();
    let turns = u32::try_from(own.len()).ok().filter(|turns| *turns > 0)?;
    // Questions are asked every few blocks: a turn lasts as long.
    let turn = now.checked_div(PAUSE)?.checked_rem(turns)?;
    Some(own.swap_remove(usize::try_from(turn).ok()?))
}

/// The JSON-RPC request that asks for the hospital's batch at this position.
pub fn question<B: LogBatch>(hospital: &AccountId, position: &Position) -> String {
    let mut params: Vec<Value> = vec![hex(hospital.as_ref()).into()];
    if B::NUMBERED {
        params.push(position.place.into());
    }
    params.push(position.next.into());
    params.push(hex(position.head.as_bytes()).into());
    request(B::METHOD, params)
}

fn batch<B: LogBatch>(answer: &[u8]) -> Result<Option<B>, Failure> {
    let result = result(answer)?;
    if result == Value::Null {
        return Ok(None);
    }
    let bytes = scale(&result).ok_or(Failure::WorkerGarbage)?;
    B::decode_all(&mut bytes.as_slice()).map(Some).map_err(|_| Failure::WorkerGarbage)
}

fn readiness<R: Reports>(hospital: &AccountId, batch: &R::Batch, now: BlockNumber) -> Readiness {
    if batch.follows(&R::position(hospital)).is_err() {
        Readiness::NotNext
    } else if R::earliest(hospital) > now.saturating_add(1) {
        // In the next block at the earliest.
        Readiness::Early
    } else {
        Readiness::Ready
    }
}

/// Signs and sends. It is written down first: a node killed in between sends it again when it must have left
/// the pool.
fn send<R: Reports>(memory: &mut Memory, hospital: AccountId, key: H256, batch: R::Batch, now: BlockNumber) {
    let described = batch.describe();
    let public = sr25519::Public::from_raw(key.0);
    let payload = batch.payload(&R::genesis_hash(), &hospital);
    let Some(signature) = sp_io::crypto::sr25519_sign(WORKER_KEY_TYPE, &public, &payload) else {
        log::warn!(target: R::LOG, "{described}: the keystore did not sign");
        return;
    };
    memory.sent = Some((batch.head(), now, key));
    memory.store::<R>();
    match R::submit(hospital, batch, signature) {
        Ok(()) => log::info!(target: R::LOG, "{described}: reported"),
        Err(()) => {
            log::debug!(target: R::LOG, "{described}: not taken by the pool");
            memory.sent = None;
        }
    }
}
