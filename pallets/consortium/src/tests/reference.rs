//! Membership, keys and quotas against a small model of them.

use crate::{Call, mock::*};
use galen_primitives::{member::Quotas, traits::Consortium as _};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Act {
    Admit(u8, u8),
    Evict(u8),
    SetKey(u8, u8),
    SetQuota(u8, u32),
    Charge(u8),
    NextDay,
}

#[derive(Debug)]
struct Reference {
    name: u8,
    key: Option<u8>,
    quota: u32,
    used: u32,
}

fn act_strategy() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1u8..8, 0u8..8).prop_map(|(who, name)| Act::Admit(who, name)),
        1 => (1u8..8).prop_map(Act::Evict),
        3 => (1u8..8, 1u8..6).prop_map(|(who, key)| Act::SetKey(who, key)),
        1 => (1u8..8, 0u32..4).prop_map(|(who, quota)| Act::SetQuota(who, quota)),
        4 => (1u8..8).prop_map(Act::Charge),
        1 => Just(Act::NextDay),
    ]
}

// Whether the act is possible; if so, does it.
fn apply(members: &mut BTreeMap<u8, Reference>, step: &Act) -> bool {
    match *step {
        Act::Admit(who, name) => {
            let possible = !members.contains_key(&who)
                && members.len() < MAX_MEMBERS as usize
                && members.values().all(|member| member.name != name);
            if possible {
                let quota = QUOTAS.grants_per_day;
                members.insert(who, Reference { name, key: None, quota, used: 0 });
            }
            possible
        }
        Act::Evict(who) => members.remove(&who).is_some(),
        Act::SetKey(who, key) => {
            let taken = members.iter().any(|(other, member)| *other != who && member.key == Some(key));
            let Some(member) = members.get_mut(&who).filter(|_| !taken) else { return false };
            member.key = Some(key);
            true
        }
        Act::SetQuota(who, quota) => {
            let Some(member) = members.get_mut(&who) else { return false };
            member.quota = quota;
            true
        }
        Act::Charge(who) => {
            let Some(member) = members.get_mut(&who).filter(|member| member.used < member.quota) else {
                return false;
            };
            member.used += 1;
            true
        }
        Act::NextDay => {
            members.values_mut().for_each(|member| member.used = 0);
            true
        }
    }
}

fn perform(step: &Act) -> bool {
    match *step {
        Act::Admit(who, text) => admit(who, &format!("Hospital {text}")).is_ok(),
        Act::Evict(who) => act(council(), Call::<Test>::evict { account: account(who) }).is_ok(),
        Act::SetKey(who, seed) => act(account(who), Call::<Test>::set_worker_key { key: key(seed) }).is_ok(),
        Act::SetQuota(who, grants_per_day) => {
            let quotas = Quotas { grants_per_day, open_jobs: 1 };
            act(council(), Call::<Test>::set_quotas { account: account(who), quotas }).is_ok()
        }
        Act::Charge(who) => Consortium::charge_grant(&account(who)).is_ok(),
        Act::NextDay => {
            Now::set(&(Now::get() + DAY));
            true
        }
    }
}

proptest! {
    #[test]
    fn the_pallet_does_what_the_model_does(steps in proptest::collection::vec(act_strategy(), 0..120)) {
        run(|| {
            let treasury = Treasury::get();
            Balances::force_set_balance(RuntimeOrigin::root(), treasury, u64::MAX / 2).unwrap();
            let mut members = BTreeMap::new();
            for step in &steps {
                prop_assert_eq!(perform(step), apply(&mut members, step), "{:?}", step);
                prop_assert!(Consortium::do_try_state().is_ok());
            }
            let found: Vec<_> = Consortium::members().into_iter().map(|(who, _)| who).collect();
            prop_assert_eq!(found, members.keys().map(|who| account(*who)).collect::<Vec<_>>());
            for seed in 1..6u8 {
                let holder = members.iter().find(|(_, member)| member.key == Some(seed));
                let expected = holder.map(|(who, _)| account(*who));
                prop_assert_eq!(Consortium::member_of_worker_key(&key(seed)), expected);
            }
            Ok(())
        })?;
    }
}
