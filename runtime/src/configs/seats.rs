//! The validators and their seats, as the runtime APIs tell of them.

use super::election::bonded;
use crate::{AccountId, Conduct, Consortium, Runtime, Session, limits::MAX_STAKE};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use galen_primitives::member::{Seats, ValidatorStatus};
use pallet_consortium::seats::cap;

fn active_era() -> u32 {
    pallet_staking::ActiveEra::<Runtime>::get().map_or(0, |era| era.index)
}

/// Answers [`ConsortiumApi::validators`](galen_primitives::api::ConsortiumApi).
pub fn validators() -> Vec<ValidatorStatus> {
    let (active, disabled) = (Session::validators(), Session::disabled_validators());
    let seated: BTreeMap<&AccountId, bool> =
        (0u32..).zip(&active).map(|(index, account)| (account, disabled.contains(&index))).collect();
    let of_members: Vec<(AccountId, AccountId)> = Consortium::members()
        .into_iter()
        .flat_map(|(hospital, _)| {
            let accounts = Consortium::validator_accounts(&hospital);
            accounts.into_iter().map(move |account| (hospital.clone(), account))
        })
        .collect();
    let known: BTreeSet<_> = of_members.iter().map(|(_, account)| account).collect();
    let of_nobody = active.iter().filter(|account| !known.contains(account));
    let of_nobody: Vec<_> = of_nobody.map(|account| (account.clone(), account.clone())).collect();

    let era = active_era();
    of_members
        .into_iter()
        .chain(of_nobody)
        .map(|(hospital, account)| {
            let exposure = pallet_staking::ErasStakersOverview::<Runtime>::get(era, &account);
            ValidatorStatus {
                hospital,
                candidate: pallet_staking::Validators::<Runtime>::contains_key(&account),
                keyed: pallet_session::NextKeys::<Runtime>::contains_key(&account),
                active: seated.contains_key(&account),
                disabled: seated.get(&account).copied().unwrap_or_default(),
                stake: bonded(&account),
                backing: exposure.map_or(0, |exposure| exposure.total),
                absent_sessions: Conduct::absent_sessions(&account),
                account,
            }
        })
        .collect()
}

/// Answers [`ConsortiumApi::seats`](galen_primitives::api::ConsortiumApi).
pub fn seats() -> Seats {
    let active = u32::try_from(Session::validators().len()).unwrap_or(u32::MAX);
    Seats {
        era: active_era(),
        session: Session::current_index(),
        desired: pallet_staking::ValidatorCount::<Runtime>::get(),
        active,
        cap: cap(active),
        max_stake: MAX_STAKE,
    }
}
