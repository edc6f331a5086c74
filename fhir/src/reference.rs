//! References, as they can be compared: by their text, and no further than that carries.
//!
//! - `Practitioner/d` and `https://…/fhir/Practitioner/d` may be the same person. A denial counts as if they were; a permit
//!   does not. Two servers' absolute references are never the same.
//! - `#…` names something inside one resource, `…?…` is a search: neither names anything to another document.
//! - A URN that a Bundle gave its entries (`urn:uuid:…`) is equal to itself only; what else names the same is not known.
//!   Galen's own URNs (`urn:galen:…`) hold everywhere.
//!
//! Source: HL7 FHIR R4, References ("Literal References", "Contained Resources") and Bundle ("Resolving references in Bundles").

use galen_primitives::{H256, commitment::tagged_hash};
use serde_json::Value;

/// Returns the text of a `Reference` without a version, if it has a literal one that is not empty.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = value.get("reference")?.as_str()?;
    (!text.is_empty()).then(|| unversioned(text).to_owned())
}

/// Returns the id under which the decision knows a reference: a hash of its text without a version.
pub(crate) fn id(text: &str) -> H256 {
    tagged_hash(b"galen:reference:v1", &[unversioned(text).as_bytes()])
}

/// Says whether a reference names something outside its document.
pub(crate) fn is_global(text: &str) -> bool {
    !text.starts_with('#') && !text.contains('?')
}

/// Says whether a reference is a URN that means something only to who reads the same Bundle.
pub(crate) fn is_of_a_bundle(text: &str) -> bool {
    text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:")) && !text.starts_with("urn:galen:")
}

/// Says whether one of two references is relative and the other an absolute URL that ends in it.
pub fn may_be_the_same(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| {
        is_absolute(long) && !is_absolute(short) && short.contains('/') && {
            let long = long.trim_end_matches('/');
            long.strip_suffix(short.trim_matches('/')).is_some_and(|server| server.ends_with('/'))
        }
    };
    ends(one, other) || ends(other, one)
}

fn is_absolute(text: &str) -> bool {
    text.contains("://")
}

/// Returns a reference without the version that it names.
pub fn unversioned(reference: &str) -> &str {
    reference.split("/_history/").next().unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_relative_reference_may_be_the_end_of_an_absolute_one() {
        assert!(may_be_the_same("Practitioner/d", "https://a.example/fhir/Practitioner/d"));
        assert!(may_be_the_same("https://a.example/fhir/Practitioner/d/", "Practitioner/d"));
        for other in [
            "https://b.example/fhir/Practitioner/d",
            "Practitioner/d2",
            "r/d",
            "d",
            "",
            "urn:uuid:6f0f2f2a-6f57-4b7d-8a3b-1f3a9e6c1d10",
        ] {
            assert!(!may_be_the_same("https://a.example/fhir/Practitioner/d", other), "{other}");
        }
    }

    #[test]
    fn what_is_local_is_told_apart() {
        for local in ["#d", "#", "Practitioner?identifier=urn:x|774"] {
            assert!(!is_global(local), "{local}");
        }
        for global in ["Practitioner/d", "https://a.example/Practitioner/d", "urn:uuid:6f0f2f2a"] {
            assert!(is_global(global), "{global}");
        }
        assert!(is_of_a_bundle("urn:uuid:6f0f2f2a") && is_of_a_bundle("URN:oid:1.2.3"));
        assert!(!is_of_a_bundle("urn:galen:id:0x00") && !is_of_a_bundle("Practitioner/d"));
    }

    #[test]
    fn versions_are_left_out_and_what_is_no_literal_reference_is_none() {
        assert_eq!(text(&json!({ "reference": "Patient/p/_history/3" })).as_deref(), Some("Patient/p"));
        for none in
            [json!({}), json!({ "reference": "" }), json!({ "reference": 3 }), json!({ "display": "D" })]
        {
            assert_eq!(text(&none), None);
        }
        assert_eq!(id("Patient/p/_history/3"), id("Patient/p"));
    }
}
