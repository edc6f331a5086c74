//! What hospitals and the council do, for the tests.

use crate::{account, run_sessions};
use codec::Encode;
use frame_support::{assert_ok, dispatch::DispatchResult};
use galen_runtime::{
    AccountId, Balance, Runtime, RuntimeCall, RuntimeOrigin, Session, SessionKeys, Staking,
    configs::fees::TreasuryAccount, parameters::SessionsPerEra,
};
use pallet_consortium::Call;
use pallet_staking::RewardDestination;
use sp_runtime::{Perbill, traits::Dispatchable};

/// The signed origin of a seed's account.
pub fn signed(seed: &str) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(seed))
}

/// Dispatches as an extrinsic does, and tells how it ended.
pub fn dispatch(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
    call.into().dispatch(origin).map(|_| ()).map_err(|failed| failed.error)
}

/// Dispatches a call of pallet-consortium.
pub fn consortium(origin: RuntimeOrigin, call: Call<Runtime>) -> DispatchResult {
    dispatch(origin, RuntimeCall::Consortium(call))
}

/// The accounts of these seeds, sorted.
pub fn accounts(seeds: &[&str]) -> Vec<AccountId> {
    let mut accounts: Vec<AccountId> = seeds.iter().map(|seed| account(seed)).collect();
    accounts.sort();
    accounts
}

/// The validators of this session, sorted.
pub fn validators() -> Vec<AccountId> {
    let mut validators = Session::validators();
    validators.sort();
    validators
}

/// Pays an account out of the treasury.
pub fn endow(seed: &str, value: Balance) {
    let transfer = pallet_balances::Call::<Runtime>::force_transfer {
        source: TreasuryAccount::get().into(),
        dest: account(seed).into(),
        value,
    };
    assert_ok!(dispatch(RuntimeOrigin::root(), transfer));
}

/// Admits a hospital, which gets its endowments.
pub fn admit(seed: &str) {
    let name = format!("{seed} Hospital").into_bytes().try_into().unwrap();
    let call = Call::admit { account: account(seed), name, quotas: Default::default() };
    assert_ok!(consortium(RuntimeOrigin::root(), call));
}

/// Evicts a hospital.
pub fn evict(seed: &str) {
    assert_ok!(consortium(RuntimeOrigin::root(), Call::evict { account: account(seed) }));
}

/// Suspends a hospital.
pub fn suspend(seed: &str, blocks: u32) {
    assert_ok!(consortium(RuntimeOrigin::root(), Call::suspend { account: account(seed), blocks }));
}

/// Registers `stash` as a validator account of `seed`.
pub fn add_validator(seed: &str, stash: &str) {
    assert_ok!(consortium(signed(seed), Call::add_validator { stash: account(stash) }));
}

/// Bonds so much.
pub fn bond(seed: &str, value: Balance) {
    let payee = RewardDestination::Stash;
    assert_ok!(dispatch(signed(seed), pallet_staking::Call::bond { value, payee }));
}

/// Makes session keys and sets them.
pub fn set_keys(seed: &str) -> DispatchResult {
    let generated = SessionKeys::generate(&account(seed).encode(), None);
    Session::set_keys(signed(seed), generated.keys, generated.proof.encode())
}

/// The call by which a member becomes a candidate.
pub fn candidacy() -> RuntimeCall {
    RuntimeCall::Consortium(Call::validate { commission: Perbill::zero() })
}

/// Has a member stand in the next election.
pub fn stand(seed: &str) {
    assert_ok!(dispatch(signed(seed), candidacy()));
}

/// The call by which a member votes.
pub fn nomination(targets: &[&str]) -> RuntimeCall {
    let targets: Vec<_> = targets.iter().map(|seed| account(seed)).collect();
    RuntimeCall::Consortium(Call::nominate { targets: targets.try_into().unwrap() })
}

/// Has a member vote.
pub fn nominate(seed: &str, targets: &[&str]) {
    assert_ok!(dispatch(signed(seed), nomination(targets)));
}

/// Has a member's account, which must have the money, bond, set keys and stand.
pub fn join(seed: &str, stake: Balance) {
    bond(seed, stake);
    assert_ok!(set_keys(seed));
    stand(seed);
}

/// Takes so much out of an account's bond.
pub fn unbond(seed: &str, value: Balance) {
    assert_ok!(Staking::unbond(signed(seed), value));
}

/// An era's election takes effect two sessions after it is made.
pub fn run_two_eras() {
    run_sessions(2 * SessionsPerEra::<Runtime>::get() + 1);
}

/// The era that is under way.
pub fn active_era() -> u32 {
    pallet_staking::ActiveEra::<Runtime>::get().unwrap().index
}
