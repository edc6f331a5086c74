use crate::{Event, Offender, mock::*};
use galen_primitives::audit::{Kind, account_subject};
use sp_runtime::Perbill;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

fn details(number: u8) -> OffenceDetails<galen_primitives::AccountId, Offender> {
    OffenceDetails { offender: (validator(number), ()), reporters: vec![account(50)] }
}

#[test]
fn an_offence_is_logged_and_handed_on() {
    run(|| {
        let fractions = [Perbill::from_percent(5), Perbill::from_percent(6)];
        let used = System::block_weight().total();
        let weight = Conduct::on_offence(&[details(1), details(2)], &fractions, 8);
        assert!(weight.ref_time() > 7, "the judge's own weight is in it");
        assert!(System::block_weight().total().ref_time() > used.ref_time());

        assert_eq!(
            Punished::get(),
            [1, 2].map(|n| (validator(n), fractions[n as usize - 1].deconstruct(), 8))
        );
        assert_eq!(
            FakeAudit::entries(),
            [1, 2].map(|n| (Some(account(n)), Kind::OffenceReported, account_subject(&validator(n)), None))
        );
        for (n, fraction) in [1, 2].into_iter().zip(fractions) {
            System::assert_has_event(
                Event::OffenceReported {
                    validator: validator(n),
                    hospital: Some(account(n)),
                    fraction,
                    session: 8,
                }
                .into(),
            );
        }
    });
}

#[test]
fn a_full_log_does_not_protect_the_offender() {
    run(|| {
        FakeAudit::room_for(0);
        Conduct::on_offence(&[details(1)], &[Perbill::one()], 8);
        assert!(FakeAudit::entries().is_empty());
        assert_eq!(Punished::get(), [(validator(1), Perbill::one().deconstruct(), 8)]);
    });
}
