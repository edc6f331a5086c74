//! The runtime APIs that clients and workers call; SCALE in and out, answered from the state of the block asked at.

use crate::{
    AccountId, BlockNumber, H256, UnixSeconds,
    audit::{ConsistencyProof, Filter, InclusionProof, LogState, Page},
    batch::{Batch, ErasedLeaf},
    consent::{
        ConsentTerms, ConsentVersion, Decision, Guardianship, Mandate, OwedPage, Patient, Question, Use,
    },
    custody::{CustodyStep, Item},
    device::Device,
    disclosure::{ReportedBatch, SiteStatus},
    emergency::{AccessPage, ListedAccess, Ruling},
    member::{Member, PeerId, Seats, ValidatorStatus, WorkerKeyPeriod},
    model::{Model, Round, Update},
    reading::{AnchoredReadings, ReadingSite},
    record::Record,
    signature::RelyingParty,
    summary::Job,
};
use alloc::vec::Vec;

/// At most this many entries come in one page.
pub const MAX_PAGE: u32 = 256;

sp_api::decl_runtime_apis! {
    /// Admitted hospitals.
    pub trait ConsortiumApi {
        /// All members, by account, in good standing or not.
        fn members() -> Vec<(AccountId, Member)>;
        /// One member.
        fn member(account: AccountId) -> Option<Member>;
        /// The validator accounts of all members, by hospital, its own first; also of those not in good standing. At the
        /// end, who is still in the set and no longer any hospital's; it stands as its own hospital.
        fn validators() -> Vec<ValidatorStatus>;
        /// The validators' seats and the bounds on them.
        fn seats() -> Seats;
        /// The worker keys that a hospital has had, the oldest first; the oldest of very many are forgotten.
        fn worker_keys(account: AccountId) -> Vec<WorkerKeyPeriod>;
        /// The nodes of members in good standing, by hospital; `None` if the network is open to any peer.
        fn admitted_nodes() -> Option<Vec<(AccountId, PeerId)>>;
    }

    /// Patients and consents.
    pub trait ConsentApi {
        /// An enrolled patient key.
        fn patient(patient: AccountId) -> Option<Patient>;
        /// All versions of a patient's consents, by id.
        fn consents(patient: AccountId) -> Vec<ConsentVersion>;
        /// The decision now.
        fn decide(question: Question) -> Decision;
        /// The decision as it was at block `at` (not later than this one), `now` being that block's time.
        fn decide_at(question: Question, at: BlockNumber, now: UnixSeconds) -> Decision;
        /// The text that `grantor` signs for these terms, with the key's next nonce; `None` if patient or custodian are unknown.
        fn grant_text(terms: ConsentTerms, grantor: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that `grantor` signs to withdraw a consent, with the key's next nonce; `None` if the patient is unknown.
        fn revoke_text(patient: AccountId, id: u32, grantor: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that a patient signs for a mandate.
        fn appoint_text(patient: AccountId, delegate: AccountId, mandate: Mandate, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that a patient signs to end a mandate.
        fn dismiss_text(patient: AccountId, delegate: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// Who may or might once sign for a patient.
        fn guardians(patient: AccountId) -> Vec<(AccountId, Guardianship)>;
        /// What a hospital owes since consents under which it had read have ended, from `after` on in the order of the keys;
        /// at most `limit`, and never more than [`MAX_PAGE`].
        fn owed(hospital: AccountId, after: Option<(AccountId, u32)>, limit: u32) -> OwedPage;
        /// The hospitals that read under a consent.
        fn uses(patient: AccountId, consent: u32) -> Vec<(AccountId, Use)>;
        /// The relying parties whose passkeys may sign, in no order that means anything.
        fn relying_parties() -> Vec<RelyingParty>;
    }

    /// Accesses in emergencies.
    pub trait EmergencyApi {
        /// One access.
        fn access(id: H256) -> Option<ListedAccess>;
        /// The accesses that a hospital has open; `limit` (never more than [`MAX_PAGE`]) counts patients. A page may hold
        /// none, with more to come.
        fn open_accesses(hospital: AccountId, after: Option<H256>, limit: u32) -> AccessPage;
        /// A hospital's accesses that nobody reviewed yet, or only the overdue ones of them; `limit` (never more than
        /// [`MAX_PAGE`]) counts those that are looked at.
        fn unreviewed(hospital: AccountId, overdue_only: bool, after: Option<H256>, limit: u32) -> AccessPage;
        /// The decision now, emergencies counted in; `record` is the one that the question is about.
        fn rule(question: Question, record: Option<H256>) -> Ruling;
    }

    /// Anchored records.
    pub trait RecordsApi {
        /// One record by its commitment.
        fn record(id: H256) -> Option<Record>;
        /// A batch by its root.
        fn batch(root: H256) -> Option<Batch>;
        /// The receipt of the erasure of a leaf that was never revealed, by the record's commitment.
        fn erased_leaf(commitment: H256) -> Option<ErasedLeaf>;
        /// An item in custody.
        fn item(id: H256) -> Option<Item>;
        /// The steps of an item's custody from number `from` on; never more than [`MAX_PAGE`].
        fn custody(id: H256, from: u32) -> Vec<CustodyStep>;
    }

    /// Models and rounds.
    pub trait FederatedApi {
        /// One model by its hash.
        fn model(hash: H256) -> Option<Model>;
        /// One round by its number.
        fn round(id: u32) -> Option<Round>;
        /// The updates of a round, by member.
        fn updates(round: u32) -> Vec<(AccountId, Update)>;
    }

    /// The audit log.
    pub trait AuditApi {
        /// Count and peaks.
        fn state() -> LogState;
        /// Entries from index `from` on that match; at most `limit` and never more than [`MAX_PAGE`].
        fn entries(filter: Filter, from: u64, limit: u32) -> Page;
        /// The hospitals that hold or used something of this patient key, each with the index of its latest entry.
        fn holders(patient: AccountId) -> Vec<(AccountId, u64)>;
        /// That the entry `index` is in the log of the first `size` entries; `None` if there is no such entry in it, or there
        /// are not as many entries.
        fn inclusion_proof(index: u64, size: u64) -> Option<InclusionProof>;
        /// That the log of the first `old` entries is the beginning of that of the first `new` ones; `None` if `old` is more
        /// than `new`, or there are not as many entries.
        fn consistency_proof(old: u64, new: u64) -> Option<ConsistencyProof>;
        /// How each hospital stands with its reports of disclosures, by account; members that never reported, and those that
        /// did and are no members any more, included.
        fn sites() -> Vec<SiteStatus>;
        /// A hospital's batches of disclosures that hold number `from` or later ones; at most `limit` and never more than
        /// [`MAX_PAGE`].
        fn disclosure_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<ReportedBatch>;
    }

    /// Devices and their readings.
    pub trait DevicesApi {
        /// One device.
        fn device(id: H256) -> Option<Device>;
        /// A hospital's devices, retired ones included, in no order; at most `limit` and never more than [`MAX_PAGE`], from the
        /// one after `after` on.
        fn devices(hospital: AccountId, after: Option<H256>, limit: u32) -> Vec<(H256, Device)>;
        /// How far a hospital has anchored its readings.
        fn reading_site(hospital: AccountId) -> ReadingSite;
        /// A hospital's batches of readings from number `from` on; at most `limit` and never more than [`MAX_PAGE`].
        fn reading_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<AnchoredReadings>;
    }

    /// Summary jobs.
    pub trait SummariesApi {
        /// One job; its status as of this block (an open job past its deadline reads as expired).
        fn job(id: H256) -> Option<Job>;
        /// The ids of a hospital's jobs that are open and not past their deadline.
        fn open_jobs(hospital: AccountId) -> Vec<H256>;
        /// Whether this job's use is permitted now; `None` if there is no such job.
        fn check(id: H256) -> Option<Ruling>;
    }
}
