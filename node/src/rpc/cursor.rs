//! Cursors of lists that change from block to block: all pages of one list are read at the block of its first page.

use galen_runtime::Hash;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The most that one page holds.
pub const MAX_PAGE: u32 = galen_primitives::api::MAX_PAGE;
/// What it holds unless asked for more or less.
pub const DEFAULT_PAGE: u32 = 100;

/// Where the next page starts. Opaque in JSON: who asks hands back what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The block that the list is read at.
    pub block: Hash,
    /// How many items came before.
    pub position: u32,
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{}.{}", hex::encode(self.block), self.position))
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parse = || {
            let (block, position) = text.split_once('.')?;
            let mut hash = Hash::zero();
            hex::decode_to_slice(block, hash.as_mut()).ok()?;
            Some(Cursor { block: hash, position: position.parse().ok()? })
        };
        parse().ok_or_else(|| D::Error::custom("not a cursor that this method gave"))
    }
}

/// The page of `list` from `position` on, and where the next one starts.
pub fn cut<T>(list: Vec<T>, position: u32, limit: u32) -> (Vec<T>, Option<u32>) {
    let rest = list.len().saturating_sub(position as usize);
    let next = (rest > limit as usize).then(|| position.saturating_add(limit));
    (list.into_iter().skip(position as usize).take(limit as usize).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pages_make_up_the_list(length in 0u32..40, limit in 1u32..12) {
            let list: Vec<u32> = (0..length).collect();
            let (mut seen, mut position) = (Vec::new(), Some(0));
            while let Some(from) = position {
                let (page, next) = cut(list.clone(), from, limit);
                prop_assert!(page.len() <= limit as usize);
                prop_assert!(next.is_none() || !page.is_empty());
                seen.extend(page);
                position = next;
            }
            prop_assert_eq!(seen, list);
        }

        #[test]
        fn a_cursor_survives_json(block in any::<[u8; 32]>(), position in any::<u32>(), text in ".*") {
            let cursor = Cursor { block: block.into(), position };
            let json = serde_json::to_value(cursor).unwrap();
            prop_assert_eq!(serde_json::from_value::<Cursor>(json).unwrap(), cursor);
            let _ = serde_json::from_value::<Cursor>(text.into());
        }
    }

    #[test]
    fn a_position_beyond_the_end_gives_nothing() {
        assert_eq!(cut(vec![1, 2], u32::MAX, 2), (vec![], None));
    }
}
