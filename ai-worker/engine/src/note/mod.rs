//! Thin views over FHIR R4 JSON: what a summary needs and nothing else.
//!
//! Documents stay `serde_json::Value`s, because typed models lose extensions. Nothing in this module logs,
//! and no error in it repeats a part of a document.

pub mod deidentify;
pub mod document;
pub mod format;
pub mod identity;
mod markup;
mod patients;
mod patterns;
mod span;

pub use deidentify::{Mapped, Redacted, deidentify};
pub use document::{Note, NoteError, Unread};
pub use galen_fhir::canonical::{CanonicalError, Form, canonical};
pub use identity::Identity;
pub use span::Class;
