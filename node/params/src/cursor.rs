//! Cursors of lists that change from block to block: all pages of one list are read at the block of its first
//! page.

use codec::{Decode, DecodeAll, Encode};
use galen_primitives::H256;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// One page holds at most so many items.
pub const MAX_PAGE: u32 = galen_primitives::api::MAX_PAGE;
/// A page holds so many items unless more or fewer are asked for.
pub const DEFAULT_PAGE: u32 = 100;

/// A cursor says where the next page starts. In JSON it is opaque: whoever asks hands back what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<P> {
    /// The block that the list is read at.
    pub block: H256,
    /// What came before: how many items, or the key of the last.
    pub position: P,
}

impl<P: Encode> Serialize for Cursor<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode((self.block, &self.position).encode()))
    }
}

impl<'de, P: Decode> Deserialize<'de> for Cursor<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = hex::decode(String::deserialize(deserializer)?).ok();
        let read = bytes.and_then(|bytes| <(H256, P)>::decode_all(&mut bytes.as_slice()).ok());
        let (block, position) = read.ok_or_else(|| D::Error::custom("not a cursor that this method gave"))?;
        Ok(Cursor { block, position })
    }
}

/// Cuts the page from `position` on out of `list`, and says where the next one starts.
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
            prop_assert_eq!(serde_json::from_value::<Cursor<u32>>(json).unwrap(), cursor);
            let _ = serde_json::from_value::<Cursor<u32>>(text.into());
        }
    }

    #[test]
    fn a_position_beyond_the_end_gives_nothing() {
        assert_eq!(cut(vec![1, 2], u32::MAX, 2), (vec![], None));
    }
}
