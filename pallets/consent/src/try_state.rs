//! What must hold between blocks.

use crate::{Config, Guardians, Live, Overflow, Pallet, Patients, Readers, RelyingParties, Uses, Versions};
use frame_support::ensure;
use galen_primitives::{
    AccountId,
    consent::{ConsentVersion, Past, Patient},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - ids are gapless from 0, and stand under their own patient and custodian;
    /// - `from_block` never falls with the id, and no version ends before it begins or lies in the future;
    /// - the nonce counts at least every version, which a signed text made;
    /// - each version is listed, waits, has ended, or was pruned after it had expired; exactly one of these;
    /// - what waits only denies, and is counted; what is listed ascends;
    /// - uses and readers are the two sides of one relation;
    /// - nothing stands under a key that is not enrolled;
    /// - relying parties are valid, have an origin, and stand under the hash of their id.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for (key, patient) in Patients::<T>::iter() {
            Self::try_patient(&key, &patient)?;
        }
        let enrolled = |key: &AccountId| Patients::<T>::contains_key(key);
        ensure!(
            Versions::<T>::iter_keys().all(|(key, _)| enrolled(&key))
                && Live::<T>::iter_keys().all(|key| enrolled(&key))
                && Overflow::<T>::iter_keys().all(|(key, _)| enrolled(&key))
                && Guardians::<T>::iter_keys().all(|(key, _)| enrolled(&key)),
            "consents of a key that is not enrolled"
        );
        ensure!(
            Uses::<T>::iter().all(|(hospital, id, used)| {
                Readers::<T>::contains_key(&id, &hospital)
                    && Versions::<T>::get(&id.0, id.1)
                        .is_some_and(|version| used.settled.is_none() || version.ended.is_some())
            }) && Readers::<T>::iter_keys().all(|(id, hospital)| Uses::<T>::contains_key(&hospital, &id)),
            "uses and readers agree, and nothing is settled early"
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
        ensure!(patient.nonce >= patient.versions, "the nonce counts accepted texts");

        let live = Live::<T>::get(key);
        ensure!(live.is_sorted_by(|low, high| low < high), "listed ids ascend");
        let mut lowest = patient.enrolled_at;
        let mut past = Past::default();
        let mut waiting = 0u32;
        for id in 0..patient.versions {
            let version = Versions::<T>::get(key, id).ok_or("ids are gapless")?;
            ensure!(version.id == id, "a version knows its id");
            ensure!(
                version.terms.patient == *key && version.terms.custodian == patient.custodian,
                "terms match the key"
            );
            ensure!(version.from_block >= lowest && version.from_block <= Self::block(), "blocks in order");
            lowest = version.from_block;
            let listed = live.contains(&id);
            let waits = Overflow::<T>::contains_key(key, id.to_be_bytes());
            waiting = waiting.saturating_add(u32::from(waits));
            Self::try_place(&version, listed, waits, &mut past)?;
        }
        ensure!(
            live.iter().all(|id| *id < patient.versions)
                && Overflow::<T>::iter_key_prefix(key).all(|id| u32::from_be_bytes(id) < patient.versions),
            "what is listed or waits exists"
        );
        ensure!(patient.past == past, "past consents are counted");
        ensure!(patient.overflow == waiting, "waiting denials are counted");
        Ok(())
    }

    fn try_place(
        version: &ConsentVersion,
        listed: bool,
        waits: bool,
        past: &mut Past,
    ) -> Result<(), TryRuntimeError> {
        let inside = |block: u32| version.from_block <= block && block <= Self::block();
        ensure!(version.listed_from.is_none_or(inside), "is listed after it begins");
        match &version.ended {
            Some(ended) => {
                ensure!(inside(ended.block), "ends after it begins");
                ensure!(!listed && !waits, "over and still judged");
                past.ended = past.ended.saturating_add(1);
            }
            None if waits => {
                ensure!(!listed && version.listed_from.is_none(), "waits and is listed");
                ensure!(version.terms.only_denies(), "only denials wait");
            }
            None => {
                ensure!(version.listed_from.is_some(), "neither waits nor was listed");
                if !listed {
                    ensure!(version.has_expired(Self::now()), "only expired ones are pruned");
                    past.pruned = past.pruned.saturating_add(1);
                }
            }
        }
        Ok(())
    }
}
