//! Upgrades: authorised by Root, applied by anyone, and refused if the new runtime is not a later one of this
//! chain.

use crate::{account, begin_block, preset};
use codec::Encode;
use frame_support::{assert_err, assert_noop, assert_ok};
use galen_runtime::{Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System, VERSION, genesis};
use sp_core::{
    storage::well_known_keys::CODE,
    traits::{Externalities, ReadRuntimeVersion, ReadRuntimeVersionExt},
};
use sp_runtime::{
    BuildStorage, DispatchError,
    traits::{BlakeTwo256, Dispatchable, Hash},
};
use sp_version::RuntimeVersion;

type Call = frame_system::Call<Runtime>;
type Error = frame_system::Error<Runtime>;
type Event = frame_system::Event<Runtime>;

/// Here a runtime's code is its version: what reads the version out of wasm is the node's and not under test.
struct CodeIsVersion;

impl ReadRuntimeVersion for CodeIsVersion {
    fn read_runtime_version(&self, code: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        Ok(code.to_vec())
    }
}

fn on_chain(test: impl FnOnce()) {
    let mut chain: sp_io::TestExternalities = preset(genesis::LOCAL).build_storage().unwrap().into();
    chain.register_extension(ReadRuntimeVersionExt::new(CodeIsVersion));
    chain.execute_with(|| {
        begin_block();
        test();
    });
}

/// The code of a runtime that differs from this one by name and version.
fn code(spec_name: &'static str, spec_version: u32) -> Vec<u8> {
    RuntimeVersion { spec_name: spec_name.into(), spec_version, ..VERSION }.encode()
}

fn dispatch(call: Call, origin: RuntimeOrigin) -> Result<(), DispatchError> {
    RuntimeCall::System(call).dispatch(origin).map(|_| ()).map_err(|error| error.error)
}

fn authorize(code: &[u8]) {
    let code_hash = BlakeTwo256::hash(code);
    assert_ok!(dispatch(Call::authorize_upgrade { code_hash }, RuntimeOrigin::root()));
}

// Anyone may apply what is authorised: Ferdie is no member.
fn apply(code: Vec<u8>) -> Result<(), DispatchError> {
    dispatch(Call::apply_authorized_upgrade { code }, RuntimeOrigin::signed(account("Ferdie")))
}

fn on_chain_code() -> Option<Vec<u8>> {
    sp_io::storage::get(CODE).map(|code| code.to_vec())
}

#[test]
fn a_later_version_is_applied() {
    on_chain(|| {
        let next = code("galen", VERSION.spec_version + 1);
        authorize(&next);
        assert_ok!(apply(next.clone()));
        assert_eq!(on_chain_code(), Some(next));
    });
}

#[test]
fn other_versions_are_refused_and_their_authorisation_ends() {
    for (name, version, error) in [
        ("galen", VERSION.spec_version, Error::SpecVersionNeedsToIncrease),
        ("galen", VERSION.spec_version - 1, Error::SpecVersionNeedsToIncrease),
        ("other", VERSION.spec_version + 1, Error::InvalidSpecName),
    ] {
        on_chain(|| {
            let (before, refused) = (on_chain_code(), code(name, version));
            authorize(&refused);
            // The call succeeds, for free, and says by an event that it did nothing.
            assert_ok!(apply(refused.clone()));
            System::assert_has_event(RuntimeEvent::System(Event::RejectedInvalidAuthorizedUpgrade {
                code_hash: BlakeTwo256::hash(&refused),
                error: error.into(),
            }));
            assert_eq!(on_chain_code(), before);
            assert_err!(apply(refused), Error::NothingAuthorized);
        });
    }
}

#[test]
fn code_without_a_version_is_refused() {
    on_chain(|| {
        let (before, none) = (on_chain_code(), vec![1, 2, 3]);
        authorize(&none);
        assert_ok!(apply(none.clone()));
        System::assert_has_event(RuntimeEvent::System(Event::RejectedInvalidAuthorizedUpgrade {
            code_hash: BlakeTwo256::hash(&none),
            error: Error::FailedToExtractRuntimeVersion.into(),
        }));
        assert_eq!(on_chain_code(), before);
    });
}

#[test]
fn other_code_than_the_authorised_is_refused() {
    on_chain(|| {
        authorize(&code("galen", VERSION.spec_version + 1));
        assert_noop!(apply(code("galen", VERSION.spec_version + 2)), Error::Unauthorized);
    });
}

#[test]
fn nobody_but_root_authorises_or_sets_code() {
    on_chain(|| {
        let code = code("galen", VERSION.spec_version + 1);
        let code_hash = BlakeTwo256::hash(&code);
        for call in [
            Call::authorize_upgrade { code_hash },
            Call::authorize_upgrade_without_checks { code_hash },
            Call::set_code { code: code.clone() },
            Call::set_code_without_checks { code: code.clone() },
        ] {
            // A member of the council, by itself.
            let alone = RuntimeOrigin::signed(account("Alice"));
            assert_noop!(dispatch(call, alone), DispatchError::BadOrigin);
        }
        assert_noop!(apply(code), Error::NothingAuthorized);
    });
}

#[test]
fn root_may_skip_the_checks_and_only_by_saying_so() {
    on_chain(|| {
        let earlier = code("galen", VERSION.spec_version - 1);
        let code_hash = BlakeTwo256::hash(&earlier);
        assert_ok!(dispatch(Call::authorize_upgrade_without_checks { code_hash }, RuntimeOrigin::root()));
        System::assert_has_event(RuntimeEvent::System(Event::UpgradeAuthorized {
            code_hash,
            check_version: false,
        }));
        assert_ok!(apply(earlier.clone()));
        assert_eq!(on_chain_code(), Some(earlier));
    });
}
