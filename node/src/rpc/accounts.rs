//! Accounts in parameters: SS58, or `0x` and 64 hexadecimal digits. Answers have SS58.

use galen_primitives::AccountId;
use serde_json::Value;
use sp_core::crypto::Ss58Codec;

/// The names under which parameters, and the fields of objects in them, hold an account or a list of accounts.
const NAMES: [&str; 9] =
    ["account", "custodian", "grantee", "hospital", "member", "patient", "recipient", "relayer", "requester"];

/// Makes SS58 of the accounts in the value of the parameter `name`, since that is what the types read.
///
/// An error says where no account stands that should.
pub fn normalise(name: &str, value: &mut Value) -> Result<(), String> {
    match value {
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, value)| normalise(name, value)),
        Value::Array(items) => items.iter_mut().try_for_each(|item| normalise(name, item)),
        Value::String(text) if NAMES.contains(&name) => match read(text) {
            Some(account) => {
                *text = account.to_ss58check();
                Ok(())
            }
            None => Err(format!("`{name}` is no account: give SS58, or 0x and 64 hexadecimal digits")),
        },
        _ => Ok(()),
    }
}

fn read(text: &str) -> Option<AccountId> {
    match text.strip_prefix("0x") {
        Some(digits) => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).ok()?;
            Some(bytes.into())
        }
        None => AccountId::from_ss58check(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{
        H256,
        audit::Filter,
        consent::{Confidentiality, ConsentTerms, Purpose, Question},
    };
    use serde::{Serialize, de::DeserializeOwned};

    fn account(byte: u8) -> AccountId {
        AccountId::from([byte; 32])
    }

    // Every string that reads as SS58, in hexadecimal.
    fn in_hex(value: &mut Value) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(in_hex),
            Value::Array(items) => items.iter_mut().for_each(in_hex),
            Value::String(text) => {
                if let Ok(account) = AccountId::from_ss58check(text) {
                    *text = format!("0x{}", hex::encode(account));
                }
            }
            _ => {}
        }
    }

    // No account of the type stands under a name that is not in the list.
    fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(sample: T, accounts: usize) {
        let mut value = serde_json::to_value(&sample).unwrap();
        in_hex(&mut value);
        assert_eq!(value.to_string().matches("0x").count(), accounts, "{value}");
        normalise("sample", &mut value).unwrap();
        assert_eq!(serde_json::from_value::<T>(value).unwrap(), sample);
    }

    #[test]
    fn both_forms_are_read_in_every_type_that_parameters_have() {
        round_trip(Filter { hospital: Some(account(1)), kind: None, patient: Some(account(2)) }, 2);
        round_trip(
            Question {
                patient: account(1),
                custodian: account(2),
                requester: account(3),
                purpose: Purpose::Treat,
                level: Confidentiality::N,
                labels: Default::default(),
            },
            3,
        );
        // The fourth is the form's hash.
        round_trip(
            ConsentTerms {
                patient: account(1),
                custodian: account(2),
                grantee: account(3),
                purposes: vec![Purpose::Treat].try_into().unwrap(),
                level: Confidentiality::N,
                labels: Default::default(),
                start: None,
                end: None,
                form: H256::zero(),
            },
            4,
        );
    }

    #[test]
    fn what_is_no_account_is_named() {
        for text in ["", "Alice", "//Alice", "0x", "0x11", &format!("0x{}", "g".repeat(64))] {
            let mut value = serde_json::json!({ "patient": text });
            assert!(normalise("filter", &mut value).unwrap_err().contains("`patient`"), "{text}");
        }
    }

    #[test]
    fn hashes_are_left_alone() {
        let hash = format!("0x{}", "11".repeat(32));
        let mut value = serde_json::json!({ "form": hash, "labels": [hash] });
        let before = value.clone();
        normalise("terms", &mut value).unwrap();
        assert_eq!(value, before);
    }
}
