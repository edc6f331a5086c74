//! The offchain worker: takes the next batch of device readings from the hospital's `galen-worker`, signs it and sends it.
//!
//! It runs in the node of the hospital whose worker key of this block is in the keystore, after each new best block. It asks
//! with what the chain has of the hospital, so that the worker's answer to one question is always the same batch; nothing is
//! lost when either is killed, and a reorganisation only makes it ask the earlier question again.
//!
//! | method | params | result |
//! |---|---|---|
//! | `node_readings` | `["0x<hospital>", batches, next, "0x<head>"]` | `null` if no batch is due, or `"0x<SCALE of ReadingBatch>"` |
//!
//! One call of [`galen_worker_link::CALL_MILLIS`] every [`PAUSE`] blocks, and after a failure every [`PAUSE_AFTER_FAILURE`].
//! A batch that was sent is sent again only when it must have left the pool or another key is in force.

use crate::{Call, Config, LONGEVITY, Pallet, Sites, anchor::follows};
use alloc::{format, string::String, vec::Vec};
use codec::{Decode, DecodeAll, Encode};
use frame_system::offchain::SubmitTransaction;
use galen_primitives::{
    AccountId, BlockNumber, H256,
    reading::{ReadingBatch, ReadingSite, anchor_payload},
    summary::{Failure, WORKER_KEY_TYPE},
    traits::Consortium,
};
use galen_worker_link::{Endpoint, post, result, scale};
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

const LOG: &str = "galen::devices";
const MEMORY: &[u8] = b"galen::devices::readings";
// Longer than a round can take, so that only a round that died leaves a lock to expire.
const LOCK: &[u8] = b"galen::devices::lock";
const LOCK_MILLIS: u64 = 2_000;

/// What is remembered from round to round, in PERSISTENT offchain storage. Losing it costs a question and a report that
/// the pool or the chain knows already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Memory {
    /// The block of the last question, and for how many blocks none is asked after it.
    asked: BlockNumber,
    pause: u32,
    /// The head of the batch that was sent, after which block, and the key that signed it.
    sent: Option<(H256, BlockNumber, H256)>,
}

impl Memory {
    fn load() -> Self {
        StorageValueRef::persistent(MEMORY).get().ok().flatten().unwrap_or_default()
    }

    fn store(&self) {
        StorageValueRef::persistent(MEMORY).set(self);
    }

    // A chain that was begun anew is below what is remembered.
    fn rests(&self, now: BlockNumber) -> bool {
        now >= self.asked && now < self.asked.saturating_add(self.pause)
    }

    fn is_in_the_pool(&self, batch: &ReadingBatch, key: &H256, now: BlockNumber) -> bool {
        self.sent.is_some_and(|(head, at, by)| {
            head == batch.head() && by == *key && now >= at && now <= at.saturating_add(LONGEVITY)
        })
    }
}

/// One round, after block `now`.
pub(crate) fn run<T: Config>(now: BlockNumber) {
    let Some(endpoint) = Endpoint::from_storage() else { return };
    let mut memory = Memory::load();
    if memory.rests(now) {
        return;
    }
    let Some((hospital, key)) = mine::<T>(now) else { return };
    let mut lock = StorageLock::<Time>::with_deadline(LOCK, Duration::from_millis(LOCK_MILLIS));
    let Ok(_guard) = lock.try_lock() else { return };

    let site = Sites::<T>::get(&hospital);
    let answer = post(&endpoint, &question(&hospital, &site)).and_then(|answer| batch(&answer));
    memory.asked = now;
    memory.pause = if answer.is_ok() { PAUSE } else { PAUSE_AFTER_FAILURE };
    match answer {
        Ok(Some(batch)) if follows(&site, &batch).is_err() => {
            log::error!(target: LOG, "the worker's batch {} does not follow what is anchored", batch.index);
            memory.pause = PAUSE_AFTER_FAILURE;
        }
        // In the next block at the earliest.
        Ok(Some(_)) if Pallet::<T>::earliest(&site) > now.saturating_add(1) => {}
        Ok(Some(batch)) if !memory.is_in_the_pool(&batch, &key, now) => {
            send::<T>(&mut memory, hospital, key, batch, now);
        }
        Ok(_) => {}
        Err(failure) => log::debug!(target: LOG, "readings: {failure:?}, to be asked again"),
    }
    memory.store();
}

/// The hospital to report for, and the key to sign with: one whose key in force this node has; in turns, if it has several.
fn mine<T: Config>(now: BlockNumber) -> Option<(AccountId, H256)> {
    let keys = sp_io::crypto::sr25519_public_keys(WORKER_KEY_TYPE).into_iter().map(|key| H256(key.0));
    let mut mine: Vec<_> = keys
        .filter_map(|key| T::Consortium::member_of_worker_key(&key).map(|hospital| (hospital, key)))
        .collect();
    let turns = u32::try_from(mine.len()).ok().filter(|turns| *turns > 0)?;
    // Questions are asked every few blocks: a turn lasts as long.
    let turn = now.checked_div(PAUSE)?.checked_rem(turns)?;
    Some(mine.swap_remove(usize::try_from(turn).ok()?))
}

fn question(hospital: &AccountId, site: &ReadingSite) -> String {
    let hospital: &[u8; 32] = hospital.as_ref();
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"node_readings","params":["{:?}",{},{},"{:?}"]}}"#,
        H256(*hospital),
        site.batches,
        site.next,
        site.head
    )
}

fn batch(answer: &[u8]) -> Result<Option<ReadingBatch>, Failure> {
    let result = result(answer)?;
    if result == Value::Null {
        return Ok(None);
    }
    let bytes = scale(&result).ok_or(Failure::WorkerGarbage)?;
    ReadingBatch::decode_all(&mut bytes.as_slice()).map(Some).map_err(|_| Failure::WorkerGarbage)
}

/// Signs and sends. It is written down first: a node killed in between sends it again when [`LONGEVITY`] is over.
fn send<T: Config>(
    memory: &mut Memory,
    hospital: AccountId,
    key: H256,
    batch: ReadingBatch,
    now: BlockNumber,
) {
    let payload = anchor_payload(&Pallet::<T>::genesis_hash(), &hospital, &batch);
    let public = sr25519::Public::from_raw(key.0);
    let Some(signature) = sp_io::crypto::sr25519_sign(WORKER_KEY_TYPE, &public, &payload) else {
        log::warn!(target: LOG, "readings, batch {}: the keystore did not sign", batch.index);
        return;
    };
    memory.sent = Some((batch.head(), now, key));
    memory.store();
    let call = Call::<T>::anchor_readings { hospital, batch, signature };
    let extrinsic = T::create_authorized_transaction(call.into());
    match SubmitTransaction::<T, Call<T>>::submit_transaction(extrinsic) {
        Ok(()) => {
            log::info!(target: LOG, "readings, batch {}: {} readings, {} refused", batch.index, batch.count, batch.refused)
        }
        Err(()) => {
            log::debug!(target: LOG, "readings, batch {}: not taken by the pool", batch.index);
            memory.sent = None;
        }
    }
}
