//! A clinical note and its patient's identifiers, out of a FHIR R4 document or plain text.

use base64::Engine as _;
use serde_json::Value;

use super::CanonicalError;
use super::format::{Charset, Format, sniff};
use super::identity::{Identity, list};
use super::markup;
use super::patients::Patients;
use galen_fhir::{canonical, reference::unversioned};

/// The longest note that is read, in characters.
pub const MAX_CHARACTERS: usize = 1_000_000;

/// A note. Offsets of facts count the characters (Unicode scalar values) of [`Note::text`].
#[derive(Clone)]
pub struct Note {
    text: String,
    identity: Identity,
    device_observations: Vec<Value>,
    unread: Vec<Unread>,
}

/// A part of a document that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unread {
    /// An attachment in a format that is no text.
    Attachment(Format),
    /// An attachment that is only a link.
    Link,
    /// An attachment without content.
    Empty,
    /// Text that its author struck out.
    StruckOut,
}

impl Unread {
    /// Returns what it is, in words that go on after "not read: ".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Attachment(format) => format.advice().0,
            Self::Link => "a link",
            Self::Empty => "an empty attachment",
            Self::StruckOut => "struck-out text",
        }
    }
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
    #[error(
        "the document holds no note: no attachment of type text/plain, text/markdown or text/html with data, and no section with a narrative{}",
        found(.0)
    )]
    NoText(Vec<Unread>),
    #[error("the document is {}: {}", .0.advice().0, .0.advice().1)]
    Format(Format),
    #[error("the document was withdrawn ({0}): nothing is made of it")]
    Withdrawn(&'static str),
    #[error("an attachment is in a character set that is not read: UTF-8 and ISO-8859-1 are")]
    Charset,
    #[error("an attachment holds base64 within base64: encode it once")]
    TwiceEncoded,
    #[error("an attachment is no base64")]
    Base64,
    #[error("an attachment that claims to be text is not in the character set that it names (UTF-8 if none)")]
    AttachmentEncoding,
    #[error("the document names several patients; a note has one")]
    SeveralPatients,
    #[error("the note has more than {MAX_CHARACTERS} characters")]
    TooLong,
}

/// What was found instead of a note.
fn found(unread: &[Unread]) -> String {
    if unread.is_empty() {
        return String::new();
    }
    let mut words: Vec<&str> = unread.iter().map(|part| part.words()).collect();
    words.dedup();
    format!("; found, and not read: {}", words.join(", "))
}

impl Note {
    /// Reads a document as it came: a FHIR resource in JSON, or plain text in UTF-8.
    ///
    /// # Errors
    /// [`NoteError`], when there is no text in it or it cannot be read.
    pub fn from_bytes(document: &[u8]) -> Result<Self, NoteError> {
        if let Some(format) = sniff(document) {
            return Err(NoteError::Format(format));
        }
        let text = std::str::from_utf8(document).map_err(|_| CanonicalError::NotUtf8)?;
        if canonical::is_json(text) {
            Self::from_json(&canonical::parse(text)?)
        } else {
            Self::from_text(text)
        }
    }

    /// A note of plain text, about whose patient nothing is known. Every kind of line end becomes a line
    /// feed, one character for one; only a carriage return before a line feed stays.
    ///
    /// # Errors
    /// [`NoteError::NoText`] if it is blank, [`NoteError::TooLong`], [`NoteError::Format`] if it is text in
    /// another format.
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        let text = text.trim_start_matches('\u{feff}');
        if let Some(format) = sniff(text.as_bytes()) {
            return Err(NoteError::Format(format));
        }
        Self::of_text(text)
    }

    fn of_text(text: &str) -> Result<Self, NoteError> {
        if text.trim().is_empty() {
            return Err(NoteError::NoText(Vec::new()));
        }
        if text.chars().count() > MAX_CHARACTERS {
            return Err(NoteError::TooLong);
        }
        Ok(Self {
            text: with_line_feeds(text),
            identity: Identity::default(),
            device_observations: Vec::new(),
            unread: Vec::new(),
        })
    }

    /// Reads a FHIR R4 resource: DocumentReference, Composition, DiagnosticReport, Binary, or a Bundle of
    /// these with the Patient. The texts of several attachments and sections are joined by a blank line.
    ///
    /// # Errors
    /// [`NoteError`], when there is no text in it or it cannot be read.
    pub fn from_json(document: &Value) -> Result<Self, NoteError> {
        let mut found = Found::default();
        found.resource(document, Place::default())?;
        if found.patients.are_several() {
            return Err(NoteError::SeveralPatients);
        }
        if found.parts.is_empty() {
            return Err(NoteError::NoText(found.unread));
        }
        let mut note = Self::of_text(&found.parts.join("\n\n"))?;
        note.identity = found.identity;
        note.unread = found.unread;
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

    /// The `Observation`s that say to come from a device. They are no text of the note; whether one may be
    /// cited is for the worker's `readings::cite` to say.
    #[must_use]
    pub fn device_observations(&self) -> &[Value] {
        &self.device_observations
    }

    /// What identifies the patient.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The parts of the document that are not in the text.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }
}

/// Makes a line feed of every line end of Unicode (UAX #14: BK, CR, NL) but that of CR LF, whose line feed
/// ends the line.
fn with_line_feeds(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        out.push(match character {
            '\r' if characters.peek() == Some(&'\n') => '\r',
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            other => other,
        });
    }
    out
}

/// Where a resource stands in the document.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    /// The `fullUrl` of its entry in a Bundle.
    full_url: Option<&'a str>,
    /// The number of the resource that contains it.
    within: Option<usize>,
}

/// Types of resource that are no person's, so that their names are made of ordinary words.
const NO_PERSON: [&str; 9] = [
    "CareTeam",
    "Device",
    "Endpoint",
    "Group",
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "Substance",
];

/// Whether a reference is to a person: by its `type`, or by the type in its text; if neither says,
/// `otherwise`.
fn is_to_a_person(reference: &Value, otherwise: bool) -> bool {
    let text = reference["reference"].as_str().unwrap_or_default();
    let text = unversioned(text);
    let kind = reference["type"].as_str().or_else(|| text.trim_end_matches('/').rsplit('/').nth(1));
    match kind {
        Some(kind) if NO_PERSON.contains(&kind) => false,
        Some("Patient" | "Practitioner" | "PractitionerRole" | "RelatedPerson" | "Person") => true,
        _ => otherwise,
    }
}

/// Whether a text is nothing but base64 that holds text: a note that was encoded twice.
fn is_base64_of_text(text: &str) -> bool {
    let packed: String = text.split_whitespace().collect();
    packed.len() >= 16
        && packed.len().is_multiple_of(4)
        && base64::engine::general_purpose::STANDARD
            .decode(&packed)
            .is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok_and(|text| text.contains([' ', '\n'])))
}

/// Refuses a document that its author took back, or that another one has replaced (FHIR R4:
/// `DocumentReference.status`, `docStatus`, `Composition.status`, `DiagnosticReport.status`).
fn withdrawn(kind: &str, resource: &Value) -> Result<(), NoteError> {
    let is = |name: &str, status: &str| resource[name] == status;
    if !matches!(kind, "DocumentReference" | "Composition" | "DiagnosticReport") {
        return Ok(());
    }
    if is("status", "entered-in-error") || is("docStatus", "entered-in-error") {
        Err(NoteError::Withdrawn("entered in error"))
    } else if is("status", "cancelled") {
        Err(NoteError::Withdrawn("cancelled"))
    } else if is("status", "superseded") {
        Err(NoteError::Withdrawn("superseded: hand over the document that replaces it"))
    } else {
        Ok(())
    }
}

/// What was found in a document so far.
#[derive(Default)]
struct Found {
    parts: Vec<String>,
    identity: Identity,
    patients: Patients,
    device_observations: Vec<Value>,
    unread: Vec<Unread>,
    /// How many resources were met.
    resources: usize,
}

impl Found {
    fn resource(&mut self, resource: &Value, place: Place<'_>) -> Result<(), NoteError> {
        let kind = resource["resourceType"].as_str().ok_or(NoteError::NoResource)?;
        let number = self.resources;
        self.resources += 1;
        withdrawn(kind, resource)?;
        match kind {
            "Bundle" => {
                for entry in list(&resource["entry"]) {
                    // A transaction may hold entries without a resource.
                    if entry["resource"].is_object() {
                        let place = Place { full_url: entry["fullUrl"].as_str(), within: None };
                        self.resource(&entry["resource"], place)?;
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
                self.patients.add(resource, place.full_url, place.within);
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
                self.resource(contained, Place { full_url: None, within: Some(number) })?;
            }
        }
        self.people(resource, number);
        Ok(())
    }

    /// Takes the names of the people that a resource refers to, and whose patient it is.
    fn people(&mut self, resource: &Value, number: usize) {
        for patient in [&resource["subject"], &resource["patient"]] {
            if is_to_a_person(patient, true) {
                self.patients.refer(patient, number);
                self.identity.add_name(patient["display"].as_str().unwrap_or_default());
            }
        }
        // By definition the subject, as the document's source knew the person (FHIR R4, DocumentReference).
        let source = &resource["context"]["sourcePatientInfo"];
        self.identity.add_name(source["display"].as_str().unwrap_or_default());
        if resource["subject"].is_object() {
            self.patients.is_the_subject(source, number);
        } else {
            self.patients.refer(source, number);
        }
        let parties = list(&resource["attester"]).map(|attester| &attester["party"]);
        let others = list(&resource["author"]).chain(list(&resource["performer"])).chain(parties);
        for person in others.chain([&resource["authenticator"]]) {
            // An organisation's name is made of ordinary words, which would then be missing from the note.
            if is_to_a_person(person, false) {
                self.identity.add_name(person["display"].as_str().unwrap_or_default());
            }
        }
    }

    /// Takes an attachment's text. What is no text is noted as unread.
    fn attachment(&mut self, attachment: &Value) -> Result<(), NoteError> {
        let data = attachment["data"].as_str().unwrap_or_default();
        if data.trim().is_empty() {
            let link = attachment["url"].as_str().is_some_and(|url| !url.is_empty());
            if attachment.is_object() {
                self.unread.push(if link { Unread::Link } else { Unread::Empty });
            }
            return Ok(());
        }
        let kind = attachment["contentType"].as_str().unwrap_or("text/plain").to_ascii_lowercase();
        let mut parameters = kind.split(';');
        let kind = parameters.next().unwrap_or_default().trim();
        let marked = matches!(kind, "text/html" | "application/xhtml+xml");
        if !marked && !matches!(kind, "text/plain" | "text/markdown") {
            self.unread.push(Unread::Attachment(Format::of_type(kind)));
            return Ok(());
        }
        let charset = parameters.find_map(|parameter| parameter.trim().strip_prefix("charset="));
        let charset = match charset {
            None => Charset::Utf8,
            Some(name) => Charset::named(name).ok_or(NoteError::Charset)?,
        };
        let packed: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| NoteError::Base64)?;
        // What it claims to be and what it is may differ.
        if let Some(format) =
            sniff(&bytes).filter(|format| !(marked && matches!(format, Format::Html | Format::Xml)))
        {
            self.unread.push(Unread::Attachment(format));
            return Ok(());
        }
        let text = charset.decode(&bytes).ok_or(NoteError::AttachmentEncoding)?;
        if is_base64_of_text(&text) {
            return Err(NoteError::TwiceEncoded);
        }
        let text = if marked { self.markup(&text) } else { text.trim_start_matches('\u{feff}').to_owned() };
        self.push(text);
        Ok(())
    }

    fn markup(&mut self, markup: &str) -> String {
        let read = markup::text(markup);
        if read.struck_out {
            self.unread.push(Unread::StruckOut);
        }
        read.text
    }

    fn section(&mut self, section: &Value) {
        let mut text = String::new();
        if let Some(title) = section["title"].as_str().filter(|title| !title.trim().is_empty()) {
            text.push_str("# ");
            text.push_str(title.trim());
            text.push('\n');
        }
        text.push_str(&self.markup(section["text"]["div"].as_str().unwrap_or_default()));
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
