//! What our calls may cost at most, each with the largest input that it takes.

use crate::fees::extension;
use codec::{Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::{Get, GetCallMetadata},
};
use galen_primitives::{
    audit::disclosure::DisclosureBatch,
    consent::{
        Confidentiality, ConsentTerms, Data, Duo, Effect, Mandate, Meaning, PatientSignature, Period, Policy,
        Provision, Purpose, Settlement, Standing,
    },
    devices::{DeviceKey, reading::ReadingBatch},
    emergency::{Finding, Urgency},
    model::ModelTerms,
    records::{
        RecordAttributes, RecordFacts,
        batch::{BatchProof, MAX_LEAVES},
        custody::ItemKind,
    },
    signature::{Passkey, RelyingParty},
    summary::{Outcome, Receipt},
};
use galen_runtime::{
    AccountId, Hash, Runtime, RuntimeCall, UncheckedExtrinsic,
    configs::system::{RuntimeBlockLength, RuntimeBlockWeights},
};
use sp_core::{H512, sr25519};
use sp_runtime::Perbill;
use std::collections::{BTreeMap, BTreeSet};

/// The most of a block that one call of ours may take.
const MOST: Perbill = Perbill::from_percent(25);

/// The SDK's pallets, whose calls are not ours to weigh. All others are.
const OF_THE_SDK: [&str; 20] = [
    "System",
    "Timestamp",
    "Migrations",
    "Balances",
    "TransactionPayment",
    "Authorship",
    "Babe",
    "Staking",
    "Offences",
    "Historical",
    "Session",
    "Grandpa",
    "ImOnline",
    "AuthorityDiscovery",
    "Council",
    "Utility",
    "Proxy",
    "Multisig",
    "Preimage",
    "Scheduler",
];

fn account() -> AccountId {
    AccountId::new([1; 32])
}

fn hash() -> Hash {
    Hash::repeat_byte(2)
}

/// As many as there is room for.
fn full<V: Clone, Bound: Get<u32>>(item: V) -> BoundedVec<V, Bound> {
    BoundedVec::truncate_from(vec![item; Bound::get() as usize])
}

/// That there is no larger value of its type.
fn largest<V: Encode + MaxEncodedLen>(value: V) -> V {
    assert_eq!(value.encoded_size(), V::max_encoded_len());
    value
}

fn provision() -> Provision {
    let period = Some(Period { start: Some(1), end: Some(2) });
    largest(Provision {
        effect: Effect::Permit,
        period,
        purposes: full(Purpose::Treat),
        actors: full(hash()),
        data_period: period,
        data: full(Data { meaning: Meaning::Instance, reference: hash() }),
        levels: full(Confidentiality::N),
        labels: full(hash()),
    })
}

fn terms() -> ConsentTerms {
    largest(ConsentTerms {
        patient: account(),
        custodian: account(),
        policy: Policy::Other(hash()),
        root: provision(),
        exceptions: full(provision()),
        duo: full(Duo(42)),
        supersedes: Some(0),
        form: hash(),
    })
}

/// A passkey's is the dearest of the signatures to verify.
fn signature() -> PatientSignature {
    largest(PatientSignature::Passkey(Passkey {
        public_key: [2; 33],
        authenticator_data: full(0),
        client_data_json: full(0),
        signature: full(0),
    }))
}

fn mandate() -> Mandate {
    largest(Mandate {
        standing: Standing::Delegate,
        start: Some(1),
        end: Some(2),
        may_grant: true,
        may_withdraw: true,
        purposes: full(Purpose::Treat),
        paper: hash(),
    })
}

fn of_consent() -> Vec<RuntimeCall> {
    use pallet_consent::Call;
    let (patient, grantor, guardian, reader) = (account(), account(), account(), account());
    let (id, valid_until, signature) = (0, 0, signature());
    let approval = Some((valid_until, signature.clone()));
    let party = largest(RelyingParty { id: full(b'a'), origins: full(full(b'a')) });
    [
        Call::<Runtime>::enrol { patient: patient.clone() },
        Call::grant { terms: terms(), grantor: grantor.clone(), valid_until, signature: signature.clone() },
        Call::revoke { patient: patient.clone(), id, grantor, valid_until, signature },
        Call::end_by_order { patient: patient.clone(), id, order: hash() },
        Call::appoint {
            patient: patient.clone(),
            guardian: guardian.clone(),
            mandate: mandate(),
            approval: approval.clone(),
        },
        Call::dismiss { patient: patient.clone(), guardian, approval },
        Call::report_use { patient: patient.clone(), id, reader },
        Call::settle { patient, id, how: Settlement::Deleted(hash()) },
        Call::set_relying_party { party },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn attributes() -> RecordAttributes {
    largest(RecordAttributes {
        patient: account(),
        facts: RecordFacts {
            level: Confidentiality::R,
            labels: full(hash()),
            authored: Some(1),
            authors: full(hash()),
            name: Some(hash()),
            related: full(hash()),
        },
    })
}

fn of_records() -> Vec<RuntimeCall> {
    use pallet_records::Call;
    let (commitment, old, link, reason) = (hash(), hash(), hash(), hash());
    let proof = largest(BatchProof { root: hash(), count: MAX_LEAVES, index: 0, path: full(hash()) });
    [
        Call::<Runtime>::anchor { commitment, attributes: attributes() },
        Call::supersede { old, commitment, attributes: attributes() },
        Call::erase { commitment },
        Call::anchor_batch { root: hash(), count: MAX_LEAVES },
        Call::reveal { commitment, attributes: attributes(), attributes_salt: hash(), proof: proof.clone() },
        Call::erase_leaf { commitment, attributes_digest: hash(), proof },
        Call::void { commitment, reason },
        Call::transfer { commitment, link },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn of_custody() -> Vec<RuntimeCall> {
    use pallet_custody::Call;
    let id = hash();
    [
        Call::<Runtime>::register { id, kind: ItemKind::Device },
        Call::offer { id, to: account() },
        Call::accept { id },
        Call::withdraw_offer { id },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn of_summaries() -> Vec<RuntimeCall> {
    use pallet_summaries::Call;
    let (job, record, model) = (hash(), hash(), hash());
    let receipt = Receipt {
        input: record,
        output: hash(),
        model,
        adapter: Some(hash()),
        template: hash(),
        parameters: hash(),
        engine: hash(),
        consent: Some(0),
        access: Some(hash()),
        prompt_tokens: 0,
        output_tokens: 0,
        unsupported: 0,
        millis: 0,
    };
    let outcome = largest(Outcome::Done(receipt));
    [
        Call::<Runtime>::request { record, model, purpose: Purpose::Btg },
        Call::submit { job, outcome, signature: nobodys() },
        Call::expire { job },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn nobodys() -> sr25519::Signature {
    sr25519::Signature::from_raw([0; 64])
}

fn of_audit() -> Vec<RuntimeCall> {
    let batch = DisclosureBatch { first: 0, count: 1, root: hash(), previous: hash() };
    let call = pallet_audit::Call::<Runtime>::report { hospital: account(), batch, signature: nobodys() };
    vec![call.into()]
}

fn of_devices() -> Vec<RuntimeCall> {
    use pallet_devices::Call;
    let (device, hospital) = (hash(), account());
    let (key, proof) = (largest(DeviceKey::P256([2; 33])), H512::zero());
    let batch = ReadingBatch {
        index: 0,
        first: 0,
        count: 1,
        root: hash(),
        refused: 0,
        refusals: hash(),
        from: 0,
        until: 0,
        previous: hash(),
    };
    [
        Call::<Runtime>::register { device, key, model: hash(), proof },
        Call::rotate_key { device, key, proof },
        Call::retire { device },
        Call::mark_suspect { device, from: 0 },
        Call::anchor_readings { hospital, batch, signature: nobodys() },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn of_emergency() -> Vec<RuntimeCall> {
    use pallet_emergency::Call;
    let (id, by, note) = (hash(), hash(), hash());
    let (patient, record, reason) = (account(), Some(hash()), Urgency::Other);
    [
        Call::<Runtime>::open_access { patient, record, by, reason, note },
        Call::review { id, by, finding: Finding::NotJustified, note },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn of_federated() -> Vec<RuntimeCall> {
    use pallet_federated::Call;
    let terms = largest(ModelTerms {
        hash: hash(),
        name: full(b'a'),
        parent: Some(hash()),
        licence: full(b'a'),
        card: hash(),
    });
    [
        Call::<Runtime>::register_model { terms },
        Call::approve_model { hash: hash() },
        Call::withdraw_model { hash: hash() },
        Call::open_round { base: hash(), blocks: 1 },
        Call::register_update { round: 0, hash: hash(), samples: 1 },
    ]
    .map(RuntimeCall::from)
    .into()
}

fn of_conduct() -> Vec<RuntimeCall> {
    use pallet_conduct::Call;
    [Call::<Runtime>::set_absence_threshold { sessions: 1 }, Call::set_era_reward { amount: 1 }]
        .map(RuntimeCall::from)
        .into()
}

fn of_consortium() -> Vec<RuntimeCall> {
    use pallet_consortium::Call;
    let (account, hospital, stash, key) = (account(), account(), account(), hash());
    let quotas = Default::default();
    // More than fits into a block with the rest of the extrinsic.
    let room = *RuntimeBlockLength::get().max.get(DispatchClass::Normal);
    let remark = frame_system::Call::<Runtime>::remark { remark: vec![0; room as usize] };
    [
        Call::<Runtime>::admit { account: account.clone(), name: full(b'a'), quotas },
        Call::evict { account: account.clone() },
        Call::set_worker_key { key },
        Call::set_quotas { account: account.clone(), quotas },
        Call::validate { commission: Perbill::zero() },
        Call::govern { call: Box::new(remark.into()) },
        Call::suspend { account: account.clone(), blocks: 1 },
        Call::lift_suspension { account: account.clone() },
        Call::set_expiry { account: account.clone(), expires_at: Some(1) },
        Call::add_validator { stash: stash.clone() },
        Call::remove_validator { stash },
        Call::mark_worker_key_suspect { hospital, key, from: 0 },
        Call::set_nodes { nodes: full(full(b'a')) },
        Call::nominate { targets: full(account) },
    ]
    .map(RuntimeCall::from)
    .into()
}

/// Each call of ours with the largest input that it takes.
fn calls() -> Vec<RuntimeCall> {
    [
        of_consent(),
        of_records(),
        of_custody(),
        of_summaries(),
        of_audit(),
        of_devices(),
        of_emergency(),
        of_federated(),
        of_conduct(),
        of_consortium(),
    ]
    .concat()
}

#[test]
fn none_of_our_calls_is_forgotten_here() {
    let here: BTreeSet<_> = calls()
        .iter()
        .map(GetCallMetadata::get_call_metadata)
        .map(|call| (call.pallet_name, call.function_name))
        .collect();
    let ours: BTreeSet<_> = RuntimeCall::get_module_names()
        .iter()
        .filter(|pallet| !OF_THE_SDK.contains(pallet))
        .flat_map(|pallet| RuntimeCall::get_call_names(pallet).iter().map(|call| (*pallet, *call)))
        .collect();
    assert_eq!(here, ours);
}

#[test]
fn no_call_of_ours_takes_more_than_a_quarter_of_a_block() {
    sp_io::TestExternalities::default().execute_with(|| {
        let weights = RuntimeBlockWeights::get();
        let most = MOST.mul_floor(weights.max_block.ref_time());
        let mut parts = BTreeMap::new();
        for call in calls() {
            let name = call.get_call_metadata();
            // All that the block is charged for it: its extensions, and what it costs to authorize, too.
            let extrinsic = UncheckedExtrinsic::new_transaction(call, extension(0, 0));
            let info = extrinsic.get_dispatch_info();
            let charged = info.total_weight().saturating_add(weights.get(info.class).base_extrinsic);
            // Proofs of storage are nobody's to carry on a chain of its own: only time is limited.
            assert!(
                charged.ref_time() <= most,
                "{}::{} takes {} of at most {most} ps",
                name.pallet_name,
                name.function_name,
                charged.ref_time(),
            );
            let part = Perbill::from_rational(charged.ref_time(), weights.max_block.ref_time());
            parts.insert((part, name.pallet_name, name.function_name), charged.ref_time());
        }
        // Seen with --nocapture: the figures of docs/chain.md.
        for ((part, pallet, call), time) in parts.into_iter().rev() {
            println!("{pallet}::{call}: {:.2} ms, {part:?}", time as f64 / 1e9);
        }
    });
}
