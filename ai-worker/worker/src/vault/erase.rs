//! Erasing: what is to go is left out of a new key file, written under a new master key; the old ones are
//! destroyed.
//!
//! Steps, each durable before the next. A crash before step 4 leaves everything as it was, a crash after it
//! is completed when the vault is opened again; nothing in between is ever seen.
//! 1. write the new master key beside the old (`.new`);
//! 2. write the new key file beside the old (`.new`);
//! 3. give the old key file a second name (`.old`);
//! 4. rename the new key file into its place: from here on the erasure holds;
//! 5. give the old master key a second name (`.old`), rename the new one into its place;
//! 6. overwrite and unlink the old key file and the old master key;
//! 7. remove the ciphertexts.

use super::{
    Erased, Error, Files, Inner, Kind,
    files::{beside, destroy, keep_as, replace, same_file, write_secret},
    keys::{Keys, Scope},
    seal::Key,
};
use crate::store::Opener;
use std::{fs, io, path::Path};
use zeroize::Zeroizing;

/// Erases, or changes nothing.
pub(super) fn erase(inner: &mut Inner, scope: &Scope) -> Result<Erased, Error> {
    complete(inner)?;
    let dropped = match commit(inner, scope) {
        Ok(dropped) => dropped,
        #[cfg(test)]
        Err(Error::Injected) => return Err(Error::Injected),
        Err(error) => {
            // Nothing has happened yet; leftovers of the attempt would be cleaned at the next start as well.
            let _ = discard(&inner.files);
            return Err(error);
        }
    };
    let summaries = dropped.iter().filter(|kind| matches!(kind, Kind::Summary { .. })).count() as u64;
    let erased = Erased { documents: dropped.len() as u64 - summaries, summaries };
    match complete(inner) {
        Ok(()) => Ok(erased),
        #[cfg(test)]
        Err(Error::Injected) => Err(Error::Injected),
        Err(error) => Err(Error::NotDestroyed(error.to_string())),
    }
}

fn commit(inner: &mut Inner, scope: &Scope) -> Result<Vec<Kind>, Error> {
    discard(&inner.files)?;
    let Files { keys, master, .. } = inner.files.clone();
    let (new_keys, old_keys) = (beside(&keys, ".new"), beside(&keys, ".old"));
    let new_master = Key::random()?;
    inner.step("start")?;
    write_secret(&beside(&master, ".new"), new_master.bytes())?;
    inner.step("master written")?;
    let opener = inner.opener.clone();
    let (mut rebuilt, dropped) =
        inner.keys.rebuild(&new_keys, opener, scope, (&inner.master, &new_master))?;
    inner.step("keys written")?;
    keep_as(&keys, &old_keys)?;
    inner.step("keys kept")?;
    replace(&new_keys, &keys)?;
    rebuilt.moved_to(&keys);
    inner.keys = rebuilt;
    inner.master = new_master;
    inner.unfinished = true;
    inner.step("committed")?;
    Ok(dropped)
}

/// Steps 5 to 7, as far as they are not done.
pub(super) fn complete(inner: &mut Inner) -> Result<(), Error> {
    if !inner.unfinished {
        return Ok(());
    }
    let Files { keys, master, .. } = inner.files.clone();
    let (new_master, old_master) = (beside(&master, ".new"), beside(&master, ".old"));
    if new_master.exists() {
        keep_as(&master, &old_master)?;
        inner.step("master kept")?;
        replace(&new_master, &master)?;
        inner.step("master replaced")?;
    }
    retire(&beside(&keys, ".old"), &keys)?;
    inner.step("old keys destroyed")?;
    retire(&old_master, &master)?;
    inner.step("old master destroyed")?;
    let erased = inner.keys.erased()?;
    if !erased.is_empty() {
        inner.documents.remove(&erased)?;
        inner.step("ciphertexts removed")?;
        inner.keys.clear_erased()?;
    }
    inner.unfinished = false;
    Ok(())
}

/// Finds the master key that the key file belongs to, whatever a crash left behind, and opens the key file
/// with it.
pub(super) fn recover(files: &Files, opener: Opener) -> Result<(Keys, Key), Error> {
    let master =
        read_master(&files.master)?.ok_or_else(|| Error::NoMaster(files.master.display().to_string()))?;
    if !files.keys.exists() && files.documents.exists() {
        return Err(Error::NoKeys(files.keys.display().to_string()));
    }
    let mut keys = Keys::open(&files.keys, opener, &master)?;
    let id = keys.master()?;
    if master.id() == id {
        discard(files)?;
        return Ok((keys, master));
    }
    match read_master(&beside(&files.master, ".new"))? {
        Some(new) if new.id() == id => Ok((keys, new)),
        _ => Err(Error::WrongMaster),
    }
}

/// Removes what an erasure that did not take place left: new files, and second names of files still in use.
fn discard(files: &Files) -> Result<(), Error> {
    destroy(&beside(&files.master, ".new"))?;
    destroy(&beside(&files.keys, ".new"))?;
    retire(&beside(&files.keys, ".old"), &files.keys)?;
    retire(&beside(&files.master, ".old"), &files.master)
}

/// Destroys a file of the old generation; one that is only another name of the live file just loses that
/// name.
fn retire(old: &Path, live: &Path) -> Result<(), Error> {
    if same_file(old, live)? {
        fs::remove_file(old)?;
        return Ok(super::files::sync_directory(old)?);
    }
    Ok(destroy(old)?)
}

fn read_master(path: &Path) -> Result<Option<Key>, Error> {
    match fs::read(path) {
        Ok(bytes) => {
            super::files::check_private(path).map_err(|error| Error::OpenToOthers(error.to_string()))?;
            let bytes = Zeroizing::new(bytes);
            Key::from_slice(&bytes).map(Some).ok_or_else(|| Error::BadMaster(path.display().to_string()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
