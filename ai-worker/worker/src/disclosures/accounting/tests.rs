use super::*;
use crate::{reports::Due, store::file_opener};
use galen_primitives::{consent::Purpose, reports::Position};

const DAY: u64 = 86_400;
const NOW: u64 = 20_000 * DAY;

fn patient(seed: u8) -> AccountId {
    AccountId::new([seed; 32])
}

fn read(at: u64, patient: AccountId) -> Disclosure {
    Disclosure {
        subject: Some(H256([3; 32])),
        patient: Some(patient),
        purpose: Some(Purpose::Treat),
        ..Disclosure::new(at, "dr-x", What::Document)
    }
}

#[test]
fn a_period_is_whole_days() {
    // 20,000 days after 1970-01-01 is 2024-10-04.
    let period = Period::read("2024-10-04", "2024-10-05").unwrap();
    for (at, inside) in
        [(NOW - 1, false), (NOW, true), (NOW + 2 * DAY - 1, true), (NOW + 2 * DAY, false), (u64::MAX, false)]
    {
        assert_eq!(period.contains(at), inside, "{at}");
    }
    assert_eq!(period::instant(NOW + 5), "2024-10-04T00:00:05Z");
    assert!(Period::read("2024-02-29", "2024-02-29").is_ok());
    for (from, to) in
        [("2023-02-29", "2024-01-01"), ("2024-1-1", "2024-01-02"), ("", ""), ("+024-01-01", "2024-01-02")]
    {
        assert_eq!(Period::read(from, to), Err(WrongPeriod::NotADate));
    }
    assert_eq!(Period::read("2024-01-02", "2024-01-01"), Err(WrongPeriod::Backwards));
    assert!(!Period::read("9999-12-31", "9999-12-31").unwrap().contains(NOW));
}

#[test]
fn an_accounting_says_what_the_chain_covers() {
    let dir = tempfile::tempdir().unwrap();
    let log = Disclosures::open(&dir.path().join("log.redb"), file_opener()).unwrap();
    log.append(&read(NOW - DAY, patient(1))).unwrap();
    log.append(&read(NOW, patient(1))).unwrap();
    log.append(&read(NOW, patient(2))).unwrap();
    let due = Due { entries: 2, seconds: 0, silence: None };
    let one = log.collect(&Position::default(), &due, NOW).unwrap().unwrap();
    let two = log.collect(&one.position_after().unwrap(), &due, NOW).unwrap().unwrap();
    log.append(&read(NOW + 1, patient(1))).unwrap();
    log.append(&read(NOW + 5 * DAY, patient(1))).unwrap();

    let chain = |batches| Some(ChainSays { at: H256([8; 32]), batches });
    let reported = |batch| ReportedBatch { batch, block: 7, entry: 4, key: H256::zero() };
    let account = |chain| {
        let period = Period::read("2024-10-04", "2024-10-04").unwrap();
        let gathered = Gathered::from_log(&log, patient(1), period, 5).unwrap();
        gathered.accounting(Some(patient(9)), chain)
    };
    let covers = |accounting: &Accounting| -> Vec<(u64, Cover)> {
        accounting.lines.iter().map(|line| (line.number, line.cover)).collect()
    };
    let known = account(chain(vec![reported(one), reported(two)]));
    assert_eq!(covers(&known), [(1, Cover::Reported), (3, Cover::Unreported)]);
    assert_eq!(known.batches.len(), 1);
    assert_eq!((known.batches[0].head, known.batches[0].block), (one.head(), Some(7)));
    assert_eq!(covers(&account(None)), [(1, Cover::Unknown), (3, Cover::Unreported)]);
    assert_eq!(covers(&account(chain(vec![])))[0].1, Cover::Unreported);
    let other = DisclosureBatch { root: H256([1; 32]), ..one };
    assert_eq!(covers(&account(chain(vec![reported(other)])))[0].1, Cover::Conflicting);

    let json = serde_json::to_value(&known).unwrap();
    assert_eq!(json["period"], serde_json::json!({ "from": "2024-10-04", "to": "2024-10-04" }));
    assert_eq!(json["lines"][0]["purpose"], "TREAT");
    assert_eq!(json["lines"][0]["date"], "2024-10-04T00:00:00Z");
    assert_eq!(json["lines"][0]["recipient"]["id"], "dr-x");
    assert_eq!(json["lines"][0]["cover"], "reported");
    let table = csv::table(&known);
    assert_eq!(table.lines().count(), 3);
    assert!(table.lines().nth(1).unwrap().starts_with(r#""1","2024-10-04T00:00:00Z","dr-x","","#), "{table}");
}
