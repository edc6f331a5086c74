//! What a hospital says about its devices.

use super::{Call, call};
use galen_primitives::{BlockNumber, H256, devices::DeviceKey};
use sp_core::H512;

/// `Devices.register`: with the key's signature over [`galen_primitives::devices::possession_payload`].
pub fn register_device(device: H256, key: &DeviceKey, card: H256, proof: &H512) -> Call {
    call("Devices", "register", (device, key, card, proof))
}

/// `Devices.rotate_key`: with the new key's signature.
pub fn rotate_device_key(device: H256, key: &DeviceKey, proof: &H512) -> Call {
    call("Devices", "rotate_key", (device, key, proof))
}

/// `Devices.retire`.
pub fn retire_device(device: H256) -> Call {
    call("Devices", "retire", (device,))
}

/// `Devices.mark_suspect`: nothing that the device signed in block `from` or later can be relied upon.
pub fn mark_device_suspect(device: H256, from: BlockNumber) -> Call {
    call("Devices", "mark_suspect", (device, from))
}
