//! The parameters of a request: an object, or an array in the order in which the method names them.

use crate::accounts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Parameters are not what the method takes; says which of them, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(pub String);

/// Holds parameters by name. What is `null` counts as not given.
#[derive(Debug)]
pub struct Args(BTreeMap<&'static str, Value>);

impl Args {
    /// Reads what was given, as JSON, for the parameters `names`. A parameter by another name is refused: one
    /// misspelt must not be taken for one left out.
    ///
    /// # Errors
    /// [`Wrong`], for text that is no JSON, a name that is not among them, too many values, and accounts that
    /// are none.
    pub fn read(given: Option<&str>, names: &[&'static str]) -> Result<Self, Wrong> {
        let given: Value = match given {
            None => Value::Null,
            Some(text) => serde_json::from_str(text).map_err(|why| Wrong(format!("not JSON: {why}")))?,
        };
        let mut args = BTreeMap::new();
        match given {
            Value::Null => {}
            Value::Object(fields) => {
                for (given, value) in fields {
                    let name = names.iter().find(|name| **name == given);
                    let name = name.ok_or_else(|| {
                        Wrong(format!("no parameter `{given}`: there are {}", names.join(", ")))
                    })?;
                    args.insert(*name, value);
                }
            }
            Value::Array(values) if values.len() <= names.len() => {
                args.extend(names.iter().copied().zip(values));
            }
            Value::Array(_) => {
                return Err(Wrong(format!("too many parameters: there are {}", names.join(", "))));
            }
            _ => return Err(Wrong("parameters are an object or an array".to_owned())),
        }
        args.retain(|_, value| !value.is_null());
        for (name, value) in &mut args {
            accounts::normalise(name, value).map_err(|why| in_parameter(name, why))?;
        }
        Ok(Args(args))
    }

    /// Reads the parameter `name`.
    ///
    /// # Errors
    /// [`Wrong`], if it was not given or is of another type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, Wrong> {
        let missing = || Wrong(format!("the parameter `{name}` is required"));
        self.find(name)?.ok_or_else(missing)
    }

    /// Reads the parameter `name`, if it was given.
    ///
    /// # Errors
    /// [`Wrong`], if it is of another type.
    pub fn find<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Wrong> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        T::deserialize(value).map(Some).map_err(|why| in_parameter(name, why))
    }
}

fn in_parameter(name: &str, why: impl std::fmt::Display) -> Wrong {
    Wrong(format!("parameter `{name}`: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{H256, consent::Question};
    use proptest::prelude::*;

    const NAMES: [&str; 3] = ["question", "limit", "at"];

    fn read(text: &str) -> Result<Args, Wrong> {
        Args::read(Some(text), &NAMES)
    }

    #[test]
    fn by_name_and_by_position_are_the_same() {
        for text in [r#"{"limit":7,"question":"q"}"#, r#"["q",7]"#, r#"["q",7,null]"#] {
            let args = read(text).unwrap();
            assert_eq!(args.get::<String>("question").unwrap(), "q");
            assert_eq!(args.get::<u32>("limit").unwrap(), 7);
            assert_eq!(args.find::<String>("at").unwrap(), None);
        }
        assert_eq!(Args::read(None, &NAMES).unwrap().find::<u32>("limit").unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let named = |text: &str, what: &str| match read(text).and_then(|args| args.get::<u32>("limit")) {
            Err(Wrong(why)) => assert!(why.contains(what), "{why}"),
            other => panic!("{text}: {other:?}"),
        };
        named(r#"{"lim":7}"#, "`lim`");
        named(r#"["q",7,null,1]"#, "too many");
        named(r#"{"limit":-1}"#, "`limit`");
        named(r#"{"limit":1.5}"#, "`limit`");
        named(r#"{"limit":null}"#, "`limit` is required");
        named("{}", "`limit` is required");
        named("7", "an object or an array");
        named(&format!("{}{}", "[".repeat(1000), "]".repeat(1000)), "not JSON");
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
            "(0x)?[0-9a-f]{0,66}".prop_map(Value::from),
        ];
        let name =
            prop_oneof!["question|limit|at|patient|custodian|requester|purpose|level|labels", ".{0,8}"];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(name.clone(), inner, 0..6)
                    .prop_map(|fields| Value::from(serde_json::Map::from_iter(fields))),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in ".*", value in json()) {
            for text in [text, value.to_string()] {
                if let Ok(args) = read(&text) {
                    let _ = args.find::<Question>("question");
                    let _ = args.find::<u32>("limit");
                    let _ = args.find::<H256>("at");
                }
            }
        }
    }
}
