//! Devices against a model: what each call does to a plain list of devices, over random acts.

use crate::mock::*;
use galen_primitives::devices::{DeviceKey, MAX_KEYS};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Register { hospital: u8, device: u8, key: u8, signer: u8 },
    Rotate { hospital: u8, device: u8, key: u8, signer: u8 },
    Retire { hospital: u8, device: u8 },
    Suspect { hospital: u8, device: u8, from: u32 },
    Wait,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    // Hospital 3 is no member. Few ids and keys, so that they meet; signers mostly right.
    let signer = |key: u8, wrong: bool| if wrong { key + 1 } else { key };
    let act = prop_oneof![
        (1u8..4, 0u8..4, 10u8..20, prop::bool::weighted(0.1)).prop_map(
            move |(hospital, device, key, wrong)| {
                Act::Register { hospital, device, key, signer: signer(key, wrong) }
            }
        ),
        (1u8..3, 0u8..4, 10u8..40, prop::bool::weighted(0.1)).prop_map(
            move |(hospital, device, key, wrong)| {
                Act::Rotate { hospital, device, key, signer: signer(key, wrong) }
            }
        ),
        (1u8..3, 0u8..4).prop_map(|(hospital, device)| Act::Retire { hospital, device }),
        (1u8..3, 0u8..4, 0u32..12).prop_map(|(hospital, device, from)| Act::Suspect {
            hospital,
            device,
            from
        }),
        Just(Act::Wait),
    ];
    proptest::collection::vec(act, 0..60)
}

#[derive(Default)]
struct Known {
    device: u8,
    hospital: u8,
    keys: Vec<u8>,
    retired: bool,
    suspect: Option<u32>,
}

#[derive(Default)]
struct Model(Vec<Known>);

impl Model {
    fn of(&mut self, device: u8, hospital: u8) -> Option<&mut Known> {
        self.0.iter_mut().find(|known| known.device == device && known.hospital == hospital)
    }

    fn free(&self, key: u8) -> bool {
        !self.0.iter().any(|known| known.keys.contains(&key))
    }

    /// Whether the act is allowed; if so, it is done.
    fn act(&mut self, act: &Act, now: u32) -> bool {
        match *act {
            Act::Register { hospital, device, key, signer } => {
                let right = hospital < 3
                    && key == signer
                    && self.free(key)
                    && !self.0.iter().any(|known| known.device == device);
                if right {
                    self.0.push(Known { device, hospital, keys: vec![key], ..Default::default() });
                }
                right
            }
            Act::Rotate { hospital, device, key, signer } => {
                let free = self.free(key) && key == signer;
                let Some(known) = self.of(device, hospital) else { return false };
                let right =
                    free && !known.retired && known.suspect.is_none() && known.keys.len() < MAX_KEYS as usize;
                if right {
                    known.keys.push(key);
                }
                right
            }
            Act::Retire { hospital, device } => {
                self.of(device, hospital).is_some_and(|known| !std::mem::replace(&mut known.retired, true))
            }
            Act::Suspect { hospital, device, from } => {
                let Some(known) = self.of(device, hospital).filter(|_| from <= now) else { return false };
                known.suspect = Some(known.suspect.map_or(from, |old| old.min(from)));
                true
            }
            Act::Wait => true,
        }
    }
}

fn on_chain(act: &Act) -> bool {
    match *act {
        Act::Register { hospital, device, key: seed, signer } => Devices::register(
            signed(hospital),
            id(device),
            key(seed),
            Default::default(),
            sign(signer, &payload(hospital, device, seed)),
        )
        .is_ok(),
        Act::Rotate { hospital, device, key: seed, signer } => Devices::rotate_key(
            signed(hospital),
            id(device),
            key(seed),
            sign(signer, &payload(hospital, device, seed)),
        )
        .is_ok(),
        Act::Retire { hospital, device } => Devices::retire(signed(hospital), id(device)).is_ok(),
        Act::Suspect { hospital, device, from } => {
            Devices::mark_suspect(signed(hospital), id(device), from).is_ok()
        }
        Act::Wait => {
            System::set_block_number(System::block_number() + 1);
            true
        }
    }
}

fn payload(hospital: u8, device: u8, seed: u8) -> Vec<u8> {
    galen_primitives::devices::possession_payload(
        &System::block_hash(0),
        &account(hospital),
        &id(device),
        &key(seed),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn devices_are_what_the_model_says(acts in acts()) {
        run(|| {
            let mut model = Model::default();
            let mut entries = 0;
            for act in &acts {
                let expected = model.act(act, System::block_number());
                prop_assert_eq!(on_chain(act), expected, "{:?}", act);
                entries += usize::from(expected && !matches!(act, Act::Wait));
                prop_assert_eq!(FakeAudit::entries().len(), entries, "one entry for each accepted call");
            }
            for device in 0..4 {
                let known = model.0.iter().find(|known| known.device == device);
                let found = Devices::device(&id(device));
                prop_assert_eq!(known.is_some(), found.is_some());
                let (Some(known), Some(found)) = (known, found) else { continue };
                let keys: Vec<DeviceKey> = found.keys.iter().map(|period| period.key).collect();
                prop_assert_eq!(keys, known.keys.iter().map(|seed| key(*seed)).collect::<Vec<_>>());
                prop_assert_eq!(found.retired_at.is_some(), known.retired);
                prop_assert_eq!(found.suspect_from, known.suspect);
                prop_assert_eq!(found.key().is_some(), !known.retired);
                prop_assert_eq!(found.hospital, account(known.hospital));
            }
            Ok(())
        })?;
    }
}
