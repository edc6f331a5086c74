//! The runtime of a pallet's tests.

/// Makes `Test`, a runtime of frame_system and the pallets named, and with it `RuntimeCall`, `RuntimeOrigin`,
/// `RuntimeGenesisConfig` and the name of each pallet. Its account ids are Galen's, its block numbers `u32`;
/// a pallet can send authorized calls to its pool. Further items of frame_system's `Config` stand in `system
/// { … }`.
///
/// ```ignore
/// galen_testing::test_runtime! {
///     1: Balances = pallet_balances,
///     2: Conduct = pallet_conduct,
///     system { type AccountData = pallet_balances::AccountData<u64>; }
/// }
/// ```
#[macro_export]
macro_rules! test_runtime {
    ($($index:literal: $name:ident = $pallet:ident,)+ $(system { $($item:tt)* })?) => {
        #[frame_support::runtime]
        mod runtime {
            #[runtime::runtime]
            #[runtime::derive(
                RuntimeCall,
                RuntimeEvent,
                RuntimeError,
                RuntimeOrigin,
                RuntimeFreezeReason,
                RuntimeHoldReason,
                RuntimeSlashReason,
                RuntimeLockId,
                RuntimeTask,
                RuntimeViewFunction
            )]
            pub struct Test;

            #[runtime::pallet_index(0)]
            pub type System = frame_system::Pallet<Test>;

            $(
                #[runtime::pallet_index($index)]
                pub type $name = $pallet::Pallet<Test>;
            )+
        }

        // In a block, so that the attribute is in scope under its own name, which is what it asks for.
        const _: () = {
            use frame_support::derive_impl;

            #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
            impl frame_system::Config for Test {
                type AccountId = galen_primitives::AccountId;
                type Lookup = sp_runtime::traits::IdentityLookup<Self::AccountId>;
                type Block = $crate::Block<RuntimeCall, Test>;
                $($($item)*)?
            }
        };

        impl<C> frame_system::offchain::CreateTransactionBase<C> for Test
        where
            RuntimeCall: From<C>,
        {
            type RuntimeCall = RuntimeCall;
            type Extrinsic = $crate::Extrinsic<RuntimeCall, Test>;
        }

        impl<C> frame_system::offchain::CreateTransaction<C> for Test
        where
            RuntimeCall: From<C>,
        {
            type Extension = frame_system::AuthorizeCall<Test>;
            fn create_transaction(call: RuntimeCall, extension: Self::Extension) -> Self::Extrinsic {
                Self::Extrinsic::new_transaction(call, extension)
            }
        }

        impl<C> frame_system::offchain::CreateAuthorizedTransaction<C> for Test
        where
            RuntimeCall: From<C>,
        {
            fn create_extension() -> Self::Extension {
                frame_system::AuthorizeCall::new()
            }
        }
    };
}
