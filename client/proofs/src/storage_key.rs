//! Keys of the chain's storage, for what no runtime API tells.
//!
//! A key is `twox128(pallet) ‖ twox128(item)`, followed in a map by the hashed and (but for `Identity`, where it is the hash) the
//! plain key. Source: frame-support's storage types.

use sp_crypto_hashing::{blake2_128, twox_64, twox_128};

/// Length of the part that names pallet and item.
pub const PREFIX: usize = 32;

/// The key of a value, which is the prefix of all keys of a map of that name.
pub fn item(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// The key of an entry of a map hashed by `Twox64Concat`.
pub fn twox(pallet: &str, name: &str, key: &[u8]) -> Vec<u8> {
    [item(pallet, name), twox_64(key).to_vec(), key.to_vec()].concat()
}

/// The key of an entry of a map hashed by `Blake2_128Concat`.
pub fn blake2(pallet: &str, name: &str, key: &[u8]) -> Vec<u8> {
    [item(pallet, name), blake2_128(key).to_vec(), key.to_vec()].concat()
}

/// The key of an entry of a map hashed by `Identity`.
pub fn identity(pallet: &str, name: &str, key: &[u8]) -> Vec<u8> {
    [item(pallet, name), key.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_that_substrate_documents() {
        // `System.Account`, as every Substrate chain's raw spec begins its accounts.
        assert_eq!(
            hex::encode(item("System", "Account")),
            "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
        );
        let alice = hex::decode("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d").unwrap();
        assert!(hex::encode(blake2("System", "Account", &alice)).ends_with(
            "de1e86a9a8c739864cf3cc5ec2bea59fd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
        ));
        assert_eq!(blake2("System", "Account", &[1; 32]).len(), 32 + 16 + 32);
        assert_eq!(twox("Staking", "Validators", &7u32.to_le_bytes()).len(), 32 + 8 + 4);
        assert_eq!(twox("A", "B", &[1]).len(), PREFIX + 8 + 1);
        assert_eq!(identity("A", "B", &[1; 32]).len(), PREFIX + 32);
    }
}
