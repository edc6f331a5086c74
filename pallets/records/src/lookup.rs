//! Looking up records.

use crate::{Config, Pallet, Records, WeightInfo};
use frame_support::weights::Weight;
use galen_primitives::{H256, record::Record, traits::RecordLookup};

impl<T: Config> Pallet<T> {
    /// The record with this commitment, superseded or not.
    pub fn record(id: &H256) -> Option<Record> {
        Records::<T>::get(id)
    }
}

impl<T: Config> RecordLookup for Pallet<T> {
    fn record(id: &H256) -> Option<Record> {
        Records::<T>::get(id)
    }

    fn weight() -> Weight {
        T::WeightInfo::record()
    }
}
