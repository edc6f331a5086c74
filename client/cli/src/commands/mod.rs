//! One file per group of commands. Each returns whether what was asked holds (the exit status), or an error.

pub mod audit;
pub mod consent;
pub mod council;
pub mod device;
pub mod doctor;
pub mod document;
pub mod emergency;
pub mod item;
pub mod member;
pub mod model;
pub mod network;
pub mod proof;
pub mod record;
pub mod relying;
pub mod round;
pub mod summary;
pub mod upgrade;
pub mod validator;
pub mod verify;

use crate::output::Output;
use galen_client::{
    Error,
    amount::{self, Balance},
    calls::Call,
    chain::{Chain, Included, Wait},
    keys::{self, HospitalKey},
    labels,
    worker::Worker,
};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    commitment::tagged_hash,
    consent::{Confidentiality, Labels, Purpose},
    member::Member,
};
use galen_proofs::{blind::BlindingSecret, checks::Check};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// What every command is given.
pub struct Context {
    pub node: String,
    pub worker: String,
    pub token_file: Option<PathBuf>,
    pub wait: Wait,
    pub out: Output,
}

impl Context {
    pub async fn chain(&self) -> Result<Chain, Error> {
        Chain::connect(&self.node).await
    }

    pub fn worker(&self) -> Result<Worker, Error> {
        let file = self.token_file.as_deref().ok_or_else(|| {
            Error::Input(
                "the worker asks for a credential: give --token-file (galen-worker init made the files)"
                    .into(),
            )
        })?;
        Worker::new(&self.worker, file)
    }

    pub async fn submit(&self, chain: &Chain, call: &Call, key: &str) -> Result<Included, Error> {
        chain.submit(call, &HospitalKey::read(key)?, self.wait).await
    }
}

/// What was checked, one to a line.
pub fn listed(checks: &[Check]) -> String {
    let line = |check: &Check| {
        format!("{} {:<17} {}\n", if check.holds { "ok  " } else { "FAIL" }, check.name, check.seen)
    };
    checks.iter().map(line).collect()
}

/// The members' names.
pub async fn names(chain: &Chain, at: H256) -> Result<BTreeMap<AccountId, String>, Error> {
    let members = chain.members(Some(at)).await?;
    let name = |member: Member| String::from_utf8_lossy(&member.name).into_owned();
    Ok(members.into_iter().map(|(account, member)| (account, name(member))).collect())
}

/// The one hospital that was named, or all members.
pub async fn hospitals(chain: &Chain, only: Option<AccountId>, at: H256) -> Result<Vec<AccountId>, Error> {
    match only {
        Some(hospital) => Ok(vec![hospital]),
        None => Ok(chain.members(Some(at)).await?.into_iter().map(|(account, _)| account).collect()),
    }
}

/// `clap` parser of an amount of GLN.
pub fn amount(text: &str) -> Result<Balance, String> {
    amount::parse(text).map_err(|why| why.to_string())
}

/// `clap` parser of an account.
pub fn account(text: &str) -> Result<AccountId, String> {
    keys::account(text).map_err(|why| why.to_string())
}

/// `clap` parser of a hash.
pub fn hash(text: &str) -> Result<H256, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let raw: Option<[u8; 32]> = hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok());
    raw.map(H256).ok_or_else(|| format!("{text} is not a hash: 64 hex digits are needed"))
}

/// `clap` parser of a purpose, by its HL7 code.
pub fn purpose(text: &str) -> Result<Purpose, String> {
    Purpose::ALL.into_iter().find(|p| p.code().eq_ignore_ascii_case(text)).ok_or_else(|| {
        let known: Vec<_> = Purpose::ALL.iter().map(|p| p.code()).collect();
        format!("{text} is not a purpose of use: one of {}", known.join(", "))
    })
}

/// `clap` parser of a confidentiality code.
pub fn level(text: &str) -> Result<Confidentiality, String> {
    galen_fhir::level(&text.to_ascii_uppercase())
        .ok_or_else(|| format!("{text} is not a confidentiality: one of U, L, M, N, R, V"))
}

/// What a JSON file holds; `what` names it in the error.
pub fn read_json<T: serde::de::DeserializeOwned>(what: &str, file: &Path) -> Result<T, Error> {
    let cannot = |why: String| Error::Input(format!("cannot read {what} from {}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|why| cannot(why.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|why| cannot(why.to_string()))
}

/// BLAKE2b-256 of a file under a tag.
pub fn file_hash(tag: &[u8], path: &Path) -> Result<H256, Error> {
    let bytes =
        std::fs::read(path).map_err(|why| Error::Input(format!("cannot read {}: {why}", path.display())))?;
    Ok(tagged_hash(tag, &[&bytes]))
}

/// Sensitivity labels, blinded under the secret in a file.
pub fn blind(codes: &[String], secret: Option<&Path>) -> Result<Labels, Error> {
    if codes.is_empty() { Ok(Labels::default()) } else { labels::blinded(&blinding(secret)?, codes) }
}

/// The secret that labels and names are blinded under.
pub fn blinding(secret: Option<&Path>) -> Result<BlindingSecret, Error> {
    let file = secret.ok_or_else(|| {
        Error::Input(
            "labels and names stand blinded on chain: give --label-secret, the file with the pair's secret"
                .into(),
        )
    })?;
    Ok(BlindingSecret::read(file)?)
}

/// Seconds since 1970.
pub fn now() -> UnixSeconds {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|d| d.as_secs()).unwrap_or(0)
}
