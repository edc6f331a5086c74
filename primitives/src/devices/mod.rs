//! Devices of the hospitals (monitors, pumps, wearables) and what they measure.
//!
//! A device has a random id and keys; [`reading`] is what it signs, and the batches in which readings are
//! anchored.

mod device;
pub mod reading;

pub use device::{Device, DeviceKey, DeviceKeyPeriod, MAX_KEYS, possession_payload};
