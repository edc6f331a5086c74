//! Models and rounds against a small model of them.

use crate::mock::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Act {
    Register { who: u8, model: u8, parent: Option<u8> },
    Approve(u8),
    Withdraw(u8),
    Open { who: u8, base: u8, blocks: u32 },
    Update { who: u8, round: u32, hash: u8 },
    Wait(u32),
}

#[derive(Default)]
struct Reference {
    block: u32,
    models: BTreeSet<u8>,
    approved: BTreeSet<u8>,
    rounds: Vec<(u8, u32, BTreeMap<u8, u8>)>,
    entries: usize,
}

impl Reference {
    // Whether the act is possible; if so, does it.
    fn apply(&mut self, step: &Act) -> bool {
        let possible = match *step {
            Act::Register { who, model, parent } => {
                who <= 4
                    && parent.is_none_or(|parent| self.models.contains(&parent))
                    && self.models.insert(model)
            }
            Act::Approve(model) => self.models.contains(&model) && self.approved.insert(model),
            Act::Withdraw(model) => self.approved.remove(&model),
            Act::Open { who, base, blocks } => {
                let possible = who <= 4 && self.approved.contains(&base) && (1..=100).contains(&blocks);
                if possible {
                    self.rounds.push((base, self.block + blocks, BTreeMap::new()));
                }
                possible
            }
            Act::Update { who, round, hash } => match self.rounds.get_mut(round as usize) {
                Some((base, deadline, updates)) => {
                    let possible = who <= 4
                        && self.block <= *deadline
                        && self.approved.contains(base)
                        && updates.len() < MAX_UPDATES as usize
                        && updates.iter().all(|(other, theirs)| *other != who && *theirs != hash);
                    if possible {
                        updates.insert(who, hash);
                    }
                    possible
                }
                None => false,
            },
            Act::Wait(blocks) => {
                self.block += blocks;
                return true;
            }
        };
        self.entries += usize::from(possible);
        possible
    }
}

fn perform(step: &Act) -> bool {
    match *step {
        Act::Register { who, model, parent } => register(who, model, parent).is_ok(),
        Act::Approve(model) => approve(model).is_ok(),
        Act::Withdraw(model) => withdraw(model).is_ok(),
        Act::Open { who, base, blocks } => open(who, base, blocks).is_ok(),
        Act::Update { who, round, hash } => update(who, round, hash, 1).is_ok(),
        Act::Wait(blocks) => {
            System::set_block_number(System::block_number() + blocks);
            true
        }
    }
}

fn step() -> impl Strategy<Value = Act> {
    let (who, model) = (1u8..6, 10u8..14);
    prop_oneof![
        2 => (who.clone(), model.clone(), proptest::option::of(model.clone()))
            .prop_map(|(who, model, parent)| Act::Register { who, model, parent }),
        3 => model.clone().prop_map(Act::Approve),
        1 => model.clone().prop_map(Act::Withdraw),
        2 => (who.clone(), model, prop_oneof![1u32..20, Just(0), Just(101)])
            .prop_map(|(who, base, blocks)| Act::Open { who, base, blocks }),
        6 => (who, 0u32..6, 20u8..30).prop_map(|(who, round, hash)| Act::Update { who, round, hash }),
        2 => (0u32..6).prop_map(Act::Wait),
    ]
}

proptest! {
    #[test]
    fn the_pallet_does_what_the_model_does(steps in proptest::collection::vec(step(), 0..120)) {
        run(|| {
            let mut reference = Reference { block: 1, ..Default::default() };
            for step in &steps {
                prop_assert_eq!(perform(step), reference.apply(step), "{:?}", step);
                prop_assert!(Federated::do_try_state().is_ok());
            }
            prop_assert_eq!(FakeAudit::entries().len(), reference.entries);
            for (id, (base, deadline, updates)) in (0u32..).zip(&reference.rounds) {
                let round = Federated::round(id).unwrap();
                prop_assert_eq!((round.base, round.deadline), (hash(*base), *deadline));
                let found: Vec<_> =
                    Federated::updates(id).into_iter().map(|(who, update)| (who, update.hash)).collect();
                let expected: Vec<_> =
                    updates.iter().map(|(who, seed)| (account(*who), hash(*seed))).collect();
                prop_assert_eq!(found, expected);
            }
            Ok(())
        })?;
    }
}
