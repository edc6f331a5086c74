//! The founding members.

use crate::{Config, Members, Pallet, WorkerKeys};
use alloc::vec::Vec;
use frame_support::{BoundedVec, pallet_macros::pallet_section, traits::Get};
use galen_primitives::{
    AccountId, H256,
    member::{Member, MemberName, PeerId, Quotas, is_valid_name},
};

/// A founding member: its account, its name and, if it has set one, its worker key.
pub type Founder = (AccountId, Vec<u8>, Option<H256>);

/// A founding member's nodes: its account and their peer ids.
pub type FoundersNodes = (AccountId, Vec<Vec<u8>>);

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
            Pallet::<T>::open_period(account, *key);
        }
        let member = Member {
            name,
            admitted_at: 0,
            worker_key: *worker_key,
            quotas,
            expires_at: None,
            suspended_until: None,
        };
        Members::<T>::insert(account, member);
    }
    assert!(Members::<T>::count() <= T::MaxMembers::get(), "consortium: too many founding members");
}

/// Writes the founders' nodes; panics, as genesis may, on what no call would let in.
pub(crate) fn build_nodes<T: Config>(nodes: &[FoundersNodes]) {
    for (account, ids) in nodes {
        assert!(Members::<T>::contains_key(account), "consortium: nodes of one who is not a founding member");
        assert!(
            !crate::NodesOf::<T>::contains_key(account),
            "consortium: a founding member's nodes come twice"
        );
        let ids: Result<Vec<PeerId>, _> = ids.iter().cloned().map(PeerId::try_from).collect();
        let Ok(Ok(ids)) = ids.map(BoundedVec::try_from) else {
            panic!("consortium: a founding member has too many nodes, or one with too long a peer id");
        };
        assert!(
            Pallet::<T>::replace_nodes(account, ids).is_ok(),
            "consortium: a peer id is not one, or comes twice"
        );
    }
}

/// Peer ids as strings.
pub(crate) mod nodes {
    use super::*;
    use alloc::string::String;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    pub fn serialize<S: Serializer>(nodes: &[FoundersNodes], serializer: S) -> Result<S::Ok, S::Error> {
        let text = |id| core::str::from_utf8(id).map_err(|_| S::Error::custom("a peer id is not UTF-8"));
        let readable = nodes.iter().map(|(account, ids)| {
            let ids = ids.iter().map(|id| text(id)).collect::<Result<Vec<_>, _>>()?;
            Ok((account, ids))
        });
        readable.collect::<Result<Vec<_>, S::Error>>()?.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FoundersNodes>, D::Error> {
        let readable = Vec::<(AccountId, Vec<String>)>::deserialize(deserializer)?;
        let bytes = |ids: Vec<String>| ids.into_iter().map(String::into_bytes).collect();
        Ok(readable.into_iter().map(|(account, ids)| (account, bytes(ids))).collect())
    }
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

#[pallet_section]
mod genesis {
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The founding members. In JSON a name is a string.
        #[serde(with = "crate::genesis::members")]
        pub members: Vec<Founder>,
        /// Their nodes. In JSON a peer id is a string.
        #[serde(with = "crate::genesis::nodes")]
        pub nodes: Vec<FoundersNodes>,
        /// The quotas of each of them.
        pub quotas: Quotas,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build::<T>(&self.members, self.quotas);
            genesis::build_nodes::<T>(&self.nodes);
        }
    }
}
