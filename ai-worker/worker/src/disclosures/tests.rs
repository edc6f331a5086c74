use super::*;
use crate::{
    reports::{CollectError, Diverged, Due, ReportLog},
    store::file_opener,
};
use codec::Encode;
use galen_primitives::{
    H256,
    audit::disclosure::{DisclosureBatch, commit},
    consent::Purpose,
    reports::{LogBatch, Position},
};
use galen_worker_api::disclosures::Event;
use proptest::prelude::*;

const START: Position = Position { place: 0, next: 0, head: H256([0; 32]) };

fn disclosure(patient: u8) -> Disclosure {
    Disclosure {
        at: 7,
        who: "dr-x".into(),
        what: What::Summary,
        subject: Some(H256([3; 32])),
        job: None,
        patient: Some(AccountId::new([patient; 32])),
        purpose: Some(Purpose::Treat),
        block: None,
        consent: Some(0),
        event: None,
        access: None,
    }
}

fn due(entries: u32, seconds: u64) -> Due {
    Due { entries, seconds, silence: Some(1_000_000) }
}

fn open(path: &Path) -> Disclosures {
    Disclosures::open(path, file_opener()).unwrap()
}

fn after(batch: &DisclosureBatch) -> Position {
    Position::of_entries(batch.end().unwrap(), batch.head())
}

#[test]
fn entries_are_numbered_without_gaps_and_survive_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("disclosures.redb");
    for round in 0..3u64 {
        let log = open(&path);
        assert_eq!(log.append(&disclosure(1)).unwrap(), 2 * round);
        assert_eq!(log.append(&disclosure(2)).unwrap(), 2 * round + 1);
    }
    let log = open(&path);
    let (first, next) = log.list(None, 0, 4).unwrap();
    assert_eq!(first.iter().map(|entry| entry.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let (rest, end) = log.list(None, next.unwrap(), 4).unwrap();
    assert_eq!((rest.len(), end), (2, None));
    let (mine, _) = log.list(Some(&AccountId::new([2; 32])), 0, 100).unwrap();
    assert_eq!(mine.iter().map(|entry| entry.index).collect::<Vec<_>>(), [1, 3, 5]);
    let json = serde_json::to_value(&mine[0]).unwrap();
    assert_eq!(
        (&json["index"], &json["purpose"], &json["what"]),
        (&1.into(), &"TREAT".into(), &"summary".into())
    );
    assert_eq!(log.append_all(&[disclosure(1), disclosure(2)]).unwrap(), (6, 2));
    assert_eq!(log.append(&disclosure(1)).unwrap(), 8);
}

#[test]
fn a_log_of_before_there_were_batches_is_read_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("disclosures.redb");
    let old = (
        7u64,
        "dr-x",
        What::Summary,
        Some(H256([3; 32])),
        None::<H256>,
        Some([1u8; 32]),
        Some(Purpose::Treat),
        None::<H256>,
        Some(0u32),
    );
    crate::store::Store::open(&path, file_opener())
        .unwrap()
        .write(|transaction| {
            let mut log = transaction.open_table(stored::OLD_LOG).map_err(failed)?;
            for index in 0..3u64 {
                log.insert(index, old.encode().as_slice()).map_err(failed)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    for _ in 0..2 {
        let log = open(&path);
        let (entries, _) = log.list(None, 0, 100).unwrap();
        assert_eq!(entries[2], Entry { index: 2, disclosure: disclosure(1) });
    }
    let log = open(&path);
    log.append(&disclosure(2)).unwrap();
    let batch = log.collect(&START, &due(100, 0), 8).unwrap().unwrap();
    assert_eq!(batch.count, 4);
    let salts: std::collections::BTreeSet<_> =
        (0..4).map(|number| log.open_entry(number).unwrap().unwrap().salt).collect();
    assert_eq!(salts.len(), 4);
}

#[test]
fn entries_of_before_there_were_versions_are_what_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("disclosures.redb");
    let first = disclosure(1);
    let event = Disclosure { event: Some(Event("{}".into())), ..disclosure(2) };
    let access = Disclosure { access: Some(H256([5; 32])), ..disclosure(3) };
    // The first was written before there was `event`, the second before there was `access`; each ends before them.
    let written = [
        first.encode().strip_suffix(&[0, 0]).unwrap().to_vec(),
        event.encode().strip_suffix(&[0]).unwrap().to_vec(),
        access.encode(),
    ];
    let mut store = crate::store::Store::open(&path, file_opener()).unwrap();
    store
        .write(|transaction| {
            let mut log = transaction.open_table(stored::OLD_LOG).map_err(failed)?;
            for (number, bytes) in (0..).zip(&written) {
                log.insert(number, bytes.as_slice()).map_err(failed)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    drop(store);
    let log = open(&path);
    log.append(&disclosure(4)).unwrap();
    drop(log);
    let (entries, _) = open(&path).list(None, 0, 9).unwrap();
    let entries: Vec<_> = entries.into_iter().map(|entry| entry.disclosure).collect();
    assert_eq!(entries, [first, event, access, disclosure(4)]);
    // A program of before does not take the file for an empty log.
    let mut store = crate::store::Store::open(&path, file_opener()).unwrap();
    let opened =
        store.write(|transaction| Ok(transaction.open_table(stored::OLD_LOG).map(drop).map_err(failed)));
    assert!(matches!(opened, Ok::<_, StoreError>(Err(StoreError::Damaged(_)))));
}

#[test]
fn what_does_not_decode_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("disclosures.redb");
    let (version, fields) = stored::encode(&disclosure(1));
    assert_eq!(stored::decode((version, &fields)).unwrap(), disclosure(1));
    let longer = [fields.clone(), vec![0]].concat();
    for (version, fields) in [
        (1, vec![]),
        (1, vec![1; 8]),
        (1, longer.clone()),
        (1, fields[..fields.len() - 1].to_vec()),
        (0, vec![]),
        (0, vec![1; 8]),
        (0, longer),
        (2, fields),
    ] {
        let mut store = crate::store::Store::open(&path, file_opener()).unwrap();
        store
            .write(|transaction| {
                let mut log = transaction.open_table(LOG).map_err(failed)?;
                log.insert(0, (version, fields.as_slice())).map_err(failed)?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        drop(store);
        assert!(matches!(open(&path).list(None, 0, 1), Err(StoreError::Damaged(_))), "{version} {fields:?}");
    }
}

#[test]
fn a_batch_is_due_after_a_time_or_a_number_and_never_empty() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(&dir.path().join("log.redb"));
    log.append(&disclosure(1)).unwrap();
    assert_eq!(log.collect(&START, &due(3, 60), 66).unwrap(), None);
    let first = log.collect(&START, &due(3, 60), 67).unwrap().unwrap();
    assert_eq!((first.first, first.count, first.previous), (0, 1, H256::zero()));
    assert_eq!(log.collect(&after(&first), &due(3, 60), 999).unwrap(), None, "nothing waits");
    for _ in 0..2 {
        log.append(&disclosure(1)).unwrap();
        assert_eq!(log.collect(&after(&first), &due(3, 60), 7).unwrap(), None);
    }
    for _ in 0..2 {
        log.append(&disclosure(1)).unwrap();
    }
    assert_eq!(log.waiting().unwrap(), 4);
    let second = log.collect(&after(&first), &due(3, 60), 7).unwrap().unwrap();
    assert_eq!((second.first, second.count, second.previous), (1, 3, first.head()));
    assert_eq!(log.waiting().unwrap(), 1);
    // A clock that was set back does not keep entries from the chain.
    let third = log.collect(&after(&second), &due(3, 60), 0).unwrap().unwrap();
    assert_eq!((third.first, third.count), (4, 1));
}

#[test]
fn long_silence_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(&dir.path().join("log.redb"));
    let due = Due { entries: 10, seconds: 60, silence: Some(1_000) };
    assert_eq!(log.collect(&START, &due, 50).unwrap(), None);
    let (entries, _) = log.list(None, 0, 10).unwrap();
    assert_eq!((entries.len(), entries[0].disclosure.what, entries[0].disclosure.at), (1, What::Alive, 50));
    let batch = log.collect(&START, &due, 110).unwrap().unwrap();
    assert_eq!(log.collect(&after(&batch), &due, 1_049).unwrap(), None);
    assert_eq!(log.list(None, 0, 10).unwrap().0.len(), 1);
    assert_eq!(log.collect(&after(&batch), &due, 1_050).unwrap(), None);
    assert_eq!(log.list(None, 0, 10).unwrap().0.len(), 2);
}

#[test]
fn the_same_question_has_the_same_answer_whatever_happens_in_between() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.redb");
    let log = open(&path);
    log.append_all(&[disclosure(1), disclosure(2)]).unwrap();
    let first = log.collect(&START, &due(2, 60), 7).unwrap().unwrap();
    log.append_all(&[disclosure(1), disclosure(2), disclosure(3)]).unwrap();
    let second = log.collect(&after(&first), &due(2, 60), 7).unwrap().unwrap();
    drop(log);
    // As after a kill, and as after a reorganisation or on a chain that was begun anew.
    let log = open(&path);
    for _ in 0..2 {
        assert_eq!(log.collect(&START, &due(1, 0), 9_999).unwrap(), Some(first));
        assert_eq!(log.collect(&after(&first), &due(1, 0), 9_999).unwrap(), Some(second));
    }
}

#[test]
fn an_entry_opens_alone_and_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(&dir.path().join("log.redb"));
    for patient in 0..7 {
        log.append(&disclosure(patient)).unwrap();
    }
    let first = log.collect(&START, &due(2, 0), 7).unwrap().unwrap();
    let second = log.collect(&after(&first), &due(4, 0), 7).unwrap().unwrap();
    for number in 0..6u64 {
        let opened = log.open_entry(number).unwrap().unwrap();
        assert_eq!(opened.batch, if number < 2 { first } else { second });
        let json = serde_json::to_value(&opened).unwrap();
        // What anybody does with the file: canonical JSON of the entry, salt, number.
        let bytes = serde_json_canonicalizer::to_vec(&json["entry"]).unwrap();
        let commitment = commit(&opened.salt.0, number, &bytes);
        assert!(opened.batch.proves(number, &commitment, &opened.path.0));
        let other = serde_json_canonicalizer::to_vec(&disclosure(99)).unwrap();
        assert!(!opened.batch.proves(number, &commit(&opened.salt.0, number, &other), &opened.path.0));
    }
    assert_eq!(log.open_entry(6).unwrap(), None, "not in a batch yet");
    assert_eq!(log.open_entry(7).unwrap(), None);
}

#[test]
fn what_is_committed_to_does_not_change_with_the_program() {
    let json = serde_json_canonicalizer::to_string(&disclosure(1)).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"at":7,"block":null,"consent":0,"job":null,"#,
            r#""patient":"5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT","purpose":"TREAT","#,
            r#""subject":"0x0303030303030303030303030303030303030303030303030303030303030303","#,
            r#""what":"summary","who":"dr-x"}"#
        )
    );
}

#[test]
fn a_log_from_an_older_backup_is_noticed_and_goes_on_where_the_chain_stands() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backup) = (dir.path().join("log.redb"), dir.path().join("backup.redb"));
    let log = open(&path);
    log.append_all(&[disclosure(1), disclosure(2)]).unwrap();
    let first = log.collect(&START, &due(2, 60), 7).unwrap().unwrap();
    log.append(&disclosure(3)).unwrap();
    log.back_up(&backup, file_opener()).unwrap();
    log.append_all(&[disclosure(4), disclosure(5)]).unwrap();
    let second = log.collect(&after(&first), &due(3, 60), 7).unwrap().unwrap();

    let restored = open(&backup);
    assert_eq!(restored.collect(&START, &due(2, 60), 7).unwrap(), Some(first));
    restored.append(&disclosure(6)).unwrap();
    let chain = after(&second);
    for _ in 0..2 {
        match restored.collect(&chain, &due(1, 0), 9_999) {
            Err(CollectError::Diverged(why)) => {
                assert_eq!(why, Diverged { name: "disclosures", chain: 5, here: 2 });
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(restored.resume(&chain).unwrap(), 3);
    assert_eq!(restored.lost().unwrap(), [(2, 5)]);
    let (entries, _) = restored.list(None, 2, 10).unwrap();
    let numbers: Vec<_> = entries.iter().map(|entry| (entry.index, entry.disclosure.clone())).collect();
    assert_eq!(numbers, [(5, disclosure(3)), (6, disclosure(6))]);
    drop(restored);
    let restored = open(&backup);
    let third = restored.collect(&chain, &due(1, 0), 9_999).unwrap().unwrap();
    assert_eq!((third.first, third.count, third.previous), (5, 1, second.head()));
    let why = restored.collect(&after(&first), &due(1, 0), 9).unwrap_err().to_string();
    assert!(why.contains("--continue disclosures"), "{why}");
    // Twice does no harm, and where nothing is lost there is nothing to do.
    assert!(restored.resume(&after(&third)).is_err());
    assert!(restored.resume(&START).is_err());
}

#[test]
fn a_loss_with_nothing_waiting_leaves_the_next_number_to_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(&dir.path().join("log.redb"));
    let chain = Position::of_entries(40, H256([4; 32]));
    assert!(log.collect(&chain, &due(1, 0), 7).is_err());
    assert_eq!(log.resume(&chain).unwrap(), 40);
    assert_eq!(log.append(&disclosure(1)).unwrap(), 40);
    let batch = log.collect(&chain, &due(1, 0), 7).unwrap().unwrap();
    assert_eq!((batch.first, batch.previous), (40, H256([4; 32])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // Appends, questions, and the process dying between any two of them: what the chain takes is gapless, in order, and
    // every entry that was ever acknowledged is in it once.
    #[test]
    fn nothing_is_lost_and_nothing_comes_twice(acts in proptest::collection::vec(0u8..5, 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.redb");
        let mut log = open(&path);
        // With one entry from the start: an empty log gets one that says so.
        log.append(&disclosure(0)).unwrap();
        let (mut written, mut chain, mut taken) = (1u64, START, Vec::<DisclosureBatch>::new());
        for act in acts {
            match act {
                0 | 1 => {
                    prop_assert_eq!(log.append(&disclosure(written as u8)).unwrap(), written);
                    written += 1;
                }
                2 => {
                    drop(log);
                    log = open(&path);
                }
                // The answer arrives, and the chain takes it.
                3 => if let Some(batch) = log.collect(&chain, &due(3, 60), 7).unwrap() {
                    prop_assert_eq!((batch.first, batch.previous), (chain.next, chain.head));
                    chain = after(&batch);
                    taken.push(batch);
                },
                // The answer is lost on its way.
                _ => drop(log.collect(&chain, &due(2, 60), 7).unwrap()),
            }
        }
        while let Some(batch) = log.collect(&chain, &due(3, 0), 7).unwrap() {
            chain = after(&batch);
            taken.push(batch);
        }
        prop_assert_eq!(chain.next, written);
        for number in 0..written {
            let opened = log.open_entry(number).unwrap().unwrap();
            prop_assert_eq!(&opened.entry, &disclosure(number as u8));
            prop_assert!(taken.contains(&opened.batch));
        }
    }
}
