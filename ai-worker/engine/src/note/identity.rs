//! What identifies the patient, out of the FHIR resources that name them.

use serde_json::Value;

use super::span::Class;

/// The patient's own identifiers. There is no `Debug`: it would print them.
#[derive(Clone, Default)]
pub struct Identity {
    /// Names and their parts.
    pub(super) names: Vec<String>,
    /// Other values and what they are.
    pub(super) values: Vec<(Class, String)>,
}

impl Identity {
    /// Adds what a resource says about a person: Patient, RelatedPerson, Person or Practitioner.
    pub fn add(&mut self, resource: &Value) {
        for name in list(&resource["name"]) {
            self.add_human_name(name);
        }
        for identifier in list(&resource["identifier"]) {
            self.add_identifier(identifier);
        }
        for telecom in list(&resource["telecom"]) {
            self.add_telecom(telecom);
        }
        for address in list(&resource["address"]) {
            self.add_address(address);
        }
        for contact in list(&resource["contact"]) {
            self.add_human_name(&contact["name"]);
            self.add_address(&contact["address"]);
            for telecom in list(&contact["telecom"]) {
                self.add_telecom(telecom);
            }
        }
        for key in ["birthDate", "deceasedDateTime"] {
            // The year alone may stay; the rest of the date is found in any spelling by the patterns.
            if let Some(date) = resource[key].as_str().filter(|date| date.len() > 4) {
                self.add_value(Class::Date, date);
            }
        }
        for extension in list(&resource["extension"]) {
            let url = extension["url"].as_str().unwrap_or_default();
            if url.ends_with("mothersMaidenName") {
                self.add_name(extension["valueString"].as_str().unwrap_or_default());
            } else if url.ends_with("birthPlace") {
                self.add_address(&extension["valueAddress"]);
            }
        }
    }

    /// Adds a person's name as one text, such as a reference's `display`.
    pub fn add_name(&mut self, name: &str) {
        for part in name.split([' ', ',', '\t']) {
            let part = part.trim_matches(|c: char| !c.is_alphanumeric());
            let title = ["dr", "mr", "mrs", "ms", "prof", "md", "miss", "sr", "jr", "ii", "iii", "rn", "phd"];
            // One letter says nothing, and would be found everywhere.
            if part.chars().count() >= 2 && !title.contains(&part.to_lowercase().as_str()) {
                push(&mut self.names, part.to_owned());
            }
        }
    }

    fn add_human_name(&mut self, name: &Value) {
        for key in ["text", "family"] {
            self.add_name(name[key].as_str().unwrap_or_default());
        }
        for given in list(&name["given"]) {
            self.add_name(given.as_str().unwrap_or_default());
        }
    }

    fn add_identifier(&mut self, identifier: &Value) {
        let Some(value) = identifier["value"].as_str() else {
            return;
        };
        let code = list(&identifier["type"]["coding"]).find_map(|c| c["code"].as_str()).unwrap_or_default();
        let class = match code {
            "SS" => Class::Ssn,
            "MR" => Class::Mrn,
            _ => Class::Id,
        };
        self.add_value(class, value);
    }

    fn add_telecom(&mut self, telecom: &Value) {
        let class = match telecom["system"].as_str() {
            Some("email") => Class::Email,
            Some("fax") => Class::Fax,
            Some("url") => Class::Url,
            _ => Class::Phone,
        };
        self.add_value(class, telecom["value"].as_str().unwrap_or_default());
    }

    fn add_address(&mut self, address: &Value) {
        for line in list(&address["line"]) {
            self.add_value(Class::Address, line.as_str().unwrap_or_default());
        }
        // The state may stay (45 CFR 164.514(b)(2)(i)(B)); smaller units may not.
        for key in ["text", "city", "district", "postalCode"] {
            self.add_value(Class::Address, address[key].as_str().unwrap_or_default());
        }
    }

    fn add_value(&mut self, class: Class, value: &str) {
        let value = value.trim();
        if value.chars().count() >= 3 {
            push(&mut self.values, (class, value.to_owned()));
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The items of an array; nothing of anything else.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
