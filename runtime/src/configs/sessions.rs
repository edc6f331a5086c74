//! Who is in the set when no election has made a new one.
//!
//! Staking elects once in an era, and when an election fails (too few candidates, or none) it says nothing,
//! and sessions go on with the validators they have. Among those could be a hospital that has been evicted.
//! [`StandingOnly`] stands between sessions and staking and takes out of a set that is carried over whoever
//! is no longer an account of a hospital in good standing.
//!
//! To pallet-session a set so reduced is a new one like any other: it queues it, historical sessions note its
//! root for proofs of equivocation, GRANDPA schedules the change and BABE announces it with the epoch. To
//! staking nothing has happened: the era and what it knows of the validators that stay go on. A new era is
//! forced, so that the next election fills the seats as soon as it can.

use crate::{AccountId, Consortium, Runtime, Session, Staking};
use alloc::vec::Vec;
use pallet_session::{SessionManager, historical};
use pallet_staking::Forcing;
use sp_staking::SessionIndex;

/// Manages sessions as staking does, without those who are no longer in good standing.
pub struct StandingOnly;

impl SessionManager<AccountId> for StandingOnly {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        <Staking as SessionManager<AccountId>>::new_session(index).or_else(without_outsiders)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId>> {
        <Staking as SessionManager<AccountId>>::new_session_genesis(index)
    }

    fn end_session(index: SessionIndex) {
        <Staking as SessionManager<AccountId>>::end_session(index);
    }

    fn start_session(index: SessionIndex) {
        <Staking as SessionManager<AccountId>>::start_session(index);
    }
}

impl historical::SessionManager<AccountId, ()> for StandingOnly {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        identified(<Self as SessionManager<AccountId>>::new_session(index))
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        identified(<Self as SessionManager<AccountId>>::new_session_genesis(index))
    }

    fn start_session(index: SessionIndex) {
        <Self as SessionManager<AccountId>>::start_session(index);
    }

    fn end_session(index: SessionIndex) {
        <Self as SessionManager<AccountId>>::end_session(index);
    }
}

/// Has a new set elected with the next session; where Root has set that every session is an era, that stays.
pub fn force_new_era() {
    pallet_staking::ForceEra::<Runtime>::mutate(|forcing| {
        if *forcing != Forcing::ForceAlways {
            *forcing = Forcing::ForceNew;
        }
    });
}

fn identified(validators: Option<Vec<AccountId>>) -> Option<Vec<(AccountId, ())>> {
    validators.map(|all| all.into_iter().map(|account| (account, ())).collect())
}

/// Gives the set that would be carried over, if someone has to be taken out of it.
fn without_outsiders() -> Option<Vec<AccountId>> {
    let current = Session::validators();
    let standing: Vec<_> =
        current.iter().filter(|account| Consortium::may_validate(account)).cloned().collect();
    if standing.len() == current.len() {
        return None;
    }
    force_new_era();
    // Keys are dropped with a purge; a set of validators without keys would be no set.
    if !standing.iter().any(pallet_session::NextKeys::<Runtime>::contains_key) {
        log::error!(target: "runtime::sessions", "no validator is in good standing: the set stays as it is");
        return None;
    }
    log::warn!(
        target: "runtime::sessions",
        "no election: {} of {} validators stay, the others are not in good standing",
        standing.len(),
        current.len(),
    );
    Some(standing)
}
