use super::*;
use std::{collections::BTreeSet, fs};

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn names(directory: &Path) -> BTreeSet<String> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn settled() -> BTreeSet<String> {
    ["keys.redb", "master.key", "vault.redb"].map(str::to_owned).into()
}

#[test]
fn a_record_goes_with_its_summaries_and_nothing_else_does() {
    let (directory, vault) = fresh();
    let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let same_patient = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    let other_patient = vault.put(&patient(2), Scheme::Text, b"third note").unwrap();
    let (job, kept_job) = (H256([7; 32]), H256([8; 32]));
    let summary = vault.put_summary(&job, &gone, b"{\"a\":1}", receipt).unwrap();
    let kept = vault.put_summary(&kept_job, &same_patient, b"{\"b\":1}", receipt).unwrap();
    assert_eq!(vault.erase(&gone).unwrap(), Erased { documents: 1, summaries: 1 });
    for vault in [vault, reopen_after(&directory)] {
        assert!(text_of(&vault, &gone).is_none());
        assert!(text_of(&vault, &summary.output).is_none());
        assert!(vault.summary_of(&job).unwrap().is_none());
        assert_eq!(text_of(&vault, &same_patient).unwrap(), "second note");
        assert_eq!(text_of(&vault, &other_patient).unwrap(), "third note");
        assert_eq!(vault.summary_of(&kept_job).unwrap().unwrap().id, kept.output);
        assert_eq!(vault.len().unwrap(), 3);
        assert!(matches!(vault.erase(&gone), Err(Error::NotFound)));
    }
    assert_eq!(names(directory.path()), settled());
}

// The first vault of the pair is dropped before the second is opened: the file is locked.
fn reopen_after(directory: &TempDir) -> Vault {
    let copied = tempfile::tempdir().unwrap();
    copy(directory.path(), copied.path());
    let vault = Vault::open(files(copied.path())).unwrap();
    // The copy must live as long as the vault; the operating system clears it with the temporary directory.
    std::mem::forget(copied);
    vault
}

#[test]
fn many_go_at_once_and_what_was_seen_of_the_chain_stays() {
    let (directory, vault) = fresh();
    let put = |number: u8, text: &str| vault.put(&patient(number), Scheme::Text, text.as_bytes()).unwrap();
    let ids = [put(1, "one"), put(1, "two"), put(2, "three"), put(2, "four")];
    let summary = vault.put_summary(&H256([7; 32]), &ids[2], b"{}", receipt).unwrap().output;
    let asked = [ids[0], H256([9; 32]), ids[2], summary];
    assert_eq!(vault.held(&asked).unwrap(), [(ids[0], patient(1)), (ids[2], patient(2))]);
    let seen = Seen { next: 5, number: 6, hash: H256([7; 32]) };
    assert_eq!(vault.seen().unwrap(), None);
    vault.set_seen(&seen).unwrap();
    let erased = vault.erase_all([ids[0], H256([9; 32]), ids[2]]).unwrap();
    assert_eq!(erased, Erased { documents: 2, summaries: 1 });
    assert!(matches!(vault.erase_all([ids[0], ids[2]]), Err(Error::NotFound)));
    drop(vault);
    let vault = reopen(&directory);
    assert_eq!(vault.seen().unwrap(), Some(seen));
    assert_eq!(vault.len().unwrap(), 2);
    assert_eq!(text_of(&vault, &ids[1]).unwrap(), "two");
    assert_eq!(text_of(&vault, &ids[3]).unwrap(), "four");
}

#[test]
fn a_copy_of_the_keys_holds_no_page_of_what_was_erased() {
    let (directory, vault) = fresh();
    let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    drop(vault);
    let wrapped = key_bytes(directory.path(), &gone);
    let vault = reopen(&directory);
    let before = tempfile::tempdir().unwrap();
    let copy = |to: &TempDir| {
        let files = files(to.path());
        vault.back_up(&files.documents, Some((&files.keys, &files.master))).unwrap();
        Vault::open(files).unwrap()
    };
    assert_eq!(text_of(&copy(&before), &gone).unwrap(), NOTE);
    assert!(on_disk(before.path(), &wrapped));
    vault.erase(&gone).unwrap();
    let after = tempfile::tempdir().unwrap();
    let copied = copy(&after);
    assert!(text_of(&copied, &gone).is_none());
    assert_eq!(text_of(&copied, &kept).unwrap(), "second note");
    assert!(!on_disk(after.path(), &wrapped));
    assert_eq!(names(after.path()), settled());
}

#[test]
fn a_patient_goes_whole() {
    let (directory, vault) = fresh();
    let records: Vec<_> = (0..3)
        .map(|n| vault.put(&patient(1), Scheme::Text, format!("note {n}").as_bytes()).unwrap())
        .collect();
    vault.put_summary(&H256([7; 32]), &records[0], b"{}", receipt).unwrap();
    let other = vault.put(&patient(2), Scheme::Text, NOTE.as_bytes()).unwrap();
    assert_eq!(vault.erase_patient(&patient(1)).unwrap(), Erased { documents: 3, summaries: 1 });
    assert!(records.iter().all(|record| text_of(&vault, record).is_none()));
    assert_eq!(text_of(&vault, &other).unwrap(), NOTE);
    assert!(matches!(vault.erase_patient(&patient(1)), Err(Error::NotFound)));
    let again = vault.put(&patient(1), Scheme::Text, b"a new note").unwrap();
    drop(vault);
    assert_eq!(text_of(&reopen(&directory), &again).unwrap(), "a new note");
}

/// The wrapped key of every document and every patient, as bytes in the key file.
fn key_bytes(directory: &Path, id: &H256) -> Vec<u8> {
    use redb::{ReadableDatabase, TableDefinition};
    const DOCUMENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("documents");
    let database = redb::Database::create(directory.join("keys.redb")).unwrap();
    let transaction = database.begin_read().unwrap();
    let row = transaction.open_table(DOCUMENTS).unwrap().get(&id.0).unwrap().unwrap();
    // The sealed part stands at the end of the row.
    row.value()[row.value().len() - 64..].to_vec()
}

#[test]
fn old_keys_are_on_no_file_and_old_copies_do_not_open() {
    let (directory, vault) = fresh();
    let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    drop(vault);
    let old = tempfile::tempdir().unwrap();
    copy(directory.path(), old.path());
    let old_master = fs::read(old.path().join("master.key")).unwrap();
    let wrapped = [key_bytes(old.path(), &gone), key_bytes(old.path(), &kept)];
    assert!(on_disk(directory.path(), &wrapped[0]) && on_disk(directory.path(), &old_master));

    let vault = reopen(&directory);
    vault.erase(&gone).unwrap();
    drop(vault);
    assert!(!on_disk(directory.path(), &old_master));
    for wrapped in &wrapped {
        assert!(!on_disk(directory.path(), wrapped), "even what is kept is wrapped anew");
    }

    // Old ciphertexts with the new keys: the record is not there.
    let mixed = tempfile::tempdir().unwrap();
    copy(directory.path(), mixed.path());
    fs::copy(old.path().join("vault.redb"), mixed.path().join("vault.redb")).unwrap();
    let vault = Vault::open(files(mixed.path())).unwrap();
    assert!(text_of(&vault, &gone).is_none());
    assert_eq!(text_of(&vault, &kept).unwrap(), "second note");
    drop(vault);

    // Old keys with the new master key: they do not open at all.
    fs::copy(old.path().join("keys.redb"), mixed.path().join("keys.redb")).unwrap();
    assert!(matches!(Vault::open(files(mixed.path())), Err(Error::WrongMaster)));
    let new_master = Key::from_slice(&fs::read(directory.path().join("master.key")).unwrap()).unwrap();
    let mut old_keys = Keys::open(&mixed.path().join("keys.redb"), file_opener(), &new_master).unwrap();
    assert!(matches!(old_keys.find(&gone, &new_master), Err(Error::Corrupt)));
}

#[test]
fn a_patients_key_is_replaced_when_one_of_their_records_goes() {
    // Otherwise the new patient key, unwrapped with the new master key, would open rows of an old key file.
    let (directory, vault) = fresh();
    let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    drop(vault);
    let before = key_bytes(directory.path(), &kept);
    let vault = reopen(&directory);
    vault.erase(&gone).unwrap();
    drop(vault);
    assert_ne!(before, key_bytes(directory.path(), &kept));
}

const STEPS: [(&str, bool); 10] = [
    ("start", false),
    ("master written", false),
    ("keys written", false),
    ("keys kept", false),
    ("committed", true),
    ("master kept", true),
    ("master replaced", true),
    ("old keys destroyed", true),
    ("old master destroyed", true),
    ("ciphertexts removed", true),
];

#[test]
fn a_kill_at_any_step_leaves_all_or_nothing() {
    for (step, erased) in STEPS {
        let (directory, vault) = fresh();
        let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
        let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
        let other = vault.put(&patient(2), Scheme::Text, b"third note").unwrap();
        drop(vault);
        let wrapped = key_bytes(directory.path(), &gone);
        let old_master = fs::read(directory.path().join("master.key")).unwrap();
        let vault = reopen(&directory);
        vault.fail_at(step);
        assert!(matches!(vault.erase(&gone), Err(Error::Injected)), "{step}");
        drop(vault);

        let vault = reopen(&directory);
        assert_eq!(text_of(&vault, &gone).is_none(), erased, "{step}");
        assert_eq!(text_of(&vault, &kept).unwrap(), "second note", "{step}");
        assert_eq!(text_of(&vault, &other).unwrap(), "third note", "{step}");
        assert!(!vault.unfinished());
        assert_eq!(names(directory.path()), settled(), "{step}");
        let still = vault.erase(&gone);
        assert_eq!(matches!(still, Err(Error::NotFound)), erased, "{step}");
        drop(vault);
        assert!(!on_disk(directory.path(), &wrapped), "{step}");
        assert!(!on_disk(directory.path(), &old_master), "{step}");
        assert_eq!(text_of(&reopen(&directory), &kept).unwrap(), "second note", "{step}");
    }
}

#[test]
fn the_master_key_may_be_elsewhere() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = Files { master: elsewhere.path().join("galen.key"), ..files(directory.path()) };
    files.create_master().unwrap();
    let vault = Vault::open(files.clone()).unwrap();
    let gone = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    vault.erase(&gone).unwrap();
    drop(vault);
    assert_eq!(names(elsewhere.path()), ["galen.key".to_owned()].into());
    let vault = Vault::open(files).unwrap();
    assert_eq!(text_of(&vault, &kept).unwrap(), "second note");
}
