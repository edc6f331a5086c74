use crate::{EraReward, PaidFromPot, ReturnedToTreasury, mock::*};
use frame_support::traits::{
    OnUnbalanced,
    fungible::{Balanced, Inspect, Mutate},
    tokens::{Precision::Exact, Preservation::Expendable},
};
use sp_staking::EraPayout;

fn end_era() -> u64 {
    let (payout, remainder) = Conduct::era_payout(1, 1, 1);
    assert_eq!(remainder, 0);
    payout
}

// As staking pays out: minted without being issued, and then settled.
fn pay(amount: u64) {
    let debt = Balances::deposit(&account(1), amount, Exact).unwrap();
    PaidFromPot::<Test>::on_unbalanced(debt);
}

fn issuance_is_the_sum_of_balances() -> u64 {
    let sum: u64 = [Treasury::get(), Pot::get(), account(1)].iter().map(Balances::total_balance).sum();
    assert_eq!(Balances::total_issuance(), sum);
    sum
}

#[test]
fn without_a_reward_nothing_moves() {
    run(|| {
        assert_eq!(end_era(), 0);
        assert_eq!((Balances::balance(&Treasury::get()), Balances::balance(&Pot::get())), (TREASURY, 0));
    });
}

#[test]
fn rewards_come_out_of_the_treasury() {
    run(|| {
        EraReward::<Test>::put(300);
        for era in 1..=3 {
            assert_eq!(end_era(), 300);
            assert_eq!(Balances::balance(&Pot::get()), DEPOSIT + 300 * era);
        }
        assert_eq!(Balances::balance(&Treasury::get()), TREASURY - 900 - DEPOSIT);
        Balances::set_balance(&account(1), DEPOSIT);
        let issued = issuance_is_the_sum_of_balances();
        for (paid, left) in [(250, 650), (3, 647), (647, 0)] {
            pay(paid);
            assert_eq!(Balances::balance(&Pot::get()), DEPOSIT + left);
            assert_eq!(issuance_is_the_sum_of_balances(), issued);
        }
        assert_eq!(Balances::balance(&account(1)), DEPOSIT + 900);
    });
}

#[test]
fn a_poor_treasury_promises_what_it_has_and_stays_alive() {
    run(|| {
        EraReward::<Test>::put(TREASURY);
        assert_eq!(end_era(), TREASURY - 2 * DEPOSIT);
        assert_eq!(Balances::balance(&Treasury::get()), DEPOSIT);
        assert_eq!(end_era(), 0);
        assert_eq!(Balances::balance(&Pot::get()), TREASURY - DEPOSIT);
        issuance_is_the_sum_of_balances();
    });
    run(|| {
        // Not even enough for the pot's deposit.
        Balances::set_balance(&Treasury::get(), DEPOSIT + 5);
        EraReward::<Test>::put(100);
        assert_eq!(end_era(), 0);
        assert_eq!(Balances::balance(&Treasury::get()), DEPOSIT + 5);
    });
}

#[test]
fn a_promise_is_kept_even_if_the_pot_was_emptied() {
    run(|| {
        EraReward::<Test>::put(300);
        end_era();
        <Balances as Mutate<_>>::transfer(&Pot::get(), &Treasury::get(), 200, Expendable).unwrap();
        Balances::set_balance(&account(1), DEPOSIT);
        let issued = issuance_is_the_sum_of_balances();
        pay(300);
        assert_eq!(Balances::balance(&Pot::get()), DEPOSIT);
        assert_eq!(issuance_is_the_sum_of_balances(), issued);
    });
}

#[test]
fn what_staking_keeps_back_returns_to_the_treasury() {
    run(|| {
        EraReward::<Test>::put(300);
        end_era();
        let issued = issuance_is_the_sum_of_balances();
        // As staking does with its cap: it issues what remains.
        ReturnedToTreasury::<Test>::on_unbalanced(Balances::issue(120));
        assert_eq!(Balances::balance(&Pot::get()), DEPOSIT + 180);
        assert_eq!(Balances::balance(&Treasury::get()), TREASURY - DEPOSIT - 180);
        assert_eq!(issuance_is_the_sum_of_balances(), issued);
    });
}
