//! Summaries for the purpose BTG, which rest on an access of an emergency.

use crate::common::*;
use codec::Decode;
use galen_primitives::{
    H256,
    consent::{Purpose, Reason},
    summary::{Failure, Job, Outcome},
};
use galen_worker_api::{Code, Role};
use serde_json::json;
use std::time::Duration;

const ACCESS: H256 = H256([0xAC; 32]);

async fn prepared() -> Worker {
    let worker = Worker::start(Some(FakeEngine::new(Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    let btg = Job { purpose: Purpose::Btg, consent: None, access: Some(ACCESS), ..job(record) };
    worker.chain.set(|says| {
        says.jobs.insert(hash(1), btg);
        says.refuses = Some(Reason::NoConsent);
        says.access = Some(ACCESS);
    });
    worker
}

async fn answered(worker: &Worker) -> Outcome {
    let answer = worker.answer(hash(1)).await;
    Outcome::decode(&mut &*hex::decode(&answer[2..]).unwrap()).unwrap()
}

#[tokio::test]
async fn an_access_is_what_receipt_summary_and_disclosure_name() {
    let worker = prepared().await;
    let Outcome::Done(receipt) = answered(&worker).await else { panic!("no summary") };
    assert_eq!((receipt.consent, receipt.access), (None, Some(ACCESS)));
    let get = json!({ "job": hash(1), "purpose": "BTG" });
    let shown = call(&worker.client(Role::Clinician), "summaries_get", get).await.unwrap();
    assert_eq!(
        (&shown["summary"]["consent"], &shown["summary"]["access"]),
        (&json!(null), &json!(ACCESS)),
        "{shown}"
    );
    let asked = worker.chain.set(|says| says.asked.last().unwrap().clone());
    assert_eq!(asked.purpose, Purpose::Btg);
    let log = call(&worker.client(Role::Operator), "disclosures_list", json!({})).await.unwrap();
    let entry = &log["entries"][0];
    assert_eq!(
        (&entry["purpose"], &entry["access"], &entry["consent"]),
        (&json!("BTG"), &json!(ACCESS), &json!(null))
    );
}

#[tokio::test]
async fn once_it_is_closed_nothing_is_made_and_nothing_shown() {
    let worker = prepared().await;
    worker.chain.set(|says| says.access = None);
    assert_eq!(answered(&worker).await, Outcome::Failed(Failure::ConsentRefused));

    let worker = prepared().await;
    assert!(matches!(answered(&worker).await, Outcome::Done(_)));
    let clinician = worker.client(Role::Clinician);
    let get = || call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "BTG" }));
    // An access helps only for want of a consent.
    worker.chain.set(|says| says.refuses = Some(Reason::TooManyDenials));
    assert_eq!(code(get().await), Code::ConsentRefused);
    worker.chain.set(|says| {
        says.refuses = Some(Reason::NoConsent);
        says.access = None;
    });
    assert_eq!(code(get().await), Code::ConsentRefused);
    let log = call(&worker.client(Role::Operator), "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"], json!([]), "nothing was disclosed");
}
