//! Registration and approval.

use crate::{Config, Error, Models, Pallet};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    model::{Model, ModelStatus, ModelTerms},
    traits::{AuditSink, Consortium},
};

/// Whether a name or a licence can be shown: not empty, UTF-8, no control characters.
pub(crate) fn is_valid_text(text: &[u8]) -> bool {
    core::str::from_utf8(text).is_ok_and(|text| !text.is_empty() && !text.chars().any(char::is_control))
}

impl<T: Config> Pallet<T> {
    /// Makes a model known, which nobody may use yet.
    pub(crate) fn do_register_model(registrant: &AccountId, terms: ModelTerms) -> DispatchResult {
        ensure!(T::Consortium::is_member(registrant), Error::<T>::NotMember);
        let hash = terms.hash;
        ensure!(is_valid_text(&terms.name) && is_valid_text(&terms.licence), Error::<T>::InvalidText);
        ensure!(!Models::<T>::contains_key(hash), Error::<T>::AlreadyExists);
        ensure!(terms.parent.is_none_or(Models::<T>::contains_key), Error::<T>::ParentNotFound);
        let now = Self::block();
        let model = Model {
            terms,
            registrant: Some(registrant.clone()),
            registered_at: now,
            status: ModelStatus::Registered,
            status_since: now,
        };
        Models::<T>::insert(hash, model);
        T::Audit::append(Some(registrant), Kind::ModelRegistered, hash, None)
    }

    /// Allows a model to be used from this block on.
    pub(crate) fn do_approve_model(hash: H256) -> DispatchResult {
        Models::<T>::try_mutate(hash, |model| -> DispatchResult {
            let model = model.as_mut().ok_or(Error::<T>::NotFound)?;
            ensure!(model.status != ModelStatus::Approved, Error::<T>::AlreadyApproved);
            model.status = ModelStatus::Approved;
            model.status_since = Self::block();
            Ok(())
        })?;
        T::Audit::append(None, Kind::ModelApproved, hash, None)
    }

    /// Forbids a model to be used from this block on.
    pub(crate) fn do_withdraw_model(hash: H256) -> DispatchResult {
        Models::<T>::try_mutate(hash, |model| -> DispatchResult {
            let model = model.as_mut().ok_or(Error::<T>::NotFound)?;
            ensure!(model.status == ModelStatus::Approved, Error::<T>::NotApproved);
            model.status = ModelStatus::Withdrawn;
            model.status_since = Self::block();
            Ok(())
        })?;
        T::Audit::append(None, Kind::ModelWithdrawn, hash, None)
    }
}
