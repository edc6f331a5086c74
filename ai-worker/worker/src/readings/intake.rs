//! Taking readings in: judged in their order, stored, and only then answered.

use super::{
    Judged, LAST, REFUSALS, Readings, Refused, Row, devices::Found, insert, next_reading, next_refusal,
};
use crate::{
    store::{StoreError, failed},
    vault::{self, Vault},
};
use codec::Encode;
use galen_fhir::reading::{Known, Submitted, judge};
use galen_primitives::{AccountId, H256, devices::reading::UnixMillis};
use std::collections::HashMap;

/// Who hands readings over, and on whom they were taken.
pub struct Origin<'a> {
    /// The credential.
    pub by: &'a str,
    /// The patient.
    pub patient: &'a AccountId,
    /// This hospital, if it is known.
    pub hospital: Option<&'a AccountId>,
}

impl Readings {
    /// Takes readings of one patient in, in this order; what is taken is on disk when this returns, and what
    /// is refused is noted. A kill in between leaves encrypted documents that nothing names, which are erased
    /// with their patient; the device gets no answer and sends again.
    pub fn take(
        &self,
        vault: &Vault,
        origin: &Origin<'_>,
        found: &Found,
        readings: &[Submitted],
        now: UnixMillis,
    ) -> Result<Vec<Judged>, vault::Error> {
        // Held to the end: what is newer than the last is decided once for all callers.
        let mut store = self.store();
        let mut last: HashMap<H256, (u64, u64)> = store.read(|transaction| {
            let table = transaction.open_table(LAST).map_err(failed)?;
            let mut last = HashMap::new();
            for id in found.devices.keys() {
                if let Some(entry) = table.get(&id.0).map_err(failed)? {
                    last.insert(*id, entry.value());
                }
            }
            Ok::<_, StoreError>(last)
        })?;
        let mut documents = Vec::new();
        let mut judged = Vec::with_capacity(readings.len());
        for reading in readings {
            let known = Known {
                genesis: found.genesis,
                hospital: origin.hospital,
                device: found.devices.get(&reading.device).map(|device| &**device),
                last: last.get(&reading.device).copied(),
                now,
            };
            let taken = judge(reading, &known).map(|document| {
                last.insert(reading.device, (reading.sequence, reading.at));
                documents.push(document);
            });
            judged.push((reading, taken));
        }
        let mut records = vault.put_readings(origin.patient, &documents)?.into_iter();
        let mut answers = Vec::with_capacity(judged.len());
        let (mut rows, mut refusals) = (Vec::new(), Vec::new());
        for (reading, taken) in judged {
            let at = now / 1000;
            answers.push(match taken {
                Ok(()) => {
                    let record = records.next().ok_or(vault::Error::Corrupt)?;
                    let Submitted { device, sequence, at: measured_at, .. } = *reading;
                    rows.push(Row { record, device, sequence, at: measured_at, taken_at: at });
                    Judged::Record(record)
                }
                Err(reason) => {
                    let Submitted { device, sequence, .. } = *reading;
                    refusals.push(Refused { device, sequence, reason, at, by: origin.by.to_owned() });
                    Judged::Refused(reason)
                }
            });
        }
        let (reading, refusal) = store.read(|transaction| {
            Ok::<_, StoreError>((next_reading(transaction)?, next_refusal(transaction)?))
        })?;
        store.write(|transaction| {
            for (number, row) in (reading..).zip(&rows) {
                insert(transaction, number, row)?;
            }
            let mut table = transaction.open_table(LAST).map_err(failed)?;
            for row in &rows {
                table.insert(&row.device.0, (row.sequence, row.at)).map_err(failed)?;
            }
            let mut table = transaction.open_table(REFUSALS).map_err(failed)?;
            for (number, refused) in (refusal..).zip(&refusals) {
                table.insert(number, refused.encode().as_slice()).map_err(failed)?;
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(answers)
    }
}
