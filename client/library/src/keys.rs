//! Keys: sr25519 for hospitals and workers, sr25519, ed25519 or an Ethereum key for patients.
//!
//! A key is named by a development seed (`//Alice`) or by the path of a file that holds a secret phrase, a `0x` seed or such a
//! derivation path on its first line. Files that others may read are refused.

use crate::Error;
use galen_primitives::{
    AccountId,
    consent::PatientSignature,
    signature::ethereum::{self, digest},
};
use sp_core::{Pair, crypto::Ss58Codec, ecdsa, ed25519, sr25519};
use std::path::Path;
use zeroize::Zeroizing;

/// The secret behind `spec`: a development seed as it is, otherwise the first line of the file it names.
pub(crate) fn secret(spec: &str) -> Result<String, Error> {
    if spec.starts_with("//") {
        return Ok(spec.to_owned());
    }
    let path = Path::new(spec);
    let text = std::fs::read_to_string(path).map_err(|why| {
        Error::Key(format!(
            "cannot read the key file {spec}: {why}; give a file or a development seed such as //Alice"
        ))
    })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map(|m| m.permissions().mode()).unwrap_or(0o777);
        if mode & 0o077 != 0 {
            return Err(Error::Key(format!(
                "the key file {spec} can be read by others: run chmod 600 on it"
            )));
        }
    }
    match text.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Error::Key(format!("the key file {spec} is empty: its first line must be the secret"))),
    }
}

fn pair<P: Pair>(spec: &str) -> Result<P, Error> {
    P::from_string(&secret(spec)?, None)
        .map_err(|_| Error::Key("the secret is neither a phrase, a 0x seed nor a derivation path".into()))
}

/// A hospital's key: signs transactions.
#[derive(Clone)]
pub struct HospitalKey(sr25519::Pair);

impl HospitalKey {
    /// Reads the key that `spec` names.
    pub fn read(spec: &str) -> Result<Self, Error> {
        pair(spec).map(HospitalKey)
    }

    /// Its account.
    pub fn account(&self) -> AccountId {
        AccountId::new(self.0.public().0)
    }
}

impl subxt::tx::Signer<subxt::PolkadotConfig> for HospitalKey {
    fn account_id(&self) -> subxt::utils::AccountId32 {
        subxt::utils::AccountId32(self.0.public().0)
    }

    fn sign(&self, payload: &[u8]) -> subxt::utils::MultiSignature {
        subxt::utils::MultiSignature::Sr25519(self.0.sign(payload).0)
    }
}

/// A patient's pairwise key: signs consent texts.
#[derive(Clone)]
pub enum PatientKey {
    /// Schnorr over Ristretto 25519.
    Sr25519(Box<sr25519::Pair>),
    /// RFC 8032.
    Ed25519(Box<ed25519::Pair>),
    /// ECDSA over secp256k1, which signs as Ethereum wallets do, and its address.
    Ethereum(Box<ecdsa::Pair>, [u8; 20]),
}

impl PatientKey {
    /// Reads the key that `spec` names; a prefix `ed25519:` or `ethereum:` asks for that scheme, sr25519 is the default.
    pub fn read(spec: &str) -> Result<Self, Error> {
        if let Some(spec) = spec.strip_prefix("ethereum:") {
            return ethereum_key(spec);
        }
        match spec.strip_prefix("ed25519:") {
            Some(spec) => pair(spec).map(|p| PatientKey::Ed25519(Box::new(p))),
            None => {
                pair(spec.strip_prefix("sr25519:").unwrap_or(spec)).map(|p| PatientKey::Sr25519(Box::new(p)))
            }
        }
    }

    /// Its account on the chain.
    pub fn account(&self) -> AccountId {
        match self {
            PatientKey::Sr25519(pair) => AccountId::new(pair.public().0),
            PatientKey::Ed25519(pair) => AccountId::new(pair.public().0),
            PatientKey::Ethereum(_, address) => ethereum::account(address),
        }
    }

    /// Signs a readable text.
    pub fn sign(&self, text: &[u8]) -> PatientSignature {
        match self {
            PatientKey::Sr25519(pair) => PatientSignature::Sr25519(pair.sign(text)),
            PatientKey::Ed25519(pair) => PatientSignature::Ed25519(pair.sign(text)),
            PatientKey::Ethereum(pair, _) => PatientSignature::Ethereum(personal_sign(pair, text)),
        }
    }
}

/// A private key as Ethereum wallets export it. A phrase is refused: wallets derive other keys from it (BIP-44) than
/// would be derived here, so that it would silently be another account.
fn ethereum_key(spec: &str) -> Result<PatientKey, Error> {
    let secret = secret(spec)?;
    let found = match secret.starts_with("//") {
        true => ecdsa::Pair::from_string(&secret, None).ok(),
        // Not `from_string`, which panics at zero.
        false => private_key(&secret).and_then(|raw| ecdsa::Pair::from_seed_slice(&raw).ok()),
    };
    let pair = found.ok_or_else(|| {
        Error::Key(
            "an Ethereum secret must be the private key, 0x and 64 hex digits: export that from the wallet, not its phrase"
                .into(),
        )
    })?;
    // What verifies finds the address in a signature, and so it is found here.
    let address = ethereum::signer(&personal_sign(&pair, b""), b"")
        .ok_or_else(|| Error::Key("the key's own signature does not verify".into()))?;
    Ok(PatientKey::Ethereum(Box::new(pair), address))
}

fn private_key(secret: &str) -> Option<Vec<u8>> {
    secret.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()).filter(|raw| raw.len() == 32)
}

/// EIP-191, with `v` of 27 or 28 as wallets give it.
fn personal_sign(pair: &ecdsa::Pair, text: &[u8]) -> [u8; 65] {
    let mut signature = pair.sign_prehashed(&digest(text)).0;
    signature[64] += 27;
    signature
}

/// The 32 bytes of a secret in a file; with `make`, random ones are written, for its owner alone, if there is no such file.
pub fn secret_bytes(path: &Path, make: bool) -> Result<Zeroizing<[u8; 32]>, Error> {
    let unusable = |why: String| Error::Key(format!("the secret {}: {why}", path.display()));
    if make && !path.exists() {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut_slice()).map_err(|why| unusable(why.to_string()))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|why| unusable(why.to_string()))?;
        std::io::Write::write_all(&mut file, &*secret)
            .and_then(|()| file.sync_all())
            .map_err(|why| unusable(why.to_string()))?;
        return Ok(secret);
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(|why| unusable(why.to_string()))?);
    let secret: [u8; 32] = bytes.as_slice().try_into().map_err(|_| unusable("it must be 32 bytes".into()))?;
    Ok(Zeroizing::new(secret))
}

/// Reads an account: SS58, `0x` and 64 hex digits, or a development seed.
pub fn account(text: &str) -> Result<AccountId, Error> {
    if text.starts_with("//") {
        return Ok(HospitalKey::read(text)?.account());
    }
    if let Some(digits) = text.strip_prefix("0x") {
        let raw: Option<[u8; 32]> = hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok());
        return raw
            .map(AccountId::new)
            .ok_or_else(|| Error::Input(format!("{text} is not an account: 64 hex digits are needed")));
    }
    AccountId::from_ss58check(text).map_err(|_| {
        Error::Input(format!(
            "{text} is not an account: give SS58, 0x… or a development seed such as //Alice"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        std::fs::write(&file, "//Alice\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let spec = file.to_str().unwrap();
        assert!(HospitalKey::read(spec).err().unwrap().to_string().contains("chmod 600"));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(HospitalKey::read(spec).unwrap().account(), account("//Alice").unwrap());
    }

    #[test]
    fn accounts_read_in_every_form() {
        let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let hex = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(account(alice).unwrap(), account(hex).unwrap());
        assert_eq!(account("//Alice").unwrap(), account(hex).unwrap());
        assert!(account("0x12").is_err());
        assert!(account("Alice").is_err());
    }

    #[test]
    fn patients_sign_under_every_scheme() {
        for spec in ["//Pat", "sr25519://Pat", "ed25519://Pat", "ethereum://Pat"] {
            let key = PatientKey::read(spec).unwrap();
            assert!(key.sign(b"text").verify(b"text", &key.account(), |_| None));
            assert!(!key.sign(b"text").verify(b"other", &key.account(), |_| None));
        }
    }

    #[test]
    fn an_ethereum_key_is_the_wallets_and_no_phrase() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        let spec = format!("ethereum:{}", file.to_str().unwrap());
        let write = |secret: &str| {
            std::fs::write(&file, secret).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        };
        // The key of the vectors (primitives/tests/vectors), whose address ethers gives.
        write(&format!("0x{}", "47".repeat(32)));
        let key = PatientKey::read(&spec).unwrap();
        assert_eq!(
            key.account(),
            account("0xb595b18c88b1f651ca387489067f855b5c8e6720eeeeeeeeeeeeeeeeeeeeeeee").unwrap()
        );
        // Zero is no key.
        let zero = format!("0x{}", "00".repeat(32));
        for bad in
            ["bottom drive obey lake curtain smoke basket hold race lonely fit walk", "0x47", "0x", &zero]
        {
            write(bad);
            assert!(PatientKey::read(&spec).err().unwrap().to_string().contains("private key"), "{bad}");
        }
    }
}
