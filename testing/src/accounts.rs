//! Accounts, hashes and keys by their number.

use frame_support::traits::{EitherOfDiverse, SortedMembers};
use frame_system::{EnsureRoot, EnsureSignedBy};
use galen_primitives::{AccountId, H256};
use sp_core::{Pair, sr25519};

/// Account number `n`.
pub fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// The first hospital of most tests, account 1.
pub fn general() -> AccountId {
    account(1)
}

/// The second hospital of most tests, account 2.
pub fn mercy() -> AccountId {
    account(2)
}

/// An account that no test admits, account 9.
pub fn outsider() -> AccountId {
    account(9)
}

/// Hash number `n`.
pub fn hash(n: u8) -> H256 {
    H256([n; 32])
}

/// The worker key of hospital number `n`, as its node has it.
pub fn worker(n: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[n; 32])
}

/// The worker key of hospital number `n`, as it stands on chain.
pub fn worker_key(n: u8) -> H256 {
    H256(worker(n).public().0)
}

/// The account that the council acts as, account 100.
pub fn council() -> AccountId {
    account(100)
}

/// The only signer that [`GovernOrigin`] lets through: the council.
pub struct Council;

impl SortedMembers<AccountId> for Council {
    fn sorted_members() -> Vec<AccountId> {
        vec![council()]
    }
}

/// Root, or the council.
pub type GovernOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSignedBy<Council, AccountId>>;
