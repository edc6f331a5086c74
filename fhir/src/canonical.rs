//! The bytes of a document that are hashed: RFC 8785 (JCS) of JSON, the UTF-8 itself of plain text.

use crate::json::{self, Limits, Numbers, Unread};

/// How a document was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON object, canonicalised by RFC 8785.
    Json,
    /// Anything else that is UTF-8, taken byte for byte.
    Text,
}

/// Why a document has no canonical bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// It is not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// It begins like JSON and cannot be read as such.
    #[error("the document begins like JSON, and {0}")]
    Json(Unread),
    /// It cannot be written in that form.
    #[error("the document has no canonical form")]
    NoForm,
}

/// The canonical bytes of a document. A document whose first character other than white space is `{` is JSON.
///
/// Numbers become doubles, so `1.0` and `1.00` give the same bytes: keep the original as well.
///
/// # Errors
/// [`CanonicalError`], when the document is not UTF-8, or begins like JSON and cannot be read.
pub fn canonical(document: &[u8]) -> Result<(Form, Vec<u8>), CanonicalError> {
    let text = std::str::from_utf8(document).map_err(|_| CanonicalError::NotUtf8)?;
    if !is_json(text) {
        return Ok((Form::Text, document.to_vec()));
    }
    let value = parse(text)?;
    let bytes = serde_json_canonicalizer::to_vec(&value).map_err(|_| CanonicalError::NoForm)?;
    Ok((Form::Json, bytes))
}

/// Whether a document is to be read as JSON.
pub fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// What is read of a document: numbers become doubles, since the original is kept beside.
const LIMITS: Limits = Limits { bytes: usize::MAX, depth: 127, numbers: Numbers::Rounded, ..json::RESOURCES };

/// Parses JSON, refusing objects that name a member twice.
///
/// # Errors
/// [`CanonicalError::Json`] says what cannot be read.
pub fn parse(text: &str) -> Result<serde_json::Value, CanonicalError> {
    let text = text.trim_start_matches('\u{feff}');
    json::read(text.as_bytes(), &LIMITS).map_err(CanonicalError::Json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Fault;

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
        let fault = |document: &[u8]| match canonical(document) {
            Err(CanonicalError::Json(unread)) => unread.fault,
            other => panic!("{other:?}"),
        };
        assert_eq!(fault(b"{\"a\":1"), Fault::Malformed);
        assert_eq!(fault(b"{\"a\":1} x"), Fault::Malformed);
        assert_eq!(fault(br#"{"a":{"b":1,"b":1}}"#), Fault::Duplicate);
        assert_eq!(fault(br#"{"a":1e999}"#), Fault::Number);
        assert_eq!(fault(br#"{"a":"\ud800"}"#), Fault::Malformed);
        assert_eq!(fault("{\"a\":".repeat(5000).as_bytes()), Fault::TooDeep(127));
    }
}
