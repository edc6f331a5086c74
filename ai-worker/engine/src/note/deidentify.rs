//! Removes what identifies the patient before a model reads the note: HIPAA's Safe Harbor, 45 CFR
//! 164.514(b)(2).
//!
//! First the patient's own names, numbers and addresses, which the FHIR resources give; then patterns for the
//! eighteen classes. What is found is replaced by a placeholder. It is no proof of anonymity: a name that
//! stands in running text, belongs to nobody the resources name and follows no title is not found.

use super::identity::Identity;
use super::patterns;
use super::span::{Class, Span};

/// A character and where it comes from: the half-open range of character offsets in the original text. The
/// characters of a placeholder all stand for the whole of what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    pub ch: char,
    pub start: u32,
    pub end: u32,
}

/// A text without identifiers.
#[derive(Clone)]
pub struct Redacted {
    pub chars: Vec<Mapped>,
    /// How many passages were replaced.
    pub removed: u32,
}

impl Redacted {
    /// The text itself.
    #[must_use]
    pub fn text(&self) -> String {
        self.chars.iter().map(|mapped| mapped.ch).collect()
    }
}

/// Replaces identifiers by placeholders. The same text and identity give the same result.
#[must_use]
pub fn deidentify(text: &str, identity: &Identity) -> Redacted {
    let mut spans = Vec::new();
    own(text, identity, &mut spans);
    patterns::find(text, &mut spans);
    let spans = merge(text, spans);

    let mut chars = Vec::with_capacity(text.len());
    let mut next = spans.iter().peekable();
    let mut removing: Option<(u32, &Span)> = None;
    let mut count = 0u32;
    for (byte, ch) in text.char_indices() {
        if let Some((start, span)) = removing
            && byte >= span.end
        {
            place(&mut chars, span.class, start, count);
            removing = None;
        }
        if removing.is_none()
            && let Some(span) = next.next_if(|span| span.start <= byte)
        {
            removing = Some((count, span));
        }
        if removing.is_none() {
            chars.push(Mapped { ch, start: count, end: count + 1 });
        }
        count += 1;
    }
    if let Some((start, span)) = removing {
        place(&mut chars, span.class, start, count);
    }
    Redacted { chars, removed: u32::try_from(spans.len()).unwrap_or(u32::MAX) }
}

fn place(chars: &mut Vec<Mapped>, class: Class, start: u32, end: u32) {
    chars.extend(class.placeholder().chars().map(|ch| Mapped { ch, start, end }));
}

/// Sorts spans, joins those that overlap, and those of one class with only a space, or a comma and a space,
/// between.
fn merge(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.start < span.end);
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), span.class));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        if let Some(last) = merged.last_mut() {
            let near = last.class == span.class
                && text.get(last.end..span.start).is_some_and(|between| matches!(between, " " | ", " | ". "));
            if span.start < last.end || near {
                last.end = last.end.max(span.end);
                continue;
            }
        }
        merged.push(span);
    }
    merged
}

/// Names that are also ordinary words of notes: found only where they are capitalised.
const ORDINARY: [&str; 62] = [
    "able", "art", "back", "bell", "best", "bill", "black", "bone", "bowel", "brown", "child", "cold",
    "cook", "day", "drew", "early", "faith", "foot", "frank", "gene", "grace", "grant", "gray", "green",
    "hand", "hands", "head", "hill", "hope", "iris", "jack", "joint", "joy", "king", "lance", "little",
    "long", "love", "major", "mark", "may", "mild", "moody", "old", "pain", "pat", "penny", "price", "rash",
    "rich", "rose", "rusty", "sharp", "short", "sue", "swift", "violet", "white", "will", "wise", "wood",
    "young",
];

/// Finds the patient's own identifiers, whatever their case.
fn own(text: &str, identity: &Identity, spans: &mut Vec<Span>) {
    // One folded character for each, so that positions agree.
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let folded: Vec<char> = chars.iter().map(|(_, c)| fold(*c)).collect();
    let names = identity.names.iter().map(|name| (Class::Name, name));
    for (class, value) in names.chain(identity.values.iter().map(|(class, value)| (*class, value))) {
        let needle: Vec<char> = value.chars().map(fold).collect();
        let ordinary = needle.iter().collect::<String>();
        // A name or a city may be an everyday word; a number or a street may not.
        let capital = ORDINARY.contains(&ordinary.as_str())
            || (class == Class::Address && needle.iter().all(|c| c.is_alphabetic()));
        let mut at = 0;
        while let Some(found) = find(&folded[at..], &needle).map(|found| found + at) {
            let end = found + needle.len();
            let whole = (found == 0 || !folded[found - 1].is_alphanumeric())
                && folded.get(end).is_none_or(|c| !c.is_alphanumeric());
            if whole && (!capital || chars[found].1.is_uppercase()) {
                let to = chars.get(end).map_or(text.len(), |(byte, _)| *byte);
                spans.push(Span { start: chars[found].0, end: to, class });
            }
            at = found + 1;
        }
    }
}

/// Where `needle` first occurs; nowhere if it is empty.
fn find(text: &[char], needle: &[char]) -> Option<usize> {
    let first = needle.first()?;
    (0..(text.len() + 1).saturating_sub(needle.len()))
        .find(|&at| text[at] == *first && text[at..at + needle.len()] == *needle)
}

/// Lower case where that is one character.
fn fold(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}
