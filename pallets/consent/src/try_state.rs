//! What must hold between blocks.

use crate::{Config, Live, Pallet, Pasts, Patients, RelyingParties, Versions, types::Past};
use alloc::collections::BTreeMap;
use frame_support::ensure;
use galen_primitives::{AccountId, consent::Patient};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - ids are gapless from 0, and stand under their own patient and custodian;
    /// - `from_block` never falls with the id, and no version ends before it begins or lies in the future;
    /// - the nonce counts every accepted text: one per version, one per revocation;
    /// - live and pruned consents together are exactly those not revoked, and what was pruned has expired;
    /// - nothing stands under a key that is not enrolled;
    /// - relying parties are valid, have an origin, and stand under the hash of their id.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for (key, patient) in Patients::<T>::iter() {
            Self::try_patient(&key, &patient)?;
        }
        ensure!(
            Versions::<T>::iter_keys().all(|(key, _)| Patients::<T>::contains_key(key))
                && Live::<T>::iter_keys().all(|(key, _)| Patients::<T>::contains_key(key))
                && Pasts::<T>::iter_keys().all(|(key, _)| Patients::<T>::contains_key(key)),
            "consents of a key that is not enrolled"
        );
        ensure!(
            RelyingParties::<T>::iter().all(|(hash, party)| party.is_valid()
                && !party.origins.is_empty()
                && hash == party.id_hash()),
            "relying parties are as they were set"
        );
        Ok(())
    }

    fn try_patient(key: &AccountId, patient: &Patient) -> Result<(), TryRuntimeError> {
        let stored = Versions::<T>::iter_key_prefix(key).count();
        ensure!(u32::try_from(stored) == Ok(patient.versions), "as many versions as are counted");

        let mut lowest = patient.enrolled_at;
        let mut pasts = BTreeMap::<AccountId, Past>::new();
        let mut texts = patient.versions;
        for id in 0..patient.versions {
            let version = Versions::<T>::get(key, id).ok_or("ids are gapless")?;
            let terms = &version.terms;
            ensure!(version.id == id, "a version knows its id");
            ensure!(terms.patient == *key && terms.custodian == patient.custodian, "terms match the key");
            ensure!(version.from_block >= lowest && version.from_block <= Self::block(), "blocks in order");
            lowest = version.from_block;
            let is_live = Live::<T>::get(key, &terms.grantee).contains(&id);
            let past = pasts.entry(terms.grantee.clone()).or_default();
            match version.until_block {
                Some(until) => {
                    ensure!(until >= version.from_block && until <= Self::block(), "ends after it begins");
                    ensure!(!is_live, "revoked and live");
                    past.revoked = past.revoked.saturating_add(1);
                    texts = texts.saturating_add(1);
                }
                None if !is_live => {
                    ensure!(terms.end.is_some_and(|end| end < Self::now()), "only expired ones are pruned");
                    past.pruned = past.pruned.saturating_add(1);
                }
                None => {}
            }
        }
        ensure!(patient.nonce == texts, "the nonce counts accepted texts");

        for (grantee, live) in Live::<T>::iter_prefix(key) {
            let ascending = live.iter().zip(live.iter().skip(1)).all(|(low, high)| low < high);
            ensure!(ascending, "live ids ascend");
            let known = live.iter().all(|id| {
                Versions::<T>::get(key, id).is_some_and(|version| version.terms.grantee == grantee)
            });
            ensure!(known, "live ids are this grantee's");
        }
        for (grantee, past) in Pasts::<T>::iter_prefix(key) {
            ensure!(pasts.remove(&grantee) == Some(past), "past consents are counted");
        }
        ensure!(pasts.values().all(|past| *past == Past::default()), "no past consent is forgotten");
        Ok(())
    }
}
