//! Membership, standing, accounts, keys, nodes and quotas against a small model of them.

use crate::{Call, mock::*};
use galen_primitives::{
    member::{PeerId, Quotas},
    traits::Consortium as _,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Act {
    Admit(u8, u8),
    Evict(u8),
    SetKey(u8, u8),
    Suspect(u8, u8, u32),
    SetQuota(u8, u32),
    Charge(u8),
    Suspend(u8, u32),
    Lift(u8),
    SetExpiry(u8, Option<u64>),
    AddValidator(u8, u8),
    RemoveValidator(u8, u8),
    SetNodes(u8, Vec<u8>),
    NextBlock,
    NextDay,
}

#[derive(Debug, Default)]
struct Hospital {
    name: u8,
    key: Option<u8>,
    quota: u32,
    used: u32,
    suspended_until: u32,
    expires_on: Option<u64>,
    validators: BTreeSet<u8>,
    nodes: BTreeSet<u8>,
}

#[derive(Debug, Default)]
struct Reference {
    members: BTreeMap<u8, Hospital>,
    // Whose key it is or was, and since when it is suspect.
    keys: BTreeMap<u8, (u8, Option<u32>)>,
    // All periods ever: hospital, key, from, until.
    periods: Vec<(u8, u8, u32, Option<u32>)>,
    block: u32,
    day: u64,
}

impl Reference {
    fn good(&self, who: u8) -> bool {
        self.members.get(&who).is_some_and(|one| {
            self.block >= one.suspended_until && one.expires_on.is_none_or(|day| self.day < day)
        })
    }

    fn known(&self, account: u8) -> bool {
        self.members.iter().any(|(who, one)| *who == account || one.validators.contains(&account))
    }

    fn end_period(&mut self, who: u8) {
        for period in &mut self.periods {
            if period.0 == who && period.3.is_none() {
                period.3 = Some(self.block);
            }
        }
    }

    // Whether the act is possible; if so, does it.
    fn apply(&mut self, step: &Act) -> bool {
        let possible = self.possible(step);
        if possible {
            self.perform(step);
        }
        possible
    }

    fn possible(&self, step: &Act) -> bool {
        match step {
            Act::Admit(who, name) => {
                !self.known(*who)
                    && self.members.len() < MAX_MEMBERS as usize
                    && self.members.values().all(|one| one.name != *name)
            }
            Act::Evict(who) | Act::SetQuota(who, _) | Act::SetExpiry(who, _) => {
                self.members.contains_key(who)
            }
            Act::SetKey(who, key) => {
                self.good(*who) && self.keys.get(key).is_none_or(|known| *known == (*who, None))
            }
            Act::Suspect(who, key, from) => {
                self.members.contains_key(who)
                    && *from <= self.block
                    && self.keys.get(key).is_some_and(|known| known.0 == *who)
            }
            Act::Charge(who) => self.good(*who) && self.members[who].used < self.members[who].quota,
            Act::Suspend(who, blocks) => {
                self.members.contains_key(who) && (1..=MAX_SUSPENSION).contains(blocks)
            }
            Act::Lift(who) => self.members.get(who).is_some_and(|one| self.block < one.suspended_until),
            Act::AddValidator(who, stash) => {
                self.good(*who)
                    && !self.known(*stash)
                    && self.members[who].validators.len() < MAX_VALIDATORS as usize
            }
            Act::RemoveValidator(who, stash) => {
                self.good(*who) && self.members[who].validators.contains(stash)
            }
            Act::SetNodes(who, nodes) => {
                let unique: BTreeSet<_> = nodes.iter().collect();
                self.good(*who)
                    && unique.len() == nodes.len()
                    && self.members.iter().all(|(other, one)| {
                        other == who || nodes.iter().all(|node| !one.nodes.contains(node))
                    })
            }
            Act::NextBlock | Act::NextDay => true,
        }
    }

    fn perform(&mut self, step: &Act) {
        let block = self.block;
        match step {
            Act::Admit(who, name) => {
                let quota = QUOTAS.grants_per_day;
                self.members.insert(*who, Hospital { name: *name, quota, ..Default::default() });
            }
            Act::Evict(who) => {
                self.members.remove(who);
                self.end_period(*who);
            }
            Act::SetKey(who, key) => {
                let hospital = self.members.get_mut(who).unwrap();
                if hospital.key.replace(*key) != Some(*key) {
                    self.end_period(*who);
                    self.periods.push((*who, *key, block, None));
                }
                self.keys.insert(*key, (*who, None));
            }
            Act::Suspect(who, key, from) => {
                let known = self.keys.get_mut(key).unwrap();
                known.1 = Some(known.1.map_or(*from, |old| old.min(*from)));
                let hospital = self.members.get_mut(who).unwrap();
                if hospital.key == Some(*key) {
                    hospital.key = None;
                    self.end_period(*who);
                }
            }
            Act::SetQuota(who, quota) => self.members.get_mut(who).unwrap().quota = *quota,
            Act::Charge(who) => self.members.get_mut(who).unwrap().used += 1,
            Act::Suspend(who, blocks) => {
                let hospital = self.members.get_mut(who).unwrap();
                hospital.suspended_until = hospital.suspended_until.max(block + blocks);
            }
            Act::Lift(who) => self.members.get_mut(who).unwrap().suspended_until = 0,
            Act::SetExpiry(who, day) => self.members.get_mut(who).unwrap().expires_on = *day,
            Act::AddValidator(who, stash) => {
                self.members.get_mut(who).unwrap().validators.insert(*stash);
            }
            Act::RemoveValidator(who, stash) => {
                self.members.get_mut(who).unwrap().validators.remove(stash);
            }
            Act::SetNodes(who, nodes) => {
                self.members.get_mut(who).unwrap().nodes = nodes.iter().copied().collect();
            }
            Act::NextBlock => self.block += 1,
            Act::NextDay => {
                self.day += 1;
                self.members.values_mut().for_each(|one| one.used = 0);
            }
        }
    }
}

fn act_strategy() -> impl Strategy<Value = Act> {
    let who = 1u8..8;
    prop_oneof![
        4 => (who.clone(), 0u8..8).prop_map(|(who, name)| Act::Admit(who, name)),
        1 => who.clone().prop_map(Act::Evict),
        3 => (who.clone(), 1u8..6).prop_map(|(who, key)| Act::SetKey(who, key)),
        1 => (who.clone(), 1u8..6, 0u32..6).prop_map(|(who, key, from)| Act::Suspect(who, key, from)),
        1 => (who.clone(), 0u32..4).prop_map(|(who, quota)| Act::SetQuota(who, quota)),
        4 => who.clone().prop_map(Act::Charge),
        1 => (who.clone(), 0u32..MAX_SUSPENSION + 2).prop_map(|(who, blocks)| Act::Suspend(who, blocks)),
        1 => who.clone().prop_map(Act::Lift),
        1 => (who.clone(), proptest::option::of(0u64..4)).prop_map(|(who, day)| Act::SetExpiry(who, day)),
        3 => (who.clone(), 1u8..14).prop_map(|(who, stash)| Act::AddValidator(who, stash)),
        1 => (who.clone(), 1u8..14).prop_map(|(who, stash)| Act::RemoveValidator(who, stash)),
        2 => (who, proptest::collection::vec(0u8..6, 0..=MAX_NODES as usize))
            .prop_map(|(who, nodes)| Act::SetNodes(who, nodes)),
        2 => Just(Act::NextBlock),
        1 => Just(Act::NextDay),
    ]
}

const FIRST_DAY: u64 = 20_000;

fn node(seed: u8) -> PeerId {
    format!("12D3KooW{seed}").into_bytes().try_into().unwrap()
}

fn perform(step: &Act) -> bool {
    match step.clone() {
        Act::Admit(who, text) => admit(who, &format!("Hospital {text}")).is_ok(),
        Act::Evict(who) => evict(who).is_ok(),
        Act::SetKey(who, seed) => act(account(who), Call::<Test>::set_worker_key { key: key(seed) }).is_ok(),
        Act::Suspect(who, seed, from) => {
            let hospital = account(who);
            let call = Call::<Test>::mark_worker_key_suspect { hospital, key: key(seed), from };
            act(account(who), call).is_ok()
        }
        Act::SetQuota(who, grants_per_day) => {
            let quotas = Quotas { grants_per_day, open_jobs: 1 };
            act(council(), Call::<Test>::set_quotas { account: account(who), quotas }).is_ok()
        }
        Act::Charge(who) => Consortium::charge_grant(&account(who)).is_ok(),
        Act::Suspend(who, blocks) => suspend(who, blocks).is_ok(),
        Act::Lift(who) => act(council(), Call::<Test>::lift_suspension { account: account(who) }).is_ok(),
        Act::SetExpiry(who, day) => set_expiry(who, day.map(|day| (FIRST_DAY + day) * DAY)).is_ok(),
        Act::AddValidator(who, stash) => add_validator(who, stash).is_ok(),
        Act::RemoveValidator(who, stash) => {
            act(account(who), Call::<Test>::remove_validator { stash: account(stash) }).is_ok()
        }
        Act::SetNodes(who, nodes) => {
            let nodes: Vec<_> = nodes.into_iter().map(node).collect();
            act(account(who), Call::<Test>::set_nodes { nodes: nodes.try_into().unwrap() }).is_ok()
        }
        Act::NextBlock => {
            System::set_block_number(System::block_number() + 1);
            true
        }
        Act::NextDay => {
            Clock::set(Clock::get() + DAY);
            true
        }
    }
}

fn same(model: &Reference) -> Result<(), TestCaseError> {
    let found: Vec<_> = Consortium::members().into_iter().map(|(who, _)| who).collect();
    prop_assert_eq!(found, model.members.keys().map(|who| account(*who)).collect::<Vec<_>>());
    for seed in 1..6u8 {
        let holder = model.members.iter().find(|(who, one)| one.key == Some(seed) && model.good(**who));
        let expected = holder.map(|(who, _)| account(*who));
        prop_assert_eq!(Consortium::member_of_worker_key(&key(seed)), expected);
    }
    for who in 1..14u8 {
        let hospital = model.members.iter().find(|(own, one)| **own == who || one.validators.contains(&who));
        prop_assert_eq!(Consortium::hospital_of(&account(who)), hospital.map(|(own, _)| account(*own)));
        let may = hospital.is_some_and(|(own, _)| model.good(*own));
        prop_assert_eq!(Consortium::may_validate(&account(who)), may);
        prop_assert_eq!(Consortium::is_member(&account(who)), model.good(who));

        let found: Vec<_> = Consortium::worker_keys(&account(who))
            .into_iter()
            .map(|period| (period.key, period.from, period.until, period.suspect_from))
            .collect();
        let mut expected: Vec<_> = model
            .periods
            .iter()
            .filter(|period| period.0 == who)
            .map(|(_, seed, from, until)| (key(*seed), *from, *until, model.keys[seed].1))
            .collect();
        let forgotten = expected.len().saturating_sub(MAX_KEY_PERIODS as usize);
        expected.drain(..forgotten);
        prop_assert_eq!(found, expected);
    }
    let expected: BTreeSet<_> = model
        .members
        .iter()
        .filter(|(who, _)| model.good(**who))
        .flat_map(|(who, one)| one.nodes.iter().map(|seed| (account(*who), node(*seed))))
        .collect();
    prop_assert_eq!(Consortium::nodes(), expected.into_iter().collect::<Vec<_>>());
    Ok(())
}

proptest! {
    #[test]
    fn the_pallet_does_what_the_model_does(steps in proptest::collection::vec(act_strategy(), 0..150)) {
        run(|| {
            let treasury = Treasury::get();
            Balances::force_set_balance(RuntimeOrigin::root(), treasury, u64::MAX / 2).unwrap();
            let mut model = Reference { block: 1, ..Default::default() };
            for step in &steps {
                prop_assert_eq!(perform(step), model.apply(step), "{:?}", step);
                prop_assert!(Consortium::do_try_state().is_ok());
            }
            same(&model)
        })?;
    }
}
