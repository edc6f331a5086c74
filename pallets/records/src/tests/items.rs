//! Random traffic in items against lists of holders.

use crate::{Call, mock::*};
use galen_primitives::{AccountId, records::custody::ItemKind};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Act {
    Register,
    Offer(usize),
    Accept,
    Withdraw,
}

fn traffic() -> impl Strategy<Value = Vec<(usize, u64, Act)>> {
    let act = prop_oneof![
        1 => Just(Act::Register),
        4 => (0..4usize).prop_map(Act::Offer),
        4 => Just(Act::Accept),
        1 => Just(Act::Withdraw),
    ];
    prop::collection::vec((0..4usize, 0..4u64, act), 1..250)
}

/// Of each item all holders, the first one first, with the block of each; and to whom it is offered.
type Model = BTreeMap<u64, (Vec<(usize, u32)>, Option<usize>)>;

/// Whether it is done. Parties 0 to 2 are members, 3 is not; item 0 is none.
fn expect(model: &mut Model, (who, id, act): (usize, u64, Act), now: u32) -> bool {
    let known = model.get_mut(&id);
    let holder = known.as_ref().and_then(|(holders, _)| holders.last()).map(|(holder, _)| *holder);
    match (act, known) {
        _ if who == 3 || id == 0 => false,
        (Act::Register, None) => {
            model.insert(id, (vec![(who, now)], None));
            true
        }
        (Act::Offer(to), Some((_, offered))) if holder == Some(who) && to != who && to != 3 => {
            offered.replace(to).is_none_or(|before| {
                *offered = Some(before);
                false
            })
        }
        (Act::Withdraw, Some((_, offered))) if holder == Some(who) => offered.take().is_some(),
        (Act::Accept, Some((holders, offered))) if *offered == Some(who) => {
            *offered = None;
            holders.push((who, now));
            true
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn custody_is_the_list_of_holders(traffic in traffic()) {
        run(|| {
            let parties = [general(), mercy(), AccountId::new([3; 32]), outsider()];
            Hospitals::admit(&parties[2], "Third");
            let mut model = Model::new();
            for (now, step) in (1..).zip(&traffic) {
                System::set_block_number(now);
                let (who, id, act) = *step;
                let id = commitment(id);
                let call = match act {
                    Act::Register => Call::register_item { id, kind: ItemKind::Specimen },
                    Act::Offer(to) => Call::offer { id, to: parties[to].clone() },
                    Act::Accept => Call::accept { id },
                    Act::Withdraw => Call::withdraw_offer { id },
                };
                assert_eq!(submit(&parties[who], call).is_ok(), expect(&mut model, *step, now), "{step:?}");
            }
            for (id, (holders, offered)) in &model {
                let item = Records::item(&commitment(*id)).unwrap();
                assert_eq!(item.offered_to, offered.map(|to| parties[to].clone()));
                let steps: Vec<_> = Records::custody(&commitment(*id), 0)
                    .into_iter()
                    .map(|step| (step.holder, step.since))
                    .collect();
                let expected: Vec<_> = holders.iter().map(|(who, at)| (parties[*who].clone(), *at)).collect();
                assert_eq!(steps, expected.into_iter().take(256).collect::<Vec<_>>());
            }
            assert_eq!(crate::Items::<Test>::iter().count(), model.len());
        });
    }
}
