//! Backups while the worker runs.

use crate::common::*;
use galen_primitives::{H256, commitment::Scheme, summary::Outcome};
use galen_worker::{
    backup,
    clock::Clock,
    credentials::token_path,
    jobs::{Queue, State},
    store::file_opener,
    vault::Vault,
};
use galen_worker_api::{Code, Role};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// What a restore does: both parts in one directory.
fn put_together(out: &Path, keys: &Path) -> TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                fs::create_dir(&target).unwrap();
                copy(&path, &target);
            } else {
                fs::copy(&path, &target).unwrap();
            }
        }
    }
    let directory = tempfile::tempdir().unwrap();
    copy(out, directory.path());
    copy(keys, directory.path());
    directory
}

fn targets(place: &TempDir) -> (PathBuf, PathBuf) {
    (place.path().join("backup"), place.path().join("keys"))
}

/// A worker whose directory has a configuration, as `init` makes one.
async fn configured(engine: Option<Arc<FakeEngine>>) -> Worker {
    let directory = directory();
    fs::write(layout(directory.path()).config(), galen_worker::config::TEMPLATE).unwrap();
    Worker::start_in(Arc::new(directory), FakeChain::new(), engine, config()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_busy_worker_is_whole_and_of_one_moment() {
    let worker = configured(Some(FakeEngine::new(Duration::ZERO))).await;
    let record = worker.prepare(hash(1)).await;
    let outcome = worker.answer(hash(1)).await;
    let gone = worker.prepare(hash(2)).await;

    // Two clients put and erase as fast as they can while copies are taken.
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..2)
        .map(|_| {
            let (app, operator, stop) =
                (worker.client(Role::App), worker.client(Role::Operator), stop.clone());
            tokio::spawn(async move {
                let mut count = 0u32;
                while !stop.load(Ordering::SeqCst) {
                    let note = format!("Note {count} of many. {}", "Mild cough. ".repeat(200));
                    let params = json!({ "patient": account(0x12), "text": note });
                    let stored = call(&app, "vault_put", params).await.unwrap();
                    if count.is_multiple_of(3) {
                        let _ = call(&operator, "vault_erase", json!({ "record": stored["record"] })).await;
                    }
                    count += 1;
                }
                count
            })
        })
        .collect();
    let place = tempfile::tempdir().unwrap();
    let operator = worker.client(Role::Operator);
    for round in 0..5 {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let (out, keys) =
            (place.path().join(format!("backup {round}")), place.path().join(format!("keys {round}")));
        let made = call(&operator, "worker_backup", json!({ "to": out, "keysTo": keys })).await.unwrap();
        assert!(made["bytes"].as_u64().unwrap() > 0 && made["keys"] == true);
    }
    stop.store(true, Ordering::SeqCst);
    for task in busy {
        assert!(task.await.unwrap() > 5);
    }
    // What is erased and put after a backup is in it, and is not.
    call(&operator, "vault_erase", json!({ "record": gone })).await.unwrap();
    let app = worker.client(Role::App);
    let later = call(&app, "vault_put", json!({ "patient": patient(), "text": "later" }));
    let later: H256 = serde_json::from_value(later.await.unwrap()["record"].clone()).unwrap();

    for round in 0..5 {
        let (out, keys) =
            (place.path().join(format!("backup {round}")), place.path().join(format!("keys {round}")));
        for file in ["vault.redb", "jobs.redb", "disclosures.redb", "credentials.toml", "config.toml"] {
            let mode = fs::metadata(out.join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        assert!(!out.join("keys.redb").exists() && !out.join("master.key").exists());
        let restored = put_together(&out, &keys);
        let files = layout(restored.path());
        let vault = Vault::open(files.vault()).unwrap();
        for id in [record, gone] {
            assert_eq!(&**vault.get(&id).unwrap().unwrap().original, NOTE.as_bytes());
        }
        assert!(vault.get(&later).unwrap().is_none());
        assert_eq!(vault.seen().unwrap().unwrap().next, 0);
        let Outcome::Done(receipt) =
            codec::Decode::decode(&mut &*hex::decode(&outcome[2..]).unwrap()).unwrap()
        else {
            panic!("no summary");
        };
        assert_eq!(vault.summary_of(&hash(1)).unwrap().unwrap().id, receipt.output);
        drop(vault);
        let queue = Queue::open(&files.jobs(), file_opener(), 8, Clock::default()).unwrap();
        assert_eq!(queue.state(&hash(1)).unwrap(), State::Answered(hex::decode(&outcome[2..]).unwrap()));
        drop(queue);

        // And a worker runs on it.
        let again = Worker::start_in(Arc::new(restored), worker.chain.clone(), None, config()).await;
        let got = call(&again.client(Role::App), "vault_get", json!({ "record": record })).await.unwrap();
        assert_eq!(got["text"], NOTE);
        again.stop().await;
    }
}

#[test]
fn every_key_of_a_copy_has_its_ciphertext() {
    let directory = directory();
    let vault = Arc::new(Vault::open(layout(directory.path()).vault()).unwrap());
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (vault, stop) = (vault.clone(), stop.clone());
        std::thread::spawn(move || {
            let mut ids = Vec::new();
            while !stop.load(Ordering::SeqCst) {
                ids.push(vault.put(&patient(), Scheme::Text, NOTE.as_bytes()).unwrap());
                if ids.len().is_multiple_of(5) {
                    vault.erase(&ids[ids.len() - 3]).unwrap();
                }
            }
            ids
        })
    };
    let copies: Vec<TempDir> = (0..6)
        .map(|_| {
            std::thread::sleep(Duration::from_millis(30));
            let copy = tempfile::tempdir().unwrap();
            let files = layout(copy.path()).vault();
            vault.back_up(&files.documents, Some((&files.keys, &files.master))).unwrap();
            copy
        })
        .collect();
    stop.store(true, Ordering::SeqCst);
    let ids = writer.join().unwrap();
    for copy in copies {
        let copied = Vault::open(layout(copy.path()).vault()).unwrap();
        let readable = ids.iter().filter(|id| copied.get(id).unwrap().is_some()).count() as u64;
        assert_eq!(readable, copied.len().unwrap());
        assert!(readable > 0);
    }
}

#[tokio::test]
async fn nothing_is_overwritten_and_nothing_half_made_stays() {
    let worker = configured(None).await;
    worker.prepare(hash(1)).await;
    let operator = worker.client(Role::Operator);
    let place = tempfile::tempdir().unwrap();
    let (out, keys) = targets(&place);
    let back_up =
        |to: &Path, keys_to: &Path| call(&operator, "worker_backup", json!({ "to": to, "keysTo": keys_to }));
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("mine"), "mine").unwrap();
    assert_eq!(code(back_up(&out, &keys).await), Code::InvalidParams);
    assert!(!out.exists(), "all or nothing");
    assert_eq!(fs::read_to_string(keys.join("mine")).unwrap(), "mine");
    fs::remove_dir_all(&keys).unwrap();
    assert_eq!(code(back_up(&out, &out.join("keys")).await), Code::InvalidParams);
    assert_eq!(code(back_up(&out, &out).await), Code::InvalidParams);
    assert_eq!(code(back_up(Path::new("relative"), &keys).await), Code::InvalidParams);
    assert_eq!(code(back_up(&place.path().join("a/b"), &keys).await), Code::Storage);
    // A file that cannot be copied: the credentials are gone.
    let credentials = layout(worker.directory.path()).credentials();
    let aside = credentials.with_extension("aside");
    fs::rename(&credentials, &aside).unwrap();
    assert_eq!(code(back_up(&out, &keys).await), Code::Storage);
    assert!(!out.exists() && !keys.exists());
    fs::rename(&aside, &credentials).unwrap();
    back_up(&out, &keys).await.unwrap();
    assert_eq!(code(back_up(&out, &keys).await), Code::InvalidParams);
    // Nobody else may.
    for role in [Role::Node, Role::App, Role::Clinician] {
        let params = json!({ "to": place.path().join("other") });
        assert_eq!(code(call(&worker.client(role), "worker_backup", params).await), Code::Forbidden);
    }
}

#[tokio::test]
async fn the_command_asks_the_worker_that_runs() {
    let worker = configured(None).await;
    let record = worker.prepare(hash(1)).await;
    let files = layout(worker.directory.path());
    assert!(backup::open(files.clone(), 8).is_err_and(|error| error.is_in_use()));
    let place = tempfile::tempdir().unwrap();
    let (out, keys) = targets(&place);
    let operator = token_path(&files.credentials(), "operator");
    let bytes = backup::ask(worker.address, &operator, &out, Some(&keys)).await.unwrap();
    assert!(bytes > 0);
    let app = token_path(&files.credentials(), "app");
    let refused = backup::ask(worker.address, &app, &place.path().join("x"), None).await.unwrap_err();
    assert!(refused.to_string().contains("role app"), "{refused}");
    worker.stop().await;
    let restored = put_together(&out, &keys);
    assert_eq!(token(restored.path(), "node").len(), 64);
    let vault = Vault::open(layout(restored.path()).vault()).unwrap();
    assert!(vault.get(&record).unwrap().is_some());
}
