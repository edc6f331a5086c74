//! The offchain worker: has the hospital's batches of disclosures reported ([`galen_offchain::reports`]).
//!
//! | method | params | result |
//! |---|---|---|
//! | `node_disclosures` | `["0x<hospital>", next, "0x<head>"]` | `null` if no batch is due, or `"0x<SCALE of DisclosureBatch>"` |

use crate::{Call, Config, LONGEVITY, Pallet, Sites, report::follows};
use alloc::{format, string::String, vec::Vec};
use core::marker::PhantomData;
use frame_system::offchain::SubmitTransaction;
use galen_offchain::reports::{Reports, Turn};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::disclosure::{DisclosureBatch, report_payload},
    consent::decision::id,
};
use sp_core::sr25519;

/// Disclosures, as they are reported.
pub(crate) struct Disclosures<T>(PhantomData<T>);

impl<T: Config> Reports for Disclosures<T> {
    type Batch = DisclosureBatch;
    type Consortium = T::Consortium;
    const LOG: &'static str = "galen::audit";
    const MEMORY: &'static [u8] = b"galen::audit::report";
    const LOCK: &'static [u8] = b"galen::audit::lock";
    const LONGEVITY: u32 = LONGEVITY;

    fn question(hospital: &AccountId) -> String {
        let site = Sites::<T>::get(hospital);
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"node_disclosures","params":["{:?}",{},"{:?}"]}}"#,
            id(hospital),
            site.next,
            site.head
        )
    }

    fn turn(hospital: &AccountId, batch: &DisclosureBatch, _: BlockNumber) -> Turn {
        if follows(&Sites::<T>::get(hospital), batch).is_ok() { Turn::Send } else { Turn::Wrong }
    }

    fn head(batch: &DisclosureBatch) -> H256 {
        batch.head()
    }

    fn payload(hospital: &AccountId, batch: &DisclosureBatch) -> Vec<u8> {
        report_payload(&Pallet::<T>::genesis_hash(), hospital, batch)
    }

    fn submit(hospital: AccountId, batch: DisclosureBatch, signature: sr25519::Signature) -> Result<(), ()> {
        let call = Call::<T>::report { hospital, batch, signature };
        SubmitTransaction::<T, Call<T>>::submit_transaction(T::create_authorized_transaction(call.into()))
    }

    fn words(batch: &DisclosureBatch) -> String {
        let last = batch.end().map_or(batch.first, |end| end.saturating_sub(1));
        format!("disclosures {} to {last}", batch.first)
    }
}
