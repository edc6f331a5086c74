//! A hospital's private directory: what stands behind the ids of its consents on chain.
//!
//! A JSON file that only its owner can read. Random ids are made for practitioners and groups when a consent first names them, and
//! are the same from then on. It names persons and conditions, so it never leaves the hospital; without it the ids say nothing.

use crate::Error;
use galen_fhir::{
    json,
    terms::{Ids, Names},
};
use galen_primitives::{AccountId, H256, commitment::tagged_hash};
use galen_proofs::blind::BlindingSecret;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

const SENSITIVITIES: [&str; 6] = ["ETH", "ETHUD", "OPIOIDUD", "PSY", "SDV", "HIV"];

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct File {
    /// Hospitals' accounts by reference, as `Organization/a`. Set by hand or with --know.
    hospitals: BTreeMap<String, AccountId>,
    /// Patients' pairwise keys by reference, as `Patient/p`. Set by hand or with --know.
    patients: BTreeMap<String, AccountId>,
    /// Random ids of practitioners, roles and groups by reference.
    actors: BTreeMap<String, H256>,
    /// References of records, encounters and plans that consents named; on chain they are blinded.
    names: BTreeSet<String>,
    /// Policies that consents stated; on chain they are hashed.
    policies: BTreeSet<String>,
}

/// A directory, with the secret of one pair of patient and custodian where names and labels are to be blinded or opened.
pub struct Directory {
    path: PathBuf,
    file: File,
    secret: Option<BlindingSecret>,
}

impl Directory {
    /// Reads the file; one that is not there is empty.
    pub fn open(path: &Path, secret: Option<BlindingSecret>) -> Result<Self, Error> {
        let cannot =
            |why: String| Error::Input(format!("cannot read the directory {}: {why}", path.display()));
        let file = match std::fs::read(path) {
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(why) => return Err(cannot(why.to_string())),
            Ok(bytes) => {
                let value = json::read(&bytes, &json::RESOURCES).map_err(|why| cannot(why.to_string()))?;
                serde_json::from_value(value).map_err(|why| cannot(why.to_string()))?
            }
        };
        Ok(Directory { path: path.to_owned(), file, secret })
    }

    /// Adds a hospital or a patient, by reference. One that is known under another account is not changed.
    pub fn know(&mut self, reference: &str, account: AccountId) -> Result<(), Error> {
        let list = match reference.split_once('/') {
            Some(("Organization", _)) => &mut self.file.hospitals,
            Some(("Patient", _)) => &mut self.file.patients,
            _ => return Err(Error::Input("only Patient/… and Organization/… have accounts".into())),
        };
        match list.get(reference) {
            Some(known) if *known != account => Err(Error::Input(format!(
                "the directory knows {reference} under another account: change {} by hand",
                self.path.display()
            ))),
            _ => {
                list.insert(reference.to_owned(), account);
                Ok(())
            }
        }
    }

    /// Writes the file anew, readable by its owner alone: whole, or not at all.
    pub fn save(&self) -> Result<(), Error> {
        let cannot =
            |why: std::io::Error| Error::Input(format!("cannot write {}: {why}", self.path.display()));
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let text = serde_json::to_vec_pretty(&self.file)
            .map_err(|why| Error::Input(format!("cannot write {}: {why}", self.path.display())))?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)
            .map_err(cannot)?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(cannot)?;
        std::fs::rename(&beside, &self.path).map_err(cannot)
    }
}

/// 32 random bytes of the operating system.
pub fn random() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}

impl Ids for Directory {
    fn patient(&mut self, reference: &str) -> Option<AccountId> {
        self.file.patients.get(reference).cloned()
    }

    fn hospital(&mut self, reference: &str) -> Option<AccountId> {
        self.file.hospitals.get(reference).cloned()
    }

    fn actor(&mut self, reference: &str) -> Option<H256> {
        if let Some(id) = self.file.actors.get(reference) {
            return Some(*id);
        }
        let id = H256(random()?);
        self.file.actors.insert(reference.to_owned(), id);
        Some(id)
    }

    fn name(&mut self, reference: &str) -> Option<H256> {
        let blinded = self.secret.as_ref()?.name(reference);
        self.file.names.insert(reference.to_owned());
        Some(blinded)
    }

    fn label(&mut self, code: &str) -> Option<H256> {
        Some(self.secret.as_ref()?.label(code))
    }

    fn policy(&mut self, uri: &str) {
        self.file.policies.insert(uri.to_owned());
    }
}

impl Names for Directory {
    fn patient(&self, account: &AccountId) -> Option<String> {
        key_of(&self.file.patients, account)
    }

    fn hospital(&self, account: &AccountId) -> Option<String> {
        key_of(&self.file.hospitals, account)
    }

    fn actor(&self, id: &H256) -> Option<String> {
        key_of(&self.file.actors, id)
    }

    fn name(&self, blinded: &H256) -> Option<String> {
        let secret = self.secret.as_ref()?;
        self.file.names.iter().find(|name| secret.name(name) == *blinded).cloned()
    }

    fn label(&self, blinded: &H256) -> Option<&'static str> {
        let secret = self.secret.as_ref()?;
        SENSITIVITIES.into_iter().find(|code| secret.label(code) == *blinded)
    }

    fn policy(&self, hash: &H256) -> Option<String> {
        let hash_of = |uri: &str| tagged_hash(b"galen:policy:v1", &[uri.as_bytes()]);
        self.file.policies.iter().find(|uri| hash_of(uri) == *hash).cloned()
    }
}

fn key_of<V: PartialEq>(map: &BTreeMap<String, V>, value: &V) -> Option<String> {
    map.iter().find(|(_, one)| *one == value).map(|(key, _)| key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn open(path: &Path) -> Directory {
        Directory::open(path, Some(BlindingSecret::new(&[7; 32]))).unwrap()
    }

    #[test]
    fn ids_are_random_once_and_the_same_from_then_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("directory.json");
        let mut one = open(&path);
        let doctor = Ids::actor(&mut one, "Practitioner/d").unwrap();
        assert_ne!(Some(doctor), Ids::actor(&mut one, "Practitioner/e"));
        let blinded = Ids::name(&mut one, "DocumentReference/x").unwrap();
        Ids::policy(&mut one, "urn:x:policy");
        one.know("Organization/a", AccountId::new([1; 32])).unwrap();
        one.save().unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let mut again = open(&path);
        assert_eq!(Ids::actor(&mut again, "Practitioner/d"), Some(doctor));
        assert_eq!(Names::actor(&again, &doctor).as_deref(), Some("Practitioner/d"));
        assert_eq!(Names::name(&again, &blinded).as_deref(), Some("DocumentReference/x"));
        assert_eq!(Names::hospital(&again, &AccountId::new([1; 32])).as_deref(), Some("Organization/a"));
        let hash = tagged_hash(b"galen:policy:v1", &[b"urn:x:policy"]);
        assert_eq!(Names::policy(&again, &hash).as_deref(), Some("urn:x:policy"));
        // Another directory knows nothing of it, and another secret opens nothing.
        assert_ne!(Ids::actor(&mut open(&dir.path().join("other")), "Practitioner/d"), Some(doctor));
        let other = Directory::open(&path, Some(BlindingSecret::new(&[8; 32]))).unwrap();
        assert_eq!(Names::name(&other, &blinded), None);
    }

    #[test]
    fn every_sensitivity_is_opened_by_its_secret() {
        let mut directory = open(Path::new("/nowhere"));
        for code in SENSITIVITIES {
            let blinded = Ids::label(&mut directory, code).unwrap();
            assert_eq!(Names::label(&directory, &blinded), Some(code));
            assert!(galen_fhir::covered(code).unwrap().all(|inner| SENSITIVITIES.contains(&inner)));
        }
        let mut blind = Directory::open(Path::new("/nowhere"), None).unwrap();
        assert_eq!((Ids::label(&mut blind, "HIV"), Ids::name(&mut blind, "x")), (None, None));
    }

    #[test]
    fn what_is_known_is_not_changed_and_what_is_unknown_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("directory.json");
        let mut directory = open(&path);
        directory.know("Patient/p", AccountId::new([1; 32])).unwrap();
        directory.know("Patient/p", AccountId::new([1; 32])).unwrap();
        directory.know("Patient/p", AccountId::new([2; 32])).unwrap_err();
        directory.know("Group/g", AccountId::new([2; 32])).unwrap_err();
        for wrong in ["{", r#"{"patients":{},"patients":{}}"#, r#"{"doctors":{}}"#] {
            std::fs::write(&path, wrong).unwrap();
            assert!(Directory::open(&path, None).is_err(), "{wrong}");
        }
    }
}
