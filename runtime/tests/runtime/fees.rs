//! Where money goes.

use crate::{account, on_chain, pair};
use codec::Encode;
use frame_support::{assert_ok, traits::fungible::Inspect};
use galen_runtime::{
    AccountId, Balance, Balances, Executive, GLN, MILLIGLN, Runtime, RuntimeCall, RuntimeOrigin, System,
    TxExtension, UncheckedExtrinsic,
    configs::fees::{EXISTENTIAL_DEPOSIT, FEE_ENDOWMENT, STAKE_ENDOWMENT, TreasuryAccount},
    genesis::{DEVELOPMENT, LOCAL},
};
use sp_core::Pair;
use sp_runtime::{
    generic::{Era, SignedPayload},
    traits::Dispatchable,
};

fn treasury() -> Balance {
    Balances::total_balance(&TreasuryAccount::get())
}

fn extension(nonce: u32, tip: Balance) -> TxExtension {
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
fn eras_pay_nothing_out() {
    on_chain(DEVELOPMENT, || {
        let issued = Balances::total_issuance();
        crate::run_sessions(8);
        assert!(pallet_staking::ActiveEra::<Runtime>::get().unwrap().index >= 1);
        assert_eq!(Balances::total_issuance(), issued);
    });
}
