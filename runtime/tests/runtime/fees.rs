//! Where money goes.

use crate::{account, on_chain, pair, run_sessions, switch_off};
use codec::Encode;
use frame_support::{
    assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use galen_runtime::{
    AccountId, Balance, Balances, Executive, GLN, MILLIGLN, Runtime, RuntimeCall, RuntimeOrigin, Staking,
    System, TxExtension, UncheckedExtrinsic,
    configs::fees::{RewardPot, TreasuryAccount},
    genesis::{DEVELOPMENT, LOCAL},
    limits::{EXISTENTIAL_DEPOSIT, FEE_ENDOWMENT, STAKE_ENDOWMENT},
};
use sp_core::Pair;
use sp_runtime::{
    generic::{Era, SignedPayload},
    traits::Dispatchable,
};

fn treasury() -> Balance {
    Balances::total_balance(&TreasuryAccount::get())
}

/// The extensions of a transaction.
pub fn extension(nonce: u32, tip: Balance) -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

fn sign(seed: &str, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
    let signer = account(seed);
    let extension = extension(System::account_nonce(&signer), tip);
    let payload = SignedPayload::new(call.clone(), extension.clone()).unwrap();
    let signature = payload.using_encoded(|bytes| pair(seed).sign(bytes));
    UncheckedExtrinsic::new_signed(call, signer.into(), signature.into(), extension)
}

fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: vec![0; 100] })
}

#[test]
fn fees_and_tips_go_to_the_treasury_in_full() {
    on_chain(DEVELOPMENT, || {
        let issued = Balances::total_issuance();
        for tip in [0, 3 * GLN] {
            let (had, held) = (Balances::total_balance(&account("Bob")), treasury());
            Executive::apply_extrinsic(sign("Bob", remark(), tip)).unwrap().unwrap();
            let paid = had - Balances::total_balance(&account("Bob"));
            assert!(paid > tip);
            assert!(paid - tip < 10 * MILLIGLN, "an ordinary call costs {paid}");
            assert_eq!(treasury() - held, paid);
        }
        assert_eq!(Balances::total_issuance(), issued);
    });
}

#[test]
fn an_account_without_money_cannot_send() {
    on_chain(DEVELOPMENT, || {
        assert!(Executive::apply_extrinsic(sign("Nobody", remark(), 0)).is_err());
    });
}

#[test]
fn dust_goes_to_the_treasury() {
    on_chain(DEVELOPMENT, || {
        let (issued, held) = (Balances::total_issuance(), treasury());
        let free = Balances::free_balance(account("Bob"));
        let rest = EXISTENTIAL_DEPOSIT / 2;
        assert_ok!(Balances::transfer_allow_death(
            RuntimeOrigin::signed(account("Bob")),
            account("Charlie").into(),
            free - rest
        ));
        assert_eq!(treasury() - held, rest);
        assert_eq!(Balances::total_issuance(), issued);
    });
}

#[test]
fn a_newcomer_is_endowed_from_the_treasury() {
    on_chain(LOCAL, || {
        let (issued, held) = (Balances::total_issuance(), treasury());
        let newcomer = AccountId::new([9; 32]);
        let admit = pallet_consortium::Call::<Runtime>::admit {
            account: newcomer.clone(),
            name: b"Ninth Hospital".to_vec().try_into().unwrap(),
            quotas: Default::default(),
        };
        assert_ok!(RuntimeCall::Consortium(admit).dispatch(RuntimeOrigin::root()));
        assert_eq!(Balances::total_balance(&newcomer), STAKE_ENDOWMENT + FEE_ENDOWMENT);
        assert_eq!(held - treasury(), STAKE_ENDOWMENT + FEE_ENDOWMENT);
        assert_eq!(Balances::total_issuance(), issued);
    });
}

#[test]
fn eras_pay_nothing_out_unless_the_council_says_so() {
    on_chain(DEVELOPMENT, || {
        let issued = Balances::total_issuance();
        crate::run_sessions(8);
        assert!(pallet_staking::ActiveEra::<Runtime>::get().unwrap().index >= 1);
        assert_eq!(Balances::total_issuance(), issued);
    });
}

fn pot() -> Balance {
    Balances::total_balance(&RewardPot::get())
}

fn set_era_reward(amount: Balance) {
    let set = pallet_conduct::Call::<Runtime>::set_era_reward { amount };
    assert_ok!(RuntimeCall::Conduct(set).dispatch(RuntimeOrigin::root()));
}

// Ends the era that is active and answers its number.
fn end_era() -> u32 {
    let era = pallet_staking::ActiveEra::<Runtime>::get().unwrap().index;
    while pallet_staking::ActiveEra::<Runtime>::get().unwrap().index == era {
        run_sessions(1);
    }
    era
}

// Pays a validator out for an era; how much it got.
fn pay_out(seed: &str, era: u32) -> Balance {
    let had = Balances::total_balance(&account(seed));
    let page = 0;
    let origin = RuntimeOrigin::signed(account("Ferdie"));
    assert_ok!(Staking::payout_stakers_by_page(origin, account(seed), era, page));
    Balances::total_balance(&account(seed)) - had
}

#[test]
fn rewards_come_out_of_the_treasury_and_go_to_those_who_were_there() {
    on_chain(LOCAL, || {
        let issued = Balances::total_issuance();
        run_sessions(1);
        end_era();
        let held = treasury();
        let reward = 1_000 * GLN;
        set_era_reward(reward);
        // Dave stays away and keeps his seat; from the next era on he has no point.
        pallet_conduct::AbsenceThreshold::<Runtime>::put(100);
        switch_off(&["Dave"]);
        assert_eq!(pot(), 0);
        end_era();
        assert_eq!((treasury(), pot()), (held - reward - EXISTENTIAL_DEPOSIT, reward + EXISTENTIAL_DEPOSIT));
        let era = end_era();
        assert_eq!(pot(), 2 * reward + EXISTENTIAL_DEPOSIT);
        assert_eq!(Balances::total_issuance(), issued);

        let stake = Balances::total_balance_on_hold(&account("Alice"));
        let paid: Vec<Balance> = ["Alice", "Bob", "Charlie", "Dave"].map(|seed| pay_out(seed, era)).into();
        assert_eq!(paid[3], 0);
        // A third for each of the others, but for a block more or less and what is lost in rounding.
        for part in &paid[..3] {
            assert!(part.abs_diff(reward / 3) < reward / 30, "{paid:?}");
        }
        let sum: Balance = paid.iter().sum();
        assert!(sum <= reward && reward - sum < GLN, "{sum}");
        // It is bonded: the stake of genesis compounds.
        assert_eq!(Balances::total_balance_on_hold(&account("Alice")), stake + paid[0]);
        assert_eq!(pot(), 2 * reward + EXISTENTIAL_DEPOSIT - sum);
        assert_eq!(Balances::total_issuance(), issued);

        // Not twice.
        let again = Staking::payout_stakers_by_page(
            RuntimeOrigin::signed(account("Ferdie")),
            account("Alice"),
            era,
            0,
        );
        assert_eq!(again.unwrap_err().error, pallet_staking::Error::<Runtime>::AlreadyClaimed.into());
    });
}

#[test]
fn whatever_the_reward_the_issuance_stays() {
    on_chain(LOCAL, || {
        let issued = Balances::total_issuance();
        let everything =
            |accounts: &[AccountId]| -> Balance { accounts.iter().map(Balances::total_balance).sum() };
        // Without a reward, with dust, with one that the cap of staking halves, and with more than there is.
        let rewards = [0, 1, 999 * GLN + 8, Balance::MAX, 5 * GLN];
        for (round, reward) in rewards.into_iter().enumerate() {
            set_era_reward(reward);
            let cap = (round == 2).then(|| sp_runtime::Percent::from_percent(50));
            pallet_staking::MaxStakedRewards::<Runtime>::set(cap);
            switch_off(if round % 2 == 0 { &[] } else { &["Bob"] });
            let (held, in_pot) = (treasury(), pot());
            let era = end_era();
            assert!(treasury() >= EXISTENTIAL_DEPOSIT);
            let promised = pallet_staking::ErasValidatorReward::<Runtime>::get(era).unwrap();
            assert!(promised <= reward);
            if cap.is_some() {
                assert_eq!(promised, reward / 2);
            }
            let moved = pot() - in_pot;
            assert!(moved == promised || (in_pot == 0 && moved == promised + EXISTENTIAL_DEPOSIT));
            assert_eq!(held - treasury(), moved);
            assert_eq!(Balances::total_issuance(), issued);

            for seed in ["Alice", "Bob", "Charlie", "Dave"] {
                if pallet_staking::ErasStakersOverview::<Runtime>::contains_key(era, account(seed)) {
                    pay_out(seed, era);
                }
                assert_eq!(Balances::total_issuance(), issued);
                let accounts: Vec<AccountId> = frame_system::Account::<Runtime>::iter_keys().collect();
                assert_eq!(everything(&accounts), issued);
            }
            // All that was promised has been there.
            assert!(pot() == 0 || pot() >= EXISTENTIAL_DEPOSIT);
        }
    });
}
