//! Whether what is at hand is what a commitment commits to.

use crate::{Error, checks::Check};
use galen_primitives::{
    H256,
    commitment::{Scheme, commit},
    summary::Receipt,
};
use serde_json::Value;

/// Whether a summary, under the salt that it was released with, is the one that a receipt commits to.
pub fn output(receipt: &Receipt, summary: &Value, salt: &H256) -> Result<Check, Error> {
    let bytes = serde_json_canonicalizer::to_vec(summary)
        .map_err(|why| Error(format!("the summary has no canonical form: {why}")))?;
    let output = commit(Scheme::Jcs, &salt.0, &bytes);
    Ok(Check { name: "output", holds: output == receipt.output, seen: format!("commitment {output:?}") })
}

/// Whether `commitment` is to this document under `salt`, as plain text or as canonical JSON.
pub fn document(commitment: H256, bytes: &[u8], salt: &H256) -> Check {
    let json = serde_json::from_slice::<Value>(bytes).ok();
    let canonical = json.and_then(|value| serde_json_canonicalizer::to_vec(&value).ok());
    let seen = if commit(Scheme::Text, &salt.0, bytes) == commitment {
        Some("plain text")
    } else if canonical.is_some_and(|bytes| commit(Scheme::Jcs, &salt.0, &bytes) == commitment) {
        Some("canonical JSON")
    } else {
        None
    };
    Check {
        name: "document",
        holds: seen.is_some(),
        seen: match seen {
            Some(form) => format!("as {form} it is what {commitment:?} commits to"),
            None => format!("document and salt do not give {commitment:?}"),
        },
    }
}
