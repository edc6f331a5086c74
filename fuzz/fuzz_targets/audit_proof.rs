//! Proof files of the audit log, in JSON. Input: a proof, whose fields may be replaced by those of a small log that is right.

#![no_main]

use galen_primitives::{
    AccountId, H256,
    audit::{ConsistencyProof, Entry, InclusionProof, Kind, LOG, LogState, leaf},
};
use libfuzzer_sys::fuzz_target;

fn log() -> Vec<Entry> {
    let entry = |index: u64| Entry {
        index,
        block: u32::try_from(index).expect("few") * 2,
        hospital: Some(AccountId::new([1; 32])),
        kind: Kind::ConsentGranted,
        subject: H256([u8::try_from(index).expect("few"); 32]),
        patient: (index % 3 == 0).then(|| AccountId::new([3; 32])),
    };
    (0..21).map(entry).collect()
}

fuzz_target!(|document: &[u8]| {
    let entries = log();
    let leaves: Vec<H256> = entries.iter().map(leaf).collect();
    let mut state = LogState::default();
    for leaf in &leaves {
        state.append(*leaf).expect("there is room");
    }

    if let Ok(proof) = serde_json::from_slice::<InclusionProof>(document) {
        let written = serde_json::to_vec(&proof).expect("a proof is written");
        assert_eq!(serde_json::from_slice::<InclusionProof>(&written).expect("and read"), proof);
        if proof.holds() {
            // Of this entry alone.
            let other = Entry { block: proof.entry.block ^ 1, ..proof.entry.clone() };
            assert!(!InclusionProof { entry: other, ..proof.clone() }.holds());
        }
        // Of the log that is right, only its own entries are proven, each at its number.
        let claimed = InclusionProof { root: state.root(), count: state.count, ..proof };
        if claimed.holds() {
            let index = usize::try_from(claimed.entry.index).expect("few");
            assert_eq!(entries.get(index), Some(&claimed.entry));
        }
    }
    if let Ok(proof) = serde_json::from_slice::<ConsistencyProof>(document) {
        let written = serde_json::to_vec(&proof).expect("a proof is written");
        assert_eq!(serde_json::from_slice::<ConsistencyProof>(&written).expect("and read"), proof);
        // A log is consistent with the one that is right only if it is its beginning.
        let claimed = ConsistencyProof { new: state.count, new_root: state.root(), ..proof };
        if claimed.holds() {
            let old = usize::try_from(claimed.old).expect("few");
            assert_eq!(claimed.old_root, LOG.root(&leaves[..old]));
        }
    }
});
