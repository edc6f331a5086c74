//! Ethereum wallets: EIP-191, version `0x45` (`personal_sign`).
//!
//! The wallet signs `Keccak-256("\x19Ethereum Signed Message:\n" ‖ length ‖ text)`, the length in bytes and decimal digits.
//! Contract wallets (ERC-1271) and compact signatures (ERC-2098) are refused: neither has a key to enrol, or one form only.

use crate::AccountId;
use alloc::string::ToString;
use sp_io::{crypto::secp256k1_ecdsa_recover, hashing::keccak_256};

/// Half of the order of secp256k1 (SEC 2, 2.4.1), rounded down: the largest `s` that EIP-2 calls low.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d,
    0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// What an Ethereum wallet signs for `text`.
pub fn digest(text: &[u8]) -> [u8; 32] {
    let length = text.len().to_string();
    keccak_256(&[b"\x19Ethereum Signed Message:\n".as_slice(), length.as_bytes(), text].concat())
}

/// The account id of an Ethereum address: the address and twelve bytes `0xEE`, as pallet-revive maps it.
///
/// `sp_runtime::MultiSigner::Eth` pads in the same way, but hashes the compressed key (sp-runtime 49), and so arrives at another
/// account than the wallet's address: it is not used.
pub fn account(address: &[u8; 20]) -> AccountId {
    let mut raw = [0xEE; 32];
    for (to, from) in raw.iter_mut().zip(address) {
        *to = *from;
    }
    AccountId::new(raw)
}

/// The address whose key signed `text`; `None` if there is none, if `s` is high (whoever sees a signature can make the
/// high one of it), or if `v` is neither 27 or 28 nor 0 or 1.
pub fn signer(signature: &[u8; 65], text: &[u8]) -> Option<[u8; 20]> {
    let (v, rs) = signature.split_last()?;
    let (_, s) = rs.split_last_chunk::<32>()?;
    if *s > HALF_ORDER || !matches!(v, 0 | 1 | 27 | 28) {
        return None;
    }
    let key = secp256k1_ecdsa_recover(signature, &digest(text)).ok()?;
    keccak_256(&key).last_chunk::<20>().copied()
}
