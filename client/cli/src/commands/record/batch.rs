//! `galen record batch` and what is done with a batch's leaves.

use super::facts::Facts;
use crate::commands::{Context, account, hash, listed};
use galen_client::{Error, calls, chain::Chain, worker::Document};
use galen_primitives::{
    AccountId, H256,
    records::{
        RecordAttributes,
        batch::{BatchProof, attributes_digest},
    },
};
use galen_proofs::{
    batch::{BatchFile, LeafProof, Listed, Opened},
    checks::Check,
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Batches of records.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Anchor many records at once, under one root; writes the file that proofs of them are made from.
    Batch(Make),
    /// Anchor the root of a batch whose file was written before, if `batch` did not come that far.
    AnchorBatch {
        /// The batch's file.
        batch: PathBuf,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Make a record of one leaf: its attributes become public, as those of a record that is anchored by itself.
    Reveal {
        /// The batch's file.
        batch: PathBuf,
        /// The record's commitment.
        #[arg(value_parser = hash)]
        record: H256,
        /// The salt of its attributes; the worker is asked if it is not given.
        #[arg(long, value_parser = hash)]
        salt: Option<H256>,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Write on chain that key and salt of a record were destroyed that was never revealed, and strike its attributes out of the
    /// batch's file.
    EraseLeaf {
        /// The batch's file.
        batch: PathBuf,
        /// The record's commitment.
        #[arg(value_parser = hash)]
        record: H256,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Write the proof that one record stands in a batch, for whoever is to check it.
    ProveLeaf {
        /// The batch's file.
        batch: PathBuf,
        /// The record's commitment.
        #[arg(value_parser = hash)]
        record: H256,
        /// Put the record's attributes into it, with the salt that binds them to the leaf.
        #[arg(long)]
        open: bool,
        /// The salt of its attributes; the worker is asked if it is not given.
        #[arg(long, value_parser = hash, requires = "open")]
        salt: Option<H256>,
        /// Where to write it.
        #[arg(long)]
        out: PathBuf,
    },
    /// Check such a proof, and that the chain has the batch; the exit status tells whether all holds. Fails if the record is erased.
    VerifyLeaf {
        /// The proof, as `prove-leaf` wrote it.
        proof: PathBuf,
        /// Check only what the file says of itself; ask no node.
        #[arg(long)]
        offline: bool,
    },
}

/// Which records, and where the batch goes.
#[derive(clap::Args)]
pub struct Make {
    /// Commitments of documents in the worker's vault, all with these attributes.
    #[arg(value_parser = hash, required_unless_present_any = ["dir", "list"])]
    records: Vec<H256>,
    /// Put each file of this directory into the vault first.
    #[arg(long, conflicts_with = "list")]
    dir: Option<PathBuf>,
    /// A JSON list of {commitment, attributes, salt}; without a salt the worker is asked for it.
    #[arg(long, conflicts_with_all = ["records", "patient"])]
    list: Option<PathBuf>,
    /// The patient's key with this hospital.
    #[arg(long, value_parser = account, required_unless_present = "list")]
    patient: Option<AccountId>,
    #[command(flatten)]
    facts: Facts,
    /// Where to write the batch's file; keep it as long as the records.
    #[arg(long)]
    out: PathBuf,
    /// The custodian's key: a file or a development seed.
    #[arg(long)]
    key: String,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Batch(asked) => make(context, asked).await,
        Command::AnchorBatch { batch, key } => {
            let (file, _) = BatchFile::read(&batch)?;
            anchor(context, &context.chain().await?, &file, &key).await
        }
        Command::Reveal { batch, record, salt, key } => reveal(context, &batch, record, salt, &key).await,
        Command::EraseLeaf { batch, record, key } => erase_leaf(context, &batch, record, &key).await,
        Command::ProveLeaf { batch, record, open, salt, out } => {
            let opened = if open { Some(opened(context, &batch, record, salt).await?) } else { None };
            prove_leaf(context, &batch, record, opened, &out)
        }
        Command::VerifyLeaf { proof, offline } => verify_leaf(context, &proof, offline).await,
    }
}

async fn make(context: &Context, asked: Make) -> Result<bool, Error> {
    let Make { records, dir, list, patient, facts, out, key } = asked;
    let mut wanted = match (&list, patient) {
        (Some(list), _) => Listed::read(list)?,
        (None, Some(patient)) => {
            let attributes = RecordAttributes { patient, facts: facts.read()? };
            let mut records = records;
            if let Some(dir) = &dir {
                records.extend(stored(context, &attributes.patient, dir).await?);
            }
            let entry = |commitment| Listed { commitment, attributes: attributes.clone(), salt: None };
            records.into_iter().map(entry).collect()
        }
        (None, None) => return Err(Error::Input("give --patient".into())),
    };
    ask_for_salts(context, &mut wanted).await?;
    let salted = wanted.into_iter().filter_map(|l| Some((l.commitment, l.attributes, l.salt?)));
    let file = BatchFile::new(salted.collect())?;
    // Before it is anchored: without it nothing of the batch could be proven any more.
    file.create(&out)?;
    anchor(context, &context.chain().await?, &file, &key).await
}

async fn reveal(
    context: &Context,
    batch: &Path,
    record: H256,
    salt: Option<H256>,
    key: &str,
) -> Result<bool, Error> {
    let (Opened { attributes, salt }, proof) = opened(context, batch, record, salt).await?;
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::reveal(record, &attributes, salt, &proof), key).await?.block;
    context.out.answer(
        &json!({ "record": record, "batch": proof.root, "block": at }),
        format!("revealed {record:?} of batch {:?} in block {at:?}", proof.root),
    );
    Ok(true)
}

async fn erase_leaf(context: &Context, batch: &Path, record: H256, key: &str) -> Result<bool, Error> {
    let (file, tree) = BatchFile::read(batch)?;
    let (leaf, proof) = file.prove(&tree, record)?;
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::erase_leaf(record, leaf.digest, &proof), key).await?.block;
    file.strike(batch, record)?;
    context.out.answer(
        &json!({ "record": record, "batch": proof.root, "block": at }),
        format!("the erasure of {record:?} stands in block {at:?}"),
    );
    Ok(true)
}

fn prove_leaf(
    context: &Context,
    batch: &Path,
    record: H256,
    opened: Option<(Opened, BatchProof)>,
    out: &Path,
) -> Result<bool, Error> {
    let (file, tree) = BatchFile::read(batch)?;
    let (leaf, proof) = file.prove(&tree, record)?;
    let opened = opened.map(|(opened, _)| opened);
    let shown = LeafProof { commitment: record, digest: leaf.digest, opened, proof };
    shown.create(out)?;
    context.out.answer(
        &json!({ "record": record, "batch": shown.proof.root, "hashes": shown.proof.path.len() }),
        format!("{} hashes from the leaf to {:?}", shown.proof.path.len(), shown.proof.root),
    );
    Ok(true)
}

async fn verify_leaf(context: &Context, proof: &Path, offline: bool) -> Result<bool, Error> {
    let shown = LeafProof::read(proof)?;
    let mut checks = offline_checks(&shown);
    if !offline {
        checks.extend(chain_checks(&context.chain().await?, &shown).await?);
    }
    let verified = checks.iter().all(|check| check.holds);
    context.out.answer(
        &json!({
            "verified": verified,
            "record": shown.commitment,
            "batch": shown.proof.root,
            "pathBytes": shown.proof.path.len() * 32,
            "checks": checks,
        }),
        listed(&checks),
    );
    Ok(verified)
}

async fn anchor(context: &Context, chain: &Chain, file: &BatchFile, key: &str) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::anchor_batch(file.root, file.count()), key).await?.block;
    let records: Vec<_> = file.leaves.iter().map(|leaf| leaf.commitment).collect();
    context.out.answer(
        &json!({ "batch": file.root, "count": file.count(), "block": at, "records": records }),
        format!("anchored batch {:?} of {} records in block {at:?}", file.root, file.count()),
    );
    Ok(true)
}

/// The commitments of the files of a directory, in the order of their names, each put into the vault.
async fn stored(context: &Context, patient: &AccountId, dir: &Path) -> Result<Vec<H256>, Error> {
    let failed = |why: std::io::Error| Error::Input(format!("cannot read {}: {why}", dir.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    let worker = context.worker()?;
    let mut records = Vec::with_capacity(files.len());
    for file in files {
        records.push(worker.put(patient, &Document::read(&file)?).await?.record);
    }
    Ok(records)
}

/// Has the worker tell the salts that are not given.
async fn ask_for_salts(context: &Context, listed: &mut [Listed]) -> Result<(), Error> {
    let mut wanting: Vec<&mut Listed> = listed.iter_mut().filter(|entry| entry.salt.is_none()).collect();
    if wanting.is_empty() {
        return Ok(());
    }
    let asked: Vec<_> = wanting.iter().map(|entry| (entry.commitment, entry.attributes.clone())).collect();
    for (entry, made) in wanting.iter_mut().zip(context.worker()?.leaves(&asked).await?) {
        entry.salt = Some(made.salt);
    }
    Ok(())
}

/// What opens one leaf of a batch's file, and the path to it.
pub async fn opened(
    context: &Context,
    batch: &Path,
    record: H256,
    salt: Option<H256>,
) -> Result<(Opened, BatchProof), Error> {
    let (file, tree) = BatchFile::read(batch)?;
    let (leaf, proof) = file.prove(&tree, record)?;
    let attributes = leaf
        .attributes
        .clone()
        .ok_or_else(|| Error::Input(format!("{record:?} is erased: its attributes are struck out")))?;
    let mut entry = [Listed { commitment: record, attributes: attributes.clone(), salt }];
    ask_for_salts(context, &mut entry).await?;
    let [Listed { salt, .. }] = entry;
    let salt = salt.filter(|salt| attributes_digest(salt, &attributes) == leaf.digest).ok_or_else(|| {
        Error::Input(
            "the salt does not bind these attributes to the leaf: is the batch's file intact?".into(),
        )
    })?;
    Ok((Opened { attributes, salt }, proof))
}

/// What can be told from the file alone.
fn offline_checks(shown: &LeafProof) -> Vec<Check> {
    let BatchProof { root, count, index, path } = &shown.proof;
    let mut checks = vec![Check::new(
        "leaf",
        shown.proves(),
        format!("{index} of {count} under {root:?}, by {} hashes", path.len()),
    )];
    if let Some(opens) = shown.opens() {
        checks.push(Check::new("attributes", opens, "as the leaf was made of"));
    }
    checks
}

/// What the chain says, in finalized state.
async fn chain_checks(chain: &Chain, shown: &LeafProof) -> Result<Vec<Check>, Error> {
    let (head, _) = chain.finalized().await?;
    let Some(batch) = chain.batch(shown.proof.root, Some(head)).await? else {
        return Ok(vec![Check::new("batch", false, "not anchored in finalized state")]);
    };
    let mut checks = vec![Check::new(
        "batch",
        batch.count == shown.proof.count,
        format!("{} leaves, anchored by {} in block {}", batch.count, batch.custodian, batch.anchored_at),
    )];
    if let Some(opened) = &shown.opened {
        let patient = chain.patient(&opened.attributes.patient, Some(head)).await?;
        let keeper = patient.map(|patient| patient.custodian);
        checks.push(Check::new(
            "custodian",
            keeper.as_ref() == Some(&batch.custodian),
            keeper.map_or("the patient key is not enrolled".into(), |keeper| {
                format!("of the patient: {keeper}")
            }),
        ));
    }
    let erased = match chain.record(shown.commitment, Some(head)).await? {
        Some(record) => record.erased_at,
        None => chain.erased_leaf(shown.commitment, Some(head)).await?.map(|leaf| leaf.erased_at),
    };
    checks.push(match erased {
        Some(at) => Check::new("erasure", false, format!("erased in block {at}")),
        None => Check::new("erasure", true, "none on chain"),
    });
    Ok(checks)
}
