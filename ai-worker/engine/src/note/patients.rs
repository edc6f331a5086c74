//! Whose note a document is: every reference in it to a patient, resolved as far as the document allows.

use std::collections::{BTreeMap, BTreeSet};

use galen_fhir::reference::unversioned;
use serde_json::Value;

use super::identity::list;

/// The patients that a document names, so far.
///
/// Two references are one patient's if they are the same text without a version, if one is the end of the
/// other's URL, or if both lead to one Patient of the document: by its id, by the `fullUrl` of its entry, or
/// by one of its identifiers.
#[derive(Default)]
pub(super) struct Patients {
    /// Patients, as they are known here: by `Patient/ID`, or by their place where they have no id.
    known: BTreeSet<String>,
    /// What else leads to one of them.
    aliases: BTreeMap<String, String>,
    /// References to patients, in the order of the document.
    references: Vec<String>,
}

impl Patients {
    /// Takes notice of a Patient. `full_url` is that of its entry in a Bundle; `within` numbers the resource
    /// that contains it.
    pub fn add(&mut self, patient: &Value, full_url: Option<&str>, within: Option<usize>) {
        let id = patient["id"].as_str().filter(|id| !id.is_empty());
        let name = match (id, within) {
            (Some(id), None) => format!("Patient/{id}"),
            (Some(id), Some(place)) => format!("{place}#{id}"),
            // Without an id, nothing tells two of them from one.
            (None, _) => format!("?{}", self.known.len()),
        };
        if let Some(url) = full_url {
            self.aliases.insert(unversioned(url).to_owned(), name.clone());
        }
        for identifier in list(&patient["identifier"]) {
            self.aliases.insert(identifier_key(identifier), name.clone());
        }
        self.known.insert(name);
    }

    /// Takes notice of a reference to a patient from resource number `within`.
    pub fn refer(&mut self, reference: &Value, within: usize) {
        let text = reference["reference"].as_str().filter(|text| !text.is_empty());
        match text {
            Some(local) if local.starts_with('#') => self.references.push(format!("{within}{local}")),
            Some(text) => self.references.push(unversioned(text).to_owned()),
            None if reference["identifier"].is_object() => {
                self.references.push(identifier_key(&reference["identifier"]));
            }
            None => {}
        }
    }

    /// Takes notice that a reference from resource number `within` is to the resource's subject: a Patient that it contains is no
    /// other person.
    pub fn is_the_subject(&mut self, reference: &Value, within: usize) {
        if let Some(local) = reference["reference"].as_str().filter(|text| text.starts_with('#')) {
            self.known.remove(&format!("{within}{local}"));
        }
    }

    /// Says whether the document names more than one patient, or some that cannot be told to be one.
    pub fn are_several(&self) -> bool {
        let mut all: BTreeSet<&str> = self.known.iter().map(String::as_str).collect();
        for reference in &self.references {
            let reference = self.aliases.get(reference).unwrap_or(reference).as_str();
            let same = all.iter().find(|known| is_same(known, reference)).copied();
            if same.is_none() {
                all.insert(reference);
            }
        }
        all.len() > 1
    }
}

fn is_same(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| {
        long.contains("://")
            && !short.contains("://")
            && short.contains('/')
            && long.strip_suffix(short).is_some_and(|server| server.ends_with('/'))
    };
    one == other || ends(one, other) || ends(other, one)
}

fn identifier_key(identifier: &Value) -> String {
    let part = |name: &str| identifier[name].as_str().unwrap_or_default();
    format!("|{}|{}", part("system"), part("value"))
}
