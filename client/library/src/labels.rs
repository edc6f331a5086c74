//! Sensitivity labels, as records and consents name them on chain.

use crate::Error;
use galen_primitives::{H256, consent::Labels};
use galen_proofs::blind::BlindingSecret;

/// Blinds sensitivity codes, each parent expanded to its children (HL7 v3 ActCode: ETH covers ETHUD and OPIOIDUD), sorted by code.
pub fn blinded(secret: &BlindingSecret, codes: &[String]) -> Result<Labels, Error> {
    let mut expanded = Vec::new();
    for code in codes {
        let covered = galen_fhir::covered(&code.to_ascii_uppercase()).ok_or_else(|| {
            Error::Input(format!("{code} is not a label: one of ETH, ETHUD, OPIOIDUD, PSY, SDV, HIV"))
        })?;
        expanded.extend(covered);
    }
    expanded.sort();
    expanded.dedup();
    let blinded: Vec<H256> = expanded.iter().map(|code| secret.label(code)).collect();
    blinded.try_into().map_err(|_| Error::Input("too many labels".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_stands_for_its_children() {
        let secret = BlindingSecret::new(&[1; 32]);
        let labels = blinded(&secret, &["eth".into(), "ETHUD".into()]).unwrap();
        let expected: Vec<_> = ["ETH", "ETHUD", "OPIOIDUD"].iter().map(|code| secret.label(code)).collect();
        assert_eq!(labels.to_vec(), expected);
        assert!(blinded(&secret, &["X".into()]).is_err());
    }
}
