//! A node's keystore on disk: one file for each key, named by its type and public key, holding its secret.

use crate::{
    error::{Context, Result},
    hospital::Hospital,
};
use sp_core::{Pair, ed25519, sr25519};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// The key types of a validator's sr25519 keys: BABE, ImOnline, authority discovery.
const SR25519_TYPES: [&[u8; 4]; 3] = [b"babe", b"imon", b"audi"];
/// GRANDPA's key type, ed25519.
const GRANDPA: &[u8; 4] = b"gran";
/// The key type of what signs receipts.
const WORKER: &[u8; 4] = b"galn";

/// Writes the session keys and the worker key of a hospital, as `galen-node key insert` would, one by one.
pub fn insert(folder: &Path, hospital: &Hospital) -> Result<()> {
    fs::create_dir_all(folder).context(|| folder.display().to_string())?;
    let account = sr25519::Pair::from_string(&hospital.uri(), None).context(|| hospital.uri())?.public();
    for kind in SR25519_TYPES {
        write(folder, kind, &account.0, &hospital.uri())?;
    }
    let vote = ed25519::Pair::from_string(&hospital.uri(), None).context(|| hospital.uri())?.public();
    write(folder, GRANDPA, &vote.0, &hospital.uri())?;
    write(folder, WORKER, &hospital.worker_key().0, &hospital.worker_uri())
}

fn write(folder: &Path, kind: &[u8; 4], public: &[u8; 32], secret: &str) -> Result<()> {
    let path = folder.join(format!("{}{}", hex::encode(kind), hex::encode(public)));
    fs::write(&path, serde_json::to_vec(secret)?).context(|| path.display().to_string())?;
    Ok(fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hospital_has_five_keys() {
        let folder = tempfile::tempdir().unwrap();
        insert(folder.path(), &Hospital::of("alice")).unwrap();
        let babe = "62616265d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(fs::read_to_string(folder.path().join(babe)).unwrap(), "\"//Alice\"");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    }
}
