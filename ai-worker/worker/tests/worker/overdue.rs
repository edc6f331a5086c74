//! What the hospital is late with, as metrics.

use crate::common::*;
use galen_worker::{chain::Overdue, config::Config};
use galen_worker_api::Account;
use std::{sync::Arc, time::Duration};

async fn metrics(worker: &Worker) -> String {
    let page = crate::rpc::http(worker, "GET /metrics HTTP/1.1").await;
    page.lines()
        .filter(|line| line.starts_with("galen_") && line.contains("overdue"))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn shows(worker: &Worker, expected: &str) {
    for _ in 0..200 {
        if metrics(worker).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("expected {expected:?}, got {:?}", metrics(worker).await);
}

#[tokio::test]
async fn what_the_chain_says_is_exported_for_the_hospital_that_is_set() {
    let chain = FakeChain::new();
    chain.set(|says| {
        says.down = true;
        says.overdue = Overdue { reviews: 2, obligations: 3 };
    });
    let config = Config { hospital: Some(Account(hospital())), ..config() };
    let worker = Worker::start_closed(Arc::new(directory()), chain, config).await;
    assert_eq!(metrics(&worker).await, "", "nothing is claimed before the chain was asked");
    worker.chain.set(|says| says.down = false);
    shows(&worker, "galen_consent_obligations_overdue 3\ngalen_emergency_reviews_overdue 2").await;
    // Where it is not known whose the worker is, nothing is claimed.
    let worker = Worker::start(None).await;
    assert_eq!(metrics(&worker).await, "");
}
