//! `galen consent import` and `export`: FHIR R4 Consents to and from the terms that stand on chain.

use super::decide::json_of;
use crate::commands::{Context, account, blinding, file_hash};
use galen_client::{
    Error,
    directory::{Directory, random},
};
use galen_fhir::terms;
use galen_primitives::AccountId;
use serde_json::{Value, json};
use std::{
    fs::{OpenOptions, Permissions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// What is read, and with which names.
#[derive(clap::Args)]
pub struct Import {
    /// A FHIR R4 Consent.
    file: PathBuf,
    /// The private file that says which ids stand for which references; made and extended as needed.
    #[arg(long)]
    directory: PathBuf,
    /// File with the secret that labels and names of records are blinded under.
    #[arg(long)]
    label_secret: Option<PathBuf>,
    /// An account to add to the directory, as Patient/p=ACCOUNT or Organization/a=ACCOUNT.
    #[arg(long, value_parser = known, value_delimiter = ',')]
    know: Vec<(String, AccountId)>,
    /// Which organisation is the custodian, where the Consent names several.
    #[arg(long)]
    custodian: Option<String>,
    /// Where the form goes that the patient is shown: the Consent with a random salt, in canonical form. Not needed if the
    /// Consent says which form was signed.
    #[arg(long)]
    form_out: Option<PathBuf>,
    /// Where the terms go, for `galen consent grant --terms`.
    #[arg(long)]
    terms_out: Option<PathBuf>,
}

/// What is written, and with which names.
#[derive(clap::Args)]
pub struct Export {
    /// The patient's key.
    #[arg(value_parser = account)]
    patient: AccountId,
    /// The number of the consent.
    id: u32,
    /// The private file that says which ids stand for which references. What it does not know is written as a URN.
    #[arg(long)]
    directory: PathBuf,
    /// File with the secret that labels and names of records are blinded under.
    #[arg(long)]
    label_secret: Option<PathBuf>,
}

fn known(text: &str) -> Result<(String, AccountId), String> {
    let (reference, key) = text.split_once('=').ok_or("write it as Patient/p=ACCOUNT")?;
    Ok((reference.to_owned(), account(key)?))
}

fn open(directory: &Path, secret: Option<&Path>) -> Result<Directory, Error> {
    let secret = secret.map(|file| blinding(Some(file))).transpose()?;
    Directory::open(directory, secret)
}

pub fn import(context: &Context, asked: Import) -> Result<bool, Error> {
    let resource = json_of(&asked.file)?;
    let mut directory = open(&asked.directory, asked.label_secret.as_deref())?;
    for (reference, account) in asked.know {
        directory.know(&reference, account)?;
    }
    let mut read = terms::import(&resource, asked.custodian.as_deref(), &mut directory)
        .map_err(|why| Error::Input(format!("{}: {why}", asked.file.display())))?;
    match (read.form_is_named, &asked.form_out) {
        (true, None) => {}
        (true, Some(_)) => {
            return Err(Error::Input("this Consent says which form was signed: leave out --form-out".into()));
        }
        (false, None) => {
            return Err(Error::Input("give --form-out, for the form whose fingerprint is signed".into()));
        }
        (false, Some(file)) => {
            write(file, &form(&resource)?)?;
            read.terms.form = file_hash(b"galen:form:v1", file)?;
        }
    }
    directory.save()?;
    if let Some(file) = &asked.terms_out {
        let text = serde_json::to_vec_pretty(&read.terms)
            .map_err(|why| Error::Input(format!("the terms cannot be written: {why}")))?;
        write(file, &text)?;
    }
    let left_out: Vec<Value> =
        read.left_out.iter().map(|(path, why)| json!({ "path": path, "why": why })).collect();
    let lines = read.left_out.iter().map(|(path, why)| format!("left out: {path}: {why}"));
    let provisions = 1 + read.terms.exceptions.len();
    let head = format!("{provisions} provisions, form {:?}", read.terms.form);
    context.out.answer(
        &json!({ "terms": read.terms, "leftOut": left_out }),
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"),
    );
    Ok(true)
}

/// The form: the whole Consent beside a salt, since a fingerprint of what can be guessed would tell whether the guess was right.
fn form(resource: &Value) -> Result<Vec<u8>, Error> {
    let salt = random().ok_or_else(|| Error::Input("the operating system gives no random bytes".into()))?;
    let form = json!({ "salt": format!("0x{}", hex::encode(salt)), "consent": resource });
    serde_json_canonicalizer::to_vec(&form)
        .map_err(|why| Error::Input(format!("the form cannot be written: {why}")))
}

/// For its owner alone: it holds what a patient said, or ids that can be told from one another.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(file)
        .and_then(|mut open| {
            open.set_permissions(Permissions::from_mode(0o600))?;
            open.write_all(bytes)
        })
        .map_err(|why| Error::Input(format!("cannot write {}: {why}", file.display())))
}

pub async fn export(context: &Context, asked: Export) -> Result<bool, Error> {
    let directory = open(&asked.directory, asked.label_secret.as_deref())?;
    let versions = context.chain().await?.consents(&asked.patient, None).await?;
    let version = versions
        .iter()
        .find(|version| version.id == asked.id)
        .ok_or_else(|| Error::Input(format!("{} has no consent number {}", asked.patient, asked.id)))?;
    let resource = terms::export(terms::Source::Version(version), &directory)
        .map_err(|why| Error::Input(format!("consent {} cannot be written as FHIR: {why}", asked.id)))?;
    let left_out = ["relayer", "fromBlock", "listedFrom", "ended.block", "ended.at", "ended.why"];
    let left_out: Vec<&str> =
        left_out.into_iter().filter(|name| !name.starts_with("ended") || version.ended.is_some()).collect();
    let text = serde_json::to_string_pretty(&resource).unwrap_or_default();
    context.out.answer(&json!({ "consent": resource, "leftOut": left_out }), text);
    Ok(true)
}
