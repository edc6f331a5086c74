//! Proofs from stored nodes against those of the tree over all leaves.

use crate::{AuditSink, Entries, Nodes, WeightInfo, mock::*};
use frame_support::{traits::Hooks, weights::constants::RocksDbWeight};
use galen_primitives::{
    H256,
    audit::{ConsistencyProof, InclusionProof, Kind, LOG, leaf},
};
use proptest::prelude::*;

fn fill(count: u64) {
    for index in 0..count {
        Audit::append(Some(&account(1)), Kind::RecordAnchored, H256::from_low_u64_be(index), None).unwrap();
    }
}

fn leaves(count: u64) -> Vec<H256> {
    (0..count).map(|index| leaf(&Entries::<Test>::get(index).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_of_any_size_are_those_of_the_tree(
        total in 1u64..260, questions in proptest::collection::vec((any::<u64>(), any::<u64>()), 30)
    ) {
        run(|| {
            fill(total);
            let all = leaves(total);
            for (a, b) in questions {
                let size = 1 + a % total;
                let (index, tree) = (b % size, &all[..size as usize]);
                let proof = Audit::inclusion_proof(index, size).unwrap();
                let path = LOG.inclusion_path(tree, index as usize).unwrap();
                let entry = Entries::<Test>::get(index).unwrap();
                prop_assert!(proof.holds());
                prop_assert_eq!(proof, InclusionProof { entry, count: size, root: LOG.root(tree), path });

                let proof = Audit::consistency_proof(index, size).unwrap();
                let path = LOG.consistency_path(tree, index as usize).unwrap();
                prop_assert!(proof.holds());
                let (old_root, new_root) = (LOG.root(&tree[..index as usize]), LOG.root(tree));
                prop_assert_eq!(proof, ConsistencyProof { old: index, old_root, new: size, new_root, path });
            }
            prop_assert_eq!(Audit::consistency_proof(0, total).unwrap().new_root, Audit::state().root());
            Ok(())
        })?;
    }
}

#[test]
fn what_is_not_in_the_log_has_no_proof() {
    run(|| {
        assert_eq!(Audit::inclusion_proof(0, 0), None);
        assert!(Audit::consistency_proof(0, 0).unwrap().holds());
        fill(7);
        assert_eq!(Audit::inclusion_proof(7, 7), None);
        assert_eq!(Audit::inclusion_proof(3, 3), None);
        assert_eq!(Audit::inclusion_proof(0, 8), None);
        assert_eq!(Audit::consistency_proof(4, 3), None);
        assert_eq!(Audit::consistency_proof(4, 8), None);
        assert_eq!(Audit::consistency_proof(u64::MAX, u64::MAX), None);
        assert!(Audit::consistency_proof(7, 7).unwrap().holds());
    });
}

#[test]
fn a_changed_entry_is_not_proven() {
    run(|| {
        fill(9);
        let proof = Audit::inclusion_proof(4, 9).unwrap();
        let mut entry = proof.entry.clone();
        entry.kind = Kind::ConsentGranted;
        assert!(!InclusionProof { entry, ..proof }.holds());
        // A chain that forgot an entry cannot show that its log continues the one that had it.
        let proof = Audit::consistency_proof(5, 9).unwrap();
        let shorter = LOG.root(&leaves(9)[1..6]);
        assert!(!ConsistencyProof { old_root: shorter, ..proof }.holds());
    });
}

#[test]
fn nodes_are_as_many_as_are_charged() {
    run(|| {
        let mut before = 0;
        for (block, appended) in [1u64, 1, 5, 0, 30, 2, 1, 100].into_iter().enumerate() {
            let charged = Audit::on_initialize(block as u32);
            let peaks = Audit::state().peaks.len() as u64;
            assert_eq!(charged, <() as WeightInfo>::merges(peaks as u32));
            assert!(charged.all_gte(RocksDbWeight::get().reads_writes(1, peaks)));
            fill(appended);
            let after = Nodes::<Test>::iter().count() as u64;
            assert!(after - before <= appended + peaks);
            before = after;
        }
        assert_eq!(before, 140 - u64::from(140u64.count_ones()));
    });
}
