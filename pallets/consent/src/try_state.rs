//! What must hold between any two extrinsics.

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
            Self::check_patient(&key, &patient)?;
        }
        let enrolled = |key: &AccountId| Patients::<T>::contains_key(key);
        ensure!(
            Versions::<T>::iter_keys().all(|(key, _)| enrolled(&key))
                && Live::<T>::iter_keys().all(|key| enrolled(&key))
                && Overflow::<T>::iter_keys().all(|(key, _)| enrolled(&key))
                && Guardians::<T>::iter_keys().all(|(key, _)| enrolled(&key)),
            "something stands under a key that is not enrolled"
        );
        ensure!(
            Uses::<T>::iter().all(|(hospital, id, used)| {
                Readers::<T>::contains_key(&id, &hospital)
                    && Versions::<T>::get(&id.0, id.1)
                        .is_some_and(|version| used.settled.is_none() || version.ended.is_some())
            }) && Readers::<T>::iter_keys().all(|(id, hospital)| Uses::<T>::contains_key(&hospital, &id)),
            "uses and readers do not agree, or a use was settled early"
        );
        ensure!(
            RelyingParties::<T>::iter().all(|(hash, party)| party.is_valid()
                && !party.origins.is_empty()
                && hash == party.id_hash()),
            "a relying party is invalid, without origins, or under another hash"
        );
        Ok(())
    }

    fn check_patient(key: &AccountId, patient: &Patient) -> Result<(), TryRuntimeError> {
        let stored = Versions::<T>::iter_key_prefix(key).count();
        ensure!(u32::try_from(stored) == Ok(patient.versions), "the count is not that of the versions");
        ensure!(patient.nonce >= patient.versions, "the nonce is below the count of versions");

        let live = Live::<T>::get(key);
        ensure!(live.is_sorted_by(|low, high| low < high), "listed ids do not ascend");
        let mut lowest = patient.enrolled_at;
        let mut past = Past::default();
        let mut waiting = 0u32;
        for id in 0..patient.versions {
            let version = Versions::<T>::get(key, id).ok_or("a number without a version")?;
            ensure!(version.id == id, "a version under another id");
            ensure!(
                version.terms.patient == *key && version.terms.custodian == patient.custodian,
                "terms of another patient or custodian"
            );
            ensure!(
                version.from_block >= lowest && version.from_block <= Self::block(),
                "a version begins before the one before it, or in the future"
            );
            lowest = version.from_block;
            let listed = live.contains(&id);
            let waits = Overflow::<T>::contains_key(key, id.to_be_bytes());
            waiting = waiting.saturating_add(u32::from(waits));
            Self::check_place(&version, listed, waits, &mut past)?;
        }
        ensure!(
            live.iter().all(|id| *id < patient.versions)
                && Overflow::<T>::iter_key_prefix(key).all(|id| u32::from_be_bytes(id) < patient.versions),
            "a version that is listed or waits does not exist"
        );
        ensure!(patient.past == past, "the count is not that of past consents");
        ensure!(patient.overflow == waiting, "the count is not that of waiting denials");
        Ok(())
    }

    fn check_place(
        version: &ConsentVersion,
        listed: bool,
        waits: bool,
        past: &mut Past,
    ) -> Result<(), TryRuntimeError> {
        let inside = |block: u32| version.from_block <= block && block <= Self::block();
        ensure!(
            version.listed_from.is_none_or(inside),
            "a version was listed before it began, or in the future"
        );
        match &version.ended {
            Some(ended) => {
                ensure!(inside(ended.block), "a version ended before it began, or in the future");
                ensure!(!listed && !waits, "a version has ended and is still judged");
                past.ended = past.ended.saturating_add(1);
            }
            None if waits => {
                ensure!(!listed && version.listed_from.is_none(), "a version waits and is listed");
                ensure!(version.terms.only_denies(), "a version waits that is no denial");
            }
            None => {
                ensure!(version.listed_from.is_some(), "a version neither waits nor was listed");
                if !listed {
                    ensure!(
                        version.has_expired(Self::seconds()),
                        "a version was pruned that has not expired"
                    );
                    past.pruned = past.pruned.saturating_add(1);
                }
            }
        }
        Ok(())
    }
}
