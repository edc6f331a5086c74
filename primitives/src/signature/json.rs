//! JSON forms: of a signature, every part as `0x` and hexadecimal digits; of a relying party, strings.

use super::{Passkey, PatientSignature, RelyingParty, relying::MAX_ORIGINS};
use sp_core::{Bytes, ed25519, sr25519};

/// As it stands in JSON.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(tag = "scheme", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum Form {
    Sr25519 {
        signature: Bytes,
    },
    Ed25519 {
        signature: Bytes,
    },
    Ethereum {
        signature: Bytes,
    },
    Passkey {
        public_key: Bytes,
        authenticator_data: Bytes,
        #[serde(rename = "clientDataJSON")]
        client_data_json: Bytes,
        signature: Bytes,
    },
}

impl From<PatientSignature> for Form {
    fn from(signature: PatientSignature) -> Self {
        match signature {
            PatientSignature::Sr25519(signature) => Form::Sr25519 { signature: signature.0.to_vec().into() },
            PatientSignature::Ed25519(signature) => Form::Ed25519 { signature: signature.0.to_vec().into() },
            PatientSignature::Ethereum(signature) => Form::Ethereum { signature: signature.to_vec().into() },
            PatientSignature::Passkey(passkey) => Form::Passkey {
                public_key: passkey.public_key.to_vec().into(),
                authenticator_data: passkey.authenticator_data.into_inner().into(),
                client_data_json: passkey.client_data_json.into_inner().into(),
                signature: passkey.signature.into_inner().into(),
            },
        }
    }
}

impl TryFrom<Form> for PatientSignature {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        Ok(match form {
            Form::Sr25519 { signature } => {
                PatientSignature::Sr25519(sr25519::Signature::from_raw(exactly("signature", signature)?))
            }
            Form::Ed25519 { signature } => {
                PatientSignature::Ed25519(ed25519::Signature::from_raw(exactly("signature", signature)?))
            }
            Form::Ethereum { signature } => PatientSignature::Ethereum(exactly("signature", signature)?),
            Form::Passkey { public_key, authenticator_data, client_data_json, signature } => {
                PatientSignature::Passkey(Passkey {
                    public_key: exactly("publicKey", public_key)?,
                    authenticator_data: at_most("authenticatorData", authenticator_data)?,
                    client_data_json: at_most("clientDataJSON", client_data_json)?,
                    signature: at_most("signature", signature)?,
                })
            }
        })
    }
}

/// A relying party as it stands in JSON.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Party {
    id: String,
    origins: Vec<String>,
}

impl From<RelyingParty> for Party {
    fn from(party: RelyingParty) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Party { id: text(&party.id), origins: party.origins.iter().map(|origin| text(origin)).collect() }
    }
}

impl RelyingParty {
    /// Reads one; the error says what is wrong with it.
    pub fn read(id: String, origins: Vec<String>) -> Result<Self, String> {
        let origins = origins.into_iter().map(|origin| at_most("an origin", Bytes(origin.into_bytes())));
        let origins = origins.collect::<Result<Vec<_>, _>>()?;
        let party = RelyingParty {
            id: at_most("the id", Bytes(id.into_bytes()))?,
            origins: origins.try_into().map_err(|_| format!("{MAX_ORIGINS} origins at most are accepted"))?,
        };
        match party.is_valid() {
            true => Ok(party),
            false => Err(
                "the id must be a domain name in lower case (clinic.example), and each origin a scheme and a host without a path \
                 (https://app.clinic.example), none twice"
                    .into(),
            ),
        }
    }
}

impl TryFrom<Party> for RelyingParty {
    type Error = String;

    fn try_from(party: Party) -> Result<Self, String> {
        RelyingParty::read(party.id, party.origins)
    }
}

fn exactly<const N: usize>(name: &str, bytes: Bytes) -> Result<[u8; N], String> {
    let length = bytes.0.len();
    bytes.0.try_into().map_err(|_| format!("{name} has {length} bytes: {N} are needed"))
}

fn at_most<S: sp_core::Get<u32>>(name: &str, bytes: Bytes) -> Result<sp_runtime::BoundedVec<u8, S>, String> {
    let length = bytes.0.len();
    bytes.0.try_into().map_err(|_| format!("{name} has {length} bytes: {} at most are accepted", S::get()))
}
