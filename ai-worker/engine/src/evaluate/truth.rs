//! Notes and what the structured resources say they state.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Field;
use crate::note::{Note, NoteError};

/// The fields that resources tell the truth about, in the order of reports.
pub const FIELDS: [Field; 4] = [Field::Problems, Field::Medications, Field::Procedures, Field::Allergies];

/// Folded names for each of [`FIELDS`].
pub type Names = [BTreeSet<String>; 4];

/// A note and its truth: every Condition, MedicationRequest, Procedure and AllergyIntolerance of its patient
/// whose text occurs in it, case and white space folded.
pub struct Case {
    pub note: Note,
    pub truth: Names,
}

/// Why a folder cannot be read. File and line, counted from 1, but nothing of the content.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, std::io::ErrorKind),
    #[error("{0}, line {1}: no JSON")]
    Json(PathBuf, usize),
    #[error("{0}, line {1}: {2}")]
    Note(PathBuf, usize, NoteError),
    #[error("{0} holds neither *.ndjson nor *.json with a note (DocumentReference with text)")]
    Empty(PathBuf),
}

/// Reads a folder of `*.ndjson` files and Bundles (`*.json`), in the order of file names.
///
/// # Errors
/// [`TruthError`], when a file is unreadable or malformed or no note is found.
pub fn read(folder: &Path) -> Result<Vec<Case>, TruthError> {
    let failed = |path: &Path, error: std::io::Error| TruthError::File(path.to_owned(), error.kind());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        files.push(entry.map_err(|error| failed(folder, error))?.path());
    }
    files.sort();

    let mut pool = Pool::default();
    for path in &files {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if !matches!(kind, "ndjson" | "json") {
            continue;
        }
        let text = std::fs::read_to_string(path).map_err(|error| failed(path, error))?;
        if kind == "json" {
            let value =
                serde_json::from_str(&text).map_err(|error| TruthError::Json(path.clone(), error.line()))?;
            pool.add(value, path, 1)?;
            continue;
        }
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let value = serde_json::from_str(text).map_err(|_| TruthError::Json(path.clone(), line))?;
            pool.add(value, path, line)?;
        }
    }
    let cases = pool.cases();
    if cases.is_empty() { Err(TruthError::Empty(folder.to_owned())) } else { Ok(cases) }
}

/// Lower case, and every run of white space one space.
#[must_use]
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[derive(Default)]
struct Pool {
    notes: Vec<(String, Note)>,
    patients: HashMap<String, Value>,
    /// Patient, index of the field, concept.
    stated: Vec<(String, usize, Concept)>,
    medications: HashMap<String, Vec<String>>,
}

enum Concept {
    Names(Vec<String>),
    /// The id of a Medication.
    Reference(String),
}

impl Pool {
    fn add(&mut self, mut resource: Value, path: &Path, line: usize) -> Result<(), TruthError> {
        let patient = ["subject", "patient"]
            .iter()
            .find_map(|key| resource[key]["reference"].as_str())
            .map(|reference| id(reference).to_owned())
            .unwrap_or_default();
        match resource["resourceType"].as_str().unwrap_or_default() {
            "Bundle" => {
                for entry in resource["entry"].as_array_mut().into_iter().flatten() {
                    self.add(entry["resource"].take(), path, line)?;
                }
            }
            "DocumentReference" => match Note::from_json(&resource) {
                Ok(note) => self.notes.push((patient, note)),
                // A scan or a link: nothing that a model could read.
                Err(NoteError::NoText(_)) => {}
                Err(error) => return Err(TruthError::Note(path.to_owned(), line, error)),
            },
            "Patient" => {
                let id = resource["id"].as_str().unwrap_or_default().to_owned();
                self.patients.insert(id, resource);
            }
            "Medication" => {
                let id = resource["id"].as_str().unwrap_or_default().to_owned();
                self.medications.insert(id, names(&resource["code"]));
            }
            "Condition" => self.state(patient, 0, Concept::Names(names(&resource["code"]))),
            "MedicationRequest" => {
                let concept = match resource["medicationReference"]["reference"].as_str() {
                    Some(reference) => Concept::Reference(id(reference).to_owned()),
                    None => Concept::Names(names(&resource["medicationCodeableConcept"])),
                };
                self.state(patient, 1, concept);
            }
            "Procedure" => self.state(patient, 2, Concept::Names(names(&resource["code"]))),
            "AllergyIntolerance" => self.state(patient, 3, Concept::Names(names(&resource["code"]))),
            _ => {}
        }
        Ok(())
    }

    fn state(&mut self, patient: String, field: usize, concept: Concept) {
        self.stated.push((patient, field, concept));
    }

    fn cases(self) -> Vec<Case> {
        let mut known: HashMap<&str, Names> = HashMap::new();
        for (patient, field, concept) in &self.stated {
            let names = match concept {
                Concept::Names(names) => names.as_slice(),
                Concept::Reference(id) => self.medications.get(id).map_or(&[][..], Vec::as_slice),
            };
            known.entry(patient).or_default()[*field].extend(names.iter().cloned());
        }
        let case = |(patient, mut note): (String, Note)| {
            let text = fold(note.text());
            let mut truth = Names::default();
            if let Some(known) = known.get(patient.as_str()) {
                for (truth, known) in truth.iter_mut().zip(known) {
                    truth.extend(known.iter().filter(|name| text.contains(name.as_str())).cloned());
                }
            }
            if let Some(patient) = self.patients.get(&patient) {
                note.add_person(patient);
            }
            Case { note, truth }
        };
        self.notes.into_iter().map(case).collect()
    }
}

/// The last part of a reference: `Patient/1`, `urn:uuid:1` and a URL that ends in `/1` mean the same.
fn id(reference: &str) -> &str {
    reference.rsplit(['/', ':']).next().unwrap_or_default()
}

/// What a concept is called: its text, else the displays of its codings.
fn names(concept: &Value) -> Vec<String> {
    let text = concept["text"].as_str().map(fold).filter(|text| !text.is_empty());
    match text {
        Some(text) => vec![text],
        None => {
            let codings = concept["coding"].as_array().into_iter().flatten();
            codings
                .filter_map(|coding| coding["display"].as_str())
                .map(fold)
                .filter(|name| !name.is_empty())
                .collect()
        }
    }
}
