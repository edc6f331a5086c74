//! Device readings over JSON-RPC: taken, refused, anchored, proven, cited; and kill -9 in between.

use crate::common::*;
use crate::durability::Process;
use codec::Decode;
use galen_client::device::DeviceSecret;
use galen_primitives::{
    H256,
    devices::{Device, DeviceKeyPeriod, reading::ReadingBatch},
    reports::LogBatch,
};
use galen_proofs::reading::{ReadingProof, SignedReading};
use galen_worker_api::{Code, Role};
use jsonrpsee::http_client::HttpClient;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const KEY: &str = "p256://Monitor";

fn device(spec: &str) -> Device {
    let key = DeviceSecret::read(spec).unwrap().public();
    Device {
        hospital: hospital(),
        model: hash(0),
        registered_at: 1,
        keys: vec![DeviceKeyPeriod { key, from: 1, until: None }].try_into().unwrap(),
        retired_at: None,
        suspect_from: None,
    }
}

/// The stand-in's genesis hash: block 0.
fn genesis() -> H256 {
    H256::zero()
}

fn reading(sequence: u64) -> SignedReading {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    let observation = galen_client::simulated::observation(&hash(3), sequence, at);
    DeviceSecret::read(KEY).unwrap().sign_reading(&genesis(), hash(3), sequence, at, observation).unwrap()
}

async fn submit(client: &HttpClient, readings: &[SignedReading]) -> Value {
    call(client, "readings_submit", json!({ "patient": patient(), "readings": readings })).await.unwrap()
}

/// What the node gets for what the chain has.
async fn collect(node: &HttpClient, batches: u64, next: u64, head: H256) -> Option<ReadingBatch> {
    let params = json!({ "hospital": hospital(), "batches": batches, "next": next, "head": head });
    let answer = call(node, "node_readings", params).await.unwrap();
    let bytes = hex::decode(answer.as_str()?.strip_prefix("0x").unwrap()).unwrap();
    Some(ReadingBatch::decode(&mut &*bytes).unwrap())
}

async fn worker() -> Worker {
    let chain = FakeChain::new();
    chain.set(|says| says.devices.insert(hash(3), device(KEY)));
    Worker::start_in(std::sync::Arc::new(directory()), chain, Some(FakeEngine::new(Duration::ZERO)), config())
        .await
}

#[tokio::test]
async fn readings_are_taken_refused_anchored_and_proven() {
    let worker = worker().await;
    let gateway = worker.client(Role::Device);
    let mut tampered = reading(12);
    tampered.observation["valueQuantity"]["value"] = json!(250);
    let mut unregistered = reading(13);
    unregistered.device = hash(4);
    let answer = submit(&gateway, &[reading(10), reading(11), tampered, reading(11), unregistered]).await;
    assert_eq!((&answer["taken"], &answer["refused"]), (&json!(2), &json!(3)));
    let refused: Vec<_> = (2..5).map(|index| answer["readings"][index]["refused"].clone()).collect();
    assert_eq!(refused, ["badSignature", "replayed", "unregistered"]);

    let app = worker.client(Role::App);
    let record = answer["readings"][1]["record"].clone();
    let early = call(&app, "readings_proof", json!({ "record": record })).await;
    assert_eq!(code(early), Code::NotFound);
    let node = worker.client(Role::Node);
    let batch = collect(&node, 0, 0, H256::zero()).await.unwrap();
    assert_eq!((batch.count, batch.refused), (2, 3));
    assert_eq!(collect(&node, 0, 0, H256::zero()).await, Some(batch));
    assert_eq!(collect(&node, 1, 2, batch.head()).await, None);

    let proof = call(&app, "readings_proof", json!({ "record": record, "purpose": "TREAT" })).await.unwrap();
    let proof: ReadingProof = serde_json::from_value(proof).unwrap();
    assert!(proof.check_offline().iter().all(|check| check.holds), "{:?}", proof.check_offline());
    assert_eq!((proof.batch, proof.number, proof.reading.sequence), (batch, 1, 11));

    let operator = worker.client(Role::Operator);
    let log = call(&operator, "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"].as_array().unwrap().last().unwrap()["subject"], record);
    let refusals = call(&operator, "readings_refused", json!({})).await.unwrap();
    assert_eq!(refusals["refusals"].as_array().unwrap().len(), 3);
    assert_eq!(refusals["refusals"][0]["by"], "device");
    // A reading is no document that an app may fetch as such, and is erased with its patient.
    assert_eq!(code(call(&app, "vault_get", json!({ "record": record })).await), Code::NotFound);
    call(&operator, "vault_erasePatient", json!({ "patient": patient() })).await.unwrap();
    assert_eq!(code(call(&app, "readings_proof", json!({ "record": record })).await), Code::NotFound);
}

#[tokio::test]
async fn without_the_chain_nothing_is_taken_and_nothing_is_lost() {
    let worker = worker().await;
    let gateway = worker.client(Role::Device);
    worker.chain.set(|says| says.down = true);
    let params = json!({ "patient": patient(), "readings": [reading(1)] });
    assert_eq!(code(call(&gateway, "readings_submit", params).await), Code::ChainUnavailable);
    worker.chain.set(|says| says.down = false);
    assert_eq!(submit(&gateway, &[reading(1)]).await["taken"], 1);
}

#[tokio::test]
async fn a_device_that_is_registered_later_is_known_at_once_and_a_gateway_does_nothing_else() {
    let worker = worker().await;
    let gateway = worker.client(Role::Device);
    worker.chain.set(|says| says.devices.clear());
    assert_eq!(submit(&gateway, &[reading(1)]).await["refused"], 1);
    worker.chain.set(|says| says.devices.insert(hash(3), device(KEY)));
    assert_eq!(submit(&gateway, &[reading(1)]).await["taken"], 1);
    for (method, params) in [
        ("vault_put", json!({ "patient": patient(), "text": NOTE })),
        ("readings_proof", json!({ "record": hash(1) })),
        ("readings_refused", json!({})),
    ] {
        assert_eq!(code(call(&gateway, method, params).await), Code::Forbidden, "{method}");
    }
}

#[tokio::test]
async fn too_many_or_malformed_readings_are_no_call() {
    let worker = worker().await;
    let gateway = worker.client(Role::Device);
    let one = json!(reading(1));
    let mut more = one.clone();
    more["more"] = json!(1);
    for readings in [json!([]), json!(vec![&one; 1_001]), json!([{}]), json!([more]), json!("x")] {
        let params = json!({ "patient": patient(), "readings": readings });
        assert_eq!(code(call(&gateway, "readings_submit", params).await), Code::InvalidParams);
    }
}

#[tokio::test]
async fn a_summary_cites_verified_readings_only() {
    let worker = worker().await;
    let genuine = reading(1);
    let answer = submit(&worker.client(Role::Device), std::slice::from_ref(&genuine)).await;
    let forged = reading(2).observation;
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            { "resource": {
                "resourceType": "Composition",
                "section": [{ "text": { "div": "<div>Seen today.</div>" } }],
            } },
            { "resource": genuine.observation },
            { "resource": forged },
        ],
    });
    let app = worker.client(Role::App);
    let stored = call(&app, "vault_put", json!({ "patient": patient(), "document": bundle }));
    let record: H256 = serde_json::from_value(stored.await.unwrap()["record"].clone()).unwrap();
    worker.chain.set(|says| says.jobs.insert(hash(1), job(record)));
    worker.answer(hash(1)).await;
    let params = json!({ "job": hash(1), "purpose": "TREAT" });
    let released = call(&worker.client(Role::Clinician), "summaries_get", params).await.unwrap();
    let cited = released["summary"]["readings"].as_array().unwrap();
    assert_eq!(cited.len(), 1);
    assert_eq!((&cited[0]["record"], &cited[0]["sequence"]), (&answer["readings"][0]["record"], &json!(1)));
    assert_eq!(cited[0]["value"], genuine.observation["valueQuantity"]["value"]);
    // One dropped by the engine, one forged.
    assert_eq!(released["receipt"]["unsupported"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_kill_9_and_no_number_is_used_twice() {
    let directory = directory();
    let line = serde_json::to_string(&device(KEY)).unwrap();
    std::fs::write(directory.path().join("chain.txt"), format!("device {:?} {line}\n", hash(3))).unwrap();
    let (mut sequence, mut answered) = (1, Vec::new());
    for round in 0..8u64 {
        let process = Process::start(directory.path(), 0);
        let gateway = client(process.address(), &token(directory.path(), Role::Device.name()));
        let killing = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(20 + 15 * round));
            process.kill();
        });
        loop {
            let readings: Vec<_> = (sequence..sequence + 5).map(reading).collect();
            let params = json!({ "patient": patient(), "readings": readings });
            // Not answered: perhaps taken, perhaps not. The device goes on with higher numbers.
            sequence += 5;
            match call(&gateway, "readings_submit", params).await {
                Ok(answer) => {
                    let records = answer["readings"].as_array().unwrap().iter();
                    answered.extend(records.map(|one| one["record"].as_str().expect("taken").to_owned()));
                }
                Err(_) => break,
            }
        }
        killing.await.unwrap();
    }
    assert!(!answered.is_empty());
    let process = Process::start(directory.path(), 0);
    let node = client(process.address(), &token(directory.path(), Role::Node.name()));
    let app = client(process.address(), &token(directory.path(), Role::App.name()));
    let batch = collect(&node, 0, 0, H256::zero()).await.expect("due at once");
    let mut numbers = std::collections::BTreeSet::new();
    for record in &answered {
        let proof = call(&app, "readings_proof", json!({ "record": record })).await.unwrap();
        let proof: ReadingProof = serde_json::from_value(proof).unwrap();
        assert!(proof.check_offline().iter().all(|check| check.holds));
        assert!(numbers.insert(proof.number), "a number twice");
    }
    assert!(u64::from(batch.count) >= answered.len() as u64);
    process.kill();
}
