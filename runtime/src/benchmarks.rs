//! The benchmarks of our pallets, and what they need of each other: made with the real pallets.
//!
//! Written straight into storage: what a pallet checks on the way there is measured by its own benchmarks.
//! Compiled by scripts/weights, and never into a runtime that goes on chain.

use crate::{AccountId, Balances, GLN, Hash, Runtime, RuntimeOrigin, Staking, UnixSeconds};
use frame_support::{BoundedVec, traits::fungible::Mutate};
use galen_primitives::{
    benchmark::{
        MakeLog, MakeMember, MakeModel, MakePatient, MakeRecord, MakeStaker, SetClock, long_log, numbered,
    },
    consent::{Confidentiality, ConsentTerms, ConsentVersion, Effect, Patient, Policy, Provision},
    member::{Member, Quotas, WorkerKeyUse},
    model::{Model, ModelStatus, ModelTerms},
    records::{Record, RecordAttributes, RecordFacts},
};

frame_benchmarking::define_benchmarks!(
    [pallet_audit, Audit]
    [pallet_conduct, Conduct]
    [pallet_consent, Consent]
    [pallet_consortium, Consortium]
    [pallet_custody, Custody]
    [pallet_devices, Devices]
    [pallet_emergency, Emergency]
    [pallet_federated, Federated]
    [pallet_records, Records]
    [pallet_summaries, Summaries]
);

/// Makes what benchmarks need of the other pallets.
pub struct World;

impl MakeLog for World {
    fn long_log(entries: u32) {
        pallet_audit::Log::<Runtime>::put(long_log(entries));
    }
}

impl MakeMember for World {
    fn member(account: &AccountId, worker_key: Hash) {
        // Standing is asked for by the time, which no block has set.
        if pallet_timestamp::Now::<Runtime>::get() == 0 {
            Self::set_clock(1);
        }
        let member = Member {
            name: BoundedVec::truncate_from([b'N'; 64].to_vec()),
            admitted_at: 0,
            worker_key: Some(worker_key),
            quotas: Quotas { grants_per_day: u32::MAX, open_jobs: u32::MAX },
            expires_at: Some(u64::MAX),
            suspended_until: Some(0),
        };
        pallet_consortium::Members::<Runtime>::insert(account, member);
        let known = WorkerKeyUse { hospital: account.clone(), suspect_from: None };
        pallet_consortium::WorkerKeys::<Runtime>::insert(worker_key, known);
    }
}

impl MakePatient for World {
    fn patient(patient: &AccountId, custodian: &AccountId) {
        let enrolled = Patient {
            custodian: custodian.clone(),
            enrolled_at: 0,
            nonce: 0,
            versions: 1,
            past: Default::default(),
            overflow: 0,
        };
        let terms = ConsentTerms {
            patient: patient.clone(),
            custodian: custodian.clone(),
            policy: Policy::AllNormal,
            root: Provision::all(Effect::Permit),
            exceptions: Default::default(),
            duo: Default::default(),
            supersedes: None,
            form: Hash::repeat_byte(1),
        };
        let version = ConsentVersion {
            id: 0,
            terms,
            grantor: patient.clone(),
            relayer: custodian.clone(),
            from_block: 0,
            listed_from: Some(0),
            ended: None,
        };
        pallet_consent::Patients::<Runtime>::insert(patient, enrolled);
        pallet_consent::Versions::<Runtime>::insert(patient, 0, version);
        pallet_consent::Live::<Runtime>::insert(patient, BoundedVec::truncate_from([0].to_vec()));
    }
}

impl MakeRecord for World {
    fn record(id: Hash, custodian: &AccountId, patient: &AccountId) {
        let names = |count: usize| (1..).map(numbered).take(count).collect();
        let facts = RecordFacts {
            level: Confidentiality::V,
            labels: BoundedVec::truncate_from(names(16)),
            authored: Some(1),
            authors: BoundedVec::truncate_from(names(4)),
            name: Some(Hash::repeat_byte(2)),
            related: BoundedVec::truncate_from(names(4)),
        };
        let attributes = RecordAttributes { patient: patient.clone(), facts };
        pallet_records::Records::<Runtime>::insert(id, Record::new(custodian.clone(), attributes, 0));
    }
}

impl MakeModel for World {
    fn model(hash: Hash) {
        let text = || BoundedVec::truncate_from([b'a'; 64].to_vec());
        let terms = ModelTerms { hash, name: text(), parent: Some(hash), licence: text(), card: hash };
        let model = Model {
            terms,
            registrant: Some(AccountId::new([1; 32])),
            registered_at: 0,
            status: ModelStatus::Approved,
            status_since: 0,
        };
        pallet_federated::Models::<Runtime>::insert(hash, model);
    }
}

impl SetClock for World {
    fn set_clock(now: UnixSeconds) {
        pallet_timestamp::Now::<Runtime>::put(now.saturating_mul(1_000));
    }
}

impl MakeStaker for World {
    fn staker(account: &AccountId) {
        // As much as the treasury gives a newcomer, and something to stay alive with.
        let stake = crate::limits::STAKE_ENDOWMENT;
        let payee = pallet_staking::RewardDestination::Stash;
        Balances::mint_into(account, stake.saturating_add(GLN))
            .and_then(|_| Staking::bond(RuntimeOrigin::signed(account.clone()), stake, payee))
            .expect("an account without a bond can bond");
    }
}
