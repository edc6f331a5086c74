//! Opening an emergency access.

use crate::{Accesses, Config, Error, Open, Opened, Pallet, Unreviewed, WeightInfo};
use frame_support::{ensure, pallet_prelude::Weight, traits::Get};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Outcome, Purpose, Question},
    emergency::{Access, Urgency, access_id},
    records::RecordFacts,
    traits::{AuditSink, ConsentCheck, Consortium, RecordLookup},
};
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
    /// Opens an access; gives its id with it.
    pub(crate) fn do_open_access(
        hospital: AccountId,
        patient: AccountId,
        record: Option<H256>,
        by: H256,
        reason: Urgency,
        note: H256,
    ) -> Result<(H256, Access), DispatchError> {
        ensure!(T::Consortium::is_member(&hospital), Error::<T>::NotMember);
        let custodian = T::Consent::custodian_of(&patient).ok_or(Error::<T>::NotEnrolled)?;
        let facts = match &record {
            None => None,
            Some(id) => Some(Self::facts(id, &patient, &custodian)?),
        };
        let question = Question {
            patient,
            custodian,
            requester: hospital,
            actors: [by].to_vec().try_into().map_err(|_| Error::<T>::Unavailable)?,
            purpose: Purpose::Btg,
            record: facts,
        };
        let consent = Self::not_denied(&question)?;
        let Question { patient, custodian, requester: hospital, .. } = question;

        let now = Self::seconds();
        let access = Access {
            hospital,
            patient,
            custodian,
            record,
            by,
            reason,
            note,
            consent,
            block: Self::block(),
            opened_at: now,
            until: now.saturating_add(T::AccessSeconds::get()),
            review_due: now.saturating_add(T::ReviewSeconds::get()),
            review: None,
        };
        let id = Self::store(&access)?;
        T::Audit::append(Some(&access.hospital), Kind::AccessOpened, id, Some(&access.patient))?;
        Ok((id, access))
    }

    /// What its custodian fixed of a record of this patient.
    fn facts(id: &H256, patient: &AccountId, custodian: &AccountId) -> Result<RecordFacts, Error<T>> {
        let record = T::Records::record(id)
            .filter(|record| record.attributes.patient == *patient && record.custodian == *custodian)
            .ok_or(Error::<T>::RecordNotFound)?;
        ensure!(record.closed().is_none(), Error::<T>::AlreadyClosed);
        Ok(record.attributes.facts)
    }

    /// The consent that permits, if one does; an error if one denies or nothing could be decided.
    fn not_denied(question: &Question) -> Result<Option<u32>, Error<T>> {
        let decision = T::Consent::decide(question);
        match decision.outcome {
            Outcome::Permit => Ok(decision.consent()),
            Outcome::NoConsent if decision.reason.wants_consent() => Ok(None),
            Outcome::NoConsent => Err(Error::Unavailable),
            Outcome::Deny => Err(Error::ConsentDenied),
        }
    }

    fn store(access: &Access) -> Result<H256, DispatchError> {
        let nonce = Opened::<T>::get(&access.hospital);
        let next = nonce.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let id = access_id(&Self::genesis_hash(), &access.hospital, &access.patient, nonce);
        Open::<T>::try_mutate(&access.hospital, &access.patient, |open| {
            open.retain(|id| Accesses::<T>::get(id).is_some_and(|known| known.is_open(access.opened_at)));
            open.try_push(id).map_err(|_| Error::<T>::TooManyOpen)
        })?;
        Opened::<T>::insert(&access.hospital, next);
        Unreviewed::<T>::insert(&access.hospital, id, ());
        Accesses::<T>::insert(id, access);
        Ok(id)
    }

    /// What opening an access costs: the decision depends on the patient's consents.
    pub(crate) fn open_access_weight() -> Weight {
        T::WeightInfo::open_access(T::MaxOpen::get()).saturating_add(T::Consent::weight())
    }
}
