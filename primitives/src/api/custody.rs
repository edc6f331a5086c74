//! Items in custody, as clients ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    H256,
    records::custody::{CustodyStep, Item},
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Items in custody.
    pub trait CustodyApi {
        /// An item by its id.
        fn item(id: H256) -> Option<Item>;
        /// The steps of an item's custody from number `from` on; never more than [`MAX_PAGE`].
        fn steps(id: H256, from: u32) -> Vec<CustodyStep>;
    }
}
