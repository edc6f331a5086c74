//! What the benchmarks of one pallet need of the others, made with the fakes.

use crate::{Clock, FakeConsent, FakeConsortium, FakeEmergency, FakeModels, FakeRecords, permit};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    benchmark::{MakeLog, MakeMember, MakeModel, MakePatient, MakeRecord, MakeStaker, SetClock},
    records::{Record, RecordAttributes},
};

/// Sets up the fakes for benchmarks that run against a mock.
pub struct FakeBenchmarkHelper;

impl MakeLog for FakeBenchmarkHelper {
    // The fake log keeps no tree.
    fn long_log(_: u32) {}
}

impl MakeMember for FakeBenchmarkHelper {
    fn member(account: &AccountId, worker_key: H256) {
        FakeConsortium::admit(account, &"N".repeat(64));
        FakeConsortium::set_worker_key(account, Some(worker_key));
    }
}

impl MakePatient for FakeBenchmarkHelper {
    // Everything is permitted to all patients.
    fn patient(patient: &AccountId, custodian: &AccountId) {
        FakeConsent::enrol(patient, custodian);
        FakeConsent::decide_by(|_| permit(0));
        FakeEmergency::set_decision(permit(0));
    }
}

impl MakeRecord for FakeBenchmarkHelper {
    fn record(id: H256, custodian: &AccountId, patient: &AccountId) {
        let attributes = RecordAttributes { patient: patient.clone(), facts: Default::default() };
        FakeRecords::mutate(|records| records.insert(id, Record::new(custodian.clone(), attributes, 0)));
    }
}

impl MakeModel for FakeBenchmarkHelper {
    fn model(hash: H256) {
        FakeModels::mutate(|approved| approved.insert(hash));
    }
}

impl MakeStaker for FakeBenchmarkHelper {
    // No mock asks for a stake.
    fn staker(_: &AccountId) {}
}

impl SetClock for FakeBenchmarkHelper {
    fn set_clock(now: UnixSeconds) {
        Clock::set(now);
    }
}
