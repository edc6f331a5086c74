//! Relying parties: the apps whose passkeys may sign, and the origins from which they may.

use crate::H256;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_io::hashing::sha2_256;
use sp_runtime::BoundedVec;

/// The longest id of a relying party, in bytes: the longest domain name (RFC 1035, 2.3.4).
pub const MAX_RP_ID: u32 = 253;
/// The longest origin, in bytes: `https://`, a domain name, a colon and a port.
pub const MAX_ORIGIN: u32 = 267;
/// How many origins a relying party may have.
pub const MAX_ORIGINS: u32 = 8;

/// The id of a relying party (WebAuthn's `rp.id`): a domain name in lower case, such as `clinic.example`.
pub type RpId = BoundedVec<u8, ConstU32<{ MAX_RP_ID }>>;
/// An origin as browsers write it, such as `https://app.clinic.example`.
pub type Origin = BoundedVec<u8, ConstU32<{ MAX_ORIGIN }>>;
/// The origins of a relying party.
pub type Origins = BoundedVec<Origin, ConstU32<{ MAX_ORIGINS }>>;

/// An app whose passkeys may sign. As JSON, `{"id": "clinic.example", "origins": ["https://app.clinic.example"]}`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "super::json::Party", into = "super::json::Party")
)]
pub struct RelyingParty {
    /// Its id.
    pub id: RpId,
    /// From where its passkeys may sign.
    pub origins: Origins,
}

impl RelyingParty {
    /// The hash by which authenticators name it, `rpIdHash`: SHA-256 of the id.
    pub fn id_hash(&self) -> H256 {
        H256(sha2_256(&self.id))
    }

    /// Whether the id can be one and each origin too, none twice. There may be no origin at all.
    ///
    /// An origin is `https://` and a host, `http://localhost` (both with or without a port, and without a path), or
    /// `android:apk-key-hash:` and the hash of the app's certificate.
    pub fn is_valid(&self) -> bool {
        let mut rest = self.origins.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if !is_origin(first) || others.contains(first) {
                return false;
            }
            rest = others;
        }
        is_domain(&self.id)
    }

    /// Whether its passkeys may sign from `origin`, compared byte by byte.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed.as_slice() == origin.as_bytes())
    }
}

fn is_domain(name: &[u8]) -> bool {
    name.split(|byte| *byte == b'.').all(|label| {
        !label.is_empty()
            && label.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    })
}

fn is_origin(origin: &[u8]) -> bool {
    if let Some(hash) = origin.strip_prefix(b"android:apk-key-hash:") {
        return !hash.is_empty()
            && hash.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    }
    let (host, local) = match (origin.strip_prefix(b"https://"), origin.strip_prefix(b"http://")) {
        (Some(host), _) => (host, false),
        (None, Some(host)) => (host, true),
        (None, None) => return false,
    };
    let mut parts = host.splitn(2, |byte| *byte == b':');
    let name = parts.next().unwrap_or_default();
    let port = parts.next();
    is_domain(name)
        && (!local || name == b"localhost")
        && port.is_none_or(|port| !port.is_empty() && port.len() <= 5 && port.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(id: &str, origins: &[&str]) -> RelyingParty {
        let origins: Vec<Origin> =
            origins.iter().map(|o| o.as_bytes().to_vec().try_into().unwrap()).collect();
        RelyingParty { id: id.as_bytes().to_vec().try_into().unwrap(), origins: origins.try_into().unwrap() }
    }

    #[test]
    fn origins_are_as_browsers_write_them() {
        for good in [
            "https://app.clinic.example",
            "https://app.clinic.example:8443",
            "http://localhost",
            "http://localhost:8080",
            "android:apk-key-hash:f-x_9A",
        ] {
            assert!(party("clinic.example", &[good]).is_valid(), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https://app.clinic.example/",
            "https://App.clinic.example",
            "https://app.clinic.example:",
            "https://app.clinic.example:123456",
            "https://app.clinic.example:80:80",
            "https://user@app.clinic.example",
            "https://*.clinic.example",
            "https://app..example",
            "http://app.clinic.example",
            "http://localhost.example",
            "android:apk-key-hash:",
            "android:apk-key-hash:a b",
            "null",
        ] {
            assert!(!party("clinic.example", &[bad]).is_valid(), "{bad}");
        }
    }

    #[test]
    fn ids_are_domains_and_no_origin_stands_twice() {
        assert!(party("localhost", &[]).is_valid());
        for bad in ["", ".", "Clinic.example", "clinic.example.", "-clinic.example", "https://clinic.example"]
        {
            assert!(!party(bad, &["https://a.example"]).is_valid(), "{bad}");
        }
        assert!(
            !party("a.example", &["https://a.example", "https://b.example", "https://a.example"]).is_valid()
        );
    }
}
