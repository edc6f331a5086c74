//! Proved offences of validators.

use crate::{Config, Event, LOG_TARGET, Offender, Pallet, WeightInfo};
use frame_support::{dispatch::DispatchClass, weights::Weight};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    traits::AuditSink,
};
use sp_runtime::{Perbill, SaturatedConversion, traits::Convert};
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OnOffenceHandler},
};

/// What pallet-offences hands an offence to, together with all others of its kind and slot: see the SDK's own
/// description of [`OnOffenceHandler`].
impl<T: Config> OnOffenceHandler<AccountId, Offender, Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, Offender>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for (details, fraction) in offenders.iter().zip(fractions) {
            let (validator, ()) = &details.offender;
            Self::report_offender(validator, *fraction, session);
        }
        let own = T::WeightInfo::report_offender().saturating_mul(offenders.len().saturated_into());
        // The call that reports an offence is weighed without this pallet, and pallet-offences drops what is
        // returned.
        frame_system::Pallet::<T>::register_extra_weight_unchecked(own, DispatchClass::Mandatory);
        own.saturating_add(T::Punishment::on_offence(offenders, fractions, session))
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn report_offender(validator: &AccountId, fraction: Perbill, session: SessionIndex) {
        let hospital = T::HospitalOf::convert(validator.clone());
        let logged =
            T::Audit::append(hospital.as_ref(), Kind::OffenceReported, account_subject(validator), None);
        // No failure of the log may keep an offender from its punishment.
        if let Err(error) = logged {
            log::error!(target: LOG_TARGET, "an offence is not in the audit log: {error:?}");
        }
        Self::emit_outside_calls(Event::OffenceReported {
            validator: validator.clone(),
            hospital,
            fraction,
            session,
        });
    }
}
