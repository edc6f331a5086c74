//! A patient's consent, made ready for a hospital to relay.

use crate::{
    error::{Context, Error, Result},
    rpc::Rpc,
};
use codec::Encode;
use galen_client::{
    calls::{self, Call},
    keys::PatientKey,
};
use galen_primitives::{
    AccountId, H256,
    consent::{Confidentiality, ConsentTerms, Effect, Policy, Provision, Purpose, decision::id},
};
use std::time::{SystemTime, UNIX_EPOCH};

/// For so long, in seconds, what a patient signs can be relayed.
const VALID_FOR: u64 = 3_600;

/// A grant to `grantee` of what `custodian` keeps, up to what is normal, signed by the patient for the key's present number.
pub async fn grant(
    rpc: &Rpc,
    patient: &PatientKey,
    custodian: AccountId,
    grantee: &AccountId,
    purposes: &[Purpose],
) -> Result<Call> {
    let terms = ConsentTerms {
        patient: patient.account(),
        custodian,
        policy: Policy::default(),
        root: Provision {
            purposes: purposes.to_vec().try_into().map_err(|_| Error::new("too many purposes"))?,
            actors: vec![id(grantee)].try_into().map_err(|_| Error::new("too many actors"))?,
            levels: vec![Confidentiality::N].try_into().map_err(|_| Error::new("too many levels"))?,
            ..Provision::all(Effect::Permit)
        },
        exceptions: Default::default(),
        duo: Default::default(),
        supersedes: None,
        form: H256([7; 32]),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context(|| "this machine's clock")?.as_secs();
    let valid_until = now + VALID_FOR;
    let (_, best) = rpc.best().await?;
    let asked = (&terms, &terms.patient, valid_until).encode();
    let text: Option<Vec<u8>> = rpc.call("ConsentApi_grant_text", &asked, best).await?;
    let text = text.context(|| "the chain makes no text of this consent")?;
    Ok(calls::grant(&terms, &terms.patient, valid_until, &patient.sign(&text)))
}
