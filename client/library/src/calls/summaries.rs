//! Summary jobs.

use super::{Call, call};
use galen_primitives::{H256, consent::Purpose};

/// `Summaries.request`.
pub fn request(record: H256, model: H256, purpose: Purpose) -> Call {
    call("Summaries", "request", (record, model, purpose))
}
