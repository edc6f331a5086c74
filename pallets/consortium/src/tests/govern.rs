use crate::{Call, Event, WeightInfo, mock::*};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{GetDispatchInfo, Pays},
    traits::fungible::Inspect,
};
use galen_primitives::{H256, audit::Kind, traits::Consortium as _};
use sp_runtime::{DispatchError, TokenError};

fn govern(call: impl Into<RuntimeCall>) -> (Call<Test>, H256) {
    let call = call.into();
    let hash = H256(sp_io::hashing::blake2_256(&call.encode()));
    (Call::govern { call: Box::new(call) }, hash)
}

#[test]
fn the_council_acts_as_root() {
    run(|| {
        let balance = pallet_balances::Call::force_set_balance { who: account(1), new_free: 77 };
        let (call, hash) = govern(balance);
        assert_ok!(act(council(), call));
        assert_eq!(Balances::total_balance(&account(1)), 77);
        assert_eq!(FakeAudit::entries(), vec![(None, Kind::Governed, hash, None)]);
        System::assert_last_event(Event::Governed { call: hash, result: Ok(()) }.into());
    });
}

#[test]
fn nobody_else_does() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for signer in [1, 2] {
            let (call, _) = govern(frame_system::Call::set_storage { items: vec![] });
            assert_noop!(act(account(signer), call), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn the_act_stands_in_the_log_before_what_it_did() {
    run(|| {
        let (call, _) = govern(Call::admit { account: account(1), name: name("North"), quotas: QUOTAS });
        assert_ok!(act(council(), call));
        assert!(Consortium::is_member(&account(1)));
        let kinds: Vec<_> = FakeAudit::entries().into_iter().map(|entry| entry.1).collect();
        assert_eq!(kinds, vec![Kind::Governed, Kind::MemberAdmitted]);
    });
}

#[test]
fn a_call_that_fails_changes_nothing_and_is_reported() {
    run(|| {
        let transfer =
            pallet_balances::Call::force_transfer { source: account(9), dest: account(1), value: 5 };
        let (call, hash) = govern(transfer);
        assert_ok!(act(council(), call));
        let result = Err(TokenError::FundsUnavailable.into());
        System::assert_last_event(Event::Governed { call: hash, result }.into());
        assert_eq!(FakeAudit::entries(), vec![(None, Kind::Governed, hash, None)]);
    });
}

#[test]
fn what_a_failing_call_had_written_is_undone() {
    run(|| {
        // The treasury pays, and then the log, which takes one entry only, refuses the second.
        FakeAudit::room_for(1);
        let (call, hash) = govern(Call::admit { account: account(1), name: name("North"), quotas: QUOTAS });
        assert_ok!(act(council(), call));
        System::assert_last_event(Event::Governed { call: hash, result: Err(FakeAudit::FULL) }.into());
        assert!(!Consortium::is_member(&account(1)));
        assert_eq!(Balances::total_balance(&account(1)), 0);
        assert_eq!(FakeAudit::entries(), vec![(None, Kind::Governed, hash, None)]);
    });
}

#[test]
fn without_a_log_nothing_is_dispatched() {
    run(|| {
        FakeAudit::room_for(0);
        let (call, _) = govern(pallet_balances::Call::force_set_balance { who: account(1), new_free: 77 });
        assert_noop!(act(council(), call), FakeAudit::FULL);
    });
}

#[test]
fn the_weight_holds_the_inner_call_and_its_length() {
    run(|| {
        let inner: RuntimeCall =
            frame_system::Call::<Test>::set_storage { items: vec![(vec![1; 100], vec![2; 1000])] }.into();
        let len = inner.encoded_size() as u32;
        let inner_info = inner.get_dispatch_info();
        let (call, _) = govern(inner);
        let info = RuntimeCall::from(call.clone()).get_dispatch_info();
        assert!(info.call_weight.all_gte(inner_info.call_weight + <() as WeightInfo>::govern(len)));
        assert_eq!(info.class, inner_info.class);
        assert!(<() as WeightInfo>::govern(1_000_000).ref_time() > <() as WeightInfo>::govern(0).ref_time());
        let post = dispatch(council(), call).unwrap();
        assert!(info.call_weight.all_gte(post.actual_weight.unwrap()));
        assert_eq!(post.pays_fee, Pays::Yes);
    });
}
