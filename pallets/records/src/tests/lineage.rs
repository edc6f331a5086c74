//! Random histories of anchoring, superseding, voiding, transferring and erasing against lists.

use crate::{Error, mock::*};
use galen_primitives::{
    H256,
    records::{Transferred, Voided},
};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Anchor { mercys: bool, id: u64, of: u8 },
    Supersede { mercys: bool, old: u64, id: u64, of: u8 },
    Erase { mercys: bool, id: u64 },
    Void { mercys: bool, id: u64 },
    Transfer { mercys: bool, id: u64 },
    Pass,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ids = || 0..24u64;
    let step = prop_oneof![
        3 => (any::<bool>(), ids(), 0..9u8).prop_map(|(mercys, id, of)| Step::Anchor { mercys, id, of }),
        6 => (any::<bool>(), ids(), ids(), 0..9u8)
            .prop_map(|(mercys, old, id, of)| Step::Supersede { mercys, old, id, of }),
        2 => (any::<bool>(), ids()).prop_map(|(mercys, id)| Step::Erase { mercys, id }),
        1 => (any::<bool>(), ids()).prop_map(|(mercys, id)| Step::Void { mercys, id }),
        1 => (any::<bool>(), ids()).prop_map(|(mercys, id)| Step::Transfer { mercys, id }),
        1 => Just(Step::Pass),
    ];
    prop::collection::vec(step, 1..200)
}

/// Each lineage is a list of ids, from the first version to the last, and the patient it is of; and beside
/// them which ids are erased, voided and transferred, and when.
#[derive(Default)]
struct Model(Vec<(u8, Vec<u64>)>, [BTreeMap<u64, u32>; 3]);

const ERASED: usize = 0;
const VOIDED: usize = 1;
const TRANSFERRED: usize = 2;

impl Model {
    fn custodian(of: u8) -> Option<bool> {
        match of {
            0..4 => Some(false),
            4..8 => Some(true),
            _ => None,
        }
    }

    fn may_add(&self, mercys: bool, id: u64, of: u8) -> DispatchResult {
        let error = if id == 0 {
            Error::<Test>::InvalidCommitment
        } else if Self::custodian(of).is_none() {
            Error::<Test>::NotEnrolled
        } else if Self::custodian(of) != Some(mercys) {
            Error::<Test>::NotCustodian
        } else if self.0.iter().any(|(_, ids)| ids.contains(&id)) {
            Error::<Test>::AlreadyExists
        } else {
            return Ok(());
        };
        Err(error.into())
    }

    fn anchor(&mut self, mercys: bool, id: u64, of: u8) -> DispatchResult {
        self.may_add(mercys, id, of)?;
        self.0.push((of, vec![id]));
        Ok(())
    }

    fn supersede(&mut self, mercys: bool, old: u64, id: u64, of: u8) -> DispatchResult {
        let at = self.0.iter().position(|(_, ids)| ids.contains(&old)).ok_or(Error::<Test>::NotFound)?;
        let (patient, ids) = &self.0[at];
        if Self::custodian(*patient) != Some(mercys) {
            return Err(Error::<Test>::NotCustodian.into());
        }
        if *patient != of {
            return Err(Error::<Test>::InvalidPatient.into());
        }
        if ids.last() != Some(&old) {
            return Err(Error::<Test>::AlreadySuperseded.into());
        }
        self.usable(old, &[ERASED, VOIDED, TRANSFERRED])?;
        self.may_add(mercys, id, of)?;
        self.0[at].1.push(id);
        Ok(())
    }

    /// Refuses what one of these was done to, the first of them first.
    fn usable(&self, id: u64, unless: &[usize]) -> DispatchResult {
        let errors =
            [Error::<Test>::AlreadyErased, Error::<Test>::AlreadyVoided, Error::<Test>::AlreadyTransferred];
        match unless.iter().find(|what| self.1[**what].contains_key(&id)) {
            Some(what) => Err(errors.into_iter().nth(*what).unwrap().into()),
            None => Ok(()),
        }
    }

    /// Erases, voids or transfers.
    fn close(&mut self, what: usize, mercys: bool, id: u64, now: u32) -> DispatchResult {
        let found = self.0.iter().find(|(_, ids)| ids.contains(&id)).ok_or(Error::<Test>::NotFound)?;
        if Self::custodian(found.0) != Some(mercys) {
            return Err(Error::<Test>::NotCustodian.into());
        }
        if what == TRANSFERRED && found.1.last() != Some(&id) {
            return Err(Error::<Test>::AlreadySuperseded.into());
        }
        self.usable(id, &(0..=what).collect::<Vec<_>>())?;
        self.1[what].insert(id, now);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn lineages_are_the_lists_of_the_model(history in steps()) {
        run(|| {
            let mut model = Model::default();
            for step in &history {
                match *step {
                    Step::Anchor { mercys, id, of } => {
                        let who = if mercys { mercy() } else { general() };
                        assert_eq!(anchor(&who, commitment(id), of), model.anchor(mercys, id, of));
                    }
                    Step::Supersede { mercys, old, id, of } => {
                        let who = if mercys { mercy() } else { general() };
                        assert_eq!(
                            supersede(&who, commitment(old), commitment(id), of),
                            model.supersede(mercys, old, id, of)
                        );
                    }
                    Step::Erase { mercys, id } => {
                        let who = if mercys { mercy() } else { general() };
                        let now = System::block_number();
                        assert_eq!(erase(&who, commitment(id)), model.close(ERASED, mercys, id, now));
                    }
                    Step::Void { mercys, id } => {
                        let who = if mercys { mercy() } else { general() };
                        let now = System::block_number();
                        assert_eq!(void(&who, commitment(id)), model.close(VOIDED, mercys, id, now));
                    }
                    Step::Transfer { mercys, id } => {
                        let who = if mercys { mercy() } else { general() };
                        let now = System::block_number();
                        assert_eq!(transfer(&who, commitment(id)), model.close(TRANSFERRED, mercys, id, now));
                    }
                    Step::Pass => System::set_block_number(System::block_number() + 1),
                }
            }
            for (of, ids) in &model.0 {
                for (place, id) in ids.iter().enumerate() {
                    let record = Records::record(&commitment(*id)).unwrap();
                    let at = |place: Option<usize>| -> Option<H256> {
                        place.and_then(|place| ids.get(place)).map(|id| commitment(*id))
                    };
                    assert_eq!(record.supersedes, at(place.checked_sub(1)));
                    assert_eq!(record.superseded_by, at(Some(place + 1)));
                    assert_eq!(record.attributes.patient, patient(*of));
                    let [erased, voided, transferred] = [0, 1, 2].map(|what| model.1[what].get(id).copied());
                    assert_eq!(record.closed().is_some(), erased.or(voided).or(transferred).is_some());
                    assert_eq!(record.erased_at, erased);
                    assert_eq!(record.voided, voided.map(|at| Voided { at, reason: REASON }));
                    assert_eq!(record.transferred, transferred.map(|at| Transferred { at, link: LINK }));
                    assert_eq!(record.attributes.facts.labels.is_empty(), erased.is_some());
                }
            }
            let count: usize = model.0.iter().map(|(_, ids)| ids.len()).sum();
            assert_eq!(crate::Records::<Test>::iter().count(), count);
        });
    }
}
