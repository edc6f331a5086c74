use crate::common::*;
use galen_primitives::{
    H256,
    commitment::{Scheme, commit},
    consent::{Confidentiality, Purpose, Reason},
    records::{RecordAttributes, RecordFacts, Voided, batch},
    summary::{Job, JobStatus},
};
use galen_worker_api::{Code, Role};
use jsonrpsee::{
    core::{ClientError, client::ClientT},
    rpc_params,
};
use serde_json::{Value, json};
use std::time::Duration;

fn reason(error: ClientError) -> Value {
    match error {
        ClientError::Call(error) => serde_json::from_str(error.data().unwrap().get()).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn documents_come_back_as_they_were_put() {
    let worker = Worker::start(None).await;
    let app = worker.client(Role::App);
    let data = "VGhlIHBhdGllbnQgaXMgd2VsbC4=";
    let fhir = json!({
        "resourceType": "DocumentReference", "status": "current",
        "content": [{ "attachment": { "contentType": "text/plain", "data": data } }],
    });
    let stored = call(&app, "vault_put", json!({ "patient": patient(), "document": fhir })).await.unwrap();
    assert_eq!(stored["scheme"], "jcs");
    let got = call(&app, "vault_get", json!({ "record": stored["record"] })).await.unwrap();
    assert_eq!((&got["document"], &got["patient"]), (&fhir, &json!(patient())));
    let salt: H256 = serde_json::from_value(got["salt"].clone()).unwrap();
    let bytes = serde_json_canonicalizer::to_vec(&fhir).unwrap();
    assert_eq!(json!(commit(Scheme::Jcs, &salt.0, &bytes)), stored["record"]);

    let stored = call(&app, "vault_put", json!({ "patient": patient(), "text": NOTE })).await.unwrap();
    assert_eq!((&stored["scheme"], &stored["bytes"]), (&json!("text"), &json!(NOTE.len())));
    let got = call(&app, "vault_get", json!({ "record": stored["record"] })).await.unwrap();
    assert_eq!(got["text"], NOTE);
}

#[tokio::test]
async fn malformed_documents_are_refused_in_words_that_repeat_nothing() {
    let worker = Worker::start(None).await;
    let app = worker.client(Role::App);
    let put = |params: Value| {
        let app = &app;
        async move {
            match call(app, "vault_put", params).await.unwrap_err() {
                ClientError::Call(error) => (Code::of(error.code()).unwrap(), error.message().to_owned()),
                other => panic!("{other:?}"),
            }
        }
    };
    let secret = "Zebediah";
    let cases = [
        (json!({ "patient": patient(), "text": "   " }), Code::InvalidDocument),
        (json!({ "patient": patient(), "text": format!("{{ {secret}") }), Code::InvalidDocument),
        (json!({ "patient": patient(), "document": { "name": secret } }), Code::InvalidDocument),
        (
            json!({ "patient": patient(), "document": { "resourceType": "Patient", "name": secret } }),
            Code::InvalidDocument,
        ),
        (json!({ "patient": patient(), "document": secret }), Code::InvalidDocument),
        (json!({ "patient": patient(), "document": [secret] }), Code::InvalidDocument),
        (json!({ "patient": patient() }), Code::InvalidParams),
        (json!({ "patient": patient(), "text": NOTE, "document": {} }), Code::InvalidParams),
        (json!({ "patient": secret, "text": NOTE }), Code::InvalidParams),
        (json!({ "patient": patient(), "text": NOTE, "name": secret }), Code::InvalidParams),
        (json!({ "text": NOTE }), Code::InvalidParams),
    ];
    for (params, expected) in cases {
        let (code, message) = put(params.clone()).await;
        assert_eq!(code, expected, "{params}: {message}");
        assert!(!message.contains(secret) && !message.is_empty(), "{message}");
    }
    let health = call(&worker.client(Role::Operator), "worker_health", json!({})).await.unwrap();
    assert_eq!(health["vault"], "ok");
    let metrics = http(&worker, "GET /metrics HTTP/1.1").await;
    assert!(metrics.contains("galen_worker_vault_documents 0"), "nothing was stored");
}

/// One request by hand; the whole answer.
pub async fn http(worker: &Worker, line: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(worker.address).await.unwrap();
    let request = format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn health_and_metrics_need_no_token_and_name_nobody() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    worker.answer(hash(1)).await;
    let health = http(&worker, "GET /health HTTP/1.1").await;
    assert!(health.starts_with("HTTP/1.1 200") && health.contains(r#""status":"ok""#), "{health}");
    let metrics = http(&worker, "GET /metrics HTTP/1.1").await;
    assert!(metrics.contains(r#"galen_worker_jobs_answered_total{outcome="done"} 1"#), "{metrics}");
    assert!(metrics.contains("galen_worker_vault_documents 2"));
    for secret in [format!("{record:?}"), format!("{:?}", hash(1)), patient().to_string(), NOTE.to_owned()] {
        assert!(!metrics.contains(&secret) && !health.contains(&secret));
    }
    worker.chain.set(|says| says.down = true);
    let health = http(&worker, "GET /health HTTP/1.1").await;
    assert!(health.starts_with("HTTP/1.1 503") && health.contains("unreachable"), "{health}");
    for line in ["GET / HTTP/1.1", "POST /health HTTP/1.1", "GET /metrics/ HTTP/1.1", "PUT / HTTP/1.1"] {
        assert!(http(&worker, line).await.starts_with("HTTP/1.1 401"), "{line}");
    }
}

#[tokio::test]
async fn a_summary_is_shown_on_the_chains_word_and_written_down() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    let clinician = worker.client(Role::Clinician);
    let get = |job: H256| call(&clinician, "summaries_get", json!({ "job": job, "purpose": "ETREAT" }));
    assert_eq!(reason(get(hash(1)).await.unwrap_err())["state"], "unknown");
    worker.answer(hash(1)).await;
    let shown = get(hash(1)).await.unwrap();
    assert_eq!(shown["job"], json!(hash(1)));
    let asked = worker.chain.set(|says| says.asked.last().unwrap().clone());
    assert_eq!((asked.patient, asked.requester, asked.custodian), (patient(), hospital(), hospital()));
    assert_eq!(
        (asked.purpose, asked.record.as_ref().map(|record| record.level)),
        (Purpose::Etreat, Some(Confidentiality::R)),
        "as fixed when anchored"
    );

    worker.chain.set(|says| says.refuses = Some(Reason::Revoked));
    let refused = get(hash(1)).await.unwrap_err();
    assert!(matches!(&refused, ClientError::Call(error) if error.code() == Code::ConsentRefused.number()));
    assert_eq!(reason(refused)["reason"], "revoked");
    worker.chain.set(|says| says.down = true);
    assert_eq!(code(get(hash(1)).await), Code::ChainUnavailable);
    worker.chain.set(|says| {
        says.down = false;
        says.refuses = None;
    });

    // The refused and the failed attempts disclosed nothing; what was shown is written down.
    let operator = worker.client(Role::Operator);
    let log = call(&operator, "disclosures_list", json!({ "patient": patient() })).await.unwrap();
    let entries = log["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{log}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["who"], &entry["what"], &entry["purpose"]),
        (&json!("clinician"), &json!("summary"), &json!("ETREAT"))
    );
    assert_eq!((&entry["job"], &entry["subject"]), (&json!(hash(1)), &shown["output"]));
    assert_eq!((&entry["block"], &entry["consent"]), (&json!(H256::from_low_u64_be(10)), &json!(4)));
    let log = call(&operator, "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"][1]["what"], "log", "reading the log is logged");

    // A summary is no document, and the chain's word on a job counts.
    let result = call(&clinician, "vault_get", json!({ "record": shown["output"] })).await;
    assert_eq!(code(result), Code::NotFound);
    let ends = [JobStatus::Refused { reason: Reason::Revoked, at: 5 }, JobStatus::Expired];
    for status in ends {
        worker.chain.set(|says| says.jobs.insert(hash(1), Job { status, ..job(record) }));
        assert_eq!(code(get(hash(1)).await), Code::NotReady);
    }
}

#[tokio::test]
async fn erasing_takes_documents_and_summaries() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    worker.answer(hash(1)).await;
    let operator = worker.client(Role::Operator);
    let erased = call(&operator, "vault_erase", json!({ "record": record })).await.unwrap();
    assert_eq!(erased, json!({ "documents": 1, "summaries": 1 }));
    let app = worker.client(Role::App);
    assert_eq!(code(call(&app, "vault_get", json!({ "record": record })).await), Code::NotFound);
    let clinician = worker.client(Role::Clinician);
    let get = call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "TREAT" }));
    assert_eq!(code(get.await), Code::NotFound);
    assert_eq!(code(call(&operator, "vault_erase", json!({ "record": record })).await), Code::NotFound);
    call(&app, "vault_put", json!({ "patient": patient(), "text": NOTE })).await.unwrap();
    let erased = call(&operator, "vault_erasePatient", json!({ "patient": patient() })).await.unwrap();
    assert_eq!(erased, json!({ "documents": 1, "summaries": 0 }));
    let status = call(&app, "summaries_status", json!({ "job": hash(1) })).await.unwrap();
    assert_eq!(status["state"], "done", "that there was a summary stays known");
}

#[tokio::test]
async fn a_summary_of_a_voided_record_is_not_shown() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    worker.prepare(hash(1)).await;
    worker.answer(hash(1)).await;
    let clinician = worker.client(Role::Clinician);
    let get = || call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "TREAT" }));
    assert!(get().await.is_ok());
    worker.chain.set(|says| says.voided = Some(Voided { at: 3, reason: hash(9) }));
    assert_eq!(code(get().await), Code::NotFound);
}

#[tokio::test]
async fn leaves_are_made_of_the_records_salts_which_stay() {
    let worker = Worker::start(None).await;
    let app = worker.client(Role::App);
    let attributes = RecordAttributes {
        patient: patient(),
        facts: RecordFacts { level: Confidentiality::R, authored: Some(7), ..Default::default() },
    };
    let mut asked = Vec::new();
    for text in ["one", "two"] {
        let stored = call(&app, "vault_put", json!({ "patient": patient(), "text": text })).await.unwrap();
        asked.push(json!({ "record": stored["record"], "attributes": attributes }));
    }
    let made = call(&app, "vault_leaves", json!({ "records": asked })).await.unwrap();
    for (asked, made) in asked.iter().zip(made["leaves"].as_array().unwrap()) {
        let document = call(&app, "vault_get", json!({ "record": asked["record"] })).await.unwrap();
        let of = |value: &Value| serde_json::from_value::<H256>(value.clone()).unwrap();
        let salt = batch::attributes_salt(&of(&document["salt"]).0);
        let digest = batch::attributes_digest(&salt, &attributes);
        let leaf = batch::leaf(&of(&asked["record"]), &digest);
        assert_eq!(*made, json!({ "record": asked["record"], "salt": salt, "digest": digest, "leaf": leaf }));
        assert!(!made.to_string().contains(document["salt"].as_str().unwrap()));
    }
    let leaves = |records: Value| call(&app, "vault_leaves", json!({ "records": records }));
    let unknown = json!([{ "record": hash(1), "attributes": attributes }]);
    assert_eq!(code(leaves(unknown).await), Code::NotFound);
    let mut another = asked[0].clone();
    another["attributes"]["patient"] = json!(account(0x12));
    assert_eq!(code(leaves(json!([another])).await), Code::InvalidParams);
    let many: Vec<_> = (0..1_025).map(|_| asked[0].clone()).collect();
    assert_eq!(code(leaves(json!(many)).await), Code::InvalidParams);
    let operator = worker.client(Role::Operator);
    call(&operator, "vault_erase", json!({ "record": asked[0]["record"] })).await.unwrap();
    assert_eq!(code(leaves(json!([asked[0]])).await), Code::NotFound);
}

#[tokio::test]
async fn the_node_may_call_by_position() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    worker.prepare(hash(1)).await;
    let node = worker.client(Role::Node);
    let unknown: Value = node.request("node_collect", rpc_params![hash(1)]).await.unwrap();
    assert_eq!(unknown, json!({ "state": "unknown" }));
    let handed: String = node.request("node_handOver", rpc_params![hash(1)]).await.unwrap();
    assert_eq!(handed, "accepted");
    let handed: String = node.request("node_handOver", rpc_params![hash(1)]).await.unwrap();
    assert_eq!(handed, "known");
    assert!(collected(&node, hash(1)).await.starts_with("0x00"));
}

#[tokio::test]
async fn the_version_names_model_and_engine() {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    let version: Value = worker.client(Role::Node).request("worker_version", rpc_params![]).await.unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["model"]["model"], json!(model().model));
}
