//! `Consent` resources to and from [`ConsentTerms`](galen_primitives::consent::ConsentTerms), the form in which they stand on chain.
//!
//! There, hospitals and patients are accounts, practitioners, roles and groups random ids, and records and labels blinded:
//! [`Ids`] gives and [`Names`] undoes these. What has no name to export is written as a URN of its own, which is read again:
//! `urn:galen:account:0x…`, `urn:galen:id:0x…`, `urn:galen:name:0x…`, `urn:galen:policy:0x…`. Data use codes (GA4GH DUO) stand as
//! `category`, the consent that is superseded in an extension, and the form that was signed as `sourceReference.identifier`.
//!
//! An imported consent decides as the resource does: what is not understood is left out of a denial, which then denies more, and
//! leaves out a permit; where that would leave nothing true to sign, the import is refused.

mod export;
mod import;
mod left_out;

pub use export::{Source, export};
pub use import::{Imported, import};

use galen_primitives::{AccountId, H256};

const DUO: &str = "http://purl.obolibrary.org/obo/duo.owl";
const FORM: &str = "urn:galen:form";
const SUPERSEDES: &str = "urn:galen:consent:supersedes";
const POLICY: &str = "urn:ihe:iti:ppc:2021:policy:";
const ACCOUNT: &str = "urn:galen:account:";
const ID: &str = "urn:galen:id:";
const NAME: &str = "urn:galen:name:";
const OTHER_POLICY: &str = "urn:galen:policy:";

/// Gives what a consent names the ids under which it stands on chain. `None` refuses the import at that place.
pub trait Ids {
    /// The pairwise key of a patient.
    fn patient(&mut self, reference: &str) -> Option<AccountId>;
    /// The account of a hospital.
    fn hospital(&mut self, reference: &str) -> Option<AccountId>;
    /// The random id of a practitioner, a role or a group.
    fn actor(&mut self, reference: &str) -> Option<H256>;
    /// The blinded name of a record, an encounter or a plan.
    fn name(&mut self, reference: &str) -> Option<H256>;
    /// A blinded sensitivity, by its code alone: what it is a parent of is asked for apart.
    fn label(&mut self, code: &str) -> Option<H256>;
    /// Takes notice of a policy, of which only a hash stands on chain.
    fn policy(&mut self, uri: &str);
}

/// Finds what an id stands for; `None` where that is not known.
pub trait Names {
    /// A patient by the pairwise key.
    fn patient(&self, account: &AccountId) -> Option<String>;
    /// A hospital by its account.
    fn hospital(&self, account: &AccountId) -> Option<String>;
    /// A practitioner, role or group by its random id.
    fn actor(&self, id: &H256) -> Option<String>;
    /// A record, encounter or plan by its blinded name.
    fn name(&self, blinded: &H256) -> Option<String>;
    /// The code of a blinded sensitivity.
    fn label(&self, blinded: &H256) -> Option<&'static str>;
    /// The URI of a policy by its hash.
    fn policy(&self, hash: &H256) -> Option<String>;
}

/// The 32 bytes that a URN of ours writes in hexadecimal digits.
fn urn(prefix: &str, text: &str) -> Option<H256> {
    let digits = text.strip_prefix(prefix)?.strip_prefix("0x")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let [high, low] = pair else { return None };
        let digit = |one: &u8| char::from(*one).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(H256(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("0x"), |text, byte| format!("{text}{byte:02x}"))
}
