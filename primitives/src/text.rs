//! Short texts of the chain in JSON: strings, not arrays of numbers.

use alloc::string::String;
use serde::{Deserialize, Deserializer, Serializer, de::Error};
use sp_core::Get;
use sp_runtime::BoundedVec;

/// Writes the bytes as a string; what is not UTF-8 is shown as such.
pub fn serialize<S: Serializer, B: Get<u32>>(
    text: &BoundedVec<u8, B>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(text))
}

/// Reads a string of at most so many bytes.
pub fn deserialize<'de, D: Deserializer<'de>, B: Get<u32>>(
    deserializer: D,
) -> Result<BoundedVec<u8, B>, D::Error> {
    String::deserialize(deserializer)?
        .into_bytes()
        .try_into()
        .map_err(|_| D::Error::custom("the text is too long"))
}

/// Amounts of money as decimal strings: many readers of JSON round numbers above 2^53.
pub mod amount {
    use super::*;
    use alloc::string::ToString;

    /// Writes the amount in decimal.
    pub fn serialize<S: Serializer>(amount: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&amount.to_string())
    }

    /// Reads a decimal string.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("not a decimal amount"))
    }
}
