//! Granting: terms checked, text rebuilt, signature verified, version written.

use crate::{Config, Error, Live, Pallet, Pasts, Versions};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use galen_primitives::{
    AccountId, UnixSeconds,
    audit::Kind,
    consent::{ConsentTerms, ConsentVersion, PatientSignature},
    traits::{AuditSink, Consortium},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_grant(
        relayer: &AccountId,
        terms: ConsentTerms,
        valid_until: UnixSeconds,
        signature: &PatientSignature,
    ) -> Result<u32, DispatchError> {
        for member in [relayer, &terms.custodian, &terms.grantee] {
            ensure!(T::Consortium::is_member(member), Error::<T>::NotMember);
        }
        Self::ensure_terms(&terms)?;
        Self::ensure_fresh(valid_until)?;
        let text = Self::grant_text(&terms, valid_until).ok_or(Error::<T>::NotEnrolled)?;
        let id = Self::accept(&terms.patient, &text, signature, |patient| {
            let id = patient.versions;
            patient.versions = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            Ok(id)
        })?;
        T::Consortium::charge_grant(relayer)?;
        Self::make_live(&terms.patient, &terms.grantee, id)?;
        T::Audit::append(Some(relayer), Kind::ConsentGranted, terms.form, Some(&terms.patient))?;
        let key = terms.patient.clone();
        let version = ConsentVersion {
            id,
            terms,
            relayer: relayer.clone(),
            from_block: Self::block(),
            until_block: None,
        };
        Versions::<T>::insert(key, id, version);
        Ok(id)
    }

    fn ensure_terms(terms: &ConsentTerms) -> DispatchResult {
        ensure!(!terms.purposes.is_empty(), Error::<T>::NoPurpose);
        let purposes: BTreeSet<_> = terms.purposes.iter().collect();
        let labels: BTreeSet<_> = terms.labels.iter().collect();
        ensure!(
            purposes.len() == terms.purposes.len() && labels.len() == terms.labels.len(),
            Error::<T>::Duplicate
        );
        if let Some(end) = terms.end {
            ensure!(
                terms.start.is_none_or(|start| start <= end) && Self::now() <= end,
                Error::<T>::BadPeriod
            );
        }
        Ok(())
    }

    /// Puts `id` among the live consents; only when they are full are the expired ones moved out.
    fn make_live(patient: &AccountId, grantee: &AccountId, id: u32) -> DispatchResult {
        Live::<T>::try_mutate(patient, grantee, |live| {
            if live.is_full() {
                let before = live.len();
                live.retain(|id| !Self::is_expired(patient, *id));
                let pruned = before.saturating_sub(live.len());
                let pruned = u32::try_from(pruned).map_err(|_| ArithmeticError::Overflow)?;
                if pruned > 0 {
                    Pasts::<T>::mutate(patient, grantee, |past| {
                        past.pruned = past.pruned.saturating_add(pruned);
                    });
                }
            }
            live.try_push(id).map_err(|_| Error::<T>::TooMany.into())
        })
    }

    fn is_expired(patient: &AccountId, id: u32) -> bool {
        let now = Self::now();
        Versions::<T>::get(patient, id).is_some_and(|version| version.terms.end.is_some_and(|end| end < now))
    }
}
