//! The baseline: what headings, separators and a few phrases find without any model.
//!
//! It knows sections under headings (markdown, capitals, "Key:"), lists in lines and bullets, and the phrases
//! that precede a list in a sentence. It is meant to be fair, not to be improved until it fits one set of
//! notes.

use crate::{Field, Status};

/// A name that the rules take for a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub field: Field,
    pub status: Status,
    pub quote: String,
}

/// What the lines under a heading are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// A list of facts.
    List(Field, Status),
    /// Sentences.
    Prose,
    /// Nothing that counts.
    Skip,
}

/// Words of headings, the telling ones first.
const HEADINGS: &[(&str, Section)] = &[
    ("chief complaint", Section::Skip),
    ("reason for", Section::Skip),
    ("presenting complaint", Section::Skip),
    ("immuni", Section::Skip),
    ("vaccin", Section::Skip),
    ("social", Section::Skip),
    ("careplan", Section::Skip),
    ("vital", Section::Skip),
    ("family", Section::List(Field::Problems, Status::Family)),
    ("allerg", Section::List(Field::Allergies, Status::Present)),
    ("stopped", Section::List(Field::Medications, Status::Past)),
    ("discontinued", Section::List(Field::Medications, Status::Past)),
    ("medic", Section::List(Field::Medications, Status::Present)),
    ("meds", Section::List(Field::Medications, Status::Present)),
    ("prescri", Section::List(Field::Medications, Status::Present)),
    ("present illness", Section::Prose),
    ("surgical history", Section::List(Field::Procedures, Status::Past)),
    ("procedure", Section::List(Field::Procedures, Status::Present)),
    ("operation", Section::List(Field::Procedures, Status::Present)),
    ("history", Section::List(Field::Problems, Status::Past)),
    ("pmh", Section::List(Field::Problems, Status::Past)),
    ("problem", Section::List(Field::Problems, Status::Present)),
    ("diagnos", Section::List(Field::Problems, Status::Present)),
    ("impression", Section::List(Field::Problems, Status::Present)),
];

/// Phrases after which a sentence lists facts.
const PHRASES: &[(&str, Field, Status)] = &[
    ("history of ", Field::Problems, Status::Past),
    ("presenting with ", Field::Problems, Status::Present),
    ("presents with ", Field::Problems, Status::Present),
    ("complains of ", Field::Problems, Status::Present),
    ("diagnosed with ", Field::Problems, Status::Present),
    ("denies ", Field::Problems, Status::Absent),
    ("no evidence of ", Field::Problems, Status::Absent),
    ("negative for ", Field::Problems, Status::Absent),
    ("allergic to ", Field::Allergies, Status::Present),
    ("prescribed ", Field::Medications, Status::Present),
    ("is taking ", Field::Medications, Status::Present),
    ("underwent ", Field::Procedures, Status::Present),
];

/// Beginnings of items that say there is nothing.
const NOTHING: &[&str] = &["no ", "none", "nkda", "nil", "unremarkable", "not ", "denies", "negative"];

/// What the rules find in a note.
#[must_use]
pub fn extract(note: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut section = Section::Prose;
    for line in note.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let plain = line.trim_start_matches('#').trim();
        let bullet = bullet(line);
        if bullet.is_none() && (line.starts_with('#') || is_capitals(line) || line.ends_with(':')) {
            section = section_of(plain);
            continue;
        }
        if let Some(item) = bullet {
            take(item, section, true, &mut found);
            continue;
        }
        // "Key: items" in one line.
        if let Some((key, rest)) = line.split_once(": ")
            && key.len() <= 40
            && let inline @ (Section::List(..) | Section::Skip) = section_of(key)
        {
            take(rest, inline, false, &mut found);
            continue;
        }
        take(line, section, false, &mut found);
    }
    found
}

fn section_of(heading: &str) -> Section {
    let heading = heading.to_lowercase();
    HEADINGS.iter().find(|(word, _)| heading.contains(word)).map_or(Section::Prose, |(_, section)| *section)
}

fn is_capitals(line: &str) -> bool {
    let letters = line.chars().filter(char::is_ascii_alphabetic).count();
    line.len() <= 40 && letters >= 4 && !line.chars().any(char::is_lowercase)
}

/// What follows a bullet's marker.
fn bullet(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let marks: &[&str] = if digits == 0 { &["- ", "* ", "\u{2022} "] } else { &[". ", ") "] };
    marks.iter().find_map(|mark| rest.strip_prefix(mark))
}

fn take(text: &str, section: Section, bullet: bool, found: &mut Vec<Found>) {
    match section {
        Section::Skip => {}
        Section::List(field, status) if bullet => push(text, field, status, found),
        Section::List(field, status) => {
            for item in split(text.trim_end_matches('.')) {
                push(item, field, status, found);
            }
        }
        Section::Prose => {
            for sentence in text.split_inclusive(". ").map(|sentence| sentence.trim().trim_end_matches('.')) {
                phrases(sentence, found);
            }
        }
    }
}

/// The lists of a sentence.
fn phrases(sentence: &str, found: &mut Vec<Found>) {
    let lower = sentence.to_ascii_lowercase();
    let first = PHRASES
        .iter()
        .filter_map(|phrase| Some((lower.find(phrase.0)? + phrase.0.len(), phrase)))
        .min_by_key(|(at, _)| *at);
    if let Some((at, (_, field, status))) = first {
        for item in split(&sentence[at..]) {
            push(item, *field, *status, found);
        }
    }
}

/// Items between semicolons, or, where there is none, between commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    if text.contains(';') {
        return text.split(';').collect();
    }
    let mut items = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&text[start..]);
    items
}

fn push(item: &str, field: Field, status: Status, found: &mut Vec<Found>) {
    let item = item.trim();
    let item = item.strip_prefix("and ").or_else(|| item.strip_prefix("or ")).unwrap_or(item);
    let lower = item.to_lowercase();
    if item.chars().filter(|c| c.is_alphabetic()).count() < 3
        || NOTHING.iter().any(|word| lower.starts_with(word))
    {
        return;
    }
    found.push(Found { field, status, quote: item.to_owned() });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(note: &str) -> Vec<(Field, Status, String)> {
        extract(note).into_iter().map(|found| (found.field, found.status, found.quote)).collect()
    }

    #[test]
    fn sections_lists_and_phrases() {
        let note = "# Chief Complaint\n- Thirst\n# History of Present Illness\nPatient has a history of gout (disorder), anemia.\n\
                    # Allergies\nNo Known Allergies.\n# Medications\ninsulin, human 70 unt/ml; aspirin 81 mg\n\
                    ## Plan\nThe following procedures were conducted:\n- count, complete\nDenies fever or cough.\n";
        let expected = [
            (Field::Problems, Status::Past, "gout (disorder)"),
            (Field::Problems, Status::Past, "anemia"),
            (Field::Medications, Status::Present, "insulin, human 70 unt/ml"),
            (Field::Medications, Status::Present, "aspirin 81 mg"),
            (Field::Procedures, Status::Present, "count, complete"),
        ];
        assert_eq!(quotes(note), expected.map(|(field, status, quote)| (field, status, quote.to_owned())));
        assert_eq!(quotes("ALLERGIES: penicillin, latex").len(), 2);
        assert_eq!(quotes("She denies chest pain.")[0].1, Status::Absent);
    }
}
