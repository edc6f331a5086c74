//! The fakes of [`RecordLookup`] and [`ModelLookup`].

use frame_support::parameter_types;
use galen_primitives::{
    H256,
    model::Model,
    records::Record,
    traits::{ModelLookup, RecordLookup},
};
use std::collections::{BTreeMap, BTreeSet};

parameter_types! {
    /// The records that a test has put here, by their commitments.
    pub static FakeRecords: BTreeMap<H256, Record> = BTreeMap::new();
    /// The hashes of the models that are approved.
    pub static FakeModels: BTreeSet<H256> = BTreeSet::new();
}

impl RecordLookup for FakeRecords {
    fn record(id: &H256) -> Option<Record> {
        Self::get().get(id).cloned()
    }
}

impl ModelLookup for FakeModels {
    // No pallet reads more of a model than whether it is approved.
    fn model(_: &H256) -> Option<Model> {
        None
    }
    fn is_approved(hash: &H256) -> bool {
        Self::get().contains(hash)
    }
}
