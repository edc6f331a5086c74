//! The log against a list of entries.

use crate::{AuditSink, mock::*};
use galen_primitives::{
    AccountId, H256,
    audit::{Entry, Filter, Kind, LogState, leaf},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const KINDS: [Kind; 3] = [Kind::RecordAnchored, Kind::ConsentGranted, Kind::Governed];

fn someone(seeds: std::ops::Range<u8>) -> impl Strategy<Value = Option<AccountId>> {
    proptest::option::weighted(0.7, seeds.prop_map(account))
}

prop_compose! {
    fn act()(
        step in 0u32..3,
        hospital in someone(1..4),
        kind in proptest::sample::select(&KINDS[..]),
        subject in any::<[u8; 32]>(),
        patient in someone(7..10),
    ) -> (u32, Entry) {
        (step, Entry { index: 0, block: 0, hospital, kind, subject: H256(subject), patient })
    }
}

prop_compose! {
    fn question()(
        hospital in someone(1..5),
        kind in proptest::option::of(proptest::sample::select(&KINDS[..])),
        patient in someone(7..11),
        from in 0u64..400,
        limit in 1u32..20,
    ) -> (Filter, u64, u32) {
        (Filter { hospital, kind, patient }, from, limit)
    }
}

fn wanted(filter: &Filter, entry: &Entry) -> bool {
    (filter.hospital.is_none() || filter.hospital == entry.hospital)
        && (filter.kind.is_none() || filter.kind == Some(entry.kind))
        && (filter.patient.is_none() || filter.patient == entry.patient)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_log_is_what_was_appended(
        acts in proptest::collection::vec(act(), 0..350),
        questions in proptest::collection::vec(question(), 20),
    ) {
        run(|| {
            let mut reference: Vec<Entry> = Vec::new();
            for (step, act) in acts {
                System::set_block_number(System::block_number() + step);
                Audit::append(act.hospital.as_ref(), act.kind, act.subject, act.patient.as_ref()).unwrap();
                let (index, block) = (reference.len() as u64, System::block_number());
                reference.push(Entry { index, block, ..act });
            }

            let mut log = LogState::default();
            let mut holders: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
            for entry in &reference {
                log.append(leaf(entry)).unwrap();
                if let (Some(patient), Some(hospital)) = (&entry.patient, &entry.hospital) {
                    holders.entry(patient.clone()).or_default().insert(hospital.clone(), entry.index);
                }
            }
            prop_assert_eq!(Audit::state(), log);
            for seed in 0..12 {
                let expected = holders.remove(&account(seed)).unwrap_or_default();
                prop_assert_eq!(Audit::holders(account(seed)), expected.into_iter().collect::<Vec<_>>());
            }

            for (filter, from, limit) in questions {
                let expected: Vec<_> =
                    reference.iter().filter(|e| e.index >= from && wanted(&filter, e)).cloned().collect();
                let (mut found, mut next) = (Vec::new(), Some(from));
                while let Some(from) = next {
                    let page = Audit::entries(filter.clone(), from, limit);
                    prop_assert!(page.entries.len() <= limit as usize);
                    prop_assert!(page.next.is_none_or(|next| next > from));
                    found.extend(page.entries);
                    next = page.next;
                }
                prop_assert_eq!(found, expected);
            }
            Ok(())
        })?;
    }
}
