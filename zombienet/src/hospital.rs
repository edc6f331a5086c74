//! Hospitals with well-known keys: `//Alice` is account, stash, validator id and council seat of the hospital `alice`.

use galen_client::keys::HospitalKey;
use galen_primitives::{AccountId, H256};
use serde_json::{Value, json};
use sp_core::{Pair, crypto::Ss58Codec, ed25519, sr25519};

/// A hospital, by its seed's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hospital {
    seed: String,
}

impl Hospital {
    /// The hospital whose node has this name: `alice` has the seed `//Alice`, as zombienet derives it too.
    pub fn of(node: &str) -> Self {
        let mut letters = node.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        Hospital { seed: first.into_iter().chain(letters).collect() }
    }

    /// `//Alice`.
    pub fn uri(&self) -> String {
        format!("//{}", self.seed)
    }

    /// `//Alice//worker`.
    pub fn worker_uri(&self) -> String {
        format!("//{}//worker", self.seed)
    }

    /// Its registered name.
    pub fn name(&self) -> String {
        format!("{} Hospital", self.seed)
    }

    /// Its account.
    pub fn account(&self) -> AccountId {
        AccountId::new(sr25519(&self.uri()).0)
    }

    /// Its account as chain specs write it.
    pub fn address(&self) -> String {
        self.account().to_ss58check()
    }

    /// What signs its transactions.
    pub fn key(&self) -> HospitalKey {
        HospitalKey::read(&self.uri()).expect("a seed of letters is a key")
    }

    /// The public key that signs its receipts.
    pub fn worker_key(&self) -> H256 {
        H256(sr25519(&self.worker_uri()).0)
    }

    /// The session keys that it has at genesis, as chain specs write them.
    pub fn session_keys(&self) -> Value {
        let vote =
            ed25519::Pair::from_string(&self.uri(), None).expect("a seed of letters is a key").public();
        let address = self.address();
        json!({
            "grandpa": vote.to_ss58check(),
            "babe": address,
            "im_online": address,
            "authority_discovery": address,
        })
    }
}

fn sr25519(uri: &str) -> sr25519::Public {
    sr25519::Pair::from_string(uri, None).expect("a seed of letters is a key").public()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_local_preset() {
        let alice = Hospital::of("alice");
        assert_eq!(alice.uri(), "//Alice");
        assert_eq!(alice.address(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
        assert_eq!(alice.session_keys()["grandpa"], "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu");
        assert_eq!(
            format!("{:?}", alice.worker_key()),
            "0xde0890e2f871c4263480188c3c6f27194198a61f1c56da846851a02554e19f3f"
        );
    }
}
