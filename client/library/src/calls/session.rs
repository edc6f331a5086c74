//! Session keys.

use super::{Call, call};
use crate::session_keys::SessionKeys;

/// `Session.set_keys`, with the proof that the signer's node holds them.
pub fn set_session_keys(keys: &SessionKeys, proof: &[u8]) -> Call {
    call("Session", "set_keys", (keys, proof))
}
