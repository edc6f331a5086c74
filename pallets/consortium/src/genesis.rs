//! The founding members.

use crate::{Config, Members, Pallet, WorkerKeys};
use alloc::vec::Vec;
use frame_support::traits::Get;
use galen_primitives::{
    AccountId, H256,
    member::{Member, MemberName, Quotas, is_valid_name},
};

/// A founding member: its account, its name and, if it has set one, its worker key.
pub type Founder = (AccountId, Vec<u8>, Option<H256>);

/// Writes the members; panics, as genesis may, on what no call would let in.
pub(crate) fn build<T: Config>(founders: &[Founder], quotas: Quotas) {
    for (account, name, worker_key) in founders {
        assert!(is_valid_name(name), "consortium: a founding member has no valid name");
        let Ok(name) = MemberName::try_from(name.clone()) else {
            panic!("consortium: a founding member's name is too long");
        };
        assert!(!Members::<T>::contains_key(account), "consortium: a founding member comes twice");
        assert!(!Pallet::<T>::has_name(&name), "consortium: two founding members have one name");
        if let Some(key) = worker_key {
            assert!(
                !WorkerKeys::<T>::contains_key(key),
                "consortium: two founding members have one worker key"
            );
            WorkerKeys::<T>::insert(key, account);
        }
        Members::<T>::insert(account, Member { name, admitted_at: 0, worker_key: *worker_key, quotas });
    }
    assert!(Members::<T>::count() <= T::MaxMembers::get(), "consortium: too many founding members");
}

/// Names as strings, so that a person can read and write the chain specification.
pub(crate) mod members {
    use super::*;
    use alloc::string::String;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    pub fn serialize<S: Serializer>(members: &[Founder], serializer: S) -> Result<S::Ok, S::Error> {
        let readable = members.iter().map(|(account, name, key)| {
            let name = core::str::from_utf8(name).map_err(|_| S::Error::custom("a name is not UTF-8"))?;
            Ok((account, name, key))
        });
        readable.collect::<Result<Vec<_>, S::Error>>()?.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Founder>, D::Error> {
        let readable = Vec::<(AccountId, String, Option<H256>)>::deserialize(deserializer)?;
        Ok(readable.into_iter().map(|(account, name, key)| (account, name.into_bytes(), key)).collect())
    }
}
