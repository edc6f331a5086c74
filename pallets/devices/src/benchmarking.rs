//! What the calls and the check of a batch cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Call, Config, Devices, Keys, Pallet, Sites, ocw::Readings};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use galen_offchain::reports::authorize;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, numbered},
    devices::{
        Device, DeviceKey, DeviceKeyPeriod, MAX_KEYS, possession_payload,
        reading::{ReadingBatch, ReadingSite},
    },
    reports::{LogBatch, MAX_BATCH},
    worker::WORKER_KEY_TYPE,
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use sp_core::{H512, sr25519};
use sp_io::crypto;
use sp_runtime::transaction_validity::TransactionSource;

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

fn hospital<T: Config>() -> AccountId {
    T::BenchmarkHelper::long_log(1);
    let hospital = account("hospital", 0, 0);
    T::BenchmarkHelper::member(&hospital, hash(0));
    hospital
}

/// A key of P-256, which is dearer to verify than the other kind, and its word that it is the device's.
fn possessed<T: Config>(hospital: &AccountId, device: &H256) -> (DeviceKey, H512) {
    let secret = SigningKey::from_slice(&[7; 32]).expect("it is in range");
    let point = secret.verifying_key().to_encoded_point(true);
    let key = DeviceKey::P256(point.as_bytes().try_into().expect("33 bytes"));
    let payload = possession_payload(&Pallet::<T>::genesis_hash(), hospital, device, &key);
    let signature: Signature = secret.sign(&payload);
    (key, H512::from_slice(&signature.to_bytes()))
}

/// A device that has had so many keys.
fn device<T: Config>(hospital: &AccountId, keys: u8) -> H256 {
    let period = |seed: u8| DeviceKeyPeriod {
        key: DeviceKey::P256([seed; 33]),
        from: 0,
        until: (seed + 1 < keys).then_some(0),
    };
    let keys: Vec<_> = (0..keys).map(period).collect();
    for period in &keys {
        Keys::<T>::insert(period.key, hash(0));
    }
    let device = Device {
        hospital: hospital.clone(),
        model: hash(1),
        registered_at: 0,
        keys: keys.try_into().expect("no more than the bound"),
        retired_at: None,
        suspect_from: None,
    };
    Devices::<T>::insert(hash(0), device);
    hash(0)
}

/// As many keys as a device can have had.
fn most() -> u8 {
    u8::try_from(MAX_KEYS).expect("it is small")
}

/// The next batch of a hospital whose worker key is in the keystore, signed.
fn batch<T: Config>() -> (AccountId, ReadingBatch, sr25519::Signature) {
    T::BenchmarkHelper::long_log(1);
    let hospital: AccountId = account("hospital", 0, 0);
    let worker = crypto::sr25519_generate(WORKER_KEY_TYPE, None);
    T::BenchmarkHelper::member(&hospital, H256(worker.0));
    let site = ReadingSite { batches: 7, next: 70, refused: 0, head: hash(1), last_block: 0 };
    Sites::<T>::insert(&hospital, site);
    frame_system::Pallet::<T>::set_block_number(1_000_000u32.into());
    let batch = ReadingBatch {
        index: 7,
        first: 70,
        count: MAX_BATCH,
        root: hash(2),
        refused: MAX_BATCH,
        refusals: hash(3),
        from: 0,
        until: 1,
        previous: hash(1),
    };
    let payload = batch.payload(&Pallet::<T>::genesis_hash(), &hospital);
    let signature = crypto::sr25519_sign(WORKER_KEY_TYPE, &worker, &payload);
    (hospital, batch, signature.expect("the key was generated"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let hospital = hospital::<T>();
        let (key, proof) = possessed::<T>(&hospital, &hash(5));

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital), hash(5), key, hash(1), proof);

        assert!(Devices::<T>::contains_key(hash(5)));
    }

    /// The last key that there is room for.
    #[benchmark]
    fn rotate_key() {
        let hospital = hospital::<T>();
        let id = device::<T>(&hospital, most() - 1);
        let (key, proof) = possessed::<T>(&hospital, &id);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital), id, key, proof);

        assert_eq!(Devices::<T>::get(id).and_then(|device| device.key().copied()), Some(key));
    }

    #[benchmark]
    fn retire() {
        let hospital = hospital::<T>();
        let id = device::<T>(&hospital, most());

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital), id);

        assert!(Devices::<T>::get(id).is_some_and(|device| device.retired_at.is_some()));
    }

    #[benchmark]
    fn mark_suspect() {
        let hospital = hospital::<T>();
        let id = device::<T>(&hospital, most());

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital), id, 0);

        assert_eq!(Devices::<T>::get(id).and_then(|device| device.suspect_from), Some(0));
    }

    #[benchmark]
    fn anchor_readings() {
        let (hospital, batch, signature) = batch::<T>();

        #[extrinsic_call]
        _(RawOrigin::Authorized, hospital.clone(), batch, signature);

        assert_eq!(Sites::<T>::get(&hospital).batches, 8);
    }

    #[benchmark]
    fn authorize_anchor() {
        let (hospital, batch, signature) = batch::<T>();
        let valid;

        #[block]
        {
            valid = authorize::<Readings<T>>(TransactionSource::External, &hospital, &batch, &signature);
        }

        assert!(valid.is_ok());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
