//! What the benchmarks of one pallet need of the others: made with the real pallets in the runtime, with mocks in tests.

use crate::{AccountId, H256, UnixSeconds, audit::LogState};
use sp_runtime::BoundedVec;

/// Makes the audit log a long one.
pub trait MakeLog {
    /// Makes it one whose next `entries` appends complete as many inner nodes, as any number of appends does on the average. Those
    /// of an empty log, which a benchmark begins with, complete fewer.
    fn long_log(entries: u32);
}

/// Makes members.
pub trait MakeMember {
    /// Makes `account` a member in good standing, with the longest name, quotas enough and this worker key.
    fn member(account: &AccountId, worker_key: H256);
}

/// Makes patients.
pub trait MakePatient {
    /// Enrols a patient's key with `custodian`. Its consent 0 permits everything.
    fn patient(patient: &AccountId, custodian: &AccountId);
}

/// Makes records.
pub trait MakeRecord {
    /// Anchors the largest record of a patient.
    fn record(id: H256, custodian: &AccountId, patient: &AccountId);
}

/// Makes models.
pub trait MakeModel {
    /// Registers and approves a model with this hash.
    fn model(hash: H256);
}

/// Sets the time.
pub trait SetClock {
    /// Sets the time of the current block.
    fn set_clock(now: UnixSeconds);
}

/// Makes accounts that have bonded their stake.
pub trait MakeStaker {
    /// Bonds enough stake of `account` for it to be a candidate, or to vote.
    fn staker(account: &AccountId);
}

/// A log of `count` entries, of which only the peaks are there.
pub fn log_of(count: u64) -> LogState {
    let peaks = (0..u64::from(count.count_ones())).map(numbered).collect();
    LogState { count, peaks: BoundedVec::truncate_from(peaks) }
}

/// What [`MakeLog::long_log`] makes of a real log.
pub fn long_log(entries: u32) -> LogState {
    // Thirty-nine high mountains, and below them as many leaves as come: that many more leave as many peaks there as there are
    // before, so that as many nodes are completed. The high ones are not merged.
    log_of((((1 << 39) - 1) << 12) | u64::from(entries))
}

/// A hash of its own for each number. (`H256::from_low_u64_be` is there with `std` only.)
pub fn numbered(number: u64) -> H256 {
    let mut bytes = [0; 32];
    let (_, last) = bytes.split_at_mut(24);
    last.copy_from_slice(&number.to_be_bytes());
    H256(bytes)
}
