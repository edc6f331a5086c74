//! Batches of records at their custodian's: made, kept in a file, proven leaf by leaf.
//!
//! The file holds what a proof of any of its leaves is made from, and of each leaf the attributes, without the salt that binds
//! them to the leaf: that one stays in the worker's vault. Its attributes are pseudonymous data of patients: the file is its
//! owner's alone, and an erased leaf's attributes are struck out of it ([`BatchFile::strike`]).

use crate::Error;
use galen_primitives::{
    H256,
    records::{
        RecordAttributes,
        batch::{BatchProof, BatchTree, MAX_LEAVES, attributes_digest, leaf},
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufReader, BufWriter, Write},
    path::Path,
};

/// A record that is to stand in a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its commitment.
    pub commitment: H256,
    /// What decisions need to know of it.
    pub attributes: RecordAttributes,
    /// The salt of its attributes; `None` if the worker has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<H256>,
}

impl Listed {
    /// Reads a JSON list of them. A member of the attributes that is not known is refused: a label that is left out for a slip of
    /// the pen would open the record to more eyes.
    pub fn read(path: &Path) -> Result<Vec<Self>, Error> {
        let values: Vec<Value> = read(path)?;
        let wrong = |number: usize, why: String| Error(format!("{}: entry {number}: {why}", path.display()));
        let mut list = Vec::with_capacity(values.len());
        for (number, value) in values.into_iter().enumerate() {
            let given = value.get("attributes").cloned();
            let listed: Listed =
                serde_json::from_value(value).map_err(|why| wrong(number, why.to_string()))?;
            let known =
                serde_json::to_value(&listed.attributes).map_err(|why| wrong(number, why.to_string()))?;
            let unknown = given.as_ref().and_then(Value::as_object).into_iter().flatten();
            if let Some((name, _)) = unknown.into_iter().find(|(name, _)| known.get(name.as_str()).is_none())
            {
                return Err(wrong(number, format!("attributes have no {name}")));
            }
            list.push(listed);
        }
        Ok(list)
    }
}

/// A leaf of a batch that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The record's commitment.
    pub commitment: H256,
    /// The salted hash of its attributes.
    pub digest: H256,
    /// The attributes, unless they are struck out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<RecordAttributes>,
}

/// A batch that was made, with all that its proofs are made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchFile {
    /// The root.
    pub root: H256,
    /// The leaves, in their order.
    pub leaves: Vec<Leaf>,
}

impl BatchFile {
    /// A batch of these records, each with its attributes and their salt. None may be named twice.
    pub fn new(records: Vec<(H256, RecordAttributes, H256)>) -> Result<Self, Error> {
        let leaves: Vec<Leaf> = records
            .into_iter()
            .map(|(commitment, attributes, salt)| Leaf {
                commitment,
                digest: attributes_digest(&salt, &attributes),
                attributes: Some(attributes),
            })
            .collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = leaves.iter().find(|leaf| !seen.insert(leaf.commitment)) {
            return Err(Error(format!("{:?} is listed twice: a record has one leaf", twice.commitment)));
        }
        let root = tree(&leaves)?.root();
        Ok(BatchFile { root, leaves })
    }

    /// Reads a file and checks that its leaves are still those of its root.
    pub fn read(path: &Path) -> Result<(Self, BatchTree), Error> {
        let file: BatchFile = read(path)?;
        let tree = tree(&file.leaves)?;
        if tree.root() != file.root {
            return Err(Error(format!(
                "{} was changed: its leaves give another root than it says",
                path.display()
            )));
        }
        Ok((file, tree))
    }

    /// Writes it where nothing stands yet, readable by its owner alone.
    pub fn create(&self, path: &Path) -> Result<(), Error> {
        write(path, self)
    }

    /// Takes the attributes of an erased leaf out of the file at `path`.
    pub fn strike(mut self, path: &Path, commitment: H256) -> Result<(), Error> {
        for leaf in self.leaves.iter_mut().filter(|leaf| leaf.commitment == commitment) {
            leaf.attributes = None;
        }
        let new = path.with_extension("new");
        // Left by a run that was interrupted.
        let _ = fs::remove_file(&new);
        write(&new, &self)?;
        fs::rename(&new, path).map_err(|why| Error(format!("cannot replace {}: {why}", path.display())))
    }

    /// How many leaves there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.leaves.len()).unwrap_or(u32::MAX)
    }

    /// The leaf of a record, and the proof that it stands in the batch.
    pub fn prove(&self, tree: &BatchTree, commitment: H256) -> Result<(&Leaf, BatchProof), Error> {
        let place = self.leaves.iter().position(|leaf| leaf.commitment == commitment);
        let found =
            place.and_then(|place| Some((self.leaves.get(place)?, tree.proof(u32::try_from(place).ok()?)?)));
        found.ok_or_else(|| Error(format!("{commitment:?} is not in this batch")))
    }
}

fn tree(leaves: &[Leaf]) -> Result<BatchTree, Error> {
    let hashes = leaves.iter().map(|each| leaf(&each.commitment, &each.digest)).collect();
    BatchTree::new(hashes)
        .ok_or_else(|| Error(format!("a batch has from 1 to {MAX_LEAVES} records, not {}", leaves.len())))
}

/// That one record stands in a batch, for whoever is to check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafProof {
    /// The record's commitment.
    pub commitment: H256,
    /// The salted hash of its attributes.
    pub digest: H256,
    /// The attributes and their salt, if the holder may know them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Opened>,
    /// The path from the leaf to the root.
    pub proof: BatchProof,
}

/// What opens the digest of a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The attributes.
    pub attributes: RecordAttributes,
    /// Their salt.
    pub salt: H256,
}

impl LeafProof {
    /// Reads one.
    pub fn read(path: &Path) -> Result<Self, Error> {
        read(path)
    }

    /// Writes it where nothing stands yet, readable by its owner alone.
    pub fn create(&self, path: &Path) -> Result<(), Error> {
        write(path, self)
    }

    /// Whether the leaf stands under the root.
    pub fn proves(&self) -> bool {
        self.proof.proves(&self.commitment, &self.digest)
    }

    /// Whether what it says of the attributes is what the leaf was made of; `None` if it says nothing.
    pub fn opens(&self) -> Option<bool> {
        self.opened.as_ref().map(|opened| attributes_digest(&opened.salt, &opened.attributes) == self.digest)
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let file = fs::File::open(path).map_err(|why| Error(format!("cannot read {}: {why}", path.display())))?;
    serde_json::from_reader(BufReader::new(file))
        .map_err(|why| Error(format!("{} cannot be read: {why}", path.display())))
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let failed = |why: std::io::Error| Error(format!("cannot write {}: {why}", path.display()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(path).map_err(failed)?);
    serde_json::to_writer(&mut file, value).map_err(|why| failed(why.into()))?;
    file.write_all(b"\n").map_err(failed)?;
    let file = file.into_inner().map_err(|why| failed(why.into_error()))?;
    // It cannot be made again once the worker's salts are gone.
    file.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{AccountId, records::RecordFacts};
    use serde_json::json;

    fn record(number: u8) -> (H256, RecordAttributes, H256) {
        let facts = RecordFacts { authored: Some(number.into()), ..Default::default() };
        (
            H256([number; 32]),
            RecordAttributes { patient: AccountId::new([9; 32]), facts },
            H256([number + 100; 32]),
        )
    }

    #[test]
    fn a_file_gives_back_what_each_leaf_is_proven_by() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("batch.json");
        let batch = BatchFile::new((1..=5).map(record).collect()).unwrap();
        batch.create(&path).unwrap();
        assert!(batch.create(&path).is_err(), "nothing is overwritten");
        let (read, tree) = BatchFile::read(&path).unwrap();
        assert_eq!(read, batch);
        for number in 1..=5 {
            let (commitment, attributes, salt) = record(number);
            let (leaf, proof) = read.prove(&tree, commitment).unwrap();
            let mut shown = LeafProof { commitment, digest: leaf.digest, opened: None, proof };
            assert_eq!((shown.proves(), shown.opens()), (true, None));
            shown.opened = Some(Opened { attributes, salt });
            assert_eq!(shown.opens(), Some(true));
            shown.opened.as_mut().unwrap().attributes.facts.authored = None;
            assert_eq!((shown.proves(), shown.opens()), (true, Some(false)));
            let back: LeafProof = serde_json::from_str(&serde_json::to_string(&shown).unwrap()).unwrap();
            assert_eq!(back, shown);
            shown.digest = salt;
            assert!(!shown.proves());
        }
        assert!(read.prove(&tree, H256([6; 32])).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn an_erased_leafs_attributes_are_struck_out_and_the_rest_is_proven_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("batch.json");
        let batch = BatchFile::new((1..=3).map(record).collect()).unwrap();
        batch.create(&path).unwrap();
        batch.clone().strike(&path, H256([2; 32])).unwrap();
        let (read, tree) = BatchFile::read(&path).unwrap();
        assert_eq!(read.root, batch.root);
        let kept: Vec<_> = read.leaves.iter().map(|leaf| leaf.attributes.is_some()).collect();
        assert_eq!(kept, [true, false, true]);
        assert!(read.prove(&tree, H256([2; 32])).is_ok());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_changed_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("batch.json");
        let mut batch = BatchFile::new((1..=3).map(record).collect()).unwrap();
        batch.leaves.swap(0, 1);
        batch.create(&path).unwrap();
        assert!(BatchFile::read(&path).is_err_and(|why| why.to_string().contains("was changed")));
        assert!(BatchFile::new(vec![record(1), record(2), record(1)]).is_err());
        assert!(BatchFile::new(Vec::new()).is_err());
    }

    #[test]
    fn a_slip_in_a_lists_attributes_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.json");
        let entry = |attributes: Value| json!([{ "commitment": H256([1; 32]), "attributes": attributes }]);
        let list = |attributes: Value| {
            fs::write(&path, entry(attributes).to_string()).unwrap();
            Listed::read(&path)
        };
        let patient = AccountId::new([9; 32]);
        let read = list(json!({ "patient": patient, "level": "R", "labels": [H256([2; 32])] })).unwrap();
        assert_eq!(read[0].attributes.facts.labels.len(), 1);
        let slip = list(json!({ "patient": patient, "level": "R", "label": [H256([2; 32])] }));
        assert!(slip.is_err_and(|why| why.to_string().contains("no label")));
        assert!(list(json!({ "level": "R" })).is_err());
    }
}
