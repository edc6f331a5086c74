//! The vault, behaviour by behaviour.

mod disk;
mod erase;
mod model;
mod store;

use super::*;
use galen_primitives::summary::Receipt;
use std::path::Path;
use tempfile::TempDir;

pub(super) const NOTE: &str = "The patient reports crushing chest pain since this morning.";

pub(super) fn files(directory: &Path) -> Files {
    Files {
        master: directory.join("master.key"),
        keys: directory.join("keys.redb"),
        documents: directory.join("vault.redb"),
    }
}

pub(super) fn fresh() -> (TempDir, Vault) {
    let directory = tempfile::tempdir().unwrap();
    let files = files(directory.path());
    files.create_master().unwrap();
    let vault = Vault::open(files).unwrap();
    (directory, vault)
}

pub(super) fn reopen(directory: &TempDir) -> Vault {
    Vault::open(files(directory.path())).unwrap()
}

pub(super) fn patient(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub(super) fn receipt(output: H256) -> Receipt {
    let hash = |byte| H256([byte; 32]);
    Receipt {
        input: hash(1),
        output,
        model: hash(2),
        adapter: None,
        template: hash(3),
        parameters: hash(4),
        engine: hash(5),
        consent: Some(0),
        access: None,
        prompt_tokens: 1,
        output_tokens: 2,
        unsupported: 0,
        millis: 3,
    }
}

pub(super) fn text_of(vault: &Vault, id: &H256) -> Option<String> {
    vault.get(id).unwrap().map(|document| String::from_utf8(document.original.to_vec()).unwrap())
}

/// Whether any file of the directory holds these bytes.
pub(super) fn on_disk(directory: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(directory).unwrap().any(|entry| {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}
