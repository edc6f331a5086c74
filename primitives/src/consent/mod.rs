//! Consents as they stand on chain: IHE PCF's cardinalities, with random or blinded ids in place of names and labels.
//!
//! [`terms`] is what is agreed, [`text`] what the patient signs, [`version`] what the chain keeps of it,
//! [`decision`] the question and the answer, [`guardian`] who else may sign, [`usage`] who read and what that binds
//! to. The rules are those of [`pcf`]: the same function decides here and over FHIR resources.

pub mod codes;
pub mod decision;
pub mod guardian;
pub mod pcf;
pub mod terms;
pub mod text;
pub mod usage;
pub mod version;

pub use crate::signature::PatientSignature;
pub use codes::{Confidentiality, Duo, Policy, Purpose};
pub use decision::{Basis, Decision, Obligations, Outcome, Part, Question, Reason, decide};
pub use guardian::{Guardianship, Mandate, Standing};
pub use terms::{
    Actors, ConsentTerms, Data, DuoCodes, Effect, Exceptions, Labels, Levels, Meaning, NamedData, Period,
    Provision, Purposes,
};
pub use usage::{Owed, OwedPage, Settlement, Use};
pub use version::{ConsentVersion, Ended, Ending, Past, Patient};
