//! A clinical note and its patient's identifiers, out of a FHIR R4 document or plain text.

use base64::Engine as _;
use serde_json::Value;

use super::CanonicalError;
use super::identity::{Identity, list};
use super::markup;
use galen_fhir::canonical;

/// The longest note that is read, in characters.
pub const MAX_CHARACTERS: usize = 1_000_000;

/// A note. Offsets of facts count the characters (Unicode scalar values) of [`Note::text`].
#[derive(Clone)]
pub struct Note {
    text: String,
    identity: Identity,
    device_observations: Vec<Value>,
}

impl std::fmt::Debug for Note {
    /// Says nothing of the text, so that no log can.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Note({} bytes)", self.text.len())
    }
}

/// Why a document yields no note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error(transparent)]
    Document(#[from] CanonicalError),
    #[error("the JSON is no FHIR resource: it has no resourceType")]
    NoResource,
    #[error("the document holds no note: neither a text attachment nor a section with a narrative")]
    NoText,
    #[error("an attachment is no base64")]
    Base64,
    #[error("an attachment that claims to be text is not UTF-8")]
    AttachmentEncoding,
    #[error("the document names several patients; a note has one")]
    SeveralPatients,
    #[error("the note has more than {MAX_CHARACTERS} characters")]
    TooLong,
}

impl Note {
    /// Reads a document as it came: a FHIR resource in JSON, or plain text in UTF-8.
    ///
    /// # Errors
    /// [`NoteError`], when there is no text in it or it cannot be read.
    pub fn from_bytes(document: &[u8]) -> Result<Self, NoteError> {
        let text = std::str::from_utf8(document).map_err(|_| CanonicalError::NotUtf8)?;
        if canonical::is_json(text) {
            Self::from_json(&canonical::parse(text)?)
        } else {
            Self::from_text(text)
        }
    }

    /// A note of plain text, about whose patient nothing is known.
    ///
    /// # Errors
    /// [`NoteError::NoText`] if it is blank, [`NoteError::TooLong`].
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        if text.trim().is_empty() {
            return Err(NoteError::NoText);
        }
        if text.chars().count() > MAX_CHARACTERS {
            return Err(NoteError::TooLong);
        }
        Ok(Self { text: text.to_owned(), identity: Identity::default(), device_observations: Vec::new() })
    }

    /// Reads a FHIR R4 resource: DocumentReference, Composition, DiagnosticReport, Binary, or a Bundle of these with
    /// the Patient. The texts of several attachments and sections are joined by a blank line.
    ///
    /// # Errors
    /// [`NoteError`], when there is no text in it or it cannot be read.
    pub fn from_json(document: &Value) -> Result<Self, NoteError> {
        let mut found = Found::default();
        found.resource(document)?;
        if found.patients.len() > 1 {
            return Err(NoteError::SeveralPatients);
        }
        let mut note = Self::from_text(&found.parts.join("\n\n"))?;
        note.identity = found.identity;
        note.device_observations = found.device_observations;
        Ok(note)
    }

    /// Adds the identifiers of a Patient (or RelatedPerson) that came beside the document.
    pub fn add_person(&mut self, person: &Value) {
        self.identity.add(person);
    }

    /// The text that offsets count in.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The `Observation`s that say to come from a device. They are no text of the note; whether one may be cited is for
    /// the worker's `readings::cite` to say.
    #[must_use]
    pub fn device_observations(&self) -> &[Value] {
        &self.device_observations
    }

    /// What identifies the patient.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// What was found in a document so far.
#[derive(Default)]
struct Found {
    parts: Vec<String>,
    identity: Identity,
    patients: Vec<String>,
    device_observations: Vec<Value>,
}

impl Found {
    fn resource(&mut self, resource: &Value) -> Result<(), NoteError> {
        let kind = resource["resourceType"].as_str().ok_or(NoteError::NoResource)?;
        match kind {
            "Bundle" => {
                for entry in list(&resource["entry"]).map(|entry| &entry["resource"]) {
                    // A transaction may hold entries without a resource.
                    if entry.is_object() {
                        self.resource(entry)?;
                    }
                }
            }
            "DocumentReference" => {
                for content in list(&resource["content"]) {
                    self.attachment(&content["attachment"])?;
                }
            }
            "DiagnosticReport" => {
                for form in list(&resource["presentedForm"]) {
                    self.attachment(form)?;
                }
            }
            "Binary" => self.attachment(resource)?,
            "Composition" => {
                for section in list(&resource["section"]) {
                    self.section(section);
                }
            }
            "Patient" => {
                let id = resource["id"].as_str().unwrap_or_default().to_owned();
                if !self.patients.contains(&id) {
                    self.patients.push(id);
                }
                self.identity.add(resource);
            }
            "Observation" if !resource["device"].is_null() => {
                self.device_observations.push(resource.clone());
            }
            "RelatedPerson" | "Person" | "Practitioner" => self.identity.add(resource),
            _ => {}
        }
        for contained in list(&resource["contained"]) {
            if contained.is_object() {
                self.resource(contained)?;
            }
        }
        for person in
            [&resource["subject"], &resource["patient"]].into_iter().chain(list(&resource["author"]))
        {
            // An organisation's name is made of ordinary words, which would then be missing from the note.
            let reference = person["reference"].as_str().unwrap_or_default();
            if ["Patient", "Practitioner", "RelatedPerson"].iter().any(|kind| reference.starts_with(kind)) {
                self.identity.add_name(person["display"].as_str().unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Takes an attachment's text. Images, PDFs and references are no text and are passed over.
    fn attachment(&mut self, attachment: &Value) -> Result<(), NoteError> {
        let Some(data) = attachment["data"].as_str() else {
            return Ok(());
        };
        let kind = attachment["contentType"].as_str().unwrap_or("text/plain").to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let marked = matches!(kind, "text/html" | "application/xhtml+xml");
        if !marked && !matches!(kind, "text/plain" | "text/markdown") {
            return Ok(());
        }
        let packed: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| NoteError::Base64)?;
        let text = String::from_utf8(bytes).map_err(|_| NoteError::AttachmentEncoding)?;
        self.push(if marked { markup::text(&text) } else { text });
        Ok(())
    }

    fn section(&mut self, section: &Value) {
        let mut text = String::new();
        if let Some(title) = section["title"].as_str().filter(|title| !title.trim().is_empty()) {
            text.push_str("# ");
            text.push_str(title.trim());
            text.push('\n');
        }
        text.push_str(&markup::text(section["text"]["div"].as_str().unwrap_or_default()));
        self.push(text);
        for inner in list(&section["section"]) {
            self.section(inner);
        }
    }

    fn push(&mut self, text: String) {
        if !text.trim().is_empty() {
            self.parts.push(text);
        }
    }
}
