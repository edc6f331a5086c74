//! `clientDataJSON`: what a browser says about the ceremony (WebAuthn Level 3, 5.8.1).
//!
//! Read strictly: one JSON object in UTF-8 and nothing after it, no member twice, the members that are read of the right type.
//! Members that are not known are skipped, because browsers add such on purpose.

use alloc::{collections::BTreeSet, string::String};
use core::fmt;
use serde_core::{
    Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

/// What is read of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClientData {
    /// `webauthn.get` for an assertion.
    pub kind: String,
    /// The challenge in base64url without padding.
    pub challenge: String,
    /// The origin of the page or app.
    pub origin: String,
    /// Whether it was a frame within a page of another origin; `false` if not said.
    pub cross_origin: bool,
}

/// Reads it; `None` if it is not exactly as this module says. The depth of what is skipped is not bounded by the stack:
/// serde_json skips without recursion.
pub(super) fn parse(bytes: &[u8]) -> Option<ClientData> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = reader.deserialize_map(Members).ok()?;
    reader.end().ok()?;
    Some(read)
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = ClientData;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ClientData, A::Error> {
        let (mut kind, mut challenge, mut origin, mut cross_origin) = (None, None, None, false);
        let mut seen = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "type" => kind = Some(map.next_value()?),
                "challenge" => challenge = Some(map.next_value()?),
                "origin" => origin = Some(map.next_value()?),
                "crossOrigin" => cross_origin = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if !seen.insert(name) {
                return Err(A::Error::custom("a member stands twice"));
            }
        }
        match (kind, challenge, origin) {
            (Some(kind), Some(challenge), Some(origin)) => {
                Ok(ClientData { kind, challenge, origin, cross_origin })
            }
            _ => Err(A::Error::custom("type, challenge or origin is missing")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"type":"webauthn.get","challenge":"AA","origin":"https://a.example","crossOrigin":false}"#;

    #[test]
    fn what_browsers_send_is_read() {
        let read = parse(GOOD.as_bytes()).unwrap();
        assert_eq!(
            (read.kind.as_str(), read.challenge.as_str(), read.origin.as_str(), read.cross_origin),
            ("webauthn.get", "AA", "https://a.example", false)
        );
        // Older browsers leave crossOrigin out; escapes and white space are JSON.
        let other = br#" {"origin":"https:\/\/a.example", "type":"webauthn\u002eget","challenge":"AA"} "#;
        assert_eq!(parse(other), Some(read));
        assert!(parse(&GOOD.replace("false", "true").into_bytes()).unwrap().cross_origin);
    }

    #[test]
    fn unknown_members_are_skipped_whatever_is_in_them() {
        for value in ["1e999", "null", "[[[]]]", r#"{"type":"x","type":"y"}"#, r#""\ud83e\ude7a""#] {
            let with = GOOD.replacen('{', &format!("{{\"x\":{value},"), 1);
            assert_eq!(parse(with.as_bytes()), parse(GOOD.as_bytes()), "{value}");
        }
        let deep = format!("{{\"x\":{}{},{}", "[".repeat(100_000), "]".repeat(100_000), &GOOD[1..]);
        assert_eq!(parse(deep.as_bytes()), parse(GOOD.as_bytes()));
    }

    #[test]
    fn all_else_is_refused() {
        let bad = [
            String::new(),
            "null".into(),
            "[\"webauthn.get\",\"AA\",\"https://a.example\",false]".into(),
            "\"text\"".into(),
            format!("{GOOD}{GOOD}"),
            format!("{GOOD}x"),
            format!("\u{feff}{GOOD}"),
            GOOD[..GOOD.len() - 1].into(),
            GOOD.replace("\"AA\"", "7"),
            GOOD.replace("false", "null"),
            GOOD.replace("false", "\"false\""),
            GOOD.replace("false", "0"),
            GOOD.replace("\"type\"", "\"Type\""),
            GOOD.replace("{", "{\"type\":\"webauthn.get\","),
            GOOD.replace("{", "{\"\\u0074ype\":\"webauthn.get\","),
            GOOD.replace("{", "{\"crossOrigin\":true,"),
            GOOD.replace("{", "{\"x\":1,\"x\":1,"),
            GOOD.replace("{", "{,"),
            GOOD.replace(":\"AA\"", ":'AA'"),
            GOOD.replace("AA", "A\nA"),
        ];
        for text in bad {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"{\"type\":\"\xff\",\"challenge\":\"\",\"origin\":\"\"}"), None);
    }
}
