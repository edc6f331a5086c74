//! Device readings, as [`galen_offchain::reports`] has the hospital's worker anchor them.
//!
//! | method | params | result |
//! |---|---|---|
//! | `node_readings` | `["0x<hospital>", batches, next, "0x<head>"]` | `null` if no batch is due, or `"0x<SCALE of ReadingBatch>"` |

use crate::{Call, Config, Pallet, Sites};
use core::marker::PhantomData;
use frame_system::offchain::SubmitTransaction;
use galen_offchain::reports::Reports;
use galen_primitives::{AccountId, BlockNumber, H256, devices::reading::ReadingBatch, reports::Position};
use sp_core::sr25519;

/// The batches of readings.
pub(crate) struct Readings<T>(PhantomData<T>);

impl<T: Config> Reports for Readings<T> {
    type Batch = ReadingBatch;
    type Consortium = T::Consortium;
    const LOG: &'static str = "galen::devices";
    const TAG: &'static str = "GalenReadings";
    const MEMORY: &'static [u8] = b"galen::devices::readings";
    const LOCK: &'static [u8] = b"galen::devices::lock";

    fn genesis_hash() -> H256 {
        Pallet::<T>::genesis_hash()
    }

    fn block() -> BlockNumber {
        Pallet::<T>::block()
    }

    fn position(hospital: &AccountId) -> Position {
        Sites::<T>::get(hospital).position()
    }

    fn earliest(hospital: &AccountId) -> BlockNumber {
        Pallet::<T>::earliest(&Sites::<T>::get(hospital))
    }

    fn submit(hospital: AccountId, batch: ReadingBatch, signature: sr25519::Signature) -> Result<(), ()> {
        let call = Call::<T>::anchor_readings { hospital, batch, signature };
        SubmitTransaction::<T, Call<T>>::submit_transaction(T::create_authorized_transaction(call.into()))
    }
}
