//! Random histories of anchoring, superseding and erasing against lists.

use crate::{Error, mock::*};
use galen_primitives::H256;
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    Anchor { mercys: bool, id: u64, of: u8 },
    Supersede { mercys: bool, old: u64, id: u64, of: u8 },
    Erase { mercys: bool, id: u64 },
    Pass,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ids = || 0..24u64;
    let step = prop_oneof![
        3 => (any::<bool>(), ids(), 0..9u8).prop_map(|(mercys, id, of)| Step::Anchor { mercys, id, of }),
        6 => (any::<bool>(), ids(), ids(), 0..9u8)
            .prop_map(|(mercys, old, id, of)| Step::Supersede { mercys, old, id, of }),
        2 => (any::<bool>(), ids()).prop_map(|(mercys, id)| Step::Erase { mercys, id }),
        1 => Just(Step::Pass),
    ];
    prop::collection::vec(step, 1..200)
}

/// Each lineage is a list of ids, from the first version to the last, and the patient it is of; and beside them which ids
/// are erased, and when.
#[derive(Default)]
struct Model(Vec<(u8, Vec<u64>)>, BTreeMap<u64, u32>);

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
            Error::<Test>::BadCommitment
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
            return Err(Error::<Test>::OtherPatient.into());
        }
        if ids.last() != Some(&old) {
            return Err(Error::<Test>::AlreadySuperseded.into());
        }
        if self.1.contains_key(&old) {
            return Err(Error::<Test>::AlreadyErased.into());
        }
        self.may_add(mercys, id, of)?;
        self.0[at].1.push(id);
        Ok(())
    }

    fn erase(&mut self, mercys: bool, id: u64, now: u32) -> DispatchResult {
        let found = self.0.iter().find(|(_, ids)| ids.contains(&id)).ok_or(Error::<Test>::NotFound)?;
        if Self::custodian(found.0) != Some(mercys) {
            return Err(Error::<Test>::NotCustodian.into());
        }
        if self.1.contains_key(&id) {
            return Err(Error::<Test>::AlreadyErased.into());
        }
        self.1.insert(id, now);
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
                        assert_eq!(erase(&who, commitment(id)), model.erase(mercys, id, now));
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
                    let erased = model.1.get(id).copied();
                    assert_eq!(record.erased_at, erased);
                    assert_eq!(record.attributes.facts.labels.is_empty(), erased.is_some());
                }
            }
            let count: usize = model.0.iter().map(|(_, ids)| ids.len()).sum();
            assert_eq!(crate::Records::<Test>::iter().count(), count);
        });
    }
}
