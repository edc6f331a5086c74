//! Files that hold keys: made with mode 0600, synced with their directory, overwritten before they are
//! unlinked.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Creates a file that must not exist yet, mode 0600, and syncs it and its directory. Nothing remains when it
/// fails.
pub fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_directory(path));
    if written.is_err() {
        // The caller gets the first error; what was written so far must not stay as a truncated key.
        let _ = fs::remove_file(path);
    }
    written
}

/// Refuses a file that group or others may read or write.
pub fn check_private(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} is open to others (mode {:o}); run: chmod 600 {0}", path.display(), mode & 0o777),
        ));
    }
    Ok(())
}

/// Makes a rename, link or unlink in the file's directory durable.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)?.sync_all()
}

/// Overwrites a file with zeros, syncs, unlinks. A file that is not there counts as destroyed.
///
/// On copy-on-write file systems and on flash the overwrite may reach other cells than the old ones; what
/// protects then is that master key *and* wrapped keys of the old generation are both destroyed, and either
/// alone is useless.
pub fn destroy(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let zeros = [0u8; 64 * 1024];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let now = left.min(zeros.len() as u64);
        file.write_all(&zeros[..now as usize])?;
        left -= now;
    }
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)?;
    sync_directory(path)
}

/// Gives the file at `path` the second name `old` (replacing what had it), so that it can still be destroyed
/// after another file has taken its place.
pub fn keep_as(path: &Path, old: &Path) -> io::Result<()> {
    if same_file(path, old)? {
        return Ok(());
    }
    destroy(old)?;
    fs::hard_link(path, old)?;
    sync_directory(old)
}

/// Whether both names lead to one file; `false` if one of them is not there.
pub fn same_file(one: &Path, other: &Path) -> io::Result<bool> {
    let found = |path: &Path| match fs::metadata(path) {
        Ok(metadata) => Ok(Some((metadata.dev(), metadata.ino()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let (one, other) = (found(one)?, found(other)?);
    Ok(one.is_some() && one == other)
}

/// Atomically puts `new` in the place of `path`.
pub fn replace(new: &Path, path: &Path) -> io::Result<()> {
    fs::rename(new, path)?;
    sync_directory(path)
}

/// `path` with a suffix, in the same directory.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_private_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        write_secret(&path, b"first").unwrap();
        check_private(&path).unwrap();
        assert_eq!(write_secret(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(check_private(&path).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_kept_file_is_the_same_file() {
        let dir = tempfile::tempdir().unwrap();
        let (path, old) = (dir.path().join("key"), dir.path().join("key.old"));
        write_secret(&path, b"secret").unwrap();
        assert!(!same_file(&path, &old).unwrap());
        keep_as(&path, &old).unwrap();
        assert!(same_file(&path, &old).unwrap());
        keep_as(&path, &old).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"secret");
    }

    #[test]
    fn destroying_overwrites_what_another_name_still_holds() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("key"), dir.path().join("other name"));
        write_secret(&path, b"secret").unwrap();
        fs::hard_link(&path, &other).unwrap();
        destroy(&path).unwrap();
        assert!(!path.exists());
        assert_eq!(fs::read(&other).unwrap(), [0; 6]);
        destroy(&path).unwrap();
    }
}
