//! `vault_*`: documents put, shown and erased, and the leaves of their records.

use crate::{
    Account, Raw,
    shape::{method, object},
};
use galen_primitives::{AccountId, H256, commitment::Scheme, consent::Purpose, records::RecordAttributes};
use serde_json::Value;

/// At most this many leaves are made in one call.
pub const MAX_LEAVES: usize = 1_024;

method! {
    /// Stores a document of a patient, encrypted. It is what a note can be read from: FHIR R4 with a text
    /// attachment, a section narrative or a Bundle of these about one patient; or plain text. Anything else
    /// is refused and nothing is stored. Exactly one of `document` and `text` is given.
    #[method("vault_put", by = [App], answer = Stored, errors = [InvalidDocument, Storage, Damaged, Starting])]
    #[serde(deny_unknown_fields)]
    pub struct Put {
        /// The patient.
        pub patient: Account,
        /// A FHIR R4 resource or Bundle.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document: Option<Raw>,
        /// Plain text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
    }
}

object! {
    /// A document that was taken in.
    #[derive(Eq)]
    pub struct Stored {
        /// The commitment: the id under which the record is anchored.
        pub record: H256,
        /// How the document became bytes.
        pub scheme: Scheme,
        /// Size of the original in bytes.
        pub bytes: u64,
    }
}

method! {
    /// Shows a document with its salt. That it was shown is written down first.
    #[method("vault_get", by = [App, Clinician], answer = Document, errors = [NotFound, Storage, Damaged, Starting])]
    #[serde(deny_unknown_fields)]
    pub struct Get {
        /// The record.
        pub record: H256,
        /// What for, as it will stand in the log of disclosures.
        #[serde(default)]
        pub purpose: Option<Purpose>,
    }
}

object! {
    /// A document as it was put.
    pub struct Document {
        /// The record.
        pub record: H256,
        /// Whom it is about.
        pub patient: AccountId,
        /// How it became bytes.
        pub scheme: Scheme,
        /// Size of the original in bytes.
        pub bytes: u64,
        /// The salt of the commitment.
        pub salt: H256,
        /// The FHIR resource; not of plain text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document: Option<Value>,
        /// The bytes of the FHIR resource, as a string; not of plain text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub original: Option<String>,
        /// The plain text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
    }
}

method! {
    /// Makes the leaves of records for a batch, in their order. Neither text nor a document's salt is shown:
    /// `salt` is that of the attributes.
    #[method("vault_leaves", by = [App], answer = Leaves, errors = [NotFound, Storage, Damaged, Starting])]
    #[serde(deny_unknown_fields)]
    pub struct MakeLeaves {
        /// At most 1,024 records.
        pub records: Vec<LeafOf>,
    }
}

object! {
    /// A record and what its custodian fixes about it.
    #[derive(Eq)]
    #[serde(deny_unknown_fields)]
    pub struct LeafOf {
        /// The record.
        pub record: H256,
        /// What its custodian fixes about it.
        pub attributes: RecordAttributes,
    }
}

object! {
    /// Leaves of a batch.
    #[derive(Eq)]
    pub struct Leaves {
        /// In the order of the records.
        pub leaves: Vec<Leaf>,
    }
}

object! {
    /// The leaf of a record in a batch.
    #[derive(Eq)]
    pub struct Leaf {
        /// The record.
        pub record: H256,
        /// The salt of its attributes.
        pub salt: H256,
        /// The salted hash of its attributes.
        pub digest: H256,
        /// The leaf.
        pub leaf: H256,
    }
}

method! {
    /// Destroys the key and the salt of a record, and those of its summaries.
    #[method("vault_erase", by = [Operator], answer = Erased, errors = [NotFound, Storage, Damaged])]
    #[serde(deny_unknown_fields)]
    pub struct Erase {
        /// The record.
        pub record: H256,
    }
}

method! {
    /// Destroys the keys and the salts of everything of a patient.
    #[method("vault_erasePatient", by = [Operator], answer = Erased, errors = [NotFound, Storage, Damaged])]
    #[serde(deny_unknown_fields)]
    pub struct ErasePatient {
        /// The patient.
        pub patient: Account,
    }
}

object! {
    /// What was erased.
    #[derive(Eq)]
    pub struct Erased {
        /// How many documents.
        pub documents: u64,
        /// How many summaries.
        pub summaries: u64,
    }
}
