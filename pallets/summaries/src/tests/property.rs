//! Random histories against a small model that keeps, of each job, who opened it, its deadline and how it ended.

use crate::{mock::*, *};
use galen_primitives::{
    H256,
    audit::Kind,
    consent::{Decision, Reason},
    summary::JobStatus,
};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Request {
        hospital: u8,
        record: u8,
    },
    /// `stale`: signed with the key that the job was opened under, rotated away or not.
    Submit {
        job: usize,
        done: bool,
        stale: bool,
    },
    Expire {
        job: usize,
    },
    Wait {
        blocks: u32,
    },
    Consent {
        given: bool,
    },
    Quota {
        hospital: u8,
        open_jobs: u32,
    },
    Rotate {
        hospital: u8,
        key: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let hospital = 1..=2u8;
    prop_oneof![
        4 => (hospital.clone(), 0..3u8).prop_map(|(hospital, record)| Step::Request { hospital, record }),
        4 => (0..40usize, any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(job, done, stale)| Step::Submit { job, done, stale }),
        2 => (0..40usize).prop_map(|job| Step::Expire { job }),
        3 => (1..25u32).prop_map(|blocks| Step::Wait { blocks }),
        1 => any::<bool>().prop_map(|given| Step::Consent { given }),
        1 => (hospital.clone(), 0..8u32).prop_map(|(hospital, open_jobs)| Step::Quota { hospital, open_jobs }),
        1 => (hospital, 1..=3u8).prop_map(|(hospital, key)| Step::Rotate { hospital, key }),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Open,
    Done,
    Refused,
    Failed,
    ClearedAway,
}

#[derive(Debug)]
struct Known {
    id: H256,
    hospital: u8,
    key: u8,
    deadline: u32,
    end: End,
}

struct Model {
    now: u32,
    consent: bool,
    quota: [u32; 2],
    key: [u8; 2],
    jobs: Vec<Known>,
}

impl Model {
    fn place(hospital: u8) -> usize {
        usize::from(hospital) - 1
    }

    fn may_request(&self, hospital: u8) -> bool {
        let waiting =
            |job: &&Known| job.hospital == hospital && job.end == End::Open && self.now <= job.deadline;
        let waiting = u32::try_from(self.jobs.iter().filter(waiting).count()).unwrap();
        self.consent && waiting < self.quota[Self::place(hospital)].min(MAX_OPEN)
    }

    fn clear_away(&mut self, hospital: u8) {
        for job in &mut self.jobs {
            if job.hospital == hospital && job.end == End::Open && self.now > job.deadline {
                job.end = End::ClearedAway;
            }
        }
    }

    // Every step on the chain and on the model; whether both agree that it was possible.
    fn apply(&mut self, step: Step) {
        match step {
            Step::Request { hospital: number, record } => {
                let possible = self.may_request(number);
                let result = request(number, record_id(number * 10 + record));
                assert_eq!(result.is_ok(), possible, "{step:?}: {result:?}");
                if possible {
                    self.clear_away(number);
                    self.jobs.push(Known {
                        id: *OpenJobs::<Test>::get(hospital(number)).last().unwrap(),
                        hospital: number,
                        key: self.key[Self::place(number)],
                        deadline: self.now + DEADLINE,
                        end: End::Open,
                    });
                }
            }
            Step::Submit { job, done: make, stale } => {
                let count = self.jobs.len().max(1);
                let (now, consent, keys) = (self.now, self.consent, self.key);
                let Some(known) = self.jobs.get_mut(job % count) else { return };
                let current = keys[Self::place(known.hospital)];
                let pair = worker_pair(if stale { known.key } else { current });
                let outcome = if make { done(known.id) } else { failed() };
                let signed = !stale || known.key == current;
                let possible = signed && known.end == End::Open && now <= known.deadline;
                let result = include(signed_submit(&pair, known.id, outcome));
                assert_eq!(result == Ok(Ok(())), possible, "{step:?}: {result:?}");
                if possible {
                    known.end = match (make, consent) {
                        (false, _) => End::Failed,
                        (true, true) => End::Done,
                        (true, false) => End::Refused,
                    };
                }
            }
            Step::Expire { job } => {
                let count = self.jobs.len().max(1);
                let now = self.now;
                let Some(known) = self.jobs.get_mut(job % count) else { return };
                let possible = known.end == End::Open && now > known.deadline;
                let result = dispatch_signed(hospital(2), Call::expire { job: known.id });
                assert_eq!(result.is_ok(), possible, "{step:?}: {result:?}");
                if possible {
                    known.end = End::ClearedAway;
                }
            }
            Step::Wait { blocks } => {
                self.now += blocks;
                System::set_block_number(self.now);
            }
            Step::Consent { given } => {
                self.consent = given;
                FakeEmergency::set_decision(if given { permit() } else { Decision::refuse(Reason::Revoked) });
            }
            Step::Quota { hospital, open_jobs } => {
                self.quota[Self::place(hospital)] = open_jobs;
                self.tell(hospital);
            }
            Step::Rotate { hospital, key } => {
                // Keys of the two hospitals never meet.
                self.key[Self::place(hospital)] = hospital * 10 + key;
                self.tell(hospital);
            }
        }
    }

    fn tell(&self, number: u8) {
        let place = Self::place(number);
        FakeConsortium::set_worker_key(&hospital(number), Some(worker_key(self.key[place])));
        FakeConsortium::set_open_jobs(&hospital(number), self.quota[place]);
    }

    fn compare(&self) {
        assert_eq!(Jobs::<Test>::iter().count(), self.jobs.len());
        for job in &self.jobs {
            let status = Summaries::job(job.id).unwrap().status;
            let expired = self.now > job.deadline;
            let agrees = match job.end {
                End::Open if expired => status == JobStatus::Expired,
                End::Open => status == JobStatus::Open,
                End::ClearedAway => status == JobStatus::Expired,
                End::Done => matches!(status, JobStatus::Done { .. }),
                End::Refused => matches!(status, JobStatus::Refused { reason: Reason::Revoked, .. }),
                End::Failed => matches!(status, JobStatus::Failed { .. }),
            };
            assert!(agrees, "{job:?}: {status:?}");
            let ends = [
                (End::Done, Kind::SummaryAnchored),
                (End::Refused, Kind::SummaryRefused),
                (End::Failed, Kind::SummaryFailed),
                (End::ClearedAway, Kind::SummaryExpired),
            ];
            assert_eq!(audited(Kind::SummaryRequested, job.id), 1);
            for (end, kind) in ends {
                assert_eq!(audited(kind, job.id), usize::from(job.end == end), "{job:?}: {kind:?}");
            }
        }
        for number in [1, 2] {
            let waiting =
                |job: &&Known| job.hospital == number && job.end == End::Open && self.now <= job.deadline;
            let waiting: Vec<H256> = self.jobs.iter().filter(waiting).map(|job| job.id).collect();
            assert_eq!(Summaries::open_jobs(hospital(number)), waiting);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_history_agrees_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        run(|| {
            let mut model = Model { now: 1, consent: true, quota: [4; 2], key: [1, 2], jobs: Vec::new() };
            for step in steps {
                model.apply(step);
                model.compare();
                Summaries::do_try_state().unwrap();
            }
        });
    }
}
