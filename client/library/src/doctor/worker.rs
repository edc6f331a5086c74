//! The worker: whether it is up, ready, and runs a model that the council has approved.

use super::{Finding, Subject};
use crate::{Error, chain::Chain, worker::Worker};
use galen_primitives::{H256, model::ModelStatus};
use serde_json::Value;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PATIENCE: Duration = Duration::from_secs(5);
/// A report is a few hundred bytes.
const MAX_REPORT: u64 = 64 * 1024;

pub async fn examine(chain: &Chain, subject: &Subject) -> Vec<Finding> {
    let Some(url) = subject.worker.as_deref() else {
        return vec![Finding::warn("worker", "not looked at", "give --worker, its URL")];
    };
    let health = match tokio::time::timeout(PATIENCE, health(url)).await {
        Ok(Ok((status, report))) => judge(status, &report),
        Ok(Err(why)) => unreachable(url, &why),
        Err(_) => unreachable(url, "no answer within 5 s"),
    };
    let up = health.level != super::Level::Fail;
    let mut findings = vec![health];
    if up {
        findings.push(match &subject.token_file {
            None => Finding::warn(
                "model",
                "which model the worker runs was not asked",
                "give --token-file, any of the worker's credentials",
            ),
            Some(token) => Finding::of("model", model(chain, url, token).await),
        });
    }
    findings
}

fn unreachable(url: &str, why: &str) -> Finding {
    Finding::fail(
        "worker",
        format!("no health report from {url}: {why}"),
        "start galen-worker, see its log, and compare its address with the node's --worker-url",
    )
}

/// `GET /health`, which needs no credential. Plain HTTP on loopback is all that the worker speaks.
async fn health(url: &str) -> Result<(u16, Value), String> {
    let authority = url.strip_prefix("http://").ok_or("not an http:// address")?.trim_end_matches('/');
    let mut stream = TcpStream::connect(authority).await.map_err(|why| why.to_string())?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|why| why.to_string())?;
    let mut answer = String::new();
    stream.take(MAX_REPORT).read_to_string(&mut answer).await.map_err(|why| why.to_string())?;
    parse(&answer).ok_or_else(|| "its answer is no health report".into())
}

/// Status and JSON body of an answer.
fn parse(answer: &str) -> Option<(u16, Value)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    // Between the braces, so that it does not matter whether the body comes in chunks.
    let body = body.get(body.find('{')?..=body.rfind('}')?)?;
    Some((status, serde_json::from_str(body).ok()?))
}

fn judge(status: u16, report: &Value) -> Finding {
    let part = |name: &str| report[name].as_str().unwrap_or("unknown").to_owned();
    let seen = format!(
        "version {}, chain {}, vault {}, model {}, {} jobs pending",
        part("version"),
        part("chain"),
        part("vault"),
        part("model"),
        report["pending"],
    );
    if status != 200 {
        return Finding::fail(
            "worker",
            seen,
            "see its log; `chain unreachable` means its --node, a failing vault its disk or key files",
        );
    }
    if part("model") != "loaded" {
        return Finding::warn("worker", seen, "start it with --model: without one it summarises nothing");
    }
    Finding::ok("worker", seen)
}

async fn model(chain: &Chain, url: &str, token: &std::path::Path) -> Result<Finding, Error> {
    let version = Worker::new(url, token)?.version().await?;
    let hash = version.pointer("/model/model").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let Some(hash) = hash else { return Ok(approval(None, None)) };
    let found = chain.model(hash, None).await?;
    Ok(approval(Some(hash), found.map(|model| model.status)))
}

fn approval(hash: Option<H256>, status: Option<ModelStatus>) -> Finding {
    let Some(hash) = hash else {
        return Finding::warn("model", "the worker has none loaded", "start it with --model");
    };
    match status {
        Some(ModelStatus::Approved) => Finding::ok("model", format!("{hash:?}, approved by the council")),
        Some(ModelStatus::Registered) => Finding::fail(
            "model",
            format!("{hash:?} is registered and not approved"),
            "ask the council to approve it (`galen model approve`)",
        ),
        Some(ModelStatus::Withdrawn) => Finding::fail(
            "model",
            format!("the council has withdrawn {hash:?}"),
            "run a model that is approved (`galen-worker run --model`)",
        ),
        None => Finding::fail(
            "model",
            format!("{hash:?} is not registered"),
            "register it (`galen model register`) and ask the council to approve it, or run one that is approved",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;
    use serde_json::json;

    fn report(status: &str) -> Value {
        json!({ "status": status, "chain": "reachable", "vault": "ok", "model": "loaded", "pending": 2, "version": "1" })
    }

    #[test]
    fn answers_are_read_whole_or_in_chunks() {
        let body = report("ok").to_string();
        let whole = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{body}");
        let chunks =
            format!("HTTP/1.1 503 Service Unavailable\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        assert_eq!(parse(&whole), Some((200, report("ok"))));
        assert_eq!(parse(&chunks), Some((503, report("ok"))));
        assert_eq!(parse("HTTP/1.1 200 OK\r\n\r\nhello"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn a_worker_that_is_not_ready() {
        assert_eq!(judge(200, &report("ok")).level, Level::Ok);
        assert_eq!(judge(503, &report("degraded")).level, Level::Fail);
        let mut bare = report("ok");
        bare["model"] = json!("none");
        assert_eq!(judge(200, &bare).level, Level::Warn);
    }

    #[test]
    fn only_an_approved_model_will_do() {
        let hash = Some(H256::zero());
        assert_eq!(approval(hash, Some(ModelStatus::Approved)).level, Level::Ok);
        for status in [None, Some(ModelStatus::Registered), Some(ModelStatus::Withdrawn)] {
            assert_eq!(approval(hash, status).level, Level::Fail);
        }
        assert_eq!(approval(None, None).level, Level::Warn);
    }

    #[tokio::test]
    async fn a_worker_that_is_not_there() {
        // Bound and dropped: nothing listens on it.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(health(&format!("http://127.0.0.1:{port}")).await.is_err());
        assert!(health("https://127.0.0.1:1").await.is_err());
    }
}
