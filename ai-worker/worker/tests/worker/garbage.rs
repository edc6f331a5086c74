use crate::common::*;
use galen_worker::config::{Config, Limits};
use galen_worker_api::Role;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Sends bytes, reads until the end or silence.
async fn raw(worker: &Worker, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(worker.address).await.unwrap();
    let mut answer = Vec::new();
    // The other side may have closed already.
    let _ = stream.write_all(bytes).await;
    let _ = timeout(Duration::from_secs(2), stream.read_to_end(&mut answer)).await;
    answer
}

async fn post(worker: &Worker, token: &str, body: &[u8]) -> (u16, Value) {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = raw(worker, &[head.as_bytes(), body].concat()).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

async fn alive(worker: &Worker) {
    let version = call(&worker.client(Role::App), "worker_version", json!({})).await.unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn what_is_no_request_is_answered_with_an_error() {
    let worker = Worker::start(None).await;
    let token = worker.token("app");
    let cases: [(&[u8], i64); 8] = [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff\xfe\x00", -32700),
        (b"{}", -32600),
        (b"[]", -32600),
        (br#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (br#"{"jsonrpc":"2.0","method":"vault_put","params":7,"id":1}"#, -32602),
        (br#"{"jsonrpc":"2.0","method":"vault_get","params":{"record":"0x12"},"id":1}"#, -32602),
    ];
    for (body, code) in cases {
        let (status, answer) = post(&worker, &token, body).await;
        let name = String::from_utf8_lossy(body);
        assert!((200..500).contains(&status), "{name}: {status}");
        if let Some(found) = answer["error"]["code"].as_i64() {
            assert!(found == code || found == -32700 || found == -32600, "{name}: {answer}");
        }
    }
    alive(&worker).await;
}

#[tokio::test]
async fn too_much_is_refused() {
    let limits = Limits { request_bytes: 4096, ..Default::default() };
    let small = Config { limits, ..config() };
    let worker = Worker::start_in(Arc::new(directory()), FakeChain::new(), None, small).await;
    let token = worker.token("app");
    let call = |length: usize| {
        json!({ "jsonrpc": "2.0", "id": 1, "method": "vault_put",
            "params": { "patient": patient(), "text": "a".repeat(length) } })
        .to_string()
        .into_bytes()
    };
    assert_eq!(post(&worker, &token, &call(3000)).await.1["error"], Value::Null);
    let (status, answer) = post(&worker, &token, &call(5000)).await;
    assert!(status == 413 || answer["error"]["code"] == -32007, "{status} {answer}");
    let many: Vec<Value> = (0..40).map(|id| json!({ "jsonrpc": "2.0", "id": id, "method": "x" })).collect();
    let (_, answer) = post(&worker, &token, json!(many).to_string().as_bytes()).await;
    assert_eq!(answer["error"]["code"], -32010, "a batch too long: {answer}");
    alive(&worker).await;
}

#[tokio::test]
async fn a_deep_document_does_not_bring_it_down() {
    let worker = Worker::start(None).await;
    let token = worker.token("app");
    for unit in ["[", "{\"a\":"] {
        let deep = unit.repeat(100_000);
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"vault_put","params":{{"patient":"{}","document":{deep}"#,
            patient()
        );
        let (status, _) = post(&worker, &token, body.as_bytes()).await;
        assert!((200..500).contains(&status));
    }
    alive(&worker).await;
}

#[test]
fn random_bytes_do_not_bring_it_down() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let worker = runtime.block_on(Worker::start(None));
    let token = worker.token("app");
    let methods =
        prop::sample::select(vec!["vault_put", "vault_get", "summaries_status", "worker_version", "x"]);
    let param = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!({ "patient": 1, "record": [], "job": "0x" })),
        Just(json!(["0x", {}, null, 3])),
    ];
    let config = ProptestConfig { cases: 40, ..ProptestConfig::default() };
    proptest!(config, |(method in methods, param in param, noise: Vec<u8>)| {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": param }).to_string();
        let (status, answer) = runtime.block_on(post(&worker, &token, call.as_bytes()));
        prop_assert!((200..500).contains(&status), "{call}: {status}");
        prop_assert!(answer["error"]["code"].is_i64() || method == "worker_version", "{call}: {answer}");
        runtime.block_on(post(&worker, &token, &noise));
    });
    runtime.block_on(raw(&worker, b"\x00\x01\x02 not http at all\r\n\r\n"));
    runtime.block_on(alive(&worker));
    runtime.block_on(worker.stop());
}
