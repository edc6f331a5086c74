use crate::common::*;
use galen_worker::credentials;
use galen_worker_api::{Code, METHODS, Role};
use jsonrpsee::{
    core::{ClientError, client::ClientT, params::BatchRequestBuilder},
    rpc_params,
    ws_client::{HeaderMap, WsClientBuilder},
};
use serde_json::{Value, json};

#[tokio::test]
async fn every_credential_may_call_its_own_methods_and_no_other() {
    let worker = Worker::start(None).await;
    for role in Role::ALL {
        let client = worker.client(role);
        for method in &METHODS {
            // Without parameters: a method that is allowed complains about those, or answers.
            let result: Result<Value, _> = client.request(method.name, rpc_params![]).await;
            let (method, roles) = (method.name, method.roles);
            let forbidden =
                matches!(&result, Err(ClientError::Call(error)) if error.code() == Code::Forbidden.number());
            assert_eq!(forbidden, !roles.contains(&role), "{} {method}: {result:?}", role.name());
            if let Err(ClientError::Call(error)) = result {
                assert!(
                    [Code::Forbidden, Code::InvalidParams].map(Code::number).contains(&error.code()),
                    "{method}: {error:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_table_of_rights_names_every_method() {
    let described: Value =
        serde_json::from_str(include_str!("../../../../docs/openrpc-worker.json")).unwrap();
    let described = described["methods"].as_array().unwrap().iter().map(|method| method["name"].as_str());
    assert!(described.eq(METHODS.iter().map(|method| Some(method.name))));
    let worker = Worker::start(None).await;
    for role in Role::ALL {
        for method in ["system_health", "rpc_methods", "vault_list", "", "node_handover"] {
            let result: Result<Value, _> = worker.client(role).request(method, rpc_params![]).await;
            assert_eq!(number(result), -32601, "{method}");
        }
    }
    for method in &METHODS {
        let result: Result<Value, _> =
            worker.client(method.roles[0]).request(method.name, rpc_params![]).await;
        let method = method.name;
        assert!(!matches!(result, Err(ClientError::Call(error)) if error.code() == -32601), "{method}");
    }
}

#[tokio::test]
async fn the_nodes_token_gets_at_no_text_whatever_it_tries() {
    let worker = Worker::start(Some(FakeEngine::new(std::time::Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    worker.answer(hash(1)).await;
    let node = worker.client(Role::Node);
    for (method, params) in [
        ("vault_get", json!({ "record": record })),
        ("summaries_get", json!({ "job": hash(1), "purpose": "TREAT" })),
        ("summaries_status", json!({ "job": hash(1) })),
        ("disclosures_list", json!({})),
        ("vault_put", json!({ "patient": patient(), "text": NOTE })),
        ("vault_erase", json!({ "record": record })),
    ] {
        assert_eq!(code(call(&node, method, params).await), Code::Forbidden, "{method}");
    }
    // Nor within a batch.
    let mut batch = BatchRequestBuilder::new();
    batch.insert("node_collect", rpc_params![hash(1)]).unwrap();
    batch.insert("vault_get", rpc_params![record]).unwrap();
    let answers = node.batch_request::<Value>(batch).await.unwrap();
    let answers: Vec<_> = answers.into_iter().collect();
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().code(), Code::Forbidden.number());
    // What it may have holds no text.
    let collected = call(&node, "node_collect", json!({ "job": hash(1) })).await.unwrap();
    assert_eq!(collected.as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn without_a_known_token_the_answer_is_401() {
    let worker = Worker::start(None).await;
    let right = worker.token("app");
    let wrong = [String::new(), "x".into(), right[1..].to_owned(), format!("{right}0"), right.to_uppercase()];
    for token in wrong {
        let result: Result<Value, _> =
            client(worker.address, &token).request("worker_version", rpc_params![]).await;
        assert!(format!("{result:?}").contains("401"), "{result:?}");
    }
    let result: Result<Value, _> =
        client(worker.address, &right).request("worker_version", rpc_params![]).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let worker = Worker::start(None).await;
    let guesser = client(worker.address, "guess");
    let mut answers = Vec::new();
    for _ in 0..60 {
        let result: Result<Value, _> = guesser.request("worker_version", rpc_params![]).await;
        answers.push(format!("{result:?}").contains("429"));
    }
    assert!(answers.iter().any(|slowed| *slowed));
    // Who has a token is not slowed down by who has none.
    let result: Result<Value, _> = worker.client(Role::App).request("worker_version", rpc_params![]).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn a_websocket_has_the_rights_of_its_token() {
    let worker = Worker::start(None).await;
    let connect = |token: String| {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        WsClientBuilder::default().set_headers(headers).build(format!("ws://{}", worker.address))
    };
    assert!(connect("guess".into()).await.is_err());
    let app = connect(worker.token("app")).await.unwrap();
    let stored: Value = app.request("vault_put", rpc_params![patient(), Value::Null, NOTE]).await.unwrap();
    let got: Value = app.request("vault_get", rpc_params![&stored["record"]]).await.unwrap();
    assert_eq!(got["text"], NOTE);
    let result: Result<Value, _> = app.request("node_collect", rpc_params![hash(1)]).await;
    assert_eq!(code(result), Code::Forbidden);
    let node = connect(worker.token("node")).await.unwrap();
    let result: Result<Value, _> = node.request("vault_get", rpc_params![&stored["record"]]).await;
    assert_eq!(code(result), Code::Forbidden);
}

#[tokio::test]
async fn calls_are_limited_by_credential() {
    let limited = galen_worker::config::Config {
        limits: galen_worker::config::Limits { calls_per_second: 5, ..Default::default() },
        ..config()
    };
    let worker = Worker::start_in(std::sync::Arc::new(directory()), FakeChain::new(), None, limited).await;
    let app = worker.client(Role::App);
    let mut refused = 0;
    for _ in 0..12 {
        let result: Result<Value, _> = app.request("worker_version", rpc_params![]).await;
        refused += u32::from(result.is_err_and(
            |error| matches!(error, ClientError::Call(error) if error.code() == Code::Limited.number()),
        ));
    }
    assert!(refused >= 4, "{refused}");
    let result: Result<Value, _> =
        worker.client(Role::Operator).request("worker_version", rpc_params![]).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn a_credential_of_ones_own_is_named_in_the_log() {
    let directory = directory();
    credentials::add(&layout(directory.path()).credentials(), "dr-x", Role::Clinician).unwrap();
    let worker = Worker::start_in(std::sync::Arc::new(directory), FakeChain::new(), None, config()).await;
    let record = worker.prepare(hash(1)).await;
    let doctor = client(worker.address, &worker.token("dr-x"));
    call(&doctor, "vault_get", json!({ "record": record })).await.unwrap();
    let log = call(&worker.client(Role::Operator), "disclosures_list", json!({})).await.unwrap();
    assert_eq!(log["entries"][0]["who"], "dr-x");
}
