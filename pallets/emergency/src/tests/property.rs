//! Random histories against a small model that keeps, of each access, when it was opened, by whom and for what, and how it
//! was reviewed.

use crate::mock::*;
use galen_primitives::{
    H256,
    audit::Kind,
    consent::{Purpose, Reason},
    emergency::Finding,
};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Hospital, patient, which record if one, practitioner.
    Break(u8, u8, Option<u8>, u8),
    /// Which access, by whom (0 is the council), practitioner, whether justified.
    Review(usize, u8, u8, bool),
    /// Patient and what their consents say from now on.
    Say(u8, ConsentAnswer),
    /// Whether every patient denies this practitioner.
    Deny(u8, bool),
    Wait(u64),
}

fn answer() -> impl Strategy<Value = ConsentAnswer> {
    prop_oneof![
        1 => Just(ConsentAnswer::Permit),
        1 => Just(ConsentAnswer::Deny),
        2 => prop_oneof![
            Just(ConsentAnswer::Refuse(Reason::NoConsent)),
            Just(ConsentAnswer::Refuse(Reason::Revoked)),
            Just(ConsentAnswer::Refuse(Reason::Unavailable)),
        ],
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..=2u8, 1..=2u8, prop::option::of(0..2u8), 0..3u8).prop_map(|(h, p, r, d)| Step::Break(h, p, r, d)),
        3 => (0..30usize, 0..3u8, 0..3u8, any::<bool>()).prop_map(|(i, h, d, j)| Step::Review(i, h, d, j)),
        2 => (1..=2u8, answer()).prop_map(|(patient, says)| Step::Say(patient, says)),
        1 => (0..3u8, any::<bool>()).prop_map(|(doctor, denied)| Step::Deny(doctor, denied)),
        // The last second and the one after it come up often.
        3 => prop_oneof![Just(1), Just(ACCESS), Just(REVIEW), 1..REVIEW].prop_map(Step::Wait),
    ]
}

struct Known {
    id: H256,
    hospital: u8,
    patient: u8,
    record: Option<u8>,
    doctor: u8,
    at: u64,
    /// Whether it was justified.
    review: Option<bool>,
}

struct Model {
    now: u64,
    says: [ConsentAnswer; 2],
    denied: [bool; 3],
    accesses: Vec<Known>,
    accepted: usize,
}

impl Model {
    fn open(&self, known: &Known) -> bool {
        self.now <= known.at + ACCESS && known.review != Some(false)
    }

    fn may_break(&self, hospital: u8, patient: u8, doctor: u8) -> bool {
        let mine =
            |known: &&Known| known.hospital == hospital && known.patient == patient && self.open(known);
        let room = self.accesses.iter().filter(mine).count() < MAX_OPEN as usize;
        let says = self.says[usize::from(patient) - 1];
        let silent = matches!(
            says,
            ConsentAnswer::Permit | ConsentAnswer::Refuse(Reason::NoConsent | Reason::Revoked)
        );
        room && silent && !self.denied[usize::from(doctor)]
    }

    /// The access on which a use under BTG rests, if it is permitted.
    fn permits(&self, hospital: u8, patient: u8, record: Option<u8>) -> Option<H256> {
        let newest = self.accesses.iter().rfind(|known| {
            known.hospital == hospital
                && known.patient == patient
                && (known.record.is_none() || known.record == record)
                && self.open(known)
        })?;
        let says = self.says[usize::from(patient) - 1];
        let silent = matches!(
            says,
            ConsentAnswer::Permit | ConsentAnswer::Refuse(Reason::NoConsent | Reason::Revoked)
        );
        (silent && !self.denied[usize::from(newest.doctor)]).then_some(newest.id)
    }

    fn apply(&mut self, step: Step) {
        let hospital = account;
        match step {
            Step::Break(h, p, r, d) => {
                let possible = self.may_break(h, p, d);
                let result = open_for(&hospital(h), &patient(p), r.map(|n| record(p, n)), doctor(d));
                assert_eq!(result.is_ok(), possible, "{step:?}: {result:?}");
                if possible {
                    self.accepted += 1;
                    let (id, at) = (last(), self.now);
                    self.accesses.push(Known {
                        id,
                        hospital: h,
                        patient: p,
                        record: r,
                        doctor: d,
                        at,
                        review: None,
                    });
                }
            }
            Step::Review(index, h, d, justified) => {
                let (now, count) = (self.now, self.accesses.len().max(1));
                let Some(known) = self.accesses.get_mut(index % count) else { return };
                let entitled = if h == 0 { now > known.at + REVIEW } else { h == known.hospital };
                let possible = known.review.is_none() && entitled && d != known.doctor;
                let origin = match h {
                    0 => RuntimeOrigin::root(),
                    _ => RuntimeOrigin::signed(hospital(h)),
                };
                let finding = if justified { Finding::Justified } else { Finding::NotJustified };
                let result = review(origin, known.id, doctor(d), finding);
                assert_eq!(result.is_ok(), possible, "{step:?}: {result:?}");
                if possible {
                    self.accepted += 1;
                    known.review = Some(justified);
                }
            }
            Step::Say(p, says) => {
                self.says[usize::from(p) - 1] = says;
                set_answer(&patient(p), says);
            }
            Step::Deny(d, denied) => {
                self.denied[usize::from(d)] = denied;
                DeniedActors::mutate(|all| match denied {
                    true => all.insert(doctor(d)),
                    false => all.remove(&doctor(d)),
                });
            }
            Step::Wait(seconds) => {
                self.now += seconds;
                wait(seconds);
            }
        }
    }

    fn compare(&self) {
        assert_eq!(FakeAudit::entries().len(), self.accepted, "one entry for every accepted call");
        for h in [1, 2] {
            for p in [1, 2] {
                for r in [None, Some(0), Some(1)] {
                    let ruling = rule(&account(h), &patient(p), r.map(|n| record(p, n)), Purpose::Btg);
                    let expected = self.permits(h, p, r);
                    assert_eq!(ruling.permitted(), expected.is_some(), "{h} {p} {r:?}: {ruling:?}");
                    if expected.is_some() {
                        assert_eq!(ruling.access, expected);
                    }
                    let treat = rule(&account(h), &patient(p), r.map(|n| record(p, n)), Purpose::Treat);
                    assert_eq!(treat.permitted(), self.says[usize::from(p) - 1] == ConsentAnswer::Permit);
                }
            }
            let ids = |page: galen_primitives::emergency::AccessPage| {
                let mut ids: Vec<_> = page.accesses.into_iter().map(|listed| listed.id).collect();
                ids.sort();
                ids
            };
            let expect = |which: &dyn Fn(&Known) -> bool| {
                let of = self.accesses.iter().filter(|known| known.hospital == h && which(known));
                let mut ids: Vec<_> = of.map(|known| known.id).collect();
                ids.sort();
                ids
            };
            let open = ids(Emergency::open_accesses(&account(h), None, 100));
            assert_eq!(open, expect(&|known| self.open(known)));
            let waiting = ids(Emergency::unreviewed(&account(h), false, None, 100));
            assert_eq!(waiting, expect(&|known| known.review.is_none()));
            let overdue = ids(Emergency::unreviewed(&account(h), true, None, 100));
            assert_eq!(overdue, expect(&|known| known.review.is_none() && self.now > known.at + REVIEW));
        }
        for known in &self.accesses {
            let entry =
                (Some(account(known.hospital)), Kind::AccessOpened, known.id, Some(patient(known.patient)));
            assert!(FakeAudit::entries().contains(&entry), "never without an audit entry");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_history_opens_more_than_the_model(steps in proptest::collection::vec(step(), 0..40)) {
        run(|| {
            let nothing = ConsentAnswer::Refuse(Reason::NoConsent);
            let mut model = Model {
                now: START,
                says: [nothing; 2],
                denied: [false; 3],
                accesses: Vec::new(),
                accepted: 0,
            };
            for step in steps {
                model.apply(step);
                model.compare();
                Emergency::do_try_state().unwrap();
            }
        });
    }
}
