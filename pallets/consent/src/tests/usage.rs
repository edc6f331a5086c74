//! What a consent's end reaches: the hospitals that read under it.

use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Owed, Settlement},
    traits::ConsentCheck,
};
use sp_runtime::DispatchResult;

const NOTICE: Settlement = Settlement::Acknowledged(H256([1; 32]));
const RECEIPT: Settlement = Settlement::Deleted(H256([2; 32]));

fn granted() -> Wallet {
    let wallet = Wallet::ed(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
    wallet
}

fn report(reporter: &AccountId, patient: &AccountId, id: u32, reader: &AccountId) -> DispatchResult {
    submit(reporter, Call::report_use { patient: patient.clone(), id, reader: reader.clone() })
}

fn settle(hospital: &AccountId, patient: &AccountId, how: Settlement) -> DispatchResult {
    submit(hospital, Call::settle { patient: patient.clone(), id: 0, how })
}

fn owed(hospital: &AccountId) -> Vec<Owed> {
    Consent::owed(hospital, None, 100).owed
}

#[test]
fn whoever_read_owes_when_the_consent_ends_and_until_it_answers() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        assert_ok!(Consent::note_use(&key, 0, &mercy()));
        assert_eq!(owed(&mercy()), vec![]);
        assert_noop!(settle(&mercy(), &key, RECEIPT), Error::<Test>::NotEnded);

        Clock::set(START + DAY);
        assert_ok!(revoke(&general(), &wallet, 0));
        let (ended_at, due) = (START + DAY, START + DAY + SETTLE_PERIOD);
        let open = Owed {
            hospital: mercy(),
            patient: key.clone(),
            consent: 0,
            ended_at,
            due,
            overdue: false,
            settled: None,
        };
        assert_eq!(owed(&mercy()), vec![open.clone()]);
        Clock::set(due);
        assert_eq!(owed(&mercy()), vec![open.clone()]);
        Clock::set(due + 1);
        assert_eq!(owed(&mercy()), vec![Owed { overdue: true, ..open.clone() }]);

        to_block(9);
        assert_ok!(settle(&mercy(), &key, NOTICE));
        assert_eq!(owed(&mercy()), vec![Owed { settled: Some((NOTICE, 9)), ..open.clone() }]);
        System::assert_last_event(
            Event::Settled { patient: key.clone(), id: 0, hospital: mercy(), how: NOTICE }.into(),
        );
        assert_noop!(settle(&mercy(), &key, NOTICE), Error::<Test>::AlreadySettled);
        // What the law kept may be deleted later; nothing comes after that.
        assert_ok!(settle(&mercy(), &key, RECEIPT));
        assert_noop!(settle(&mercy(), &key, NOTICE), Error::<Test>::AlreadySettled);
        assert_noop!(settle(&mercy(), &key, RECEIPT), Error::<Test>::AlreadySettled);
        assert_noop!(settle(&general(), &key, RECEIPT), Error::<Test>::NotFound);
    });
}

#[test]
fn a_reading_is_noted_once() {
    run(|| {
        let key = granted().key();
        to_block(3);
        assert_ok!(Consent::note_use(&key, 0, &mercy()));
        let entries = FakeAudit::entries().len();
        to_block(4);
        assert_ok!(Consent::note_use(&key, 0, &mercy()));
        assert_eq!(FakeAudit::entries().len(), entries);
        let uses = Consent::uses(&key, 0);
        assert_eq!((uses.len(), uses[0].0.clone(), uses[0].1.since), (1, mercy(), 3));
        assert_eq!(FakeAudit::entries().last().unwrap().1, Kind::ConsentUsed);
    });
}

#[test]
fn a_reader_reports_itself_and_the_custodian_anybody() {
    run(|| {
        let key = granted().key();
        FakeConsortium::admit(&hospital(3), "Third");
        assert_noop!(report(&mercy(), &key, 0, &hospital(3)), Error::<Test>::NotCustodian);
        assert_noop!(report(&outsider(), &key, 0, &mercy()), Error::<Test>::NotMember);
        assert_noop!(report(&general(), &key, 0, &outsider()), Error::<Test>::NotMember);
        assert_noop!(report(&mercy(), &key, 1, &mercy()), Error::<Test>::NotFound);
        assert_ok!(report(&mercy(), &key, 0, &mercy()));
        assert_ok!(report(&general(), &key, 0, &hospital(3)));
        assert_eq!(Consent::uses(&key, 0).len(), 2);
    });
}

#[test]
fn an_evicted_hospital_owes_all_the_same() {
    run(|| {
        let wallet = granted();
        assert_ok!(Consent::note_use(&wallet.key(), 0, &mercy()));
        assert_ok!(revoke(&general(), &wallet, 0));
        FakeConsortium::evict(&mercy());
        assert_eq!(owed(&mercy()).len(), 1);
        assert_ok!(settle(&mercy(), &wallet.key(), RECEIPT));
    });
}

#[test]
fn pages_hold_each_obligation_once() {
    run(|| {
        let wallets: Vec<_> = (1..=9u8).map(Wallet::sr).collect();
        for (number, wallet) in wallets.iter().enumerate() {
            assert_ok!(enrol(&general(), &wallet.key()));
            assert_ok!(grant(&general(), wallet, &terms(&wallet.key())));
            assert_ok!(Consent::note_use(&wallet.key(), 0, &mercy()));
            if number % 3 > 0 {
                assert_ok!(revoke(&general(), wallet, 0));
            }
        }
        let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = Consent::owed(&mercy(), after, 2);
            seen.extend(page.owed.into_iter().map(|owed| owed.patient));
            pages += 1;
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let mut expected: Vec<_> =
            wallets.iter().enumerate().filter(|(n, _)| n % 3 > 0).map(|(_, w)| w.key()).collect();
        expected.sort();
        seen.sort();
        assert_eq!((seen, pages), (expected, 5));
    });
}
