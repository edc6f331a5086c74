//! Access in emergencies.

use super::{Call, call};
use galen_primitives::{
    AccountId, H256,
    emergency::{Finding, Urgency},
};

/// `Emergency.open_access`.
pub fn open_access(patient: &AccountId, record: Option<H256>, by: H256, reason: Urgency, note: H256) -> Call {
    call("Emergency", "open_access", (patient, record, by, reason, note))
}

/// `Emergency.review`, by the hospital or, once it is overdue, for the council.
pub fn review_access(access: H256, by: H256, finding: Finding, note: H256) -> Call {
    call("Emergency", "review", (access, by, finding, note))
}
