//! The log of disclosures as node, apps and operators see it: batches for the chain, accounting, BALP in and out, and what
//! kill -9 leaves.

use crate::common::*;
use crate::durability::Process;
use codec::DecodeAll;
use galen_primitives::{H256, audit::disclosure::DisclosureBatch, reports::LogBatch};
use galen_proofs::audit_proof::ProofFile;
use galen_worker::{
    config::{Config, Disclosures},
    reports::Kind,
};
use galen_worker_api::{Code, Role};
use jsonrpsee::http_client::HttpClient;
use serde_json::{Value, json};
use std::{fs, sync::Arc};

/// Every disclosure is due at once.
pub fn eager() -> Config {
    Config { disclosures: Disclosures { report_seconds: 0, report_entries: 3, alive_hours: 24 }, ..config() }
}

async fn started() -> Worker {
    Worker::start_in(Arc::new(directory()), FakeChain::new(), None, eager()).await
}

/// What the chain has of a site, and what it does with a batch.
struct Site {
    next: u64,
    head: H256,
    taken: Vec<DisclosureBatch>,
}

impl Site {
    fn new() -> Self {
        Site { next: 0, head: H256::zero(), taken: Vec::new() }
    }

    async fn ask(&self, node: &HttpClient) -> Option<DisclosureBatch> {
        let params = json!({ "hospital": hospital(), "next": self.next, "head": self.head });
        let answer = call(node, "node_disclosures", params).await.unwrap();
        let hex = answer.as_str()?.strip_prefix("0x").unwrap().to_owned();
        Some(DisclosureBatch::decode_all(&mut hex::decode(hex).unwrap().as_slice()).unwrap())
    }

    fn take(&mut self, batch: DisclosureBatch) {
        assert_eq!((batch.first, batch.previous), (self.next, self.head));
        (self.next, self.head) = (batch.end().unwrap(), batch.head());
        self.taken.push(batch);
    }

    async fn take_all(&mut self, node: &HttpClient) {
        while let Some(batch) = self.ask(node).await {
            self.take(batch);
        }
    }
}

async fn read(worker: &Worker, record: H256) {
    let clinician = worker.client(Role::Clinician);
    call(&clinician, "vault_get", json!({ "record": record, "purpose": "TREAT" })).await.unwrap();
}

/// A period in which all of a test happens.
fn period() -> Value {
    json!({ "patient": patient(), "from": "2020-01-01", "to": "2100-01-01" })
}

#[tokio::test]
async fn disclosures_go_to_the_chain_in_batches_and_each_can_be_opened() {
    let worker = started().await;
    let record = worker.prepare(hash(1)).await;
    for _ in 0..5 {
        read(&worker, record).await;
    }
    let node = worker.client(Role::Node);
    let mut site = Site::new();
    let first = site.ask(&node).await.unwrap();
    assert_eq!((first.first, first.count), (0, 3));
    assert_eq!(site.ask(&node).await, Some(first), "the same question, the same answer");
    site.take_all(&node).await;
    assert_eq!(site.taken.iter().map(|batch| batch.count).collect::<Vec<_>>(), [3, 2]);

    let operator = worker.client(Role::Operator);
    for index in 0..5u64 {
        let opened = call(&operator, "disclosures_open", json!({ "index": index })).await.unwrap();
        let proof = ProofFile::parse(opened.to_string().as_bytes()).unwrap();
        assert!(proof.holds(), "{opened}");
        assert_eq!(proof.leads_to(), site.taken[usize::from(index >= 3)].root);
        let mut forged = opened;
        forged["entry"]["who"] = "somebody else".into();
        assert!(!ProofFile::parse(forged.to_string().as_bytes()).unwrap().holds());
    }
    let result = call(&operator, "disclosures_open", json!({ "index": 99 })).await;
    assert_eq!(code(result), Code::NotFound);
    // Opening is reading: it is logged.
    let log = call(&operator, "disclosures_list", json!({ "from": 5 })).await.unwrap();
    assert_eq!(log["entries"].as_array().unwrap().len(), 5);
    assert_eq!(log["entries"][0]["what"], "log");
    // A batch says nothing of what is in it.
    let batch = serde_json::to_string(&site.taken).unwrap();
    assert!(!batch.contains("clinician") && !batch.contains(&format!("{record:?}")));
}

#[tokio::test]
async fn a_chain_that_knows_more_stops_the_reports_until_the_operator_says() {
    let directory = Arc::new(directory());
    let worker = Worker::start_in(directory, FakeChain::new(), None, eager()).await;
    let record = worker.prepare(hash(1)).await;
    read(&worker, record).await;
    let ahead = json!({ "hospital": hospital(), "next": 7, "head": hash(9) });
    let node = worker.client(Role::Node);
    for _ in 0..2 {
        assert_eq!(code(call(&node, "node_disclosures", ahead.clone()).await), Code::Damaged);
    }
    let (directory, chain) = worker.stop().await;
    let again = Config { continued: vec![Kind::Disclosures], ..eager() };
    let worker = Worker::start_in(directory, chain, None, again).await;
    let mut site = Site { next: 7, head: hash(9), taken: Vec::new() };
    site.take_all(&worker.client(Role::Node)).await;
    assert_eq!(site.next, 8);
    let operator = worker.client(Role::Operator);
    let accounting = call(&operator, "audit_accounting", period()).await.unwrap();
    assert_eq!(accounting["lost"], json!([[0, 7]]));
    assert_eq!(accounting["lines"][0]["number"], 7);
}

#[tokio::test]
async fn a_worker_reports_for_its_own_hospital_only() {
    let own = Config { hospital: Some(galen_worker_api::Account(account(3))), ..eager() };
    let worker = Worker::start_in(Arc::new(directory()), FakeChain::new(), None, own).await;
    let params = json!({ "hospital": hospital(), "next": 0, "head": H256::zero() });
    assert_eq!(code(call(&worker.client(Role::Node), "node_disclosures", params).await), Code::NotFound);
}

#[tokio::test]
async fn an_accounting_names_who_when_what_why_and_what_the_chain_covers() {
    let worker = started().await;
    let record = worker.prepare(hash(1)).await;
    read(&worker, record).await;
    let operator = worker.client(Role::Operator);
    // Before the node has asked, nobody knows whose batches these are.
    let unknown = call(&operator, "audit_accounting", period()).await.unwrap();
    assert_eq!((&unknown["lines"][0]["cover"], &unknown["at"]), (&json!("unreported"), &Value::Null));

    let mut site = Site::new();
    site.take_all(&worker.client(Role::Node)).await;
    worker.chain.set(|says| says.reported.clone_from(&site.taken));
    read(&worker, record).await;
    let accounting = call(&operator, "audit_accounting", period()).await.unwrap();
    let lines = accounting["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 3, "two reads and the question before: {accounting}");
    let line = &lines[0];
    assert_eq!((&line["recipient"]["id"], &line["purpose"]), (&json!("clinician"), &json!("TREAT")));
    assert_eq!(line["recipient"]["organisation"], json!(hospital()));
    assert!(line["description"].as_str().unwrap().contains(&format!("{record:?}")));
    let covers: Vec<&str> = lines.iter().map(|line| line["cover"].as_str().unwrap()).collect();
    assert_eq!(covers, ["reported", "reported", "unreported"]);
    assert_eq!(accounting["batches"][0]["root"], json!(site.taken[0].root));
    assert_eq!(accounting["batches"][0]["auditEntry"], 0);
    assert_eq!(accounting["asked"], 3);

    worker.chain.set(|says| says.reported[0].root = hash(7));
    let lines = call(&operator, "audit_accounting", period()).await.unwrap();
    assert_eq!(lines["lines"][0]["cover"], "conflicting");
    worker.chain.set(|says| says.down = true);
    let lines = call(&operator, "audit_accounting", period()).await.unwrap();
    assert_eq!(lines["lines"][0]["cover"], "unknown");

    let in_form = |format: &str| {
        let mut params = period();
        params["format"] = format.into();
        params
    };
    let table = call(&operator, "audit_accounting", in_form("csv")).await.unwrap();
    assert!(table.as_str().unwrap().starts_with("\"number\",\"date\",\"recipient id\""), "{table}");
    let bundle = call(&operator, "audit_accounting", in_form("fhir")).await.unwrap();
    let events = galen_fhir::audit_event::read_events(&bundle).unwrap();
    assert_eq!(bundle["entry"].as_array().unwrap().len(), events.len());
    assert!(events.iter().all(|event| event.accountable().is_ok()));
    let extension = &bundle["entry"][0]["resource"]["extension"][0];
    assert_eq!(extension["url"], "urn:galen:disclosure");

    for (from, to) in [("2020-02-30", "2021-01-01"), ("2021-01-01", "2020-01-01"), ("", "")] {
        let params = json!({ "patient": patient(), "from": from, "to": to });
        assert_eq!(code(call(&operator, "audit_accounting", params).await), Code::InvalidParams);
    }
    let elsewhen = json!({ "patient": patient(), "from": "2020-01-01", "to": "2020-12-31" });
    let nothing = call(&operator, "audit_accounting", elsewhen).await.unwrap();
    assert_eq!(nothing["lines"], json!([]));
}

fn sample(name: &str) -> Value {
    let path = format!("{}/../../fhir/tests/audit-events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The reference of the patient in an event.
fn subject(event: &Value) -> Option<String> {
    let entities = event["entity"].as_array()?;
    let patient = entities.iter().find(|entity| entity["role"]["code"] == "1")?;
    Some(patient["what"]["reference"].as_str().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn events_of_other_systems_come_in_once_and_go_out_as_they_came() {
    let worker = started().await;
    let (app, operator) = (worker.client(Role::App), worker.client(Role::Operator));
    let names = [
        "patient-create",
        "patient-read",
        "patient-update",
        "patient-delete",
        "patient-query",
        "disclosure-source",
        "disclosure-recipient",
        "authz-consent-permit",
        "read",
        "query",
    ];
    let events: Vec<Value> = names.iter().map(|name| sample(name)).collect();
    let patients: serde_json::Map<String, Value> =
        events.iter().filter_map(subject).map(|reference| (reference, json!(patient()))).collect();
    let params = json!({ "events": events, "patients": patients });
    let taken = call(&app, "audit_import", params.clone()).await;
    let taken = taken.unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!((&taken["first"], &taken["taken"], &taken["known"]), (&json!(0), &json!(10), &json!(0)));
    let again = call(&app, "audit_import", params).await.unwrap();
    assert_eq!((&again["taken"], &again["known"]), (&json!(0), &json!(10)), "a call that is made again");

    let exported = call(&operator, "audit_export", json!({})).await.unwrap();
    let out = galen_fhir::audit_event::read_events(&exported["bundle"]).unwrap();
    let came: Vec<_> = events.iter().map(|event| galen_fhir::audit_event::parse(event).unwrap()).collect();
    assert_eq!(out, came);
    // What was exported was read.
    let log = call(&operator, "disclosures_list", json!({ "from": 10 })).await.unwrap();
    assert_eq!(log["entries"][0]["what"], "log");

    let accounting = call(&operator, "audit_accounting", period()).await.unwrap();
    let of_patient = events.iter().filter(|event| subject(event).is_some()).count();
    assert_eq!(accounting["lines"].as_array().unwrap().len(), of_patient, "{accounting}");
    for line in accounting["lines"].as_array().unwrap() {
        assert!(!line["recipient"]["id"].as_str().unwrap().is_empty(), "{line}");
        assert!(!line["purpose"].as_str().unwrap().is_empty(), "{line}");
    }
    let mut site = Site::new();
    site.take_all(&worker.client(Role::Node)).await;
    let opened = call(&operator, "disclosures_open", json!({ "index": 4 })).await.unwrap();
    assert!(ProofFile::parse(opened.to_string().as_bytes()).unwrap().holds());
}

#[tokio::test]
async fn events_that_cannot_be_accounted_for_are_refused_and_none_is_taken() {
    let worker = started().await;
    let app = worker.client(Role::App);
    let whole = sample("patient-read");
    let patients = json!({ subject(&whole).unwrap(): patient() });
    let mut purposeless = whole.clone();
    purposeless.as_object_mut().unwrap().remove("purposeOfEvent");
    for agent in purposeless["agent"].as_array_mut().unwrap() {
        agent.as_object_mut().unwrap().remove("purposeOfUse");
    }
    let twice: Value = serde_json::from_str(r#"{"resourceType":"AuditEvent"}"#).unwrap();
    for (events, patients) in [
        (json!([whole, purposeless]), patients.clone()),
        (json!([whole]), json!({})),
        (twice, patients.clone()),
        (json!("AuditEvent"), patients.clone()),
        (json!([{ "resourceType": "Patient" }]), patients),
    ] {
        let result = call(&app, "audit_import", json!({ "events": events, "patients": patients })).await;
        let why = format!("{result:?}");
        assert_eq!(code(result), Code::InvalidDocument, "{events}");
        let reference = subject(&whole).unwrap();
        assert!(!why.contains(&reference), "a refusal repeats nothing: {why}");
    }
    let log = call(&worker.client(Role::Operator), "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"], json!([]));
}

/// The chain takes what it is offered; the worker is killed again and again, after the answer or before, and each disclosure
/// that was shown is on the chain once, in order, without a gap.
#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_nothing_shown_is_missing_on_the_chain() {
    let directory = directory();
    let mut site = Site::new();
    let mut shown = Vec::new();
    let process = Process::start(directory.path(), 0);
    let app = client(process.address(), &token(directory.path(), "app"));
    let stored = call(&app, "vault_put", json!({ "patient": patient(), "text": NOTE })).await.unwrap();
    process.kill();
    for round in 0..6u64 {
        let process = Process::start(directory.path(), 0);
        let clinician = client(process.address(), &token(directory.path(), "clinician"));
        let node = client(process.address(), &token(directory.path(), Role::Node.name()));
        for purpose in ["TREAT", "HOPERAT", "PATRQT"] {
            let params = json!({ "record": stored["record"], "purpose": purpose });
            call(&clinician, "vault_get", params).await.unwrap();
            shown.push(purpose);
        }
        // Asked, and killed before the answer is of any use.
        let lost = site.ask(&node).await;
        if round % 2 == 0 {
            if let Some(batch) = lost {
                site.take(batch);
            }
            // And once more, in the middle of showing and asking.
            let (clinician, record) = (clinician.clone(), stored["record"].clone());
            let showing = tokio::spawn(async move {
                let mut count = 0;
                while call(&clinician, "vault_get", json!({ "record": record })).await.is_ok() {
                    count += 1;
                }
                count
            });
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            process.kill();
            let count: usize = showing.await.unwrap();
            shown.extend(std::iter::repeat_n("", count));
        } else {
            process.kill();
        }
        // What was shown when it was killed may or may not have been acknowledged: it is in the log in any case.
        let process = Process::start(directory.path(), 0);
        let operator = client(process.address(), &token(directory.path(), "operator"));
        let log = call(&operator, "disclosures_list", json!({ "patient": patient() })).await.unwrap();
        let entries = log["entries"].as_array().unwrap();
        let reads: Vec<&str> = entries
            .iter()
            .filter(|entry| entry["what"] == "document")
            .map(|entry| entry["purpose"].as_str().unwrap_or_default())
            .collect();
        assert!(reads.starts_with(&shown) && reads.len() <= shown.len() + 1, "{reads:?} {shown:?}");
        let known = |read: &&str| PURPOSES.into_iter().find(|purpose| purpose == read).unwrap();
        shown = reads.iter().map(known).collect();
        process.kill();
    }
    let process = Process::start(directory.path(), 0);
    let node = client(process.address(), &token(directory.path(), Role::Node.name()));
    site.take_all(&node).await;
    let operator = client(process.address(), &token(directory.path(), "operator"));
    let mut index = 0u64;
    for batch in &site.taken {
        assert_eq!(batch.first, index);
        index = batch.end().unwrap();
    }
    let log = call(&operator, "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"].as_array().unwrap().len() as u64, index.min(256));
    process.kill();
}

const PURPOSES: [&str; 4] = ["TREAT", "HOPERAT", "PATRQT", ""];
