//! Random traffic in items against lists of holders: what is done, what is refused and why, and what is left.

use crate::{Error, Items, mock::*};
use galen_primitives::{AccountId, api::MAX_PAGE, audit::Kind};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Parties 0 to 2 are members at first, 3 is not.
const PARTIES: usize = 4;
/// Item 0 is none.
const ITEMS: u64 = 4;

#[derive(Clone, Copy, Debug)]
enum Act {
    Register(u64),
    Offer(u64, usize),
    Accept(u64),
    WithdrawOffer(u64),
    /// A member is evicted, or an outsider admitted.
    Turn,
}

fn traffic() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let item = || 0..ITEMS;
    let act = prop_oneof![
        4 => item().prop_map(Act::Register),
        12 => (item(), 0..PARTIES).prop_map(|(id, to)| Act::Offer(id, to)),
        12 => item().prop_map(Act::Accept),
        4 => item().prop_map(Act::WithdrawOffer),
        1 => Just(Act::Turn),
    ];
    prop::collection::vec((0..PARTIES, act), 1..250)
}

/// One item: all its holders with the block of each, the first one first; and to whom it is offered.
#[derive(Default)]
struct Known {
    holders: Vec<(usize, u32)>,
    offered: Option<usize>,
}

#[derive(Default)]
struct Model {
    members: BTreeSet<usize>,
    items: BTreeMap<u64, Known>,
    /// Who did what with which item.
    log: Vec<(usize, Kind, u64)>,
}

impl Model {
    /// The item, if `who` is a member and there is one.
    fn known(&mut self, who: usize, id: u64) -> Result<&mut Known, Error<Test>> {
        if !self.members.contains(&who) {
            return Err(Error::NotMember);
        }
        self.items.get_mut(&id).ok_or(Error::NotFound)
    }

    /// The item, if `who` holds it.
    fn held(&mut self, who: usize, id: u64) -> Result<&mut Known, Error<Test>> {
        let item = self.known(who, id)?;
        if item.holders.last().unwrap().0 == who { Ok(item) } else { Err(Error::NotHolder) }
    }

    fn register(&mut self, who: usize, id: u64, now: u32) -> Result<(), Error<Test>> {
        match self.known(who, id) {
            Ok(_) => return Err(Error::AlreadyExists),
            Err(Error::NotFound) if id == 0 => return Err(Error::InvalidId),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
        self.items.insert(id, Known { holders: vec![(who, now)], offered: None });
        self.log.push((who, Kind::ItemRegistered, id));
        Ok(())
    }

    fn offer(&mut self, who: usize, id: u64, to: usize) -> Result<(), Error<Test>> {
        let receives = self.members.contains(&to) && to != who;
        let item = self.held(who, id)?;
        if !receives {
            return Err(Error::InvalidReceiver);
        }
        if item.offered.is_some() {
            return Err(Error::AlreadyOffered);
        }
        item.offered = Some(to);
        self.log.push((who, Kind::ItemOffered, id));
        Ok(())
    }

    fn accept(&mut self, who: usize, id: u64, now: u32) -> Result<(), Error<Test>> {
        let item = self.known(who, id)?;
        if item.offered != Some(who) {
            return Err(Error::NotOffered);
        }
        item.offered = None;
        item.holders.push((who, now));
        self.log.push((who, Kind::ItemAccepted, id));
        Ok(())
    }

    fn withdraw_offer(&mut self, who: usize, id: u64) -> Result<(), Error<Test>> {
        self.held(who, id)?.offered.take().ok_or(Error::NotOffered)?;
        self.log.push((who, Kind::ItemOfferWithdrawn, id));
        Ok(())
    }
}

fn party(n: usize) -> AccountId {
    [general(), mercy(), AccountId::new([3; 32]), outsider()][n].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn custody_is_the_list_of_holders(traffic in traffic()) {
        run(|| {
            FakeConsortium::admit(&party(2), "Third");
            let mut model = Model { members: BTreeSet::from([0, 1, 2]), ..Default::default() };
            for (now, step) in (1..).zip(&traffic) {
                System::set_block_number(now);
                let (who, act) = *step;
                let account = party(who);
                let (did, expected) = match act {
                    Act::Register(n) => (register(&account, id(n)), model.register(who, n, now)),
                    Act::Offer(n, to) => (offer(&account, id(n), &party(to)), model.offer(who, n, to)),
                    Act::Accept(n) => (accept(&account, id(n)), model.accept(who, n, now)),
                    Act::WithdrawOffer(n) => (withdraw_offer(&account, id(n)), model.withdraw_offer(who, n)),
                    Act::Turn if model.members.remove(&who) => {
                        FakeConsortium::evict(&account);
                        continue;
                    }
                    Act::Turn => {
                        model.members.insert(who);
                        FakeConsortium::admit(&account, "Hospital");
                        continue;
                    }
                };
                assert_eq!(did, expected.map_err(Into::into), "{step:?} in block {now}");
            }
            for (n, known) in &model.items {
                let item = Custody::item(&id(*n)).unwrap();
                assert_eq!(item.offered_to, known.offered.map(party));
                let mut steps: Vec<(AccountId, u32)> = Vec::new();
                // Page by page.
                while let Some(page) = Some(Custody::steps(&id(*n), steps.len() as u32)).filter(|page| !page.is_empty()) {
                    assert!(page.len() <= MAX_PAGE as usize);
                    steps.extend(page.into_iter().map(|step| (step.holder, step.since)));
                }
                let holders: Vec<_> = known.holders.iter().map(|(who, at)| (party(*who), *at)).collect();
                assert_eq!(steps, holders);
            }
            assert_eq!(Items::<Test>::iter().count(), model.items.len());
            let log: Vec<_> = model.log.iter().map(|(who, kind, n)| (Some(party(*who)), *kind, id(*n), None)).collect();
            assert_eq!(FakeAudit::entries(), log);
        });
    }
}
