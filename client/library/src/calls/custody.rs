//! Items in custody.

use super::{Call, call};
use galen_primitives::{AccountId, H256, records::custody::ItemKind};

/// `Custody.register`.
pub fn register_item(id: H256, kind: ItemKind) -> Call {
    call("Custody", "register", (id, kind))
}

/// `Custody.offer`.
pub fn offer(id: H256, to: &AccountId) -> Call {
    call("Custody", "offer", (id, to))
}

/// `Custody.accept`.
pub fn accept(id: H256) -> Call {
    call("Custody", "accept", (id,))
}

/// `Custody.withdraw_offer`.
pub fn withdraw_offer(id: H256) -> Call {
    call("Custody", "withdraw_offer", (id,))
}
