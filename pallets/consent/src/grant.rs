//! Granting and denying: terms checked, text rebuilt, signature verified, version written.

use crate::{Config, Error, Pallet, Versions, signed::Signed};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use galen_primitives::{
    AccountId,
    audit::Kind,
    consent::{ConsentTerms, ConsentVersion, Ending, Period, Provision},
    traits::{AuditSink, Consortium},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Gives the number of the new version, and whether a full list was looked through to make room for it.
    pub(crate) fn do_grant(
        relayer: &AccountId,
        terms: ConsentTerms,
        signed: &Signed<'_>,
    ) -> Result<(u32, bool), DispatchError> {
        for member in [relayer, &terms.custodian] {
            ensure!(T::Consortium::is_member(member), Error::<T>::NotMember);
        }
        Self::ensure_terms(&terms)?;
        let text = Self::grant_text(&terms, signed.signer, signed.valid_until);
        let text = text.ok_or(Error::<T>::NotEnrolled)?;
        Self::ensure_standing(&terms.patient, signed.signer, |mandate| mandate.covers(&terms))?;
        let id = Self::accept(signed, &text, |patient| {
            let id = patient.versions;
            patient.versions = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            Ok(id)
        })?;
        if !terms.only_denies() {
            T::Consortium::charge_grant(relayer)?;
        }
        if let Some(old) = terms.supersedes {
            Self::end(&terms.patient, old, Ending::Superseded(id))?;
        }
        T::Audit::append(Some(relayer), Kind::ConsentGranted, terms.form, Some(&terms.patient))?;
        let version = ConsentVersion {
            id,
            grantor: signed.signer.clone(),
            relayer: relayer.clone(),
            from_block: Self::block(),
            listed_from: None,
            ended: None,
            terms,
        };
        let full = Self::enlist(version)?;
        Ok((id, full))
    }

    fn ensure_terms(terms: &ConsentTerms) -> DispatchResult {
        terms.provisions().try_for_each(Self::ensure_provision)?;
        ensure!(distinct(&terms.duo), Error::<T>::InvalidTerms);
        if let Some(period) = terms.root.period {
            ensure!(period.end.is_none_or(|end| Self::seconds() <= end), Error::<T>::InvalidPeriod);
        }
        if let Some(old) = terms.supersedes {
            let version = Versions::<T>::get(&terms.patient, old).ok_or(Error::<T>::NotFound)?;
            ensure!(version.ended.is_none(), Error::<T>::AlreadyEnded);
        }
        Ok(())
    }

    fn ensure_provision(provision: &Provision) -> DispatchResult {
        let sound = |period: &Option<Period>| match period {
            None => true,
            Some(Period { start: None, end: None }) => false,
            Some(Period { start, end }) => start.zip(*end).is_none_or(|(start, end)| start <= end),
        };
        ensure!(sound(&provision.period) && sound(&provision.data_period), Error::<T>::InvalidPeriod);
        ensure!(
            distinct(&provision.purposes)
                && distinct(&provision.actors)
                && distinct(&provision.levels)
                && distinct(&provision.labels)
                && distinct(&provision.data),
            Error::<T>::InvalidTerms
        );
        Ok(())
    }
}

fn distinct<V: Ord>(items: &[V]) -> bool {
    let set: BTreeSet<&V> = items.iter().collect();
    set.len() == items.len()
}
