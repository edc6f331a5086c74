use super::*;
use redb::{Database, ReadableDatabase, TableDefinition};

const DOCUMENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("documents");
const BODIES: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("bodies");

#[test]
fn what_is_put_comes_back_after_reopening() {
    let (directory, vault) = fresh();
    let json = r#" {"resourceType":"Binary", "n": 1.00, "data":"aGk="} "#;
    let text = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let resource = vault.put(&patient(2), Scheme::Jcs, json.as_bytes()).unwrap();
    drop(vault);
    let vault = reopen(&directory);
    let document = vault.get(&text).unwrap().unwrap();
    assert_eq!((&**document.original, document.patient), (NOTE.as_bytes(), patient(1)));
    assert_eq!(commit(Scheme::Text, &document.salt, NOTE.as_bytes()), text);
    let document = vault.get(&resource).unwrap().unwrap();
    assert_eq!(&**document.original, json.as_bytes(), "the original bytes are kept");
    let canonical = br#"{"data":"aGk=","n":1,"resourceType":"Binary"}"#;
    assert_eq!(commit(Scheme::Jcs, &document.salt, canonical), resource);
    assert_eq!(vault.len().unwrap(), 2);
    assert!(vault.get(&H256([9; 32])).unwrap().is_none());
}

#[test]
fn equal_texts_have_unlike_commitments() {
    let (_directory, vault) = fresh();
    let one = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let other = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    assert_ne!(one, other);
}

#[test]
fn nothing_readable_is_on_disk() {
    let (directory, vault) = fresh();
    let id = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let salt = vault.get(&id).unwrap().unwrap().salt;
    drop(vault);
    assert!(on_disk(directory.path(), id.as_bytes()), "the search finds what is there");
    assert!(!on_disk(directory.path(), b"chest pain"));
    assert!(!on_disk(directory.path(), &*salt), "the salt is kept like a key");
    for file in ["master.key", "keys.redb", "vault.redb"] {
        crate::vault::files::check_private(&directory.path().join(file)).unwrap();
    }
}

#[test]
fn malformed_documents_are_refused_and_leave_nothing() {
    let (_directory, vault) = fresh();
    for (scheme, bytes) in [
        (Scheme::Jcs, b"{\"a\":".as_slice()),
        (Scheme::Jcs, b"plain"),
        (Scheme::Jcs, br#"{"a":1,"a":2}"#),
        (Scheme::Text, b"{}"),
        (Scheme::Text, b"\xff\xfe"),
    ] {
        assert!(matches!(vault.put(&patient(1), scheme, bytes), Err(Error::NotCanonical(_))));
    }
    assert!(vault.is_empty().unwrap());
}

#[test]
fn a_job_has_one_summary() {
    let (directory, vault) = fresh();
    let record = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let job = H256([7; 32]);
    let made = vault.put_summary(&job, &record, br#"{"a":1}"#, receipt).unwrap();
    assert_eq!(vault.put_summary(&job, &record, br#"{"a":1}"#, receipt).unwrap(), made);
    drop(vault);
    let vault = reopen(&directory);
    assert_eq!(vault.put_summary(&job, &record, br#"{"other":1}"#, receipt).unwrap(), made);
    let summary = vault.summary_of(&job).unwrap().unwrap();
    assert_eq!((summary.id, summary.receipt.as_ref()), (made.output, Some(&made)));
    assert_eq!(summary.kind, Kind::Summary { record, job });
    assert_eq!(summary.patient, patient(1), "a summary is its record's patient's");
    assert_eq!(vault.len().unwrap(), 2);
    assert!(matches!(vault.put_summary(&job, &H256([9; 32]), b"{}", receipt), Ok(known) if known == made));
    assert!(matches!(
        vault.put_summary(&H256([8; 32]), &H256([9; 32]), b"{}", receipt),
        Err(Error::NotFound)
    ));
}

/// Swaps the values of two rows, as someone with access to the files could.
fn swap(path: &Path, table: TableDefinition<&[u8; 32], &[u8]>, one: &H256, other: &H256) {
    let database = Database::create(path).unwrap();
    let read = |id: &H256| {
        let transaction = database.begin_read().unwrap();
        transaction.open_table(table).unwrap().get(&id.0).unwrap().unwrap().value().to_vec()
    };
    let (first, second) = (read(one), read(other));
    let transaction = database.begin_write().unwrap();
    {
        let mut rows = transaction.open_table(table).unwrap();
        rows.insert(&one.0, second.as_slice()).unwrap();
        rows.insert(&other.0, first.as_slice()).unwrap();
    }
    transaction.commit().unwrap();
}

#[test]
fn swapped_ciphertexts_and_keys_do_not_open() {
    for (file, table) in [("vault.redb", BODIES), ("keys.redb", DOCUMENTS)] {
        let (directory, vault) = fresh();
        let one = vault.put(&patient(1), Scheme::Text, b"one").unwrap();
        let other = vault.put(&patient(1), Scheme::Text, b"other").unwrap();
        drop(vault);
        swap(&directory.path().join(file), table, &one, &other);
        let vault = reopen(&directory);
        assert!(matches!(vault.get(&one), Err(Error::Corrupt)), "{file}");
    }
}

#[test]
fn master_key_and_key_file_belong_together() {
    let (directory, vault) = fresh();
    vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    drop(vault);
    let files = files(directory.path());
    let master = std::fs::read(&files.master).unwrap();
    let open = || Vault::open(files.clone()).map(|_| ());
    std::fs::write(&files.master, [7; 32]).unwrap();
    assert!(matches!(open(), Err(Error::WrongMaster)));
    std::fs::write(&files.master, [7; 31]).unwrap();
    assert!(matches!(open(), Err(Error::BadMaster(_))));
    std::fs::remove_file(&files.master).unwrap();
    assert!(matches!(open(), Err(Error::NoMaster(_))));
    crate::vault::files::write_secret(&files.master, &master).unwrap();
    std::fs::rename(&files.keys, directory.path().join("away")).unwrap();
    assert!(matches!(open(), Err(Error::NoKeys(_))));
    std::fs::rename(directory.path().join("away"), &files.keys).unwrap();
    open().unwrap();
}

#[test]
fn one_process_at_a_time() {
    let (directory, _vault) = fresh();
    assert!(matches!(Vault::open(files(directory.path())), Err(Error::Store(StoreError::InUse(_)))));
}
