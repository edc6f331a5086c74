//! Random batches of random records against sets: who may reveal and erase what, with which proof.

use crate::{Call, Error, mock::*};
use galen_primitives::records::batch::BatchTree;
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Batch {
        mercys: bool,
        records: Vec<(u64, u8)>,
    },
    /// Which batch and leaf is meant, and what the caller says that it is.
    Reveal {
        mercys: bool,
        batch: usize,
        index: usize,
        lie: Lie,
    },
    EraseLeaf {
        mercys: bool,
        batch: usize,
        index: usize,
        lie: Lie,
    },
    Anchor {
        mercys: bool,
        id: u64,
        of: u8,
    },
}

#[derive(Clone, Copy, Debug)]
enum Lie {
    None,
    Id(u64),
    Of(u8),
    Index(usize),
    Path(usize),
    Count(u32),
    OtherBatch(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lies = || {
        prop_oneof![
            8 => Just(Lie::None),
            1 => (0..16u64).prop_map(Lie::Id),
            1 => (0..9u8).prop_map(Lie::Of),
            1 => any::<usize>().prop_map(Lie::Index),
            1 => any::<usize>().prop_map(Lie::Path),
            1 => (0..20u32).prop_map(Lie::Count),
            1 => any::<usize>().prop_map(Lie::OtherBatch),
        ]
    };
    let of = || (any::<bool>(), any::<usize>(), any::<usize>(), lies());
    // No leaf stands in a batch twice: at both places it would be proven.
    let records =
        prop::collection::btree_set((0..16u64, 0..9u8), 1..12).prop_map(Vec::from_iter).prop_shuffle();
    let step = prop_oneof![
        2 => (any::<bool>(), records).prop_map(|(mercys, records)| Step::Batch { mercys, records }),
        6 => of().prop_map(|(mercys, batch, index, lie)| Step::Reveal { mercys, batch, index, lie }),
        3 => of().prop_map(|(mercys, batch, index, lie)| Step::EraseLeaf { mercys, batch, index, lie }),
        1 => (any::<bool>(), 0..16u64, 0..9u8).prop_map(|(mercys, id, of)| Step::Anchor { mercys, id, of }),
    ];
    prop::collection::vec(step, 1..60)
}

fn custodian(of: u8) -> Option<bool> {
    (of < 8).then_some(of >= 4)
}

/// Batches as the lists they are, whose they are; the records there are, each with its patient; the leaves
/// that are erased.
#[derive(Default)]
struct Model {
    batches: Vec<(bool, Vec<(u64, u8)>)>,
    records: BTreeMap<u64, u8>,
    erased: BTreeSet<u64>,
}

impl Model {
    fn batch(&mut self, mercys: bool, records: &[(u64, u8)]) -> Result<(), Error<Test>> {
        if self.batches.iter().any(|(_, known)| known == records) {
            return Err(Error::AlreadyExists);
        }
        self.batches.push((mercys, records.to_vec()));
        Ok(())
    }

    /// Whether this leaf stands in that batch at that place, as the lists have it.
    fn proven(
        &self,
        mercys: bool,
        batch: usize,
        leaf: (u64, u8),
        index: usize,
        honest: bool,
    ) -> Result<(), Error<Test>> {
        let (owner, records) = &self.batches[batch];
        if *owner != mercys {
            return Err(Error::NotCustodian);
        }
        if honest && records.get(index) == Some(&leaf) { Ok(()) } else { Err(Error::InvalidProof) }
    }

    fn add(&mut self, mercys: bool, (id, of): (u64, u8)) -> Result<(), Error<Test>> {
        if id == 0 {
            return Err(Error::InvalidCommitment);
        }
        match custodian(of) {
            None => return Err(Error::NotEnrolled),
            Some(keeper) if keeper != mercys => return Err(Error::NotCustodian),
            Some(_) => {}
        }
        if self.records.contains_key(&id) {
            return Err(Error::AlreadyExists);
        }
        if self.erased.contains(&id) {
            return Err(Error::AlreadyErased);
        }
        self.records.insert(id, of);
        Ok(())
    }

    fn erase(&mut self, id: u64) -> Result<(), Error<Test>> {
        if self.records.contains_key(&id) {
            return Err(Error::AlreadyExists);
        }
        if self.erased.insert(id) { Ok(()) } else { Err(Error::AlreadyErased) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn batches_are_the_lists_of_the_model(history in steps()) {
        run(|| {
            let mut model = Model::default();
            let mut trees: Vec<BatchTree> = Vec::new();
            for step in &history {
                let who = |mercys: bool| if mercys { mercy() } else { general() };
                let (mercys, batch, at, lie, revealed) = match step {
                    Step::Batch { mercys, records } => {
                        let tree = tree(records);
                        let expected = model.batch(*mercys, records);
                        assert_eq!(anchor_batch(&who(*mercys), &tree), expected.map_err(Into::into));
                        if trees.len() < model.batches.len() {
                            trees.push(tree);
                        }
                        continue;
                    }
                    Step::Anchor { mercys, id, of } => {
                        let expected = model.add(*mercys, (*id, *of)).map_err(Into::into);
                        assert_eq!(anchor(&who(*mercys), commitment(*id), *of), expected);
                        continue;
                    }
                    Step::Reveal { mercys, batch, index, lie } => (*mercys, *batch, *index, *lie, true),
                    Step::EraseLeaf { mercys, batch, index, lie } => (*mercys, *batch, *index, *lie, false),
                };
                if trees.is_empty() {
                    continue;
                }
                let mut batch = batch % trees.len();
                let records = model.batches[batch].1.clone();
                let at = at % records.len();
                let mut leaf = records[at];
                let mut proof = trees[batch].proof(at as u32).unwrap();
                // A lie may be the truth: the model compares what is said with the lists.
                let mut honest = true;
                match lie {
                    Lie::None => {}
                    Lie::Id(id) => leaf.0 = id,
                    Lie::Of(of) => leaf.1 = of,
                    Lie::Index(to) => {
                        proof.index = (to % records.len()) as u32;
                        honest = proof.index as usize == at;
                    }
                    Lie::Path(to) if proof.path.is_empty() => {
                        proof.path.force_push(commitment(to as u64));
                        honest = false;
                    }
                    Lie::Path(to) => {
                        let to = to % proof.path.len();
                        proof.path[to].0[to] ^= 1;
                        honest = false;
                    }
                    Lie::Count(count) => {
                        proof.count = count;
                        honest = count as usize == records.len();
                    }
                    Lie::OtherBatch(to) => {
                        honest = to % trees.len() == batch;
                        batch = to % trees.len();
                        (proof.root, proof.count) = (trees[batch].root(), trees[batch].count());
                    }
                }
                let mut expected = model.proven(mercys, batch, leaf, at, honest);
                let (id, of) = leaf;
                let did: DispatchResult = if revealed {
                    expected = expected.and_then(|()| model.add(mercys, leaf));
                    let (commitment, attributes, attributes_salt) = (commitment(id), attributes(of), salt(id));
                    submit(&who(mercys), Call::reveal { commitment, attributes, attributes_salt, proof })
                } else {
                    expected = expected.and_then(|()| model.erase(id));
                    let (commitment, attributes_digest) = (commitment(id), digest(id, of));
                    submit(&who(mercys), Call::erase_leaf { commitment, attributes_digest, proof })
                };
                assert_eq!(did, expected.map_err(Into::into), "{step:?}");
            }
            for id in 0..16 {
                let patient_of = Records::record(&commitment(id)).map(|record| record.attributes.patient);
                assert_eq!(patient_of, model.records.get(&id).map(|of| patient(*of)));
                assert_eq!(Records::erased_leaf(&commitment(id)).is_some(), model.erased.contains(&id));
            }
        });
    }
}
