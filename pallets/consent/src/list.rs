//! The list of consents that are judged, and what happens when it is full.
//!
//! A decision reads the whole list of a patient, so it is bounded: [`Config::MaxLive`] consents, of which
//! [`Config::MaxGrants`] may permit anything. A grant that finds no room is refused. A denial never is:
//! without room it waits in [`Overflow`], and while one waits, everything is denied.

use crate::{Config, Error, Live, Overflow, Pallet, Patients, Versions};
use frame_support::{ensure, traits::Get};
use galen_primitives::{
    AccountId,
    consent::{ConsentVersion, Ended, Ending, Patient},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// At most this many waiting denials enter the list in one call.
pub(crate) const MOVES: u32 = 4;

impl<T: Config> Pallet<T> {
    /// Writes a new version, in the list if there is room. What has expired is moved out only when its room
    /// is needed; gives whether the list was looked through for that.
    pub(crate) fn enlist(mut version: ConsentVersion) -> Result<bool, DispatchError> {
        let key = version.terms.patient.clone();
        let denies = version.terms.only_denies();
        let full = !Self::has_room(&key, denies);
        if full {
            Self::prune(&key)?;
        }
        if Self::has_room(&key, denies) && Self::waiting(&key) == 0 {
            version.listed_from = Some(Self::block());
            Self::push(&key, version.id)?;
        } else {
            ensure!(denies, Error::<T>::TooManyGrants);
            Overflow::<T>::insert(&key, version.id.to_be_bytes(), ());
            Self::update(&key, |patient| {
                patient.overflow = patient.overflow.checked_add(1).ok_or(ArithmeticError::Overflow)?;
                Ok(())
            })?;
        }
        Versions::<T>::insert(&key, version.id, version);
        Self::admit_waiting(&key)?;
        Ok(full)
    }

    /// Ends a version, wherever it stands.
    pub(crate) fn end(key: &AccountId, id: u32, why: Ending) -> DispatchResult {
        let mut version = Versions::<T>::get(key, id).ok_or(Error::<T>::NotFound)?;
        ensure!(version.ended.is_none(), Error::<T>::AlreadyEnded);
        version.ended = Some(Ended { block: Self::block(), at: Self::seconds(), why });
        Versions::<T>::insert(key, id, &version);
        let was_live = Live::<T>::mutate(key, |live| {
            let before = live.len();
            live.retain(|other| *other != id);
            live.len() < before
        });
        let was_waiting = Overflow::<T>::take(key, id.to_be_bytes()).is_some();
        Self::update(key, |patient| {
            patient.past.ended = patient.past.ended.saturating_add(1);
            if was_waiting {
                patient.overflow = patient.overflow.saturating_sub(1);
            } else if !was_live {
                patient.past.pruned = patient.past.pruned.saturating_sub(1);
            }
            Ok(())
        })?;
        Self::admit_waiting(key)
    }

    /// Whether a consent finds room: a denial in the whole list, another in the part for grants.
    fn has_room(key: &AccountId, denies: bool) -> bool {
        let length = u32::try_from(Live::<T>::decode_len(key).unwrap_or(0)).unwrap_or(u32::MAX);
        length < if denies { T::MaxLive::get() } else { T::MaxGrants::get() }
    }

    fn push(key: &AccountId, id: u32) -> DispatchResult {
        Live::<T>::try_mutate(key, |live| {
            let at = live.partition_point(|other| *other < id);
            live.try_insert(at, id).map_err(|_| Error::<T>::TooManyGrants.into())
        })
    }

    /// Moves out of the list what has expired.
    fn prune(key: &AccountId) -> DispatchResult {
        let now = Self::seconds();
        let expired = |id: u32| Versions::<T>::get(key, id).is_some_and(|version| version.has_expired(now));
        let pruned = Live::<T>::mutate(key, |live| {
            let before = live.len();
            live.retain(|id| !expired(*id));
            before.saturating_sub(live.len())
        });
        let pruned = u32::try_from(pruned).map_err(|_| ArithmeticError::Overflow)?;
        Self::update(key, |patient| {
            patient.past.pruned = patient.past.pruned.saturating_add(pruned);
            Ok(())
        })
    }

    /// Lets waiting denials in as far as there is room, the first come first, a few in one call.
    fn admit_waiting(key: &AccountId) -> DispatchResult {
        for _ in 0..MOVES {
            if Self::waiting(key) == 0 || !Self::has_room(key, true) {
                return Ok(());
            }
            let Some(id) = Overflow::<T>::iter_key_prefix(key).next() else { return Ok(()) };
            Overflow::<T>::remove(key, id);
            let id = u32::from_be_bytes(id);
            Self::push(key, id)?;
            Versions::<T>::mutate(key, id, |version| {
                if let Some(version) = version {
                    version.listed_from = Some(Self::block());
                }
            });
            Self::update(key, |patient| {
                patient.overflow = patient.overflow.saturating_sub(1);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn waiting(key: &AccountId) -> u32 {
        Patients::<T>::get(key).map_or(0, |patient| patient.overflow)
    }

    fn update(
        key: &AccountId,
        change: impl FnOnce(&mut Patient) -> Result<(), DispatchError>,
    ) -> DispatchResult {
        Patients::<T>::try_mutate(key, |slot| change(slot.as_mut().ok_or(Error::<T>::NotEnrolled)?))
    }
}
