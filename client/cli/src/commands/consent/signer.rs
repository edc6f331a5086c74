//! Who signs a patient's text: a secret here, or a wallet elsewhere whose signature comes in a file.

use crate::commands::{account, now, read_json};
use galen_client::{Error, keys::PatientKey};
use galen_primitives::{AccountId, UnixSeconds, consent::PatientSignature};
use std::path::PathBuf;

/// Seconds for which a text signed here is accepted.
pub const VALID_FOR: u64 = 600;

/// A secret, or a signature that was made elsewhere.
#[derive(clap::Args)]
pub struct SignerArgs {
    /// The secret that signs: the patient's, or with --patient that of a guardian or delegate. A file or a development
    /// seed, `ed25519:` or `ethereum:` before it for that scheme.
    #[arg(long, required_unless_present = "signature", conflicts_with = "signature")]
    patient_key: Option<String>,
    /// A signature that was made elsewhere, by a wallet or a passkey, over the text that `galen consent text` shows: a JSON file
    /// with the scheme and the signature.
    #[arg(long, requires_all = ["signer", "valid_until"])]
    signature: Option<PathBuf>,
    /// The account that signed elsewhere.
    #[arg(long, value_parser = account, conflicts_with = "patient_key")]
    signer: Option<AccountId>,
    /// The last second (Unix time) at which the text that was signed elsewhere is accepted, as it stands in it.
    #[arg(long, conflicts_with = "patient_key")]
    valid_until: Option<UnixSeconds>,
}

/// What signs.
pub enum Signer {
    /// A secret.
    Here(Box<PatientKey>),
    /// A signature by this account over a text with this last second.
    Elsewhere(AccountId, UnixSeconds, Box<PatientSignature>),
}

impl SignerArgs {
    pub fn read(&self) -> Result<Signer, Error> {
        match (&self.patient_key, &self.signature, &self.signer, self.valid_until) {
            (Some(secret), ..) => Ok(Signer::Here(Box::new(PatientKey::read(secret)?))),
            (None, Some(file), Some(signer), Some(until)) => {
                Ok(Signer::Elsewhere(signer.clone(), until, Box::new(read_json("a signature", file)?)))
            }
            _ => {
                Err(Error::Input("give --patient-key, or --signature with --signer and --valid-until".into()))
            }
        }
    }
}

impl Signer {
    /// The account that signs.
    pub fn account(&self) -> AccountId {
        match self {
            Signer::Here(secret) => secret.account(),
            Signer::Elsewhere(signer, ..) => signer.clone(),
        }
    }

    /// The last second at which the text is accepted.
    pub fn valid_until(&self) -> UnixSeconds {
        match self {
            Signer::Here(_) => now() + VALID_FOR,
            Signer::Elsewhere(_, until, _) => *until,
        }
    }

    /// The signature over the text, made now or before. One that was made before is judged by the chain.
    pub fn sign(&self, text: &[u8]) -> PatientSignature {
        match self {
            Signer::Here(secret) => secret.sign(text),
            Signer::Elsewhere(_, _, signature) => (**signature).clone(),
        }
    }
}
