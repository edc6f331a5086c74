//! The bytes of a document that are hashed: RFC 8785 (JCS) of JSON, the UTF-8 itself of plain text.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// How a document was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON object, canonicalised by RFC 8785.
    Json,
    /// Anything else that is UTF-8, taken byte for byte.
    Text,
}

/// Why a document has no canonical bytes. Positions are lines and columns, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error("the document is not UTF-8")]
    NotUtf8,
    #[error("the document begins like JSON and is not: line {line}, column {column}")]
    Malformed { line: usize, column: usize },
    /// Two members of one name: parsers differ in which they keep, so that the hash would not say what was signed.
    #[error("an object of the document names a member twice: line {line}, column {column}")]
    Duplicate { line: usize, column: usize },
}

/// The canonical bytes of a document. A document whose first character other than white space is `{` is JSON.
///
/// Numbers become doubles, so `1.0` and `1.00` give the same bytes: keep the original as well.
///
/// # Errors
/// [`CanonicalError`], when the document is not UTF-8 or is malformed JSON.
pub fn canonical(document: &[u8]) -> Result<(Form, Vec<u8>), CanonicalError> {
    let text = std::str::from_utf8(document).map_err(|_| CanonicalError::NotUtf8)?;
    if !is_json(text) {
        return Ok((Form::Text, document.to_vec()));
    }
    let value = parse(text)?;
    let bytes = serde_json_canonicalizer::to_vec(&value)
        .map_err(|_| CanonicalError::Malformed { line: 1, column: 1 })?;
    Ok((Form::Json, bytes))
}

/// Whether a document is to be read as JSON.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// Parses JSON, refusing objects that name a member twice.
pub(super) fn parse(text: &str) -> Result<serde_json::Value, CanonicalError> {
    let text = text.trim_start_matches('\u{feff}');
    let place = |error: &serde_json::Error| (error.line(), error.column());
    if let Err(error) = serde_json::from_str::<Unique>(text) {
        let (line, column) = place(&error);
        return Err(if error.to_string().starts_with(DUPLICATE) {
            CanonicalError::Duplicate { line, column }
        } else {
            CanonicalError::Malformed { line, column }
        });
    }
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = place(&error);
        CanonicalError::Malformed { line, column }
    })
}

const DUPLICATE: &str = "duplicate member";

/// A value of which only this is known: no object in it names a member twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom(DUPLICATE));
            }
            members.next_value::<Unique>()?;
        }
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(document: &str) -> String {
        let (form, bytes) = canonical(document.as_bytes()).expect("canonical");
        assert_eq!(form, Form::Json);
        String::from_utf8(bytes).expect("utf-8")
    }

    #[test]
    fn members_are_sorted_and_numbers_normal() {
        assert_eq!(
            json(r#" {"b": 1.0, "a": [1e2, -0, "\u00e9\n"], "": null} "#),
            r#"{"":null,"a":[100,0,"é\n"],"b":1}"#
        );
        assert_eq!(json(r#"{"n":9007199254740993}"#), r#"{"n":9007199254740992}"#);
        // RFC 8785 sorts by UTF-16 code units: the emoji's surrogates come before the private use character.
        assert_eq!(json("{\"\u{e000}\":1,\"\u{1f600}\":2}"), "{\"\u{1f600}\":2,\"\u{e000}\":1}");
    }

    #[test]
    fn text_is_taken_as_it_is() {
        assert_eq!(canonical("a  note\r\n".as_bytes()), Ok((Form::Text, b"a  note\r\n".to_vec())));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        assert_eq!(canonical(b"\xff"), Err(CanonicalError::NotUtf8));
        assert!(matches!(canonical(b"{\"a\":1"), Err(CanonicalError::Malformed { line: 1, .. })));
        assert!(matches!(canonical(b"{\"a\":1} x"), Err(CanonicalError::Malformed { .. })));
        assert!(matches!(canonical(br#"{"a":{"b":1,"b":1}}"#), Err(CanonicalError::Duplicate { .. })));
        assert!(matches!(canonical(br#"{"a":1e999}"#), Err(CanonicalError::Malformed { .. })));
        assert!(matches!(canonical(br#"{"a":"\ud800"}"#), Err(CanonicalError::Malformed { .. })));
        let deep = "{\"a\":".repeat(5000);
        assert!(matches!(canonical(deep.as_bytes()), Err(CanonicalError::Malformed { .. })));
    }
}
