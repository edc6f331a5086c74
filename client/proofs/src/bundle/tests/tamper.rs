//! Whatever is changed in a bundle: it is refused, or it says the same.

use super::{
    super::{Bundle, Bytes, Claim, Final, Start, Subject, check},
    chain::*,
};
use galen_primitives::H256;
use proptest::{prelude::*, sample::Index};

/// All the bytes of a bundle, part by part.
fn parts(bundle: &mut Bundle) -> Vec<&mut [u8]> {
    fn block(block: &mut Final) -> [&mut [u8]; 2] {
        [&mut block.header.0, &mut block.justification.0]
    }
    fn nodes(state: &mut [Bytes]) -> impl Iterator<Item = &mut [u8]> {
        state.iter_mut().map(|node| node.0.as_mut_slice())
    }
    fn hash(hash: &mut H256) -> &mut [u8] {
        hash.0.as_mut_slice()
    }
    let mut parts = vec![hash(&mut bundle.genesis)];
    match &mut bundle.start {
        Start::Genesis { header, state } => {
            parts.push(&mut header.0);
            parts.extend(nodes(&mut state.0));
        }
        Start::Checkpoint(checkpoint) => {
            parts.extend([
                hash(&mut checkpoint.genesis),
                hash(&mut checkpoint.block),
                &mut checkpoint.authorities.0,
            ]);
        }
    }
    parts.extend(bundle.changes.iter_mut().flat_map(block));
    if let Claim::State { block: last, state, subject } = &mut bundle.claim {
        parts.extend(block(last));
        parts.extend(nodes(&mut state.0));
        match subject {
            Subject::Record(id) => parts.push(hash(id)),
            Subject::BatchedRecord(leaf) => {
                parts.extend([
                    hash(&mut leaf.commitment),
                    hash(&mut leaf.digest),
                    hash(&mut leaf.proof.root),
                ]);
                parts.extend(leaf.opened.iter_mut().map(|opened| hash(&mut opened.salt)));
                parts.extend(leaf.proof.path.iter_mut().map(hash));
            }
            Subject::Job { job, record, worker_key } => {
                parts.extend([hash(job), hash(record), hash(worker_key)])
            }
            Subject::AuditEntry { entry, path } => {
                parts.push(&mut entry.0);
                parts.extend(path.iter_mut().map(hash));
            }
        }
    }
    parts
}

fn bundles() -> Vec<Bundle> {
    vec![
        bundle(record_subject()),
        bundle(job_subject()),
        bundle(entry_subject(6)),
        bundle(leaf_subject(5)),
        checkpoint_bundle(),
    ]
}

// Every part of every kind, byte by byte would take minutes: its first, its last and some in between.
#[test]
fn every_part_counts() {
    for honest in bundles() {
        let trust = trust(&honest);
        for part in 0..parts(&mut honest.clone()).len() {
            let len = parts(&mut honest.clone())[part].len();
            for at in (0..len).step_by(len.div_ceil(7).max(1)).chain([len - 1]) {
                let mut changed = honest.clone();
                parts(&mut changed)[part][at] ^= 0x10;
                let report = check(&changed, &trust);
                assert!(!report.verified, "part {part}, byte {at} of {len}: {report:#?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_flipped_bit_anywhere_is_refused(which in 0usize..5, part: Index, at: Index, bit in 0u8..8) {
        let honest = bundles().swap_remove(which);
        let mut changed = honest.clone();
        let mut all = parts(&mut changed);
        let chosen = &mut all[part.index(parts(&mut honest.clone()).len())];
        let at = at.index(chosen.len());
        chosen[at] ^= 1 << bit;
        let report = check(&changed, &trust(&honest));
        prop_assert!(!report.verified, "{:#?}", report);
    }

    #[test]
    fn cut_and_padded_parts_are_refused(which in 0usize..5, part: Index, cut in 1usize..40, pad: bool) {
        let honest = bundles().swap_remove(which);
        let mut changed = honest.clone();
        let mut all: Vec<&mut Vec<u8>> = changed.changes.iter_mut().flat_map(|c| [&mut c.header.0, &mut c.justification.0]).collect();
        if let Claim::State { block, .. } = &mut changed.claim {
            all.extend([&mut block.header.0, &mut block.justification.0]);
        }
        let count = all.len();
        let chosen = &mut all[part.index(count)];
        let len = chosen.len();
        if pad { chosen.extend(vec![0; cut]) } else { chosen.truncate(len.saturating_sub(cut)) }
        prop_assert!(!check(&changed, &trust(&honest)).verified);
    }

    // The text, as a hostile or broken medium would change it: never a crash, never another meaning.
    #[test]
    fn a_changed_byte_of_the_file_is_refused_or_says_the_same(which in 0usize..5, at: Index, to: u8) {
        let honest = bundles().swap_remove(which);
        let mut text = honest.to_bytes().unwrap();
        let at = at.index(text.len());
        text[at] = to;
        if let Ok(changed) = Bundle::parse(&text) {
            let (before, after) = (check(&honest, &trust(&honest)), check(&changed, &trust(&honest)));
            prop_assert!(!after.verified || after == before);
        }
    }
}
