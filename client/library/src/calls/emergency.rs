//! Access in emergencies.

use super::{Call, call};
use galen_primitives::{
    AccountId, H256,
    emergency::{Finding, Urgency},
};

/// `Emergency.break_glass`.
pub fn break_glass(patient: &AccountId, record: Option<H256>, by: H256, reason: Urgency, note: H256) -> Call {
    call("Emergency", "break_glass", (patient, record, by, reason, note))
}

/// `Emergency.review`, by the hospital or, once it is overdue, for the council.
pub fn review_access(access: H256, by: H256, finding: Finding, note: H256) -> Call {
    call("Emergency", "review", (access, by, finding, note))
}
