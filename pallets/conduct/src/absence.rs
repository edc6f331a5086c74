//! Validators that stay away.

use crate::{AbsenceThreshold, Absences, Config, Event, LOG_TARGET, Offender, Pallet, SeatsLost};
use alloc::vec::Vec;
use frame_support::{BoundedVec, storage::with_storage_layer};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    traits::AuditSink,
};
use pallet_im_online::UnresponsivenessOffence;
use sp_runtime::{DispatchResult, SaturatedConversion, traits::Convert};
use sp_staking::{
    EraIndex, SessionIndex,
    offence::{OffenceError, ReportOffence},
};

/// Sessions, elections and candidates, as far as conduct meets them.
pub trait Seating {
    /// The session that runs now.
    fn session() -> SessionIndex;
    /// The era last elected, whether its validators sit already or not: the next election is that of the era
    /// after it.
    fn elected_era() -> EraIndex;
    /// How many validators that era has.
    fn elected_seats() -> u32;
    /// Whether an account stands in the next election.
    fn is_candidate(account: &AccountId) -> bool;
    /// Takes a candidate out of the next election.
    fn chill(account: &AccountId) -> DispatchResult;
}

/// How many of `validators` can be missing without holding up finality.
pub(crate) fn dispensable(validators: u32) -> u32 {
    validators.saturating_sub(1) / 3
}

/// What pallet-im-online reports to at each session's end, if anybody was absent.
impl<T: Config> ReportOffence<AccountId, Offender, UnresponsivenessOffence<Offender>> for Pallet<T> {
    fn report_offence(
        _: Vec<AccountId>,
        offence: UnresponsivenessOffence<Offender>,
    ) -> Result<(), OffenceError> {
        let UnresponsivenessOffence { session_index, validator_set_count, offenders } = offence;
        let absent = offenders.into_iter().map(|(validator, ())| validator).collect();
        Self::note_absent(session_index, validator_set_count, absent)
    }

    fn is_known_offence(offenders: &[Offender], session: &SessionIndex) -> bool {
        Absences::<T>::get().is_some_and(|(last, absent)| {
            last == *session
                && offenders.iter().all(|(validator, ())| absent.iter().any(|(other, _)| other == validator))
        })
    }
}

impl<T: Config> Pallet<T> {
    fn note_absent(
        session: SessionIndex,
        validators: u32,
        absent: Vec<AccountId>,
    ) -> Result<(), OffenceError> {
        let last = Absences::<T>::get();
        if last.as_ref().is_some_and(|(last, _)| *last >= session) {
            return Err(OffenceError::DuplicateReport);
        }
        let before = last.filter(|(last, _)| last.checked_add(1) == Some(session));
        let before = before.map(|(_, absent)| absent.into_inner()).unwrap_or_default();
        let count: u32 = absent.len().saturated_into();
        let excused = count > dispensable(validators);
        let absent: Vec<(AccountId, u32)> = absent
            .into_iter()
            .map(|validator| {
                let sessions =
                    before.iter().find(|(other, _)| *other == validator).map_or(0, |(_, sessions)| *sessions);
                (validator, if excused { sessions } else { sessions.saturating_add(1) })
            })
            .collect();
        // As many validators as there are at most; none is cut off.
        Absences::<T>::put((session, BoundedVec::truncate_from(absent.clone())));
        if excused {
            Self::emit_outside_calls(Event::AbsenceExcused { session, absent: count, validators });
            return Ok(());
        }
        let threshold = AbsenceThreshold::<T>::get();
        for (validator, sessions) in absent.into_iter().filter(|(_, sessions)| *sessions >= threshold) {
            Self::take_seat(validator, sessions);
        }
        Ok(())
    }

    // A seat that cannot be spared before the next election is tried again after it, if its validator is
    // still absent.
    fn take_seat(validator: AccountId, sessions: u32) {
        if !T::Seating::is_candidate(&validator) {
            return;
        }
        let era = T::Seating::elected_era();
        let (since, lost) = SeatsLost::<T>::get();
        let mut lost = if since == era { lost } else { BoundedVec::default() };
        if !lost.contains(&validator) {
            let count: u32 = lost.len().saturated_into();
            if count >= dispensable(T::Seating::elected_seats()) || lost.try_push(validator.clone()).is_err()
            {
                return;
            }
        }
        // At a session's end there is no extrinsic that could fail: what goes wrong here is undone, told and
        // left.
        let taken = with_storage_layer(|| {
            SeatsLost::<T>::put((era, lost));
            T::Seating::chill(&validator)?;
            let hospital = T::HospitalOf::convert(validator.clone());
            T::Audit::append(hospital.as_ref(), Kind::SeatLost, account_subject(&validator), None)?;
            Self::emit_outside_calls(Event::SeatLost { validator, hospital, sessions });
            DispatchResult::Ok(())
        });
        if let Err(error) = taken {
            log::error!(target: LOG_TARGET, "an absent validator keeps its seat: {error:?}");
        }
    }
}
