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
        let now = Self::now();
        Open::<T>::get(&question.requester, &question.patient)
            .into_iter()
            .rev()
            .filter_map(|id| Some((id, Accesses::<T>::get(id)?)))
            .find(|(_, access)| access.is_open(now) && access.covers(question, record))
    }
}

impl<T: Config> EmergencyCheck for Pallet<T> {
    /// Who broke the glass is one of those who ask, so that a denial that names them counts.
    fn rule(question: &Question, record: Option<&H256>) -> Ruling {
        let Some((id, access)) = Self::covering(question, record) else {
            return T::Consent::decide(question).into();
        };
        let mut question = question.clone();
        if !question.actors.contains(&access.by) && question.actors.try_push(access.by).is_err() {
            return Ruling::refuse(Reason::Unavailable);
        }
        Ruling { decision: T::Consent::decide(&question), access: Some(id) }
    }

    fn weight() -> Weight {
        T::WeightInfo::rule(T::MaxOpen::get()).saturating_add(T::Consent::weight())
    }

    fn weight_of(patient: &AccountId) -> Weight {
        T::WeightInfo::rule(T::MaxOpen::get()).saturating_add(T::Consent::weight_of(patient))
    }
}
