//! Which apps' passkeys may sign, and what the schemes of signatures cost.

use crate::{Config, Error, Pallet, PatientApproval, RelyingParties, WeightInfo};
use frame_support::{ensure, weights::Weight};
use galen_primitives::{
    H256,
    audit::Kind,
    signature::{PatientSignature, RelyingParty},
    traits::AuditSink,
};
use sp_runtime::{DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_relying_party(id_hash: H256, party: RelyingParty) -> DispatchResult {
        ensure!(party.is_valid(), Error::<T>::InvalidRelyingParty);
        if party.origins.is_empty() {
            ensure!(RelyingParties::<T>::take(id_hash).is_some(), Error::<T>::RelyingPartyNotFound);
        } else {
            RelyingParties::<T>::insert(id_hash, party);
        }
        T::Audit::append(None, Kind::RelyingPartySet, id_hash, None)
    }

    /// What verifying a patient's approval costs, if there is one.
    pub(crate) fn approval_weight(approval: &Option<PatientApproval>) -> Weight {
        approval.as_ref().map_or(Weight::zero(), |(_, signature)| Self::signature_weight(signature))
    }

    /// What verifying this signature costs.
    pub(crate) fn signature_weight(signature: &PatientSignature) -> Weight {
        match signature {
            PatientSignature::Sr25519(_) | PatientSignature::Ed25519(_) => T::WeightInfo::verify_25519(),
            PatientSignature::Ethereum(_) => T::WeightInfo::verify_ethereum(),
            PatientSignature::Passkey(passkey) => {
                T::WeightInfo::verify_passkey(passkey.size().saturated_into())
            }
        }
    }
}
