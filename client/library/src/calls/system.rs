//! Runtime upgrades.

use super::{Call, call};

/// `System.apply_authorized_upgrade`: the code whose hash the council has authorised. Anyone may send it; it costs nothing if it is
/// applied.
pub fn apply_authorized_upgrade(code: &[u8]) -> Call {
    call("System", "apply_authorized_upgrade", (code,))
}
