//! The decision with emergencies counted in.

use crate::{Accesses, Config, Open, Pallet, WeightInfo};
use frame_support::{pallet_prelude::Weight, traits::Get};
use galen_primitives::{
    AccountId, H256,
    consent::{Purpose, Question, Reason},
    emergency::{Access, Ruling},
    traits::{ConsentCheck, EmergencyCheck},
};

impl<T: Config> Pallet<T> {
    /// The newest access of the requester that is open and covers the question.
    fn covering(question: &Question, record: Option<&H256>) -> Option<(H256, Access)> {
        if question.purpose != Purpose::Btg {
            return None;
        }
        let now = Self::seconds();
        Open::<T>::get(&question.requester, &question.patient)
            .into_iter()
            .rev()
            .filter_map(|id| Some((id, Accesses::<T>::get(id)?)))
            .find(|(_, access)| access.is_open(now) && access.covers(question, record))
    }
}

impl<T: Config> EmergencyCheck for Pallet<T> {
    fn rule(question: &Question, record: Option<&H256>) -> Ruling {
        let Some((id, access)) = Self::covering(question, record) else {
            return T::Consent::decide(question).into();
        };
        match access.asking(question.clone()) {
            Some(question) => Ruling { decision: T::Consent::decide(&question), access: Some(id) },
            None => Ruling::refuse(Reason::Unavailable),
        }
    }

    fn weight() -> Weight {
        T::WeightInfo::rule(T::MaxOpen::get()).saturating_add(T::Consent::weight())
    }

    fn weight_of(patient: &AccountId) -> Weight {
        T::WeightInfo::rule(T::MaxOpen::get()).saturating_add(T::Consent::weight_of(patient))
    }
}
