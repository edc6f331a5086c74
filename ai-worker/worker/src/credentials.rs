//! Who may call: named credentials, each with one role. The file keeps hashes; the tokens themselves stand in
//! one file each, so that everybody is given theirs and no other.

use crate::vault::files::{check_private, write_secret};
use galen_primitives::commitment::tagged_hash;
use galen_worker_api::Role;
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Who a request comes from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The credential's name, as it stands in the log of disclosures.
    pub name: Arc<str>,
    /// Its role.
    pub role: Role,
}

/// Why credentials cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// The file is not what it should be.
    #[error("{0} is not a credentials file: {1}")]
    Malformed(PathBuf, String),
    /// The name is taken or not a name.
    #[error("a credential's name is 1 to 64 of a-z, 0-9, - and _, and not taken: {0:?} is not")]
    Name(String),
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    role: Role,
    /// BLAKE2b-256 under a domain tag, in hex. A token has 256 random bits: its hash needs no salt.
    token_hash: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    credential: Vec<Entry>,
}

/// All credentials.
pub struct Credentials(Vec<([u8; 32], Caller)>);

fn hash(token: &str) -> [u8; 32] {
    tagged_hash(b"galen:worker:token:v1", &[token.as_bytes()]).0
}

/// Where the token of a credential is written.
pub fn token_path(file: &Path, name: &str) -> PathBuf {
    file.with_file_name("tokens").join(name)
}

/// Adds a credential to the file (made if it is not there) and writes its token to a file of its own, whose
/// path is returned.
pub fn add(file: &Path, name: &str, role: Role) -> Result<PathBuf, CredentialError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| CredentialError::Io(path, error)
    };
    let mut form = match read(file) {
        Ok(form) => form,
        Err(CredentialError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => FileForm::default(),
        Err(error) => return Err(error),
    };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let taken = form.credential.iter().any(|entry| entry.name == name);
    if taken || name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return Err(CredentialError::Name(name.to_owned()));
    }
    let mut random = Zeroizing::new([0; 32]);
    getrandom::fill(random.as_mut_slice()).map_err(|_| CredentialError::NoRandomness)?;
    let token = Zeroizing::new(hex::encode(*random));
    let path = token_path(file, name);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(failed(directory))?;
    }
    form.credential.push(Entry { name: name.to_owned(), role, token_hash: hex::encode(hash(&token)) });
    let text = toml::to_string(&form)
        .map_err(|error| CredentialError::Malformed(file.to_owned(), error.to_string()))?;
    write_secret(&path, format!("{}\n", *token).as_bytes()).map_err(failed(&path))?;
    let new = crate::vault::files::beside(file, ".new");
    let _ = fs::remove_file(&new);
    write_secret(&new, text.as_bytes()).map_err(failed(&new))?;
    crate::vault::files::replace(&new, file).map_err(failed(file))?;
    Ok(path)
}

fn read(file: &Path) -> Result<FileForm, CredentialError> {
    let text = fs::read_to_string(file).map_err(|error| CredentialError::Io(file.to_owned(), error))?;
    toml::from_str(&text)
        .map_err(|error| CredentialError::Malformed(file.to_owned(), error.message().to_owned()))
}

impl Credentials {
    /// Reads the file, which nobody else may be able to read.
    pub fn load(file: &Path) -> Result<Self, CredentialError> {
        let form = read(file)?;
        check_private(file).map_err(|error| CredentialError::Io(file.to_owned(), error))?;
        let mut known = Vec::new();
        for Entry { name, role, token_hash } in form.credential {
            let mut bytes = [0; 32];
            hex::decode_to_slice(&token_hash, &mut bytes).map_err(|_| {
                CredentialError::Malformed(file.to_owned(), format!("token_hash of {name:?}"))
            })?;
            known.push((bytes, Caller { name: name.into(), role }));
        }
        Ok(Credentials(known))
    }

    /// Whose token this is. Takes the same time whichever it is.
    pub fn find(&self, token: &str) -> Option<Caller> {
        let asked = hash(token);
        let mut found = None;
        for (known, caller) in &self.0 {
            if bool::from(known.ct_eq(&asked)) {
                found = Some(caller);
            }
        }
        found.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_token_is_known_by_its_hash_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("credentials.toml");
        for role in Role::ALL {
            add(&file, role.name(), role).unwrap();
        }
        add(&file, "dr-x", Role::Clinician).unwrap();
        let known = Credentials::load(&file).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        for (name, role) in [("node", Role::Node), ("operator", Role::Operator), ("dr-x", Role::Clinician)] {
            let token = fs::read_to_string(token_path(&file, name)).unwrap();
            let caller = known.find(token.trim()).unwrap();
            assert_eq!((&*caller.name, caller.role), (name, role));
            assert!(!text.contains(token.trim()));
            assert!(known.find(&token[1..]).is_none());
        }
        assert!(known.find("").is_none());
    }

    #[test]
    fn names_are_plain_and_unique() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("credentials.toml");
        add(&file, "app", Role::App).unwrap();
        for name in ["app", "", "../x", "A", "a b"] {
            assert!(matches!(add(&file, name, Role::App), Err(CredentialError::Name(_))), "{name}");
        }
        assert_eq!(read(&file).unwrap().credential.len(), 1);
    }

    #[test]
    fn a_file_open_to_others_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("credentials.toml");
        add(&file, "app", Role::App).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Credentials::load(&file), Err(CredentialError::Io(..))));
        fs::write(&file, "credential = 3").unwrap();
        assert!(matches!(Credentials::load(&file), Err(CredentialError::Malformed(..))));
    }
}
