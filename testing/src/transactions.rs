//! Calls as transactions bring them on chain.

use frame_support::traits::Authorize;
use frame_system::{AuthorizeCall, Config, RawOrigin};
use galen_primitives::AccountId;
use sp_runtime::{
    DispatchResult, MultiSignature,
    generic::{self, UncheckedExtrinsic},
    traits::{BlakeTwo256, Dispatchable},
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
};

/// The extrinsics of a runtime made by [`test_runtime!`](crate::test_runtime).
pub type Extrinsic<Call, T> = UncheckedExtrinsic<AccountId, Call, MultiSignature, AuthorizeCall<T>>;
/// The blocks of a runtime made by [`test_runtime!`](crate::test_runtime).
pub type Block<Call, T> = generic::Block<generic::Header<u32, BlakeTwo256>, Extrinsic<Call, T>>;

/// Dispatches a call as a transaction does: an error undoes everything.
pub fn dispatch<T: Config>(
    origin: impl Into<T::RuntimeOrigin>,
    call: impl Into<T::RuntimeCall>,
) -> DispatchResult {
    call.into().dispatch(origin.into()).map(drop).map_err(|refused| refused.error)
}

/// Dispatches a call as a transaction that `signer` has signed.
pub fn submit<T: Config<AccountId = AccountId>>(
    signer: &AccountId,
    call: impl Into<T::RuntimeCall>,
) -> DispatchResult {
    dispatch::<T>(RawOrigin::Signed(signer.clone()), call)
}

/// What the pool asks of an authorized call before it takes it. Panics if the call is of another kind.
pub fn validate<T: Config>(
    call: impl Into<T::RuntimeCall>,
) -> Result<ValidTransaction, TransactionValidityError> {
    let authorized = call.into().authorize(TransactionSource::External);
    authorized.expect("the call is an authorized one").map(|(validity, _)| validity)
}

/// What a block does with an authorized call: validates it, then dispatches it.
pub fn include<T: Config>(
    call: impl Into<T::RuntimeCall>,
) -> Result<DispatchResult, TransactionValidityError> {
    let call = call.into();
    validate::<T>(call.clone())?;
    Ok(dispatch::<T>(RawOrigin::Authorized, call))
}
