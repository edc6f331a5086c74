//! Devices that measure: who registered them, and with which keys they sign.
//!
//! A device is a random id that its hospital issued, a fingerprint of its make and model, and a public key. Nothing on chain
//! says where it is, what it measures or on whom.

use crate::{AccountId, BlockNumber, H256, signature::ed25519_signs_anything};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use p256::ecdsa::{self, signature::Verifier};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H512, ed25519};
use sp_runtime::{BoundedVec, traits::Verify};

/// So many keys may a device have had; then it is registered anew under another id.
pub const MAX_KEYS: u32 = 16;

/// A device's public key.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum DeviceKey {
    /// RFC 8032.
    Ed25519([u8; 32]),
    /// ECDSA over NIST P-256 with SHA-256 (FIPS 186-5), as secure elements have it; a compressed point (SEC 1, 2.3.3).
    P256([u8; 33]),
}

impl DeviceKey {
    /// Whether it is a point of its curve, and of Ed25519, where that shows when the first signature is verified, none for which
    /// anybody could sign.
    pub fn is_valid(&self) -> bool {
        match self {
            DeviceKey::Ed25519(key) => !ed25519_signs_anything(key),
            DeviceKey::P256(point) => ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
        }
    }

    /// Whether the key signed `message`. Of P-256 the signature is `r` and `s`, 32 bytes each, big-endian.
    pub fn verifies(&self, message: &[u8], signature: &H512) -> bool {
        match self {
            DeviceKey::Ed25519(key) => {
                ed25519::Signature::from_raw(signature.0).verify(message, &ed25519::Public::from_raw(*key))
            }
            DeviceKey::P256(point) => ecdsa::VerifyingKey::from_sec1_bytes(point)
                .and_then(|key| key.verify(message, &ecdsa::Signature::from_slice(signature.as_bytes())?))
                .is_ok(),
        }
    }
}

/// The bytes that a device's key signs, so that nobody registers a key that the device does not have.
pub fn possession_payload(genesis: &H256, hospital: &AccountId, device: &H256, key: &DeviceKey) -> Vec<u8> {
    (b"galen:device:v1", genesis, hospital, device, key).encode()
}

/// From when until when a key was a device's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct DeviceKeyPeriod {
    /// The key.
    pub key: DeviceKey,
    /// The block in which it came into force.
    pub from: BlockNumber,
    /// The block in which it went out of force; `None` while it is in force.
    pub until: Option<BlockNumber>,
}

/// A registered device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Device {
    /// The hospital that registered it and answers for it.
    pub hospital: AccountId,
    /// Fingerprint of make, model and firmware, as the hospital takes it.
    pub model: H256,
    /// The block of registration.
    pub registered_at: BlockNumber,
    /// Its keys, the oldest first.
    pub keys: BoundedVec<DeviceKeyPeriod, ConstU32<{ MAX_KEYS }>>,
    /// The block in which it was retired, for good.
    pub retired_at: Option<BlockNumber>,
    /// The block from which on nothing it signed can be relied upon, if it was marked suspect.
    pub suspect_from: Option<BlockNumber>,
}

impl Device {
    /// The key in force; `None` once it is retired.
    pub fn key(&self) -> Option<&DeviceKey> {
        self.keys.last().filter(|last| last.until.is_none()).map(|last| &last.key)
    }

    /// Whether `key` was the device's at block `at`.
    pub fn had(&self, key: &DeviceKey, at: BlockNumber) -> bool {
        self.keys
            .iter()
            .any(|period| period.key == *key && period.from <= at && period.until.is_none_or(|end| at <= end))
    }
}

/// Keys in JSON and on command lines: `ed25519:0x` and 64 hex digits, `p256:0x` and 66.
#[cfg(feature = "std")]
mod text {
    use super::DeviceKey;
    use crate::H256;
    use alloc::{format, string::String};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl core::fmt::Display for DeviceKey {
        fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            let (scheme, bytes) = match self {
                DeviceKey::Ed25519(key) => ("ed25519", key.as_slice()),
                DeviceKey::P256(point) => ("p256", point.as_slice()),
            };
            write!(formatter, "{scheme}:0x")?;
            bytes.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
        }
    }

    impl core::str::FromStr for DeviceKey {
        type Err = String;

        fn from_str(text: &str) -> Result<Self, String> {
            let wrong =
                || format!("{text} is no device key: ed25519:0x and 64 hex digits, or p256:0x and 66");
            let (scheme, digits) = text.split_once(":0x").ok_or_else(wrong)?;
            let rest = |digits: &str| digits.parse::<H256>().map_err(|_| wrong());
            match scheme {
                "ed25519" if digits.len() == 64 => Ok(DeviceKey::Ed25519(rest(digits)?.0)),
                "p256" if digits.len() == 66 && digits.is_ascii() => {
                    let (sign, x) = digits.split_at(2);
                    let sign = u8::from_str_radix(sign, 16).map_err(|_| wrong())?;
                    let mut point = [sign; 33];
                    for (to, from) in point.iter_mut().skip(1).zip(rest(x)?.0) {
                        *to = from;
                    }
                    Some(DeviceKey::P256(point)).filter(DeviceKey::is_valid).ok_or_else(wrong)
                }
                _ => Err(wrong()),
            }
        }
    }

    impl Serialize for DeviceKey {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for DeviceKey {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::{SigningKey, signature::Signer};
    use sp_core::Pair;

    type Signing = Box<dyn Fn(&[u8]) -> H512>;

    fn both() -> [(DeviceKey, Signing); 2] {
        let ed = ed25519::Pair::from_seed(&[7; 32]);
        let nist = SigningKey::from_slice(&[7; 32]).unwrap();
        let point = nist.verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap();
        [
            (DeviceKey::Ed25519(ed.public().0), Box::new(move |message| H512(ed.sign(message).0))),
            (
                DeviceKey::P256(point),
                Box::new(move |message| {
                    let signature: ecdsa::Signature = nist.sign(message);
                    H512::from_slice(&signature.to_bytes())
                }),
            ),
        ]
    }

    #[test]
    fn a_key_for_which_anybody_could_sign_is_none() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(!DeviceKey::Ed25519(identity).is_valid() && !DeviceKey::Ed25519([0; 32]).is_valid());
        assert!(DeviceKey::Ed25519([7; 32]).is_valid());
    }

    #[test]
    fn a_key_verifies_what_it_signed_and_nothing_else() {
        let keys = both();
        for (key, sign) in &keys {
            let signature = sign(b"reading");
            assert!(key.is_valid() && key.verifies(b"reading", &signature));
            assert!(!key.verifies(b"readinh", &signature));
            for bit in [0, 100, 255, 256, 511] {
                let mut changed = signature;
                changed.0[bit / 8] ^= 1 << (bit % 8);
                assert!(!key.verifies(b"reading", &changed), "{key} {bit}");
            }
            assert!(!key.verifies(b"reading", &H512::zero()));
            assert!(!key.verifies(b"reading", &H512::repeat_byte(0xff)));
        }
        assert!(!keys[0].0.verifies(b"reading", &keys[1].1(b"reading")));
        assert!(!keys[1].0.verifies(b"reading", &keys[0].1(b"reading")));
    }

    // RFC 6979, A.2.5: P-256 with SHA-256, message "sample"; the signature is the one of the RFC.
    #[test]
    fn p256_verifies_the_vector_of_rfc_6979() {
        let x = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6";
        // The RFC's Uy ends in an odd digit: 0x03.
        let key: DeviceKey = format!("p256:0x03{x}").parse().unwrap();
        let r = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
        let s = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
        let signature: H512 = format!("{r}{s}").parse().unwrap();
        assert!(key.verifies(b"sample", &signature));
        assert!(!key.verifies(b"test", &signature));
    }

    // RFC 8032, 7.1, TEST 2.
    #[test]
    fn ed25519_verifies_the_vector_of_rfc_8032() {
        let key: DeviceKey =
            "ed25519:0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c".parse().unwrap();
        let signature: H512 = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00".parse().unwrap();
        assert!(key.verifies(&[0x72], &signature));
        assert!(!key.verifies(&[0x73], &signature));
    }

    #[test]
    fn keys_are_texts_and_nothing_else_is_read() {
        for (key, _) in both() {
            assert_eq!(key.to_string().parse(), Ok(key));
            assert_eq!(serde_json::from_value::<DeviceKey>(serde_json::json!(key)).unwrap(), key);
        }
        let ed = format!("ed25519:0x{}", "07".repeat(32));
        for text in [
            "",
            "ed25519:",
            &ed[..ed.len() - 1],
            &format!("{ed}0"),
            &ed.replace("ed25519", "sr25519"),
            &format!("p256:0x{}", "07".repeat(33)),
            &format!("p256:0x02{}", "ff".repeat(32)),
            &format!("p256:0xä{}", "0".repeat(64)),
        ] {
            assert!(text.parse::<DeviceKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_counts_while_it_was_in_force() {
        let [(one, _), (two, _)] = both();
        let period = |key, from, until| DeviceKeyPeriod { key, from, until };
        let device = Device {
            hospital: AccountId::new([1; 32]),
            model: H256::zero(),
            registered_at: 5,
            keys: vec![period(one, 5, Some(9)), period(two, 9, None)].try_into().unwrap(),
            retired_at: None,
            suspect_from: None,
        };
        assert_eq!(device.key(), Some(&two));
        assert!(!device.had(&one, 4) && device.had(&one, 5) && device.had(&one, 9) && !device.had(&one, 10));
        assert!(!device.had(&two, 8) && device.had(&two, 9) && device.had(&two, 1000));
    }
}
