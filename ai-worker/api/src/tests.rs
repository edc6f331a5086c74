use super::{
    client::{CallError, Client},
    disclosures::{Disclosure, Entry, Event, What},
    shape::{Named, Shape},
    testing::{Call, Script},
    vault::{Document, Get, Put, Stored},
    *,
};
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::DisclosureBatch,
    commitment::Scheme,
    consent::{Confidentiality, Purpose},
    devices::reading::ReadingBatch,
    records::{RecordAttributes, RecordFacts},
    reports::LogBatch,
    summary::{Failure, Receipt},
    worker::{error_code, method},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path as File, PathBuf},
};

fn hash(byte: u8) -> H256 {
    H256([byte; 32])
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 32])
}

fn root() -> PathBuf {
    File::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn names_and_codes_are_unique() {
    let names: BTreeSet<_> = METHODS.iter().map(|method| method.name).collect();
    assert_eq!(names.len(), METHODS.len());
    let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!((codes.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
    assert!(METHODS.iter().all(|method| !method.roles.is_empty()));
}

/// Each declaration stands in the list: `METHODS` is written by hand.
#[test]
fn every_declared_method_is_listed() {
    let mut declared = 0;
    for file in fs::read_dir(File::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let lines = text.lines().map(str::trim).filter(|line| line.starts_with("#[method("));
        declared += lines.filter(|line| !line.contains('$')).count();
    }
    assert_eq!(declared, METHODS.len());
}

#[test]
fn the_nodes_credential_sees_no_text() {
    let allowed: Vec<_> =
        METHODS.iter().filter(|method| method.allows(Role::Node)).map(|method| method.name).collect();
    assert_eq!(
        allowed,
        ["node_handOver", "node_collect", "node_disclosures", "node_readings", "worker_version"]
    );
}

#[test]
fn codes_keep_their_numbers() {
    let numbers: Vec<_> = Code::ALL.iter().map(|code| code.number()).collect();
    assert_eq!(numbers[..11], (-32050..=-32040).rev().collect::<Vec<_>>());
    assert_eq!(numbers[11..], [-32602, -32603]);
    assert_eq!(Code::of(-32044), Some(Code::ConsentRefused));
    assert_eq!(Code::of(-32601), None);
}

/// The offchain workers, which run as wasm, have names and numbers from primitives.
#[test]
fn the_node_knows_the_same_names_and_codes() {
    assert_eq!(node::HandOver::NAME, method::HAND_OVER);
    assert_eq!(node::Collect::NAME, method::COLLECT);
    assert_eq!(node::CollectDisclosures::NAME, DisclosureBatch::METHOD);
    assert_eq!(node::CollectReadings::NAME, ReadingBatch::METHOD);
    for (code, number) in [
        (Code::Forbidden, error_code::FORBIDDEN),
        (Code::Busy, error_code::BUSY),
        (Code::ChainUnavailable, error_code::CHAIN_UNAVAILABLE),
        (Code::Storage, error_code::STORAGE),
        (Code::Limited, error_code::LIMITED),
    ] {
        assert_eq!(code.number(), number, "{}", code.name());
    }
    assert_eq!(Code::of(error_code::SERVER_BUSY), None, "the server says it by itself");
}

/// The same offchain workers ask for the batches of reported logs, by names from primitives.
#[test]
fn the_node_asks_by_the_same_names() {
    assert_eq!(node::CollectDisclosures::NAME, DisclosureBatch::METHOD);
    assert_eq!(node::CollectReadings::NAME, ReadingBatch::METHOD);
}

#[test]
fn parameters_come_by_name_or_by_position() {
    let (record, other) = (hash(1), account(2));
    for params in [json!({ "record": record }), json!([record]), json!({ "record": record, "purpose": null })]
    {
        let get: Get = serde_json::from_value(params).unwrap();
        assert_eq!((get.record, get.purpose), (record, None));
    }
    let get: Get = serde_json::from_value(json!([record, "TREAT"])).unwrap();
    assert_eq!(get.purpose, Some(Purpose::Treat));
    let put: Put = serde_json::from_value(json!([other, null, "text"])).unwrap();
    assert_eq!((put.patient.0, put.text.as_deref()), (other, Some("text")));
    assert!(serde_json::from_value::<Get>(json!({ "record": record, "name": "x" })).is_err());
    let backup: worker::BackUp = serde_json::from_value(json!({ "to": "/a", "keysTo": "/b" })).unwrap();
    assert_eq!(backup.keys_to, Some("/b".into()));
    // A node may say more than this worker knows.
    let more = json!({ "job": record, "more": 1 });
    assert!(serde_json::from_value::<node::HandOver>(more).is_ok());
}

#[test]
fn what_is_expected_is_said_in_words() {
    assert_eq!(
        Get::expects(),
        "vault_get expects {record: 0x and 64 hex digits, purpose?: a v3 PurposeOfUse code, as TREAT}"
    );
    assert_eq!(worker::GetVersion::expects(), "worker_version expects no parameters");
    assert!(
        vault::MakeLeaves::expects().contains("a list of {record: 0x"),
        "{}",
        vault::MakeLeaves::expects()
    );
}

#[test]
fn accounts_are_ss58_or_hex() {
    let hex = format!("0x{}", "07".repeat(32));
    let account: Account = hex.parse().unwrap();
    assert_eq!(account.0.to_string().parse::<Account>().unwrap(), account);
    assert!("0x07".parse::<Account>().is_err());
    assert!("alice".parse::<Account>().is_err());
}

/// Whether a value is as a schema says; of JSON Schema as much as is used here.
fn fits(value: &Value, schema: &Value, schemas: &serde_json::Map<String, Value>) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}: {value} is not {schema}"));
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/components/schemas/")) {
        return fits(value, &schemas[name], schemas);
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().try_for_each(|schema| fits(value, schema, schemas));
    }
    if let Some(any) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fitting = any.iter().filter(|schema| fits(value, schema, schemas).is_ok()).count();
        return if fitting > 0 && (fitting == 1 || schema["oneOf"].is_null()) {
            Ok(())
        } else {
            wrong("way")
        };
    }
    if let Some(one) = schema.get("const") {
        return if one == value { Ok(()) } else { wrong("const") };
    }
    if let Some(values) = schema["enum"].as_array() {
        return if values.contains(value) { Ok(()) } else { wrong("enum") };
    }
    let typed = match schema["type"].as_str() {
        None => true,
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{other}"),
    };
    if !typed {
        return wrong("type");
    }
    for item in value.as_array().into_iter().flatten() {
        fits(item, &schema["items"], schemas)?;
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            return wrong(&format!("without {name}"));
        }
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => return wrong(&format!("with {name}")),
            (Value::Null, Value::Null) => {}
            (Value::Null, others) => fits(member, others, schemas)?,
            (known, _) => fits(member, known, schemas)?,
        }
    }
    Ok(())
}

fn holds<T: Shape + Serialize>(value: T) {
    let mut named = Named::default();
    let schema = T::schema(&mut named);
    fits(&json!(value), &schema, &named.into_schemas()).unwrap();
}

fn receipt() -> Receipt {
    Receipt {
        input: hash(1),
        output: hash(2),
        model: hash(3),
        adapter: None,
        template: hash(4),
        parameters: hash(5),
        engine: hash(6),
        consent: Some(7),
        access: None,
        prompt_tokens: 8,
        output_tokens: 9,
        unsupported: 10,
        millis: 11,
    }
}

/// Where a schema is written by hand, it is held against what serde writes.
#[test]
fn schemas_are_those_of_what_is_written() {
    let batch = DisclosureBatch { first: 1, count: 2, root: hash(3), previous: hash(4) };
    let attributes = RecordAttributes {
        patient: account(1),
        facts: RecordFacts { level: Confidentiality::R, authored: Some(7), ..Default::default() },
    };
    holds(receipt());
    holds(Purpose::ALL.to_vec());
    holds(vec![Scheme::Text, Scheme::Jcs]);
    holds(batch);
    holds(ReadingBatch {
        index: 1,
        first: 2,
        count: 3,
        root: hash(4),
        refused: 5,
        refusals: hash(6),
        from: 7,
        until: 8,
        previous: hash(9),
    });
    holds(attributes.clone());
    holds(Account(account(1)));
    holds(Some(Bytes(vec![1, 2])));
    holds(None::<Bytes>);
    holds(Path(vec![hash(1), hash(2)]));
    holds(vec![
        node::Collected::Unknown,
        node::Collected::Pending,
        node::Collected::Answered { outcome: Bytes(vec![0]) },
    ]);
    let states = [
        summaries::State::Unknown,
        summaries::State::Pending,
        summaries::State::Done { receipt: receipt() },
        summaries::State::Failed { failure: Failure::ModelMismatch },
    ];
    holds(states.map(|state| summaries::Standing { job: hash(1), state }).to_vec());
    let refusal = galen_primitives::devices::reading::Refusal::Future;
    holds(vec![readings::Judged::Record(hash(1)), readings::Judged::Refused(refusal)]);
    let refused = readings::Refused { device: hash(1), sequence: 2, reason: refusal, at: 3, by: "x".into() };
    holds(readings::NumberedRefusal { index: 1, refused });
    let signed = json!({
        "device": hash(1), "sequence": 2, "at": 3, "observation": {}, "signature": format!("0x{}", "01".repeat(64)),
    });
    holds(serde_json::from_value::<readings::Submitted>(signed).unwrap());
    let disclosure = Disclosure {
        event: Some(Event("{}".into())),
        patient: Some(account(3)),
        ..Disclosure::new(1, "x", What::Event)
    };
    holds(Entry { index: 3, disclosure: disclosure.clone() });
    let accounting = accounting(disclosure, batch);
    holds(accounting.clone());
    holds(audit::AccountingAnswer::Json(Box::new(accounting)));
    holds(audit::AccountingAnswer::Csv("a".into()));
    holds(audit::AccountingAnswer::Fhir(json!({ "resourceType": "Bundle" })));
}

fn accounting(entry: Disclosure, batch: DisclosureBatch) -> audit::Accounting {
    audit::Accounting {
        patient: account(1),
        period: audit::Period { from: "2026-05-04".into(), to: "2026-05-05".into() },
        hospital: Some(account(2)),
        asked: 3,
        at: Some(hash(4)),
        lines: vec![audit::Line {
            number: 1,
            date: "2026-05-04T00:00:00Z".into(),
            recipient: audit::Recipient { id: "x".into(), name: None, organisation: None },
            description: "read".into(),
            purpose: "TREAT".into(),
            entry,
            batch: Some(1),
            cover: audit::Cover::Reported,
        }],
        batches: vec![audit::Covering { batch, head: hash(5), block: Some(6), audit_entry: None }],
        lost: vec![(7, 9)],
    }
}

/// Each form of an accounting is read back as what it is.
#[test]
fn forms_of_an_accounting_are_told_apart() {
    let batch = DisclosureBatch { first: 1, count: 2, root: hash(3), previous: hash(4) };
    let accounting = accounting(Disclosure::new(1, "x", What::Log), batch);
    for answer in [
        audit::AccountingAnswer::Json(Box::new(accounting)),
        audit::AccountingAnswer::Csv("a,b".into()),
        audit::AccountingAnswer::Fhir(json!({ "resourceType": "Bundle" })),
    ] {
        assert_eq!(serde_json::from_value::<audit::AccountingAnswer>(json!(answer)).unwrap(), answer);
    }
}

/// A text before, between and after two lines that mark what is made.
fn parted<'a>(text: &'a str, what: &str) -> (&'a str, &'a str, &'a str) {
    let begin = format!("<!-- {what}: made from ai-worker/api -->\n\n");
    let end = format!("\n<!-- end of {what} -->");
    let from = text.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    let to = from + text[from..].find(&end).unwrap_or_else(|| panic!("no {end}"));
    (&text[..from], &text[from..to], &text[to..])
}

/// `GALEN_WRITE_DOCS=1 cargo test -p galen-worker-api` writes them anew.
#[test]
fn the_documents_are_up_to_date() {
    let write = std::env::var_os("GALEN_WRITE_DOCS").is_some();
    let how = "run: GALEN_WRITE_DOCS=1 cargo test --release -p galen-worker-api";
    let file = root().join("docs/openrpc-worker.json");
    let described = describe::openrpc();
    if write {
        fs::write(&file, format!("{}\n", serde_json::to_string_pretty(&described).unwrap())).unwrap();
    }
    let standing: Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap_or_default()).unwrap_or_default();
    assert!(standing == described, "docs/openrpc-worker.json is out of date; {how}");

    let file = root().join("docs/worker.md");
    let mut text = fs::read_to_string(&file).unwrap();
    let tables = BTreeMap::from([("methods", describe::method_table()), ("errors", describe::error_table())]);
    for (what, table) in &tables {
        let (before, made, after) = parted(&text, what);
        if write {
            text = [before, table, after].concat();
        } else {
            assert!(made == table, "the {what} of docs/worker.md are out of date; {how}");
        }
    }
    if write {
        fs::write(&file, text).unwrap();
    }
}

#[test]
fn references_of_the_description_lead_somewhere() {
    fn walk(value: &Value, root: &Value) {
        if let Some(at) = value["$ref"].as_str() {
            assert!(
                root.pointer(at.strip_prefix('#').unwrap()).is_some_and(|there| !there.is_null()),
                "{at}"
            );
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| walk(value, root)),
            Value::Array(items) => items.iter().for_each(|value| walk(value, root)),
            _ => {}
        }
    }
    let description = describe::openrpc();
    walk(&description, &description);
    for method in description["methods"].as_array().unwrap() {
        let summary = method["summary"].as_str().unwrap();
        assert!(summary.ends_with('.') && summary.len() > 20, "{method}");
        for param in method["params"].as_array().unwrap() {
            assert!(!param["description"].as_str().unwrap().is_empty(), "{param}");
        }
    }
}

/// What operators copy names the port that the worker listens on.
#[test]
fn documents_and_packages_name_the_port() {
    assert!(DEFAULT_URL.ends_with(&format!(":{DEFAULT_PORT}")));
    for file in [
        "README.md",
        "docs/operate.md",
        "docs/worker.md",
        "packaging/docker/Dockerfile",
        "packaging/etc/node.conf",
        "packaging/helm/values.yaml",
        "packaging/prometheus/scrape.yml",
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(&format!("127.0.0.1:{DEFAULT_PORT}")), "{file}");
    }
}

fn stored(bytes: u64) -> Stored {
    Stored { record: hash(1), scheme: Scheme::Text, bytes }
}

fn put(text: &str) -> Put {
    Put { patient: account(2).into(), document: None, text: Some(text.into()) }
}

#[tokio::test]
async fn a_client_is_answered_what_the_script_says() {
    let worker = Script::new()
        .on(|put: Put| Ok(stored(put.text.map_or(0, |text| text.len() as u64))))
        .on(|_: Get| Err(MethodError::new(Code::NotFound, "gone")))
        .start()
        .await;
    let token = fs::read_to_string(worker.token_file(Role::App)).unwrap();
    let app = Client::new(worker.url(), &token).unwrap();
    assert_eq!(app.call(&put("four")).await.unwrap(), stored(4));
    let params = json!({ "patient": account(2), "text": "four" });
    assert_eq!(worker.calls(), [Call { role: Role::App, method: "vault_put", params }]);
    let json: Value = app.call_as(&put("four")).await.unwrap();
    assert_eq!(json, json!(stored(4)));

    let gone = app.call(&Get { record: hash(1), purpose: None }).await.unwrap_err();
    assert!(matches!(gone, CallError::Refused { code: -32041, message } if message == "gone"));
    let unsaid = app.call(&worker::GetVersion {}).await.unwrap_err();
    assert!(matches!(unsaid, CallError::Refused { code: -32601, .. }), "{unsaid}");
    let as_other = app.call_as::<_, Document>(&put("")).await.unwrap_err();
    assert!(matches!(as_other, CallError::Unreadable { method: "vault_put", .. }), "{as_other}");
}

#[tokio::test]
async fn rights_and_tokens_are_looked_at() {
    let worker = Script::new().on(|_: Put| Ok(stored(0))).start().await;
    let node = Client::new(worker.url(), &worker.token(Role::Node)).unwrap();
    let refused = node.call(&put("")).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused { code: -32040, .. }), "{refused}");
    let unknown = Client::new(worker.url(), "guess").unwrap();
    assert!(matches!(unknown.call(&put("")).await, Err(CallError::Unauthorized)));
    assert!(matches!(Client::new(worker.url(), "a\nb"), Err(CallError::Token)));
    assert_eq!(worker.calls(), []);
    let url = worker.url().to_owned();
    drop(worker);
    let gone = Client::new(&url, "x").unwrap().call(&put("")).await;
    assert!(matches!(gone, Err(CallError::Unreachable { .. } | CallError::Unauthorized)), "{gone:?}");
}
