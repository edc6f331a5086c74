use super::*;
use redb::{Database, StorageBackend, backends::FileBackend};
use std::{
    fs::OpenOptions,
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A disk on which so many bytes can still be written.
#[derive(Debug)]
struct Small {
    file: FileBackend,
    left: Arc<AtomicI64>,
}

impl Small {
    fn take(&self, bytes: u64) -> Result<(), io::Error> {
        let bytes = bytes as i64;
        if self.left.fetch_sub(bytes, Ordering::SeqCst) < bytes {
            self.left.fetch_add(bytes, Ordering::SeqCst);
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

impl StorageBackend for Small {
    fn len(&self) -> Result<u64, io::Error> {
        self.file.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.file.read(offset, out)
    }
    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.file.set_len(len)
    }
    fn sync_data(&self) -> Result<(), io::Error> {
        self.file.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.take(data.len() as u64)?;
        self.file.write(offset, data)
    }
    fn close(&self) -> Result<(), io::Error> {
        self.file.close()
    }
}

/// A vault on a small disk; the counter says how much room is left.
fn small(directory: &TempDir) -> (Vault, Arc<AtomicI64>) {
    let left = Arc::new(AtomicI64::new(i64::MAX / 2));
    let room = left.clone();
    let opener: Opener = Arc::new(move |path: &Path| {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = FileBackend::new(file.map_err(redb::Error::Io)?)?;
        Ok(Database::builder().create_with_backend(Small { file, left: room.clone() })?)
    });
    let files = files(directory.path());
    if !files.master.exists() {
        files.create_master().unwrap();
    }
    (Vault::open_with(files, opener).unwrap(), left)
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let mut failed = 0;
    let mut room = 0;
    // Every amount of room, so that the disk fills up at every write on the way.
    loop {
        let directory = tempfile::tempdir().unwrap();
        let (vault, left) = small(&directory);
        let before = vault.put(&patient(1), Scheme::Text, b"first note").unwrap();
        left.store(room, Ordering::SeqCst);
        let put = vault.put(&patient(2), Scheme::Text, NOTE.as_bytes());
        left.store(i64::MAX / 2, Ordering::SeqCst);
        assert_eq!(text_of(&vault, &before).unwrap(), "first note", "with room for {room}");
        match put {
            Ok(id) => {
                assert_eq!(text_of(&vault, &id).unwrap(), NOTE);
                break;
            }
            Err(error) => {
                assert!(matches!(error, Error::Store(_)), "with room for {room}: {error:?}");
                failed += 1;
            }
        }
        // There is room again: the same vault goes on.
        let again = vault.put(&patient(2), Scheme::Text, NOTE.as_bytes()).unwrap();
        drop(vault);
        let vault = reopen(&directory);
        assert_eq!(text_of(&vault, &before).unwrap(), "first note");
        assert_eq!(text_of(&vault, &again).unwrap(), NOTE);
        room += 1536;
    }
    assert!(failed > 3, "only {failed} ways to fail");
}

#[test]
fn an_erasure_on_a_full_disk_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (vault, left) = small(&directory);
    let id = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap();
    let kept = vault.put(&patient(1), Scheme::Text, b"second note").unwrap();
    left.store(2048, Ordering::SeqCst);
    assert!(matches!(vault.erase(&id), Err(Error::Store(_))));
    assert_eq!(text_of(&vault, &id).unwrap(), NOTE);
    left.store(i64::MAX / 2, Ordering::SeqCst);
    vault.erase(&id).unwrap();
    assert!(text_of(&vault, &id).is_none());
    assert_eq!(text_of(&vault, &kept).unwrap(), "second note");
}

#[test]
fn the_error_names_the_disk() {
    let directory = tempfile::tempdir().unwrap();
    let (vault, left) = small(&directory);
    left.store(0, Ordering::SeqCst);
    let error = vault.put(&patient(1), Scheme::Text, NOTE.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
}
