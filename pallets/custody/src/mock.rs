//! A runtime of this pallet alone, with members and an audit log in storage, so that both roll back with a
//! call.

use crate::{self as pallet_custody, Call, Pallet};
use frame_support::{derive_impl, storage_alias};
use frame_system::mocking::MockBlockU32;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    member::{MemberName, Quotas},
    records::custody::ItemKind,
    traits::{AuditSink, Consortium},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult,
    traits::{Dispatchable, IdentityLookup},
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Custody = pallet_custody;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

impl pallet_custody::Config for Test {
    type Consortium = Hospitals;
    type Audit = Log;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Hospitals;
}

#[storage_alias]
type Members = StorageMap<MockConsortium, frame_support::Blake2_128Concat, AccountId, ()>;

pub struct Hospitals;

impl Hospitals {
    pub fn admit(account: &AccountId) {
        Members::insert(account, ());
    }
    pub fn evict(account: &AccountId) {
        Members::remove(account);
    }
}

impl Consortium for Hospitals {
    fn is_member(account: &AccountId) -> bool {
        Members::contains_key(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(_: &AccountId) -> Option<H256> {
        None
    }
    fn member_of_worker_key(_: &H256) -> Option<AccountId> {
        None
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Exhausted)
    }
}

/// Hospital, kind and subject; no entry here is about a patient.
pub type LogEntry = (Option<AccountId>, Kind, H256);

#[storage_alias]
type Entries = StorageValue<MockAudit, Vec<LogEntry>, frame_support::pallet_prelude::ValueQuery>;
/// The log fails once it has this many entries.
#[storage_alias]
type Room = StorageValue<MockAudit, u32>;

pub struct Log;

impl Log {
    pub fn entries() -> Vec<LogEntry> {
        Entries::get()
    }
    pub fn room_for(more: u32) {
        Room::put(Entries::get().len() as u32 + more);
    }
}

impl AuditSink for Log {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        assert_eq!(patient, None);
        Entries::append((hospital.cloned(), kind, subject));
        // Fails after writing: nothing of it may remain.
        match Room::get() {
            Some(room) if Entries::get().len() as u32 > room => Err(DispatchError::Unavailable),
            _ => Ok(()),
        }
    }
}

pub fn general() -> AccountId {
    AccountId::new([1; 32])
}
pub fn mercy() -> AccountId {
    AccountId::new([2; 32])
}
pub fn outsider() -> AccountId {
    AccountId::new([9; 32])
}

/// The id of item number `n`; 0 is no item's.
pub fn id(n: u64) -> H256 {
    H256::from_low_u64_be(n)
}

/// Dispatches as a transaction would: an error undoes everything.
pub fn submit(who: &AccountId, call: Call<Test>) -> DispatchResult {
    RuntimeCall::from(call)
        .dispatch(RuntimeOrigin::signed(who.clone()))
        .map(|_| ())
        .map_err(|refused| refused.error)
}

pub fn register(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::register { id, kind: ItemKind::DrugLot })
}

pub fn offer(who: &AccountId, id: H256, to: &AccountId) -> DispatchResult {
    submit(who, Call::offer { id, to: to.clone() })
}

pub fn accept(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::accept { id })
}

pub fn withdraw_offer(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::withdraw_offer { id })
}

/// Runs a test at block 1 in a consortium of General and Mercy, and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        System::set_block_number(1);
        Hospitals::admit(&general());
        Hospitals::admit(&mercy());
        test();
        Pallet::<Test>::do_try_state().unwrap();
    });
}
