//! Random histories against a reference model that shares nothing with the pallet but its types.

use crate::{Error, Pasts, mock::*};
use galen_primitives::{
    H256,
    consent::{Confidentiality, ConsentTerms, Decision, Purpose, Question, Reason},
    traits::{ConsentCheck, Consortium},
};
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use sp_runtime::DispatchResult;
use std::cell::RefCell;

/// Levels by rank, as the model counts them.
const LEVELS: [Confidentiality; 6] = [
    Confidentiality::U,
    Confidentiality::L,
    Confidentiality::M,
    Confidentiality::N,
    Confidentiality::R,
    Confidentiality::V,
];
/// The last hospital is never admitted.
const HOSPITALS: u8 = 4;

#[derive(Clone, Debug)]
struct Grant {
    patient: usize,
    grantee: u8,
    purposes: u16,
    level: u8,
    labels: u8,
    start: Option<u64>,
    end: Option<u64>,
}

#[derive(Clone, Debug)]
struct Ask {
    patient: usize,
    custodian: u8,
    requester: u8,
    purpose: u8,
    level: u8,
    labels: u8,
    back: u32,
}

#[derive(Clone, Debug)]
enum Step {
    Grant(Grant),
    Revoke(usize, u32),
    Pass(u32, u64),
    Member(u8, bool),
    Ask(Ask),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let grant = (0..3usize, hospitals(), 1u16..512, 0..6u8, 0..8u8, window(), window()).prop_map(
        |(patient, grantee, purposes, level, labels, start, end)| {
            Step::Grant(Grant { patient, grantee, purposes, level, labels, start, end })
        },
    );
    let ask = (0..3usize, custodian(), hospitals(), 0..9u8, 0..6u8, 0..8u8, 0..12u32).prop_map(
        |(patient, custodian, requester, purpose, level, labels, back)| {
            Step::Ask(Ask { patient, custodian, requester, purpose, level, labels, back })
        },
    );
    let step = prop_oneof![
        6 => grant,
        2 => (0..3usize, 0..6u32).prop_map(|(patient, id)| Step::Revoke(patient, id)),
        2 => (1..3u32, 0..40u64).prop_map(|(blocks, seconds)| Step::Pass(blocks, seconds)),
        1 => (2..=3u8, prop::bool::weighted(0.8)).prop_map(|(hospital, member)| Step::Member(hospital, member)),
        22 => ask,
    ];
    prop::collection::vec(step, 1..400)
}

/// An offset in seconds from the start of the history; often none.
fn window() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![1 => Just(None), 1 => (0..400u64).prop_map(Some)]
}

/// Mostly Mercy, so that its lists fill up.
fn hospitals() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(2u8), 1 => 1..=HOSPITALS]
}

/// Mostly the right one.
fn custodian() -> impl Strategy<Value = u8> {
    prop_oneof![9 => Just(0u8), 1 => 1..=HOSPITALS]
}

struct Given {
    grant: Grant,
    from: u32,
    until: Option<u32>,
}

/// Lists and bit masks; every question is answered by going through all that was ever granted.
struct Model {
    given: [Vec<Given>; 3],
    members: [bool; 5],
    /// The time of each block that was, by number.
    times: Vec<u64>,
}

const CUSTODIANS: [u8; 3] = [1, 1, 2];

impl Model {
    fn block(&self) -> u32 {
        self.times.len() as u32 - 1
    }
    fn now(&self) -> u64 {
        self.times[self.times.len() - 1]
    }

    fn grant(&mut self, grant: Grant) -> DispatchResult {
        let custodian = CUSTODIANS[grant.patient];
        if !self.members[usize::from(custodian)] || !self.members[usize::from(grant.grantee)] {
            return Err(Error::<Test>::NotMember.into());
        }
        if grant.end.is_some_and(|end| end < self.now() || grant.start.is_some_and(|start| start > end)) {
            return Err(Error::<Test>::BadPeriod.into());
        }
        let now = self.now();
        let in_force = self.given[grant.patient]
            .iter()
            .filter(|given| given.grant.grantee == grant.grantee && given.until.is_none())
            .filter(|given| given.grant.end.is_none_or(|end| end >= now))
            .count();
        if in_force >= MAX_LIVE as usize {
            return Err(Error::<Test>::TooMany.into());
        }
        let from = self.block();
        self.given[grant.patient].push(Given { grant, from, until: None });
        Ok(())
    }

    fn revoke(&mut self, patient: usize, id: u32) -> DispatchResult {
        let block = self.block();
        let given = self.given[patient].get_mut(id as usize).ok_or(Error::<Test>::NotFound)?;
        if given.until.is_some() {
            return Err(Error::<Test>::AlreadyRevoked.into());
        }
        given.until = Some(block);
        Ok(())
    }

    /// How far a question gets with each consent, best of all; the first that lets it through is named.
    fn answer(&self, ask: &Ask, at: u32) -> Decision {
        if !self.is_custodian(ask) {
            return Decision::refuse(Reason::NotEnrolled);
        }
        let now = self.times[at as usize];
        let mut best = 0;
        for (id, given) in self.given[ask.patient].iter().enumerate() {
            let grant = &given.grant;
            if grant.grantee != ask.requester || given.from > at {
                continue;
            }
            let got = if given.until.is_some_and(|until| until <= at) {
                1
            } else if now < grant.start.unwrap_or(0) || now > grant.end.unwrap_or(u64::MAX) {
                2
            } else if grant.purposes & (1 << ask.purpose) == 0 {
                3
            } else if ask.level > grant.level {
                4
            } else if ask.labels & !grant.labels != 0 {
                5
            } else {
                return Decision { permitted: true, reason: Reason::Covered, consent: Some(id as u32) };
            };
            best = best.max(got);
        }
        Decision::refuse(
            [
                Reason::NoConsent,
                Reason::Revoked,
                Reason::OutsidePeriod,
                Reason::PurposeNotCovered,
                Reason::LevelNotCovered,
                Reason::LabelNotCovered,
            ][best],
        )
    }

    fn is_custodian(&self, ask: &Ask) -> bool {
        ask.custodian == 0 || ask.custodian == CUSTODIANS[ask.patient]
    }
}

fn labels(mask: u8) -> Vec<H256> {
    (0..8).filter(|bit| mask & (1 << bit) != 0).map(label).collect()
}

fn wallets() -> [Wallet; 3] {
    [Wallet::sr(1), Wallet::ed(2).wrapping(), Wallet::sr(3).wrapping()]
}

fn terms_of(grant: &Grant, wallet: &Wallet) -> ConsentTerms {
    let purposes: Vec<_> = Purpose::ALL
        .iter()
        .enumerate()
        .filter(|(bit, _)| grant.purposes & (1 << bit) != 0)
        .map(|(_, purpose)| *purpose)
        .collect();
    ConsentTerms {
        patient: wallet.key(),
        custodian: hospital(CUSTODIANS[grant.patient]),
        grantee: hospital(grant.grantee),
        purposes: purposes.try_into().unwrap(),
        level: LEVELS[usize::from(grant.level)],
        labels: labels(grant.labels).try_into().unwrap(),
        start: grant.start.map(|start| START + start),
        end: grant.end.map(|end| START + end),
        form: H256([grant.level; 32]),
    }
}

fn question_of(ask: &Ask, wallet: &Wallet) -> Question {
    let custodian = if ask.custodian == 0 { CUSTODIANS[ask.patient] } else { ask.custodian };
    Question {
        patient: wallet.key(),
        custodian: hospital(custodian),
        requester: hospital(ask.requester),
        purpose: Purpose::ALL[usize::from(ask.purpose)],
        level: LEVELS[usize::from(ask.level)],
        labels: labels(ask.labels).try_into().unwrap(),
    }
}

/// What the histories together reached, so that an idle test does not pass.
#[derive(Default)]
struct Tally {
    asked: u32,
    permitted: u32,
    too_many: u32,
    pruned: u32,
    witnessed: u32,
}

fn play(history: &[Step], tally: &mut Tally) {
    let wallets = wallets();
    let mut model =
        Model { given: Default::default(), members: [false, true, true, true, false], times: vec![0, 0] };
    Hospitals::admit(&hospital(3), "Third", 1_000_000);
    for (wallet, custodian) in wallets.iter().zip(CUSTODIANS) {
        enrol(&hospital(custodian), &wallet.key()).unwrap();
    }
    // What the pallet decided last in each block, to be asked again at the end.
    let mut witnesses = Vec::new();
    let mut last: Option<Question> = None;
    for step in history {
        match step {
            Step::Grant(wanted) => {
                let wallet = &wallets[wanted.patient];
                let expected = model.grant(wanted.clone());
                tally.too_many += u32::from(expected == Err(Error::<Test>::TooMany.into()));
                assert_eq!(grant(&general(), wallet, &terms_of(wanted, wallet)), expected);
            }
            Step::Revoke(patient, id) => {
                assert_eq!(revoke(&general(), &wallets[*patient], *id), model.revoke(*patient, *id));
            }
            Step::Pass(blocks, seconds) => {
                if let Some(question) = last.take().filter(|last| Hospitals::is_member(&last.requester)) {
                    let decision = Consent::decide(&question);
                    witnesses.push((question, model.block(), Clock::get(), decision));
                }
                let (then, now) = (model.now(), model.now() + seconds);
                for _ in 1..*blocks {
                    model.times.push(then);
                }
                model.times.push(now);
                to_block(model.block());
                Clock::set(START + now);
            }
            Step::Member(hospital_number, member) => {
                model.members[usize::from(*hospital_number)] = *member;
                let account = hospital(*hospital_number);
                if *member {
                    Hospitals::admit(&account, if *hospital_number == 2 { "Mercy" } else { "Third" }, 1_000);
                } else {
                    Hospitals::evict(&account);
                }
            }
            Step::Ask(ask) => {
                let question = question_of(ask, &wallets[ask.patient]);
                let decision = Consent::decide(&question);
                let expected = if model.members[usize::from(ask.requester)] {
                    model.answer(ask, model.block())
                } else {
                    Decision::refuse(Reason::NotMember)
                };
                assert_eq!(decision, expected, "{ask:?}");
                // Patients were enrolled in block 1.
                let at = model.block().saturating_sub(ask.back).max(1);
                let then = START + model.times[at as usize];
                assert_eq!(Consent::decide_at(&question, at, then), model.answer(ask, at), "{ask:?} at {at}");
                tally.asked += 2;
                tally.permitted += u32::from(decision.permitted);
                last = Some(question);
            }
        }
    }
    for (question, at, then, decision) in witnesses {
        assert_eq!(Consent::decide_at(&question, at, then), decision, "{question:?} at {at}");
        tally.witnessed += 1;
    }
    tally.pruned += Pasts::<Test>::iter_values().map(|past| past.pruned).sum::<u32>();
}

#[test]
fn histories_are_decided_as_the_model_decides() {
    let tally = RefCell::new(Tally::default());
    TestRunner::new(Cases { cases: 128, failure_persistence: None, ..Default::default() })
        .run(&steps(), |history| {
            run(|| play(&history, &mut tally.borrow_mut()));
            Ok(())
        })
        .unwrap();
    let Tally { asked, permitted, too_many, pruned, witnessed } = tally.into_inner();
    println!(
        "{asked} questions, {permitted} permitted, {witnessed} asked again; {too_many} grants too many, {pruned} pruned"
    );
    assert!(asked >= 10_000 && permitted >= 300 && witnessed >= 100 && too_many >= 10 && pruned >= 10);
}
