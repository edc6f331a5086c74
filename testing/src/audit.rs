//! The fake of [`AuditSink`].

use frame_support::{pallet_prelude::ValueQuery, storage_alias};
use galen_primitives::{AccountId, H256, audit::Kind, traits::AuditSink};
use sp_runtime::{DispatchError, DispatchResult, ModuleError, TryRuntimeError};

/// What one entry says: hospital, kind, subject, patient.
pub type AuditEntry = (Option<AccountId>, Kind, H256, Option<AccountId>);

// In storage, so that what a failed call appended is undone with the call.
#[storage_alias]
type Entries = StorageValue<FakeAudit, Vec<AuditEntry>, ValueQuery>;

/// How many entries the log holds before it fails; absent if it never fails.
#[storage_alias]
type Room = StorageValue<FakeAudit, u32>;

// How many appends failed. In storage, so that `assert_noop!` notices a caller that does not undo what a
// failed append wrote.
#[storage_alias]
type Failures = StorageValue<FakeAudit, u32, ValueQuery>;

/// An audit log that keeps what is appended, and fails when a test says so.
pub struct FakeAudit;

impl FakeAudit {
    /// The error of an append for which there is no room. Nothing else in the tests fails with it.
    pub const FULL: DispatchError = DispatchError::Module(ModuleError {
        index: 255,
        error: [0; 4],
        message: Some("the audit log is full"),
    });

    /// What was appended, oldest first.
    pub fn entries() -> Vec<AuditEntry> {
        Entries::get()
    }

    /// Takes `more` entries from here on, and fails with [`FakeAudit::FULL`] at the one after them.
    pub fn room_for(more: u32) {
        let count = u32::try_from(Entries::get().len()).unwrap_or(u32::MAX);
        Room::put(count.saturating_add(more));
    }

    /// An error if an entry names a patient: for pallets that know none.
    pub fn names_no_patient() -> Result<(), TryRuntimeError> {
        let named = Entries::get().iter().any(|(.., patient)| patient.is_some());
        if named { Err("an audit entry names a patient".into()) } else { Ok(()) }
    }
}

impl AuditSink for FakeAudit {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        if Room::get().is_some_and(|room| Entries::decode_len().unwrap_or(0) as u64 >= u64::from(room)) {
            Failures::mutate(|count| *count += 1);
            return Err(Self::FULL);
        }
        Entries::append((hospital.cloned(), kind, subject, patient.cloned()));
        Ok(())
    }
}
