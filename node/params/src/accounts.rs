//! Accounts in parameters: SS58, or `0x` and 64 hexadecimal digits. Answers have SS58.

use galen_primitives::AccountId;
use serde_json::Value;
use sp_core::crypto::Ss58Codec;

/// The names under which parameters, and the fields of objects in them, hold an account or a list of
/// accounts.
const NAMES: [&str; 11] = [
    "account",
    "custodian",
    "delegate",
    "grantee",
    "grantor",
    "hospital",
    "member",
    "patient",
    "recipient",
    "relayer",
    "requester",
];

/// Makes SS58 of the accounts in the value of the parameter `name`, since that is what the types read.
///
/// # Errors
/// Says where no account stands that should.
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
        consent::{ConsentTerms, Effect, Provision, Purpose, Question},
    };
    use serde::{Serialize, de::DeserializeOwned};

    fn account(byte: u8) -> AccountId {
        AccountId::from([byte; 32])
    }

    // Makes hexadecimal of every string that reads as SS58; how many there were.
    fn in_hex(value: &mut Value) -> usize {
        match value {
            Value::Object(fields) => fields.values_mut().map(in_hex).sum(),
            Value::Array(items) => items.iter_mut().map(in_hex).sum(),
            Value::String(text) => match AccountId::from_ss58check(text) {
                Ok(account) => {
                    *text = format!("0x{}", hex::encode(account));
                    1
                }
                Err(_) => 0,
            },
            _ => 0,
        }
    }

    // No account of the type stands under a name that is not in the list.
    fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(sample: T, accounts: usize) {
        let mut value = serde_json::to_value(&sample).unwrap();
        assert_eq!(in_hex(&mut value), accounts, "{value}");
        normalise("sample", &mut value).unwrap();
        assert_eq!(serde_json::from_value::<T>(value).unwrap(), sample);
    }

    #[test]
    fn both_forms_are_read_in_every_type_that_parameters_have() {
        round_trip(Filter { hospital: Some(account(1)), kind: None, patient: Some(account(2)) }, 2);
        let question = Question {
            patient: account(1),
            custodian: account(2),
            requester: account(3),
            actors: vec![H256::repeat_byte(4)].try_into().unwrap(),
            purpose: Purpose::Treat,
            record: Some(Default::default()),
        };
        round_trip(question, 3);
        let terms = ConsentTerms {
            patient: account(1),
            custodian: account(2),
            policy: Default::default(),
            root: Provision::all(Effect::Permit),
            exceptions: vec![Provision::all(Effect::Deny)].try_into().unwrap(),
            duo: Default::default(),
            supersedes: None,
            form: H256::zero(),
        };
        round_trip(terms, 2);
    }

    #[test]
    fn every_account_that_the_description_names_is_known_here() {
        let description = include_str!("../../../docs/openrpc.json");
        let description: Value = serde_json::from_str(description).unwrap();
        let methods = description["methods"].as_array().unwrap().iter();
        let params = methods.flat_map(|method| method["params"].as_array().unwrap());
        let accounts: Vec<_> = params
            .filter(|param| param["schema"]["$ref"] == "#/components/schemas/AccountParam")
            .map(|param| param["name"].as_str().unwrap())
            .collect();
        assert!(accounts.len() > 10, "{accounts:?}");
        for name in accounts {
            assert!(NAMES.contains(&name), "{name}");
        }
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
