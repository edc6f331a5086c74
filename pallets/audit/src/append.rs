//! Appending an entry: the only way in.

use crate::{ByHospital, ByPatient, Config, Entries, Error, Event, Holders, Log, Nodes, Pallet};
use frame_support::pallet_prelude::DispatchResult;
use galen_primitives::{
    AccountId, H256,
    audit::{Entry, Kind, leaf},
    traits::AuditSink,
};
use sp_runtime::SaturatedConversion;

impl<T: Config> AuditSink for Pallet<T> {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        let mut log = Log::<T>::get();
        let index = log.count;
        let entry = Entry {
            index,
            block: Self::block(),
            hospital: hospital.cloned(),
            kind,
            subject,
            patient: patient.cloned(),
        };
        // Nothing is written before this has succeeded, so that an error leaves nothing to undo.
        let nodes = log.append(leaf(&entry)).ok_or(Error::<T>::TooManyEntries)?;
        Log::<T>::put(log);
        for (level, index, node) in nodes {
            Nodes::<T>::insert((level.saturated_into::<u8>(), index), node);
        }
        if let Some(hospital) = hospital {
            ByHospital::<T>::insert(hospital, index.to_be_bytes(), ());
        }
        if let Some(patient) = patient {
            ByPatient::<T>::insert(patient, index.to_be_bytes(), ());
        }
        if let (Some(patient), Some(hospital)) = (patient, hospital) {
            Holders::<T>::insert(patient, hospital, index);
        }
        Entries::<T>::insert(index, entry);
        Self::emit_outside_calls(Event::Appended { index, kind, hospital: hospital.cloned() });
        Ok(())
    }
}
