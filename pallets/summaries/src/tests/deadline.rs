use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{H256, audit::Kind, summary::JobStatus};
use sp_runtime::DispatchResult;

fn expire(number: u8, job: H256) -> DispatchResult {
    dispatch_signed(hospital(number), Call::expire { job })
}

#[test]
fn an_expired_job_reads_so_at_once_and_is_cleared_away_once() {
    run(|| {
        let id = opened(1, record_id(10));
        System::set_block_number(1 + DEADLINE);
        assert_eq!(expire(1, id), Err(Error::<Test>::NotExpired.into()));
        System::set_block_number(2 + DEADLINE);
        assert_eq!(Summaries::job(id).unwrap().status, JobStatus::Expired);
        assert_eq!(Jobs::<Test>::get(id).unwrap().status, JobStatus::Open);
        assert!(Summaries::open_jobs(hospital(1)).is_empty());

        // By any member, not only the one whose job it is.
        assert_ok!(expire(2, id));
        System::assert_last_event(Event::Expired { job: id, hospital: hospital(1) }.into());
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(hospital(1)), Kind::SummaryExpired, id, Some(patient())))
        );
        assert_eq!(expire(1, id), Err(Error::<Test>::AlreadyExpired.into()));
        assert_ok!(request(1, record_id(11)));
        assert_eq!(audited(Kind::SummaryExpired, id), 1);
    });
}

#[test]
fn a_request_clears_the_caller_s_expired_jobs_away() {
    run(|| {
        let old: Vec<H256> = (0..3).map(|i| opened(1, record_id(10 + i))).collect();
        let others = opened(2, record_id(20));
        System::set_block_number(10);
        let young = opened(1, record_id(10));
        assert_eq!(request(1, record_id(11)), Err(Error::<Test>::TooManyOpen.into()));

        System::set_block_number(2 + DEADLINE);
        let new = opened(1, record_id(11));
        assert_eq!(Summaries::open_jobs(hospital(1)), vec![young, new]);
        assert_eq!(OpenJobs::<Test>::get(hospital(1)).to_vec(), vec![young, new]);
        for id in &old {
            assert_eq!(audited(Kind::SummaryExpired, *id), 1);
            assert_eq!(expire(1, *id), Err(Error::<Test>::AlreadyExpired.into()));
            System::assert_has_event(Event::Expired { job: *id, hospital: hospital(1) }.into());
        }
        assert_eq!(audited(Kind::SummaryExpired, others), 0);
        assert_ok!(expire(1, others));
    });
}

#[test]
fn a_refused_request_clears_nothing_away() {
    run(|| {
        let id = opened(1, record_id(10));
        System::set_block_number(2 + DEADLINE);
        FakeConsortium::set_open_jobs(&hospital(1), 0);
        assert_eq!(request(1, record_id(11)), Err(Error::<Test>::TooManyOpen.into()));
        assert_eq!(audited(Kind::SummaryExpired, id), 0);
        assert_ok!(expire(1, id));
    });
}

#[test]
fn only_members_clear_away_and_only_what_is_expired() {
    run(|| {
        let settled = opened(1, record_id(10));
        assert_ok!(include(signed_submit(&worker_pair(1), settled, done(settled))).unwrap());
        let open = opened(1, record_id(11));
        System::set_block_number(2 + DEADLINE);
        assert_eq!(expire(3, open), Err(Error::<Test>::NotMember.into()));
        assert_eq!(expire(1, settled), Err(Error::<Test>::NotExpired.into()));
        assert_eq!(expire(1, record_id(99)), Err(Error::<Test>::NotFound.into()));
        FakeAudit::room_for(0);
        assert_eq!(expire(1, open), Err(FakeAudit::FULL));
        FakeAudit::room_for(u32::MAX);
        assert_ok!(expire(1, open));
    });
}
