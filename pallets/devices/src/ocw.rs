//! The offchain worker: has the hospital's batches of device readings anchored ([`galen_offchain::reports`]).
//!
//! | method | params | result |
//! |---|---|---|
//! | `node_readings` | `["0x<hospital>", batches, next, "0x<head>"]` | `null` if no batch is due, or `"0x<SCALE of ReadingBatch>"` |

use crate::{Call, Config, LONGEVITY, Pallet, Sites, anchor::follows};
use alloc::{format, string::String, vec::Vec};
use core::marker::PhantomData;
use frame_system::offchain::SubmitTransaction;
use galen_offchain::reports::{Reports, Turn};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    consent::decision::id,
    devices::reading::{ReadingBatch, anchor_payload},
};
use sp_core::sr25519;

/// Readings, as they are anchored.
pub(crate) struct Readings<T>(PhantomData<T>);

impl<T: Config> Reports for Readings<T> {
    type Batch = ReadingBatch;
    type Consortium = T::Consortium;
    const LOG: &'static str = "galen::devices";
    const MEMORY: &'static [u8] = b"galen::devices::readings";
    const LOCK: &'static [u8] = b"galen::devices::lock";
    const LONGEVITY: u32 = LONGEVITY;

    fn question(hospital: &AccountId) -> String {
        let site = Sites::<T>::get(hospital);
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"node_readings","params":["{:?}",{},{},"{:?}"]}}"#,
            id(hospital),
            site.batches,
            site.next,
            site.head
        )
    }

    fn turn(hospital: &AccountId, batch: &ReadingBatch, now: BlockNumber) -> Turn {
        let site = Sites::<T>::get(hospital);
        if follows(&site, batch).is_err() {
            Turn::Wrong
        } else if Pallet::<T>::earliest(&site) > now.saturating_add(1) {
            // In the next block at the earliest.
            Turn::Wait
        } else {
            Turn::Send
        }
    }

    fn head(batch: &ReadingBatch) -> H256 {
        batch.head()
    }

    fn payload(hospital: &AccountId, batch: &ReadingBatch) -> Vec<u8> {
        anchor_payload(&Pallet::<T>::genesis_hash(), hospital, batch)
    }

    fn submit(hospital: AccountId, batch: ReadingBatch, signature: sr25519::Signature) -> Result<(), ()> {
        let call = Call::<T>::anchor_readings { hospital, batch, signature };
        SubmitTransaction::<T, Call<T>>::submit_transaction(T::create_authorized_transaction(call.into()))
    }

    fn words(batch: &ReadingBatch) -> String {
        format!("batch {} of {} readings, {} refused", batch.index, batch.count, batch.refused)
    }
}
